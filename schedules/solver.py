"""One way to solve: PuLP 3.3 and 4.x in front of HiGHS, reported truthfully.

The two PuLP majors differ in how expressions are built fast, in how a start solution is handed over and in
what ``solve`` returns; 3.3 even says "Optimal" when the clock ran out. Everything here reads the solver's own
model status, incumbent and bound instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulp

_OPTIMAL_GAP = 1e-6


@dataclass(frozen=True)
class Solved:
    """What the solver really found.

    Attributes
    ----------
    status
        ``optimal`` (gap <= 1e-6), ``feasible`` (a solution within the gap that was asked for),
        ``limit`` (a solution, but a limit struck first), ``infeasible``, ``unbounded`` or
        ``none`` (no solution found).
    objective, bound
        Value of the incumbent and the proven lower bound; ``nan`` and ``-inf`` where there is none.
    limit
        Name of the limit that struck, empty otherwise.
    nodes, iterations
        Branch-and-bound nodes and simplex plus interior-point iterations.
    """

    status: str
    objective: float
    bound: float
    limit: str
    nodes: int
    iterations: int

    @property
    def has_solution(self) -> bool:
        """Whether variable values can be read."""
        return self.status in ("optimal", "feasible", "limit")

    @property
    def gap(self) -> float:
        """``(objective - bound) / |objective|``; infinite without a solution."""
        if not self.has_solution:
            return float("inf")
        return max(0.0, self.objective - self.bound) / max(abs(self.objective), 1e-9)


def linear(variables: Iterable[Any], coefficients: Iterable[float]) -> Any:
    """``sum(coefficient * variable)`` built in one step; zero coefficients are dropped.

    Variables must differ from each other.
    """
    pairs = [
        (variable, float(value)) for variable, value in zip(variables, coefficients, strict=True) if value
    ]
    if hasattr(pulp, "lpSum_vars_coefs"):
        return pulp.lpSum_vars_coefs(pairs)
    return pulp.LpAffineExpression(dict(pairs))


def _columns(problem: Any) -> Sequence[Any]:
    """Variables in the order of the solver's columns."""
    return problem.exported_variables() if hasattr(problem, "exported_variables") else problem.variables()


class _Started(pulp.HiGHS):
    """HiGHS that begins from a given solution: 3.3 ignores ``warmStart`` for this solver."""

    def __init__(self, start: Mapping[str, float] | None, **options: Any) -> None:
        super().__init__(**options)
        self._start = start

    def callSolver(self, lp: Any) -> None:
        if self._start is not None:
            import highspy

            solution = highspy.HighsSolution()
            solution.col_value = [float(self._start.get(variable.name, 0.0)) for variable in _columns(lp)]
            lp.solverModel.setSolution(solution)
        lp.solverModel.run()

    def findSolutionValues(self, lp: Any) -> Any:
        """Values into the variables; 3.3 does so and then fails on statuses that it does not list."""
        try:
            return super().findSolutionValues(lp)
        except KeyError:
            return pulp.constants.LpStatusNotSolved, pulp.constants.LpSolutionNoSolutionFound


def solve(
    problem: Any,
    *,
    gap: float = 0.0,
    nodes: int | None = None,
    improvements: int | None = None,
    clock_guard_s: float | None = None,
    seed: int = 0,
    method: str | None = None,
    start: Mapping[str, float] | None = None,
    **options: Any,
) -> Solved:
    """Minimise a PuLP problem with HiGHS on one thread.

    Parameters
    ----------
    problem
        ``pulp.LpProblem`` to minimise, objective without a constant. Values are left in its variables.
    gap
        Relative gap at which a search may stop, >= 0.
    nodes, improvements
        Limits that do not depend on the machine: branch-and-bound nodes, improving solutions.
    clock_guard_s
        Wall-clock guard in seconds. Where it strikes, the result says so in ``limit``.
    seed
        Random seed of the solver, >= 0.
    method
        ``ipm`` or ``simplex`` for the (root) relaxation; ``None`` lets HiGHS choose.
    start
        Variable name to value: a solution to begin from; variables left out are 0.
    options
        Further HiGHS options by name.
    """
    settings: dict[str, Any] = dict(options)
    settings["random_seed"] = int(seed) % (2**31)
    if nodes is not None:
        settings["mip_max_nodes"] = int(nodes)
    if improvements is not None:
        settings["mip_max_improving_sols"] = int(improvements)
    if method is not None:
        settings["solver"] = method
    solver = _Started(start, msg=False, threads=1, timeLimit=clock_guard_s, gapRel=gap, **settings)
    problem.solve(solver)
    return _read(problem)


def _read(problem: Any) -> Solved:
    import highspy

    model = problem.solverModel
    state = highspy.HighsModelStatus
    status = model.getModelStatus()
    info = model.getInfo()
    integer = bool(problem.isMIP())
    iterations = max(0, info.simplex_iteration_count) + max(0, info.ipm_iteration_count)
    nodes = max(0, int(info.mip_node_count)) if integer else 0
    feasible = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    objective = float(info.objective_function_value) if feasible else float("nan")
    if status == state.kOptimal:
        bound = float(info.mip_dual_bound) if integer else objective
        # A model without columns or with a constant optimum reports an infinite bound.
        bound = min(bound, objective) if abs(bound) < highspy.kHighsInf else objective
        proven = objective - bound <= _OPTIMAL_GAP * max(abs(objective), 1e-9)
        return Solved("optimal" if proven else "feasible", objective, bound, "", nodes, iterations)
    if status in (state.kInfeasible, state.kUnboundedOrInfeasible):
        return Solved("infeasible", float("nan"), float("-inf"), "", nodes, iterations)
    if status == state.kUnbounded:
        return Solved("unbounded", float("nan"), float("-inf"), "", nodes, iterations)
    names = {
        state.kTimeLimit: "clock guard",
        state.kIterationLimit: "iteration limit",
        state.kSolutionLimit: "node or solution limit",
        state.kInterrupt: "interrupt",
    }
    limit = names.get(status, str(status).rsplit(".", 1)[-1])
    bound = float(info.mip_dual_bound) if integer else float("-inf")
    return Solved("limit" if feasible else "none", objective, bound, limit, nodes, iterations)
