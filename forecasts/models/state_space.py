"""State-space model: the two-level model with its level by maximum likelihood (statsmodels)."""

from __future__ import annotations

import warnings

import numpy as np

from forecasts.day_matrix import DayMatrix
from forecasts.models.daily_regression import expected_totals
from forecasts.models.level import LEAST_DAYS, MEMORY_DAYS, level_path
from forecasts.models.prediction import Prediction
from forecasts.models.profile import full_day_totals, weekday_profile
from forecasts.models.two_level import HALF_LIFE_DAYS

ITERATIONS = 50


def state_space(matrix: DayMatrix, origin: int, days: int) -> Prediction:
    """Daily totals by calendar regression and an ARMA(1,1) level, intervals by the weekday profile.

    Parameters
    ----------
    matrix
        History before row ``origin``, calendar up to ``origin + days``.

    Notes
    -----
    The level is a Kalman filter's, fitted to the last 260 open days. Where that is too short or does not converge, the
    smoothed level of the two-level model stands in, and a note says so.
    """
    totals = full_day_totals(matrix, origin)
    if np.isnan(totals).all():
        return Prediction(np.zeros((days, matrix.slots)), ("state space: no recorded day to learn from",))
    notes: list[str] = []

    def level(path: np.ndarray, ahead: int) -> np.ndarray:
        fitted = _arma_ahead(path[-MEMORY_DAYS:], ahead)
        if fitted is None:
            notes.append("state space: the level could not be fitted, a smoothed one is used")
            return level_path(path, ahead)
        return fitted

    total = expected_totals(matrix, origin, days, level=level)
    share = weekday_profile(matrix, origin, totals, HALF_LIFE_DAYS)
    return Prediction(total[:, None] * share[matrix.calendar.weekday[origin : origin + days]], tuple(notes))


def _arma_ahead(path: np.ndarray, days: int) -> np.ndarray | None:
    """Expected level of the next days; None where the likelihood could not be maximised."""
    if len(path) < LEAST_DAYS or np.ptp(path) < 1e-9:
        return None
    from statsmodels.tsa.statespace.sarimax import SARIMAX  # slow to import

    mean, scale = float(path.mean()), float(path.std())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = SARIMAX((path - mean) / scale, order=(1, 0, 1))
            fit = model.fit(disp=0, maxiter=ITERATIONS)
            ahead = np.asarray(fit.forecast(days), dtype=float)
    except (ValueError, ArithmeticError, IndexError, np.linalg.LinAlgError):
        return None
    if not fit.mle_retvals.get("converged", False) or not np.isfinite(ahead).all():
        return None
    return mean + scale * ahead
