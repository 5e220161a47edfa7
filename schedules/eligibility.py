"""Which shifts of the grid one person may work at all, rule by rule."""

from __future__ import annotations

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.rules import Rules
from schedules.timegrid import TimeGrid

_DAY_MIN = 24 * 60


class Eligibility:
    """Masks over the shifts of a grid; the parts that do not depend on a person are computed once."""

    def __init__(self, grid: TimeGrid, rules: Rules) -> None:
        self.grid = grid
        self.rules = rules
        slot = pd.Timedelta(minutes=grid.slot_min)
        edges = pd.date_range(grid.starts[0], periods=len(grid.starts) + 1, freq=slot)
        wall_min = (
            (edges.tz_localize(None) - edges[0].tz_localize(None)) // pd.Timedelta(minutes=1)
        ).to_numpy()
        # On the wall clock a day has 1440 minutes, whatever elapses.
        self.wall_end_min = wall_min[grid.start + grid.length] - grid.day * _DAY_MIN
        self.end = grid.start + grid.length
        self.dates = grid.dates()
        self.weekday = np.array([date.weekday() for date in self.dates], dtype=np.int64)[grid.day]
        self._index = {date: day for day, date in enumerate(self.dates)}
        self._by_contract: dict[tuple[str, ...], np.ndarray] = {}

    def rule_masks(self, agent: Agent) -> dict[str, np.ndarray]:
        """Rule name to a mask over the shifts, true where allowed; rules that do not bind are left out."""
        grid = self.grid
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
            ready = (agent.last_shift_end - grid.starts[0]) / pd.Timedelta(
                minutes=1
            ) + self.rules.min_rest_h * 60
            masks["rest after the last shift"] = grid.start * grid.slot_min >= ready - 1e-6
        return {name: mask for name, mask in masks.items() if not mask.all()}

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
        return allowed

    def leave_days(self, agent: Agent) -> tuple[int, ...]:
        """Days of leave inside each week of the horizon."""
        weeks = -(-self.grid.days // 7)
        count = [0] * weeks
        for day in agent.leave:
            if day in self._index:
                count[self._index[day] // 7] += 1
        return tuple(count)
