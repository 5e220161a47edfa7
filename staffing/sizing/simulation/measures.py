"""Ratios of sums over independent paths, and how sure they are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

MEASURES = ("offered", "service_level", "abandonment", "asa_s", "mean_wait_s", "occupancy")


class Estimate(NamedTuple):
    """Values and their standard errors, shape ``(periods,)``."""

    value: np.ndarray
    error: np.ndarray


def mean(values: np.ndarray) -> Estimate:
    """Mean over the paths of ``values``, shape ``(paths, periods)``."""
    paths = values.shape[0]
    error = values.std(axis=0, ddof=1) / np.sqrt(paths) if paths > 1 else np.full(values.shape[1], np.nan)
    return Estimate(values.mean(axis=0), error)


def ratio(part: np.ndarray, whole: np.ndarray) -> Estimate:
    """Sum of ``part`` over sum of ``whole``, both of shape ``(paths, periods)``; NaN where the whole is 0.

    The standard error is the ratio estimator's (linearised), from the scatter between paths.
    """
    paths = part.shape[0]
    total = whole.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(total > 0, part.sum(axis=0) / total, np.nan)
        if paths < 2:
            return Estimate(value, np.full(value.shape, np.nan))
        scatter = ((part - value * whole) ** 2).sum(axis=0) / (paths - 1)
        error = np.where(total > 0, np.sqrt(scatter * paths) / total, np.nan)
    return Estimate(value, error)
