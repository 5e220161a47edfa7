"""Which shifts of the grid one person may work at all, rule by rule."""

from __future__ import annotations

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.rules import Rules
from schedules.settled import fixed_days, matches
from schedules.shiftnature import wall_end_min
from schedules.timegrid import TimeGrid

_DAY_MIN = 24 * 60
REST_BEFORE = "rest after the last shift"


class Eligibility:
    """Masks over the shifts of a grid; the parts that do not depend on a person are computed once."""

    def __init__(self, grid: TimeGrid, rules: Rules) -> None:
        self.grid = grid
        self.rules = rules
        self.wall_end_min = wall_end_min(grid)
        self.end = grid.start + grid.length
        self.dates = grid.dates()
        self.weekday = np.array([date.weekday() for date in self.dates], dtype=np.int64)[grid.day]
        self._index = {date: day for day, date in enumerate(self.dates)}
        self._by_contract: dict[tuple[str, ...], np.ndarray] = {}

    def rule_masks(self, agent: Agent) -> dict[str, np.ndarray]:
        """Rule name to a mask over the shifts, true where allowed; rules that do not bind are left out."""
        grid = self.grid
        rules = agent.rules(self.rules)
        masks: dict[str, np.ndarray] = {}
        if agent.availability is not None:
            allowed = np.zeros(len(grid.start), dtype=bool)
            for window in agent.availability:
                allowed |= (
                    (self.weekday == window.weekday)
                    & (grid.start_min >= window.from_min)
                    & (self.wall_end_min <= window.until_min)
                )
            masks["availability"] = allowed
        days_off = [self._index[day] for day in agent.days_off if day in self._index]
        if days_off:
            masks["days off"] = ~np.isin(grid.day, days_off)
        if agent.leave:
            last = grid.day + (self.wall_end_min - 1) // _DAY_MIN
            offsets = [(day - self.dates[0]).days for day in sorted(agent.leave)]
            touched = np.zeros(len(grid.start), dtype=bool)
            for offset in offsets:
                touched |= (grid.day <= offset) & (offset <= last)
            if touched.any():
                masks["leave"] = ~touched
        if agent.absences:
            free = np.ones(len(grid.start), dtype=bool)
            for absence in agent.absences:
                first = (absence.start - grid.starts[0]) / pd.Timedelta(minutes=grid.slot_min)
                until = (absence.end - grid.starts[0]) / pd.Timedelta(minutes=grid.slot_min)
                free &= (self.end <= first) | (grid.start >= until)
            masks["absences"] = free
        if agent.last_shift_end is not None:
            ready = self.last_end_min(agent) + rules.min_rest_h * 60
            masks[REST_BEFORE] = grid.start * grid.slot_min >= ready - 1e-6
        if rules.max_shift_h is not None:
            masks["longest shift"] = grid.paid_min <= rules.max_shift_h * 60 + 1e-6
        if agent.rotation:
            allowed = np.zeros(len(grid.start), dtype=bool)
            for week in range(-(-grid.days // 7)):
                names = agent.rotation[week % len(agent.rotation)]
                kinds = [index for index, kind in enumerate(grid.kinds) if kind.name in names]
                allowed |= (grid.day // 7 == week) & np.isin(grid.kind, kinds)
            masks["rotation"] = allowed
        return {name: mask for name, mask in masks.items() if not mask.all()}

    def fixed_masks(self, agent: Agent) -> dict[int, np.ndarray]:
        """Day of a fixed shift to a mask that leaves only this shift on it."""
        return {
            day: (self.grid.day != day) | matches(self.grid, fixed)
            for day, fixed in fixed_days(self.grid, agent).items()
        }

    def last_end_min(self, agent: Agent) -> float:
        """End of the last shift before the horizon, minutes after its start; at most a little above 0."""
        if agent.last_shift_end is None:
            return -float("inf")
        return float((agent.last_shift_end - self.grid.starts[0]) / pd.Timedelta(minutes=1))

    def contract_mask(self, agent: Agent) -> np.ndarray:
        """True where the shift's kind is in the contract."""
        key = agent.contract.shifts
        if key not in self._by_contract:
            named = [index for index, kind in enumerate(self.grid.kinds) if kind.name in key]
            self._by_contract[key] = np.isin(self.grid.kind, named)
        return self._by_contract[key]

    def mask(self, agent: Agent, without: frozenset[str] = frozenset()) -> np.ndarray:
        """Shifts that all rules together allow, the rules in ``without`` left aside."""
        allowed = self.contract_mask(agent).copy()
        for name, mask in self.rule_masks(agent).items():
            if name not in without:
                allowed &= mask
        for mask in self.fixed_masks(agent).values():
            allowed &= mask
        return allowed

    def leave_days(self, agent: Agent) -> tuple[int, ...]:
        """Days of leave inside each week of the horizon."""
        weeks = -(-self.grid.days // 7)
        count = [0] * weeks
        for day in agent.leave:
            if day in self._index:
                count[self._index[day] // 7] += 1
        return tuple(count)
