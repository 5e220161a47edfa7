"""Rules at their edge: the roster that just keeps one, and the same roster over a change of the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from checked_case import ANNA_NIGHT, NIGHT, Case, at, good, replaced, shift
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schedules.agents import Absence, Agent, Before, Contract, FixedShift
from schedules.check import CheckReport, check
from schedules.demand import Demand
from schedules.errors import InvalidSchedule
from schedules.rules import NightWindow, Prices, Rules
from schedules.shifts import Break, ShiftKind
from schedules.teams import Activity, Held, Pair, Presence, TeamRules

ZONE = "Europe/Berlin"
BEN_DAY = date(2024, 3, 6)
OPEN = Contract("open", ("any",), 0, 168, 0, 7, 10.0)
ANY = ShiftKind("any", (240, 480, 540, 600), 0, 1439, 5)


def weekend(case: Case, *days: int) -> Case:
    return case.with_rows(*[row for day in days for row in shift("Ben", day, 540, "chat")])


def nights(case: Case, *days: int) -> Case:
    return case.with_rows(*[row for day in days for row in shift("Anna", day, 1320, "phone", **ANNA_NIGHT)])


# Ben works Wednesday 09:00–17:00 only: he rests 57 h before and 103 h after, 7.5 h of his shift are paid.
KEEPERS: dict[str, Callable[[Case], Case]] = {
    "shift hours": lambda c: c.with_rules(max_shift_h=7.5),
    "shift hours, own contract": lambda c: (
        c.with_rules(max_shift_h=1.0)
        .with_contract(0, rules=Rules())
        .with_contract(1, rules=Rules(max_shift_h=7.5))
    ),
    "weekly rest": lambda c: c.with_rules(weekly_rest_h=103.0),
    "shortest run of work days": lambda c: weekend(c, 3).with_rules(min_consecutive_days=2),
    "shortest run of work days, at the edge": lambda c: replaced(
        c, "Ben", 2, shift("Ben", 6, 540, "chat")
    ).with_rules(min_consecutive_days=2),
    "shortest run of free days": lambda c: c.with_rows(*shift("Anna", 4, 480, "phone")).with_rules(
        min_consecutive_days_off=2
    ),
    "nights in a row": lambda c: nights(c, 2, 3).with_rules(max_nights_in_a_row=2),
    "nights apart": lambda c: nights(c, 2, 4).with_rules(max_nights_in_a_row=1),
    "weekends": lambda c: weekend(c, 5, 6).with_rules(max_weekends=1),
    "weekends over already": lambda c: c.with_agent(0, before=Before(weekends=5)).with_rules(max_weekends=1),
    "complete weekends": lambda c: weekend(c, 5, 6).with_rules(complete_weekends=True),
    "forbidden succession": lambda c: c.with_rules(
        forbidden_successions=(("night-late", "day"), ("day", "night-late"))
    ),
    "succession with a day between": lambda c: nights(c, 3).with_rules(
        forbidden_successions=(("day", "night-late"),)
    ),
    "rotation": lambda c: c.with_agent(1, rotation=(("day",), ("night-late",))),
    "period hours": lambda c: c.with_contract(0, min_period_hours=15.0, max_period_hours=15.0),
    "period hours with those before": lambda c: c.with_contract(
        0, min_period_hours=20.0, max_period_hours=20.0
    ).with_agent(0, before=Before(hours=5.0)),
    "period hours over already": lambda c: replaced(
        c.with_contract(1, min_hours=0, min_days=0, max_period_hours=20.0), "Ben", 2, []
    ).with_agent(1, before=Before(hours=30.0)),
    "period hours less leave": lambda c: c.with_contract(
        0, min_period_hours=23.0, max_period_hours=23.0, leave_day_h=8.0
    ).with_agent(0, leave=frozenset({date(2024, 3, 9)})),
    "fixed shift": lambda c: c.with_agent(1, fixed=(FixedShift(BEN_DAY, "day", 540, 480),)),
    "fixed kind alone": lambda c: c.with_agent(1, fixed=(FixedShift(BEN_DAY, "day"),)),
    "fixed outside the horizon": lambda c: c.with_agent(1, fixed=(FixedShift(date(2024, 3, 11), "day"),)),
}


@pytest.mark.parametrize("name", KEEPERS)
def test_a_roster_at_the_edge_of_a_rule_keeps_it(name: str) -> None:
    report = KEEPERS[name](good()).check()
    assert report.violations == ()


OVER: dict[str, tuple[str, str, Callable[[Case], Case]]] = {
    "weekends with those before": (
        "weekends",
        "2 weekends worked, 1 of them before",
        lambda c: weekend(c, 5).with_agent(1, before=Before(weekends=1)).with_rules(max_weekends=1),
    ),
    "nights with those before": (
        "nights in a row",
        "3 nights in a row",
        lambda c: (
            nights(replaced(c, "Anna", 0, []), 0)
            .with_agent(0, before=Before(nights_in_a_row=2))
            .with_contract(0, min_hours=0)
            .with_rules(max_nights_in_a_row=2, min_rest_h=0)
        ),
    ),
    "succession after the eve": (
        "forbidden succession",
        "day on the day after night-late",
        lambda c: c.with_agent(0, before=Before(last_kind="night-late")).with_rules(
            forbidden_successions=(("night-late", "day"),)
        ),
    ),
    "period hours with those before": (
        "period hours",
        "20.5 paid h in the period, 5.5 of them from before",
        lambda c: c.with_contract(0, max_period_hours=20.0).with_agent(0, before=Before(hours=5.5)),
    ),
    "period hours too few": (
        "period hours",
        "15 paid h in the period",
        lambda c: c.with_contract(0, min_period_hours=15.1),
    ),
    "fixed day without a shift": (
        "fixed shift",
        "no shift",
        lambda c: c.with_agent(1, fixed=(FixedShift(date(2024, 3, 7), "day"),)),
    ),
    "fixed length": (
        "fixed shift",
        "day from 09:00 for 480 min",
        lambda c: c.with_agent(1, fixed=(FixedShift(BEN_DAY, "day", 540, 450),)),
    ),
    "a week of the rotation without kinds": (
        "rotation",
        "day in week 1",
        lambda c: c.with_agent(1, rotation=((), ("day",))),
    ),
    "consecutive days of a contract": (
        "consecutive days",
        "2 days worked in a row",
        lambda c: c.with_contract(0, rules=Rules(max_consecutive_days=1)),
    ),
    "rest of a contract": (
        "rest",
        "16 h after a shift to 2024-03-04 16:00:00+01:00",
        lambda c: c.with_contract(0, rules=Rules(min_rest_h=16.25)),
    ),
    "start spread of a contract": (
        "start spread",
        "starts 60 min apart in a week",
        lambda c: replaced(c, "Anna", 1, shift("Anna", 1, 540, "phone")).with_contract(
            0, rules=Rules(max_start_spread_min=59)
        ),
    ),
    "weekly rest after a shift from before": (
        "weekly rest",
        "103 h without a shift at the longest",
        lambda c: (
            c.with_agent(0, last_shift_end=at(0, 60))
            .with_rules(min_rest_h=0)
            .with_contract(1, rules=Rules(weekly_rest_h=103.25))
        ),
    ),
}


@pytest.mark.parametrize("name", OVER)
def test_a_roster_just_over_the_edge_is_named_once_and_told_what_was_found(name: str) -> None:
    rule, found, change = OVER[name]
    report = change(good()).check()
    assert [(violation.rule, violation.found) for violation in report.violations] == [(rule, found)]


def test_a_whole_weekend_over_the_horizons_edge_counts_for_the_limit_and_not_as_half() -> None:
    """From Sunday 3 March for a week: a lone Sunday and a lone Saturday."""
    starts = pd.date_range("2024-03-03", "2024-03-10", freq="60min", inclusive="left", tz=ZONE)
    report = verdict([(0, 480), (6, 480)], starts, Rules(complete_weekends=True))
    assert report.ok
    report = verdict([(0, 480), (6, 480)], starts, Rules(max_weekends=1))
    assert [violation.found for violation in report.violations] == ["2 weekends worked"]


def verdict(
    days: list[tuple[int, int]],
    starts: pd.DatetimeIndex,
    rules: Rules,
    length_min: int = 480,
    **agent: object,
) -> CheckReport:
    """One person, shifts of pure work that start on (day, minute of the wall clock)."""
    demand = Demand(("phone",), starts, np.zeros((1, len(starts))))
    rows = []
    for day, minute in days:
        start = (pd.Timestamp(starts[0].date()) + pd.Timedelta(days=day, minutes=minute)).tz_localize(ZONE)
        rows.append(
            {
                "agent": "a",
                "start": start,
                "end": start + pd.Timedelta(minutes=length_min),
                "activity": "work",
                "paid": True,
                "queue": "phone",
            }
        )
    empty = pd.DataFrame(
        {
            "agent": pd.Series(dtype=object),
            "start": pd.Series(dtype=f"datetime64[ns, {ZONE}]"),
            "end": pd.Series(dtype=f"datetime64[ns, {ZONE}]"),
            "activity": pd.Series(dtype=object),
            "paid": pd.Series(dtype=bool),
            "queue": pd.Series(dtype=object),
        }
    )
    table = pd.DataFrame(rows) if rows else empty
    person = Agent("a", OPEN, frozenset({"phone"}), **agent)  # type: ignore[arg-type]
    return check(table, [person], [ANY], rules, (), demand, Prices())


def weeks(first: str, number: int, slot_min: int = 60) -> pd.DatetimeIndex:
    begin = pd.Timestamp(first, tz=ZONE)
    end = (pd.Timestamp(first) + pd.Timedelta(weeks=number)).tz_localize(ZONE)
    return pd.date_range(begin, end, freq=f"{slot_min}min", inclusive="left")


@pytest.mark.parametrize(("first", "kept"), [("2024-03-25", 34), ("2024-10-21", 36), ("2024-03-04", 35)])
def test_weekly_rest_over_a_clock_change_is_elapsed_time(first: str, kept: int) -> None:
    """A shift a day but Sunday; the last ends on Saturday at 13:00, 35 h by the wall clock before the week ends."""
    days = [(day, 300) for day in range(6)]
    assert verdict(days, weeks(first, 1), Rules(weekly_rest_h=float(kept))).ok
    report = verdict(days, weeks(first, 1), Rules(weekly_rest_h=kept + 0.01))
    assert [(violation.rule, violation.found) for violation in report.violations] == [
        ("weekly rest", f"{kept} h without a shift at the longest")
    ]


def test_a_night_shift_from_sunday_is_work_in_the_next_week() -> None:
    """Monday is free, but for the Sunday night shift until 06:00; then every day from 06:00."""
    days = [(6, 22 * 60), *((7 + day, 360) for day in range(1, 7))]
    rules = Rules(weekly_rest_h=24.01, max_consecutive_days=9)
    report = verdict(days, weeks("2024-03-04", 2), rules)
    assert [(violation.when, violation.found) for violation in report.violations] == [
        (pd.Timestamp("2024-03-11", tz=ZONE), "24 h without a shift at the longest")
    ]


def test_a_shift_before_the_horizon_that_reaches_in_shortens_the_rest_of_the_first_week() -> None:
    days = [(day, 360) for day in range(1, 7)]
    until = pd.Timestamp("2024-03-04 06:00", tz=ZONE)
    assert verdict(days, weeks("2024-03-04", 1), Rules(weekly_rest_h=30.0)).ok
    report = verdict(days, weeks("2024-03-04", 1), Rules(weekly_rest_h=24.01), last_shift_end=until)
    assert [violation.found for violation in report.violations] == ["24 h without a shift at the longest"]


def test_a_person_without_any_shift_has_rested() -> None:
    assert verdict([], weeks("2024-03-04", 1), Rules(weekly_rest_h=168.0)).ok


def is_night(first: str, day: int, start_min: int, length_min: int, window: NightWindow) -> bool:
    rules = Rules(max_nights_in_a_row=0, night=window)
    broken = verdict([(day, start_min)], weeks(first, 1), rules, length_min).violations
    return "nights in a row" in {violation.rule for violation in broken}


@pytest.mark.parametrize(
    ("start_min", "minutes"), [(1200, 60), (1205, 65), (1320, 180), (240, 120), (359, 1)]
)
def test_a_night_shift_has_enough_minutes_of_the_night(start_min: int, minutes: int) -> None:
    """Shifts of four hours against the night from 23:00 to 06:00."""
    window = NightWindow(23 * 60, 6 * 60, minutes)
    assert is_night("2024-03-04", 0, start_min, 240, window)
    assert not is_night("2024-03-04", 0, start_min, 240, replace(window, at_least_min=minutes + 1))


@pytest.mark.parametrize(
    ("first", "minutes"), [("2024-03-25", 300), ("2024-10-21", 420), ("2024-03-04", 360)]
)
def test_night_minutes_are_elapsed_minutes_by_what_the_clock_shows(first: str, minutes: int) -> None:
    """Saturday 20:00 to Sunday 08:00 by the clock holds all of 00:00–06:00, an hour less or more when it changes."""
    window = NightWindow(0, 6 * 60, minutes)
    length = 360 + minutes
    assert is_night(first, 5, 20 * 60, length, window)
    assert not is_night(first, 5, 20 * 60, length, replace(window, at_least_min=minutes + 1))


def test_each_contract_has_its_own_night() -> None:
    case = nights(good(), 2)
    late = Rules(max_nights_in_a_row=0, night=NightWindow(0, 300, 301))
    assert case.with_contract(0, rules=late).check().ok
    early = replace(late, night=NightWindow(22 * 60, 300, 301))
    report = case.with_contract(0, rules=early).check()
    assert [violation.rule for violation in report.violations] == ["nights in a row"]


def test_a_rotation_takes_its_weeks_in_turn() -> None:
    demand = Demand(("phone",), weeks("2024-03-04", 3), np.zeros((1, 3 * 168)))
    early = ShiftKind("early", (480,), 360, 360)
    late = ShiftKind("late", (480,), 840, 840)
    rows = []
    for week, (kind, start) in enumerate([("early", 360), ("late", 840), ("late", 840)]):
        begin = (pd.Timestamp("2024-03-05") + pd.Timedelta(weeks=week, minutes=start)).tz_localize(ZONE)
        end = begin + pd.Timedelta(minutes=480)
        rows.append(("a", begin, end, "work", True, "phone", f"{begin:%Y-%m-%d}-{kind}-{begin:%H%M}-480"))
    table = pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "paid", "queue", "shift_id"])
    contract = replace(OPEN, shifts=("early", "late"))
    person = Agent("a", contract, frozenset({"phone"}), rotation=(("early",), ("late",)))
    report = check(table, [person], [early, late], Rules(), (), demand, Prices())
    assert [(violation.rule, violation.found, violation.allowed) for violation in report.violations] == [
        ("rotation", "late in week 3", "early")
    ]


WEEK = {("Anna", date(2024, 3, 4)): ("day", 480, 480), ("Anna", date(2024, 3, 5)): ("day", 480, 480)}


def test_a_frozen_day_is_kept_as_published_free_days_too() -> None:
    held = Held({**WEEK, ("Ben", BEN_DAY): ("day", 540, 480)}, frozenset({BEN_DAY, date(2024, 3, 7)}), 25.0)
    assert replace(good(), held=held).check().ok
    added = replace(good(), held=held).with_rows(*shift("Anna", 3, 480, "phone")).check()
    assert [(v.rule, v.agent, v.found, v.allowed) for v in added.violations] == [
        ("frozen day", "Anna", "day from 08:00 for 480 min", "no shift")
    ]
    assert added.cost_parts["changes"] == 25.0


@pytest.mark.parametrize(
    "reason",
    [
        {"absences": (Absence(at(2, 600), at(2, 660)),)},
        {"leave": frozenset({BEN_DAY})},
        {"days_off": frozenset({BEN_DAY})},
        {"availability": ()},
        {"last_shift_end": at(2, 0)},
        {"contract": Contract("other", ("night-late",), 0, 40, 0, 5, 30.0)},
        {"rotation": (("night-late",),)},
        {"fixed": (FixedShift(BEN_DAY, "day", 480),)},
    ],
)
def test_who_cannot_keep_a_frozen_day_may_have_another_and_it_is_paid_as_a_change(reason: dict) -> None:
    held = Held({**WEEK, ("Ben", BEN_DAY): ("day", 540, 480)}, frozenset({BEN_DAY}), 25.0)
    case = replaced(good(), "Ben", 2, []).with_contract(1, min_hours=0, min_days=0)
    stays = replace(case, held=held).check()
    assert [violation.rule for violation in stays.violations] == ["frozen day"]
    gone = replace(case.with_agent(1, **reason), held=held).check()
    assert {violation.rule for violation in gone.violations} <= {"fixed shift"}
    assert gone.cost_parts["changes"] == stays.cost_parts["changes"] == 25.0


def test_a_published_shift_that_the_clock_skips_cannot_be_kept() -> None:
    starts = weeks("2024-03-25", 1)
    sunday = date(2024, 3, 31)
    held = Held({("a", sunday): ("any", 150, 480)}, frozenset({sunday}))
    demand = Demand(("phone",), starts, np.zeros((1, len(starts))))
    table = good().table.iloc[:0]
    person = Agent("a", OPEN, frozenset({"phone"}))
    assert check(table, [person], [ANY], Rules(), (), demand, Prices(), held=held).ok
    kept = replace(held, shifts={("a", sunday): ("any", 180, 480)})
    report = check(table, [person], [ANY], Rules(), (), demand, Prices(), held=kept)
    assert [violation.rule for violation in report.violations] == ["frozen day"]


COACHING = Activity("coaching", ("Ben",), 60, at(2, 14 * 60), at(2, 15 * 60), price=40.0)


def test_an_activity_that_fills_its_window_is_attended_paid_and_no_work() -> None:
    before = good().check()
    case = replace(good().away("Ben", 2, 14 * 60, 60), team_rules=TeamRules(activities=(COACHING,)))
    report = case.check()
    assert report.ok
    assert report.cost_parts["activities"] == 0.0
    assert report.cost_parts["wages"] == before.cost_parts["wages"]
    assert before.cost_parts["surplus"] - report.cost_parts["surplus"] == pytest.approx(5.0)
    cover = report.coverage.set_index(["queue", "start"])["scheduled"]
    assert cover[("chat", at(2, 14 * 60))] == 0.0


def test_an_activity_missed_costs_its_price_and_is_listed() -> None:
    team = TeamRules(activities=(replace(COACHING, agents=("Ben", "Anna")),))
    report = replace(good(), team_rules=team).check()
    assert report.ok
    assert report.cost_parts["activities"] == 80.0
    listed = report.priced[report.priced["rule"] == "activities"]
    assert list(listed["what"]) == ["Ben misses coaching", "Anna misses coaching"]
    assert list(listed["when"]) == [at(2, 14 * 60)] * 2


def test_an_activity_outside_the_horizon_is_missed_too() -> None:
    later = replace(COACHING, start=at(7, 0), end=at(8, 0))
    report = replace(good(), team_rules=TeamRules(activities=(later,))).check()
    assert report.cost_parts["activities"] == 40.0


@pytest.mark.parametrize(
    ("team", "rule"),
    [
        (TeamRules(activities=(replace(COACHING, agents=("Ben", "Zoe")),)), "activity coaching"),
        (TeamRules(pairs=(Pair("Zoe", "Ben", True),)), "pair Zoe, Ben"),
        (TeamRules(presence=(Presence("lead", 1, agents=frozenset({"Zoe", "Ben"})),)), "presence lead"),
    ],
)
def test_a_team_rule_that_names_somebody_unknown_is_refused(team: TeamRules, rule: str) -> None:
    with pytest.raises(InvalidSchedule, match=f"{rule}: people of the plan expected, got Zoe"):
        replace(good(), team_rules=team).check()


def test_an_activity_may_not_lie_on_a_break() -> None:
    """Ben's lunch runs from 13:00 to 13:30."""
    team = TeamRules(activities=(replace(COACHING, start=at(2, 0), end=at(3, 0)),))
    case = replace(good(), team_rules=team)
    row = {**case.table.iloc[-1].to_dict(), "activity": "coaching", "queue": ""}
    on_lunch = case.edited(14, start=at(2, 870)).with_rows(
        {**row, "start": at(2, 785), "end": at(2, 845)}, {**row, "start": at(2, 845), "end": at(2, 870)}
    )
    assert "no overlap" in {violation.rule for violation in on_lunch.check().violations}


def test_together_means_the_start_that_most_share() -> None:
    monday = shift("Ben", 0, 480, "chat")
    case = replaced(good(), "Ben", 2, monday)
    case = case.away("Anna", 0, 14 * 60, 60).away("Ben", 0, 14 * 60, 60)
    window = {"start": at(0, 780), "end": at(0, 960)}
    both = replace(COACHING, agents=("Anna", "Ben"), together=True, **window)
    assert replace(case, team_rules=TeamRules(activities=(both,))).check().ok


def test_two_activities_of_one_name_are_told_apart_by_their_windows() -> None:
    first = replace(COACHING, start=at(2, 840), end=at(2, 900))
    second = replace(COACHING, start=at(2, 960), end=at(2, 1020))
    case = good().away("Ben", 2, 960, 60)
    report = replace(case, team_rules=TeamRules(activities=(first, second))).check()
    assert report.ok
    assert list(report.priced["when"][report.priced["rule"] == "activities"]) == [at(2, 840)]


@pytest.mark.parametrize("name", ["work", "lunch"])
def test_an_activity_called_like_work_or_a_break_is_refused(name: str) -> None:
    team = TeamRules(activities=(replace(COACHING, name=name),))
    with pytest.raises(InvalidSchedule, match=f"activity {name}"):
        replace(good(), team_rules=team).check()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sets(st.integers(0, 20), max_size=18),
    st.integers(1, 3),
    st.integers(1, 4),
    st.floats(1, 168).map(lambda hours: round(hours, 1)),
    st.sampled_from(["2024-03-04", "2024-03-18", "2024-10-14"]),
)
def test_runs_and_weekly_rests_are_those_that_walking_hour_by_hour_finds(
    days: set[int], least_work: int, least_free: int, rest_h: float, first: str
) -> None:
    starts = weeks(first, 3)
    rules = Rules(
        min_rest_h=0,
        max_consecutive_days=21,
        min_consecutive_days=least_work,
        min_consecutive_days_off=least_free,
        weekly_rest_h=rest_h,
    )
    report = verdict([(day, 18 * 60) for day in sorted(days)], starts, rules, 600)
    found = report.rules.set_index("rule")["broken"]

    line = "".join("x" if day in days else "." for day in range(21))
    inner = line.strip(line[0]) if line.strip(line[0]) else ""
    inner = inner.rstrip(line[-1]) if inner else ""
    short_work = sum(len(run) < least_work for run in inner.replace(".", " ").split())
    short_free = sum(len(run) < least_free for run in inner.replace("x", " ").split())
    assert found["shortest run of work days"] == short_work
    assert found["shortest run of free days"] == short_free

    monday = pd.Timestamp(first)
    busy = np.zeros(len(starts), dtype=bool)
    for day in days:
        begin = (monday + pd.Timedelta(days=day, hours=18)).tz_localize(ZONE)
        busy |= (starts >= begin) & (starts < begin + pd.Timedelta(hours=10))
    short = 0
    for week in range(3):
        low, high = ((monday + pd.Timedelta(weeks=week + edge)).tz_localize(ZONE) for edge in (0, 1))
        hours = busy[(starts >= low) & (starts < high)]
        longest = max(len(run) for run in "".join(".x"[int(hour)] for hour in hours).split("x"))
        short += longest < rest_h
    assert found["weekly rest"] == short


def test_over_eight_weeks_every_week_is_looked_at() -> None:
    """A shift on each Tuesday of eight weeks; the clock changes in the fourth."""
    starts = weeks("2024-03-04", 8)
    days = [(7 * week + 1, 480) for week in range(8)]
    report = verdict(days, starts, Rules(weekly_rest_h=128.0, max_weekends=0, complete_weekends=True))
    assert report.rules.set_index("rule").loc["weekly rest", "checked"] == 8
    assert [violation.when for violation in report.violations] == [
        pd.Timestamp("2024-03-25", tz=ZONE),  # 16:00 on Tuesday to midnight after a Sunday of 23 hours
    ]


def test_nights_are_found_in_a_file_without_our_shift_ids_too() -> None:
    case = nights(good(), 2).with_rules(max_nights_in_a_row=0)
    report = replace(case, table=case.table.drop(columns="shift_id")).check()
    assert [(v.rule, v.when) for v in report.violations] == [("nights in a row", at(2, 0))]


def test_breaks_are_still_judged_where_an_activity_lies_between_them() -> None:
    kind = ShiftKind(
        "day", (480,), 480, 600, 30, (Break("tea", 15, 60, 180), Break("lunch", 30, 180, 300, False))
    )
    case = replace(good(), kinds=(kind, NIGHT)).away("Ben", 2, 675, 60)
    team = TeamRules(activities=(replace(COACHING, start=at(2, 600), end=at(2, 780)),))
    assert replace(case, team_rules=team).check().ok
