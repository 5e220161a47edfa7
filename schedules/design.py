"""Shift design: how many people on which shift, before anybody is named."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from schedules.demand import Demand
from schedules.rules import Premium, Prices
from schedules.shifts import ShiftKind

_GAP = 0.005
_ROUNDING = 0.9
_NODES = 20
_CLOCK_GUARD_S = 60.0


@dataclass(frozen=True)
class Design:
    """Anonymous shifts that cover a demand at the lowest price.

    Attributes
    ----------
    table
        One row per shift that is used: ``shift_id, kind, start, end, paid_h, agents``.
    cost, bound
        Money of the design, and what no design can undercut.
    status
        ``optimal`` (gap <= 1e-6), ``feasible`` (a proven gap is left) or ``limit`` (the clock guard struck).
    coverage
        People at work per slot, pooled over the queues, shape ``(slots,)``.
    cost_parts
        ``wages, premiums, shortage, surplus``; they add up to ``cost``.
    notes
        Sentences that the reader must know.
    """

    table: pd.DataFrame
    cost: float
    bound: float
    status: str
    coverage: np.ndarray
    cost_parts: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def gap(self) -> float:
        """Share of the cost that is not proven necessary, ``(cost - bound) / cost``."""
        return max(0.0, (self.cost - self.bound) / self.cost) if self.cost > 0 else 0.0

    def summary(self) -> str:
        """One sentence for a person."""
        return (
            f"{int(self.table['agents'].sum())} shifts of {len(self.table)} kinds, "
            f"{float((self.table['agents'] * self.table['paid_h']).sum()):.1f} paid hours, "
            f"cost {self.cost:.2f}, bound {self.bound:.2f}, gap {self.gap:.2%} ({self.status})"
        )


def design(
    demand: Demand,
    kinds: Sequence[ShiftKind],
    cost_per_hour: float,
    premiums: Sequence[Premium],
    prices: Prices,
    *,
    seed: int = 0,
    on_progress: Callable[[str], None] | None = None,
) -> Design:
    """Choose shifts for anonymous people, pooled over the queues.

    Solves the relaxation by interior point, then the integer program with every count of shifts between
    the relaxation's value rounded down and rounded up; the relaxation is the bound.

    Parameters
    ----------
    demand
        Required people per queue and slot.
    kinds
        Shift kinds; their times are multiples of the slot.
    cost_per_hour
        Wage of a paid hour, >= 0.
    premiums, prices
        Supplements on the wage; prices of shortage and surplus.
    seed
        Seed of the solver.
    on_progress
        Receives one line per stage.

    Raises
    ------
    InvalidSchedule
        If a kind does not fit the slots.

    References
    ----------
    Bechtold, Jacobs (1990), Management Science 36(11); Aykin (1996), Management Science 42(4);
    Berthold (2014), RENS, Mathematical Programming Computation 6(1).
    """
    from schedules.cover import shortage_cost
    from schedules.implicit_breaks import build_model
    from schedules.solver import solve
    from schedules.timegrid import premium_share, time_grid

    tell = on_progress or (lambda _line: None)
    grid = time_grid(demand, kinds)
    share = premium_share(grid, premiums, demand.holidays)
    wage = cost_per_hour * grid.slot_h
    required = demand.required.sum(axis=0)
    model = build_model(grid, wage * (1.0 + share), required, prices)

    for variable in [*model.shifts, *model.breaks.values()]:
        variable.cat = "Continuous"
    relaxed = solve(model.problem, method="ipm", seed=seed, clock_guard_s=_CLOCK_GUARD_S)
    notes = (
        [f"{len(grid.skipped)} shift starts fall into the clock change and were left out"]
        if grid.skipped
        else []
    )
    bound = relaxed.objective if relaxed.status == "optimal" else 0.0
    counts = [*model.shifts, *model.breaks.values()]
    if relaxed.status == "optimal":
        tell(f"shift design: relaxation {bound:.2f}")
        for variable in counts:
            value = variable.varValue
            variable.lowBound = max(0, math.floor(value + 1e-6))
            variable.upBound = max(0, math.ceil(value - 1e-6))
    else:
        notes.append("the relaxation met the clock guard: no bound")
    for variable in counts:
        variable.cat = "Integer"
    # Whole people cost the more against the relaxation, the fewer they are: no use in asking for what rounding forbids.
    gap = min(0.05, max(_GAP, _ROUNDING / max(1.0, float(required.max()))))
    rounded = solve(model.problem, gap=gap, nodes=_NODES, seed=seed, clock_guard_s=_CLOCK_GUARD_S)
    if not rounded.has_solution:
        # Rounded shifts and rounded breaks need not fit together.
        for variable in counts:
            variable.lowBound, variable.upBound = 0, None
        rounded = solve(model.problem, gap=gap, nodes=_NODES, seed=seed, clock_guard_s=_CLOCK_GUARD_S)
    if not rounded.has_solution:
        raise RuntimeError(f"shift design: the integer program ended without a solution ({rounded.limit})")
    limited = rounded.limit == "clock guard" or relaxed.status != "optimal"
    if rounded.limit == "clock guard":
        notes.append(f"the clock guard of {_CLOCK_GUARD_S:.0f} s ended the search")

    agents = np.array([round(variable.varValue) for variable in model.shifts], dtype=np.int64)
    present = np.zeros(len(grid.starts) + 1)
    np.add.at(present, grid.start, agents)
    np.add.at(present, grid.start + grid.length, -agents)
    paid = present.copy()
    for (group, position, slot), variable in model.breaks.items():
        count = round(variable.varValue)
        pattern = grid.patterns[int(grid.pattern[model.groups[group][0]])]
        for change in (present, *(() if pattern.paid[position] else (paid,))):
            change[slot] -= count
            change[slot + pattern.length[position]] += count
    working, paid_slots = np.cumsum(present)[:-1], np.cumsum(paid)[:-1]
    coverage = working[: grid.slots]
    missing = np.maximum(required - coverage, 0.0)
    parts = {
        "wages": float(paid_slots.sum() * wage),
        "premiums": float((paid_slots * share).sum() * wage),
        "shortage": float(shortage_cost(missing, required, prices).sum() * grid.slot_h),
        "surplus": float(np.maximum(coverage - required, 0.0).sum() * prices.surplus_per_hour * grid.slot_h),
    }
    cost = sum(parts.values())
    bound = min(bound, cost)
    used = np.flatnonzero(agents)
    table = pd.DataFrame(
        {
            "shift_id": [grid.shift_id(index) for index in used.tolist()],
            "kind": [kinds[grid.kind[index]].name for index in used.tolist()],
            "start": pd.DatetimeIndex(
                [grid.time(grid.start[index]) for index in used.tolist()], tz=grid.starts.tz
            ),
            "end": pd.DatetimeIndex(
                [grid.time(grid.start[index] + grid.length[index]) for index in used.tolist()],
                tz=grid.starts.tz,
            ),
            "paid_h": grid.paid_min[used] / 60.0,
            "agents": agents[used],
        }
    ).sort_values(["start", "shift_id"], ignore_index=True)
    status = "limit" if limited else "optimal" if cost - bound <= 1e-6 * max(cost, 1e-9) else "feasible"
    tell(f"shift design: cost {cost:.2f}, bound {bound:.2f}")
    return Design(table, cost, bound, status, coverage, parts, tuple(notes))
