"""Numbers of contacts per path, queue and interval."""

from __future__ import annotations

import numpy as np
from scipy.special import pdtr, pdtrik

from staffing.sizing.simulation.attendance import _uniform
from staffing.sizing.simulation.centre import Centre

DEFAULT_PATHS = 100
_SMALL = 200.0  # means for which adding up is faster than inverting the incomplete gamma function


def number_of_paths(centre: Centre, paths: int | None) -> int:
    """Paths to run, checked against those that the queues have."""
    given = {queue.name: queue.paths for queue in centre.queues if queue.paths is not None}
    if paths is None:
        return min(given.values()) if given else DEFAULT_PATHS
    if paths < 1 or paths != int(paths):
        raise ValueError(f"paths >= 1 expected, got {paths}")
    for name, found in given.items():
        if found < paths:
            raise ValueError(f"queue {name!r}: at least {paths} sample paths expected, got {found}")
    return int(paths)


def arrivals(centre: Centre, paths: int, seed: int) -> np.ndarray:
    """Whole contacts, int64, shape ``(paths, queues, intervals)``.

    Poisson numbers by inversion, each from its own uniform number: a greater rate never gives fewer.
    """
    out = np.zeros((paths, len(centre.queues), centre.intervals), dtype=np.int64)
    path = np.arange(paths)[:, None]
    interval = np.arange(centre.intervals)[None, :]
    for number, queue in enumerate(centre.queues):
        contacts = queue.contacts[:paths] if queue.contacts.ndim == 2 else queue.contacts[None, :]
        contacts = np.broadcast_to(contacts, (paths, centre.intervals))
        if queue.given == "counts":
            out[:, number] = contacts
        else:
            drawn = _uniform(seed, path + 101, np.full((1, 1), number + 13), interval + 7)
            out[:, number] = poisson_quantile(drawn, contacts)
    return out


def poisson_quantile(u: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Least whole k with P(Poisson(mean) <= k) >= u; 0 where the mean is 0."""
    from staffing.sizing.simulation.streams import poisson_counts

    chance, rate = (np.ascontiguousarray(part) for part in np.broadcast_arrays(u, mean))
    out = np.zeros(rate.shape, dtype=np.int64)
    small = (rate > 0) & (rate <= _SMALL)
    few = np.empty(int(small.sum()), dtype=np.int64)
    poisson_counts(chance[small], rate[small], few)
    out[small] = few
    large = rate > _SMALL
    k = np.maximum(np.ceil(pdtrik(np.clip(chance[large], 1e-16, 1 - 1e-16), rate[large])), 0.0)
    # The inverse's last digit may have put k one too high.
    lower = np.maximum(k - 1.0, 0.0)
    out[large] = np.where((k > 0) & (pdtr(lower, rate[large]) >= chance[large]), lower, k).astype(np.int64)
    return out
