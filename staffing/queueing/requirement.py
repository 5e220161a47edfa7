"""Fewest agents that meet every target, whole or fractional, with the target that binds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from staffing.queueing.abandonment import erlang_a_line, service_level
from staffing.queueing.blocking_kernel import CHUNK, inverse_blocking
from staffing.queueing.delay_search import fewest_without_patience
from staffing.queueing.inputs import not_negative, positive
from staffing.queueing.search import Bracket, Excess, fewest_real, fewest_whole
from staffing.queueing.targets import FlatTargets, Targets
from staffing.queueing.waiting_line import patient_line

LEAST = 1e-9  # stands for "next to nobody" where a formula needs somebody


@dataclass(frozen=True)
class Requirement:
    """Agents that meet all targets.

    Attributes
    ----------
    agents
        Whole (int64) or fractional (float) agents, of the broadcast shape of the inputs.
    binding_target
        Name of the target that a smaller number would miss (a field of ``Targets``), ``""``
        without load; same shape.
    """

    agents: np.ndarray
    binding_target: np.ndarray


def required_agents(
    load_erlangs: ArrayLike,
    aht_s: ArrayLike,
    targets: Targets,
    patience_s: ArrayLike | None = None,
) -> Requirement:
    """Fewest whole agents that meet all targets: Erlang C, or Erlang A with ``patience_s``.

    Parameters
    ----------
    load_erlangs
        Offered load in erlangs, shape ``(...)``, >= 0; no load needs nobody.
    aht_s
        Mean handling time in seconds, > 0.
    targets
        What to meet.
    patience_s
        Mean patience in seconds, > 0; None for endless patience. With patience the answer may be
        below the load.

    Returns
    -------
    Requirement
        With whole agents.

    Raises
    ------
    ValueError
        On a value outside its range, or an abandonment target without patience.

    References
    ----------
    .. [1] S. Halfin, W. Whitt (1981), Heavy-traffic limits for queues with many exponential
       servers, Operations Research 29(3): the square-root rule where the search starts.

    Examples
    --------
    >>> int(required_agents(10.0, 180.0, Targets(service_level=0.8, answer_within_s=20.0)).agents)
    14
    """
    whole, _, binding = _solve(load_erlangs, aht_s, targets, patience_s, fractional=False)
    return Requirement(whole, binding)


def required_agents_fractional(
    load_erlangs: ArrayLike,
    aht_s: ArrayLike,
    targets: Targets,
    patience_s: ArrayLike | None = None,
) -> Requirement:
    """Fewest agents on the reals that meet all targets; for requirements that are added up.

    Parameters and errors as ``required_agents``; the answer is never above the whole one.
    """
    _, real, binding = _solve(load_erlangs, aht_s, targets, patience_s, fractional=True)
    return Requirement(real, binding)


def required_agents_both(
    load_erlangs: ArrayLike,
    aht_s: ArrayLike,
    targets: Targets,
    patience_s: ArrayLike | None = None,
) -> tuple[np.ndarray, Requirement]:
    """Whole agents and the fractional requirement in one search; parameters as ``required_agents``."""
    whole, real, binding = _solve(load_erlangs, aht_s, targets, patience_s, fractional=True)
    return whole, Requirement(real, binding)


def _solve(
    load_erlangs: ArrayLike,
    aht_s: ArrayLike,
    targets: Targets,
    patience_s: ArrayLike | None,
    fractional: bool,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if patience_s is None and targets.max_abandonment is not None:
        raise ValueError("patience_s > 0 with max_abandonment expected, got None")
    given = [not_negative("load_erlangs", load_erlangs), positive("aht_s", aht_s)]
    if patience_s is not None:
        given.append(positive("patience_s", patience_s))
    limits = [np.asarray(getattr(targets, name)) for name in (*targets.names, "answer_within_s")]
    shape = np.broadcast_shapes(*(value.shape for value in (*given, *limits)))
    columns = [np.broadcast_to(value, shape).reshape(-1) for value in given]
    flat = FlatTargets.of(targets, shape)
    whole = np.zeros(columns[0].size, dtype=np.int64)
    real = np.zeros(columns[0].size if fractional else 0)
    binding = np.full(columns[0].size, -1, dtype=np.int8)
    busy = np.flatnonzero(columns[0] > 0)
    for begin in range(0, busy.size, CHUNK):
        rows = busy[begin : begin + CHUNK]
        some = [column[rows] for column in columns]
        problem = _Problem(some[0], some[1], some[2] if len(some) > 2 else None, flat.rows(rows))
        whole[rows], found, binding[rows] = problem.solve(fractional)
        if fractional:
            real[rows] = found
    names = np.array([*targets.names, ""])
    return whole.reshape(shape), real.reshape(shape if fractional else 0), names[binding].reshape(shape)


@dataclass(frozen=True)
class _Problem:
    load: np.ndarray
    aht_s: np.ndarray
    patience_s: np.ndarray | None
    targets: FlatTargets

    def solve(self, fractional: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Whole agents, fractional agents if asked for, and the index of the binding target."""
        everything = np.arange(self.load.size)
        binding = np.zeros(self.load.size, dtype=np.int8)
        several = len(self.targets.names) > 1
        if self.patience_s is None:
            whole, binding = fewest_without_patience(self.load, self.aht_s, self.targets)
            if not fractional:
                return whole, whole, binding
            lower = np.maximum(whole - 1.0, self.load)
            ends = self.worst(lower, everything), self.worst(whole, everything)
            bracket = Bracket(lower, whole, *ends)
        else:
            bracket = fewest_whole(self.worst, self._guess(), np.sqrt(self.load) + 0.5)
            whole = bracket.upper
            if not fractional:
                if several:
                    binding = self._binding(np.maximum(whole - 1, LEAST), everything)
                return whole, whole, binding
            nobody = np.flatnonzero(bracket.lower == 0)
            bracket.lower[nobody] = LEAST
            bracket.at_lower[nobody] = self.worst(bracket.lower[nobody], nobody)
        real = fewest_real(self.worst, bracket)
        if several:
            binding = self._binding(real * (1.0 - 1e-9), everything)
        return whole, real, binding

    def _guess(self) -> np.ndarray:
        # With patience like the handling time the number in the system is Poisson: normal quantile.
        quantile = 0.0
        for name in ("service_level", "max_wait_probability"):
            if name in self.targets.limits:
                quantile = np.maximum(quantile, -ndtri(self.targets.limits[name]))
        return self.load + quantile * np.sqrt(self.load)

    @property
    def worst(self) -> Excess:
        return lambda agents, rows: self.excess(agents, rows).max(axis=0)

    def _binding(self, agents: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return self.excess(agents, rows).argmax(axis=0)

    def excess(self, n: np.ndarray, rows: np.ndarray) -> np.ndarray:
        a, aht_s, targets = self.load[rows], self.aht_s[rows], self.targets.rows(rows)
        within_s = targets.answer_within_s
        if self.patience_s is None:
            stable = n > a
            n = np.where(stable, n, 2.0 * a)
            line = patient_line(inverse_blocking(n, a), a / aht_s, n / aht_s, within_s)
            missed = line.answered_late
        else:
            patience_s = self.patience_s[rows]
            line = erlang_a_line(n, a, aht_s, patience_s, within_s, with_asa="asa_s" in targets.names)
            _, missed = service_level(line, targets.definition)
            stable = np.True_
        found = {
            "service_level": missed,
            "max_wait_probability": line.waits,
            "max_abandonment": line.abandoned,
            "max_occupancy": a * line.answered / n,
        }
        if line.asa_s is not None:
            found["asa_s"] = line.asa_s
        return np.where(stable, targets.excess(found), np.inf)
