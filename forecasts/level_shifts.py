"""Lasting changes of level: when a queue got busier or quieter from one week to the next, and stayed so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.day_matrix import DayMatrix
from forecasts.models.profile import full_day_totals

SIDE_WEEKS = 4
LEAST_SHARE = 0.12
SCALES = 4.0
SUDDEN = 0.6


@dataclass(frozen=True)
class LevelShift:
    """A change of level on ``day``: the weeks after it bring ``share`` more (0.2 = 20 %) than those before."""

    day: np.datetime64
    share: float


def level_shifts(matrix: DayMatrix) -> tuple[LevelShift, ...]:
    """Sudden and lasting changes of level of at least 12 %, in the order of their days.

    Notes
    -----
    Each day's log total is compared with its weekday's usual one. A shift is a day at which the medians of the four
    weeks before and after differ by 12 % and by four robust standard errors, more than at any day within four weeks,
    and most of it within the fortnight around the day: a season that turns slowly is no shift.
    """
    totals = full_day_totals(matrix, len(matrix))
    usable = ~np.isnan(totals) & (np.nan_to_num(totals) > 0) & ~matrix.calendar.special
    if usable.sum() < 2 * 5 * SIDE_WEEKS:
        return ()
    log_total = np.log(np.where(usable, totals, 1.0))
    weekday = matrix.calendar.weekday
    for day in range(7):
        rows = usable & (weekday == day)
        if rows.any():
            log_total[rows] -= np.median(log_total[rows])
    rows = np.flatnonzero(usable)
    level, days = log_total[rows], matrix.calendar.days[rows]
    side = max(SIDE_WEEKS * len(np.unique(weekday[rows])), 8)
    near = max(side // SIDE_WEEKS, 4)
    # The median of the days before ``at`` stands at at - 1, that of the days from ``at`` on at at + side - 1.
    at = np.arange(side, len(level) - side + 1)
    wide, narrow = _rolling_median(level, side), _rolling_median(level, near)
    step = wide[at + side - 1] - wide[at - 1]
    close = narrow[at + near - 1] - narrow[at - 1]
    middle = np.concatenate([wide[side - 1 : -1], wide[-1:].repeat(side)])
    scale = 1.4826 * float(np.median(np.abs(level - middle)))
    error = max(scale * 1.2533 * np.sqrt(2 / side), 1e-9)
    sudden = (np.sign(close) == np.sign(step)) & (np.abs(close) >= SUDDEN * np.abs(step))
    large = (np.abs(np.expm1(step)) >= LEAST_SHARE) & (np.abs(step) >= SCALES * error) & sudden
    # The mean, unlike the median, is sharpest at the day itself.
    sums = np.concatenate([[0.0], np.cumsum(level)])
    contrast = np.abs(sums[at + side] - 2 * sums[at] + sums[at - side])
    found = sorted(zip(contrast[large], at[large], strict=True), reverse=True)
    shifts: list[int] = []
    for _, place in found:
        if all(abs(place - other) >= side for other in shifts):
            shifts.append(int(place))
    return tuple(
        LevelShift(days[place], float(np.expm1(wide[place + side - 1] - wide[place - 1])))
        for place in sorted(shifts)
    )


def _rolling_median(values: np.ndarray, length: int) -> np.ndarray:
    """Median of the ``length`` values that end at each place; NaN before there are so many."""
    return pd.Series(values).rolling(length).median().to_numpy()
