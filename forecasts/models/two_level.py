"""Two-level model: the day's total by calendar regression, its intervals by the weekday profile."""

from __future__ import annotations

import numpy as np

from forecasts.day_matrix import DayMatrix
from forecasts.models.daily_regression import (
    COUNT_OFFSET,
    LEVEL_STIFFNESS_DAYS,
    MONTH_DAY_DAYS,
    expected_totals,
)
from forecasts.models.prediction import Prediction
from forecasts.models.profile import full_day_totals, weekday_profile

HALF_LIFE_DAYS = 35.0

__all__ = ["COUNT_OFFSET", "LEVEL_STIFFNESS_DAYS", "MONTH_DAY_DAYS", "two_level"]


def two_level(matrix: DayMatrix, origin: int, days: int, month_days: bool = True) -> Prediction:
    """Daily totals (see :func:`~forecasts.models.daily_regression.expected_totals`) × weekday profile.

    Parameters
    ----------
    matrix
        History before row ``origin``, calendar up to ``origin + days``.
    month_days
        Whether the day of the month may matter.
    """
    totals = full_day_totals(matrix, origin)
    if np.isnan(totals).all():
        return Prediction(np.zeros((days, matrix.slots)), ("two-level: no recorded day to learn from",))
    share = weekday_profile(matrix, origin, totals, HALF_LIFE_DAYS)
    total = expected_totals(matrix, origin, days, month_days)
    return Prediction(total[:, None] * share[matrix.calendar.weekday[origin : origin + days]])
