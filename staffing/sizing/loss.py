"""How waiting loses contacts: a constant or a multiplying hazard, or what a log shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.inputs import not_negative, positive, share
from staffing.queueing.patience import Patience
from staffing.sizing.patience import PatienceEstimate


@dataclass(frozen=True)
class LossModel:
    """Loss of contacts as a function of waiting.

    Made by the class methods. "Each further 10 s of waiting raises the loss by a fifth" can be read in
    two ways that lie far apart: of those still there a fifth leaves in every 10 s
    (:meth:`constant`), or the share that leaves in 10 s is itself a fifth larger than in the
    10 s before (:meth:`multiplying`). The model names which.

    Attributes
    ----------
    name
        In words.
    patience
        The same as a distribution of patience.
    mean_s
        Mean patience where the hazard is constant, else ``None``.
    """

    name: str
    patience: Patience
    mean_s: float | None = None

    @classmethod
    def exponential(cls, patience_s: float) -> LossModel:
        """A constant hazard by its mean patience in seconds, > 0: Erlang A."""
        mean = float(positive("patience_s", patience_s))
        return cls(f"constant hazard, mean patience {mean:g} s", Patience.exponential(mean), mean)

    @classmethod
    def constant(cls, per_10s: float) -> LossModel:
        """In every 10 s of waiting the share ``per_10s``, in (0, 1), of those still there leaves.

        Examples
        --------
        >>> [round(LossModel.constant(r).mean_s) for r in (0.15, 0.30)]
        [62, 28]
        """
        lost = float(share("loss per_10s", per_10s))
        mean = -10.0 / float(np.log1p(-lost))
        name = f"constant hazard, {100 * lost:g} % of those still there leave in every 10 s"
        return cls(name, Patience.exponential(mean), mean)

    @classmethod
    def multiplying(cls, first_10s: float, growth_per_10s: float) -> LossModel:
        """A Gompertz hazard: ``first_10s`` leave in the first 10 s, and the hazard grows with the wait.

        Parameters
        ----------
        first_10s
            Share that leaves in the first 10 s, in (0, 1).
        growth_per_10s
            Growth of the hazard in every 10 s, > 0: 0.2 for a fifth more.
        """
        lost = float(share("loss first_10s", first_10s))
        growth = float(np.log1p(positive("loss growth_per_10s", growth_per_10s))) / 10.0
        hazard = -float(np.log1p(-lost)) * growth / float(np.expm1(10.0 * growth))
        name = (
            f"multiplying hazard, {100 * lost:g} % leave in the first 10 s, "
            f"{100 * float(np.expm1(10.0 * growth)):g} % more in every further 10 s"
        )
        return cls(name, Patience.gompertz(hazard, growth))

    @classmethod
    def by_stretches(cls, after_s: Sequence[float], lost_per_10s: Sequence[float]) -> LossModel:
        """From each of ``after_s`` (the first 0, rising) on, so many of those still there leave in 10 s.

        Parameters
        ----------
        after_s
            Seconds of waiting at which a stretch begins.
        lost_per_10s
            Share lost in every 10 s of the stretch, in [0, 1), as a call log shows it.
        """
        lost = not_negative("loss lost_per_10s", lost_per_10s)
        if (lost >= 1).any():
            raise ValueError(f"loss lost_per_10s < 1 expected, got {lost.max():g}")
        curve = Patience.piecewise(after_s, -np.log1p(-lost) / 10.0)
        return cls(f"hazard by {lost.size} stretches of waiting", curve)

    @classmethod
    def measured(cls, estimate: PatienceEstimate) -> LossModel:
        """The hazard that fits a log best."""
        best = estimate.best
        mean = best.parameters["mean_s"] if best.name == "constant" else None
        return cls(f"measured on {estimate.waits:,} waits, hazard {best.name}", estimate.distribution(), mean)

    def lost_after(self, wait_s: ArrayLike) -> np.ndarray:
        """Share lost after waiting for ``wait_s`` seconds without an answer, in [0, 1]."""
        waits = np.asarray(wait_s, dtype=float)
        return 1.0 - self.patience.survival(waits)
