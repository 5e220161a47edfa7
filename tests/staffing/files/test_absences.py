"""Days off and leave are whole days; other absences are stretches of time, through clock changes too."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.errors import BadInput
from staffing.files.absences import absence_rows, absence_text, read_absences

HEAD = "agent_id,start,end,kind\n"


def read(path, timezone="Europe/Berlin"):
    return read_absences(path, {"anna", "bert"}, timezone)


def stretches(away):
    return [(stretch.start.isoformat(), stretch.end.isoformat()) for stretch in away.stretches]


def test_the_end_date_is_part_of_the_absence_and_a_blank_one_is_the_same_day(write):
    text = (
        HEAD
        + "anna,2026-03-03,2026-03-05,leave\nanna,2026-03-09,,leave\nanna,2026-03-07,2026-03-07,day_off\n"
    )
    away = read(write("days.csv", text))["anna"]
    assert sorted(day.day for day in away.leave) == [3, 4, 5, 9]
    assert away.days_off == {date(2026, 3, 7)}
    assert away.stretches == ()


def test_who_is_sick_counts_as_on_leave(write):
    away = read(write("sick.csv", HEAD + "anna,2026-03-03,2026-03-04,sick\nanna,2026-03-09,,leave\n"))["anna"]
    assert sorted(day.day for day in away.leave) == [3, 4, 9]
    assert (away.days_off, away.stretches) == (frozenset(), ())


def test_rows_are_kept_as_they_stand_each_once(write):
    path = write("twice.csv", "kind,agent_id,start\nsick,anna,2026-03-03\nsick,anna,2026-03-03\n")
    assert absence_text(absence_rows(path)) == HEAD + "anna,2026-03-03,,sick\n"


def test_strangers_are_refused_unless_they_may_be_passed_over(write):
    path = write("strange.csv", HEAD + "zoe,2026-03-03,,sick\nanna,2026-03-03,,leave\n")
    with pytest.raises(BadInput, match="unknown agent"):
        read(path)
    assert set(read_absences(path, {"anna"}, "Europe/Berlin", strangers=True)) == {"anna"}


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-03", "", ("2026-03-03T00:00:00+01:00", "2026-03-04T00:00:00+01:00")),
        ("2026-03-28", "2026-03-29", ("2026-03-28T00:00:00+01:00", "2026-03-30T00:00:00+02:00")),
        ("2026-03-03 12:00", "", ("2026-03-03T12:00:00+01:00", "2026-03-04T00:00:00+01:00")),
        ("2026-03-03 12:00", "2026-03-03", ("2026-03-03T12:00:00+01:00", "2026-03-04T00:00:00+01:00")),
        ("2026-03-03T12:00", "2026-03-03T13:30", ("2026-03-03T12:00:00+01:00", "2026-03-03T13:30:00+01:00")),
        ("2026-03-03", "2026-03-03 12:00", ("2026-03-03T00:00:00+01:00", "2026-03-03T12:00:00+01:00")),
        (
            "2026-03-03T11:00Z",
            "2026-03-03T12:00Z",
            ("2026-03-03T12:00:00+01:00", "2026-03-03T13:00:00+01:00"),
        ),
        ("2026-10-25 02:30", "2026-10-25 02:30", ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00")),
    ],
)
def test_a_stretch_covers_every_reading_of_its_times(write, start, end, expected):
    path = write("stretch.csv", HEAD + f"anna,{start},{end},unavailable\n")
    assert stretches(read(path)["anna"]) == [expected]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/New_York", "2026-11-01", 25),
        ("America/New_York", "2026-03-08", 23),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Asia/Kolkata", "2026-03-08", 24),
    ],
)
def test_an_absent_day_lasts_as_long_as_the_day(write, zone, day, hours):
    (stretch,) = read(write("day.csv", HEAD + f"anna,{day},,unavailable\n"), zone)["anna"].stretches
    assert stretch.end - stretch.start == timedelta(hours=hours)


def test_a_header_alone_is_a_plan_without_absences(write):
    assert read(write("none.csv", HEAD)) == {}


@pytest.mark.parametrize(
    ("row", "problem", "field", "value", "accepted"),
    [
        ("carl,2026-03-03,,leave", "unknown agent", "agent_id", "carl", "an id of agents.csv"),
        ("anna,2026-03-03,,holiday", "unknown kind", "kind", "holiday", "day_off, leave, sick, unavailable"),
        ("anna,2026-03-03 08:00,,leave", "not a date", "start", "2026-03-03 08:00", "leave takes whole days"),
        (
            "anna,2026-03-03,2026-03-03 08:00,day_off",
            "not a date",
            "end",
            "2026-03-03 08:00",
            "day_off takes whole",
        ),
        ("anna,2026-02-30,,unavailable", "not a date", "start", "2026-02-30", "YYYY-MM-DD"),
        ("anna,soon,,unavailable", "not a date and time", "start", "soon", "YYYY-MM-DD HH:MM"),
        ("anna,2026-03-29 02:30,,unavailable", "does not exist", "start", "2026-03-29 02:30", "offset"),
        (
            "anna,2026-03-03,2026-03-02,leave",
            "ends before it starts",
            "end",
            "2026-03-02",
            "2026-03-03 or later",
        ),
        (
            "anna,2026-03-03,2026-03-02,unavailable",
            "ends before",
            "end",
            "2026-03-02",
            "an end after 2026-03-03T00:00",
        ),
        ("anna,2026-03-03,2062-03-02,leave", "a very long absence", "end", "2062-03-02", "within 1830 days"),
        (
            "anna,2026-03-03,2062-03-02,unavailable",
            "a very long absence",
            "end",
            "2062-03-02",
            "within 1830 days",
        ),
    ],
)
def test_a_defect_of_one_cell_is_told_with_its_place(write, refused, row, problem, field, value, accepted):
    path = write("one_bad_cell.csv", HEAD + "bert,2026-03-03,,leave\n" + row + "\n")
    refused(lambda: read(path), problem, file=path, line=3, field=field, value=value, accepted=accepted)


@given(start=st.dates(date(2000, 1, 1), date(2100, 1, 1)), length=st.integers(1, 60))
def test_a_leave_has_as_many_days_as_it_says(tmp_path_factory, start, length):
    path = tmp_path_factory.mktemp("leave") / "leave.csv"
    path.write_text(HEAD + f"anna,{start},{start + timedelta(days=length - 1)},leave\n")
    assert sorted(read(path)["anna"].leave) == [start + timedelta(days=step) for step in range(length)]
