"""Whole people from the relaxation of shift design: every count rounded down or up, whichever is cheaper."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from schedules.implicit_breaks import DesignModel, build_model
from schedules.rules import Prices
from schedules.solver import Solved, solve
from schedules.timegrid import TimeGrid

CLOCK_GUARD_S = 60.0
_GAP = 0.005
_ROUNDING = 0.9
_NODES = 20


@dataclass(frozen=True)
class Covering:
    """What a design has to cover, and what it costs.

    Attributes
    ----------
    slot_cost
        Wage and premiums of a paid slot, shape ``(extended slots,)``.
    required
        People needed per slot, pooled over the queues, shape ``(slots,)``.
    prices
        Prices of shortage and surplus.
    minimum
        People who are to be at work per slot whatever is required, shape ``(slots,)``; ``None`` asks for nobody.
    """

    slot_cost: np.ndarray
    required: np.ndarray
    prices: Prices
    minimum: np.ndarray | None = None

    def model(self, grid: TimeGrid) -> DesignModel:
        """The integer program over the shifts of a grid."""
        return build_model(grid, self.slot_cost, self.required, self.prices, self.minimum)

    @property
    def peak(self) -> float:
        """Most people that any slot asks for."""
        wanted = self.required if self.minimum is None else np.maximum(self.required, self.minimum)
        return float(wanted.max())


@dataclass(frozen=True)
class WholeShifts:
    """A solution in whole people.

    Attributes
    ----------
    grid
        The shifts that were allowed.
    agents
        People per shift of the grid.
    breaks
        ``(break pattern, position, slot) -> people`` whose break starts there.
    objective
        Cost of the solution in its program.
    clock
        Whether the clock guard ended the search.
    """

    grid: TimeGrid
    agents: np.ndarray
    breaks: dict[tuple[int, int, int], int]
    objective: float
    clock: bool = False


def counts(model: DesignModel) -> list[Any]:
    """Variables that count people."""
    return [*model.shifts, *model.breaks.values()]


def relax(model: DesignModel, seed: int) -> Solved:
    """Solve without asking for whole people, by interior point."""
    for variable in counts(model):
        variable.cat = "Continuous"
    return solve(model.problem, method="ipm", seed=seed, clock_guard_s=CLOCK_GUARD_S)


def round_whole(
    grid: TimeGrid, model: DesignModel, relaxed: Solved, peak: float, seed: int, nodes: int = _NODES
) -> WholeShifts:
    """The integer program with each count between the relaxation's value rounded down and up.

    Parameters
    ----------
    grid, model
        The shifts and their program, with the relaxation's values in its variables.
    relaxed
        How the relaxation ended.
    peak
        Most people that any slot asks for.
    seed
        Seed of the solver.
    nodes
        Branch-and-bound nodes at most.

    References
    ----------
    Berthold (2014), RENS, Mathematical Programming Computation 6(1).
    """
    if relaxed.status == "optimal":
        for variable in counts(model):
            value = variable.varValue
            variable.lowBound = max(0, math.floor(value + 1e-6))
            variable.upBound = max(0, math.ceil(value - 1e-6))
    for variable in counts(model):
        variable.cat = "Integer"
    # Whole people cost the more against the relaxation, the fewer they are: no use in asking for what rounding forbids.
    gap = min(0.05, max(_GAP, _ROUNDING / max(1.0, peak)))
    rounded = solve(model.problem, gap=gap, nodes=nodes, seed=seed, clock_guard_s=CLOCK_GUARD_S)
    if not rounded.has_solution:
        # Rounded shifts and rounded breaks need not fit together.
        for variable in counts(model):
            variable.lowBound, variable.upBound = 0, None
        rounded = solve(model.problem, gap=gap, nodes=nodes, seed=seed, clock_guard_s=CLOCK_GUARD_S)
    if not rounded.has_solution:
        raise RuntimeError(f"shift design: the integer program ended without a solution ({rounded.limit})")
    return read_whole(grid, model, rounded)


def read_whole(grid: TimeGrid, model: DesignModel, solved: Solved) -> WholeShifts:
    """The values in the variables of a solved program."""
    agents = np.array([round(variable.varValue) for variable in model.shifts], dtype=np.int64)
    breaks = {
        (int(grid.pattern[model.groups[group][0]]), position, slot): 0
        for group, position, slot in model.breaks
    }
    for (group, position, slot), variable in model.breaks.items():
        breaks[int(grid.pattern[model.groups[group][0]]), position, slot] += round(variable.varValue)
    return WholeShifts(grid, agents, breaks, solved.objective, solved.limit == "clock guard")
