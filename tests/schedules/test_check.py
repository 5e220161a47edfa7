"""The independent check: one roster that obeys every rule, and for each rule one that breaks only it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from checked_case import (
    ANNA_NIGHT,
    BREAKS,
    DAY,
    MONDAY,
    NIGHT,
    Case,
    at,
    good,
    replaced,
    shift,
)

from schedules.agents import Absence, FixedShift, Window
from schedules.check import Violation
from schedules.check.ledger import RULES
from schedules.errors import InvalidSchedule
from schedules.rules import Rules
from schedules.shifts import ShiftKind
from schedules.teams import Activity, Held, TeamRules

BEN_DAY = date(2024, 3, 6)
COACHING = Activity("coaching", ("Ben",), 60, at(2, 13 * 60 + 30), at(2, 17 * 60), price=40.0)


def coached(case: Case, begin_min: int = 15 * 60, minutes: int = 60, **changes: Any) -> Case:
    """Ben is coached on Wednesday."""
    team = TeamRules(activities=(replace(COACHING, **changes),))
    return replace(case.away("Ben", 2, begin_min, minutes), team_rules=team)


def both_coached(case: Case, anna_min: int, ben_min: int) -> Case:
    """Anna and Ben work on Monday and are coached at the same time, or are not."""
    case = replaced(case, "Ben", 2, shift("Ben", 0, 540, "chat"))
    case = case.away("Anna", 0, anna_min, 60).away("Ben", 0, ben_min, 60)
    window = {"start": at(0, 13 * 60), "end": at(0, 17 * 60)}
    team = TeamRules(activities=(replace(COACHING, agents=("Anna", "Ben"), together=True, **window),))
    return replace(case, team_rules=team)


def published(frozen_start_min: int) -> Held:
    """Anna's and Ben's roster as it was, Wednesday frozen, Ben's start that day as given."""
    tuesday = date(2024, 3, 5)
    shifts = {("Anna", MONDAY): ("day", 480, 480), ("Anna", tuesday): ("day", 480, 480)}
    shifts["Ben", BEN_DAY] = ("day", frozen_start_min, 480)
    return Held(shifts, frozenset({BEN_DAY}), 25.0)


BREAKERS: dict[str, Callable[[Case], Case]] = {
    "row times": lambda c: c.with_rows({**c.table.iloc[0].to_dict(), "end": at(0, 480)}),
    "known agent": lambda c: c.with_rows(*shift("Zoe", 0, 480, "phone")),
    "known activity": lambda c: c.edited(4, activity="yoga", queue=""),
    "horizon": lambda c: c.with_rows(*shift("Anna", 7, 480, "phone")),
    "no overlap": lambda c: c.with_rows({**c.table.iloc[0].to_dict(), "end": at(0, 495)}),
    "no gap": lambda c: c.edited(0, end=at(0, 585)),
    "known kind": lambda c: replaced(c, "Ben", 2, shift("Ben", 2, 540, "chat", kind="ghost")),
    "shift id": lambda c: replace(
        c, table=c.table.replace({"shift_id": {"2024-03-04-day-0800-480": "2024-03-04-day-0830-480"}})
    ),
    "contract kind": lambda c: replaced(c, "Ben", 2, shift("Ben", 2, 1320, "chat", **ANNA_NIGHT)),
    "weekday": lambda c: c.with_rows(*shift("Anna", 5, 1320, "phone", **ANNA_NIGHT)),
    "start grid": lambda c: replaced(c, "Anna", 0, shift("Anna", 0, 490, "phone")),
    "shift length": lambda c: replaced(c, "Ben", 2, shift("Ben", 2, 540, "chat", length=465)),
    "breaks": lambda c: replaced(c, "Ben", 2, shift("Ben", 2, 540, "chat", breaks=BREAKS[:1])),
    "break window": lambda c: replaced(
        c, "Ben", 2, shift("Ben", 2, 540, "chat", breaks=(("tea", 45, 15, True), BREAKS[1]))
    ),
    "break length": lambda c: replaced(
        c, "Ben", 2, shift("Ben", 2, 540, "chat", breaks=(("tea", 120, 30, True), BREAKS[1]))
    ),
    "break paid": lambda c: replaced(
        c, "Ben", 2, shift("Ben", 2, 540, "chat", breaks=(BREAKS[0], ("lunch", 240, 30, True)))
    ),
    "work between breaks": lambda c: replaced(
        c, "Ben", 2, shift("Ben", 2, 540, "chat", breaks=(("tea", 150, 15, True), ("lunch", 210, 30, False)))
    ),
    "work paid": lambda c: c.edited(4, paid=False).with_contract(0, min_hours=10),
    "known queue": lambda c: c.edited(0, queue="fax"),
    "skill": lambda c: c.edited(0, queue="chat"),
    "one shift a day": lambda c: replace(
        c.with_rows(*shift("Anna", 0, 1320, "phone", **ANNA_NIGHT)), rules=Rules(min_rest_h=2)
    ),
    "shift hours": lambda c: c.with_contract(1, rules=Rules(max_shift_h=7.49)),
    "rest": lambda c: c.with_rows(
        *shift("Anna", 2, 1320, "phone", **ANNA_NIGHT), *shift("Anna", 3, 480, "phone")
    ),
    "weekly rest": lambda c: c.with_contract(1, rules=Rules(weekly_rest_h=103.01)),
    "shortest run of work days": lambda c: c.with_rules(min_consecutive_days=2),
    "shortest run of free days": lambda c: c.with_rows(*shift("Anna", 3, 480, "phone")).with_rules(
        min_consecutive_days_off=2
    ),
    "nights in a row": lambda c: c.with_rows(
        *shift("Anna", 2, 1320, "phone", **ANNA_NIGHT), *shift("Anna", 3, 1320, "phone", **ANNA_NIGHT)
    ).with_rules(max_nights_in_a_row=1),
    "weekends": lambda c: c.with_rows(*shift("Ben", 5, 540, "chat")).with_rules(max_weekends=0),
    "complete weekends": lambda c: c.with_rows(*shift("Ben", 5, 540, "chat")).with_rules(
        complete_weekends=True
    ),
    "forbidden succession": lambda c: c.with_rules(forbidden_successions=(("day", "day"),)),
    "rotation": lambda c: c.with_agent(1, rotation=(("night-late",),)),
    "consecutive days": lambda c: replace(c, rules=Rules(max_consecutive_days=1)),
    "start spread": lambda c: replace(
        replaced(c, "Anna", 1, shift("Anna", 1, 570, "phone")), rules=Rules(max_start_spread_min=60)
    ),
    "week hours": lambda c: c.with_contract(0, min_hours=15.5),
    "week days": lambda c: c.with_contract(1, min_days=2),
    "period hours": lambda c: c.with_contract(0, max_period_hours=14.9),
    "availability": lambda c: c.with_agent(1, availability=(Window(2, 480, 1019),)),
    "days off": lambda c: c.with_agent(1, days_off=frozenset({date(2024, 3, 6)})),
    "leave": lambda c: c.with_agent(1, leave=frozenset({date(2024, 3, 6)})),
    "absence": lambda c: c.with_agent(1, absences=(Absence(at(2, 1019), at(2, 1100)),)),
    "fixed shift": lambda c: c.with_agent(1, fixed=(FixedShift(BEN_DAY, "day", 570),)),
    "frozen day": lambda c: replace(c, held=published(570)),
    "activity people": lambda c: coached(c, agents=("Anna",)),
    "activity once": lambda c: coached(c.away("Ben", 2, 13 * 60 + 45, 60)),
    "activity length": lambda c: coached(c, minutes=45),
    "activity window": lambda c: coached(c, start=at(2, 15 * 60 + 1)),
    "activity paid": lambda c: unpaid_coaching(c),
    "activity together": lambda c: both_coached(c, 14 * 60, 15 * 60),
}


def unpaid_coaching(case: Case) -> Case:
    """Ben's coaching counts as unpaid."""
    case = coached(case.with_contract(1, min_hours=6))
    table = case.table.assign(paid=case.table["paid"] & (case.table["activity"] != "coaching"))
    return replace(case, table=table)


def test_a_roster_that_obeys_every_rule_passes_and_says_how_much_was_looked_at() -> None:
    report = good().check()
    assert report.ok
    assert report.violations == ()
    assert list(report.rules["rule"]) == list(RULES)
    looked_at = dict(zip(report.rules["rule"], report.rules["checked"], strict=True))
    assert looked_at["row times"] == 15
    assert looked_at["breaks"] == 3
    assert looked_at["break window"] == 6
    assert looked_at["work between breaks"] == 3
    assert looked_at["rest"] == 1
    assert looked_at["week hours"] == 2
    assert report.rules["broken"].sum() == 0
    assert "all 48 rules hold" in report.summary()


def test_every_rule_has_a_roster_that_breaks_it() -> None:
    assert set(BREAKERS) == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_roster_that_breaks_one_rule_is_named_for_that_rule_alone(rule: str) -> None:
    report = BREAKERS[rule](good()).check()
    assert {violation.rule for violation in report.violations} == {rule}
    assert not report.ok
    broken = dict(zip(report.rules["rule"], report.rules["broken"], strict=True))
    assert broken[rule] == len(report.violations) == 1
    violation = report.violations[0]
    assert violation.agent in ("Anna", "Ben", "Zoe")
    assert violation.when is not None
    assert violation.found
    assert violation.allowed
    assert f"{rule} : 1 of" in report.summary().replace(rule + ":", rule + " :")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("rest", "rest: Anna, Thu 2024-03-07 08:00: found 2 h after a shift to 2024-03-07 06:00:00+01:00"),
        ("skill", "skill: Anna, Mon 2024-03-04 08:00: found work on chat; allowed: phone"),
        ("break window", "found tea 45 min after the shift's start; allowed: 60 to 180 min after it"),
        ("breaks", "breaks: Ben, Wed 2024-03-06 09:00: found tea; allowed: tea, then lunch"),
        ("week hours", "week hours: Anna, Mon 2024-03-04 00:00: found 15 paid h; allowed: 15.5 to 40 paid h"),
        ("availability", "allowed: inside 08:00–16:59"),
        ("known agent", "known agent: Zoe, Mon 2024-03-04 08:00: found agent 'Zoe'"),
    ],
)
def test_a_violation_says_who_when_what_and_what_is_allowed(rule: str, text: str) -> None:
    assert text in str(BREAKERS[rule](good()).check().violations[0])


def test_cost_parts_are_those_computed_by_hand() -> None:
    report = good().check()
    assert report.cost_parts == pytest.approx(
        {
            "wages": 525.0,
            "premiums": 15.0,
            "shortage": 129.0,
            "surplus": 93.75,
            "refused_wishes": 12.0,
            "overtime": 0.0,
            "shift_fees": 0.0,
            "target_hours": 0.0,
            "fairness": 0.0,
            "team_rules": 0.0,
            "activities": 0.0,
            "changes": 0.0,
        },
        abs=1e-9,
    )
    assert list(report.cost_parts)[5:] == [
        "overtime",
        "shift_fees",
        "target_hours",
        "fairness",
        "team_rules",
        "activities",
        "changes",
    ]
    assert report.cost == pytest.approx(774.75, abs=1e-9)
    assert list(report.wishes["granted"]) == [False, True]
    assert list(report.wishes["reason"]) == ["shift starts 08:00", "shift starts 09:00"]


def test_coverage_counts_people_at_work_and_not_on_a_break() -> None:
    cover = good().check().coverage.set_index(["queue", "start"])
    assert cover.loc[("phone", at(0, 480))].tolist() == [1.0, 1.0, 0.0]
    assert cover.loc[("phone", at(0, 600))].tolist() == [0.0, 0.0, 0.0]  # tea
    assert cover.loc[("chat", at(2, 540))].tolist() == [2.0, 1.0, -1.0]


def test_the_order_of_the_rows_and_their_zone_change_nothing() -> None:
    case = good()
    shuffled = case.table.sample(frac=1.0, random_state=3)
    for name in ("start", "end"):
        shuffled[name] = shuffled[name].dt.tz_convert("Asia/Kolkata")
    report, other = case.check(), replace(case, table=shuffled).check()
    assert other.ok
    assert other.cost == report.cost
    pd.testing.assert_frame_equal(other.coverage, report.coverage)
    pd.testing.assert_frame_equal(other.rules, report.rules)


@pytest.mark.parametrize("ids", ["missing", "empty", "foreign"])
def test_a_roster_made_elsewhere_without_our_shift_ids_is_read_from_its_rows(ids: str) -> None:
    case = good()
    table = case.table.drop(columns="shift_id")
    if ids != "missing":
        table["shift_id"] = None if ids == "empty" else "EARLY"
    report = replace(case, table=table).check()
    assert report.ok
    assert report.cost == pytest.approx(774.75, abs=1e-9)


def test_without_ids_a_late_tea_is_still_named_as_such() -> None:
    case = BREAKERS["break window"](good())
    report = replace(case, table=case.table.drop(columns="shift_id")).check()
    assert {violation.rule for violation in report.violations} == {"break window"}


def test_an_empty_roster_breaks_only_minimum_hours_and_days() -> None:
    case = good()
    report = replace(case, table=case.table.iloc[:0]).check()
    assert {violation.rule for violation in report.violations} == {"week hours", "week days"}
    assert len(report.violations) == 4
    assert report.cost_parts["wages"] == 0.0
    assert report.cost_parts["refused_wishes"] == 0.0


def test_days_worked_before_and_the_last_shift_before_the_horizon_count() -> None:
    case = good().with_agent(0, days_worked_before=5)
    report = case.check()
    assert [violation.rule for violation in report.violations] == ["consecutive days"]
    assert report.violations[0].found == "7 days worked in a row"
    late = good().with_agent(0, last_shift_end=at(0, -179)).check()
    assert [violation.rule for violation in late.violations] == ["rest"]
    assert good().with_agent(0, last_shift_end=at(0, -180)).check().ok


def test_leave_lowers_hours_and_days_of_the_week() -> None:
    friday = frozenset({date(2024, 3, 8)})
    case = good().with_contract(0, min_hours=23.0, max_hours=40.0, min_days=3, max_days=5)
    assert {v.rule for v in case.check().violations} == {"week hours", "week days"}
    assert case.with_agent(0, leave=friday).check().ok  # 23 - 8 = 15 h, 3 - 1 = 2 days
    capped = good().with_contract(0, min_hours=0, max_hours=15.0, max_days=2, leave_day_h=4.0)
    found = {v.rule: v.allowed for v in capped.with_agent(0, leave=friday).check().violations}
    assert found["week hours"] == "0 to 11 paid h after 1 days of leave"
    assert found["week days"] == "1 to 1 days after 1 days of leave"


def test_a_night_shift_into_a_day_of_leave_is_named_and_one_that_ends_at_its_midnight_is_not() -> None:
    night = good().with_rows(*shift("Anna", 3, 1320, "phone", **ANNA_NIGHT))
    touching = night.with_agent(0, leave=frozenset({date(2024, 3, 8)})).check()
    assert [violation.rule for violation in touching.violations] == ["leave"]
    to_midnight = ShiftKind("night-late", (120,), 22 * 60, 22 * 60)
    case = good().with_rows(*shift("Anna", 3, 1320, "phone", "night-late", 120, ()))
    case = replace(case, kinds=(DAY, to_midnight))
    assert case.with_agent(0, leave=frozenset({date(2024, 3, 8)})).check().ok


def test_a_last_night_shift_costs_wages_after_the_horizon_but_no_surplus_there() -> None:
    every_day = replace(NIGHT, weekdays=(0, 1, 2, 3, 4, 5, 6))
    case = replace(good(), kinds=(DAY, every_day))
    before = case.check()
    after = case.with_rows(*shift("Anna", 6, 1320, "phone", **ANNA_NIGHT)).check()
    assert after.ok
    assert after.cost_parts["wages"] - before.cost_parts["wages"] == pytest.approx(8 * 20.0)
    assert after.cost_parts["surplus"] - before.cost_parts["surplus"] == pytest.approx(2 * 5.0)


def test_availability_may_pass_midnight_and_belongs_to_the_start_day() -> None:
    case = good().with_rows(*shift("Anna", 3, 1320, "phone", **ANNA_NIGHT))
    early = tuple(Window(day, 480, 960) for day in (0, 1))
    assert case.with_agent(0, availability=(*early, Window(3, 1320, 1800))).check().ok
    short = case.with_agent(0, availability=(*early, Window(3, 1320, 1440), Window(4, 0, 360))).check()
    assert [violation.rule for violation in short.violations] == ["availability"]
    nobody = case.with_agent(0, availability=()).check()
    assert [violation.allowed for violation in nobody.violations] == ["not available that day"] * 3


def test_several_broken_rules_are_each_named() -> None:
    case = good().edited(0, queue="fax")
    report = case.with_agent(1, days_off=frozenset({date(2024, 3, 6)})).check()
    assert [violation.rule for violation in report.violations] == ["known queue", "days off"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="paid"), "missing paid"),
        (lambda t: t.assign(start=t["start"].dt.tz_localize(None)), "zone-aware"),
        (lambda t: t.assign(paid="perhaps"), "true or false"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(
    change: Callable[[pd.DataFrame], pd.DataFrame], message: str
) -> None:
    case = good()
    with pytest.raises(InvalidSchedule, match=message):
        replace(case, table=change(case.table)).check()


def test_two_people_with_one_id_are_refused() -> None:
    with pytest.raises(InvalidSchedule, match="'Anna' twice"):
        good().with_agent(1, id="Anna").check()


def test_a_missing_time_is_a_violation_and_not_a_crash() -> None:
    report = good().edited(14, end=pd.NaT).check()
    assert "row times" in {violation.rule for violation in report.violations}
    assert isinstance(report.violations[0], Violation)


def test_a_row_that_ends_in_another_century_neither_hangs_nor_fills_the_memory() -> None:
    report = good().edited(4, end=at(0, 0) + pd.DateOffset(years=150)).check()
    assert "row times" in {violation.rule for violation in report.violations}
