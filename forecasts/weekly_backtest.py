"""Weekly volumes tested at past origins: which way of continuing them is better, and how far it misses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts import accuracy
from forecasts.day_matrix import DayMatrix
from forecasts.level_projection import COUNT_OFFSET, LEVEL, TREND, TREND_LEAST_WEEKS, project
from forecasts.uncertainty import CENTRAL, CENTRAL_Z

LAST_YEAR = "same week last year"
BACKTEST_ORIGINS = 9
BACKTEST_STEP_WEEKS = 8
# A trend must earn its place: what grew does not always go on growing.
CLEARLY = 0.97
LARGEST_FACTOR = 25.0
PRIOR_VARIANCE, PRIOR_GROWTH_A_WEEK, PRIOR_WEEKS = 0.03**2, 0.015**2, 26


@dataclass(frozen=True)
class RangeOfError:
    """Variance of the log of a week's volume, ``weeks`` ahead."""

    variance: float
    growth: float

    def scale(self, weeks: np.ndarray) -> np.ndarray:
        return np.sqrt(self.variance + self.growth * weeks)


def weekly_backtest(
    matrix: DayMatrix, totals: np.ndarray, history: int, first: int
) -> tuple[pd.DataFrame, str, RangeOfError]:
    """Level against level and trend at past origins, up to half a year ahead."""
    origins = [
        origin
        for k in range(BACKTEST_ORIGINS, 0, -1)
        if (origin := history - 7 * BACKTEST_STEP_WEEKS * k) - first >= 7 * TREND_LEAST_WEEKS
    ]
    prior = RangeOfError(PRIOR_VARIANCE, PRIOR_GROWTH_A_WEEK)
    empty = pd.DataFrame(columns=["model", "wape", "origins", "weeks"])
    if not origins:
        return empty, LEVEL, prior
    got: list[np.ndarray] = []
    said: dict[str, list[np.ndarray]] = {LEVEL: [], TREND: [], LAST_YEAR: []}
    for origin in origins:
        weeks = min((history - origin) // 7, TREND_LEAST_WEEKS)
        days = 7 * weeks
        actual = totals[origin : origin + days]
        known = ~np.isnan(actual)

        def weekly(values: np.ndarray, known: np.ndarray = known, weeks: int = weeks) -> np.ndarray:
            return np.where(known, values, 0.0).reshape(weeks, 7).sum(axis=1)

        got.append(weekly(actual))
        for name, path in project(matrix, totals, origin, days).items():
            said[name].append(weekly(path.contacts))
        a_year_ago = totals[origin - 364 : origin - 364 + days] if origin >= 364 else np.full(days, np.nan)
        last = np.where(np.isnan(a_year_ago), np.nanmean(totals[max(origin - 364, 0) : origin]), a_year_ago)
        said[LAST_YEAR].append(weekly(last))
    actual = np.concatenate(got)
    error = {name: accuracy.wape(actual, np.concatenate(values)) for name, values in said.items()}
    chosen = TREND if error[TREND] < CLEARLY * error[LEVEL] else LEVEL
    board = pd.DataFrame(
        {
            "model": list(error),
            "wape": list(error.values()),
            "origins": len(origins),
            "weeks": min((history - origins[0]) // 7, TREND_LEAST_WEEKS),
        }
    )
    ahead = np.concatenate([np.arange(1, len(values) + 1) for values in got])
    enough = actual > 0
    departure = np.log(actual[enough] / np.maximum(np.concatenate(said[chosen])[enough], COUNT_OFFSET))
    return board, chosen, _fitted(departure, ahead[enough], len(origins))


def _fitted(departure: np.ndarray, ahead: np.ndarray, origins: int) -> RangeOfError:
    """The usual variance and its growth, times what puts four in five past errors into their 80 % range.

    It leans on the usual: errors of one origin are much alike. What the past has not seen, such as a volume that
    collapses overnight, no range made of it can hold.
    """
    trust = origins / (origins + PRIOR_WEEKS / BACKTEST_STEP_WEEKS)
    scaled = departure**2 / (PRIOR_VARIANCE + PRIOR_GROWTH_A_WEEK * ahead)
    # A quantile and not the mean: a few strange weeks must not widen all others.
    needed = float(np.quantile(scaled, CENTRAL)) / CENTRAL_Z**2 if len(scaled) else 1.0
    factor = trust * min(needed, LARGEST_FACTOR) + (1 - trust)
    return RangeOfError(PRIOR_VARIANCE * factor, PRIOR_GROWTH_A_WEEK * factor)
