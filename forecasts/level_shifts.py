"""Lasting changes of level: when a queue got busier or quieter from one week to the next, and stayed so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.day_matrix import DayMatrix
from forecasts.models.profile import full_day_totals

SIDE_WEEKS = 4
LEAST_SHARE = 0.15
SCALES = 4.0


@dataclass(frozen=True)
class LevelShift:
    """A change of level on ``day``: the weeks after it bring ``share`` more (0.2 = 20 %) than those before."""

    day: np.datetime64
    share: float


def level_shifts(matrix: DayMatrix) -> tuple[LevelShift, ...]:
    """Sudden and lasting changes of level of at least 15 %, in the order of their days.

    Notes
    -----
    Each day's log total is compared with its weekday's usual one. A shift is a day at which the medians of the four
    weeks before and after differ by 15 % and by four robust standard errors, more than at any day within four weeks,
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
    side = max(int(round(SIDE_WEEKS * len(np.unique(weekday[rows])))), 8)
    near = max(side // SIDE_WEEKS, 4)
    found: list[tuple[float, int]] = []
    for at in range(side, len(level) - side + 1):
        before, after = level[at - side : at], level[at : at + side]
        step = float(np.median(after) - np.median(before))
        close = float(np.median(level[at : at + near]) - np.median(level[at - near : at]))
        noise = np.concatenate([before - np.median(before), after - np.median(after)])
        error = 1.4826 * float(np.median(np.abs(noise))) * 1.2533 * np.sqrt(2 / side)
        sudden = np.sign(close) == np.sign(step) and abs(close) >= 0.6 * abs(step)
        if abs(np.expm1(step)) >= LEAST_SHARE and abs(step) >= SCALES * max(error, 1e-9) and sudden:
            # The mean, unlike the median, is sharpest at the day itself.
            found.append((abs(float(after.mean() - before.mean())), at))
    shifts: list[int] = []
    for _, at in sorted(found, reverse=True):
        if all(abs(at - other) >= side for other in shifts):
            shifts.append(at)
    return tuple(
        LevelShift(
            days[at], float(np.expm1(np.median(level[at : at + side]) - np.median(level[at - side : at])))
        )
        for at in sorted(shifts)
    )
