"""Mean of the last same weekdays: what planners do by hand, and the measure of every other model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from forecasts.day_matrix import DayMatrix
from forecasts.models.prediction import Prediction
from forecasts.models.profile import recorded, weekday_rows

USUAL_WEEKS = (4, 6, 8)
ORDINARY, ANY_KIND, ALL_DAYS = np.arange(7), np.arange(7, 14), np.array([14])


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
    asked = USUAL_WEEKS if weeks in USUAL_WEEKS else (weeks,)
    means = matrix.remember(("same weekdays", origin, asked), lambda: _weekday_means(matrix, origin, asked))
    week = cast(np.ndarray, means)[asked.index(weeks)]
    return Prediction(week[matrix.calendar.weekday[origin : origin + days]])


def _weekday_means(matrix: DayMatrix, origin: int, weeks: tuple[int, ...]) -> np.ndarray:
    """Means of several numbers of weeks at once, shape ``(numbers, 7, slots)``."""
    sums = cast(_RunningSums, matrix.remember("same weekdays", lambda: _RunningSums.of(matrix)))
    # A weekday that only holidays have shown is better known from them than not at all.
    group = np.where(sums.before[ORDINARY, origin] > 0, ORDINARY, ANY_KIND)
    last = np.array(weeks)[:, None]
    means = sums.means_before(origin, group, last)
    missing = np.isnan(means)
    if missing.any():
        means = np.where(missing, np.nan_to_num(sums.means_before(origin, ALL_DAYS, 7 * last)), means)
    return means


@dataclass(frozen=True, eq=False)
class _RunningSums:
    """Running sums over groups of days, one below the other: the mean of a group's last days is a difference.

    ``sums`` and ``counts`` hold one row before and one after each day of a group, ``first`` where each group begins,
    and ``before`` how many of its days lie before each origin, shape ``(groups, days + 1)``.
    """

    sums: np.ndarray
    counts: np.ndarray
    first: np.ndarray
    before: np.ndarray

    @classmethod
    def of(cls, matrix: DayMatrix) -> _RunningSums:
        contacts, known = recorded(matrix)
        of_weekday = weekday_rows(matrix) * known.any(axis=1)
        groups = np.vstack([of_weekday * ~matrix.calendar.special, of_weekday, np.ones((1, len(matrix)))]) > 0
        before = np.concatenate([np.zeros((len(groups), 1), dtype=int), np.cumsum(groups, axis=1)], axis=1)
        nothing = np.zeros((1, matrix.slots))
        running = [
            np.concatenate([part for days in groups for part in (nothing, np.cumsum(values[days], axis=0))])
            for values in (contacts, known)
        ]
        first = np.concatenate([[0], np.cumsum(before[:-1, -1] + 1)])
        return cls(running[0], running[1], first, before)

    def means_before(self, origin: int, group: np.ndarray, last: np.ndarray) -> np.ndarray:
        """Mean of the known values of each group's ``last`` days before the origin; NaN where there are none.

        ``last`` has the shape ``(numbers, 1)``, the result ``(numbers, groups, slots)``.
        """
        until = self.before[group, origin]
        since = self.first[group] + np.maximum(until - last, 0)
        until = self.first[group] + until
        sums, counts = self.sums[until] - self.sums[since], self.counts[until] - self.counts[since]
        return np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)


def mean_over_days(contacts: np.ndarray) -> np.ndarray:
    """Mean of the known values in each column; NaN where there are none."""
    known = ~np.isnan(contacts)
    counts = known.sum(axis=0)
    sums = np.where(known, contacts, 0.0).sum(axis=0)
    return np.divide(sums, counts, out=np.full(contacts.shape[1], np.nan), where=counts > 0)
