"""Conflicts of the rules of one person's days are named in plain words with their values, and the repair works."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from small_rosters import MONDAY

from schedules.agents import Agent, Before, Contract, FixedShift
from schedules.conflicts import explain_conflicts
from schedules.demand import Demand
from schedules.eligibility import Eligibility
from schedules.errors import Conflict
from schedules.rules import Rules
from schedules.shifts import ShiftKind
from schedules.timegrid import time_grid
from schedules.tours import price_agent
from schedules.tourspace import tour_space
from schedules.toursweep import INFINITE

DAY = ShiftKind("day", (480,), 480, 480)
NIGHT = ShiftKind("night", (480,), 1320, 1320)
CONTRACT = Contract("full", ("day", "night"), 40, 40, 5, 5, 10.0)
RULES = Rules(max_consecutive_days=7)


def explained(
    agent: Agent, rules: Rules = RULES, weeks: int = 1, kinds: tuple = (DAY, NIGHT)
) -> Conflict | None:
    """The conflict of one person, ``None`` if a tour exists."""
    first = pd.Timestamp(MONDAY, tz="Europe/Berlin")
    last = pd.Timestamp(MONDAY + timedelta(days=7 * weeks), tz="Europe/Berlin")
    starts = pd.date_range(first, last, freq="60min", inclusive="left")
    grid = time_grid(Demand(("p",), starts, np.zeros((1, len(starts)))), kinds)
    space = tour_space(grid, Eligibility(grid, rules), rules, [agent], ["p"], np.zeros(len(grid.starts)), ())
    cost = price_agent(
        space,
        0,
        True,
        np.zeros(space.extended + 1),
        np.empty(space.most_blocks),
        np.empty(space.most_options),
        np.empty((space.most_nodes, space.most_classes)),
        np.empty((space.days, 1 + space.most_breaks), np.int64),
    )
    if cost < INFINITE / 2:
        return None
    return explain_conflicts(grid, rules, [agent], [0])[0]


def person(contract: Contract = CONTRACT, **more: object) -> Agent:
    return Agent("ann", contract, frozenset({"p"}), **more)  # type: ignore[arg-type]


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def test_weekly_rest_against_the_days_of_the_contract() -> None:
    """A single free day between two day shifts is 40 h without work; two together would be 64 h."""
    apart = frozenset({day(2), day(5)})
    assert explained(person(days_off=apart), replace(RULES, weekly_rest_h=40.0), kinds=(DAY,)) is None
    only = replace(CONTRACT, shifts=("day",))
    rules = replace(RULES, weekly_rest_h=48.0)
    found = explained(person(only, days_off=apart), rules)
    assert found is not None
    assert "weekly rest of 48 h" in found.rules
    assert explained(person(only, days_off=frozenset({day(2)})), rules) is None


def test_nights_in_a_row_against_a_contract_of_nights() -> None:
    nights = replace(CONTRACT, shifts=("night",), min_hours=48, max_hours=48, min_days=6, max_days=6)
    rules = replace(RULES, max_nights_in_a_row=2)
    found = explained(person(nights), rules)
    assert found is not None
    assert "at most 2 nights in a row" in found.rules
    assert "minimum of 6 days" in found.rules or "minimum of 48 h" in found.rules
    assert explained(person(nights), replace(rules, max_nights_in_a_row=3)) is None


def test_nights_brought_from_before_count() -> None:
    """The free day is spent: Monday cannot be a night after two nights, and the rest is asked for."""
    rules = replace(RULES, max_nights_in_a_row=2)
    fixed = (FixedShift(day(0), "night"),)
    assert explained(person(fixed=fixed), rules) is None
    found = explained(person(fixed=fixed, before=Before(nights_in_a_row=2)), rules)
    assert found is not None
    assert set(found.rules) == {"at most 2 nights in a row", "fixed shift on Mon 23 Nov"}
    assert found.days == ("Mon 23 Nov",)
    assert found.repair == "drop the fixed shift on Mon 23 Nov"


def test_a_fixed_shift_on_a_day_of_leave_is_named() -> None:
    found = explained(person(fixed=(FixedShift(day(2), "day"),), leave=frozenset({day(2)})))
    assert found is not None
    assert set(found.rules) == {"leave", "fixed shift on Wed 25 Nov"}
    assert found.days == ("Wed 25 Nov",)
    assert found.repair == "drop the fixed shift on Wed 25 Nov"


def test_a_forbidden_succession_of_two_fixed_shifts() -> None:
    rules = replace(RULES, min_rest_h=0.0, forbidden_successions=(("night", "day"),))
    fixed = (FixedShift(day(1), "night"), FixedShift(day(2), "day"))
    found = explained(person(fixed=fixed), rules)
    assert found is not None
    assert set(found.rules) == {
        "no day after night",
        "fixed shift on Tue 24 Nov",
        "fixed shift on Wed 25 Nov",
    }


def test_a_rotation_against_a_fixed_shift_of_another_kind() -> None:
    agent = person(fixed=(FixedShift(day(8), "night"),), rotation=(("night",), ("day",)))
    found = explained(agent, weeks=2)
    assert found is not None
    assert set(found.rules) == {"the shift kinds of the rotation", "fixed shift on Tue 1 Dec"}


def test_weekends_of_a_contract_that_works_on_weekends_only() -> None:
    kind = ShiftKind("day", (480,), 480, 480, weekdays=(5, 6))
    contract = Contract("weekend", ("day",), 8, 16, 1, 2, 10.0)
    rules = replace(RULES, max_weekends=3)
    agent = person(contract, before=Before(weekends=2))
    found = explained(agent, rules, weeks=2, kinds=(kind,))
    assert found is not None
    assert "at most 3 weekends" in found.rules
    assert explained(replace(agent, before=Before(weekends=1)), rules, weeks=2, kinds=(kind,)) is None


def test_hours_of_the_period_with_those_worked_before() -> None:
    contract = replace(CONTRACT, min_hours=32, min_days=4, max_period_hours=90.0)
    assert explained(person(contract, before=Before(hours=26.0)), weeks=2) is None
    found = explained(person(contract, before=Before(hours=30.0)), weeks=2)
    assert found is not None
    assert "maximum of 90.0 h in the period" in found.rules
    assert found.repair == "allow 94 h in the period instead of 90 h"


def test_a_week_that_lacks_hours_is_named_among_several() -> None:
    gone = frozenset({day(7), day(8), day(9), day(10)})
    found = explained(person(days_off=gone), weeks=2)
    assert found is not None
    assert any(rule.startswith("day off on ") for rule in found.rules)
    assert found.repair == "allow 24 h on 3 days instead of 40 h on 5 in the week from Mon 30 Nov"
    single = replace(CONTRACT, min_days=0)
    found = explained(person(single, days_off=gone), weeks=2)
    assert found is not None
    assert "minimum of 40 h" in found.rules
    assert found.repair == "allow 24 h instead of 40 h in the week from Mon 30 Nov"


def test_shifts_that_are_too_long_for_the_rules_of_the_contract() -> None:
    contract = replace(CONTRACT, rules=replace(RULES, max_shift_h=6.0))
    found = explained(person(contract))
    assert found is not None
    assert "shifts of at most 6.0 h" in found.rules
    assert explained(person(), replace(RULES, max_shift_h=8.0)) is None
