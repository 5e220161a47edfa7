"""Vector regression: all intervals on one calendar design, then the recent shape, then smoothed factors."""

from __future__ import annotations

import numpy as np

from forecasts.day_matrix import DayMatrix
from forecasts.models.prediction import Prediction
from forecasts.models.profile import LOW_COUNT, busy_mean, recency
from forecasts.models.ridge import huber_weights, ridge
from forecasts.models.terms import terms

SHAPE_HALF_LIFE_DAYS = 42.0
SHAPE_PRIOR_DAYS = 2.0
FACTORS = 3
SMOOTHING = np.array([0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3])
LOOK_AHEAD = (1, 4, 7, 11, 14)


def vector_regression(matrix: DayMatrix, origin: int, days: int, month_days: bool = True) -> Prediction:
    """Ridge regression of √(contacts + ¼) with Huber weights on days, plus recent shape and smoothed factors.

    Parameters
    ----------
    matrix
        History before row ``origin``, calendar up to ``origin + days``.
    month_days
        Whether the day of the month may matter.

    References
    ----------
    .. [1] Shen, Huang (2008), Manufacturing & Service Operations Management 10(3): the factors.
    .. [2] Brown et al. (2005), Journal of the American Statistical Association 100: the root transform.
    """
    history = matrix.contacts[:origin]
    root = np.sqrt(history + 0.25)
    seen = np.asarray((~np.isnan(root)).any(axis=1))
    if not seen.any():
        return Prediction(
            np.zeros((days, matrix.slots)), ("vector regression: no recorded day to learn from",)
        )
    design = terms(matrix.calendar, origin, days, month_days, seen)
    past = design.columns[:origin]
    weights = np.ones(origin)
    for _ in range(3):
        effects = ridge(past, design.penalty, root, weights)
        residual = root - past @ effects
        weights = huber_weights(_day_mean(residual))
    low = busy_mean(history) < LOW_COUNT
    shape = _recent_shape(residual, weights, matrix, origin, SHAPE_HALF_LIFE_DAYS * (4.0 if low else 1.0))
    residual = residual - shape[matrix.calendar.weekday[:origin]]
    drift = _factor_drift(residual, weights)
    mean = design.columns[origin:] @ effects + shape[matrix.calendar.weekday[origin : origin + days]] + drift
    remaining = residual - drift * 0.0
    noise = _spread(remaining, weights)
    # E[y + 1/4] = E[root]² + Var[root]; a Poisson count has a variance of 1/4 there and leaves y = root².
    return Prediction(np.maximum(np.maximum(mean, 0.0) ** 2 + noise - 0.25, 0.0))


def _day_mean(residual: np.ndarray) -> np.ndarray:
    known = ~np.isnan(residual)
    counts = known.sum(axis=1)
    sums = np.where(known, residual, 0.0).sum(axis=1)
    return np.divide(sums, counts, out=np.full(len(residual), np.nan), where=counts > 0)


def _recent_shape(
    residual: np.ndarray, weights: np.ndarray, matrix: DayMatrix, origin: int, half_life_days: float
) -> np.ndarray:
    """Recency-weighted mean residual of each weekday × interval, shrunk to 0, shape ``(7, slots)``."""
    known = ~np.isnan(residual)
    weight = (weights * recency(origin, half_life_days) * ~matrix.calendar.special[:origin])[:, None] * known
    top, bottom = np.zeros((7, matrix.slots)), np.zeros((7, matrix.slots))
    weekday = matrix.calendar.weekday[:origin]
    np.add.at(top, weekday, weight * np.where(known, residual, 0.0))
    np.add.at(bottom, weekday, weight)
    return top / (bottom + SHAPE_PRIOR_DAYS)


def _factor_drift(residual: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Where the last days have moved along the three main directions of the residuals, shape ``(slots,)``."""
    filled = np.where(np.isnan(residual), 0.0, residual)[(~np.isnan(residual)).any(axis=1)]
    day_weights = weights[(~np.isnan(residual)).any(axis=1)]
    if len(filled) < 28:
        return np.zeros(residual.shape[1])
    _, _, directions = np.linalg.svd(filled * np.sqrt(day_weights)[:, None], full_matrices=False)
    directions = directions[:FACTORS]
    scores = (filled * day_weights[:, None]) @ directions.T
    state = np.zeros((len(SMOOTHING), scores.shape[1]))
    path = np.empty((len(scores), *state.shape))
    for day, score in enumerate(scores):
        state = state + SMOOTHING[:, None] * (score - state)
        path[day] = state
    loss = np.zeros(state.shape)
    for ahead in LOOK_AHEAD:
        if len(scores) > ahead + 14:
            loss += ((scores[ahead + 14 :, None, :] - path[14:-ahead]) ** 2).mean(axis=0)
    best = loss.argmin(axis=0)
    return state[best, np.arange(len(best))] @ directions


def _spread(residual: np.ndarray, weights: np.ndarray) -> np.ndarray:
    known = ~np.isnan(residual)
    top = (np.where(known, residual, 0.0) ** 2 * weights[:, None]).sum(axis=0)
    bottom = (known * weights[:, None]).sum(axis=0)
    return np.divide(top, bottom, out=np.full(residual.shape[1], 0.25), where=bottom > 0)
