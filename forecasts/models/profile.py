"""How a day's volume falls on its intervals: the recency-weighted weekday profile."""

from __future__ import annotations

import numpy as np

from forecasts.day_matrix import DayMatrix

LOW_COUNT = 18.0


def recency(origin: int, half_life_days: float) -> np.ndarray:
    """Weight of each day of history, 1 on the last, halved every ``half_life_days``."""
    return 0.5 ** ((origin - 1 - np.arange(origin)) / half_life_days)


def busy_mean(history: np.ndarray) -> float:
    """Mean contacts of the recorded intervals that are not nearly empty; tells low-count queues."""
    known = history[~np.isnan(history)]
    if len(known) == 0 or known.max() <= 0:
        return 0.0
    return float(known[known >= 0.1 * np.quantile(known, 0.95)].mean())


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
    history = matrix.contacts[:origin]
    low = busy_mean(history) < LOW_COUNT
    weights = recency(origin, half_life_days * (5.0 if low else 1.0))
    weights = weights * np.where(matrix.calendar.special[:origin], 0.1, 1.0)
    usable = ~np.isnan(totals) & (np.nan_to_num(totals) > 0)
    known = ~np.isnan(history) & usable[:, None]
    got = np.where(known, history, 0.0) * weights[:, None]
    whole = np.where(known, np.where(usable, totals, 0.0)[:, None], 0.0) * weights[:, None]
    weekday = matrix.calendar.weekday[:origin]
    top, bottom = np.zeros((7, matrix.slots)), np.zeros((7, matrix.slots))
    np.add.at(top, weekday, got)
    np.add.at(bottom, weekday, whole)
    pooled = _ratio(top.sum(axis=0), bottom.sum(axis=0))
    share = np.where(bottom > 0, _ratio(top, bottom), pooled)
    if low:
        for group in ([0, 1, 2, 3, 4], [5, 6]):
            mean = _ratio(top[group].sum(axis=0), bottom[group].sum(axis=0))
            # Only intervals that the weekday itself has recorded: a short Friday keeps its hours.
            share[group] = np.where(bottom[group] > 0, 0.5 * share[group] + 0.5 * mean, share[group])
    return share


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)


def full_day_totals(matrix: DayMatrix, origin: int) -> np.ndarray:
    """Daily totals with the missing open intervals made up from their usual share, shape ``(origin,)``.

    NaN where less than a fifth of the day's usual volume was recorded.
    """
    history = matrix.contacts[:origin]
    known = ~np.isnan(history)
    weekday = matrix.calendar.weekday[:origin]
    sums, counts = np.zeros((7, matrix.slots)), np.zeros((7, matrix.slots))
    np.add.at(sums, weekday, np.where(known, history, 0.0))
    np.add.at(counts, weekday, known)
    usual = _ratio(sums, counts)
    usual_day = usual.sum(axis=1)[weekday]
    usual_known = (usual[weekday] * known).sum(axis=1)
    covered = _ratio(usual_known, usual_day)
    got = np.where(known, history, 0.0).sum(axis=1)
    return np.where(known.any(axis=1) & (covered >= 0.2), got / np.maximum(covered, 0.2), np.nan)
