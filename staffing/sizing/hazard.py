"""Hazards of hanging up fitted to censored waits: constant, Weibull, Gompertz, by stretches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq, minimize_scalar

from staffing.queueing.inputs import not_negative
from staffing.queueing.patience import Patience

# Logs record whole seconds: somebody who hung up "at 0 s" waited about half of one.
_AT_ONCE_S = 0.5
_GRID_S = np.concatenate(
    [np.arange(0.0, 60.0, 5.0), np.arange(60.0, 600.0, 20.0), np.arange(600.0, 3601.0, 100.0)]
)


@dataclass(frozen=True)
class HazardFit:
    """One fitted hazard.

    Attributes
    ----------
    name
        ``"constant"``, ``"Weibull"``, ``"Gompertz"`` or ``"stretches"``.
    parameters
        By name, in seconds.
    log_likelihood, aic
        Of the log; a lower AIC is better.
    cumulative
        Integrated hazard until t seconds.
    starts_s
        Times between which the hazard is taken as constant when it is handed on.
    """

    name: str
    parameters: dict[str, float]
    log_likelihood: float
    aic: float
    cumulative: Callable[[np.ndarray], np.ndarray]
    starts_s: np.ndarray

    def loss_within(self, begin_s: float, length_s: float = 10.0) -> float:
        """Share of those still there after ``begin_s`` who hang up within ``length_s``."""
        risk = self.cumulative(np.array([begin_s, begin_s + length_s]))
        return float(-np.expm1(-(risk[1] - risk[0])))

    def distribution(self) -> Patience:
        """The same as a distribution of patience."""
        if self.name == "constant":
            return Patience.exponential(self.parameters["mean_s"])
        edges = np.append(self.starts_s, self.starts_s[-1] + 100.0)
        hazards = np.diff(self.cumulative(edges)) / np.diff(edges)
        return Patience.piecewise(self.starts_s, np.maximum(hazards, 0.0))

    def words(self) -> str:
        """``Weibull (scale_s 345, shape 0.82): 3.9 % lost in the first 10 s, 2.1 % after 60 s``."""
        inside = ", ".join(f"{name} {value:.4g}" for name, value in self.parameters.items())
        first, later = self.loss_within(0.0), self.loss_within(60.0)
        return f"{self.name} ({inside}): {first:.1%} hang up in the first 10 s, {later:.1%} in 10 s after a minute"


def times_at_risk(wait_s: ArrayLike, abandoned: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Checked waits and flags as flat arrays."""
    waits = not_negative("wait_s", wait_s).reshape(-1)
    flags = np.asarray(abandoned)
    if flags.dtype != bool:
        known = np.isin(flags, (0, 1))
        if not known.all():
            raise ValueError(f"abandoned: true or false expected, got {flags[~known].flat[0]}")
    gone = flags.astype(bool).reshape(-1)
    if gone.size != waits.size:
        raise ValueError(f"one flag per wait expected, got {gone.size} flags for {waits.size} waits")
    if not gone.any():
        raise ValueError(f"at least one contact that hung up expected, got none of {waits.size}")
    if waits.sum() <= 0:
        raise ValueError("wait_s > 0 for at least one contact expected, got only 0")
    return waits, gone


def fit_hazards(
    waits: np.ndarray, gone: np.ndarray, bins: np.ndarray, exposure: np.ndarray, events: np.ndarray
) -> tuple[HazardFit, ...]:
    """All hazards by maximum likelihood with censoring, the lowest AIC first.

    Parameters
    ----------
    waits, gone
        As in ``estimate_patience``.
    bins, exposure, events
        Stretches of waiting, time spent and people who hung up in each.
    """
    t = np.where(waits > 0, waits, _AT_ONCE_S)
    fits = [_constant(waits, gone), _by_stretches(bins, exposure, events)]
    if np.unique(t[gone]).size > 1:
        fits += [_weibull(t, gone), _gompertz(t, gone)]
    return tuple(sorted(fits, key=lambda fit: fit.aic))


def _fit(
    name: str,
    parameters: dict[str, float],
    log_likelihood: float,
    cumulative: Callable[[np.ndarray], np.ndarray],
    starts_s: np.ndarray = _GRID_S,
    free: int | None = None,
) -> HazardFit:
    count = len(parameters) if free is None else free
    return HazardFit(
        name, parameters, log_likelihood, 2.0 * count - 2.0 * log_likelihood, cumulative, starts_s
    )


def _constant(waits: np.ndarray, gone: np.ndarray) -> HazardFit:
    deaths, total = float(gone.sum()), float(waits.sum())
    mean = total / deaths
    return _fit("constant", {"mean_s": mean}, -deaths * np.log(mean) - deaths, lambda t: t / mean)


def _by_stretches(bins: np.ndarray, exposure: np.ndarray, events: np.ndarray) -> HazardFit:
    hazards = np.where(exposure > 0, events / np.where(exposure > 0, exposure, 1.0), 0.0)
    some = events > 0
    likelihood = float((events[some] * np.log(hazards[some])).sum() - events.sum())

    def cumulative(t: np.ndarray) -> np.ndarray:
        ends = np.append(bins[1:], np.inf)
        return ((np.clip(np.asarray(t)[..., None], bins, ends) - bins) * hazards).sum(axis=-1)

    return _fit("stretches", {"stretches": float(bins.size)}, likelihood, cumulative, bins, bins.size)


def _weibull(t: np.ndarray, gone: np.ndarray) -> HazardFit:
    logs, scale = np.log(t), float(t.max())
    mean_log = logs[gone].mean()

    def slope(shape: float) -> float:
        weight = (t / scale) ** shape
        return float((weight * logs).sum() / weight.sum() - 1.0 / shape - mean_log)

    shape = float(brentq(slope, 1e-3, 1e3))
    deaths = float(gone.sum())
    size = float(scale * (((t / scale) ** shape).sum() / deaths) ** (1.0 / shape))
    likelihood = deaths * (np.log(shape) - shape * np.log(size)) + (shape - 1.0) * logs[gone].sum() - deaths
    return _fit(
        "Weibull",
        {"scale_s": size, "shape": shape},
        float(likelihood),
        lambda u: (np.asarray(u) / size) ** shape,
    )


def _gompertz(t: np.ndarray, gone: np.ndarray) -> HazardFit:
    deaths, until = float(gone.sum()), float(t[gone].sum())

    def span(growth: float, u: np.ndarray) -> np.ndarray:
        return u if abs(growth) < 1e-12 else np.expm1(growth * u) / growth

    def loss(growth: float) -> float:
        return deaths * float(np.log(span(growth, t).sum() / deaths)) - growth * until

    # A hazard that grows or fades by more than e^30 over the longest wait is no hazard of people.
    limit = 30.0 / float(t.max())
    growth = float(
        minimize_scalar(loss, bounds=(-limit, limit), method="bounded", options={"xatol": 1e-10}).x
    )
    hazard = deaths / float(span(growth, t).sum())
    likelihood = deaths * np.log(hazard) + growth * until - deaths
    return _fit(
        "Gompertz",
        {"hazard_per_s": hazard, "growth_per_s": growth},
        float(likelihood),
        lambda u: hazard * span(growth, np.minimum(np.asarray(u, dtype=float), 300.0 / max(growth, 1e-9))),
    )
