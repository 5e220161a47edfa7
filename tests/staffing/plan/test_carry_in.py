"""A week begins where the published roster before it ended."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from schedules.agents import Agent
from staffing.errors import BadInput
from staffing.plan.carry_in import previous_rosters
from staffing.plan.loading import Plan, load_plan
from staffing.plan.people import People, read_people
from staffing.plan.rostering import week_demand

ZONE = "Europe/Berlin"
PLAN = """\
[plan]
timezone = "Europe/Berlin"
interval_min = 60
slot_min = 30
{plan}

[people]
agents = "agents.csv"
previous = "last"

[queues.phone]
aht_s = 300

[[shifts]]
name = "day"
lengths_h = [8]
start_from = "09:00"
start_until = "09:00"

[[shifts]]
name = "night"
lengths_h = [8]
start_from = "22:00"
start_until = "22:00"
breaks = [{{ name = "lunch", length_min = 30, earliest_h = 3, latest_h = 4.5, paid = false }}]

[contracts.full]
shifts = ["day", "night"]
hours_per_week = [0, 40]
days_per_week = [0, 6]
cost_per_hour = 20
target_hours = 24
target_price_per_hour = 1

[fairness]
late_after = "23:00"
"""
AGENTS = """\
agent_id,contract,skills,last_shift_end,days_worked_before,weekends_before,nights_before
anna,full,phone,,,1,
bert,full,phone,2026-02-14 17:00,,,
carl,full,phone,2026-02-15 12:00,3,,2
"""


def shifts(*of: tuple[str, str, str]) -> str:
    """Rows of a roster: person, day and kind; a night has its lunch from 01:30 to 02:00."""
    lines = ["agent,start,end,activity,paid,queue,shift_id"]
    for agent, text, kind in of:
        day = pd.Timestamp(text)
        if kind == "day":
            spans = [("09:00", "17:00", "work", 0, 0)]
        else:
            spans = [
                ("22:00", "01:30", "work", 0, 1),
                ("01:30", "02:00", "lunch", 1, 1),
                ("02:00", "06:00", "work", 1, 1),
            ]
        for begin, end, activity, later, until in spans:
            start = pd.Timestamp(f"{(day + pd.Timedelta(days=later)).date()} {begin}", tz=ZONE)
            stop = pd.Timestamp(f"{(day + pd.Timedelta(days=until)).date()} {end}", tz=ZONE)
            work = activity == "work"
            shift_id = f"{text}-{kind}-{'0900' if kind == 'day' else '2200'}-480"
            lines.append(
                f"{agent},{start.isoformat()},{stop.isoformat()},{activity},{str(work).lower()},"
                f"{'phone' if work else ''},{shift_id}"
            )
    return "\n".join(lines) + "\n"


LAST_WEEK = shifts(
    ("anna", "2026-02-11", "day"),
    ("anna", "2026-02-13", "night"),
    ("anna", "2026-02-14", "night"),
    ("anna", "2026-02-15", "night"),
    ("bert", "2026-02-09", "day"),
    ("bert", "2026-02-10", "day"),
    ("gone", "2026-02-15", "night"),
)


def shop(folder: Path, plan: str = "", **weeks: str) -> Plan:
    (folder / "plan.toml").write_text(PLAN.format(plan=plan), encoding="utf-8")
    (folder / "agents.csv").write_text(AGENTS, encoding="utf-8")
    for name, text in weeks.items():
        place = folder / "out" / name.removeprefix("w").replace("_", "-")
        place.mkdir(parents=True)
        (place / "roster.csv").write_text(text, encoding="utf-8")
    return load_plan(folder)


def people(plan: Plan, week: str = "2026-02-16") -> tuple[People, dict[str, Agent]]:
    found = read_people(plan, pd.Timestamp(week, tz=ZONE))
    return found, {agent.id: agent for agent in found.agents}


def required(week: str = "2026-02-16", days: int = 7) -> pd.DataFrame:
    start = pd.Timestamp(week, tz=ZONE)
    hours = pd.date_range(start, start + pd.DateOffset(days=days), freq="h", inclusive="left")
    return pd.DataFrame({"queue": "phone", "start": hours, "scheduled": 2.0})


def test_a_first_week_says_that_nothing_is_carried(tmp_path: Path) -> None:
    found, by_id = people(shop(tmp_path))
    assert found.carried is None
    assert any("no roster of an earlier week" in note for note in found.notes)
    assert by_id["carl"].days_worked_before == 3


def test_rest_runs_and_the_last_kind_come_from_the_last_roster(tmp_path: Path) -> None:
    found, by_id = people(shop(tmp_path, w2026_02_09=LAST_WEEK))
    anna = by_id["anna"]
    assert anna.last_shift_end == pd.Timestamp("2026-02-16 06:00", tz=ZONE)
    assert (anna.days_worked_before, anna.before.nights_in_a_row, anna.before.last_kind) == (3, 3, "night")
    bert = by_id["bert"]
    assert bert.last_shift_end == pd.Timestamp("2026-02-14 17:00", tz=ZONE), "agents.csv knows a later shift"
    assert (bert.days_worked_before, bert.before.last_kind) == (0, "")
    assert not found.notes


def test_who_is_not_in_the_last_roster_keeps_what_agents_csv_says(tmp_path: Path) -> None:
    _, by_id = people(shop(tmp_path, w2026_02_09=LAST_WEEK))
    carl = by_id["carl"]
    assert carl.last_shift_end == pd.Timestamp("2026-02-15 12:00", tz=ZONE)
    assert (carl.days_worked_before, carl.before.nights_in_a_row) == (3, 2)


def test_a_sunday_night_is_at_work_on_monday(tmp_path: Path) -> None:
    plan = shop(tmp_path, w2026_02_09=LAST_WEEK)
    found, _ = people(plan)
    demand = week_demand(plan, required(), found)
    assert demand.carried is not None
    expected = np.zeros(336)
    expected[:12] = 1  # until 06:00 …
    expected[3] = 0  # … but for lunch from 01:30 to 02:00
    assert demand.carried[0].tolist() == expected.tolist()
    assert week_demand(plan, required()).carried is None


def test_without_a_period_nothing_is_counted(tmp_path: Path) -> None:
    _, by_id = people(shop(tmp_path, w2026_02_09=LAST_WEEK))
    before = by_id["anna"].before
    assert (before.hours, before.weekends, before.late_shifts, before.hours_balance) == (0, 1, 0, 0)


def test_a_period_adds_up_its_rosters(tmp_path: Path) -> None:
    first = shifts(("anna", "2026-02-07", "day"), ("bert", "2026-02-02", "day"))
    older = shifts(("anna", "2026-01-31", "day"))
    plan = shop(
        tmp_path,
        "period_from = 2026-02-02",
        w2026_01_26=older, w2026_02_02=first, w2026_02_09=LAST_WEEK,
    )  # fmt: skip
    assert [path.parent.name for path in previous_rosters(plan, date(2026, 2, 16))] == [
        "2026-02-02",
        "2026-02-09",
    ]
    _, by_id = people(plan)
    anna = by_id["anna"].before
    assert anna.hours == pytest.approx(8 + 8 + 3 * 7.5)
    assert anna.weekends == 1 + 2
    assert anna.late_shifts == 3
    assert anna.hours_balance == pytest.approx((8 - 24) + (8 + 3 * 7.5 - 24))
    assert by_id["bert"].before.hours == pytest.approx(24)


def test_a_period_begins_anew(tmp_path: Path) -> None:
    plan = shop(tmp_path, "period_from = 2026-02-02\nperiod_weeks = 2", w2026_02_09=LAST_WEEK)
    _, by_id = people(plan)
    assert by_id["anna"].before.hours == 0
    assert by_id["anna"].days_worked_before == 3, "rest and runs know no periods"


def test_refused_wishes_of_the_period_are_counted(tmp_path: Path) -> None:
    plan = shop(tmp_path, "period_from = 2026-02-09", w2026_02_09=LAST_WEEK)
    (tmp_path / "out" / "2026-02-09" / "wishes.csv").write_text(
        "agent,kind,day,time_min,weight,granted,reason\n"
        "anna,day_off,2026-02-11,,5,false,too dear\nanna,work,2026-02-13,,5,true,\n",
        encoding="utf-8",
    )
    _, by_id = people(plan)
    assert by_id["anna"].before.refused_wishes == 1


def test_weeks_that_were_not_planned_are_taken_as_free_and_told(tmp_path: Path) -> None:
    found, by_id = people(shop(tmp_path, w2026_02_09=LAST_WEEK), "2026-02-23")
    anna = by_id["anna"]
    assert (anna.days_worked_before, anna.before.nights_in_a_row, anna.before.last_kind) == (0, 0, "")
    assert anna.last_shift_end == pd.Timestamp("2026-02-16 06:00", tz=ZONE)
    assert any("2026-02-15" in note for note in found.notes)
    demand = week_demand(load_plan(tmp_path), required("2026-02-23"), found)
    assert demand.carried is None


def test_shifts_that_the_week_plans_anew_are_not_carried(tmp_path: Path) -> None:
    two_weeks = LAST_WEEK + "\n".join(
        shifts(("anna", "2026-02-16", "night"), ("bert", "2026-02-16", "day")).splitlines()[1:]
    )
    plan = shop(tmp_path, w2026_02_09=two_weeks)
    found, by_id = people(plan)
    assert by_id["anna"].last_shift_end == pd.Timestamp("2026-02-16 06:00", tz=ZONE)
    demand = week_demand(plan, required(), found)
    assert demand.carried is not None
    assert demand.carried[0, 12:].sum() == 0


def test_the_roster_may_be_named_and_must_be_there(tmp_path: Path) -> None:
    plan = shop(tmp_path, w2026_02_09=LAST_WEEK)
    (tmp_path / "mine.csv").write_text(LAST_WEEK, encoding="utf-8")
    text = plan.text.replace('previous = "last"', 'previous = "mine.csv"')
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    _, by_id = people(load_plan(tmp_path))
    assert by_id["anna"].days_worked_before == 3
    (tmp_path / "mine.csv").unlink()
    with pytest.raises(BadInput) as caught:
        people(load_plan(tmp_path))
    assert (caught.value.field, caught.value.value) == ("people.previous", "mine.csv")


def test_a_night_shift_without_a_roster_before_is_told(tmp_path: Path) -> None:
    plan = shop(tmp_path)
    text = plan.text.replace('previous = "last"', "")
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    found, _ = people(load_plan(tmp_path))
    assert any('previous = "last"' in note for note in found.notes)
    start = text.index('[[shifts]]\nname = "night"')
    days_only = text[:start] + text[text.index("[contracts.full]") :].replace('"day", "night"', '"day"')
    (tmp_path / "plan.toml").write_text(days_only, encoding="utf-8")
    assert not people(load_plan(tmp_path))[0].notes
