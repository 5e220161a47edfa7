"""A target over a day or a week at least cost: each agent goes where it buys most."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

LevelOf = Callable[[np.ndarray, np.ndarray], np.ndarray]


def allocate(
    weight: np.ndarray,
    period: np.ndarray,
    least: np.ndarray,
    most: np.ndarray,
    target: np.ndarray,
    level_of: LevelOf,
) -> np.ndarray:
    """Whole agents per interval with which each period as a whole meets its target.

    Parameters
    ----------
    weight
        Contacts of each interval, shape ``(intervals,)``, > 0.
    period
        Period of each interval, whole numbers from 0.
    least, most
        Fewest agents of each interval, and a number at which its own service level
        reaches the period's target; ``least <= most``.
    target
        Target of each period, in (0, 1), indexed by ``period``.
    level_of
        Service level of agents (whole, as floats) in given rows; never falls with agents.

    Returns
    -------
    Agents (int64) between ``least`` and ``most``.

    Notes
    -----
    Each interval's service level is replaced by its concave hull, and the steps of all
    hulls are bought in the order of contacts gained per agent. Up to the last step bought this is the
    optimum of the linear program, so that the answer exceeds the cheapest by less than that step
    (one agent, wherever returns diminish); what turns out not to be needed is given back.
    """
    agents = least.astype(np.int64)
    rows, starts, sizes, gains = _hull_steps(weight, least, most, level_of)
    order = np.lexsort((starts, rows, -gains / sizes))
    need = np.bincount(period, weight, minlength=target.size) * target
    everything = np.arange(weight.size)
    have = np.bincount(period, weight * level_of(agents.astype(float), everything), minlength=target.size)
    noise = 1e-9 * np.maximum(need, 1e-300)
    for step in order.tolist():
        row = rows[step]
        group = period[row]
        if have[group] >= need[group] - noise[group]:
            continue
        agents[row] += sizes[step]
        have[group] += gains[step]
    return _given_back(agents, weight, period, least, need - noise, level_of)


def _hull_steps(
    weight: np.ndarray, least: np.ndarray, most: np.ndarray, level_of: LevelOf
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Row, first agent, agents and contacts gained of every edge of every row's concave hull."""
    count = (most - least + 1).astype(np.int64)
    row = np.repeat(np.arange(weight.size), count)
    first = np.cumsum(count) - count
    place = np.arange(row.size) - np.repeat(first, count)
    served = weight[row] * level_of((least[row] + place).astype(float), row)
    rows, starts, sizes, gains = [], [], [], []
    for index in range(weight.size):
        values = served[first[index] : first[index] + count[index]]
        corner = _upper_hull(values)
        rows.append(np.full(corner.size - 1, index))
        starts.append(least[index] + corner[:-1])
        sizes.append(np.diff(corner))
        gains.append(np.diff(values[corner]))
    joined = (np.concatenate(part) if part else np.zeros(0) for part in (rows, starts, sizes, gains))
    found = tuple(joined)
    return found[0].astype(np.int64), found[1], found[2].astype(np.int64), found[3]


def _upper_hull(values: np.ndarray) -> np.ndarray:
    """Corners of the upper concave hull of a rising sequence over 0, 1, 2 …"""
    corners: list[int] = []
    for point, value in enumerate(values.tolist()):
        while len(corners) >= 2:
            before, last = corners[-2], corners[-1]
            slope_last = (values[last] - values[before]) / (last - before)
            if (value - values[last]) / (point - last) < slope_last:
                break
            corners.pop()
        corners.append(point)
    return np.array(corners, dtype=np.int64)


def _given_back(
    agents: np.ndarray,
    weight: np.ndarray,
    period: np.ndarray,
    least: np.ndarray,
    need: np.ndarray,
    level_of: LevelOf,
) -> np.ndarray:
    """Take single agents away as long as every period still holds, the least useful first."""
    everything = np.arange(weight.size)
    while True:
        now = weight * level_of(agents.astype(float), everything)
        slack = np.bincount(period, now, minlength=need.size) - need
        fewer = np.flatnonzero(agents > least)
        if not fewer.size:
            return agents
        loss = now[fewer] - weight[fewer] * level_of(agents[fewer] - 1.0, fewer)
        free = loss <= slack[period[fewer]]
        if not free.any():
            return agents
        fewer, loss = fewer[free], loss[free]
        # One a period and round: the next round counts its slack anew.
        order = np.lexsort((fewer, loss))
        _, chosen = np.unique(period[fewer[order]], return_index=True)
        agents[fewer[order][chosen]] -= 1
