"""Rosters under all rules of one person's days, judged by the independent checker: legal, and of the same cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from small_rosters import MONDAY, centre

from schedules.agents import Agent, Before, FixedShift
from schedules.check import check
from schedules.demand import Demand
from schedules.roster import Roster, roster
from schedules.rules import Rules
from schedules.teams import Fairness, Held, TeamRules


def weeks_of(people: int, seed: int, weeks: int, rules: Rules, **contract: object) -> tuple:
    """The small centre for several weeks, with a past for everybody; arguments of ``roster``."""
    agents, kinds, _, premiums, demand, prices, wishes = centre(people, seed, nights=True)
    chance = np.random.default_rng([seed, weeks])
    agents = [
        replace(
            agent,
            contract=replace(agent.contract, **contract),  # type: ignore[arg-type]
            before=Before(
                nights_in_a_row=int(chance.integers(0, 2)),
                weekends=int(chance.integers(0, 2)),
                late_shifts=int(chance.integers(0, 3)),
                refused_wishes=int(chance.integers(0, 2)),
                hours_balance=float(chance.integers(-2, 3)),
            ),
        )
        for agent in agents
    ]
    starts = pd.date_range(demand.starts[0], periods=weeks * len(demand.starts), freq="30min")
    needed = Demand(demand.queues, starts, np.tile(demand.required, (1, weeks)))
    return agents, kinds, rules, premiums, needed, prices, wishes


def assert_sound(found: Roster, case: tuple, team: TeamRules | None = None, held: Held | None = None) -> None:
    """No violation, the same money, and a bound below it."""
    verdict = check(found.table, *case, team_rules=team or TeamRules(), held=held)
    assert verdict.violations == ()
    assert verdict.cost_parts == pytest.approx(found.cost_parts, abs=1e-6)
    assert found.bound <= found.cost


RULES = {
    "rests": Rules(weekly_rest_h=36.0, max_nights_in_a_row=2, forbidden_successions=(("night", "full"),)),
    "runs": Rules(min_consecutive_days=2, min_consecutive_days_off=2, max_consecutive_days=5),
    "weekends": Rules(max_weekends=2, complete_weekends=True, max_shift_h=8.0),
}


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("weeks", [1, 2])
def test_rosters_keep_the_rules_of_every_person(name: str, weeks: int) -> None:
    case = weeks_of(5, 3, weeks, RULES[name])
    assert_sound(roster(*case, passes=2), case)


def test_overtime_fees_target_and_fairness_cost_what_the_checker_finds() -> None:
    terms = {
        "overtime_after_hours": 24.0,
        "daily_overtime_after_hours": 7.5,
        "overtime_share": 0.25,
        "cost_per_shift": 3.0,
        "target_hours": 30.0,
        "target_price_per_hour": 4.0,
    }
    case = weeks_of(5, 4, 2, Rules(), **terms)
    team = TeamRules(fairness=Fairness(weekend=20.0, late_shift=8.0, refused_wish=0.5))
    found = roster(*case, passes=2, team_rules=team)
    assert_sound(found, case, team)
    for part in ("overtime", "shift_fees", "target_hours", "fairness"):
        assert found.cost_parts[part] > 0


def test_start_spread_holds_week_by_week() -> None:
    case = weeks_of(4, 5, 2, Rules(max_start_spread_min=120))
    assert_sound(roster(*case, passes=2), case)


def test_fixed_shifts_stay_and_a_published_roster_is_kept_where_it_pays() -> None:
    case = weeks_of(4, 6, 1, Rules())
    first = roster(*case, passes=2)
    shifts = {
        (row.agent, row.start.date()): (
            row.shift_id[11:].rsplit("-", 2)[0],
            60 * row.start.hour + row.start.minute,
            int(row.shift_id.rsplit("-", 1)[1]),
        )
        for row in first.table.groupby(["agent", "shift_id"], as_index=False).first().itertuples()
    }
    frozen = frozenset({MONDAY, MONDAY + timedelta(days=1)})
    held = Held(shifts, frozen, price_per_change=1000.0)
    changed = (*case[:4], replace(case[4], required=case[4].required * 0.8), *case[5:])
    again = roster(*changed, passes=2, held=held)
    assert_sound(again, changed, held=held)
    assert again.cost_parts["changes"] == 0.0
    cheap = replace(held, price_per_change=1.0)
    freely = roster(*changed, passes=2, held=cheap)
    assert_sound(freely, changed, held=cheap)
    for number, agent in enumerate(case[0]):
        for day in sorted(frozen):
            assert (agent.id, day) not in shifts or shifts[agent.id, day] in kept_by(freely, agent, day), (
                number
            )


def kept_by(found: Roster, agent: Agent, day: object) -> list[tuple[str, int, int]]:
    """Shifts of a person on a day."""
    own = found.table[(found.table["agent"] == agent.id) & (found.table["start"].dt.date == day)]
    return [
        (name[11:].rsplit("-", 2)[0], 60 * int(name[-8:-6]) + int(name[-6:-4]), int(name.rsplit("-", 1)[1]))
        for name in own["shift_id"].unique()
    ]


def test_a_fixed_shift_is_worked_though_it_costs() -> None:
    case = weeks_of(3, 7, 1, Rules())
    agents = list(case[0])
    fixed = FixedShift(MONDAY + timedelta(days=2), "full", 780, 480)
    agents[0] = replace(
        agents[0],
        contract=replace(agents[0].contract, shifts=("full", "night")),
        availability=None,
        days_off=frozenset(),
        leave=frozenset(),
        fixed=(fixed,),
    )
    case = (agents, *case[1:])
    found = roster(*case, passes=2)
    assert_sound(found, case)
    assert ("full", 780, 480) in kept_by(found, agents[0], fixed.day)


def test_who_cannot_keep_a_frozen_day_is_replanned_on_it() -> None:
    """The first person worked on Monday and is on leave now; everybody else's Monday stays."""
    case = weeks_of(4, 6, 1, Rules())
    first = roster(*case, passes=2)
    shifts = {}
    for agent in case[0]:
        for offset in range(7):
            day = MONDAY + timedelta(days=offset)
            for shift in kept_by(first, agent, day):
                shifts[agent.id, day] = shift
    worker = next(agent for agent in case[0] if (agent.id, MONDAY) in shifts)
    agents = [replace(agent, leave=agent.leave | {MONDAY}) if agent is worker else agent for agent in case[0]]
    held = Held(shifts, frozenset({MONDAY}), price_per_change=10.0)
    changed = (agents, *case[1:])
    found = roster(*changed, passes=2, held=held)
    assert_sound(found, changed, held=held)
    assert kept_by(found, worker, MONDAY) == []
    for agent in agents:
        if agent.id != worker.id:
            assert kept_by(found, agent, MONDAY) == [
                shift for shift in [shifts.get((agent.id, MONDAY))] if shift is not None
            ]
