"""The adapter says what HiGHS found, on either PuLP major."""

from __future__ import annotations

import numpy as np
import pulp
import pytest

from schedules.solver import linear, solve


def knapsack(size: int = 12, seed: int = 0) -> tuple[pulp.LpProblem, list]:
    """Cover a demand at the lowest price with whole numbers of things."""
    chance = np.random.default_rng(seed)
    problem = pulp.LpProblem("cover")
    items = [problem.add_variable(f"x{index}", 0, 3, "Integer") for index in range(size)]
    problem += linear(items, chance.integers(5, 40, size).astype(float))
    for row in range(6):
        problem += (linear(items, chance.integers(0, 9, size).astype(float)) >= 40, f"row{row}")
    return problem, items


def test_an_optimum_is_reported_with_its_bound() -> None:
    problem = pulp.LpProblem("tiny")
    x, y = problem.add_variable("x", 0, 10, "Integer"), problem.add_variable("y", 0, 10, "Integer")
    problem += linear([x, y], [3.0, 2.0])
    problem += (linear([x, y], [2.0, 1.0]) >= 5, "need")
    found = solve(problem)
    assert (found.status, found.objective, found.limit) == ("optimal", pytest.approx(8.0), "")
    assert found.bound == pytest.approx(8.0)
    assert (round(x.varValue), round(y.varValue)) == (2, 1)


def test_linear_drops_zeros_and_keeps_order_free_sums() -> None:
    problem = pulp.LpProblem("sum")
    x, y = problem.add_variable("x", 1, 1), problem.add_variable("y", 2, 2)
    problem += linear([x, y], [0.0, 4.0])
    assert solve(problem).objective == pytest.approx(8.0)


def test_infeasible_and_unbounded_are_told_apart_from_limits() -> None:
    problem = pulp.LpProblem("empty")
    x = problem.add_variable("x", 0, 1)
    problem += linear([x], [1.0])
    problem += (linear([x], [1.0]) >= 2, "too much")
    found = solve(problem)
    assert found.status == "infeasible"
    assert not found.has_solution
    assert found.gap == float("inf")

    endless = pulp.LpProblem("endless")
    y = endless.add_variable("y", None, None)
    endless += linear([y], [1.0])
    endless += (linear([y], [1.0]) <= 5, "cap")
    assert solve(endless).status in ("unbounded", "infeasible")


def market_split(size: int = 30, rows: int = 4) -> pulp.LpProblem:
    """Split numbers into halves as evenly as possible: small, and far beyond one node of search.

    References
    ----------
    Cornuéjols, Dawande (1998), A class of hard small 0-1 programs.
    """
    chance = np.random.default_rng(1)
    problem = pulp.LpProblem("split")
    items = [problem.add_variable(f"x{index}", 0, 1, "Integer") for index in range(size)]
    slack = [problem.add_variable(f"s{row}_{sign}", 0) for row in range(rows) for sign in (0, 1)]
    problem += linear(slack, [1.0] * len(slack))
    for row in range(rows):
        numbers = chance.integers(1, 100, size).astype(float)
        pair = slack[2 * row : 2 * row + 2]
        problem += (linear([*items, *pair], [*numbers, 1.0, -1.0]) == float(numbers.sum() // 2), f"row{row}")
    return problem


def test_a_node_limit_is_a_limit_and_never_called_optimal_on_either_major() -> None:
    found = solve(market_split(), nodes=5)
    assert found.status == "limit"
    assert found.limit == "node or solution limit"
    assert found.bound < found.objective


def test_the_clock_guard_is_named() -> None:
    found = solve(market_split(40, 6), clock_guard_s=0.5)
    assert found.status in ("limit", "none")
    assert found.limit == "clock guard"


def test_a_start_is_taken_over() -> None:
    problem, items = knapsack()
    best = solve(problem)
    start = {item.name: item.varValue for item in items}
    again, _ = knapsack()
    found = solve(again, start=start, improvements=1, presolve="off")
    assert found.objective == pytest.approx(best.objective)


def test_a_wide_gap_is_feasible_and_not_optimal() -> None:
    found = solve(knapsack(60, 3)[0], gap=0.5)
    assert found.status in ("feasible", "optimal")
    assert found.gap <= 0.5


def test_the_relaxation_of_both_methods_agrees() -> None:
    values = []
    for method in ("ipm", "simplex"):
        problem, items = knapsack(30, 1)
        for item in items:
            item.cat = "Continuous"
        values.append(solve(problem, method=method).objective)
    assert values[0] == pytest.approx(values[1])
