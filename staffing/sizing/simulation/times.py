"""How long contacts take and how long customers hold on, as the simulator draws them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.inputs import not_negative, positive
from staffing.queueing.patience import Patience

# Codes that the kernels know.
CONSTANT, EXPONENTIAL, LOGNORMAL, SAMPLE = 0, 1, 2, 3
ENDLESS, BY_HAZARD, EXACTLY, BY_CURVE = 0, 1, 2, 3


@dataclass(frozen=True)
class HandlingTime:
    """A distribution of handling times. Made by the class methods.

    Attributes
    ----------
    kind
        ``CONSTANT``, ``EXPONENTIAL``, ``LOGNORMAL`` or ``SAMPLE``.
    mean_s
        Mean seconds, > 0: one number, or one per interval of arrival (NaN where nobody arrives).
    variation
        Coefficient of variation (lognormal), >= 0.
    sample
        Sorted values with mean 1 (sample), else empty.
    """

    kind: int
    mean_s: np.ndarray
    variation: float = 0.0
    sample: np.ndarray = field(default_factory=lambda: np.zeros(0))

    @classmethod
    def constant(cls, mean_s: ArrayLike) -> HandlingTime:
        """Every contact takes ``mean_s`` seconds."""
        return cls(CONSTANT, _means(mean_s))

    @classmethod
    def exponential(cls, mean_s: ArrayLike) -> HandlingTime:
        """Exponential with mean ``mean_s`` seconds, as the formulas assume."""
        return cls(EXPONENTIAL, _means(mean_s))

    @classmethod
    def lognormal(cls, mean_s: ArrayLike, variation: float) -> HandlingTime:
        """Lognormal with mean ``mean_s`` seconds and coefficient of variation ``variation`` > 0."""
        return cls(LOGNORMAL, _means(mean_s), float(positive("variation", variation)))

    @classmethod
    def of_sample(cls, seconds: ArrayLike, mean_s: ArrayLike | None = None) -> HandlingTime:
        """Drawn from recorded ``seconds`` > 0, shape ``(contacts,)``; scaled to ``mean_s`` where given."""
        values = np.sort(positive("handling sample", seconds).reshape(-1))
        if not values.size:
            raise ValueError("handling sample: at least one value expected, got none")
        mean = float(values.mean())
        return cls(SAMPLE, _means(mean if mean_s is None else mean_s), 0.0, values / mean)

    def scaled(self, factor: float = 1.0, longer_s: float = 0.0) -> HandlingTime:
        """The same shape with the mean ``factor * mean_s + longer_s``."""
        return HandlingTime(self.kind, _means(self.mean_s * factor + longer_s), self.variation, self.sample)


@dataclass(frozen=True)
class PatienceTime:
    """How long a waiting customer holds on. Made by the class methods.

    Attributes
    ----------
    kind
        ``ENDLESS``, ``BY_HAZARD``, ``EXACTLY`` or ``BY_CURVE``.
    times_s, values
        Hazards per second from each time on; or the share that has hung up by each time; or one
        time (``EXACTLY``).
    balking
        Share that hangs up as soon as it would have to wait, in [0, 1).
    """

    kind: int
    times_s: np.ndarray
    values: np.ndarray
    balking: float = 0.0

    @classmethod
    def endless(cls) -> PatienceTime:
        """Nobody hangs up."""
        return cls(ENDLESS, np.zeros(1), np.zeros(1))

    @classmethod
    def exponential(cls, mean_s: float) -> PatienceTime:
        """Constant hazard ``1 / mean_s``: Erlang A."""
        return cls.hazards([0.0], [1.0 / float(positive("patience mean_s", mean_s))])

    @classmethod
    def hazards(cls, starts_s: ArrayLike, hazards_per_s: ArrayLike) -> PatienceTime:
        """Constant hazards from each of ``starts_s`` (the first 0, rising); the last one stays."""
        starts, hazards = not_negative("starts_s", starts_s), not_negative("hazards_per_s", hazards_per_s)
        if starts.ndim != 1 or starts.shape != hazards.shape or not starts.size:
            raise ValueError(f"one hazard per start expected, got {hazards.shape} for {starts.shape}")
        if starts[0] != 0 or (np.diff(starts) <= 0).any():
            raise ValueError(f"starts_s that rise from 0 expected, got {starts.tolist()}")
        return cls(BY_HAZARD, starts, hazards)

    @classmethod
    def exactly(cls, patience_s: float) -> PatienceTime:
        """Everybody holds on exactly as long."""
        return cls(EXACTLY, np.array([float(positive("patience_s", patience_s))]), np.zeros(1))

    @classmethod
    def of_sample(cls, seconds: ArrayLike) -> PatienceTime:
        """Drawn from ``seconds`` > 0 for which customers held on, shape ``(customers,)``.

        Not from waits of a log: most of those ended in an answer; use ``of_patience``.
        """
        values = np.sort(positive("patience sample", seconds).reshape(-1))
        if not values.size:
            raise ValueError("patience sample: at least one value expected, got none")
        return cls(BY_CURVE, values, np.arange(1, values.size + 1) / values.size)

    @classmethod
    def curve(cls, times_s: ArrayLike, survival_after: ArrayLike) -> PatienceTime:
        """A step curve as Kaplan and Meier estimate it; the last share holds on for ever."""
        times = positive("times_s", times_s)
        after = not_negative("survival_after", survival_after)
        if times.ndim != 1 or times.shape != after.shape or not times.size:
            raise ValueError(f"one share per time expected, got {after.shape} for {times.shape}")
        if (np.diff(times) <= 0).any() or (np.diff(after) > 0).any() or after[0] > 1:
            raise ValueError("rising times_s and falling shares <= 1 expected, got others")
        return cls(BY_CURVE, times, 1.0 - after)

    @classmethod
    def of_patience(cls, patience: Patience, longest_s: float = 36_000.0, steps: int = 2_000) -> PatienceTime:
        """Any distribution of the formulas, as hazards by stretches that grow with the wait."""
        longest = float(positive("longest_s", longest_s))
        grid = np.concatenate([[0.0], np.geomspace(0.05, longest, steps), patience.corners])
        edges = np.unique(grid)
        left = np.maximum(patience.survival(edges), 1e-300)
        at_once = 1.0 - float(left[0])
        hazards = np.maximum(-np.diff(np.log(left)) / np.diff(edges), 0.0)
        found = cls(BY_HAZARD, edges[:-1], hazards)
        return found.with_balking(at_once) if at_once > 1e-12 else found

    def with_balking(self, at_once: float) -> PatienceTime:
        """The same, but a share ``at_once`` in [0, 1) hangs up as soon as it would have to wait."""
        share = float(not_negative("balking", at_once))
        if share >= 1:
            raise ValueError(f"balking < 1 expected, got {at_once}")
        return PatienceTime(self.kind, self.times_s, self.values, share)

    def distribution(self) -> Patience | None:
        """The same for the formulas; ``None`` where nobody hangs up."""
        if self.kind == ENDLESS:
            return None
        if self.kind == BY_HAZARD:
            single = self.times_s.size == 1 and self.values[0] > 0
            base = (
                Patience.exponential(1.0 / self.values[0])
                if single
                else Patience.piecewise(self.times_s, self.values)
            )
        elif self.kind == EXACTLY:
            base = Patience.deterministic(float(self.times_s[0]))
        else:
            base = Patience.steps(*_last_of_each(self.times_s, 1.0 - self.values))
        return base.with_balking(self.balking) if self.balking else base


def _last_of_each(times: np.ndarray, left: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    keep = np.append(np.diff(times) > 0, True)
    return times[keep], np.maximum(left[keep], 0.0)


def _means(mean_s: ArrayLike) -> np.ndarray:
    try:
        means = np.asarray(mean_s, dtype=float).reshape(-1)
    except (TypeError, ValueError):
        raise ValueError(f"mean_s: numbers expected, got {mean_s!r}") from None
    bad = ~np.isnan(means) & ~((means > 0) & np.isfinite(means))
    if not means.size or bad.any() or (means.size == 1 and np.isnan(means[0])):
        raise ValueError(f"mean_s > 0 expected, got {means[bad][0] if bad.any() else mean_s}")
    return means
