"""Days of a person that are settled: fixed shifts, and frozen days of a published roster."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from schedules.agents import Agent, FixedShift
from schedules.teams import Held
from schedules.timegrid import TimeGrid
from schedules.tourarrays import KEPT_FREE, NOT_KEPT


def matches(grid: TimeGrid, fixed: FixedShift) -> np.ndarray:
    """Which shifts of the grid are the fixed one, whatever their day."""
    found = np.array([kind.name == fixed.kind for kind in grid.kinds], dtype=bool)[grid.kind]
    if fixed.start_min is not None:
        found &= grid.start_min == fixed.start_min
    if fixed.length_min is not None:
        found &= grid.length * grid.slot_min == fixed.length_min
    return found


def fixed_days(grid: TimeGrid, agent: Agent) -> dict[int, FixedShift]:
    """Day of the horizon to the shift that is fixed on it."""
    days = {date: day for day, date in enumerate(grid.dates())}
    return {days[fixed.day]: fixed for fixed in agent.fixed if fixed.day in days}


def published(grid: TimeGrid, agent: Agent, held: Held, shifts: np.ndarray) -> np.ndarray:
    """Position in ``shifts`` of what was published for each day; -1 for a free day, -2 for what is not among them."""
    found = np.full(grid.days, KEPT_FREE, dtype=np.int64)
    for day, date in enumerate(grid.dates()):
        shift = held.shifts.get((agent.id, date))
        if shift is not None:
            kind, start, length = shift
            same = matches(grid, FixedShift(date, kind, start, length))[shifts] & (grid.day[shifts] == day)
            found[day] = int(np.flatnonzero(same)[0]) if same.any() else NOT_KEPT
    return found


def freeze(
    grid: TimeGrid, agents: Sequence[Agent], masks: Sequence[np.ndarray], held: Held
) -> tuple[list[np.ndarray], list[frozenset[int]]]:
    """Masks in which frozen days allow only what was published, and the days that must then be worked.

    A day on which a person can no longer work what was published is left open.
    """
    frozen = [day for day, date in enumerate(grid.dates()) if date in held.frozen]
    dates = grid.dates()
    kept: list[np.ndarray] = []
    must: list[frozenset[int]] = []
    for agent, mask in zip(agents, masks, strict=True):
        allowed = mask.copy()
        work = set()
        for day in frozen:
            today = grid.day == day
            shift = held.shifts.get((agent.id, dates[day]))
            if shift is None:
                allowed &= ~today
                continue
            same = today & mask & matches(grid, FixedShift(dates[day], *shift))
            if same.any():
                allowed &= ~today | same
                work.add(day)
        kept.append(allowed)
        must.append(frozenset(work))
    return kept, must
