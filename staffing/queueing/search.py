"""Fewest agents at which a falling excess reaches zero: on the whole numbers and on the reals.

``excess(agents, rows)`` gives, for the rows asked for, the greatest excess over all targets; it
falls when an agent is added. Both searches keep a bracket, so a poor guess costs time and never
correctness.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from staffing.queueing.targets import TOLERANCE

Excess = Callable[[np.ndarray, np.ndarray], np.ndarray]


class Bracket(NamedTuple):
    """Two neighbours: the lower misses a target, the upper meets all; and their excess."""

    lower: np.ndarray
    upper: np.ndarray
    at_lower: np.ndarray
    at_upper: np.ndarray


def fewest_whole(excess: Excess, guess: np.ndarray, step: np.ndarray) -> Bracket:
    """Smallest whole number >= 1 whose excess is not positive.

    Parameters
    ----------
    excess
        See the module.
    guess
        First numbers to try.
    step
        Agents that lower the excess by about one (the square root of the load).
    """
    size = guess.size
    low, high = np.zeros(size), np.full(size, np.inf)
    at_low, at_high = np.full(size, np.inf), np.full(size, -np.inf)
    now = np.maximum(np.ceil(guess), 1.0)
    rows = np.arange(size)
    for turn in range(200):
        n = now[rows]
        value = excess(n, rows)
        met = value <= TOLERANCE
        high[rows[met]], at_high[rows[met]] = n[met], value[met]
        low[rows[~met]], at_low[rows[~met]] = n[~met], value[~met]
        open_rows = high[rows] - low[rows] > 1
        rows, n, value = rows[open_rows], n[open_rows], value[open_rows]
        if not rows.size:
            return Bracket(low, high, at_low, at_high)
        now[rows] = _next_whole(
            n, value, low[rows], high[rows], at_low[rows], at_high[rows], step[rows], turn
        )
    raise RuntimeError("no number of agents meets the targets")


def _next_whole(
    n: np.ndarray,
    value: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    at_low: np.ndarray,
    at_high: np.ndarray,
    step: np.ndarray,
    turn: int,
) -> np.ndarray:
    both = np.isfinite(at_low) & np.isfinite(at_high)
    with np.errstate(invalid="ignore", divide="ignore"):
        secant = np.ceil(low + (high - low) * (at_low / (at_low - at_high)))
    # On one side only: a step of the right scale that grows, so that any start gets there.
    stride = np.maximum(1.0, np.abs(np.clip(value, -40.0, 40.0)) * step * (1.0 + 0.5 * turn))
    one_sided = np.where(value > 0, n + np.ceil(stride), n - np.ceil(stride))
    middle = np.where(np.isfinite(high), np.floor(0.5 * (low + high)), 2.0 * low + 1.0)
    following = np.where(both, secant, one_sided)
    if turn % 4 == 3:
        following = np.where(np.isfinite(high) | (turn > 8), middle, following)
    return np.clip(following, low + 1.0, np.where(np.isfinite(high), high - 1.0, np.inf))


def fewest_real(excess: Excess, bracket: Bracket) -> np.ndarray:
    """Smallest real number in the bracket whose excess is not positive, within 1e-12 of it."""
    low, high, at_low, at_high = (values.astype(float) for values in bracket)
    rows = np.arange(low.size)
    high = np.where(at_low <= TOLERANCE, low, high)
    kept = np.zeros(low.size, dtype=np.int8)
    widths = [np.full(low.size, np.inf)] * 4
    for _ in range(120):
        width = high - low
        widths = [*widths[1:], width]
        exact = (at_high[rows] >= -TOLERANCE) & (kept[rows] > 0)
        going = (width[rows] > 2e-13 * np.maximum(high[rows], 1e-3)) & ~exact
        rows = rows[going]
        if not rows.size:
            break
        a, b, fa, fb = low[rows], high[rows], at_low[rows], at_high[rows]
        with np.errstate(invalid="ignore", divide="ignore"):
            n = a + (b - a) * (fa / (fa - fb))
        # Overstep a little towards the open side, so that the bracket closes from both ends.
        nudge = 1e-13 * np.maximum(b, 1e-3)
        n = np.where(kept[rows] > 0, n - nudge, n + nudge)
        # Three turns without halving: two targets meet in a bend that misleads the secant.
        bad = ~np.isfinite(n) | (width[rows] > 0.5 * widths[0][rows])
        n = np.where(bad, 0.5 * (a + b), np.clip(n, a + 0.5 * nudge, b - 0.5 * nudge))
        value = excess(n, rows)
        met = value <= TOLERANCE
        # Illinois: an end that stays twice has its value halved, or the secant would creep.
        fb = np.where(~met & (kept[rows] < 0), 0.5 * fb, fb)
        fa = np.where(met & (kept[rows] > 0), 0.5 * fa, fa)
        kept[rows] = np.where(met, 1, -1)
        low[rows], at_low[rows] = np.where(met, a, n), np.where(met, fa, value)
        high[rows], at_high[rows] = np.where(met, n, b), np.where(met, value, fb)
    return high
