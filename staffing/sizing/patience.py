"""Patience of customers from a call log in which most were answered first (censored data)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.patience import Patience
from staffing.sizing.hazard import HazardFit, fit_hazards, times_at_risk

BIN_S = 10.0


@dataclass(frozen=True)
class PatienceEstimate:
    """How long customers hold on, as a log shows it.

    Attributes
    ----------
    waits, abandoned
        Contacts that waited, and those of them that hung up.
    mean_s
        Total waiting time over contacts that hung up: the mean patience if the hazard is constant,
        and the ``patience_s`` for Erlang A.
    times_s, survival, standard_error
        Kaplan-Meier curve: share that would still wait after each time at which somebody hung up, and
        Greenwood's standard error.
    restricted_mean_s
        Mean time held on within the longest wait seen (area under the curve).
    median_s
        Time by which half would have hung up; NaN where the log does not reach it.
    bins_s, loss_per_bin
        Starts of stretches of waiting and the share of those still there who hang up within
        10 s in each.
    fits
        Fitted hazards, the best (lowest AIC) first.
    """

    waits: int
    abandoned: int
    mean_s: float
    times_s: np.ndarray
    survival: np.ndarray
    standard_error: np.ndarray
    restricted_mean_s: float
    median_s: float
    bins_s: np.ndarray
    loss_per_bin: np.ndarray
    fits: tuple[HazardFit, ...]

    @property
    def best(self) -> HazardFit:
        """The hazard with the lowest AIC."""
        return self.fits[0]

    def distribution(self) -> Patience:
        """Patience by the best hazard, for ``mmn_g`` and the loss model."""
        return self.best.distribution()

    def summary(self) -> str:
        """A few lines for a person."""
        lines = [
            f"{self.waits:,} waits, {self.abandoned:,} hung up ({self.abandoned / self.waits:.1%})",
            f"mean patience {self.mean_s:.0f} s (all waiting time over those who hung up)",
            f"median {self.median_s:.0f} s" if np.isfinite(self.median_s) else "median beyond the log",
        ]
        lines += [f"hazard {fit.words()}, AIC {fit.aic:,.0f}" for fit in self.fits]
        return "\n".join(lines)


def estimate_patience(wait_s: ArrayLike, abandoned: ArrayLike) -> PatienceEstimate:
    """Estimate patience from waits that ended in an answer or in hanging up.

    Parameters
    ----------
    wait_s
        Waiting time in the queue in seconds, shape ``(contacts,)``, >= 0. Leave out contacts that
        never queued: answered at once, or gone in the menu before the queue.
    abandoned
        Whether the contact hung up; otherwise it was answered, which only says that its
        patience was longer.

    Returns
    -------
    PatienceEstimate

    Raises
    ------
    ValueError
        On missing, negative or infinite waits, arrays of different length, or nobody who hung up.

    References
    ----------
    .. [1] E. L. Kaplan, P. Meier (1958), Nonparametric estimation from incomplete observations,
       Journal of the American Statistical Association 53.
    .. [2] L. Brown, N. Gans, A. Mandelbaum et al. (2005), Statistical analysis of a telephone call
       center, Journal of the American Statistical Association 100, section 5.

    Examples
    --------
    >>> found = estimate_patience([10, 20, 30, 40], [True, False, True, False])
    >>> found.mean_s, found.survival.tolist()
    (50.0, [0.75, 0.375])
    """
    waits, gone = times_at_risk(wait_s, abandoned)
    times, deaths = np.unique(waits[gone], return_counts=True)
    at_risk = waits.size - np.searchsorted(np.sort(waits), times, side="left")
    survival = np.cumprod(1.0 - deaths / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.where(at_risk > deaths, deaths / (at_risk * (at_risk - deaths)), 0.0)
    error = survival * np.sqrt(np.cumsum(steps))
    longest = float(waits.max())
    edges = np.concatenate([[0.0], times, [longest]])
    area = float((np.diff(edges) * np.concatenate([[1.0], survival])).sum())
    below = np.flatnonzero(survival <= 0.5)
    bins = _bins(waits[gone], longest)
    exposure, events = _exposure(waits, gone, bins)
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = np.where(exposure > 0, events / exposure, np.nan)
    return PatienceEstimate(
        waits=int(waits.size),
        abandoned=int(gone.sum()),
        mean_s=float(waits.sum() / gone.sum()),
        times_s=times,
        survival=survival,
        standard_error=error,
        restricted_mean_s=area,
        median_s=float(times[below[0]]) if below.size else float("nan"),
        bins_s=bins,
        loss_per_bin=-np.expm1(-hazard * BIN_S),
        fits=fit_hazards(waits, gone, bins, exposure, events),
    )


def _bins(gone_s: np.ndarray, longest: float) -> np.ndarray:
    """Stretches of 10 s at first, longer later, so that each holds enough people who hung up."""
    least = max(20.0, 0.02 * gone_s.size)
    starts, count = [0.0], 0.0
    for edge in np.arange(BIN_S, longest, BIN_S):
        count = float(((gone_s >= starts[-1]) & (gone_s < edge)).sum())
        if count >= least and (gone_s >= edge).sum() >= least:
            starts.append(float(edge))
    return np.array(starts)


def _exposure(waits: np.ndarray, gone: np.ndarray, bins: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Waiting time spent and people who hung up in each stretch."""
    ends = np.append(bins[1:], np.inf)
    spent = np.clip(waits[:, None], bins, ends) - bins
    owner = np.searchsorted(bins, waits[gone], side="right") - 1
    return spent.sum(axis=0), np.bincount(owner, minlength=bins.size).astype(float)
