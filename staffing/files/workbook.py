"""``roster.xlsx``: the week as a grid of people and days, every activity, and the coverage.

Text is stored as text, never as a formula, and the same roster gives the same bytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from schedules.agents import Agent

FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip archive can hold
FIXED_STAMP = "1980-01-01T00:00:00Z"
HEADER_FONT = Font(bold=True)
HEADER_FILL = PatternFill("solid", start_color="FFE8EDF3", end_color="FFE8EDF3")
SHORT_FONT = Font(color="FFB00020")
DATE_TIME = "yyyy-mm-dd hh:mm"
WEEK_DAYS = 7
MOST_ROWS = 1_048_576  # of a sheet of this format


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
    first_day = week_start.date()
    for begin in range(0, days, WEEK_DAYS):
        dates = [first_day + timedelta(days=day) for day in range(begin, min(begin + WEEK_DAYS, days))]
        _grid(book, roster, dates, agents)
    _activities(book, roster)
    _coverage(book, coverage)
    buffer = BytesIO()
    book.save(buffer)
    path.write_bytes(_without_clock(buffer))


def _grid(book: Workbook, roster: pd.DataFrame, dates: Sequence[date], agents: Sequence[Agent]) -> None:
    """People × days: when each shift runs, with the week's paid hours."""
    shifts, paid_h = _shifts(roster)
    sheet = book.create_sheet(f"Week {dates[0]:%Y-%m-%d}")
    header = ["Agent", *(f"{day:%a} {day:%Y-%m-%d}" for day in dates), "Paid hours"]
    _open(sheet, header, [24, *[17] * len(dates), 11], frozen="B2")
    away: dict[tuple[str, date], str] = {}
    for agent in agents:
        away.update({(agent.id, day): "day off" for day in agent.days_off})
        away.update({(agent.id, day): "leave" for day in agent.leave})
    names = dict.fromkeys([*(agent.id for agent in agents), *roster["agent"].astype(str)])
    for name in names:
        told = [shifts.get((name, day), away.get((name, day), "")) for day in dates]
        hours = sum(paid_h.get((name, day), 0.0) for day in dates)
        sheet.append([_text(sheet, name), *(_text(sheet, cell) for cell in told), round(hours, 4)])


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
    for (agent, _), start, end, paid in zip(
        grouped.index, grouped["start"], grouped["end"], grouped["paid_h"], strict=True
    ):
        place = (str(agent), start.date())
        span = f"{start:%H:%M}–{end:%H:%M}"
        told[place] = f"{told[place]}, {span}" if place in told else span
        hours[place] = hours.get(place, 0.0) + float(paid)
    return told, hours


def _activities(book: Workbook, roster: pd.DataFrame) -> None:
    """Every row of the roster, with times that a spreadsheet can sort and the offset beside them."""
    sheet = book.create_sheet("Activities")
    header = ["Agent", "Start", "End", "UTC offset", "Hours", "Activity", "Paid", "Queue", "Shift"]
    _open(sheet, header, [24, 17, 17, 11, 8, 14, 7, 18, 32], frozen="B2")
    starts, ends = _wall(roster["start"]), _wall(roster["end"])
    offsets = roster["start"].map(lambda start: f"{start:%z}"[:3] + ":" + f"{start:%z}"[3:5])
    hours = (roster["end"] - roster["start"]).dt.total_seconds() / 3600
    columns = ("agent", "activity", "paid", "queue", "shift_id")
    agent, activity, paid, queue, shift_id = (roster[name] for name in columns)
    for row in zip(agent, starts, ends, offsets, hours, activity, paid, queue, shift_id, strict=True):
        sheet.append(
            [
                _text(sheet, row[0]),
                _time(sheet, row[1]),
                _time(sheet, row[2]),
                _text(sheet, row[3]),
                round(float(row[4]), 4),
                _text(sheet, row[5]),
                "yes" if row[6] else "no",
                _text(sheet, row[7]),
                _text(sheet, row[8]),
            ]
        )


def _coverage(book: Workbook, coverage: pd.DataFrame) -> None:
    """Required and scheduled people per queue and slot; a shortage in red."""
    sheet = book.create_sheet("Coverage")
    others = [name for name in coverage.columns if name not in ("queue", "start")]
    header = ["Queue", "Start", "UTC offset", *(str(name).replace("_", " ").capitalize() for name in others)]
    _open(sheet, header, [18, 17, 11, *[14] * len(others)], frozen="C2")
    starts = _wall(coverage["start"])
    offsets = coverage["start"].map(lambda start: f"{start:%z}"[:3] + ":" + f"{start:%z}"[3:5])
    values: Iterable[Any] = (
        zip(*(coverage[name] for name in others), strict=True) if others else [()] * len(coverage)
    )
    for queue, start, offset, row in zip(coverage["queue"], starts, offsets, values, strict=True):
        cells = [_value(sheet, name, value) for name, value in zip(others, row, strict=True)]
        sheet.append([_text(sheet, queue), _time(sheet, start), _text(sheet, offset), *cells])


def _open(sheet: Any, header: Sequence[str], widths: Sequence[int], frozen: str) -> None:
    """Widths, the frozen header and its row; in a streamed sheet they come before the rows."""
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = frozen
    cells = []
    for title in header:
        cell = _text(sheet, title)
        cell.font, cell.fill, cell.alignment = HEADER_FONT, HEADER_FILL, Alignment(wrap_text=True)
        cells.append(cell)
    sheet.append(cells)


def _text(sheet: Any, value: object) -> Any:
    """A cell that holds text whatever the text looks like (``=1+1``, ``#N/A``, ``12``)."""
    text = "" if value is None or value is pd.NA or value != value else str(value)
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("\ufffd", text))
    cell.data_type = "s"
    return cell


def _time(sheet: Any, value: datetime) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = DATE_TIME
    return cell


def _value(sheet: Any, name: str, value: object) -> Any:
    """A number as a number, nothing for a missing one, anything else as text."""
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        return _text(sheet, value)
    number = float(value)
    if number != number:
        return None
    if number in (float("inf"), float("-inf")):
        return _text(sheet, "unbounded")
    cell = WriteOnlyCell(sheet, value=round(number, 6))
    if name == "gap" and number < 0:
        cell.font = SHORT_FONT
    return cell


def _wall(times: pd.Series) -> list[datetime]:
    """Local times without their zone, as a spreadsheet knows them."""
    return list(pd.DatetimeIndex(times.dt.tz_localize(None)).to_pydatetime())


def _without_clock(buffer: BytesIO) -> bytes:
    """The archive with fixed dates, in its entries and in the document's properties."""
    out = BytesIO()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            data = old.read(entry)
            if entry == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", FIXED_STAMP.encode(), data)
            info = zipfile.ZipInfo(entry, FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, data)
    return out.getvalue()
