"""Joint sample paths of what reaches the agents, drawn from the spread that a forecast states."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffing.sizing.forecast_rows import ForecastRows

_CERTAIN = 1e-12


@dataclass(frozen=True)
class RatePaths:
    """Expected contacts per path, queue and interval on one grid of interval starts.

    Attributes
    ----------
    queues
        Names, in the order of the forecast.
    instant, day
        Interval starts as nanoseconds of UTC, ascending, and their local days as whole numbers, shape ``(intervals,)``.
    contacts
        Expected contacts of each path, shape ``(paths, queues, intervals)``; 0 where closed. What really
        arrives is Poisson around it.
    aht_s
        Mean handling time, shape ``(queues, intervals)``; 1 where nothing arrives.
    is_open
        Shape ``(queues, intervals)``.
    """

    queues: tuple[str, ...]
    instant: np.ndarray
    day: np.ndarray
    contacts: np.ndarray
    aht_s: np.ndarray
    is_open: np.ndarray


def rate_paths(rows: ForecastRows, paths: int, seed: int) -> RatePaths:
    """Draw ``paths`` joint paths of the arrival rate.

    Parameters
    ----------
    rows
        A checked forecast with dispersions.
    paths
        Number of paths, >= 1.
    seed
        Every queue draws from a stream of its own, so that one queue more or less changes no other.

    Notes
    -----
    ``rate = mean × D × I`` with ``D`` one Gamma effect per local day, ``I`` one per interval, each of mean 1
    and of the forecast's ``dispersion_day`` and ``dispersion_interval`` as variance: the law of the
    forecast's own paths. Queues err independently of each other. The draws do not depend on the mean, so that a
    volume raised by a tenth meets the same luck.

    Raises
    ------
    ValueError
        Without paths, or where the forecast does not state its spread.
    """
    if paths < 1:
        raise ValueError(f"paths >= 1 expected, got {paths}")
    if not rows.has_dispersion:
        raise ValueError("forecast: dispersion_interval and dispersion_day expected, got none")
    instant, first = np.unique(rows.instant, return_index=True)
    day = rows.day[first]
    queues, intervals = len(rows.targets), instant.size
    contacts = np.zeros((paths, queues, intervals))
    aht_s = np.ones((queues, intervals))
    is_open = np.zeros((queues, intervals), dtype=bool)
    for queue, target in enumerate(rows.targets):
        mine = np.flatnonzero(rows.code == queue)
        place = np.searchsorted(instant, rows.instant[mine])
        aht_s[queue, place] = rows.aht_s[mine]
        is_open[queue, place] = rows.is_open[mine]
        stream = np.random.default_rng([seed, *target.queue.encode()])
        days, of_day = np.unique(rows.day[mine], return_inverse=True)
        by_day = np.zeros(days.size)
        by_day[of_day] = rows.dispersion_day[mine]
        effect = _gamma(by_day, paths, stream)[:, of_day] * _gamma(
            rows.dispersion_interval[mine], paths, stream
        )
        contacts[:, queue, place] = rows.contacts[mine] * effect
    return RatePaths(tuple(target.queue for target in rows.targets), instant, day, contacts, aht_s, is_open)


def _gamma(variance: np.ndarray, paths: int, stream: np.random.Generator) -> np.ndarray:
    """Draws of mean 1 and a variance per column, shape ``(paths, columns)``."""
    spread = np.maximum(variance, _CERTAIN)
    drawn = stream.gamma(1.0 / spread, spread, size=(paths, variance.size))
    return np.where(variance <= _CERTAIN, 1.0, drawn)
