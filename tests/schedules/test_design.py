"""Shift design: exact on small cases, breaks that exist, money that adds up."""

from __future__ import annotations

import itertools

import numpy as np
import pulp
import pytest
from small_rosters import demand, week

from schedules.cover import slot_cost
from schedules.demand import Demand
from schedules.design import Design, design
from schedules.rules import Premium, Prices
from schedules.shifts import Break, ShiftKind
from schedules.solver import linear, solve
from schedules.timegrid import time_grid


def explicit_optimum(needed: Demand, kind: ShiftKind, wage: float, prices: Prices, integer: bool) -> float:
    """The same problem with one variable per shift and break places."""
    grid = time_grid(needed, [kind])
    problem = pulp.LpProblem("explicit")
    terms: list = []
    weights: list[float] = []
    at: list[list] = [[] for _ in range(len(grid.starts))]
    for shift in range(len(grid.start)):
        pattern = grid.patterns[grid.pattern[shift]]
        ranges = [range(low, high + 1) for low, high in zip(pattern.earliest, pattern.latest, strict=True)]
        for offsets in itertools.product(*ranges):
            ends = [offset + length for offset, length in zip(offsets, pattern.length, strict=True)]
            if any(later - end < pattern.spacing for later, end in zip(offsets[1:], ends[:-1], strict=True)):
                continue
            away = {
                offset + k
                for offset, length in zip(offsets, pattern.length, strict=True)
                for k in range(length)
            }
            variable = problem.add_variable(
                f"x{shift}_{'_'.join(map(str, offsets))}", 0, None, "Integer" if integer else "Continuous"
            )
            terms.append(variable)
            weights.append(wage * grid.paid_min[shift] / 60)
            for k in set(range(int(grid.length[shift]))) - away:
                at[int(grid.start[shift]) + k].append(variable)
    for slot in range(grid.slots):
        required = float(needed.required.sum(axis=0)[slot])
        over = problem.add_variable(f"o{slot}", 0)
        line, signs, below = [*at[slot], over], [1.0] * len(at[slot]) + [-1.0], 0.0
        terms.append(over)
        weights.append(prices.surplus_per_hour * grid.slot_h)
        for number, tier in enumerate(prices.shortage):
            short = problem.add_variable(f"s{slot}_{number}", 0, (tier.up_to_share - below) * required)
            line.append(short)
            signs.append(1.0)
            terms.append(short)
            weights.append(tier.price_per_hour * grid.slot_h)
            below = tier.up_to_share
        problem += (linear(line, signs) == required, f"cover{slot}")
    problem += linear(terms, weights)
    return solve(problem, clock_guard_s=60.0).objective


def one_day(seed: int, peak: int = 4) -> Demand:
    chance = np.random.default_rng(seed)
    return demand(
        week(30), {"p": {(0, hour, hour + 1): float(chance.integers(0, peak)) for hour in range(7, 20)}}
    )


TWO_BREAKS = (Break("first", 30, 60, 150, True), Break("second", 30, 120, 240, False))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("spacing_min", [30, 90])
def test_implicit_breaks_give_the_relaxation_of_the_explicit_patterns(seed: int, spacing_min: int) -> None:
    """Windows of the two breaks overlap, so that spacing and order matter."""
    kind = ShiftKind("day", (300, 360), 420, 780, 60, TWO_BREAKS, (0,), spacing_min)
    needed, prices = one_day(seed), Prices()
    found = design(needed, [kind], 10.0, [], prices)
    assert found.bound == pytest.approx(explicit_optimum(needed, kind, 10.0, prices, integer=False), rel=1e-6)
    exact = explicit_optimum(needed, kind, 10.0, prices, integer=True)
    assert found.bound <= exact + 1e-6
    assert found.cost >= exact - 1e-6


def assert_adds_up(found: Design, needed: Demand, prices: Prices) -> None:
    required = needed.required.sum(axis=0)
    cover = slot_cost(found.coverage, required, prices).sum() * needed.slot_min / 60
    assert found.cost_parts["shortage"] + found.cost_parts["surplus"] == pytest.approx(cover)
    assert sum(found.cost_parts.values()) == pytest.approx(found.cost)
    assert found.bound <= found.cost


def test_one_shift_for_one_person_by_hand() -> None:
    """One person needed Monday 08–16 but for 12–13, which an unpaid lunch fills: 7 h at 10.00, nothing else."""
    kind = ShiftKind("day", (480,), 480, 480, 60, (Break("lunch", 60, 180, 360, False),))
    needed = demand(week(), {"p": {(0, 8, 12): 1, (0, 13, 16): 1}})
    found = design(needed, [kind], 10.0, [Premium("noon", 0.5, 720, 780)], Prices())
    assert found.status == "optimal"
    assert found.cost == pytest.approx(70.0)
    assert found.table[["shift_id", "agents", "paid_h"]].to_numpy().tolist() == [
        ["2026-11-23-day-0800-480", 1, 7.0]
    ]


def test_queues_are_pooled_and_parts_add_up_over_nights_and_premiums() -> None:
    night = ShiftKind("night", (480,), 1320, 1320, 60, (Break("pause", 60, 120, 240, False),))
    day = ShiftKind("day", (480, 540), 360, 840, 60, (Break("lunch", 60, 180, 300, False),))
    blocks = {(weekday, 0, 24): 2.0 for weekday in range(7)}
    needed = demand(week(), {"p": blocks, "q": blocks})
    premiums = [Premium("night", 0.25, 1200, 360), Premium("Sunday", 0.5, weekdays=(6,))]
    found = design(needed, [day, night], 15.0, premiums, Prices())
    assert_adds_up(found, needed, Prices())
    assert found.gap < 0.08
    paid = float((found.table["paid_h"] * found.table["agents"]).sum())
    assert found.cost_parts["wages"] == pytest.approx(15.0 * paid)
    assert found.cost_parts["premiums"] > 0
    assert len(found.coverage) == len(needed.starts)


def test_no_demand_needs_no_shift() -> None:
    found = design(demand(week(), {"p": {}}), [ShiftKind("day", (480,), 480, 480, 60)], 10.0, [], Prices())
    assert found.table.empty
    assert (found.cost, found.gap, found.status) == (0.0, 0.0, "optimal")


def test_the_same_seed_gives_the_same_design() -> None:
    kind = ShiftKind("day", (300, 360), 420, 780, 60, TWO_BREAKS, (0,))
    first, second = (design(one_day(3, 9), [kind], 10.0, [], Prices(), seed=7) for _ in range(2))
    assert first.table.equals(second.table)
    assert first.cost == second.cost
