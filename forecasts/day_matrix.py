"""The day × interval matrix that every model reads: contacts, opening hours and calendar."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from typing import Any

import numpy as np
import pandas as pd

from forecasts.calendars import DayCalendar, calendar
from forecasts.grid import day_grid
from forecasts.opening_hours import DAY_MIN, OpeningHours

MARGIN_DAYS = 7


@dataclass(frozen=True, eq=False)
class DayMatrix:
    """History and horizon of one queue by local day and wall-clock interval.

    Parameters
    ----------
    contacts
        Shape ``(days, slots)``; NaN where missing, closed, marked by cleaning, or not yet known.
        An hour that the clock repeats holds the mean of its two passes; one that it skips is missing.
    open
        Shape ``(days, slots)``, the opening hours.
    calendar
        Features of the same days.
    interval_min
        Length of an interval; ``slots = 1440 / interval_min``.
    """

    contacts: np.ndarray
    open: np.ndarray
    calendar: DayCalendar
    interval_min: int
    _remembered: dict[Hashable, Any] = field(init=False, repr=False, default_factory=dict)

    def remember(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        """The value computed when ``key`` was first asked for: models and origins share what they have in common.

        A copy with other contacts starts anew. What depends on the origin must have it in its key.
        """
        if key not in self._remembered:
            self._remembered[key] = compute()
        return self._remembered[key]

    @property
    def slots(self) -> int:
        """Wall-clock intervals in a day."""
        return self.contacts.shape[1]

    def __len__(self) -> int:
        return len(self.contacts)

    def closures(self, origin: int, days: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Days usually open that are closed, days open, and the first open day after each closure.

        Looks up to a week beyond ``origin + days``, where the opening hours are known too. Bool, shape
        ``(known days,)``. History is open where it has contacts, the rest where opening hours say so.
        """
        known = min(origin + days + MARGIN_DAYS, len(self))
        weekday = self.calendar.weekday[:known]
        had_contacts = (~np.isnan(self.contacts[:origin])).any(axis=1)
        seen = np.bincount(weekday[:origin], minlength=7)
        opened = np.bincount(weekday[:origin], weights=had_contacts, minlength=7)
        usual = (opened >= 0.5 * np.maximum(seen, 1))[weekday]
        is_open = np.concatenate([had_contacts, self.open[origin:known].any(axis=1)])
        closed = usual & ~is_open
        # The last open or closed day before each day: after a closure it is a closed one.
        last = np.maximum.accumulate(np.where(is_open | closed, np.arange(known), -1))
        before = np.concatenate([[-1], last[:-1]])
        after = is_open & (before >= 0) & closed[before]
        return closed, is_open, after

    def with_contacts(self, contacts: np.ndarray) -> DayMatrix:
        """The same days with other contacts."""
        return replace(self, contacts=contacts)


def first_day(index: pd.DatetimeIndex) -> np.datetime64:
    """Local day of the first interval."""
    return np.datetime64(index[0].date(), "D")


def cells(index: pd.DatetimeIndex, first_day: np.datetime64, interval_min: int) -> np.ndarray:
    """Flat position ``day * slots + slot`` of each interval start, by local wall-clock time."""
    wall = index.tz_localize(None).to_numpy().astype("datetime64[m]")
    return np.asarray((wall - first_day).astype(np.int64) // interval_min)


def matrix_of(values: np.ndarray, cell: np.ndarray, days: int, slots: int) -> np.ndarray:
    """Mean of the known values in each cell, shape ``(days, slots)``; NaN where there are none."""
    known = ~np.isnan(values)
    size = days * slots
    counts = np.bincount(cell[known], minlength=size)[:size]
    sums = np.bincount(cell[known], weights=values[known], minlength=size)[:size]
    return np.divide(sums, counts, out=np.full(size, np.nan), where=counts > 0).reshape(days, slots)


def day_matrix(
    series: pd.Series,
    interval_min: int,
    opening_hours: OpeningHours,
    horizon_days: int = 0,
    country: str | None = None,
    subdivision: str | None = None,
) -> DayMatrix:
    """Matrix of a regular series (see :func:`forecasts.history.regular`) and ``horizon_days`` after it."""
    index = pd.DatetimeIndex(series.index)
    first = first_day(index)
    days = int((np.datetime64(index[-1].date(), "D") - first).astype(int)) + 1 + horizon_days
    slots = DAY_MIN // interval_min
    contacts = matrix_of(series.to_numpy(dtype=float), cells(index, first, interval_min), days, slots)
    features = calendar(first, days, country, subdivision)
    is_open = opening_hours.day_mask(features.days, interval_min)
    return DayMatrix(np.where(is_open, contacts, np.nan), is_open, features, interval_min)


def with_horizon(
    matrix: DayMatrix,
    days: int,
    hours: OpeningHours,
    country: str | None = None,
    subdivision: str | None = None,
) -> DayMatrix:
    """History, ``days`` more and a week after them, for the last working days of a month that ends later.

    A holiday without contacts was closed, and was known to be: its row is closed, so that a backtest knows it too.
    """
    history, after = len(matrix), days + MARGIN_DAYS
    features = calendar(matrix.calendar.days[0], history + after, country, subdivision)
    contacts = np.vstack([matrix.contacts, np.full((after, matrix.slots), np.nan)])
    is_open = np.vstack([matrix.open, hours.day_mask(features.days, matrix.interval_min)[history:]])
    shut = features.is_holiday[:history] & np.isnan(matrix.contacts).all(axis=1)
    is_open[:history][shut] = False
    return DayMatrix(contacts, is_open, features, matrix.interval_min)


def unfold(
    matrices: Sequence[np.ndarray], first_day: np.datetime64, interval_min: int, zone: tzinfo | None
) -> tuple[pd.DatetimeIndex, list[np.ndarray]]:
    """Interval starts of whole local days and each matrix's values there, from shape ``(days, slots)``."""
    index = day_grid(first_day, len(matrices[0]), interval_min, zone)
    cell = cells(index, first_day, interval_min)
    return index, [matrix.reshape(-1)[cell] for matrix in matrices]
