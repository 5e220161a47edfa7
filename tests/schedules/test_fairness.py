"""The balance of a roster, and what the next one starts from."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from ruled_rosters import ruled
from small_rosters import DAY, MONDAY, demand, week

from schedules import compact
from schedules.agents import Agent, Before, Contract
from schedules.check import check
from schedules.fairness import balance, carry_forward
from schedules.rules import NightWindow, Rules
from schedules.shifts import Break, ShiftKind
from schedules.teams import Fairness

NIGHT = ShiftKind("night", (480,), 1320, 1320, 60, (Break("pause", 60, 120, 120, False),))
CONTRACT = Contract("c", ("day", "night"), 0, 60, 0, 7, 10.0, leave_day_h=8.0, target_hours=24.0)
RULES = Rules(night=NightWindow(1380, 360, 180), max_weekends=3)
FAIR = Fairness(late_after_min=20 * 60)


def table(shifts: list[tuple[str, int, str]]) -> pd.DataFrame:
    """Rows of whole shifts ``(agent, day, kind)`` without their breaks shown."""
    rows = []
    for agent, day, kind in shifts:
        midnight = pd.Timestamp(MONDAY + timedelta(days=day), tz="Europe/Berlin")
        start = midnight + pd.Timedelta(hours=8 if kind == "day" else 22)
        name = f"{start.date()}-{kind}-{start:%H%M}-480"
        if kind == "day":
            rows.append((agent, start, start + pd.Timedelta(hours=8), "work", True, "p", name))
        else:
            for first, until, activity, paid in (
                (0, 2, "work", True),
                (2, 3, "pause", False),
                (3, 8, "work", True),
            ):
                begin, end = start + pd.Timedelta(hours=first), start + pd.Timedelta(hours=until)
                rows.append((agent, begin, end, activity, paid, "p" if paid else "", name))
    return pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "paid", "queue", "shift_id"])


def people() -> list[Agent]:
    """Ann with a past, Ben with a day of leave, Cem who is not in the roster."""
    skill = frozenset({"p"})
    past = Before(hours=5.0, weekends=1, late_shifts=2, refused_wishes=1, hours_balance=3.0)
    ben = Agent("ben", CONTRACT, skill, leave=frozenset({MONDAY}))
    cem = Agent("cem", CONTRACT, skill, days_worked_before=2)
    return [Agent("ann", CONTRACT, skill, before=past), ben, cem]


SHIFTS = [("ann", 0, "day"), ("ann", 5, "night"), ("ann", 6, "night"), ("ben", 6, "day")]


def test_balance_by_hand() -> None:
    """Ann: 8 + 7 + 7 h of 24, one weekend, two nights; Ben: 8 h of 24 - 8; Cem: nothing of 24."""
    needed = demand(week(), {"p": {}})
    wishes = pd.DataFrame({"agent": ["ben", "ben", "ann"], "granted": [False, True, True]})
    found = balance(table(SHIFTS), people(), [DAY, NIGHT], RULES, FAIR, needed, wishes=wishes)
    rows = found.table.set_index("agent")
    assert rows["paid_h"].tolist() == [22.0, 8.0, 0.0]
    assert rows["target_h"].tolist() == [24.0, 16.0, 24.0]
    assert rows["hours_balance_min"].tolist() == [-120.0, -480.0, -1440.0]
    assert rows["hours_balance_min_total"].tolist() == [60.0, -480.0, -1440.0]
    assert rows["weekends"].tolist() == [1, 1, 0]
    assert rows["weekends_total"].tolist() == [2, 1, 0]
    assert rows["night_shifts"].tolist() == [2, 0, 0]
    assert rows["late_shifts"].tolist() == [2, 0, 0]
    assert rows["refused_wishes_total"].tolist() == [1, 1, 0]
    spread = found.spread.set_index("count")
    assert spread.loc["weekends", ["minimum", "maximum", "mean"]].tolist() == [0.0, 2.0, 1.0]
    assert spread.loc["weekends", "standard_deviation"] == pytest.approx(np.std([2, 1, 0]))
    assert "weekends worked: from 0 to 2 per person" in "\n".join(found.sentences)


def test_what_is_carried_forward_by_hand() -> None:
    needed = demand(week(), {"p": {}})
    wishes = pd.DataFrame({"agent": ["ann"], "granted": [False]})
    found = carry_forward(table(SHIFTS), people(), [DAY, NIGHT], RULES, FAIR, needed, wishes=wishes)
    ann, ben, cem = found.agents
    end = pd.Timestamp(MONDAY + timedelta(days=7), tz="Europe/Berlin") + pd.Timedelta(hours=6)
    assert ann.last_shift_end == end
    assert ann.days_worked_before == 2
    assert ann.before == Before(27.0, 2, "night", 2, 4, 2, 1.0)
    assert ben.before == Before(16.0, 0, "day", 1, 0, 0, -8.0)
    assert (cem.days_worked_before, cem.last_shift_end, cem.before.last_kind) == (0, None, "")
    # Ann's last night reaches six hours into the next week; its pause is the first of them.
    following = demand(week(monday=MONDAY + timedelta(days=7)), {"p": {(0, 0, 24): 1.0}})
    carried = found.demand(following).carried
    assert carried is not None
    assert carried[0, :8].tolist() == [0.0] + [1.0] * 5 + [0.0] * 2
    assert carried.sum() == 5.0


def test_a_run_through_the_whole_horizon_adds_to_the_one_before() -> None:
    agent = replace(people()[0], days_worked_before=3, before=Before(nights_in_a_row=3))
    shifts = [("ann", day, "night") for day in range(7)]
    found = carry_forward(table(shifts), [agent], [DAY, NIGHT], RULES, FAIR, demand(week(), {"p": {}}))
    assert found.agents[0].days_worked_before == 10
    assert found.agents[0].before.nights_in_a_row == 10


def test_a_new_period_forgets_hours_and_limited_weekends_only() -> None:
    needed = demand(week(), {"p": {}})
    found = carry_forward(table(SHIFTS), people(), [DAY, NIGHT], RULES, FAIR, needed, new_period=True)
    before = found.agents[0].before
    assert (before.hours, before.weekends, before.late_shifts) == (0.0, 0, 4)


def test_two_weeks_in_turn_are_legal_together() -> None:
    """The second week, planned from what the first hands on, breaks no rule when both are checked as one horizon."""
    for seed in (4, 8):
        (agents, kinds, rules, premiums, needed, prices, _), team, _ = ruled(seed, people=2)
        plain = [
            replace(agent, fixed=(), leave=frozenset(), absences=(), rotation=(), before=Before())
            for agent in agents
        ]
        # Runs that the first week's end cuts may go on or not, so shortest runs and spreads are left out.
        rules = replace(rules, min_consecutive_days=1, min_consecutive_days_off=1, max_weekends=None)
        fair = team.fairness
        first = compact.solve(plain, kinds, rules, premiums, needed, prices, [])
        later = needed.starts.tz_localize(None) + pd.Timedelta(days=7)
        following = replace(
            needed, starts=pd.DatetimeIndex(later.tz_localize(needed.starts.tz)), carried=None
        )
        handed = carry_forward(first.table, plain, kinds, rules, fair, needed)
        second = compact.solve(
            list(handed.agents), kinds, rules, premiums, handed.demand(following), prices, []
        )
        starts = needed.starts.append(following.starts)
        both = replace(
            needed, starts=starts, required=np.hstack([needed.required, following.required]), carried=None
        )
        verdict = check(
            pd.concat([first.table, second.table]), plain, kinds, rules, premiums, both, prices, []
        )
        assert [one for one in verdict.violations if "period" not in one.rule] == []


def test_an_empty_roster_balances_at_nothing() -> None:
    needed = demand(week(), {"p": {}})
    empty = table([])
    found = balance(empty.astype(object), people(), [DAY, NIGHT], RULES, FAIR, needed)
    assert found.table["paid_h"].tolist() == [0.0, 0.0, 0.0]
