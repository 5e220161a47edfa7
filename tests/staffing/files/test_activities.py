"""Activities find their people and their windows, week after week, or are refused with the place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from schedules.agents import Agent, Contract
from schedules.teams import Activity
from staffing.files.activities import read_activities
from staffing.files.activity_windows import Horizon

ZONE = "Europe/Berlin"
FULL = Contract("full", ("early",), 32, 40, 4, 5, 25.0)
ANNA = Agent("anna", FULL, frozenset({"phone"}), team="North", site="Bonn")
PEOPLE = (
    ANNA,
    replace(ANNA, id="bert", team="South"),
    replace(ANNA, id="team:x", team="South", site=""),
)
HEAD = "name,agents,length_min,start,end,together,price\n"


def at(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz=ZONE)


WEEK = Horizon(at("2026-03-02"), at("2026-03-09"), 15, ZONE)


def read(path, horizon=WEEK, people=PEOPLE):
    return read_activities(path, people, horizon)


def test_a_row_becomes_an_activity(write):
    text = HEAD + "meeting,team:North;bert,45,2026-03-04 09:00,2026-03-04 12:00,yes,80\n"
    (activity,), notes = read(write("activities.csv", text))
    assert activity == Activity(
        "meeting", ("bert", "anna"), 45, at("2026-03-04 09:00"), at("2026-03-04 12:00"), True, 80.0
    )
    assert notes == ()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("all", ("anna", "bert", "team:x")),
        ("site:Bonn", ("anna", "bert")),
        ("team:South", ("bert", "team:x")),
        ("team:x", ("team:x",)),  # an id that looks like a team is an id
        ("anna; anna; team:North", ("anna",)),
    ],
)
def test_people_are_named_one_by_one_or_by_team_and_site(write, cell, expected):
    (activity,), _ = read(write("activities.csv", HEAD + f"talk,{cell},30,2026-03-04,2026-03-05,,\n"))
    assert activity.agents == expected
    assert (activity.together, activity.price) == (False, Activity.price)
    assert (activity.start, activity.end) == (at("2026-03-04"), at("2026-03-06"))


def test_who_is_away_all_through_the_window_is_not_one_of_all(write):
    away = frozenset({date(2026, 3, 4)})
    people = (replace(ANNA, leave=away), replace(ANNA, id="bert", days_off=away), replace(ANNA, id="carl"))
    path = write("activities.csv", HEAD + "talk,all,30,2026-03-04 08:00,2026-03-04 16:00,,\n")
    assert read(path, people=people)[0][0].agents == ("carl",)
    longer = write("longer.csv", HEAD + "talk,all,30,2026-03-04,2026-03-05,,\n")
    assert read(longer, people=people)[0][0].agents == ("anna", "bert", "carl")


def test_who_is_named_is_asked_whatever_the_leave_says(write):
    people = (replace(ANNA, leave=frozenset({date(2026, 3, 4)})),)
    path = write("activities.csv", HEAD + "talk,anna,30,2026-03-04 08:00,2026-03-04 16:00,,\n")
    assert read(path, people=people)[0][0].agents == ("anna",)


def test_a_weekday_means_every_week_of_the_horizon(write):
    two_weeks = replace(WEEK, end=at("2026-03-16"))
    path = write("activities.csv", HEAD + "meeting,all,60,wed 09:00,12:00,yes,\n")
    found, notes = read(path, two_weeks)
    assert [(one.name, one.start, one.end) for one in found] == [
        ("meeting 2026-03-04", at("2026-03-04 09:00"), at("2026-03-04 12:00")),
        ("meeting 2026-03-11", at("2026-03-11 09:00"), at("2026-03-11 12:00")),
    ]
    assert notes == ()
    assert [one.name for one in read(path)[0]] == ["meeting"]


@pytest.mark.parametrize(
    ("start", "end", "window"),
    [
        ("mon", "", ("2026-03-02", "2026-03-03")),
        ("mon 22:00", "tue 02:00", ("2026-03-02 22:00", "2026-03-03 02:00")),
        ("mon 13:00", "24:00", ("2026-03-02 13:00", "2026-03-03")),
        ("fri", "sun", ("2026-03-06", "2026-03-09")),
    ],
)
def test_windows_of_every_week(write, start, end, window):
    (activity,), _ = read(write("activities.csv", HEAD + f"talk,all,30,{start},{end},,\n"))
    assert (activity.start, activity.end) == tuple(map(at, window))


def test_a_window_is_cut_at_the_horizon_and_one_outside_is_told(write):
    text = HEAD + ("training,all,60,2026-02-20,2026-03-02,,\nlater,all,60,2026-04-01,2026-04-02,,\n")
    found, notes = read(write("activities.csv", text))
    assert [(one.name, one.start, one.end) for one in found] == [
        ("training", at("2026-03-02"), at("2026-03-03"))
    ]
    assert len(notes) == 1
    assert "later" in notes[0]


@pytest.mark.parametrize(
    ("row", "problem", "field", "value", "accepted"),
    [
        (",all,30,mon,,,", "not a name", "name", "", "1 to 64"),
        ("work,all,30,mon,,,", "not a name", "name", "work", "not work"),
        ("first,all,30,mon,,,", "already on line 2", "name", "first", "each name once"),
        ("talk,,30,mon,,,", "nobody to take part", "agents", "", "team:NAME"),
        ("talk,carl,30,mon,,,", "unknown agent", "agents", "carl", "ids of agents.csv"),
        ("talk,team:East,30,mon,,,", "a team that nobody belongs to", "agents", "team:East", "team:North"),
        ("talk,all,20,mon,,,", "does not fall on the roster's slots", "length_min", "20", "slot of 15 min"),
        ("talk,all,0,mon,,,", "out of range", "length_min", "0", "from 15"),
        ("talk,all,30,someday,,,", "not a weekday", "start", "someday", "mon, tue"),
        ("talk,all,30,2026-03-04 9,,,", "not a date and time", "start", "2026-03-04 9", "wed 09:00"),
        ("talk,all,30,2026-03-04 09:05,,,", "does not fall on the roster's slots", "start", "2026-03-04 09:05",
         "grid of 15 min"),
        ("talk,all,30,2026-03-04,2026-03-03,,", "a window that ends before it starts", "end", "2026-03-03", "after"),
        ("talk,all,30,wed 09:00,08:00,,", "a window that ends before it starts", "end", "08:00", "after wed 09:00"),
        ("talk,all,90,wed 09:00,10:00,,", "a window shorter than the 90 min", "end", "10:00", "90 min after"),
        ("talk,all,30,mon,,perhaps,", "neither yes nor no", "together", "perhaps", "yes, no"),
        ("talk,all,30,mon,,,-1", "out of range", "price", "-1", "from 0"),
    ],
)  # fmt: skip
def test_a_defect_of_one_cell_is_told_with_its_place(write, refused, row, problem, field, value, accepted):
    path = write("one_bad_cell.csv", HEAD + "first,all,30,mon,,,\n" + row + "\n")
    refused(lambda: read(path), problem, file=path, line=3, field=field, value=value, accepted=accepted)


def test_a_window_in_the_hour_that_the_clock_skips_is_refused(write, refused):
    spring = Horizon(at("2026-03-23"), at("2026-03-30"), 15, ZONE)
    path = write("skipped.csv", HEAD + "talk,all,30,2026-03-29 02:30,2026-03-29 06:00,,\n")
    refused(
        lambda: read(path, spring), "does not exist in Europe/Berlin", file=path, line=2, field="start",
        value="2026-03-29 02:30",
    )  # fmt: skip
