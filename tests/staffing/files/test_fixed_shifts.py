"""Settled shifts keep their person, day, kind, start and length, or the file is refused with the place."""

from __future__ import annotations

from datetime import date

import pytest

from schedules.agents import FixedShift
from schedules.shifts import ShiftKind
from staffing.files.fixed_shifts import read_fixed_shifts

KINDS = {
    "early": ShiftKind("early", (480, 510), 360, 480, 30),
    "late": ShiftKind("late", (480,), 780, 840, 60),
}
HEAD = "agent,day,shift,start,length_h\n"


def read(path):
    return read_fixed_shifts(path, {"anna", "bert"}, KINDS)


def test_shifts_come_out_by_person_in_the_order_of_their_days(write):
    text = HEAD + ("bert,2026-03-05,late,,\nanna,2026-03-04,early,07:30,8.5\nanna,2026-03-02,late,14:00,\n")
    assert read(write("fixed.csv", text)) == {
        "anna": (
            FixedShift(date(2026, 3, 2), "late", 840, None),
            FixedShift(date(2026, 3, 4), "early", 450, 510),
        ),
        "bert": (FixedShift(date(2026, 3, 5), "late"),),
    }


def test_the_column_may_be_called_as_in_the_other_files_and_the_last_two_left_out(write):
    assert read(write("short.csv", "agent_id,day,shift\nanna,2026-03-02,late\n")) == {
        "anna": (FixedShift(date(2026, 3, 2), "late"),)
    }


def test_a_header_alone_settles_nothing(write):
    assert read(write("none.csv", HEAD)) == {}


@pytest.mark.parametrize(
    ("row", "problem", "field", "value", "accepted"),
    [
        ("carl,2026-03-02,late,,", "unknown agent", "agent", "carl", "an id of agents.csv"),
        ("anna,monday,late,,", "not a date", "day", "monday", "YYYY-MM-DD"),
        ("anna,2026-03-02,noon,,", "unknown shift", "shift", "noon", "early, late"),
        ("anna,2026-03-02,,,", "unknown shift", "shift", "", "early, late"),
        ("anna,2026-03-02,late,25:00,", "not a time of the day", "start", "25:00", "HH:MM"),
        ("anna,2026-03-02,late,13:30,", "not a start of shift late", "start", "13:30", "13:00 to 14:00 every 60"),
        ("anna,2026-03-02,early,,9", "not a length of shift early", "length_h", "9", "8, 8.5 h"),
        ("bert,2026-03-02,late,,", "a second fixed shift of the day, the first is on line 2", "day", "2026-03-02",
         "one shift a day"),
    ],
)  # fmt: skip
def test_a_defect_of_one_cell_is_told_with_its_place(write, refused, row, problem, field, value, accepted):
    path = write("one_bad_cell.csv", HEAD + "bert,2026-03-02,early,,\n" + row + "\n")
    refused(lambda: read(path), problem, file=path, line=3, field=field, value=value, accepted=accepted)


def test_a_file_that_names_nobody(write, refused):
    path = write("nobody.csv", "day,shift\n2026-03-02,late\n")
    refused(
        lambda: read(path), "missing column 'agent'", file=path, line=1, field="agent", accepted="day, shift"
    )
