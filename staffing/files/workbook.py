"""``roster.xlsx``: the week as a grid of people and days, every activity, and the coverage.

Text is stored as text, never as a formula, and the same roster gives the same bytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from schedules.agents import Agent
from staffing.files.sheet_rows import TextCells, number_cell, rows_xml, time_cell

FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip archive can hold
FIXED_STAMP = "1980-01-01T00:00:00Z"
HEADER_FONT = Font(bold=True)
HEADER_FILL = PatternFill("solid", start_color="FFE8EDF3", end_color="FFE8EDF3")
SHORT_FONT = Font(color="FFB00020")
DATE_TIME = "yyyy-mm-dd hh:mm"
WEEK_DAYS = 7
MOST_ROWS = 1_048_576  # of a sheet of this format
END_OF_ROWS = b"</sheetData>"

Rows = Iterable[Sequence[str | None]]
Told = TypeVar("Told")


def write_workbook(
    path: Path,
    roster: pd.DataFrame,
    coverage: pd.DataFrame,
    week_start: pd.Timestamp,
    days: int = WEEK_DAYS,
    agents: Sequence[Agent] = (),
) -> None:
    """Write the workbook.

    Parameters
    ----------
    path
        The file.
    roster
        ``agent, start, end, activity, paid, queue, shift_id``, zone-aware; sorted here.
    coverage
        ``queue, start`` (zone-aware) and any further columns, numbers or texts.
    week_start
        Local midnight of the first day.
    days
        Days of the horizon; the grid has one sheet per seven of them.
    agents
        People to list even without a shift, with leave and days off in the grid. Without them the
        grid shows those in the roster.

    Raises
    ------
    ValueError
        If a sheet would pass the format's 1,048,576 rows.
    """
    if max(len(roster), len(coverage)) >= MOST_ROWS:
        raise ValueError(
            f"fewer than {MOST_ROWS} rows a sheet expected, got {max(len(roster), len(coverage))}"
        )
    roster = roster.sort_values(["agent", "start"], kind="stable")
    book = Workbook(write_only=True)
    texts = TextCells()
    first_day = week_start.date()
    sheets: list[Rows] = []
    shifts, paid_h = _shifts(roster)
    for begin in range(0, days, WEEK_DAYS):
        dates = [first_day + timedelta(days=day) for day in range(begin, min(begin + WEEK_DAYS, days))]
        header = ["Agent", *(f"{day:%a} {day:%Y-%m-%d}" for day in dates), "Paid hours"]
        _open(book, f"Week {dates[0]:%Y-%m-%d}", header, [24, *[17] * len(dates), 11], frozen="B2")
        names = dict.fromkeys([*(agent.id for agent in agents), *roster["agent"].astype(str)])
        sheets.append(_grid(names, shifts, paid_h, dates, agents, texts))
    header = ["Agent", "Start", "End", "UTC offset", "Hours", "Activity", "Paid", "Queue", "Shift"]
    sheet = _open(book, "Activities", header, [24, 17, 17, 11, 8, 14, 7, 18, 32], frozen="B2")
    # A style that no cell has is not declared.
    time_style = _time_style(sheet) if len(roster) or len(coverage) else 0
    sheets.append(_activities(roster, time_style, texts))
    others = [name for name in coverage.columns if name not in ("queue", "start")]
    header = ["Queue", "Start", "UTC offset", *(str(name).replace("_", " ").capitalize() for name in others)]
    sheet = _open(book, "Coverage", header, [18, 17, 11, *[14] * len(others)], frozen="C2")
    short = "gap" in others and any(_is_short(gap) for gap in coverage["gap"])
    sheets.append(_coverage(coverage, others, time_style, _short_style(sheet) if short else 0, texts))
    buffer = BytesIO()
    book.save(buffer)
    _write(path, buffer, sheets)


def _grid(
    names: Iterable[str],
    shifts: dict[tuple[str, date], str],
    paid_h: dict[tuple[str, date], float],
    dates: Sequence[date],
    agents: Sequence[Agent],
    texts: TextCells,
) -> Rows:
    """People × days: when each shift runs, with the week's paid hours."""
    away: dict[tuple[str, date], str] = {}
    for agent in agents:
        away.update({(agent.id, day): "day off" for day in agent.days_off})
        away.update({(agent.id, day): "leave" for day in agent.leave})
    for name in names:
        told = [shifts.get((name, day), away.get((name, day), "")) for day in dates]
        hours = sum(paid_h.get((name, day), 0.0) for day in dates)
        yield [texts[name], *(texts[cell] for cell in told), number_cell(round(hours, 4))]


def _shifts(roster: pd.DataFrame) -> tuple[dict[tuple[str, date], str], dict[tuple[str, date], float]]:
    """Per person and start day, the shifts as ``08:00–16:30`` and their paid hours."""
    told: dict[tuple[str, date], str] = {}
    hours: dict[tuple[str, date], float] = {}
    paid_h = (roster["end"] - roster["start"]).dt.total_seconds().where(
        roster["paid"].astype(bool), 0.0
    ) / 3600
    rows = roster.assign(paid_h=paid_h, agent=roster["agent"].astype(str))
    grouped = rows.groupby(["agent", "shift_id"], sort=False).agg(
        start=("start", "min"), end=("end", "max"), paid_h=("paid_h", "sum")
    )
    begins = _each(grouped["start"], lambda start: (start.date(), f"{start:%H:%M}"))
    ends = _each(grouped["end"], lambda end: f"{end:%H:%M}")
    for (agent, _), (day, begin), end, paid in zip(
        grouped.index, begins, ends, grouped["paid_h"], strict=True
    ):
        place = (str(agent), day)
        span = f"{begin}–{end}"
        told[place] = f"{told[place]}, {span}" if place in told else span
        hours[place] = hours.get(place, 0.0) + float(paid)
    return told, hours


def _activities(roster: pd.DataFrame, time_style: int, texts: TextCells) -> Rows:
    """Every row of the roster, with times that a spreadsheet can sort and the offset beside them."""
    starts, ends = _times(roster["start"], time_style), _times(roster["end"], time_style)
    offsets = _offsets(roster["start"], texts)
    hours = (roster["end"] - roster["start"]).dt.total_seconds() / 3600
    columns = ("agent", "activity", "paid", "queue", "shift_id")
    agent, activity, paid, queue, shift_id = (roster[name].tolist() for name in columns)
    for row in zip(agent, starts, ends, offsets, hours, activity, paid, queue, shift_id, strict=True):
        yield (
            texts[_text(row[0])],
            row[1],
            row[2],
            row[3],
            number_cell(round(row[4], 4)),
            texts[_text(row[5])],
            texts["yes" if row[6] else "no"],
            texts[_text(row[7])],
            texts[_text(row[8])],
        )


def _coverage(
    coverage: pd.DataFrame, others: Sequence[str], time_style: int, short_style: int, texts: TextCells
) -> Rows:
    """Required and scheduled people per queue and slot; a shortage in red."""
    starts, offsets = _times(coverage["start"], time_style), _offsets(coverage["start"], texts)
    values: Iterable[Any] = (
        zip(*(coverage[name] for name in others), strict=True) if others else [()] * len(coverage)
    )
    for queue, start, offset, row in zip(coverage["queue"], starts, offsets, values, strict=True):
        cells = [
            _value(value, short_style if name == "gap" and _is_short(value) else 0, texts)
            for name, value in zip(others, row, strict=True)
        ]
        yield [texts[_text(queue)], start, offset, *cells]


def _open(book: Workbook, title: str, header: Sequence[str], widths: Sequence[int], frozen: str) -> Any:
    """A sheet with widths and the frozen header; its rows are put in when the file is written."""
    sheet = book.create_sheet(title)
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = frozen
    cells = []
    for name in header:
        cell = WriteOnlyCell(sheet, value=name)
        cell.data_type = "s"
        cell.font, cell.fill, cell.alignment = HEADER_FONT, HEADER_FILL, Alignment(wrap_text=True)
        cells.append(cell)
    sheet.append(cells)
    return sheet


def _time_style(sheet: Any) -> int:
    cell = WriteOnlyCell(sheet, value=datetime(2000, 1, 1))
    cell.number_format = DATE_TIME
    return int(cell.style_id)


def _short_style(sheet: Any) -> int:
    cell = WriteOnlyCell(sheet, value=-1.0)
    cell.font = SHORT_FONT
    return int(cell.style_id)


def _text(value: object) -> str:
    if type(value) is str:
        return value
    return "" if value is None or value is pd.NA or value != value else str(value)


def _value(value: Any, style: int, texts: TextCells) -> str | None:
    """A number as a number, nothing for a missing one, anything else as text."""
    number = _number(value)
    if number is None:
        return texts[_text(value)]
    if number != number:
        return None
    if number in (float("inf"), float("-inf")):
        return texts["unbounded"]
    return number_cell(round(number, 6), style)


def _is_short(gap: Any) -> bool:
    number = _number(gap)
    return number is not None and float("-inf") < number < 0


def _number(value: Any) -> float | None:
    return None if isinstance(value, bool) or not hasattr(value, "__float__") else float(value)


def _times(times: pd.Series, style: int) -> list[str]:
    """Local times without their zone, as a spreadsheet knows them."""
    return _each(times, lambda time: time_cell(time.tz_localize(None).to_pydatetime(), style))


def _offsets(times: pd.Series, texts: TextCells) -> list[str]:
    return _each(times, lambda time: texts[f"{time:%z}"[:3] + ":" + f"{time:%z}"[3:5]])


def _each(times: pd.Series, tell: Callable[[Any], Told]) -> list[Told]:
    """What is to be told of each time, found out once for all rows that share it."""
    codes, instants = pd.factorize(times)
    told = [tell(instant) for instant in instants]
    return [told[code] for code in codes]


def _write(path: Path, buffer: BytesIO, sheets: Sequence[Rows]) -> None:
    """The archive with the rows in its sheets and fixed dates in its entries and the properties."""
    rows = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, start=1)}
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            data = old.read(entry)
            if entry == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", FIXED_STAMP.encode(), data)
            info = zipfile.ZipInfo(entry, FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            with new.open(info, "w") as out:
                for part in _with_rows(data, rows[entry]) if entry in rows else [data]:
                    out.write(part)


def _with_rows(sheet: bytes, rows: Rows) -> Iterator[bytes]:
    """A sheet that has its header alone, with the rows behind it."""
    head, end, tail = sheet.partition(END_OF_ROWS)
    yield head
    yield from rows_xml(rows)
    yield end + tail
