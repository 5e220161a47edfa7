"""What each shift of one person costs besides its coverage, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schedules.agents import Agent, Wish
from schedules.compact.choices import Wall
from schedules.teams import Fairness, Held

PARTS = ("wages", "premiums", "overtime", "shift_fees", "refused_wishes", "changes")


@dataclass(frozen=True)
class Behind:
    """What one person brings from before beyond what anybody brings at least: weekends, late shifts, refusals."""

    weekends: int = 0
    late_shifts: int = 0
    refused_wishes: int = 0


def behind(agents: Sequence[Agent]) -> dict[str, Behind]:
    """The counts of :class:`schedules.teams.Fairness` for everybody."""
    if not agents:
        return {}
    weekends = min(agent.before.weekends for agent in agents)
    late = min(agent.before.late_shifts for agent in agents)
    refused = min(agent.before.refused_wishes for agent in agents)
    return {
        agent.id: Behind(
            agent.before.weekends - weekends,
            agent.before.late_shifts - late,
            agent.before.refused_wishes - refused,
        )
        for agent in agents
    }


@dataclass(frozen=True)
class Charges:
    """Money of one person's shifts, breaks counted as paid, and of free days.

    Attributes
    ----------
    shift
        Part to money per shift, each of shape ``(shifts,)``.
    free
        Part to money per free day, each of shape ``(days,)``.
    """

    shift: dict[str, np.ndarray]
    free: dict[str, np.ndarray]

    def total(self) -> np.ndarray:
        """Money per shift, all parts."""
        return np.asarray(sum(self.shift.values()))

    def total_free(self) -> np.ndarray:
        """Money per free day, all parts."""
        return np.asarray(sum(self.free.values()))


def refuses(wall: Wall, wish: Wish, shifts: np.ndarray) -> tuple[np.ndarray, bool]:
    """Which of ``shifts`` refuse a wish, and whether a free day does."""
    grid = wall.grid
    if wish.day not in wall.index:
        return np.zeros(len(shifts), dtype=bool), False
    today = grid.day[shifts] == wall.index[wish.day]
    none = np.zeros(len(shifts), dtype=bool)
    if wish.kind == "day_off":
        return today, False
    if wish.kind == "work":
        return none, True
    if wish.kind in ("shift", "not_shift"):
        numbers = [index for index, kind in enumerate(grid.kinds) if kind.name == wish.shift]
        named = np.isin(grid.kind[shifts], numbers)
        return (today & ~named, True) if wish.kind == "shift" else (today & named, False)
    minute = wish.time_min or 0
    off = grid.start_min[shifts] < minute if wish.kind == "start_from" else grid.start_min[shifts] > minute
    return today & off, False


def charges(
    wall: Wall,
    agent: Agent,
    shifts: np.ndarray,
    share_sum: np.ndarray,
    wishes: Sequence[Wish],
    fairness: Fairness,
    back: Behind,
    held: Held | None,
) -> Charges:
    """Price the shifts of one person.

    Parameters
    ----------
    shifts
        Indices on the grid.
    share_sum
        Cumulative premium share per extended slot, shape ``(extended + 1,)``.
    """
    grid, contract = wall.grid, agent.contract
    begin, end = grid.start[shifts], wall.end[shifts]
    slot_wage = contract.cost_per_hour * grid.slot_h
    part = {name: np.zeros(len(shifts)) for name in PARTS}
    free = {name: np.zeros(grid.days) for name in PARTS}
    part["wages"] = slot_wage * (end - begin)
    part["premiums"] = slot_wage * (share_sum[end] - share_sum[begin])
    if contract.daily_overtime_after_hours is not None:
        above = np.maximum(0.0, grid.paid_min[shifts] / 60.0 - contract.daily_overtime_after_hours)
        part["overtime"] = above * contract.cost_per_hour * contract.overtime_share
    part["shift_fees"] += contract.cost_per_shift
    factor = 1.0 + fairness.refused_wish * back.refused_wishes
    for wish in wishes:
        if wish.agent == agent.id:
            refused, off = refuses(wall, wish, shifts)
            part["refused_wishes"][refused] += wish.weight * factor
            if off:
                free["refused_wishes"][wall.index[wish.day]] += wish.weight * factor
    if held is not None and held.price_per_change:
        for number, day in enumerate(wall.dates):
            published = held.shifts.get((agent.id, day))
            today = grid.day[shifts] == number
            if published is None:
                part["changes"][today] += held.price_per_change
            else:
                same = wall.find(number, *published)[shifts]
                part["changes"][today & ~same] += held.price_per_change
                free["changes"][number] += held.price_per_change
    return Charges(part, free)
