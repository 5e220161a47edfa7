"""The states of a person's week: days worked, paid minutes, days in a row; and how a day changes them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schedules.agents import Contract

_EPS_MIN = 1e-6


@dataclass(frozen=True)
class WeekLimits:
    """Bounds of one week: paid minutes and days worked, both ends included."""

    min_minutes: int
    max_minutes: int
    min_days: int
    max_days: int


@dataclass(frozen=True)
class Workweeks:
    """A layered graph: a node is what must be remembered before a day begins.

    Attributes
    ----------
    layer
        First node of each layer, shape ``(days + 2,)``; layer 0 holds the root, the last layer one end node.
    off
        Node after a free day, -1 where a free day cannot lead to a legal end.
    work
        Node after a shift of each paid length, shape ``(nodes, paid lengths)``, -1 as above.
    """

    layer: np.ndarray
    off: np.ndarray
    work: np.ndarray

    @property
    def feasible(self) -> bool:
        """Whether some pattern of free days and paid lengths is legal."""
        return bool(self.off[0] >= 0 or (self.work[0] >= 0).any())


def week_limits(contract: Contract, leave_days: Sequence[int]) -> tuple[WeekLimits, ...]:
    """Limits per week; each day of leave lowers hours and days, never below zero."""
    limits = []
    for days in leave_days:
        credit = contract.hours_per_leave_day * days
        limits.append(
            WeekLimits(
                math.ceil(max(0.0, contract.min_hours - credit) * 60 - _EPS_MIN),
                math.floor(max(0.0, contract.max_hours - credit) * 60 + _EPS_MIN),
                max(0, contract.min_days - days),
                max(0, contract.max_days - days),
            )
        )
    return tuple(limits)


def workweeks(
    paid_minutes: Sequence[int],
    days: int,
    limits: Sequence[WeekLimits],
    max_consecutive_days: int,
    days_before: int,
) -> Workweeks:
    """Build the graph of all legal sequences of free days and paid lengths.

    Parameters
    ----------
    paid_minutes
        Distinct paid lengths of shifts, ascending.
    days
        Days of the horizon; weeks are sevens from its first day.
    limits
        One entry per week.
    max_consecutive_days, days_before
        Longest run of days worked, and the run that reaches into the horizon.
    """
    longest = max(paid_minutes, default=0)
    counts_run = days_before + days > max_consecutive_days
    State = tuple[int, int, int]

    def after(day: int, state: State, paid: int) -> State | None:
        """State before ``day + 1``; ``paid`` 0 is a free day."""
        worked, minutes, run = state
        limit = limits[day // 7]
        if paid:
            worked, minutes = worked + 1, minutes + paid
            run = run + 1 if counts_run else 0
            if worked > limit.max_days or minutes > limit.max_minutes or run > max_consecutive_days:
                return None
        else:
            run = 0
        left = min(days, (day // 7 + 1) * 7) - day - 1
        if (
            worked + left < limit.min_days
            or minutes + min(left, limit.max_days - worked) * longest < limit.min_minutes
        ):
            return None
        if left == 0:
            worked = minutes = 0
        if day + 1 == days:
            run = 0
        return worked, minutes, run

    root: State = (0, 0, min(days_before, max_consecutive_days) if counts_run else 0)
    layers: list[dict[State, int]] = [{root: 0}]
    edges: list[list[list[State | None]]] = []
    for day in range(days):
        following: dict[State, int] = {}
        row = []
        for state in layers[day]:
            targets = [after(day, state, paid) for paid in (0, *paid_minutes)]
            for target in targets:
                if target is not None:
                    following.setdefault(target, len(following))
            row.append(targets)
        layers.append(following)
        edges.append(row)
    layer = np.concatenate(([0], np.cumsum([len(states) for states in layers]))).astype(np.int64)
    nodes = int(layer[-1])
    off = np.full(nodes, -1, dtype=np.int64)
    work = np.full((nodes, len(paid_minutes)), -1, dtype=np.int64)
    alive = np.zeros(nodes, dtype=bool)
    alive[layer[days] :] = True
    for day in reversed(range(days)):
        for index, targets in enumerate(edges[day]):
            node = int(layer[day]) + index
            for choice, target in enumerate(targets):
                if target is None:
                    continue
                number = int(layer[day + 1]) + layers[day + 1][target]
                if not alive[number]:
                    continue
                alive[node] = True
                if choice == 0:
                    off[node] = number
                else:
                    work[node, choice - 1] = number
    return Workweeks(layer, off, work)
