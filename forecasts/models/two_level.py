"""Two-level model: the day's total by calendar regression and smoothing, its intervals by the weekday profile."""

from __future__ import annotations

import warnings

import numpy as np

from forecasts.day_matrix import DayMatrix
from forecasts.models.prediction import Prediction
from forecasts.models.profile import full_day_totals, weekday_profile
from forecasts.models.ridge import huber_weights, ridge
from forecasts.models.terms import terms

HALF_LIFE_DAYS = 35.0
MIN_SMOOTHING = 0.02
MAX_SMOOTHING = 0.6


def two_level(matrix: DayMatrix, origin: int, days: int, month_days: bool = True) -> Prediction:
    """Daily totals (log scale) × recency-weighted weekday profile (half-life 35 days).

    Calendar effects come from a penalised regression with Huber weights; what remains is the level, followed
    by simple exponential smoothing (statsmodels).

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
    offset = 0.5
    log_total = np.log(np.where(seen, totals, 1.0) + offset)[:, None]
    log_total[~seen] = np.nan
    design = terms(matrix.calendar, origin, days, month_days, seen)
    history = design.columns[:origin]
    weights = np.ones(origin)
    for _ in range(3):
        effects = ridge(history, design.penalty, log_total, weights)
        residual = (log_total - history @ effects)[:, 0]
        weights = huber_weights(residual)
    calendar_part = design.columns[:, ~design.level] @ effects[~design.level, 0]
    level_path = log_total[:, 0] - calendar_part[:origin]
    # Smoothing sees the days that the regression trusted; a distrusted day moves the level by its weight.
    fitted = history[:, design.level] @ effects[design.level, 0]
    level_path = fitted + weights * (level_path - fitted)
    level, notes = smoothed_level(level_path[seen])
    spread = float(np.average(residual[seen] ** 2, weights=weights[seen]))
    # exp() of a mean of logs is a median; half the variance brings the mean back.
    total = np.maximum(np.exp(level + calendar_part[origin:] + spread / 2) - offset, 0.0)
    share = weekday_profile(matrix, origin, totals, HALF_LIFE_DAYS)
    return Prediction(total[:, None] * share[matrix.calendar.weekday[origin : origin + days]], notes)


def smoothed_level(path: np.ndarray) -> tuple[float, tuple[str, ...]]:
    """Last level of simple exponential smoothing, its constant fitted within [0.02, 0.6]; and notes."""
    if len(path) < 10 or np.ptp(path) < 1e-9:
        return float(np.mean(path[-7:])), ()
    from statsmodels.tsa.holtwinters import SimpleExpSmoothing  # slow to import: only where it is used

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            model = SimpleExpSmoothing(path, initialization_method="heuristic")
            constant = float(model.fit().params["smoothing_level"])
        except (ValueError, ArithmeticError, np.linalg.LinAlgError):
            constant = np.nan
        notes: tuple[str, ...] = ()
        if not np.isfinite(constant):
            constant, notes = 0.1, ("two-level: smoothing could not be fitted, constant 0.1 used",)
        elif any("onverge" in str(warning.message) for warning in caught):
            notes = ("two-level: the smoothing constant did not converge",)
        constant = min(max(constant, MIN_SMOOTHING), MAX_SMOOTHING)
        level = path[: min(7, len(path))].mean()
        for value in path:
            level += constant * (value - level)
    return float(level), notes
