"""Accuracy of forecasts. Every measure takes NaN in ``actual`` as not scored."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from forecasts.errors import ForecastError


def _pair(actual: ArrayLike, predicted: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    got, said = np.asarray(actual, dtype=float), np.asarray(predicted, dtype=float)
    if got.shape != said.shape:
        raise ForecastError(
            f"actual and predicted of the same shape expected, got {got.shape} and {said.shape}"
        )
    known = ~np.isnan(got)
    return got[known], said[known]


def _share(top: float, bottom: float) -> float:
    return float(top / bottom) if bottom > 0 else float("nan")


def wape(actual: ArrayLike, predicted: ArrayLike) -> float:
    """Σ|actual − predicted| / Σ actual; NaN without volume."""
    got, said = _pair(actual, predicted)
    return _share(np.abs(got - said).sum(), got.sum())


def bias(actual: ArrayLike, predicted: ArrayLike) -> float:
    """Σ(predicted − actual) / Σ actual: > 0 is too much forecast; NaN without volume."""
    got, said = _pair(actual, predicted)
    return _share((said - got).sum(), got.sum())


def _seasonal_steps(history: ArrayLike, season: int) -> np.ndarray:
    if season < 1:
        raise ForecastError(f"season >= 1 expected, got {season}")
    past = np.asarray(history, dtype=float)
    steps = past[season:] - past[:-season]
    return steps[~np.isnan(steps)]


def mase(actual: ArrayLike, predicted: ArrayLike, history: ArrayLike, season: int) -> float:
    """Mean absolute error over that of "the same interval one season ago" in the history.

    Parameters
    ----------
    season
        Intervals in a season: 336 for a week of half-hours.

    References
    ----------
    .. [1] Hyndman, Koehler (2006), International Journal of Forecasting 22(4).
    """
    got, said = _pair(actual, predicted)
    steps = _seasonal_steps(history, season)
    if len(got) == 0 or len(steps) == 0:
        return float("nan")
    return _share(np.abs(got - said).mean(), np.abs(steps).mean())


def rmsse(actual: ArrayLike, predicted: ArrayLike, history: ArrayLike, season: int) -> float:
    """Root of the mean squared error over that of the same interval one season ago."""
    got, said = _pair(actual, predicted)
    steps = _seasonal_steps(history, season)
    if len(got) == 0 or len(steps) == 0:
        return float("nan")
    return float(np.sqrt(_share(((got - said) ** 2).mean(), (steps**2).mean())))


def pinball(actual: ArrayLike, quantile: ArrayLike, p: float) -> float:
    """Mean pinball loss of a forecast quantile ``p``, 0 < p < 1, in contacts."""
    if not 0 < p < 1:
        raise ForecastError(f"0 < p < 1 expected, got {p}")
    got, said = _pair(actual, quantile)
    if len(got) == 0:
        return float("nan")
    return float(np.maximum(p * (got - said), (p - 1) * (got - said)).mean())


def coverage(actual: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> float:
    """Share of actual values in ``[lower, upper]``; NaN without values."""
    got, low = _pair(actual, lower)
    _, high = _pair(actual, upper)
    return float(((got >= low) & (got <= high)).mean()) if len(got) else float("nan")


def daily_wape(actual: ArrayLike, predicted: ArrayLike) -> float:
    """WAPE of daily totals from arrays of shape ``(…, days, slots)``; missing intervals count on neither side."""
    got, said = np.asarray(actual, dtype=float), np.asarray(predicted, dtype=float)
    if got.shape != said.shape:
        raise ForecastError(
            f"actual and predicted of the same shape expected, got {got.shape} and {said.shape}"
        )
    known = ~np.isnan(got)
    total, total_said = np.where(known, got, 0).sum(axis=-1), np.where(known, said, 0).sum(axis=-1)
    return _share(np.abs(total - total_said).sum(), total.sum())
