"""Shift design: exact on small cases, breaks that exist, money that adds up."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rosters import demand, week

from schedules.cover import slot_cost
from schedules.demand import Demand
from schedules.design import Design, design
from schedules.errors import InvalidSchedule
from schedules.rules import Premium, Prices
from schedules.shift_limits import most_useful
from schedules.shifts import Break, ShiftKind
from schedules.solver import linear, solve
from schedules.timegrid import time_grid
from schedules.whole_shifts import Covering


def explicit_optimum(needed: Demand, kind: ShiftKind, wage: float, prices: Prices, integer: bool) -> float:
    """The same problem with one variable per shift and break places."""
    return explicit_optimum_of(needed, [kind], wage, prices, integer)


def explicit_optimum_of(
    needed: Demand, kinds: list[ShiftKind], wage: float, prices: Prices, integer: bool
) -> float:
    """The problem of several kinds with one variable per shift and break places."""
    grid = time_grid(needed, kinds)
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


LIMITED = ShiftKind("day", (180, 240), 480, 660, 60, (), (0, 1))


def two_days(seed: int) -> Demand:
    chance = np.random.default_rng(seed)
    blocks = {(day, hour, hour + 1): float(chance.integers(0, 4)) for day in (0, 1) for hour in range(8, 15)}
    return demand(week(), {"p": blocks})


def cheapest_by_enumeration(
    needed: Demand, prices: Prices, wage: float, max_shifts: int, max_starts: int, min_staff: int
) -> float:
    """Every set of distinct shifts within the limits, with every number of people on each of them on each day."""
    types = [(hour, length) for hour in range(8, 12) for length in (3, 4)]
    required = needed.required.sum(axis=0)
    idle = sum(
        slot_cost(np.zeros(24), required[day * 24 : day * 24 + 24], prices).sum() for day in range(2, 7)
    )
    best = np.inf
    for size in range(min(max_shifts, len(types)) + 1):
        for chosen in itertools.combinations(types, size):
            if len({hour for hour, _ in chosen}) > max_starts:
                continue
            worked = np.array(
                [[hour <= slot < hour + length for slot in range(24)] for hour, length in chosen]
            )
            people = np.array(list(itertools.product(range(4), repeat=size)))
            present = people @ worked.reshape(size, 24) if size else np.zeros((1, 24))
            wages = people @ np.array([length for _, length in chosen]) * wage if size else np.zeros(1)
            cost = idle
            for day in (0, 1):
                wanted = np.broadcast_to(required[day * 24 : day * 24 + 24], present.shape)
                few = (
                    np.maximum(np.where(wanted > 0, min_staff, 0) - present, 0)
                    * prices.shortage[-1].price_per_hour
                )
                cost += float(
                    (wages + slot_cost(present, wanted, prices).sum(axis=1) + few.sum(axis=1)).min()
                )
            best = min(best, cost)
    return best


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("max_shifts", "max_starts", "min_staff"), [(1, 4, 0), (2, 4, 1), (3, 2, 2), (3, 1, 0), (4, 2, 1)]
)
def test_limits_and_minimum_reach_the_optimum_of_an_enumeration(
    seed: int, max_shifts: int, max_starts: int, min_staff: int
) -> None:
    needed, prices = two_days(seed), Prices()
    found = design(
        needed,
        [LIMITED],
        10.0,
        [],
        prices,
        max_shifts=max_shifts,
        max_starts=max_starts,
        min_staff=min_staff,
    )
    exact = cheapest_by_enumeration(needed, prices, 10.0, max_shifts, max_starts, min_staff)
    assert found.cost == pytest.approx(exact)
    assert found.bound == pytest.approx(exact, rel=1e-5)
    assert found.distinct_shifts <= max_shifts
    assert found.distinct_starts <= max_starts


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("max_shifts", "max_starts"), [(1, 4), (3, 2), (4, 3)])
def test_without_the_proof_limits_hold_and_the_optimum_lies_between_bound_and_cost(
    monkeypatch: pytest.MonkeyPatch, seed: int, max_shifts: int, max_starts: int
) -> None:
    """As in designs that are too large for the program of binaries."""
    monkeypatch.setattr("schedules.shift_limits._PROOF_SIZE", 0)
    needed, prices = two_days(seed), Prices()
    found = design(needed, [LIMITED], 10.0, [], prices, max_shifts=max_shifts, max_starts=max_starts)
    exact = cheapest_by_enumeration(needed, prices, 10.0, max_shifts, max_starts, 0)
    assert found.bound - 1e-6 <= exact <= found.cost + 1e-6
    assert found.cost <= 1.25 * exact
    assert found.distinct_shifts <= max_shifts
    assert found.distinct_starts <= max_starts


@pytest.mark.parametrize("seed", range(2))
def test_two_distinct_shifts_with_breaks_cost_what_the_best_pair_costs(seed: int) -> None:
    """Each pair of shifts by the explicit patterns."""
    needed, prices = one_day(seed), Prices()
    types = list(itertools.product((480, 540, 600, 660), (300, 360)))
    exact = min(
        explicit_optimum_of(
            needed,
            [
                ShiftKind(f"k{i}", (length,), at, at, 60, TWO_BREAKS, (0,))
                for i, (at, length) in enumerate(pair)
            ],
            10.0,
            prices,
            integer=True,
        )
        for pair in itertools.combinations(types, 2)
    )
    kind = ShiftKind("day", (300, 360), 480, 660, 60, TWO_BREAKS, (0,))
    found = design(needed, [kind], 10.0, [], prices, max_shifts=2)
    assert found.distinct_shifts <= 2
    assert found.bound <= exact + 1e-6
    # Whole breaks placed as flows: a design may only be cheaper than explicit patterns by tolerance.
    assert found.cost == pytest.approx(exact)


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 1000),
    peak=st.integers(1, 6),
    max_shifts=st.none() | st.integers(1, 6),
    max_starts=st.none() | st.integers(1, 4),
    min_staff=st.none() | st.integers(0, 3),
)
def test_the_bound_never_exceeds_the_cost_and_limits_are_kept(
    seed: int, peak: int, max_shifts: int | None, max_starts: int | None, min_staff: int | None
) -> None:
    kind = ShiftKind("day", (300,), 420, 780, 60, TWO_BREAKS, (0,))
    short = ShiftKind("short", (180,), 420, 960, 120, (), (0,))
    needed = one_day(seed, peak)
    found = design(
        needed,
        [kind, short],
        10.0,
        [Premium("late", 0.25, 960, 1320)],
        Prices(),
        max_shifts=max_shifts,
        max_starts=max_starts,
        min_staff=min_staff,
    )
    assert_adds_up(found, needed, Prices())
    assert found.distinct_shifts <= (max_shifts or 99)
    assert found.distinct_starts <= (max_starts or 99)
    if min_staff and needed.required.any():
        missing = np.maximum(np.where(needed.required[0] > 0, min_staff, 0) - found.coverage, 0)
        assert found.below_minimum.tolist() == missing.tolist()
        assert found.cost_parts["min_staff"] == pytest.approx(missing.sum() * 150.0 / 2)
        assert bool(missing.any()) == any("minimum staffing" in note for note in found.notes)
    else:
        assert "min_staff" not in found.cost_parts
    free = design(needed, [kind, short], 10.0, [Premium("late", 0.25, 960, 1320)], Prices())
    assert free.bound <= found.cost + 1e-6


def test_the_same_shift_on_several_days_is_one_distinct_shift() -> None:
    kind = ShiftKind("day", (480,), 360, 600, 60)
    needed = demand(week(), {"p": {(day, 8, 16): 3.0 for day in range(7)}})
    found = design(needed, [kind], 10.0, [], Prices(), max_shifts=1, max_starts=1)
    assert len(found.table) == 7
    assert (found.distinct_shifts, found.distinct_starts) == (1, 1)
    assert found.cost == pytest.approx(7 * 3 * 8 * 10.0)
    assert found.status == "optimal"


def test_one_start_may_carry_several_lengths() -> None:
    kind = ShiftKind("day", (240, 480), 480, 720, 60)
    needed = demand(week(), {"p": {(0, 8, 12): 5.0, (0, 12, 16): 2.0}})
    found = design(needed, [kind], 10.0, [], Prices(), max_starts=1)
    assert (found.distinct_shifts, found.distinct_starts) == (2, 1)
    assert found.cost == pytest.approx((3 * 4 + 2 * 8) * 10.0)


def test_shifts_of_a_clock_change_week_are_the_same_by_the_wall_clock() -> None:
    """The week of 25 October 2026 has 169 hours."""
    starts = week(monday=date(2026, 10, 19))
    kind = ShiftKind("day", (480,), 360, 600, 60)
    needed = demand(starts, {"p": {(day, 8, 16): 1.0 for day in range(7)}})
    found = design(needed, [kind], 10.0, [], Prices(), max_shifts=1)
    assert (len(found.table), found.distinct_shifts, found.distinct_starts) == (7, 1, 1)
    assert found.cost == pytest.approx(560.0)


def test_minimum_staffing_is_kept_where_it_pays_and_told_where_no_shift_reaches() -> None:
    """One person needed 07-16; two are to be at work, and no shift starts before 08:00."""
    kind = ShiftKind("day", (480,), 480, 480, 60)
    needed = demand(week(), {"p": {(0, 7, 16): 1.0}})
    found = design(needed, [kind], 10.0, [], Prices(), min_staff=2)
    assert found.table["agents"].tolist() == [2]
    assert np.flatnonzero(found.below_minimum).tolist() == [7]
    assert found.cost_parts["min_staff"] == pytest.approx(2 * 150.0)
    assert found.cost_parts["surplus"] == pytest.approx(8 * 5.0)
    assert found.cost == pytest.approx(160 + 300 + 40 + (0.05 * 60 + 0.10 * 90 + 0.85 * 150))
    assert [note for note in found.notes if "minimum staffing in 1 h, by up to 2 people" in note]
    assert "Mon 2026-11-23 07:00" in found.notes[-1]


def test_minimum_staffing_in_a_window_holds_without_demand() -> None:
    kind = ShiftKind("day", (240,), 480, 720, 240)
    at_work = np.zeros(7 * 24, dtype=int)
    at_work[12:16] = 3
    found = design(demand(week(), {"p": {}}), [kind], 10.0, [], Prices(), min_staff=at_work)
    assert found.coverage[12:16].tolist() == [3.0] * 4
    assert found.coverage.sum() == 12
    assert not found.below_minimum.any()


def test_a_minimum_of_nobody_changes_nothing() -> None:
    kind = ShiftKind("day", (300, 360), 420, 780, 60, TWO_BREAKS, (0,))
    free, zero = (
        design(one_day(3, 9), [kind], 10.0, [], Prices(), min_staff=minimum) for minimum in (None, 0)
    )
    assert free.table.equals(zero.table)
    assert (free.cost, free.bound, free.cost_parts, free.notes) == (
        zero.cost,
        zero.bound,
        zero.cost_parts,
        zero.notes,
    )


def test_limits_on_no_demand_need_no_shift() -> None:
    kind = ShiftKind("day", (480,), 480, 480, 60)
    found = design(demand(week(), {"p": {}}), [kind], 10.0, [], Prices(), max_shifts=2, max_starts=1)
    assert found.table.empty
    assert (found.cost, found.distinct_shifts, found.distinct_starts) == (0.0, 0, 0)


def test_a_design_with_limits_is_the_same_again() -> None:
    kind = ShiftKind("day", (300, 360), 420, 780, 60, TWO_BREAKS, (0,))
    first, second = (
        design(one_day(3, 9), [kind], 10.0, [], Prices(), max_shifts=3, seed=7) for _ in range(2)
    )
    assert first.table.equals(second.table)
    assert (first.cost, first.bound) == (second.cost, second.bound)


@pytest.mark.parametrize("seed", range(3))
def test_nobody_beyond_the_useful_number_is_on_a_shift_of_an_optimum(seed: int) -> None:
    kind = ShiftKind("day", (300,), 480, 480, 60, TWO_BREAKS, (0,))
    needed = one_day(seed, 6)
    grid = time_grid(needed, [kind])
    covering = Covering(np.full(len(grid.starts), 0.01), needed.required[0], Prices(surplus_per_hour=0.0))
    found = design(needed, [kind], 0.02, [], covering.prices)
    assert (found.table["agents"].to_numpy() <= most_useful(grid, covering).max()).all()


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"max_shifts": 0}, "max_shifts: a whole number >= 1 expected, got 0"),
        ({"max_shifts": 2.5}, "max_shifts: a whole number >= 1 expected, got 2.5"),
        ({"max_starts": -1}, "max_starts: a whole number >= 1 expected, got -1"),
        ({"max_starts": True}, "max_starts: a whole number >= 1 expected, got True"),
        ({"min_staff": -1}, "min_staff: a whole number >= 0 expected, got -1"),
        ({"min_staff": 1.5}, "min_staff: a whole number >= 0 expected, got 1.5"),
        ({"min_staff": np.ones(3)}, r"min_staff of shape \(168,\) expected, got \(3,\)"),
        ({"min_staff": np.full(168, 0.5)}, "min_staff: whole numbers >= 0 expected in every slot"),
        ({"min_staff": np.full(168, -1)}, "min_staff: whole numbers >= 0 expected in every slot"),
    ],
)
def test_limits_that_make_no_sense_are_refused(limits: dict, said: str) -> None:
    with pytest.raises(InvalidSchedule, match=said):
        design(two_days(1), [LIMITED], 10.0, [], Prices(), **limits)
