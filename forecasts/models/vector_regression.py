"""Vector regression: all intervals on one calendar design, then the recent shape, then smoothed factors."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecasts.day_matrix import DayMatrix
from forecasts.models.prediction import Prediction
from forecasts.models.profile import LOW_COUNT, busy_mean, recency
from forecasts.models.ridge import huber_weights, ridge
from forecasts.models.same_weekday import mean_over_days
from forecasts.models.terms import Terms, terms

SHAPE_HALF_LIFE_DAYS = 42.0
SHAPE_PRIOR_DAYS = 2.0
FACTORS = 3
LEAST_DRIFT_DAYS = 35
SETTLE_DAYS = 14
MONTH_DAY_DAYS = 5.0
LEVEL_STIFFNESS_DAYS = 25.0
ROUNDS = 3
NEIGHBOUR_DAYS = 15
SMOOTHING, STAYING = (
    grid.ravel()
    for grid in np.meshgrid(
        [0.0, 0.03, 0.06, 0.1, 0.15, 0.22, 0.3, 0.4], [1.0, 0.97, 0.93, 0.85], indexing="ij"
    )
)
LOOK_AHEAD_DAYS = (1, 3, 5, 7, 10)


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
    design = terms(matrix, origin, days, month_days, seen, LEVEL_STIFFNESS_DAYS, MONTH_DAY_DAYS)
    past = design.columns[:origin]
    # The root of a volume that rises by a share rises by half that share of itself.
    expected = 0.5 * design.expected[:, None] * np.nan_to_num(mean_over_days(root))
    root = root - expected[:origin]
    weights = np.ones(origin)
    for _ in range(ROUNDS):
        effects = ridge(past, design.penalty, root, weights)
        residual = root - past @ effects
        weights = huber_weights(_from_neighbours(_day_mean(residual)))
    effects = _half_shared(effects, design, mean_over_days(root))
    residual = root - past @ effects
    low = busy_mean(history) < LOW_COUNT
    shape = _recent_shape(residual, weights, matrix, origin, SHAPE_HALF_LIFE_DAYS * (4.0 if low else 1.0))
    residual = residual - shape[matrix.calendar.weekday[:origin]]
    open_day = matrix.open[origin : origin + days].any(axis=1)
    drift = _factor_drift(residual, weights, days)[np.maximum(np.cumsum(open_day) - 1, 0)]
    mean = design.columns[origin:] @ effects + expected[origin:] + drift
    mean += shape[matrix.calendar.weekday[origin : origin + days]]
    noise = _spread(residual, weights)
    # E[y + 1/4] = E[root]² + Var[root]; a Poisson count has a variance of 1/4 there and leaves y = root².
    return Prediction(np.maximum(np.maximum(mean, 0.0) ** 2 + noise - 0.25, 0.0))


def _day_mean(residual: np.ndarray) -> np.ndarray:
    known = ~np.isnan(residual)
    counts = known.sum(axis=1)
    sums = np.where(known, residual, 0.0).sum(axis=1)
    return np.divide(sums, counts, out=np.full(len(residual), np.nan), where=counts > 0)


def _half_shared(effects: np.ndarray, design: Terms, usual: np.ndarray) -> np.ndarray:
    """Rare effects half-way to one share of the day's usual shape: few days cannot tell each interval's own.

    Parameters
    ----------
    usual
        Mean root of each interval, shape ``(slots,)``.
    """
    shape = np.nan_to_num(usual)
    rare = np.isin(design.groups, ("holiday", "month_day", "year"))
    share = effects[rare] @ shape / max(float(shape @ shape), 1e-9)
    mixed = effects.copy()
    mixed[rare] = 0.5 * effects[rare] + 0.5 * share[:, None] * shape
    return mixed


def _from_neighbours(day_residual: np.ndarray) -> np.ndarray:
    """Departure of each day from the median of the days around it: a lasting change of level is no outlier."""
    around = pd.Series(day_residual).rolling(NEIGHBOUR_DAYS, center=True, min_periods=1).median()
    return day_residual - around.to_numpy()


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


def _factor_drift(residual: np.ndarray, weights: np.ndarray, days: int) -> np.ndarray:
    """Where the last days have moved along the three main directions of the residuals, ``(days, slots)``.

    Each factor is smoothed exponentially and fades with the days ahead; both constants are those that would have
    predicted the past best, one to ten open days ahead.
    """
    used = (~np.isnan(residual)).any(axis=1)
    filled, day_weights = np.nan_to_num(residual[used]), weights[used]
    if len(filled) < LEAST_DRIFT_DAYS:
        return np.zeros((days, residual.shape[1]))
    scaled = filled * np.sqrt(day_weights)[:, None]
    # The main directions of the days × slots residuals from the smaller slots × slots products.
    directions = np.linalg.eigh(scaled.T @ scaled)[1][:, ::-1][:, :FACTORS].T
    scores = (filled * day_weights[:, None]) @ directions.T
    path = np.empty((len(scores), FACTORS, len(SMOOTHING)))
    state = np.zeros(path.shape[1:])
    for day, score in enumerate(scores):
        state = state + SMOOTHING * (score[:, None] - state)
        path[day] = state
    loss = np.zeros(state.shape)
    for ahead in LOOK_AHEAD_DAYS:
        past = path[SETTLE_DAYS:-ahead]
        loss += ((scores[SETTLE_DAYS + ahead :, :, None] - STAYING**ahead * past) ** 2).mean(axis=0)
    best = loss.argmin(axis=1)
    fading = STAYING[best] ** np.arange(1, days + 1)[:, None]
    return (fading * state[np.arange(FACTORS), best]) @ directions


def _spread(residual: np.ndarray, weights: np.ndarray) -> np.ndarray:
    known = ~np.isnan(residual)
    top = (np.where(known, residual, 0.0) ** 2 * weights[:, None]).sum(axis=0)
    bottom = (known * weights[:, None]).sum(axis=0)
    return np.divide(top, bottom, out=np.full(residual.shape[1], 0.25), where=bottom > 0)
