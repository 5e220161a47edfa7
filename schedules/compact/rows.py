"""Rows of a program with the name of the rule that each one states, and slack where a rule may give way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schedules.solver import linear


class Program:
    """A PuLP problem under construction: rows, objective, and what giving way costs.

    Parameters
    ----------
    problem
        ``pulp.LpProblem``.
    elastic
        Rule to the price of one unit of slack; rules that are not named are hard.
    """

    def __init__(self, problem: Any, elastic: Mapping[str, float] | None = None) -> None:
        self.problem = problem
        self.elastic = dict(elastic or {})
        self.costs: dict[Any, float] = {}
        self.constant = 0.0
        self.binaries = 0
        self.slack: list[tuple[str, str, Any]] = []
        self._names = 0
        self._never: Any = None

    def binary(self, name: str) -> Any:
        """A new yes-or-no variable."""
        self.binaries += 1
        return self.problem.add_variable(name, 0, 1, "Integer")

    def amount(self, name: str, up: float | None = None) -> Any:
        """A new continuous variable >= 0."""
        return self.problem.add_variable(name, 0, up)

    def count(self, name: str) -> Any:
        """A new whole number >= 0."""
        self.binaries += 1
        return self.problem.add_variable(name, 0, None, "Integer")

    def price(self, variable: Any, money: float) -> None:
        """Add money per unit of a variable to the objective."""
        if money:
            self.costs[variable] = self.costs.get(variable, 0.0) + float(money)

    def at_most(
        self, variables: Sequence[Any], weights: Sequence[float], limit: float, rule: str, where: str = ""
    ) -> None:
        """``sum(weight * variable) <= limit``."""
        self._row(variables, weights, limit, rule, where, -1.0)

    def at_least(
        self, variables: Sequence[Any], weights: Sequence[float], limit: float, rule: str, where: str = ""
    ) -> None:
        """``sum(weight * variable) >= limit``."""
        self._row(variables, weights, limit, rule, where, 1.0)

    def equal(self, variables: Sequence[Any], weights: Sequence[float], value: float) -> None:
        """``sum(weight * variable) == value``, hard."""
        if not len(variables):
            variables, weights = [self._impossible()], [1.0]
            if abs(value) < 1e-9:
                return
        self._names += 1
        self.problem += (linear(variables, weights) == float(value), f"e{self._names}")

    def objective(self) -> None:
        """Hand the objective to the problem; the constant stays outside."""
        variables = list(self.costs) or [self._impossible()]
        weights = list(self.costs.values()) or [1.0]
        self.problem += linear(variables, weights)

    def _impossible(self) -> Any:
        if self._never is None:
            self._never = self.problem.add_variable("never", 0, 0)
        return self._never

    def _row(
        self,
        variables: Sequence[Any],
        weights: Sequence[float],
        limit: float,
        rule: str,
        where: str,
        sign: float,
    ) -> None:
        names, values = list(variables), [float(weight) for weight in weights]
        if not names and sign * limit <= 1e-9:
            return
        self._names += 1
        if rule in self.elastic:
            slack = self.amount(f"slack{self._names}")
            self.price(slack, self.elastic[rule])
            self.slack.append((rule, where, slack))
            names.append(slack)
            values.append(sign)
        elif not names:
            names, values = [self._impossible()], [1.0]
        expression = linear(names, values)
        row = expression <= float(limit) if sign < 0 else expression >= float(limit)
        self.problem += (row, f"r{self._names}")
