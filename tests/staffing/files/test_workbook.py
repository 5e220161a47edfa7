"""The workbook: readable, harmless and the same bytes for the same roster."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from schedules.agents import Agent, Contract
from staffing.files import workbook
from staffing.files.workbook import write_workbook

ZONE = "Europe/Berlin"
WEEK = pd.Timestamp("2024-10-21", tz=ZONE)
CONTRACT = Contract("full", ("day",), 0, 40, 0, 5, 20.0)


def rows(agent: str, start: str, minutes: int, queue: str = "phone") -> list[dict[str, object]]:
    """A shift with half an hour of unpaid lunch after two hours."""
    begin = pd.Timestamp(start, tz=ZONE)
    cuts = [(0, 120, "work"), (120, 150, "lunch"), (150, minutes, "work")]
    return [
        {
            "agent": agent,
            "start": begin + pd.Timedelta(minutes=low),
            "end": begin + pd.Timedelta(minutes=high),
            "activity": activity,
            "paid": activity == "work",
            "queue": queue if activity == "work" else "",
            "shift_id": f"{begin:%Y-%m-%d}-day-{begin:%H%M}-{minutes}",
        }
        for low, high, activity in cuts
    ]


def coverage() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "queue": ["phone", "phone"],
            "start": pd.date_range("2024-10-27 00:00Z", periods=2, freq="60min").tz_convert(ZONE),
            "required": [2.0, 1.5],
            "scheduled": [1.0, 2.0],
            "gap": [-1.0, 0.5],
            "service_level": [np.nan, 0.8],
            "asa_s": [np.inf, 12.0],
        }
    )


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A workbook of two people with shifts, one of them over midnight, and one on leave."""
    roster = pd.DataFrame(
        rows("=cmd|' /C calc'!A0", "2024-10-21 08:00", 510) + rows("Ben", "2024-10-22 22:00", 480)
    )
    people = [
        Agent("Ben", CONTRACT, frozenset({"phone"}), days_off=frozenset({date(2024, 10, 24)})),
        Agent("Cem", CONTRACT, frozenset({"phone"}), leave=frozenset({date(2024, 10, 23)})),
    ]
    path = tmp_path / "roster.xlsx"
    write_workbook(path, roster, coverage(), WEEK, agents=people)
    return path


def test_the_grid_shows_each_persons_week_with_leave_and_paid_hours(written: Path) -> None:
    sheet = load_workbook(written)["Week 2024-10-21"]
    grid = {row[0]: row[1:] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert [cell.value for cell in sheet[1]][:2] == ["Agent", "Mon 2024-10-21"]
    assert grid["Ben"][1] == "22:00–06:00"
    assert grid["Ben"][3] == "day off"
    assert grid["Ben"][7] == 7.5
    assert grid["Cem"][2] == "leave"
    assert grid["Cem"][7] == 0
    assert grid["=cmd|' /C calc'!A0"][0] == "08:00–16:30"
    assert sheet.freeze_panes == "B2"
    assert sheet.column_dimensions["A"].width == 24


def test_no_cell_of_any_sheet_is_a_formula(written: Path) -> None:
    book = load_workbook(written)
    texts = [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)
    ]
    assert any(cell.value.startswith("=") for cell in texts)
    assert any(cell.value.startswith("+") for cell in texts)
    assert {cell.data_type for cell in texts} <= {"s", "inlineStr"}


def test_activities_carry_sortable_times_and_the_offset_that_tells_two_hours_apart(written: Path) -> None:
    sheet = load_workbook(written)["Activities"]
    found = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0] == "Ben"]
    assert len(found) == 3
    assert found[1][1:8] == (
        datetime(2024, 10, 23, 0, 0),
        datetime(2024, 10, 23, 0, 30),
        "+02:00",
        0.5,
        "lunch",
        "no",
        None,
    )
    cover = list(load_workbook(written)["Coverage"].iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in cover] == [datetime(2024, 10, 27, 2), datetime(2024, 10, 27, 2)]
    assert [row[2] for row in cover] == ["+02:00", "+01:00"]


def test_coverage_marks_shortage_and_leaves_missing_numbers_empty(written: Path) -> None:
    sheet = load_workbook(written)["Coverage"]
    assert [cell.value for cell in sheet[1]][3:6] == ["Required", "Scheduled", "Gap"]
    assert [cell.value for cell in sheet[2]][3:] == [2, 1, -1, None, "unbounded"]
    assert sheet["F2"].font.color.rgb == "FFB00020"
    assert sheet["F3"].value == 0.5


def test_the_same_roster_gives_the_same_bytes_whatever_its_row_order_and_the_hour(
    tmp_path: Path, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = pd.DataFrame(rows("Ben", "2024-10-21 08:00", 510) + rows("Ann", "2024-10-21 09:00", 510))
    write_workbook(tmp_path / "one.xlsx", roster, coverage(), WEEK)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    write_workbook(tmp_path / "two.xlsx", roster.iloc[::-1], coverage(), WEEK)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_two_weeks_give_two_grids_and_an_empty_roster_is_still_a_workbook(tmp_path: Path) -> None:
    roster = pd.DataFrame(rows("Ben", "2024-10-21 08:00", 510) + rows("Ben", "2024-10-29 08:00", 510))
    write_workbook(tmp_path / "two.xlsx", roster, coverage(), WEEK, days=14)
    book = load_workbook(tmp_path / "two.xlsx")
    assert book.sheetnames == ["Week 2024-10-21", "Week 2024-10-28", "Activities", "Coverage"]
    assert [sheet["I2"].value for sheet in book][:2] == [8, 8]
    write_workbook(tmp_path / "none.xlsx", roster.iloc[:0], coverage().iloc[:0], WEEK)
    assert [sheet.max_row for sheet in load_workbook(tmp_path / "none.xlsx")] == [1, 1, 1]


def test_control_characters_do_not_break_the_file(tmp_path: Path) -> None:
    write_workbook(
        tmp_path / "x.xlsx", pd.DataFrame(rows("a\x00b", "2024-10-21 08:00", 510)), coverage(), WEEK
    )
    assert load_workbook(tmp_path / "x.xlsx").worksheets[0]["A2"].value == "a\ufffdb"


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    with pytest.raises(ValueError, match="fewer than 3 rows a sheet expected, got 3"):
        write_workbook(
            tmp_path / "x.xlsx", pd.DataFrame(rows("a", "2024-10-21 08:00", 510)), coverage(), WEEK
        )


def test_a_thousand_people_fit(tmp_path: Path) -> None:
    one = pd.DataFrame([row for day in range(21, 26) for row in rows("x", f"2024-10-{day} 08:00", 510)])
    roster = pd.concat([one.assign(agent=f"p{number:04d}") for number in range(1000)], ignore_index=True)
    write_workbook(tmp_path / "x.xlsx", roster, coverage(), WEEK)
    with closing(load_workbook(tmp_path / "x.xlsx", read_only=True)) as book:
        assert sum(1 for _ in book["Week 2024-10-21"].iter_rows()) == 1001
