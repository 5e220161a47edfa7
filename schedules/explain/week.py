"""The best week of one person against everybody else's work, free or with a wish on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp

from schedules.agents import Agent, Wish
from schedules.compact.case import Case
from schedules.compact.charges import PARTS, Behind
from schedules.compact.person import PersonRows
from schedules.compact.rows import Program
from schedules.solver import solve
from schedules.timegrid import BreakPattern, TimeGrid

_NEVER = 1e12


def place_breaks(
    pattern: BreakPattern, starts: np.ndarray, cost_sum: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Cheapest places of the breaks of shifts that share a pattern.

    Parameters
    ----------
    starts
        Start slots, shape ``(n,)``.
    cost_sum
        Cumulative cost of a break per slot, for each break, shape ``(breaks, extended + 1)``.

    Returns
    -------
    Cost of each shift's breaks, shape ``(n,)``, and the offset of each from the start in slots, ``(n, breaks)``.
    """
    count = len(pattern.length)
    if not count:
        return np.zeros(len(starts)), np.zeros((len(starts), 0), dtype=np.int64)
    best: list[np.ndarray] = []
    for j in range(count):
        offsets = np.arange(pattern.earliest[j], pattern.latest[j] + 1)
        slots = starts[:, None] + offsets[None, :]
        cost = cost_sum[j][slots + pattern.length[j]] - cost_sum[j][slots]
        if j:
            # The best of the break before, among its places that leave enough work in between.
            at = offsets - pattern.spacing - pattern.length[j - 1] - pattern.earliest[j - 1]
            cost = (
                cost + np.minimum.accumulate(best[j - 1], axis=1)[:, np.clip(at, 0, best[j - 1].shape[1] - 1)]
            )
        best.append(cost)
    places = np.zeros((len(starts), count), dtype=np.int64)
    last = np.full(len(starts), pattern.latest[-1])
    for j in reversed(range(count)):
        offsets = np.arange(pattern.earliest[j], pattern.latest[j] + 1)
        open_ = np.where(offsets[None, :] <= last[:, None], best[j], np.inf)
        places[:, j] = offsets[open_.argmin(axis=1)]
        last = places[:, j] - pattern.spacing - (pattern.length[j - 1] if j else 0)
    return best[-1].min(axis=1), places


@dataclass(frozen=True)
class Tour:
    """A week of one person and what it costs at the margin.

    Attributes
    ----------
    cost
        Money: pay, wishes, changes and so on, less the value of the work.
    shifts
        Day to the shift's index on the grid.
    parts
        Part to money; ``coverage`` is the value of the work, negative where it saves; ``balance`` is weekly overtime,
        target hours and fairness together.
    """

    cost: float
    shifts: Mapping[int, int]
    parts: Mapping[str, float]


class Week:
    """All legal weeks of one person at the value of their work per slot.

    Parameters
    ----------
    values
        Money that the person's work saves in each slot of the horizon.
    attended
        Activities of this person, ``(name, first slot, slot after the last)``; they stay where they are, or are missed
        at their price.
    without
        A wish that counts as if it had not been made.
    """

    def __init__(
        self,
        case: Case,
        agent: Agent,
        values: np.ndarray,
        attended: list[tuple[str, int, int]] | None = None,
        *,
        without: Wish | None = None,
    ) -> None:
        self.case, self.agent = case, agent
        self.shifts, must = case.shifts(agent)
        grid = case.grid
        self.day = grid.day[self.shifts]
        self.charges = case.charges(agent, self.shifts, without)
        self._charge(values, attended or [])
        program = Program(pulp.LpProblem("week"))
        self._choose = [program.binary(f"x{shift}") for shift in self.shifts]
        rows = PersonRows(
            program, "", case.wall, agent, agent.rules(case.rules), self.shifts, self._choose, must
        )
        rows.add(case.team_rules.fairness, case.behind.get(agent.id, Behind()))
        for variable, money in zip(self._choose, self.money, strict=True):
            program.price(variable, money)
        free = self.charges.total_free()
        for day in range(grid.days):
            flag = program.binary(f"w{day}")
            today = [self._choose[index] for index in np.flatnonzero(self.day == day)]
            program.equal([*today, flag], [1.0] * len(today) + [-1.0], 0.0)
            program.price(flag, -free[day])
        self._constant = float(free.sum()) + self._missing
        program.objective()
        self._problem = program.problem
        self._columns: dict[str, int] = {}

    def _charge(self, values: np.ndarray, attended: list[tuple[str, int, int]]) -> None:
        """Money of each shift, with its breaks and activities at the best places."""
        case, grid = self.case, self.case.grid
        fixed = self.charges.total()
        self.coverage = np.zeros(len(self.shifts))
        self.saved = np.zeros(len(self.shifts))
        self.saved_premium = np.zeros(len(self.shifts))
        prices = {activity.name: activity.price for activity in case.team_rules.activities}
        self._missing = float(sum(prices.get(name, 0.0) for name, _, _ in attended))
        self.kept = np.zeros(len(self.shifts))
        self.pauses = np.zeros(
            (len(self.shifts), max((len(p.length) for p in grid.patterns), default=0)), np.int64
        )
        value = np.zeros(len(grid.starts))
        value[: grid.slots] = values
        for number, pattern in enumerate(grid.patterns):
            mine = np.flatnonzero(grid.pattern[self.shifts] == number)
            if len(mine):
                self._place(mine, pattern, value, 0.0, np.zeros(len(mine), dtype=bool))
                for name, first, until in attended:
                    start, end = grid.start[self.shifts[mine]], case.wall.end[self.shifts[mine]]
                    there = mine[(start <= first) & (until <= end)]
                    busy = value.copy()
                    busy[first:until] = _NEVER
                    self._place(
                        there,
                        pattern,
                        busy,
                        prices.get(name, 0.0),
                        np.ones(len(there), bool),
                        value,
                        first,
                        until,
                    )
        self.money = fixed + self.coverage + self.saved - self.kept

    def _place(
        self,
        mine: np.ndarray,
        pattern: BreakPattern,
        value: np.ndarray,
        kept: float,
        attending: np.ndarray,
        plain: np.ndarray | None = None,
        first: int = 0,
        until: int = 0,
    ) -> None:
        """Place breaks of the shifts ``mine``; attending replaces what was placed where that is cheaper."""
        if not len(mine):
            return
        case, grid = self.case, self.case.grid
        start, end = grid.start[self.shifts[mine]], case.wall.end[self.shifts[mine]]
        value_sum = np.concatenate(([0.0], np.cumsum(value)))
        slot_wage = self.agent.contract.cost_per_hour * grid.slot_h
        pay_sum = slot_wage * (np.arange(len(case.share_sum)) + case.share_sum)
        costs = np.array([value_sum - (0.0 if paid else 1.0) * pay_sum for paid in pattern.paid])
        _, places = place_breaks(pattern, start, costs)
        saved, premium = np.zeros(len(mine)), np.zeros(len(mine))
        lost = np.zeros(len(mine))
        for j, length in enumerate(pattern.length):
            at = start + places[:, j]
            lost += value_sum[at + length] - value_sum[at]
            if not pattern.paid[j]:
                saved -= pay_sum[at + length] - pay_sum[at]
                premium -= slot_wage * (case.share_sum[at + length] - case.share_sum[at])
        worth = value_sum[end] - value_sum[start]
        if plain is not None:
            # Time in the activity is not at a queue.
            worth = worth - (value_sum[until] - value_sum[first])
        better = np.ones(len(mine), dtype=bool)
        if attending.any():
            now = self.coverage[mine] + self.saved[mine] - self.kept[mine]
            better = (lost < _NEVER / 2) & (saved + lost - worth - kept < now - 1e-9)
        chosen = mine[better]
        self.coverage[chosen] = (lost - worth)[better]
        self.saved[chosen] = saved[better]
        self.saved_premium[chosen] = premium[better]
        self.kept[chosen] = kept
        self.pauses[chosen, : places.shape[1]] = places[better]

    def best(
        self, refused: np.ndarray | None = None, free: tuple[int, ...] = (), worked: tuple[int, ...] = ()
    ) -> Tour | None:
        """Cheapest legal week.

        Parameters
        ----------
        refused
            Mask over ``shifts`` of those that may not be chosen.
        free, worked
            Days without a shift, and days with one.

        Returns
        -------
        The week, or ``None`` where no legal one is left.
        """
        model = self._model()
        if model is None:
            return None
        banned = np.zeros(len(self.shifts), dtype=bool) if refused is None else refused
        for index, shift in enumerate(self.shifts):
            model.changeColBounds(self._columns[f"x{shift}"], 0.0, 0.0 if banned[index] else 1.0)
        for day in range(self.case.grid.days):
            low, high = float(day in worked), float(day not in free)
            model.changeColBounds(self._columns[f"w{day}"], min(low, high), high)
        if set(free) & set(worked):
            return None
        model.run()
        if model.getModelStatus().name != "kOptimal":
            return None
        values = model.getSolution().col_value
        taken = [index for index, shift in enumerate(self.shifts) if values[self._columns[f"x{shift}"]] > 0.5]
        cost = float(model.getInfo().objective_function_value) + self._constant
        return self._tour(taken, cost)

    def _tour(self, taken: list[int], cost: float) -> Tour:
        grid, at = self.case.grid, np.array(taken, dtype=np.int64)
        free = np.ones(grid.days, dtype=bool)
        free[self.day[at]] = False
        parts = {
            name: float(self.charges.shift[name][at].sum() + self.charges.free[name][free].sum())
            for name in PARTS
        }
        parts["wages"] += float((self.saved - self.saved_premium)[at].sum())
        parts["premiums"] += float(self.saved_premium[at].sum())
        parts["coverage"] = float(self.coverage[at].sum())
        parts["activities"] = self._missing - float(self.kept[at].sum())
        parts["balance"] = cost - sum(parts.values())
        return Tour(cost, {int(self.day[index]): int(self.shifts[index]) for index in taken}, parts)

    def _model(self) -> Any:
        if self._columns:
            return self._problem.solverModel
        solve(self._problem, gap=0.0)
        model = self._problem.solverModel
        problem = self._problem
        # The order of the solver's columns has another name in each PuLP major.
        listed = problem.exported_variables if hasattr(problem, "exported_variables") else problem.variables
        self._columns = {variable.name: index for index, variable in enumerate(listed())}
        return model

    def matching(self, day: int, shift: int | None) -> np.ndarray:
        """Mask over ``shifts`` that leaves on ``day`` only one shift of the grid, or none."""
        return (self.day == day) & (self.shifts != (-1 if shift is None else shift))


def shift_text(grid: TimeGrid, shift: int | None) -> str:
    """``kind 08:00–16:30`` of a shift, ``free`` of none."""
    if shift is None:
        return "free"
    start = int(grid.start_min[shift])
    end = start + int(grid.length[shift]) * grid.slot_min
    return (
        f"{grid.kinds[grid.kind[shift]].name} {start // 60:02d}:{start % 60:02d}"
        f"–{end // 60 % 24:02d}:{end % 60:02d}"
    )
