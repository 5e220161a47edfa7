"""How sure a requirement is, when the forecast's rate is itself uncertain."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammainc, gammaincinv

from staffing.queueing.inputs import not_negative, share

# Below this squared coefficient of variation a rate is as good as certain.
_CERTAIN = 1e-9
_STEPS = 60
_LARGEST = 64.0


def one_interval(dispersion_interval: ArrayLike, dispersion_day: ArrayLike) -> np.ndarray:
    """Squared coefficient of variation of an interval's rate: its own and its day's effect together."""
    interval = not_negative("dispersion_interval", dispersion_interval)
    day = not_negative("dispersion_day", dispersion_day)
    return (1.0 + interval) * (1.0 + day) - 1.0


def rate_factor(dispersion: ArrayLike, p: ArrayLike) -> np.ndarray:
    """The ``p``-quantile of a Gamma rate as a multiple of its mean.

    A service level falls when the rate rises, so that agents who meet the target at this rate meet
    it with probability ``p``.

    Parameters
    ----------
    dispersion
        Squared coefficient of variation of the rate, shape ``(...)``, >= 0.
    p
        Probability, in (0, 1).

    Returns
    -------
    Array > 0; 1 where the rate is certain.
    """
    spread, wanted = np.broadcast_arrays(not_negative("dispersion", dispersion), share("confidence", p))
    sure = spread < _CERTAIN
    shape = 1.0 / np.where(sure, 1.0, spread)
    return np.where(sure, 1.0, gammaincinv(shape, wanted) / shape)


def rate_probability(dispersion: ArrayLike, factor: ArrayLike) -> np.ndarray:
    """P(rate <= ``factor`` times its mean), the inverse of ``rate_factor``."""
    spread, limit = np.broadcast_arrays(
        not_negative("dispersion", dispersion), np.asarray(factor, dtype=float)
    )
    sure = spread < _CERTAIN
    shape = 1.0 / np.where(sure, 1.0, spread)
    return np.where(
        sure, (limit >= 1.0 - 1e-9).astype(float), gammainc(shape, shape * np.maximum(limit, 0.0))
    )


def largest_factor(
    excess: Callable[[np.ndarray, np.ndarray], np.ndarray], count: int, tolerance: float = 3e-4
) -> np.ndarray:
    """Largest multiple of the contacts at which given agents still meet their targets.

    Parameters
    ----------
    excess
        By how much the targets are missed (> 0) or kept (<= 0) for multiples in given
        rows; never falls with the multiple; may be infinite.
    count
        Number of rows.
    tolerance
        Relative accuracy of the answer, about.

    Returns
    -------
    Factors >= 0, shape ``(count,)``; 0 where no contacts at all are too many, 64 at most.
    """
    low, high = np.zeros(count), np.ones(count)
    at_low, at_high = np.full(count, -np.inf), np.full(count, np.inf)
    rows = np.arange(count)
    step = 1.25
    while rows.size:
        found = excess(high[rows], rows)
        at_high[rows] = found
        kept = found <= 0
        beyond = rows[kept]
        low[beyond], at_low[beyond] = high[beyond], found[kept]
        rows = beyond[high[beyond] < _LARGEST]
        high[rows] = np.minimum(step * high[rows], _LARGEST)
        step = 2.0
    side = np.zeros(count, dtype=np.int8)
    for turn in range(_STEPS):
        straight = np.isfinite(at_low) & np.isfinite(at_high)
        width = np.where(straight, np.sqrt(tolerance), tolerance)
        rows = np.flatnonzero((high - low > width * high) & (at_high > 0))
        if not rows.size:
            break
        guess = _secant(low[rows], high[rows], at_low[rows], at_high[rows])
        # An excess may be infinite at an end, and the secant stuck at one: bisect then.
        usable = np.isfinite(guess) & (turn % 4 < 3)
        guess = np.where(usable, guess, 0.5 * (low[rows] + high[rows]))
        value = excess(guess, rows)
        missed = value > 0
        over, under = rows[missed], rows[~missed]
        # Illinois: an end that stays twice counts half, which draws the next secant towards it.
        at_low[over[side[over] == 1]] *= 0.5
        at_high[under[side[under] == -1]] *= 0.5
        high[over], at_high[over], side[over] = guess[missed], value[missed], 1
        low[under], at_low[under], side[under] = guess[~missed], value[~missed], -1
    last = _secant(low, high, at_low, at_high)
    # Over so short a stretch the excess is straight, to the square of its length.
    return np.where((at_high > 0) & np.isfinite(last), last, low)


def _secant(low: np.ndarray, high: np.ndarray, at_low: np.ndarray, at_high: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return low - at_low * (high - low) / (at_high - at_low)
