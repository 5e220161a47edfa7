"""Wishes keep their day, time and priority."""

from __future__ import annotations

from datetime import date

import pytest

from schedules.agents import Wish
from staffing.files.wishes import read_wishes

HEAD = "agent_id,day,wish,time,weight\n"
WITH_SHIFT = "agent_id,day,wish,time,weight,shift\n"
MONDAY = date(2026, 3, 2)


def read(path):
    return read_wishes(path, {"anna", "bert"}, kinds=("early", "late"))


def test_every_kind_of_wish_is_read_in_the_files_order(write):
    text = HEAD + (
        "bert,2026-03-02,day_off,,\nanna,2026-03-02,work,,2\n"
        "anna,2026-03-02,start_from,9:30,0.5\nanna,2026-03-02,start_until,10:00:00,0\n"
    )
    assert read(write("wishes.csv", text)) == (
        Wish("bert", "day_off", MONDAY, 20.0),
        Wish("anna", "work", MONDAY, 2.0),
        Wish("anna", "start_from", MONDAY, 0.5, 570),
        Wish("anna", "start_until", MONDAY, 0.0, 600),
    )


def test_a_wish_without_a_weight_takes_the_callers(write):
    (wish,) = read_wishes(
        write("short.csv", "agent_id,day,wish\nanna,2026-03-02,work\n"), {"anna"}, default_weight=7.5
    )
    assert wish.weight == 7.5


def test_a_header_alone_is_a_plan_without_wishes(write):
    assert read(write("none.csv", HEAD)) == ()


@pytest.mark.parametrize(
    ("row", "problem", "field", "value", "accepted"),
    [
        ("carl,2026-03-02,work,,", "unknown agent", "agent_id", "carl", "an id of agents.csv"),
        ("anna,monday,work,,", "not a date", "day", "monday", "YYYY-MM-DD"),
        (
            "anna,2026-03-02,sleep,,",
            "unknown wish",
            "wish",
            "sleep",
            "day_off, work, start_from, start_until, shift, not_shift",
        ),
        ("anna,2026-03-02,start_from,,", "not a time of the day", "time", "", "HH:MM"),
        ("anna,2026-03-02,start_until,24:00,", "not a time of the day", "time", "24:00", "23:59"),
        ("anna,2026-03-02,work,09:00,", "a time with the wish work", "time", "09:00", "blank"),
        ("anna,2026-03-02,work,,-1", "out of range", "weight", "-1", "0 to 1000000"),
        ("anna,2026-03-02,work,,high", "not a number", "weight", "high", "0 to 1000000"),
        ("anna,2026-03-02,work,,inf", "not a number", "weight", "inf", "0 to 1000000"),
        ("bert,2026-03-02,day_off,,3", "a repeated wish, already on line 2", "wish", "day_off", "once"),
    ],
)
def test_a_defect_of_one_cell_is_told_with_its_place(write, refused, row, problem, field, value, accepted):
    path = write("one_bad_cell.csv", HEAD + "bert,2026-03-02,day_off,,\n" + row + "\n")
    refused(lambda: read(path), problem, file=path, line=3, field=field, value=value, accepted=accepted)


def test_wishes_for_and_against_a_shift_name_it(write):
    text = WITH_SHIFT + (
        "anna,2026-03-02,shift,,,early\nanna,2026-03-02,not_shift,,4,late\nanna,2026-03-02,not_shift,,4,early\n"
    )
    assert read(write("wishes.csv", text)) == (
        Wish("anna", "shift", MONDAY, 20.0, None, "early"),
        Wish("anna", "not_shift", MONDAY, 4.0, None, "late"),
        Wish("anna", "not_shift", MONDAY, 4.0, None, "early"),
    )


@pytest.mark.parametrize(
    ("row", "problem", "value", "accepted"),
    [
        ("anna,2026-03-02,shift,,,noon", "unknown shift", "noon", "early, late"),
        ("anna,2026-03-02,not_shift,,,", "unknown shift", "", "early, late"),
        (
            "anna,2026-03-02,work,,,early",
            "a shift with the wish work",
            "early",
            "only shift, not_shift take one",
        ),
    ],
)
def test_a_shift_that_is_none_or_out_of_place(write, refused, row, problem, value, accepted):
    path = write("wishes.csv", WITH_SHIFT + row + "\n")
    refused(lambda: read(path), problem, file=path, line=2, field="shift", value=value, accepted=accepted)
