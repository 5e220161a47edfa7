"""Fewest agents for a chat queue, whole and fractional."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from staffing.queueing.chat import measures
from staffing.queueing.inputs import not_negative, positive
from staffing.queueing.requirement import Requirement
from staffing.queueing.search import fewest_whole
from staffing.queueing.targets import FlatTargets, Targets

# Rows of the chat measures that carry each target's value.
_ROW = {
    "max_wait_probability": 0,
    "service_level": 2,
    "asa_s": 3,
    "max_abandonment": 5,
    "max_occupancy": 6,
}


def required_agents_chat(
    arrivals_per_s: ArrayLike,
    aht_s_by_concurrency: ArrayLike,
    targets: Targets,
    patience_s: ArrayLike | None = None,
) -> tuple[np.ndarray, Requirement]:
    """Fewest agents so that chats meet all targets, by the birth-death model of ``chat``.

    Parameters
    ----------
    arrivals_per_s
        Chats per second, shape ``(...)``, >= 0; none need nobody.
    aht_s_by_concurrency
        Handling time in seconds at 1, 2 … K chats per agent, shape ``(K,)`` or ``(K, ...)``, > 0.
    targets
        What to meet; ``answer_within_s`` is the threshold of the first response.
    patience_s
        Mean patience in seconds, > 0; None for endless patience.

    Returns
    -------
    Whole agents (int64) and the fractional requirement, which interpolates between the two nearest
    whole numbers as ``chat`` does, with its binding target.

    Raises
    ------
    ValueError
        On a value outside its range, or an abandonment target without patience.
    """
    if patience_s is None and targets.max_abandonment is not None:
        raise ValueError("patience_s > 0 with max_abandonment expected, got None")
    levels = positive("aht_s_by_concurrency", aht_s_by_concurrency)
    if levels.ndim == 0 or levels.shape[0] == 0:
        raise ValueError(f"a handling time for each of >= 1 chats expected, got {aht_s_by_concurrency!r}")
    given = [not_negative("arrivals_per_s", arrivals_per_s)]
    if patience_s is not None:
        given.append(positive("patience_s", patience_s))
    limits = [np.asarray(getattr(targets, name)) for name in (*targets.names, "answer_within_s")]
    shape = np.broadcast_shapes(levels.shape[1:], *(value.shape for value in (*given, *limits)))
    aligned = levels.reshape(levels.shape + (1,) * (len(shape) - levels.ndim + 1))
    table = np.broadcast_to(aligned, (levels.shape[0], *shape)).reshape(levels.shape[0], -1)
    arrivals, *patience = (np.broadcast_to(value, shape).reshape(-1) for value in given)
    flat = FlatTargets.of(targets, shape)

    whole = np.zeros(arrivals.size, dtype=np.int64)
    real, binding = np.zeros(arrivals.size), np.full(arrivals.size, -1)
    busy = np.flatnonzero(arrivals > 0)
    if busy.size:
        found = _fewest(
            arrivals[busy], table[:, busy], patience[0][busy] if patience else None, flat.rows(busy)
        )
        whole[busy], real[busy], binding[busy] = found
    names = np.array([*targets.names, ""])
    return whole.reshape(shape), Requirement(real.reshape(shape), names[binding].reshape(shape))


def _fewest(
    arrivals: np.ndarray, levels: np.ndarray, patience_s: np.ndarray | None, targets: FlatTargets
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    def found(agents: np.ndarray, rows: np.ndarray) -> dict[str, np.ndarray]:
        table = measures(
            agents,
            arrivals[rows],
            levels[:, rows],
            None if patience_s is None else patience_s[rows],
            targets.answer_within_s[rows],
            targets.definition,
            with_occupancy="max_occupancy" in targets.names,
        )
        return {name: table[row] for name, row in _ROW.items()}

    def worst(agents: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return targets.rows(rows).excess(found(agents, rows)).max(axis=0)

    places = levels.shape[0]
    load = arrivals * levels[-1]
    quantile = -ndtri(targets.limits["service_level"]) if "service_level" in targets.limits else 1.0
    guess = (load + np.maximum(quantile, 0.0) * np.sqrt(load)) / places
    whole = fewest_whole(worst, guess, np.sqrt(load) / places + 0.5).upper

    everything = np.arange(arrivals.size)
    fewer, enough = found(whole - 1.0, everything), found(whole, everything)
    shares = []
    for name in targets.names:
        limit = targets.limits[name]
        with np.errstate(invalid="ignore", divide="ignore"):
            part = (fewer[name] - limit) / (fewer[name] - enough[name])
        part = np.where(fewer[name] <= limit, 0.0, part)
        # An endless wait for any part of the time stays endless: the whole agent is needed.
        shares.append(np.where(np.isfinite(fewer[name]), np.clip(np.nan_to_num(part, nan=1.0), 0, 1), 1.0))
    table = np.array(shares)
    return whole.astype(np.int64), whole - 1.0 + table.max(axis=0), table.argmax(axis=0)
