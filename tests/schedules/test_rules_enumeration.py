"""The dynamic programme finds the cheapest legal tour: the same as the enumeration of all tours, rule by rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tour_enumeration import Case, Tour

from schedules.agents import Agent, Before, Contract, FixedShift, Wish
from schedules.demand import Demand
from schedules.eligibility import Eligibility
from schedules.rules import NightWindow, Rules
from schedules.shifts import Break, ShiftKind
from schedules.teams import Fairness, Held
from schedules.timegrid import TimeGrid, time_grid
from schedules.tourarrays import SHIFT
from schedules.tourparts import people_parts
from schedules.tours import agent_costs, best_tour, tour_pay, wish_cost
from schedules.tourspace import tour_space
from schedules.toursweep import INFINITE

MONDAY = date(2026, 11, 23)
SPRING, AUTUMN = date(2027, 3, 22), date(2026, 10, 19)
EARLY = ShiftKind("early", (480,), 360, 360, breaks=(Break("lunch", 30, 180, 240, False),))
# Not every kind on every day: the enumeration of a week stays small.
LATE = ShiftKind("late", (360, 540), 840, 840, weekdays=(2, 5))
NIGHT = ShiftKind("night", (600,), 1320, 1320, weekdays=(1, 2, 4, 5, 6))
ANY = Contract("any", ("early", "late", "night"), 0, 60, 0, 7, 10.0)
FREE = Rules(min_rest_h=0.0, max_consecutive_days=7)


def grid_of(case: Case) -> TimeGrid:
    starts = pd.date_range(case.midnights[0], case.midnights[-1], freq="30min", inclusive="left")
    return time_grid(Demand(("p",), starts, np.zeros((1, len(starts)))), case.kinds)


def cheapest(case: Case, extra: dict[tuple, float], free: np.ndarray) -> tuple[float, Tour | None, dict]:
    """What the engine finds at a random price per shift and free day: cost, tour, parts."""
    grid = grid_of(case)
    eligibility = Eligibility(grid, case.everybody)
    space = tour_space(
        grid,
        eligibility,
        case.everybody,
        [case.agent],
        ["p"],
        np.zeros(len(grid.starts)),
        case.wishes,
        fairness=case.fairness,
        held=case.held,
    )
    costs, idle = np.empty(space.most_options), np.empty(space.days)
    values = np.zeros(space.extended + 1)
    agent_costs(space, 0, True, values, np.empty(space.most_blocks), costs, idle)
    named = [
        (int(grid.day[s]), grid.kinds[grid.kind[s]].name, int(grid.start_min[s]), int(grid.length[s]) * 30)
        for s in space.options[:, SHIFT]
    ]
    costs[: len(named)] += [extra[name] for name in named]
    tour = np.empty((space.days, 1 + space.most_breaks), np.int64)
    table = np.empty((space.most_nodes, space.most_classes))
    cost = best_tour(space, 0, costs, idle + free, values, table, tour)
    if cost >= INFINITE / 2:
        return np.inf, None, {}
    by_name = {shift.name: shift for shifts in case.shifts for shift in shifts}
    found = tuple(None if option < 0 else by_name[named[option]] for option in tour[:, 0])
    parts = people_parts(space, tour[None])
    parts["pay"] = tour_pay(space, 0, tour)
    assert wish_cost(space, 0, tour) == pytest.approx(sum(parts.values()) - parts["pay"])
    return cost, found, parts


def compare(case: Case, chance: np.random.Generator) -> bool:
    """The engine's cost is the enumeration's, and its tour is legal and costs what it says; whether there is one."""
    extra = {shift.name: float(chance.integers(-200, 60)) for shifts in case.shifts for shift in shifts}
    free = chance.integers(-20, 20, case.days).astype(float)

    def price(tour: Tour) -> float:
        own = sum(case.parts(tour).values())
        return own + sum(free[day] if shift is None else extra[shift.name] for day, shift in enumerate(tour))

    legal = list(case.tours())
    best = min((price(tour) for tour in legal), default=np.inf)
    cost, tour, parts = cheapest(case, extra, free)
    assert cost == pytest.approx(best)
    if tour is None:
        return False
    assert tour in legal
    assert price(tour) == pytest.approx(cost)
    assert parts == pytest.approx(case.parts(tour))
    return True


def agent(contract: Contract = ANY, **more: Any) -> Agent:
    return Agent("a", contract, frozenset({"p"}), **more)


def day(number: int, monday: date = MONDAY) -> date:
    return monday + timedelta(days=number)


def at(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="Europe/Berlin")


ALONE: dict[str, tuple[Rules, Agent]] = {
    "nothing": (FREE, agent()),
    "rest": (replace(FREE, min_rest_h=11.0), agent()),
    "rest after the last shift": (
        replace(FREE, min_rest_h=11.0),
        agent(last_shift_end=at("2026-11-23 02:00")),
    ),
    "days in a row": (replace(FREE, max_consecutive_days=3), agent(days_worked_before=2)),
    "least days in a row": (replace(FREE, min_consecutive_days=3), agent()),
    "least days in a row, some before": (replace(FREE, min_consecutive_days=3), agent(days_worked_before=1)),
    "least and most days in a row": (
        replace(FREE, min_consecutive_days=2, max_consecutive_days=3),
        agent(days_worked_before=2),
    ),
    "least free days in a row": (replace(FREE, min_consecutive_days_off=2), agent()),
    "least free days, some days before": (
        replace(FREE, min_consecutive_days_off=3, min_consecutive_days=2),
        agent(days_worked_before=1),
    ),
    "weekly rest": (replace(FREE, min_rest_h=8.0, weekly_rest_h=36.0), agent()),
    "long weekly rest": (replace(FREE, weekly_rest_h=62.0), agent()),
    "weekly rest and a shift that reaches in": (
        replace(FREE, weekly_rest_h=60.0),
        agent(last_shift_end=at("2026-11-23 05:00")),
    ),
    "weekly rest of a whole week": (replace(FREE, weekly_rest_h=168.0), agent()),
    "nights in a row": (replace(FREE, max_nights_in_a_row=2), agent()),
    "nights in a row, some before": (
        replace(FREE, max_nights_in_a_row=2),
        agent(before=Before(nights_in_a_row=1)),
    ),
    "no nights": (replace(FREE, max_nights_in_a_row=0), agent()),
    "another night window": (
        replace(FREE, max_nights_in_a_row=1, night=NightWindow(1290, 1380, 60)),
        agent(),
    ),
    "no weekend left": (replace(FREE, max_weekends=2), agent(before=Before(weekends=2))),
    "complete weekends": (replace(FREE, complete_weekends=True), agent()),
    "successions": (
        replace(FREE, forbidden_successions=(("late", "early"), ("night", "late"))),
        agent(before=Before(last_kind="late")),
    ),
    "succession of a kind of the past": (
        replace(FREE, forbidden_successions=(("duty", "early"),)),
        agent(before=Before(last_kind="duty")),
    ),
    "longest shift": (replace(FREE, max_shift_h=8.0), agent()),
    "start spread": (replace(FREE, max_start_spread_min=480), agent()),
    "rules of the contract": (FREE, agent(replace(ANY, rules=replace(FREE, max_nights_in_a_row=1)))),
    "week hours and days": (FREE, agent(replace(ANY, min_hours=20, max_hours=31, min_days=3, max_days=4))),
    "leave": (
        FREE,
        agent(replace(ANY, min_hours=30, max_hours=40, min_days=4, max_days=5), leave=frozenset({day(2)})),
    ),
    "fixed shift": (FREE, agent(fixed=(FixedShift(day(2), "late", 840, 540), FixedShift(day(4), "night")))),
    "fixed shift of no kind": (FREE, agent(fixed=(FixedShift(day(2), "late", 900),))),
    "rotation": (FREE, agent(rotation=(("early", "night"),))),
    "weekly overtime": (FREE, agent(replace(ANY, overtime_after_hours=20.0, overtime_share=0.5))),
    "daily overtime": (FREE, agent(replace(ANY, daily_overtime_after_hours=8.0, overtime_share=0.5))),
    "both kinds of overtime": (
        FREE,
        agent(replace(ANY, overtime_after_hours=18.25, daily_overtime_after_hours=7.0, overtime_share=1.0)),
    ),
    "fee per shift": (FREE, agent(replace(ANY, cost_per_shift=37.0))),
    "target hours": (
        FREE,
        agent(
            replace(ANY, target_hours=24.0, target_price_per_hour=15.0),
            before=Before(hours_balance=3.5),
            leave=frozenset({day(1)}),
        ),
    ),
    "period": (
        FREE,
        agent(
            replace(ANY, min_period_hours=50.0, max_period_hours=60.0),
            before=Before(hours=30.25),
            leave=frozenset({day(5)}),
        ),
    ),
}


@pytest.mark.parametrize("name", ALONE)
def test_each_rule_alone_gives_the_cheapest_tour_of_a_week(name: str) -> None:
    rules, person = ALONE[name]
    kinds = [EARLY, LATE, NIGHT] if name not in ("weekly rest", "rest") else [EARLY, NIGHT]
    chance = np.random.default_rng(abs(hash(len(name))) % 1000)
    case = Case(person, rules, kinds, MONDAY, 7)
    feasible = compare(case, chance)
    assert feasible is (name not in ("fixed shift of no kind",))


def wishes_and_costs() -> Case:
    person = agent()
    wishes = [
        Wish("a", "day_off", day(0), 30.0),
        Wish("a", "work", day(1), 45.0),
        Wish("a", "start_from", day(2), 25.0, 800),
        Wish("a", "start_until", day(3), 50.0, 800),
        Wish("a", "shift", day(4), 60.0, shift="late"),
        Wish("a", "not_shift", day(5), 70.0, shift="early"),
    ]
    return Case(person, FREE, [EARLY, LATE], MONDAY, 7, wishes)


def test_wishes_of_every_kind_cost_what_they_weigh() -> None:
    for seed in range(3):
        assert compare(wishes_and_costs(), np.random.default_rng(seed))


def test_late_shifts_and_weekends_cost_more_and_more() -> None:
    fairness = Fairness(weekend=40.0, late_shift=25.0, late_after_min=1200)
    for first in (MONDAY, day(6)):
        case = Case(agent(), FREE, [EARLY, LATE], first, 7, fairness=fairness)
        assert compare(case, np.random.default_rng(4))


def test_a_published_roster_holds_its_days_and_its_price() -> None:
    shifts = {
        ("a", day(0)): ("early", 360, 480),
        ("a", day(2)): ("late", 840, 540),
        ("a", day(3)): ("gone", 0, 480),
        ("b", day(4)): ("late", 840, 540),
    }
    for frozen in (frozenset(), frozenset({day(0), day(1), day(3)})):
        for seed in range(3):
            case = Case(agent(), FREE, [EARLY, LATE], MONDAY, 7, held=Held(shifts, frozen, 35.0))
            assert compare(case, np.random.default_rng(seed))


def random_case(seed: int, monday: date, weekdays: tuple[int, ...], weeks: int) -> tuple[Case, Any]:
    """A few rules drawn together, with a random past; ``weekdays`` keep the enumeration small."""
    chance = np.random.default_rng([seed, weeks])

    def maybe(value: Any, otherwise: Any = None, share: float = 0.35) -> Any:
        return value if chance.random() < share else otherwise

    kinds = [replace(kind, weekdays=weekdays) for kind in (EARLY, replace(LATE, lengths_min=(540,)), NIGHT)]
    if len(weekdays) * weeks > 7:
        kinds.pop(int(chance.integers(3)))
    least = int(maybe(2, 1))
    rules = Rules(
        min_rest_h=float(chance.choice([0.0, 9.0, 11.0])),
        max_consecutive_days=int(chance.integers(2, 6)),
        max_start_spread_min=maybe(480, share=0.2),
        min_consecutive_days=least,
        min_consecutive_days_off=int(maybe(2, 1)),
        weekly_rest_h=maybe(float(chance.choice([24, 36, 50, 90])), share=0.6),
        max_nights_in_a_row=maybe(int(chance.integers(0, 3))),
        max_weekends=maybe(int(chance.integers(0, 3))),
        complete_weekends=bool(maybe(True, False)),
        forbidden_successions=maybe((("late", "early"), ("night", "early")), ()),
        max_shift_h=maybe(9.0, share=0.15),
    )
    contract = Contract(
        "c",
        tuple(kind.name for kind in kinds),
        float(maybe(8, 0)),
        float(chance.choice([24, 40, 60])),
        int(maybe(1, 0)),
        int(chance.integers(3, 8)),
        10.0,
        min_period_hours=maybe(30.0),
        max_period_hours=maybe(55.0),
        target_hours=maybe(16.0),
        target_price_per_hour=8.0,
        overtime_after_hours=maybe(15.0),
        daily_overtime_after_hours=maybe(8.0),
        overtime_share=0.5,
        cost_per_shift=float(maybe(12, 0)),
        rules=maybe(rules),
    )
    last = maybe(pd.Timestamp(monday, tz="Europe/Berlin") + pd.Timedelta(hours=float(chance.integers(-9, 8))))
    names = contract.shifts
    person = Agent(
        "a",
        contract,
        frozenset({"p"}),
        days_off=frozenset(maybe({monday + timedelta(days=int(chance.integers(7 * weeks)))}, set(), 0.2)),
        leave=frozenset(maybe({monday + timedelta(days=int(chance.integers(7 * weeks)))}, set(), 0.3)),
        last_shift_end=last,
        days_worked_before=int(chance.integers(0, 4)) if last is not None else 0,
        rotation=maybe((names, names[:1]), (), 0.15),
        before=Before(
            float(maybe(10.25, 0.0)),
            int(chance.integers(0, 3)),
            str(chance.choice(["", *names])),
            int(chance.integers(0, 2)),
            hours_balance=float(maybe(2.5, 0.0)),
        ),
    )
    wishes = [
        Wish("a", "shift", monday + timedelta(days=int(chance.integers(7 * weeks))), 20.0, shift=names[0])
    ]
    fairness = Fairness(float(maybe(15, 0)), float(maybe(12, 0)))
    held = maybe(
        Held({("a", monday + timedelta(days=weekdays[0])): (names[0], 360, 480)}, price_per_change=6.0)
    )
    everybody = FREE if contract.rules else rules
    return Case(person, everybody, kinds, monday, 7 * weeks, wishes, fairness, held), chance


SIZES = {
    "a week": (MONDAY, (0, 1, 3, 4, 5, 6), 1),
    "a week of 167 hours": (SPRING, (0, 2, 4, 5, 6), 1),
    "a week of 169 hours": (AUTUMN, (0, 2, 4, 5, 6), 1),
    "two weeks": (MONDAY, (0, 4, 5, 6), 2),
    "two weeks, the clock changes between": (SPRING, (0, 1, 5, 6), 2),
    "four weeks": (MONDAY, (5, 6), 4),
    "four weeks from a Sunday": (MONDAY - timedelta(days=1), (0, 6), 4),
}


@pytest.mark.parametrize("name", SIZES)
def test_rules_drawn_together_give_the_cheapest_tour(name: str) -> None:
    monday, weekdays, weeks = SIZES[name]
    feasible = sum(compare(*random_case(seed, monday, weekdays, weeks)) for seed in range(8))
    assert feasible >= 3
