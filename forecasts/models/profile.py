"""How a day's volume falls on its intervals: the recency-weighted weekday profile."""

from __future__ import annotations

from typing import cast

import numpy as np

from forecasts.day_matrix import DayMatrix

LOW_COUNT = 18.0
WORKING_DAYS_AND_WEEKEND = (slice(0, 5), slice(5, 7))


def recency(origin: int, half_life_days: float) -> np.ndarray:
    """Weight of each day of history, 1 on the last, halved every ``half_life_days``."""
    return 0.5 ** ((origin - 1 - np.arange(origin)) / half_life_days)


def busy_mean(history: np.ndarray) -> float:
    """Mean contacts of the recorded intervals that are not nearly empty; tells low-count queues."""
    known = history[~np.isnan(history)]
    if len(known) == 0 or known.max() <= 0:
        return 0.0
    place = int(0.95 * (len(known) - 1))
    return float(known[known >= 0.1 * np.partition(known, place)[place]].mean())


def recorded(matrix: DayMatrix) -> tuple[np.ndarray, np.ndarray]:
    """Contacts with 0 for the unknown, and 1.0 where known, both of the matrix's shape."""

    def compute() -> tuple[np.ndarray, np.ndarray]:
        known = ~np.isnan(matrix.contacts)
        return np.where(known, matrix.contacts, 0.0), known.astype(float)

    return cast("tuple[np.ndarray, np.ndarray]", matrix.remember("recorded", compute))


def weekday_rows(matrix: DayMatrix) -> np.ndarray:
    """1.0 where a day is that weekday, shape ``(7, days)``: sums by weekday are products with it."""

    def compute() -> np.ndarray:
        return (matrix.calendar.weekday == np.arange(7)[:, None]).astype(float)

    return cast(np.ndarray, matrix.remember("weekday rows", compute))


def weekday_profile(matrix: DayMatrix, origin: int, totals: np.ndarray, half_life_days: float) -> np.ndarray:
    """Share of a full day's total in each weekday × interval, shape ``(7, slots)``.

    Parameters
    ----------
    totals
        Full-day totals of the history, shape ``(origin,)``; NaN where unknown.
    half_life_days
        Of the recency weights; queues with low counts use five times as much and lean half-way on
        the mean of working days or of weekends.
    """
    contacts, known = recorded(matrix)
    low = busy_mean(matrix.contacts[:origin]) < LOW_COUNT
    weights = recency(origin, half_life_days * (5.0 if low else 1.0))
    weights = weights * np.where(matrix.calendar.special[:origin], 0.1, 1.0)
    usable = ~np.isnan(totals) & (np.nan_to_num(totals) > 0)
    by_weekday = weekday_rows(matrix)[:, :origin] * (weights * usable)
    top = by_weekday @ contacts[:origin]
    bottom = (by_weekday * np.where(usable, totals, 0.0)) @ known[:origin]
    share = np.where(bottom > 0, ratio(top, bottom), ratio(top.sum(axis=0), bottom.sum(axis=0)))
    if low:
        for group in WORKING_DAYS_AND_WEEKEND:
            mean = ratio(top[group].sum(axis=0), bottom[group].sum(axis=0))
            # Only intervals that the weekday itself has recorded: a short Friday keeps its hours.
            share[group] = np.where(bottom[group] > 0, 0.5 * share[group] + 0.5 * mean, share[group])
    return share


def ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """``top / bottom``, 0 where the bottom is not positive."""
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)


def full_day_totals(matrix: DayMatrix, origin: int) -> np.ndarray:
    """Daily totals with the missing open intervals made up from their usual share, shape ``(origin,)``.

    NaN where less than a fifth of the day's usual volume was recorded.
    """
    return cast(
        np.ndarray, matrix.remember(("full-day totals", origin), lambda: _full_day_totals(matrix, origin))
    )


def _full_day_totals(matrix: DayMatrix, origin: int) -> np.ndarray:
    contacts, known = recorded(matrix)
    by_weekday = weekday_rows(matrix)[:, :origin]
    usual = ratio(by_weekday @ contacts[:origin], by_weekday @ known[:origin])
    weekday = matrix.calendar.weekday[:origin]
    usual_known = (known[:origin] @ usual.T)[np.arange(origin), weekday]
    covered = ratio(usual_known, usual.sum(axis=1)[weekday])
    got = contacts[:origin].sum(axis=1)
    enough = known[:origin].any(axis=1) & (covered >= 0.2)
    totals = np.where(enough, got / np.maximum(covered, 0.2), np.nan)
    totals.flags.writeable = False
    return totals
