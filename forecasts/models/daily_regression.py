"""Daily totals by calendar regression: what origins and models share is computed once a queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, cast

import numpy as np
from scipy.linalg.lapack import dposv, dpotri
from scipy.ndimage import median_filter

from forecasts.day_matrix import DayMatrix
from forecasts.models.level import level_path
from forecasts.models.profile import full_day_totals, recorded
from forecasts.models.ridge import huber_weights
from forecasts.models.terms import (
    LEVEL_KNOT_DAYS,
    OPENNESS_DAYS,
    OPENNESS_GROUPS,
    SPILL_OVER,
    calendar_terms,
    groups_allowed,
    level_penalty,
    openness_columns,
)

LevelAhead = Callable[[np.ndarray, int], np.ndarray]

MONTH_DAY_DAYS = 10.0
LEVEL_STIFFNESS_DAYS = 6.0
COUNT_OFFSET = 0.5
LARGEST_LOG = 25.0
HUBER_LIMIT = 1.5
NEIGHBOUR_DAYS = 13
ROUNDS = 3
LEARNED_GROUPS = ("month_day", "year")
PRIOR_EFFECTS = 3.0
LARGEST_CHANGE = 8.0


def expected_totals(
    matrix: DayMatrix, origin: int, days: int, month_days: bool = True, level: LevelAhead = level_path
) -> np.ndarray:
    """Expected contacts of each full day after the origin, shape ``(days,)``, >= 0.

    Log totals by a penalised regression on level knots and calendar with Huber weights, the penalties of month and
    year learned from the queue; what remains is the level, which is smoothed and fades towards its mean.

    Parameters
    ----------
    matrix
        History before row ``origin``, with at least one recorded day, calendar up to ``origin + days``.
    month_days
        Whether the day of the month may matter.
    level
        Expected level of the next open days from that of the past ones.
    """
    key = ("expected totals", origin, days, month_days, level)
    return cast(
        np.ndarray, matrix.remember(key, lambda: _expected_totals(matrix, origin, days, month_days, level))
    )


def _expected_totals(
    matrix: DayMatrix, origin: int, days: int, month_days: bool, level: LevelAhead
) -> np.ndarray:
    totals = full_day_totals(matrix, origin)
    seen = ~np.isnan(totals)
    phase = origin % LEVEL_KNOT_DAYS
    design = cast(_Design, matrix.remember(("design", phase), lambda: _Design.of(matrix, phase)))
    openness = openness_columns(matrix, origin, days)
    columns, gram, penalty, knots = design.at(origin, openness[:origin], month_days)
    expected = SPILL_OVER * openness[:, 0]
    log_total = np.where(seen, np.log(np.where(seen, totals, 1.0) + COUNT_OFFSET) - expected[:origin], 0.0)
    weights = seen.astype(float)
    kinds = design.learned_kinds(origin, month_days)
    for left in reversed(range(ROUNDS)):
        matrix_of_round = _gram_of(columns, gram, design.recorded[:origin], weights) + penalty
        effects, factor = _solve(matrix_of_round, columns.T @ (weights * log_total))
        residual = log_total - columns @ effects
        if left and len(kinds.places):
            penalty = _learned(penalty, kinds, effects, factor, residual, weights)
        weights = np.zeros(origin)
        weights[seen] = huber_weights(_from_neighbours(residual[seen]), HUBER_LIMIT)
    calendar = len(effects) - knots
    calendar_part = columns[:, :calendar] @ effects[:calendar]
    fitted = columns[:, calendar:] @ effects[calendar:]
    # A day that the regression distrusts moves the level by its weight only.
    path = fitted + weights * (log_total - calendar_part - fitted)
    open_day = matrix.open[origin : origin + days].any(axis=1)
    ahead = np.maximum(np.cumsum(open_day) - 1, 0)
    level_ahead = level(path[seen], days)
    spread = float(np.average(residual[seen] ** 2, weights=weights[seen]))
    calendar_ahead = design.ahead(origin, days, openness[origin:], month_days) @ effects[:calendar]
    # exp() of a mean of logs is a median; half the variance brings the mean back.
    log_ahead = level_ahead[ahead] + calendar_ahead + expected[origin:] + spread / 2
    return np.asarray(np.maximum(np.exp(np.minimum(log_ahead, LARGEST_LOG)) - COUNT_OFFSET, 0.0))


def _from_neighbours(residual: np.ndarray) -> np.ndarray:
    """Departure of each day from the median of the days around it: a lasting change of level is no outlier."""
    return residual - median_filter(residual, NEIGHBOUR_DAYS, mode="reflect")


def _gram_of(columns: np.ndarray, gram: np.ndarray, in_gram: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted Gram matrix: the days that weigh less than 1 are taken out of the unweighted one."""
    less = np.flatnonzero(in_gram & (weights < 1))
    taken = columns[less] * np.sqrt(1 - weights[less])[:, None]
    return gram - taken.T @ taken


def _solve(matrix: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Solution and upper Cholesky factor of a symmetric system; no factor where it is not positive definite."""
    diagonal = matrix.reshape(-1)[:: len(matrix) + 1]
    diagonal += 1e-9 * max(float(diagonal.sum()) / len(matrix), 1e-12)
    factor, solution, failed = dposv(matrix, right)
    if failed:
        return np.linalg.lstsq(matrix, right, rcond=None)[0], None
    return solution, factor


def _learned(
    penalty: np.ndarray,
    kinds: _Kinds,
    effects: np.ndarray,
    factor: np.ndarray | None,
    residual: np.ndarray,
    weights: np.ndarray,
) -> np.ndarray:
    """Penalty with each kind of effect's days of evidence as its sizes suggest, one step of expectation-maximisation.

    A queue with strong paydays gets small penalties for days of the month, one without gets large ones. The usual
    penalty counts as three more effects of the usual size; a kind ends within an eighth and eight times of it.

    References
    ----------
    .. [1] Tipping (2001), Journal of Machine Learning Research 1: the relevance vector machine.
    """
    if factor is None:
        return penalty
    inverse = dpotri(factor)[0]
    uncertain = np.diagonal(inverse)
    # The trace of inverse × penalty, which has entries on its diagonal and, between knots, beside it only.
    taken = uncertain @ np.diagonal(penalty) + 2 * np.diagonal(inverse, 1) @ np.diagonal(penalty, 1)
    days, free = float(weights.sum()), len(effects) - float(taken)
    noise = float(weights @ residual**2) / max(days - free, days / 3)
    if noise <= 0:
        return penalty
    places, of, usual = kinds.places, kinds.of, kinds.usual
    size = np.bincount(of, effects[places] ** 2 + noise * uncertain[places], len(usual))
    variance = (PRIOR_EFFECTS * noise / usual + size) / (PRIOR_EFFECTS + kinds.effects)
    days_of_evidence = np.minimum(
        np.maximum(noise / variance, usual / LARGEST_CHANGE), usual * LARGEST_CHANGE
    )
    learned = penalty.copy()
    learned[places, places] = days_of_evidence[of]
    return learned


class _Kinds(NamedTuple):
    """Effects whose penalty is learned, kind by kind: their places, the kind of each, and of each kind its usual
    penalty and number of effects."""

    places: np.ndarray
    of: np.ndarray
    usual: np.ndarray
    effects: np.ndarray


@dataclass(frozen=True, eq=False)
class _Design:
    """One design of all days for every origin that shares its level knots: origins a multiple of 14 days apart.

    A knot after the origin is 0 on all days before it. So the Gram matrix of an origin is that of an earlier one and
    the days between, and low-rank corrections for the few days that the origin sees differently.
    """

    columns: np.ndarray
    groups: np.ndarray
    penalty_days: np.ndarray
    kinds: _Kinds
    calendar_terms: int
    first_knot: int
    recorded: np.ndarray
    grams: dict[int, np.ndarray] = field(default_factory=dict)
    used: dict[tuple[str, ...], np.ndarray] = field(default_factory=dict)

    @classmethod
    def of(cls, matrix: DayMatrix, phase: int) -> _Design:
        fixed = calendar_terms(matrix.calendar, MONTH_DAY_DAYS)
        had_contacts = np.asarray(recorded(matrix)[1].any(axis=1))
        # Columns of opening as they look from behind the last recorded day.
        last = int(np.flatnonzero(had_contacts)[-1]) + 1
        openness = openness_columns(matrix, last, len(matrix) - last)
        first = (phase - 1) % LEVEL_KNOT_DAYS
        first -= LEVEL_KNOT_DAYS if first else 0
        knots = np.arange(first, len(matrix) + LEVEL_KNOT_DAYS, LEVEL_KNOT_DAYS)
        distance = np.abs(np.arange(len(matrix))[:, None] - knots) / LEVEL_KNOT_DAYS
        groups = np.concatenate([fixed.groups, OPENNESS_GROUPS])
        usual = np.concatenate([fixed.penalty_days, OPENNESS_DAYS])
        places = np.flatnonzero(np.isin(groups, LEARNED_GROUPS))
        alike = list(zip(groups[places], usual[places], strict=True))
        each = list(dict.fromkeys(alike))
        of = np.array([each.index(kind) for kind in alike], dtype=int)
        days = np.array([days for _, days in each])
        kinds = _Kinds(places, of, days, np.bincount(of, minlength=len(each)))
        return cls(
            np.hstack([fixed.columns, openness, np.maximum(0.0, 1.0 - distance)]),
            groups,
            usual,
            kinds,
            len(groups),
            first,
            had_contacts,
        )

    def at(
        self, origin: int, openness: np.ndarray, month_days: bool
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
        """Columns of the history, their unweighted Gram matrix over recorded days, penalty, number of knots."""
        knots = (origin - 1 - self.first_knot) // LEVEL_KNOT_DAYS + 1
        calendar = self._used(origin, month_days)
        end = self.calendar_terms + knots
        whole = len(calendar) == self.calendar_terms
        used = np.arange(end) if whole else np.append(calendar, np.arange(self.calendar_terms, end))
        columns = self.columns[:origin]
        gram = self._gram(origin)
        place = self._openness
        differs = np.flatnonzero((columns[:, place] != openness).any(axis=1))
        if len(differs):
            columns = columns.copy()
            columns[differs, place] = openness[differs]
            counted = differs[self.recorded[differs]]
            before, now = self.columns[counted], columns[counted]
            gram = gram + now.T @ now - before.T @ before
        penalty = np.zeros((len(used), len(used)))
        penalty[np.diag_indices(len(calendar))] = self.penalty_days[calendar]
        penalty[len(calendar) :, len(calendar) :] = level_penalty(knots, LEVEL_STIFFNESS_DAYS)
        if whole:
            return columns[:, :end], gram[:end, :end], penalty, knots
        return columns[:, used], gram[np.ix_(used, used)], penalty, knots

    def learned_kinds(self, origin: int, month_days: bool) -> _Kinds:
        """Those of the kinds, and of their effects, that are used and have been met before the origin."""
        used = self._used(origin, month_days)
        place = np.searchsorted(used, self.kinds.places)
        kept = np.diagonal(self._gram(origin))[self.kinds.places] > 0
        kept &= used[np.minimum(place, len(used) - 1)] == self.kinds.places
        of = self.kinds.of[kept]
        return _Kinds(place[kept], of, self.kinds.usual, np.bincount(of, minlength=len(self.kinds.usual)))

    def ahead(self, origin: int, days: int, openness: np.ndarray, month_days: bool) -> np.ndarray:
        """Calendar columns of the days after the origin."""
        columns = self.columns[origin : origin + days].copy()
        columns[:, self._openness] = openness
        return columns[:, self._used(origin, month_days)]

    @property
    def _openness(self) -> slice:
        return slice(self.calendar_terms - len(OPENNESS_GROUPS), self.calendar_terms)

    def _used(self, origin: int, month_days: bool) -> np.ndarray:
        allowed = groups_allowed(origin, month_days)
        if allowed not in self.used:
            self.used[allowed] = np.flatnonzero(np.isin(self.groups, allowed))
        return self.used[allowed]

    def _gram(self, origin: int) -> np.ndarray:
        if origin not in self.grams:
            before = max((other for other in self.grams if other < origin), default=0)
            rows = self.columns[before:origin][self.recorded[before:origin]]
            gram = rows.T @ rows
            self.grams[origin] = self.grams[before] + gram if before else gram
        return self.grams[origin]
