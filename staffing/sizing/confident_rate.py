"""The rate at which a queue with a confidence is sized, interval by interval."""

from __future__ import annotations

import numpy as np

from staffing.sizing.forecast_rows import ForecastRows
from staffing.sizing.risk import one_interval, rate_factor
from staffing.sizing.targets import QueueTarget


def confident_factor(rows: ForecastRows, target: QueueTarget, mine: np.ndarray) -> np.ndarray:
    """Factor on the contacts of a queue's rows ``mine`` that its confidence asks for; 1 without one.

    Raises
    ------
    ValueError
        On a confidence whose forecast has no dispersions.
    """
    if target.confidence is None:
        return np.ones(mine.size)
    interval, day = rows.dispersion_interval[mine], rows.dispersion_day[mine]
    if np.isnan(interval).any() or np.isnan(day).any():
        raise ValueError(
            f"queue {target.queue!r}: dispersion_interval and dispersion_day of the forecast expected "
            "with confidence, got none"
        )
    return rate_factor(one_interval(interval, day), target.confidence)
