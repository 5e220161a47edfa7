"""The cheapest people per group that satisfy cover rows and cuts: a small integer program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pulp

from schedules.solver import linear, solve


@dataclass(frozen=True)
class Cut:
    """A linear row on the people per group: ``coefficients @ people >= least``."""

    coefficients: np.ndarray
    least: float
    name: str = ""


def cheapest_groups(
    cost: np.ndarray, cuts: Sequence[Cut], most: np.ndarray | None = None, seed: int = 0
) -> np.ndarray:
    """Whole people per group at least cost.

    Parameters
    ----------
    cost
        Of one person of each group, > 0, shape ``(groups,)``.
    cuts
        Rows to satisfy.
    most
        People there are of each group; ``None`` for any number.
    seed
        Of the solver.

    Returns
    -------
    People (int64), shape ``(groups,)``.

    Raises
    ------
    ValueError
        Where no number of people satisfies the rows: names one that asks for more than there is.
    """
    problem = pulp.LpProblem("groups")
    people = [
        problem.add_variable(f"people_{number}", 0, None if most is None else float(most[number]), "Integer")
        for number in range(cost.size)
    ]
    problem += linear(people, cost.tolist())
    for number, cut in enumerate(cuts):
        if cut.coefficients.any():
            problem += (linear(people, cut.coefficients.tolist()) >= cut.least, f"row_{number}")
        elif cut.least > 1e-9:
            raise ValueError(f"{cut.name}: people who can serve it expected, got none")
    found = solve(problem, seed=seed, gap=1e-6, nodes=100_000)
    if not found.has_solution:
        raise ValueError(f"enough people for every row expected, got too few: {_worst(cuts, cost, most)}")
    return np.array([round(variable.varValue or 0.0) for variable in people], dtype=np.int64)


def _worst(cuts: Sequence[Cut], cost: np.ndarray, most: np.ndarray | None) -> str:
    if most is None:
        return f"{len(cuts)} rows"
    short = [(cut.least - float(np.maximum(cut.coefficients, 0) @ most), cut.name) for cut in cuts]
    missing, name = max(short)
    return f"{name} lacks {missing:.1f}" if missing > 0 else f"{len(cuts)} rows together"
