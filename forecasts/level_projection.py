"""Daily totals continued for many weeks: a smoothed level, perhaps with a damped trend, calendar and time of year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.day_matrix import DayMatrix
from forecasts.models.ridge import huber_weights, ridge
from forecasts.models.terms import terms

LEVEL, TREND = "level", "level and trend"
# Stiff: what comes back every year must not be taken for a level that moves.
LEVEL_STIFFNESS_DAYS = 200.0
MONTH_DAY_DAYS = 3.0
COUNT_OFFSET = 0.5
ROUNDS = 3
LEVEL_SMOOTHING = 0.2
TREND_WEEKS = 104
TREND_LEAST_WEEKS = 26
TREND_STAYS = 0.985
TREND_PRIOR_WEEKS = 13
LARGEST_LOG = 25.0


@dataclass(frozen=True, eq=False)
class LevelPath:
    """Log daily totals of the days ahead in parts, each of shape ``(days,)``, and the slope a week."""

    level: np.ndarray
    calendar: np.ndarray
    year: np.ndarray
    slope: float

    @property
    def contacts(self) -> np.ndarray:
        log = np.minimum(self.level + self.calendar + self.year, LARGEST_LOG)
        return np.maximum(np.exp(log) - COUNT_OFFSET, 0.0)


def project(matrix: DayMatrix, totals: np.ndarray, origin: int, days: int) -> dict[str, LevelPath]:
    """Continue the daily totals before ``origin``, with and without a trend."""
    past = totals[:origin]
    seen = ~np.isnan(past)
    design = terms(matrix, origin, days, True, seen, LEVEL_STIFFNESS_DAYS, MONTH_DAY_DAYS)
    log_total = np.log(np.where(seen, past, 1.0) + COUNT_OFFSET) - design.expected[:origin]
    log_total[~seen] = np.nan
    columns, weights = design.columns[:origin], np.ones(origin)
    for _ in range(ROUNDS):
        effects = ridge(columns, design.penalty, log_total[:, None], weights)[:, 0]
        residual = log_total - columns @ effects
        weights = huber_weights(residual)
    yearly = np.array([group == "year" for group in design.groups])
    year = design.columns[:, yearly] @ effects[yearly]
    rest = ~yearly & ~design.level
    calendar = design.columns[:, rest] @ effects[rest]
    weekly = _weekly_level(log_total - (year + calendar)[:origin], weights)
    ahead = np.arange(1, days + 1) / 7
    spread = float(np.average(residual[seen] ** 2, weights=weights[seen]))
    paths = {}
    for name, slope in ((LEVEL, 0.0), (TREND, _slope(weekly))):
        grown = slope * TREND_STAYS * (1 - TREND_STAYS**ahead) / (1 - TREND_STAYS)
        # exp() of a mean of logs is a median; half the variance brings the mean back.
        level = _smoothed(weekly, slope) + grown + spread / 2
        paths[name] = LevelPath(level, calendar[origin:] + design.expected[origin:], year[origin:], slope)
    return paths


def _weekly_level(level: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted mean level of each seven days back from the origin, the latest last; weeks without days left out."""
    short = -len(level) % 7
    by_week = np.concatenate([np.full(short, np.nan), level]).reshape(-1, 7)
    weight = np.concatenate([np.zeros(short), weights]).reshape(-1, 7) * ~np.isnan(by_week)
    known = weight.sum(axis=1) > 0
    return (np.nan_to_num(by_week) * weight).sum(axis=1)[known] / weight.sum(axis=1)[known]


def _smoothed(weekly: np.ndarray, slope: float) -> float:
    """Level at the origin: exponential smoothing, which with a slope runs along it."""
    start = weekly[: min(8, len(weekly))]
    level = float(np.mean(start - slope * np.arange(len(start))))
    for value in weekly:
        level += slope + LEVEL_SMOOTHING * (value - level - slope)
    return level


def _slope(weekly: np.ndarray) -> float:
    """Robust slope a week of the last two years, shrunk to 0 by a quarter of a year; 0 below half a year."""
    recent = weekly[-TREND_WEEKS:]
    count = len(recent)
    if count < TREND_LEAST_WEEKS:
        return 0.0
    one, other = np.triu_indices(count, k=count // 3)
    return (
        float(np.median((recent[other] - recent[one]) / (other - one))) * count / (count + TREND_PRIOR_WEEKS)
    )
