"""Mean of the last same weekdays: what planners do by hand, and the measure of every other model."""

from __future__ import annotations

import numpy as np

from forecasts.day_matrix import DayMatrix
from forecasts.models.prediction import Prediction


def same_weekday(matrix: DayMatrix, origin: int, days: int, weeks: int) -> Prediction:
    """Mean contacts of the last ``weeks`` recorded same weekdays, interval by interval.

    Holidays and bridge days are left out of the means; an interval never recorded on its weekday takes the
    mean of that time of day over all weekdays, else 0.

    Parameters
    ----------
    matrix
        History before row ``origin``, calendar up to ``origin + days``.
    weeks
        Number of same weekdays in the mean, >= 1.
    """
    history = matrix.contacts[:origin]
    ordinary = ~matrix.calendar.special[:origin]
    weekday = matrix.calendar.weekday
    week = np.full((7, matrix.slots), np.nan)
    for day in range(7):
        rows = np.flatnonzero((weekday[:origin] == day) & ordinary & (~np.isnan(history)).any(axis=1))[
            -weeks:
        ]
        if len(rows) == 0:
            rows = np.flatnonzero((weekday[:origin] == day) & (~np.isnan(history)).any(axis=1))[-weeks:]
        week[day] = mean_over_days(history[rows])
    any_day = mean_over_days(history[-7 * weeks :])
    week = np.where(np.isnan(week), np.nan_to_num(any_day), week)
    return Prediction(week[weekday[origin : origin + days]])


def mean_over_days(contacts: np.ndarray) -> np.ndarray:
    """Mean of the known values in each column; NaN where there are none."""
    known = ~np.isnan(contacts)
    counts = known.sum(axis=0)
    sums = np.where(known, contacts, 0.0).sum(axis=0)
    return np.divide(sums, counts, out=np.full(contacts.shape[1], np.nan), where=counts > 0)
