"""Shift design: how many people on which shift, before anybody is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from schedules.demand import Demand
from schedules.errors import InvalidSchedule
from schedules.rules import Premium, Prices
from schedules.shifts import ShiftKind


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
        ``wages, premiums, shortage, surplus`` and, where a minimum is asked for, ``min_staff``; they add up to
        ``cost``.
    notes
        Sentences that the reader must know.
    below_minimum
        People missing per slot to the minimum staffing, shape ``(slots,)``; empty where none is asked for.
    """

    table: pd.DataFrame
    cost: float
    bound: float
    status: str
    coverage: np.ndarray
    cost_parts: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    below_minimum: np.ndarray = field(default_factory=lambda: np.zeros(0))

    @property
    def gap(self) -> float:
        """Share of the cost that is not proven necessary, ``(cost - bound) / cost``."""
        return max(0.0, (self.cost - self.bound) / self.cost) if self.cost > 0 else 0.0

    @property
    def distinct_shifts(self) -> int:
        """Number of different shifts by kind, start on the wall clock and length, whatever the day."""
        return len({shift_id[len("YYYY-MM-DD-") :] for shift_id in self.table["shift_id"]})

    @property
    def distinct_starts(self) -> int:
        """Number of different start times on the wall clock."""
        return len({start.time() for start in self.table["start"]})

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
    max_shifts: int | None = None,
    max_starts: int | None = None,
    min_staff: int | np.ndarray | None = None,
    seed: int = 0,
    on_progress: Callable[[str], None] | None = None,
) -> Design:
    """Choose shifts for anonymous people, pooled over the queues.

    Solves the relaxation by interior point, then the integer program with every count of shifts between
    the relaxation's value rounded down and rounded up; the relaxation is the bound. With limits on distinct
    shifts or starts see `schedules.shift_limits.limited_design`.

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
    max_shifts
        Distinct shifts at most, >= 1: kind, start on the wall clock and length; the same shift on several days is one.
    max_starts
        Distinct start times on the wall clock at most, >= 1.
    min_staff
        People at work (not on a break), over all queues together, in every slot in which any queue asks for
        somebody; or an array of whole numbers >= 0 of shape ``(slots,)`` that says it slot by slot. Each one
        missing costs the dearest price of a shortage beside the shortage itself, and is told in ``notes``.
    seed
        Seed of the solver.
    on_progress
        Receives one line per stage.

    Raises
    ------
    InvalidSchedule
        If a kind does not fit the slots, or a limit or minimum is not accepted.

    References
    ----------
    Bechtold, Jacobs (1990), Management Science 36(11); Aykin (1996), Management Science 42(4);
    Berthold (2014), RENS, Mathematical Programming Computation 6(1).
    """
    from schedules.cover import shortage_cost
    from schedules.shift_limits import ShiftLimits, limited_design
    from schedules.timegrid import premium_share, time_grid
    from schedules.whole_shifts import CLOCK_GUARD_S, Covering, relax, round_whole

    tell = on_progress or (lambda _line: None)
    limits = ShiftLimits(max_shifts, max_starts)
    grid = time_grid(demand, kinds)
    share = premium_share(grid, premiums, demand.holidays)
    wage = cost_per_hour * grid.slot_h
    required = demand.required.sum(axis=0)
    minimum = _minimum(min_staff, required)
    covering = Covering(wage * (1.0 + share), required, prices, minimum)
    notes = (
        [f"{len(grid.skipped)} shift starts fall into the clock change and were left out"]
        if grid.skipped
        else []
    )
    if limits.given:
        limited = limited_design(grid, covering, limits, seed, tell)
        whole, bound, relaxed = limited.whole, limited.bound, limited.relaxed
    else:
        model = covering.model(grid)
        solved = relax(model, seed)
        relaxed = solved.status == "optimal"
        bound = solved.objective if relaxed else 0.0
        if relaxed:
            tell(f"shift design: relaxation {bound:.2f}")
        whole = round_whole(grid, model, solved, covering.peak, seed)
    if not relaxed:
        notes.append("the relaxation met the clock guard: no bound")
    if whole.clock:
        notes.append(f"the clock guard of {CLOCK_GUARD_S:.0f} s ended the search")

    grid, agents = whole.grid, whole.agents
    present = np.zeros(len(grid.starts) + 1)
    np.add.at(present, grid.start, agents)
    np.add.at(present, grid.start + grid.length, -agents)
    paid = present.copy()
    for (pattern_index, position, slot), count in whole.breaks.items():
        pattern = grid.patterns[pattern_index]
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
    below = np.zeros(0)
    if minimum is not None:
        below = np.maximum(minimum - coverage, 0.0)
        parts["min_staff"] = float(below.sum() * prices.shortage[-1].price_per_hour * grid.slot_h)
        notes.extend(_missed(below, grid.starts, grid.slot_h))
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
    status = (
        "limit"
        if whole.clock or not relaxed
        else "optimal"
        if cost - bound <= 1e-6 * max(cost, 1e-9)
        else "feasible"
    )
    tell(f"shift design: cost {cost:.2f}, bound {bound:.2f}")
    return Design(table, cost, bound, status, coverage, parts, tuple(notes), below)


def _minimum(min_staff: int | np.ndarray | None, required: np.ndarray) -> np.ndarray | None:
    """People who are to be at work per slot; ``None`` where nobody is asked for."""
    if min_staff is None:
        return None
    if isinstance(min_staff, np.ndarray):
        if min_staff.shape != required.shape:
            raise InvalidSchedule(f"min_staff of shape {required.shape} expected, got {min_staff.shape}")
        people = min_staff.astype(float)
        if not np.isfinite(people).all() or (people < 0).any() or (people != np.rint(people)).any():
            raise InvalidSchedule("min_staff: whole numbers >= 0 expected in every slot")
    else:
        if isinstance(min_staff, bool) or not isinstance(min_staff, int | np.integer) or min_staff < 0:
            raise InvalidSchedule(f"min_staff: a whole number >= 0 expected, got {min_staff!r}")
        people = np.where(required > 0, float(min_staff), 0.0)
    return people if people.any() else None


def _missed(below: np.ndarray, starts: pd.DatetimeIndex, slot_h: float) -> list[str]:
    slots = np.flatnonzero(below > 0)
    if not len(slots):
        return []
    return [
        f"shift design: fewer at work than the minimum staffing in {len(slots) * slot_h:g} h, by up to "
        f"{int(below.max())} people, first {starts[slots[0]]:%a %Y-%m-%d %H:%M}"
    ]
