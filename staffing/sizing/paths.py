"""Joint sample paths of contacts, drawn from the spread that a forecast table states."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from staffing.sizing.forecast_rows import require_columns

_CERTAIN = 1e-12


def contact_paths(forecast: pd.DataFrame, paths: int, seed: int) -> dict[str, np.ndarray]:
    """Draw ``paths`` possible courses of a forecast.

    Parameters
    ----------
    forecast
        ``queue, start, contacts, dispersion_interval, dispersion_day``, starts in local time.
    paths
        Number of paths, >= 1.
    seed
        Every queue draws from a stream of its own, so that one queue more or less changes no other.

    Returns
    -------
    Counts per queue, shape ``(paths, intervals)``, in the order of the queue's rows; 0 where no contacts are
    expected.

    Raises
    ------
    ValueError
        Without paths, without a column, or on contacts or a spread that are negative or missing.

    Notes
    -----
    A count is Poisson around ``contacts × D × I`` with ``D`` one Gamma effect per local day, ``I`` one per interval,
    each of mean 1 and of ``dispersion_day`` and ``dispersion_interval`` as variance: the law of the forecast's own
    paths. Queues err independently of each other. Effects and chance do not depend on the volume: a forecast that is
    higher by a tenth meets the same luck and nowhere fewer contacts.
    """
    if paths < 1:
        raise ValueError(f"paths >= 1 expected, got {paths}")
    names = ("contacts", "dispersion_interval", "dispersion_day")
    require_columns(forecast, ("queue", "start", *names), "forecast")
    found = {}
    for queue in dict.fromkeys(forecast["queue"]):
        mine = forecast[forecast["queue"] == queue]
        values = {name: mine[name].to_numpy(dtype=float) for name in names}
        values["contacts"] = np.where(np.isnan(values["contacts"]), 0.0, values["contacts"])
        for name, column in values.items():
            bad = ~(np.isfinite(column) & (column >= 0))
            if bad.any():
                start = mine["start"].iloc[int(bad.argmax())]
                raise ValueError(f"queue {queue!r} at {start}: {name} >= 0 expected, got {column[bad][0]}")
        stream = np.random.default_rng([seed, *str(queue).encode()])
        _, first, day = np.unique(
            pd.DatetimeIndex(mine["start"]).strftime("%Y-%m-%d"), return_index=True, return_inverse=True
        )
        effect = _gamma(values["dispersion_day"][first], paths, stream)[:, day]
        effect = effect * _gamma(values["dispersion_interval"], paths, stream)
        luck = stream.random(effect.shape)
        counts = np.zeros(effect.shape, dtype=np.int64)
        some = values["contacts"] > 0
        counts[:, some] = stats.poisson.ppf(luck[:, some], values["contacts"][some] * effect[:, some])
        found[str(queue)] = counts
    return found


def _gamma(variance: np.ndarray, paths: int, stream: np.random.Generator) -> np.ndarray:
    """Draws of mean 1 and a variance per column, shape ``(paths, columns)``."""
    spread = np.maximum(variance, _CERTAIN)
    drawn = stream.gamma(1.0 / spread, spread, size=(paths, variance.size))
    return np.where(variance <= _CERTAIN, 1.0, drawn)
