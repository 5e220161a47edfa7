"""Two-level model: the day's total by calendar regression and ARMA, its intervals by the weekday profile."""

from __future__ import annotations

import numpy as np

from forecasts.day_matrix import DayMatrix
from forecasts.models.level import level_path
from forecasts.models.prediction import Prediction
from forecasts.models.profile import full_day_totals, weekday_profile
from forecasts.models.ridge import huber_weights, ridge
from forecasts.models.terms import terms

HALF_LIFE_DAYS = 35.0
MONTH_DAY_DAYS = 3.0
LEVEL_STIFFNESS_DAYS = 6.0
COUNT_OFFSET = 0.5
LARGEST_LOG = 25.0
ROUNDS = 3


def two_level(matrix: DayMatrix, origin: int, days: int, month_days: bool = True) -> Prediction:
    """Daily totals (log scale) × recency-weighted weekday profile (half-life 35 days).

    Calendar effects come from a penalised regression with Huber weights; what remains is the level, followed
    by an ARMA(1,1) (statsmodels).

    Parameters
    ----------
    matrix
        History before row ``origin``, calendar up to ``origin + days``.
    month_days
        Whether the day of the month may matter.
    """
    totals = full_day_totals(matrix, origin)
    seen = ~np.isnan(totals)
    if not seen.any():
        return Prediction(np.zeros((days, matrix.slots)), ("two-level: no recorded day to learn from",))
    design = terms(matrix, origin, days, month_days, seen, LEVEL_STIFFNESS_DAYS, MONTH_DAY_DAYS)
    log_total = np.log(np.where(seen, totals, 1.0) + COUNT_OFFSET) - design.expected[:origin]
    log_total[~seen] = np.nan
    history = design.columns[:origin]
    weights = np.ones(origin)
    for _ in range(ROUNDS):
        effects = ridge(history, design.penalty, log_total[:, None], weights)[:, 0]
        residual = log_total - history @ effects
        weights = huber_weights(residual)
    calendar_part = design.columns[:, ~design.level] @ effects[~design.level]
    fitted = history[:, design.level] @ effects[design.level]
    # A day that the regression distrusts moves the level by its weight only.
    path = fitted + weights * (log_total - calendar_part[:origin] - fitted)
    open_day = matrix.open[origin : origin + days].any(axis=1)
    ahead = np.maximum(np.cumsum(open_day) - 1, 0)
    level, notes = level_path(path[seen], days)
    spread = float(np.average(residual[seen] ** 2, weights=weights[seen]))
    # exp() of a mean of logs is a median; half the variance brings the mean back.
    log_ahead = level[ahead] + calendar_part[origin:] + design.expected[origin:] + spread / 2
    total = np.maximum(np.exp(np.minimum(log_ahead, LARGEST_LOG)) - COUNT_OFFSET, 0.0)
    share = weekday_profile(matrix, origin, totals, HALF_LIFE_DAYS)
    return Prediction(total[:, None] * share[matrix.calendar.weekday[origin : origin + days]], notes)
