"""The shape of a day on the square-root scale: weekday profile, calendar, and where it has drifted lately."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

import numpy as np

from forecasts.day_matrix import DayMatrix
from forecasts.models.level import LEAST_DAYS, smoothed_ahead
from forecasts.models.profile import (
    WORKING_DAYS_AND_WEEKEND,
    full_day_totals,
    ratio,
    recency,
    recorded,
    weekday_rows,
)
from forecasts.models.ridge import huber_weights, median
from forecasts.models.terms import YEAR_FROM_DAYS, openness_columns
from forecasts.models.weekday_drift import weekday_drift

FACTORS = 5
LARGEST_DAY_WEIGHT = 3.0
TRUST_HALF_LIFE_DAYS = 90.0
SPECIAL_DAY_WEIGHT = 0.1
# A day that tells weekdays apart has told part of it already: the mean that it is compared with holds it.
OWN_PART = 0.8
NEIGHBOURS = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9.0
MONTH_START_DAYS, MONTH_END_DAYS = 3, 2
# Penalties in days: holiday, before, after, bridge, first and last working days of the month, time of year.
CALENDAR_DAYS = (0.5, 3.0, 3.0, 3.0, 4.0, 4.0)
YEAR_DAYS = 30.0
CALENDAR_SHARE = 0.5
FEW_SLOTS = 64
ITERATIONS = 12


@dataclass(frozen=True, eq=False)
class _RootShares:
    """Root of each interval's share of its day, on the days and intervals that were ever recorded.

    Attributes
    ----------
    rows, slots
        Days with a known total, and intervals with a record on any of them.
    values, known
        Root shares, 0 where unknown, and 1.0 where known, shape ``(rows, slots)``.
    weekday, by_weekday
        Weekday of each row; 1.0 where a row is that weekday, shape ``(7, rows)``.
    weights
        Grow with the total, at most threefold: a busy day shows its shape more clearly.
    trust
        Huber weights: a day of strange shape counts less.
    directions
        In which shapes vary most, orthonormal columns, shape ``(slots, factors)``.
    """

    rows: np.ndarray
    slots: np.ndarray
    values: np.ndarray
    known: np.ndarray
    weekday: np.ndarray
    by_weekday: np.ndarray
    weights: np.ndarray
    ordinary: np.ndarray
    trust: np.ndarray
    directions: np.ndarray
    usual_total: float

    def recency(self, origin: int, half_life_days: float) -> np.ndarray:
        return recency(origin, half_life_days)[self.rows]


def day_shape(matrix: DayMatrix, origin: int, days: int, half_life_days: float) -> np.ndarray:
    """Share of the day's total in each interval of the days after the origin, shape ``(days, slots)``.

    Parameters
    ----------
    matrix
        History before row ``origin`` with a positive day total, calendar up to ``origin + days``.
    half_life_days
        Of the recency weights of the weekday profile.

    Returns
    -------
    Shares >= 0, each row adding up to 1 over the open intervals of its day; a row is 0 where nothing is open.

    Notes
    -----
    The root of a share has nearly the same variance at any volume. Weekday profiles are shrunk to the mean of working
    days or of weekends as far as noise explains the difference (empirical Bayes), smooth and rough differences apart.
    Calendar effects on the shape count half. Weekdays whose shape drifts are followed from week to week. What is left
    moves along five main directions, smoothed as levels are.

    References
    ----------
    .. [1] Brown et al. (2005), Journal of the American Statistical Association 100: the root transform.
    .. [2] Shen, Huang (2008), Manufacturing & Service Operations Management 10(3): the factors.
    """
    shares = cast(_RootShares, matrix.remember(("root shares", origin), lambda: _root_shares(matrix, origin)))
    columns, penalty = cast(
        "tuple[np.ndarray, np.ndarray]",
        matrix.remember(("shape columns", origin, days), lambda: _calendar_columns(matrix, origin, days)),
    )
    weights = shares.ordinary * shares.trust
    profile = _weekday_profile(shares, weights * shares.recency(origin, half_life_days))
    left = (shares.values - profile[shares.weekday]) * shares.known
    past = columns[shares.rows]
    effects = _effects(past, penalty, left, shares.known, shares.weights * shares.trust)
    left -= (past @ effects) * shares.known
    is_open = matrix.open[origin : origin + days]
    ahead = np.maximum(np.cumsum(is_open.any(axis=1)) - 1, 0)
    root = profile[matrix.calendar.weekday[origin : origin + days]] + columns[origin:] @ effects
    trusted = np.where(matrix.calendar.special[shares.rows], SPECIAL_DAY_WEIGHT, 1.0) * shares.trust
    of_weekday, expected = weekday_drift(left, shares.weekday, origin - shares.rows, trusted)
    root += of_weekday[matrix.calendar.weekday[origin : origin + days]]
    left -= expected * shares.known
    root += _drift(left, shares.directions, days)[ahead]
    noise = ratio(weights @ left**2, weights @ shares.known)
    # E[share + 1/4 total] = E[root]² + Var[root].
    share = np.zeros((days, matrix.slots))
    share[:, shares.slots] = np.maximum(np.maximum(root, 0.0) ** 2 + noise - 0.25 / shares.usual_total, 0.0)
    share *= is_open
    return np.asarray(share / np.maximum(share.sum(axis=1, keepdims=True), 1e-12))


def _root_shares(matrix: DayMatrix, origin: int) -> _RootShares:
    contacts, known = recorded(matrix)
    root = cast(np.ndarray, matrix.remember("roots", lambda: np.sqrt(contacts + 0.25)))
    totals = full_day_totals(matrix, origin)
    rows = np.flatnonzero(np.nan_to_num(totals) > 0)
    totals = totals[rows]
    usual = float(totals.mean())
    known = known[rows]
    slots = np.flatnonzero(known.any(axis=0))
    known = known[:, slots]
    weights = np.minimum(totals / usual, LARGEST_DAY_WEIGHT)
    shares = _RootShares(
        rows,
        slots,
        root[np.ix_(rows, slots)] / np.sqrt(totals)[:, None] * known,
        known,
        matrix.calendar.weekday[rows],
        weekday_rows(matrix)[:, rows],
        weights,
        weights * np.where(matrix.calendar.special[rows], SPECIAL_DAY_WEIGHT, 1.0),
        np.ones(len(rows)),
        np.empty((len(slots), 0)),
        usual,
    )
    weighted = shares.by_weekday * (shares.ordinary * shares.recency(origin, TRUST_HALF_LIFE_DAYS))
    plain = ratio(weighted @ shares.values, weighted @ shares.known)
    left = (shares.values - plain[shares.weekday]) * shares.known
    departure = np.sqrt((left**2).sum(axis=1) / known.sum(axis=1) * totals)
    trust = huber_weights(departure - median(departure))
    directions = _main_directions(left * np.sqrt(shares.ordinary * trust)[:, None])
    return replace(shares, trust=trust, directions=directions)


def _weekday_profile(shares: _RootShares, weights: np.ndarray) -> np.ndarray:
    """Mean root share of each weekday × interval, shrunk to that of similar weekdays, shape ``(7, slots)``."""
    weighted = shares.by_weekday * weights
    top, bottom = weighted @ shares.values, weighted @ shares.known
    mean = ratio(top, bottom)
    pooled = np.empty_like(mean)
    for group in WORKING_DAYS_AND_WEEKEND:
        pooled[group] = ratio(top[group].sum(axis=0), bottom[group].sum(axis=0))
    squares = (weighted * weights) @ shares.known
    days = ratio(bottom**2, squares)
    several = days > 1.5
    seen = bottom > 0
    if not several.any():
        return np.where(seen, mean, pooled)
    # Σ w (value - mean)² without the differences: the weighted means make the cross term equal to the square.
    left = float(weights @ (shares.values**2).sum(axis=1)) - float((top * mean).sum())
    noise = 1.1 * max(left, 0.0) / max(float(bottom.sum()), 1e-9)
    variance = ratio(np.full_like(days, noise), days * several)
    difference = np.where(seen, mean - pooled, 0.0)
    smoothing = _smoothing(len(shares.slots))
    smooth = difference @ smoothing / np.maximum(seen @ smoothing, 1e-9)
    rough = difference - smooth
    # Variance that smoothing leaves of independent noise, and what is left in the rest.
    kept = float((NEIGHBOURS**2).sum())
    rest = 1 - 2 * NEIGHBOURS[2] + kept
    result = pooled.copy()
    for part, noise_share in ((smooth, kept), (rough, rest)):
        of_noise = noise_share * variance
        real = max(float((part**2 - OWN_PART * of_noise)[several].mean()), 1e-12)
        result += part * (real / (real + of_noise))
    return np.where(seen, result, pooled)


@lru_cache(maxsize=64)
def _smoothing(slots: int) -> np.ndarray:
    """Matrix that takes each interval's mean with its two neighbours on both sides; shape ``(slots, slots)``."""
    apart = np.abs(np.subtract.outer(np.arange(slots), np.arange(slots)))
    near = np.append(NEIGHBOURS[2:], 0.0)
    return np.asarray(near[np.minimum(apart, len(near) - 1)])


def _calendar_columns(matrix: DayMatrix, origin: int, days: int) -> tuple[np.ndarray, np.ndarray]:
    """Few columns, shape ``(origin + days, terms)``, and their penalties in days."""
    calendar, end = matrix.calendar, origin + days
    openness = openness_columns(matrix, origin, days) > 0
    half = (openness.shape[1] - 1) // 2
    columns = [
        calendar.is_holiday[:end],
        calendar.before[:end],
        calendar.after[:end] | openness[:, 0],
        calendar.bridge[:end],
        openness[:, 1 : 1 + MONTH_START_DAYS].any(axis=1),
        openness[:, 1 + half : 1 + half + MONTH_END_DAYS].any(axis=1),
    ]
    penalty = list(CALENDAR_DAYS)
    if origin >= YEAR_FROM_DAYS:
        for harmonic in (1, 2):
            angle = 2 * np.pi * harmonic * calendar.year_fraction[:end]
            columns += [np.cos(angle), np.sin(angle)]
            penalty += [YEAR_DAYS, YEAR_DAYS]
    return np.column_stack(columns).astype(float), np.array(penalty)


def _effects(
    columns: np.ndarray, penalty: np.ndarray, target: np.ndarray, known: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Ridge effects of the columns on each interval, shape ``(terms, slots)``, counted by ``CALENDAR_SHARE``."""
    some = np.flatnonzero((columns != 0).any(axis=1))
    columns, known = columns[some], known[some]
    weighted = columns * weights[some, None]
    terms = columns.shape[1]
    # Each interval has its own missing days, but few: they are taken out of what all intervals share.
    partly = np.flatnonzero((known == 0).any(axis=1))
    products = (columns[partly, :, None] * weighted[partly, None, :]).reshape(len(partly), terms**2)
    missing = ((1 - known[partly]).T @ products).reshape(-1, terms, terms)
    grams = weighted.T @ columns + np.diag(penalty) - missing
    right = (weighted.T @ target[some]).T[:, :, None]
    return np.asarray(CALENDAR_SHARE * np.linalg.solve(grams, right)[:, :, 0].T)


def _drift(left: np.ndarray, directions: np.ndarray, days: int) -> np.ndarray:
    """Where the last days have moved along the main directions, ``(days, slots)``."""
    if len(left) < LEAST_DAYS:
        return np.zeros((days, left.shape[1]))
    return smoothed_ahead(left @ directions, days) @ directions.T


def _main_directions(rows: np.ndarray) -> np.ndarray:
    """The directions in which the rows vary most, orthonormal columns, shape ``(slots, factors)``."""
    slots = rows.shape[1]
    if slots <= FEW_SLOTS:
        return np.asarray(np.linalg.eigh(rows.T @ rows)[1][:, ::-1][:, :FACTORS])
    # Subspace iteration with three spare directions: a tenth of the time of all eigenvectors at 5 minutes.
    basis = np.random.default_rng(0).normal(size=(slots, FACTORS + 3))
    for _ in range(ITERATIONS):
        basis = np.linalg.qr(rows.T @ (rows @ basis))[0]
    inside = rows @ basis
    return np.asarray(basis @ np.linalg.eigh(inside.T @ inside)[1][:, ::-1][:, :FACTORS])
