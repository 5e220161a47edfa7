"""Patience by its survival curve: how long customers hold on before they hang up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import hyperu, ndtr

from staffing.queueing.inputs import not_negative, positive

Curve = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Patience:
    """A distribution of patience. Made by the class methods, each of which names its parameters.

    Attributes
    ----------
    name
        In words.
    survival
        Share still waiting after t seconds, for an array of t >= 0.
    held
        Integral of ``survival`` from 0 to t, in seconds: mean time held on within t.
    corners
        Times where ``survival`` jumps or bends.
    """

    name: str
    survival: Curve
    held: Curve
    corners: tuple[float, ...] = ()

    @classmethod
    def exponential(cls, mean_s: float) -> Patience:
        """Constant hazard ``1 / mean_s``: Erlang A."""
        mean = float(positive("mean_s", mean_s))
        return cls(
            f"exponential, mean {mean:g} s",
            lambda t: np.exp(-t / mean),
            lambda t: -mean * np.expm1(-t / mean),
        )

    @classmethod
    def deterministic(cls, patience_s: float) -> Patience:
        """Everybody holds on exactly as long."""
        limit = float(positive("patience_s", patience_s))
        return cls(
            f"exactly {limit:g} s",
            lambda t: np.where(t < limit, 1.0, 0.0),
            lambda t: np.minimum(t, limit),
            (limit,),
        )

    @classmethod
    def lognormal(cls, mean_s: float, variation: float) -> Patience:
        """Lognormal with the given mean and coefficient of variation."""
        mean, variation = float(positive("mean_s", mean_s)), float(positive("variation", variation))
        sigma = float(np.sqrt(np.log1p(variation**2)))
        middle = np.log(mean) - 0.5 * sigma**2

        def standard(t: np.ndarray) -> np.ndarray:
            return (np.log(np.maximum(t, 1e-300)) - middle) / sigma

        return cls(
            f"lognormal, mean {mean:g} s, variation {variation:g}",
            lambda t: ndtr(-standard(t)),
            lambda t: t * ndtr(-standard(t)) + mean * ndtr(standard(t) - sigma),
        )

    @classmethod
    def gompertz(cls, hazard_per_s: float, growth_per_s: float) -> Patience:
        """Hazard ``hazard_per_s * exp(growth_per_s * t)``: people lose patience ever faster.

        "Each further 10 s of waiting raises the loss by a fifth" is ``growth_per_s = ln(1.2) / 10``.
        """
        hazard = float(positive("hazard_per_s", hazard_per_s))
        growth = float(positive("growth_per_s", growth_per_s))
        ratio = hazard / growth

        def survival(t: np.ndarray) -> np.ndarray:
            return np.exp(-ratio * np.expm1(np.minimum(growth * t, 500.0)))

        def held(t: np.ndarray) -> np.ndarray:
            # exp(z) E_1(z) is U(1, 1, z); where nobody is left its argument no longer matters.
            left = survival(t)
            argument = ratio * np.exp(np.where(left > 0, np.minimum(growth * t, 500.0), 0.0))
            return (hyperu(1.0, 1.0, ratio) - left * hyperu(1.0, 1.0, argument)) / growth

        return cls(f"Gompertz, {hazard:g}/s growing by {growth:g}/s", survival, held)

    @classmethod
    def piecewise(cls, starts_s: ArrayLike, hazards_per_s: ArrayLike) -> Patience:
        """Constant hazards from each of ``starts_s`` (the first 0, rising); the last one stays."""
        starts, hazards = not_negative("starts_s", starts_s), not_negative("hazards_per_s", hazards_per_s)
        if starts.ndim != 1 or starts.shape != hazards.shape or not starts.size:
            raise ValueError(f"one hazard per start expected, got {hazards.shape} for {starts.shape}")
        if starts[0] != 0 or (np.diff(starts) <= 0).any():
            raise ValueError(f"starts_s that rise from 0 expected, got {starts.tolist()}")
        lengths = np.diff(starts)
        risk = np.concatenate([[0.0], np.cumsum(hazards[:-1] * lengths)])

        def within(piece: np.ndarray, span: np.ndarray) -> np.ndarray:
            rate = hazards[piece]
            flat = rate * span < 1e-12
            slope = np.where(flat, 1.0, rate)
            return np.exp(-risk[piece]) * np.where(flat, span, -np.expm1(-slope * span) / slope)

        before = np.concatenate([[0.0], np.cumsum(within(np.arange(lengths.size), lengths))])

        def piece_of(t: np.ndarray) -> np.ndarray:
            return np.searchsorted(starts, t, side="right") - 1

        def survival(t: np.ndarray) -> np.ndarray:
            piece = piece_of(t)
            return np.exp(-risk[piece] - hazards[piece] * (t - starts[piece]))

        def held(t: np.ndarray) -> np.ndarray:
            piece = piece_of(t)
            return before[piece] + within(piece, t - starts[piece])

        return cls(f"{starts.size} constant hazards", survival, held, tuple(starts[1:].tolist()))

    @classmethod
    def steps(cls, times_s: ArrayLike, survival_after: ArrayLike) -> Patience:
        """A step curve, as Kaplan and Meier estimate it: ``survival_after[i]`` from ``times_s[i]`` on.

        Before the first time all hold on; after the last one the last share holds on for ever.
        """
        times = positive("times_s", times_s)
        after = not_negative("survival_after", survival_after)
        if times.ndim != 1 or times.shape != after.shape or not times.size:
            raise ValueError(f"one share per time expected, got {after.shape} for {times.shape}")
        if (np.diff(times) <= 0).any() or (np.diff(after) > 0).any() or after[0] > 1:
            raise ValueError("rising times_s and falling shares <= 1 expected, got others")
        levels, edges = np.concatenate([[1.0], after]), np.concatenate([[0.0], times])
        before = np.concatenate([[0.0], np.cumsum(levels[:-1] * np.diff(edges))])

        def step_of(t: np.ndarray) -> np.ndarray:
            return np.searchsorted(edges, t, side="right") - 1

        def held(t: np.ndarray) -> np.ndarray:
            step = step_of(t)
            return before[step] + levels[step] * (t - edges[step])

        return cls(f"curve of {times.size} steps", lambda t: levels[step_of(t)], held, tuple(times.tolist()))

    def with_balking(self, at_once: float) -> Patience:
        """The same, but a share ``at_once`` in [0, 1) hangs up as soon as it would have to wait."""
        share = float(not_negative("at_once", at_once))
        if share >= 1:
            raise ValueError(f"at_once < 1 expected, got {at_once}")
        survival, held = self.survival, self.held
        return Patience(
            f"{self.name}; {share:g} hang up at once",
            lambda t: (1.0 - share) * survival(t),
            lambda t: (1.0 - share) * held(t),
            self.corners,
        )
