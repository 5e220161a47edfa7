"""Mean of the last same weekdays: what planners do by hand, and the measure of every other model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from forecasts.day_matrix import DayMatrix
from forecasts.models.prediction import Prediction
from forecasts.models.profile import recorded


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
    ordinary, any_kind, all_days = cast(
        "tuple[list[_RunningSums], list[_RunningSums], _RunningSums]",
        matrix.remember("same weekdays", lambda: _running_sums(matrix)),
    )
    week = np.empty((7, matrix.slots))
    for day in range(7):
        rows = ordinary[day] if ordinary[day].any_before(origin) else any_kind[day]
        week[day] = rows.mean_before(origin, weeks)
    every_day = all_days.mean_before(origin, 7 * weeks)
    week = np.where(np.isnan(week), np.nan_to_num(every_day), week)
    return Prediction(week[matrix.calendar.weekday[origin : origin + days]])


@dataclass(frozen=True, eq=False)
class _RunningSums:
    """Sums over the first 0, 1, 2 … of the rows ``rows``: any mean of consecutive ones is a difference."""

    rows: np.ndarray
    sums: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, matrix: DayMatrix, rows: np.ndarray) -> _RunningSums:
        contacts, known = recorded(matrix)
        nothing = np.zeros((1, matrix.slots))
        return cls(
            rows,
            np.vstack([nothing, np.cumsum(contacts[rows], axis=0)]),
            np.vstack([nothing, np.cumsum(known[rows], axis=0)]),
        )

    def any_before(self, origin: int) -> bool:
        return len(self.rows) > 0 and self.rows[0] < origin

    def mean_before(self, origin: int, last: int) -> np.ndarray:
        until = int(np.searchsorted(self.rows, origin))
        since = max(until - last, 0)
        sums, counts = self.sums[until] - self.sums[since], self.counts[until] - self.counts[since]
        return np.divide(sums, counts, out=np.full(len(sums), np.nan), where=counts > 0)


def _running_sums(matrix: DayMatrix) -> tuple[list[_RunningSums], list[_RunningSums], _RunningSums]:
    weekday, special = matrix.calendar.weekday, matrix.calendar.special
    had_contacts = recorded(matrix)[1].any(axis=1)
    of_weekday = [had_contacts & (weekday == day) for day in range(7)]
    return (
        [_RunningSums.of(matrix, np.flatnonzero(days & ~special)) for days in of_weekday],
        [_RunningSums.of(matrix, np.flatnonzero(days)) for days in of_weekday],
        _RunningSums.of(matrix, np.arange(len(matrix))),
    )


def mean_over_days(contacts: np.ndarray) -> np.ndarray:
    """Mean of the known values in each column; NaN where there are none."""
    known = ~np.isnan(contacts)
    counts = known.sum(axis=0)
    sums = np.where(known, contacts, 0.0).sum(axis=0)
    return np.divide(sums, counts, out=np.full(contacts.shape[1], np.nan), where=counts > 0)
