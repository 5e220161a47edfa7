"""Factor model: the day's total by calendar regression, its intervals by a shape that moves along few factors."""

from __future__ import annotations

import numpy as np

from forecasts.day_matrix import DayMatrix
from forecasts.models.daily_regression import expected_totals
from forecasts.models.day_shape import day_shape
from forecasts.models.prediction import Prediction
from forecasts.models.profile import full_day_totals

# Long: what has changed lately is followed by the drifts of the shape.
HALF_LIFE_DAYS = 300.0


def factor_model(matrix: DayMatrix, origin: int, days: int, month_days: bool = True) -> Prediction:
    """Daily totals × shape of the day (see :func:`~forecasts.models.day_shape.day_shape`).

    Parameters
    ----------
    matrix
        History before row ``origin``, calendar up to ``origin + days``.
    month_days
        Whether the day of the month may matter to the totals.
    """
    if not np.nansum(full_day_totals(matrix, origin)) > 0:
        return Prediction(np.zeros((days, matrix.slots)), ("factor model: no contacts to learn from",))
    total = expected_totals(matrix, origin, days, month_days)
    return Prediction(total[:, None] * day_shape(matrix, origin, days, HALF_LIFE_DAYS))
