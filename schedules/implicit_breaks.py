"""The integer program of shift design, with breaks as flows instead of shift-by-break patterns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp

from schedules.rules import Prices
from schedules.solver import linear
from schedules.timegrid import TimeGrid


@dataclass(frozen=True)
class DesignModel:
    """The program and its variables.

    Attributes
    ----------
    problem
        The PuLP problem.
    shifts
        One integer variable per shift of the grid: how many people work it.
    breaks
        ``(group, position, slot) -> variable``: breaks that start in a slot.
    groups
        Shifts that share a kind and a break pattern, as index arrays.
    """

    problem: Any
    shifts: list[Any]
    breaks: dict[tuple[int, int, int], Any]
    groups: list[np.ndarray]


def build_model(
    grid: TimeGrid,
    slot_cost: np.ndarray,
    required: np.ndarray,
    prices: Prices,
    minimum: np.ndarray | None = None,
) -> DesignModel:
    """Shifts at wages, breaks placed implicitly, shortage in tiers, surplus priced.

    Parameters
    ----------
    grid
        The shifts.
    slot_cost
        Wage and premiums of a paid slot, shape ``(extended slots,)``.
    required
        People needed per slot, pooled, shape ``(slots,)``.
    prices
        Prices of shortage and surplus.
    minimum
        People at work per slot, whatever is required, shape ``(slots,)``; each one who is missing costs the
        dearest price of a shortage on top.

    Notes
    -----
    Persons whose windows open in order also break in order (first in, first out), because windows
    of one group have one length. So for each group and break it is enough to count the persons who
    may still wait: ``waiting[t] = waiting[t-1] + windows opened at t - breaks started at t``, not more than the
    windows that are still open after ``t``. Spacing between consecutive breaks compares the two counts.
    This gives the relaxation of the explicit patterns with one column per break start.

    References
    ----------
    Bechtold, Jacobs (1990), Management Science 36(11); Aykin (1996), Management Science 42(4).
    """
    problem = pulp.LpProblem("shift_design")
    horizon = len(slot_cost)
    paid = np.concatenate(([0.0], np.cumsum(slot_cost)))
    terms: list[tuple[Any, float]] = []
    shifts = []
    for index in range(len(grid.start)):
        variable = problem.add_variable(f"x{index}", 0, None, "Integer")
        shifts.append(variable)
        terms.append((variable, paid[grid.start[index] + grid.length[index]] - paid[grid.start[index]]))

    joins: list[list[Any]] = [[] for _ in range(horizon + 1)]
    leaves: list[list[Any]] = [[] for _ in range(horizon + 1)]
    for index, variable in enumerate(shifts):
        joins[grid.start[index]].append(variable)
        leaves[grid.start[index] + grid.length[index]].append(variable)

    breaks: dict[tuple[int, int, int], Any] = {}
    groups: list[np.ndarray] = []
    keys = sorted(set(zip(grid.kind.tolist(), grid.pattern.tolist(), strict=True)))
    for group, (kind, pattern_index) in enumerate(keys):
        members = np.flatnonzero((grid.kind == kind) & (grid.pattern == pattern_index))
        groups.append(members)
        pattern = grid.patterns[pattern_index]
        if not pattern.length:
            continue
        by_start: dict[int, list[Any]] = {}
        for index in members.tolist():
            by_start.setdefault(int(grid.start[index]), []).append(shifts[index])
        _add_breaks(problem, terms, breaks, joins, leaves, group, pattern, by_start, slot_cost)

    present = None
    for slot in range(len(required)):
        now = problem.add_variable(f"n{slot}", 0)
        flow = [now, *([present] if present is not None else []), *joins[slot], *leaves[slot]]
        signs = [
            1.0,
            *([-1.0] if present is not None else []),
            *[-1.0] * len(joins[slot]),
            *[1.0] * len(leaves[slot]),
        ]
        problem += (linear(flow, signs) == 0, f"present{slot}")
        present = now
        _cover(problem, terms, now, slot, float(required[slot]), prices, grid.slot_h)
        if minimum is not None and minimum[slot] > 0:
            few = problem.add_variable(f"m{slot}", 0)
            terms.append((few, prices.shortage[-1].price_per_hour * grid.slot_h))
            problem += (linear([now, few], [1.0, 1.0]) >= float(minimum[slot]), f"minimum{slot}")
    problem += linear([variable for variable, _ in terms], [value for _, value in terms])
    return DesignModel(problem, shifts, breaks, groups)


def _cover(
    problem: Any,
    terms: list[tuple[Any, float]],
    now: Any,
    slot: int,
    required: float,
    prices: Prices,
    slot_h: float,
) -> None:
    over = problem.add_variable(f"o{slot}", 0)
    terms.append((over, prices.surplus_per_hour * slot_h))
    if required <= 0:
        problem += (linear([now, over], [1.0, -1.0]) == 0, f"cover{slot}")
        return
    row, signs, below = [now, over], [1.0, -1.0], 0.0
    for tier_index, tier in enumerate(prices.shortage):
        short = problem.add_variable(f"s{slot}_{tier_index}", 0, (tier.up_to_share - below) * required)
        terms.append((short, tier.price_per_hour * slot_h))
        row.append(short)
        signs.append(1.0)
        below = tier.up_to_share
    problem += (linear(row, signs) == required, f"cover{slot}")


def _add_breaks(
    problem: Any,
    terms: list[tuple[Any, float]],
    breaks: dict[tuple[int, int, int], Any],
    joins: list[list[Any]],
    leaves: list[list[Any]],
    group: int,
    pattern: Any,
    by_start: dict[int, list[Any]],
    slot_cost: np.ndarray,
) -> None:
    starts = sorted(by_start)
    paid = np.concatenate(([0.0], np.cumsum(slot_cost)))
    before: dict[int, Any] = {}
    for j, (length, earliest, latest) in enumerate(
        zip(pattern.length, pattern.earliest, pattern.latest, strict=True)
    ):
        open_slots = sorted({start + offset for start in starts for offset in range(earliest, latest + 1)})
        waiting: dict[int, Any] = {}
        previous = -1
        for slot in open_slots:
            pause = problem.add_variable(f"b{group}_{j}_{slot}", 0, None, "Integer")
            breaks[group, j, slot] = pause
            leaves[slot].append(pause)
            joins[slot + length].append(pause)
            if not pattern.paid[j]:
                terms.append((pause, -(paid[slot + length] - paid[slot])))
            opened = by_start.get(slot - earliest, [])
            still = [
                v for start in range(slot - latest + 1, slot - earliest + 1) for v in by_start.get(start, [])
            ]
            flow, signs = [pause, *opened], [1.0, *[-1.0] * len(opened)]
            if previous in waiting:
                flow.append(waiting[previous])
                signs.append(-1.0)
            if still:
                wait = problem.add_variable(f"w{group}_{j}_{slot}", 0)
                waiting[slot] = wait
                flow.append(wait)
                signs.append(1.0)
                problem += (
                    linear([wait, *still], [1.0, *[-1.0] * len(still)]) <= 0,
                    f"open{group}_{j}_{slot}",
                )
            problem += (linear(flow, signs) == 0, f"wait{group}_{j}_{slot}")
            previous = slot
        if j > 0:
            _space(problem, group, j, pattern, by_start, before, waiting)
        before = waiting


def _space(
    problem: Any,
    group: int,
    j: int,
    pattern: Any,
    by_start: dict[int, list[Any]],
    first: dict[int, Any],
    second: dict[int, Any],
) -> None:
    """Break ``j`` starts at least the spacing after break ``j - 1`` has ended, person by person.

    With first in, first out: the number of second breaks started up to ``t`` may not pass the number of first breaks
    started up to ``t - shift``; started = windows opened less waiting.
    """
    shift = pattern.length[j - 1] + pattern.spacing
    if pattern.latest[j - 1] + shift <= pattern.earliest[j]:
        return
    lead = pattern.earliest[j] - pattern.earliest[j - 1] - shift
    for slot, waiting_first in first.items():
        later = slot + shift
        opened = [
            v
            for start in range(later - pattern.earliest[j] + 1, later - pattern.earliest[j] + lead + 1)
            for v in by_start.get(start, [])
        ]
        row, signs = [waiting_first, *opened], [1.0, *[-1.0] * len(opened)]
        if later in second:
            row.append(second[later])
            signs.append(-1.0)
        problem += (linear(row, signs) <= 0, f"space{group}_{j}_{slot}")
