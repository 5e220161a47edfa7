"""Which shifts of the grid one person may choose from, read straight from the declarations, rule by rule."""

from __future__ import annotations

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.rules import NightWindow, Rules
from schedules.teams import Held
from schedules.timegrid import TimeGrid

DAY_MIN = 24 * 60


class Wall:
    """What the wall clock says about the shifts of a grid."""

    def __init__(self, grid: TimeGrid) -> None:
        self.grid = grid
        self.dates = grid.dates()
        self.index = {date: day for day, date in enumerate(self.dates)}
        self.end = grid.start + grid.length
        slot = pd.Timedelta(minutes=grid.slot_min)
        edges = pd.date_range(grid.starts[0], periods=len(grid.starts) + 1, freq=slot)
        naive = edges.tz_localize(None)
        minutes = np.asarray((naive - naive[0]) / pd.Timedelta(minutes=1)).round().astype(np.int64)
        self.slot_minute = minutes[:-1] % DAY_MIN
        self.end_min = minutes[self.end] - grid.day * DAY_MIN
        self.weekday = np.array([day.weekday() for day in self.dates], dtype=np.int64)

    def weeks(self) -> list[range]:
        """Days of each week, sevens from the first day."""
        return [range(first, min(first + 7, self.grid.days)) for first in range(0, self.grid.days, 7)]

    def weekends(self) -> list[tuple[int, ...]]:
        """Days of each weekend; one that the horizon cuts has a single day."""
        found: list[tuple[int, ...]] = []
        for day, weekday in enumerate(self.weekday):
            if weekday == 5:
                found.append((day, day + 1) if day + 1 < self.grid.days else (day,))
            elif weekday == 6 and day == 0:
                found.append((day,))
        return found

    def night(self, window: NightWindow) -> np.ndarray:
        """Whether each shift is a night shift."""
        begin, end = self.slot_minute, self.slot_minute + self.grid.slot_min
        spans = (
            [(window.from_min, window.until_min)]
            if window.from_min < window.until_min
            else [(0, window.until_min), (window.from_min, DAY_MIN + window.until_min)]
        )
        inside = sum(
            np.clip(np.minimum(end, until) - np.maximum(begin, since), 0, None) for since, until in spans
        )
        total = np.concatenate(([0], np.cumsum(inside)))
        return np.asarray(total[self.end] - total[self.grid.start] >= window.at_least_min, dtype=bool)

    def find(self, day: int, kind: str, start_min: int | None, length_min: int | None) -> np.ndarray:
        """Mask of the shifts of a day with this kind, start and length."""
        grid = self.grid
        named = [index for index, one in enumerate(grid.kinds) if one.name == kind]
        mask = (grid.day == day) & np.isin(grid.kind, named)
        if start_min is not None:
            mask &= grid.start_min == start_min
        if length_min is not None:
            mask &= grid.length * grid.slot_min == length_min
        return mask

    def leave_days(self, agent: Agent, days: range) -> int:
        """Days of leave among ``days``."""
        return sum(self.dates[day] in agent.leave for day in days)


def contract_refuses(wall: Wall, agent: Agent) -> np.ndarray:
    """Mask of the shifts whose kind the contract does not have."""
    named = [index for index, kind in enumerate(wall.grid.kinds) if kind.name in agent.contract.shifts]
    return ~np.isin(wall.grid.kind, named)


def refusals(wall: Wall, agent: Agent, rules: Rules) -> dict[str, np.ndarray]:
    """Rule to the shifts that it alone refuses; the contract's kinds and frozen days are apart.

    Each value is a mask over the shifts of the grid; rules that refuse nothing are left out.
    """
    grid = wall.grid
    found: dict[str, np.ndarray] = {}
    if agent.availability is not None:
        allowed = np.zeros(len(grid.start), dtype=bool)
        for window in agent.availability:
            allowed |= (
                (wall.weekday[grid.day] == window.weekday)
                & (grid.start_min >= window.from_min)
                & (wall.end_min <= window.until_min)
            )
        found["availability"] = ~allowed
    for number, day in enumerate(wall.dates):
        if day in agent.days_off:
            found[f"day off on {day:%a} {day.day} {day:%b}"] = grid.day == number
    if agent.leave:
        touched = np.zeros(len(grid.start), dtype=bool)
        last = grid.day + (wall.end_min - 1) // DAY_MIN
        for day in agent.leave:
            offset = (day - wall.dates[0]).days
            touched |= (grid.day <= offset) & (offset <= last)
        found["leave"] = touched
    step = pd.Timedelta(minutes=grid.slot_min)
    for absence in agent.absences:
        since, until = (absence.start - grid.starts[0]) / step, (absence.end - grid.starts[0]) / step
        met = (wall.end > since) & (grid.start < until)
        name = f"absence ({absence.reason})"
        found[name] = found.get(name, False) | met
    if agent.last_shift_end is not None:
        ready_min = (agent.last_shift_end - grid.starts[0]) / pd.Timedelta(minutes=1) + rules.min_rest_h * 60
        found["rest after the last shift"] = grid.start * grid.slot_min < ready_min - 1e-6
    if rules.max_shift_h is not None:
        found["longest shift"] = grid.paid_min > rules.max_shift_h * 60 + 1e-6
    if agent.rotation:
        kept = np.zeros(len(grid.start), dtype=bool)
        for week, days in enumerate(wall.weeks()):
            names = agent.rotation[week % len(agent.rotation)]
            numbers = [index for index, kind in enumerate(grid.kinds) if kind.name in names]
            kept |= np.isin(grid.day, list(days)) & np.isin(grid.kind, numbers)
        found["rotation"] = ~kept
    if agent.before.last_kind:
        after = [second for first, second in rules.forbidden_successions if first == agent.before.last_kind]
        numbers = [index for index, kind in enumerate(grid.kinds) if kind.name in after]
        found["forbidden succession"] = (grid.day == 0) & np.isin(grid.kind, numbers)
    for fixed in agent.fixed:
        if fixed.day in wall.index:
            number = wall.index[fixed.day]
            other = (grid.day == number) & ~wall.find(number, fixed.kind, fixed.start_min, fixed.length_min)
            found["fixed shift"] = found.get("fixed shift", False) | other
    return {name: mask for name, mask in found.items() if mask.any()}


def legal(wall: Wall, agent: Agent, rules: Rules) -> np.ndarray:
    """Mask of the shifts that no rule about a single shift refuses."""
    refused = contract_refuses(wall, agent)
    for mask in refusals(wall, agent, rules).values():
        refused = refused | mask
    return ~refused


def frozen(wall: Wall, agent: Agent, allowed: np.ndarray, held: Held | None) -> tuple[np.ndarray, set[int]]:
    """Shifts that frozen days leave, and the days on which one must be worked.

    Who can no longer keep a frozen shift is free on that day.
    """
    must = {wall.index[fixed.day] for fixed in agent.fixed if fixed.day in wall.index}
    if held is None:
        return allowed, must
    kept = allowed.copy()
    for day in held.frozen:
        number = wall.index.get(day)
        if number is None:
            continue
        published = held.shifts.get((agent.id, day))
        today = wall.grid.day == number
        if published is None:
            if number not in must:
                kept &= ~today
            continue
        same = wall.find(number, *published) & allowed
        if same.any():
            kept &= ~today | same
            must.add(number)
    return kept, must
