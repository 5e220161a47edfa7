"""The Erlang C inverse: one exact evaluation near the answer, then single steps of the recursion."""

from __future__ import annotations

import numpy as np
from scipy.special import erfcx

from staffing.queueing.blocking_kernel import inverse_blocking
from staffing.queueing.rounding import whole_people
from staffing.queueing.targets import TOLERANCE, FlatTargets


def fewest_without_patience(
    load: np.ndarray, aht_s: np.ndarray, targets: FlatTargets
) -> tuple[np.ndarray, np.ndarray]:
    """Fewest whole agents in an M/M/n queue, and the index of the binding target; ``load > 0``."""
    root = np.sqrt(load)
    surplus = np.zeros_like(load)
    for name, limit in targets.limits.items():
        if name == "service_level":
            surplus = np.maximum(surplus, _halfin_whitt(limit, root * targets.answer_within_s / aht_s))
        elif name == "max_wait_probability":
            surplus = np.maximum(surplus, _halfin_whitt(limit, np.zeros_like(root)))
        elif name == "asa_s":
            surplus = np.maximum(surplus, _halfin_whitt_mean(aht_s / (limit * root)))
    least = np.floor(load) + 1.0  # an equilibrium needs more agents than erlangs
    if "max_occupancy" in targets.limits:
        least = np.maximum(least, whole_people(load / targets.limits["max_occupancy"]))
    n = np.maximum(np.ceil(load + surplus * root), least)
    u = inverse_blocking(n, load)

    rows = np.flatnonzero(~_met(n, u, load, aht_s, targets).all(axis=0))
    climbed = np.zeros(n.size, dtype=bool)
    climbed[rows] = True
    while rows.size:
        n[rows] += 1.0
        u[rows] = 1.0 + n[rows] / load[rows] * u[rows]
        met = _met(n[rows], u[rows], load[rows], aht_s[rows], targets.rows(rows)).all(axis=0)
        rows = rows[~met]

    rows = np.flatnonzero(~climbed & (n > least))
    while rows.size:
        fewer = n[rows] - 1.0
        with np.errstate(over="ignore", invalid="ignore"):
            u_fewer = (u[rows] - 1.0) * load[rows] / n[rows]
        lost = np.isinf(u_fewer)
        if lost.any():  # below 1e-308 the recursion cannot come down; start afresh
            u_fewer[lost] = inverse_blocking(fewer[lost], load[rows][lost])
        met = _met(fewer, u_fewer, load[rows], aht_s[rows], targets.rows(rows)).all(axis=0)
        rows, fewer, u_fewer = rows[met], fewer[met], u_fewer[met]
        n[rows], u[rows] = fewer, u_fewer
        rows = rows[fewer > least[rows]]
    return n, _binding(n, u, load, aht_s, targets)


def _met(
    n: np.ndarray, u: np.ndarray, load: np.ndarray, aht_s: np.ndarray, targets: FlatTargets
) -> np.ndarray:
    """Whether each target holds for ``n > load`` agents, shape ``(targets, rows)``."""
    spare = n - load
    with np.errstate(over="ignore"):
        waits = n / (load + spare * u)
    met = []
    for name in targets.names:
        limit = targets.limits[name] * (1.0 + TOLERANCE)
        if name == "service_level":
            met.append(waits * np.exp(-spare / aht_s * targets.answer_within_s) <= limit)
        elif name == "asa_s":
            met.append(waits * aht_s <= limit * spare)
        elif name == "max_occupancy":
            met.append(load <= limit * n)
        else:
            met.append(waits <= limit)
    return np.array(met)


def _binding(
    n: np.ndarray, u: np.ndarray, load: np.ndarray, aht_s: np.ndarray, targets: FlatTargets
) -> np.ndarray:
    """First target that one agent fewer would miss."""
    if len(targets.names) == 1:
        return np.zeros(n.size, dtype=np.int8)
    fewer = n - 1.0
    stable = fewer > load
    with np.errstate(over="ignore", invalid="ignore"):
        u_fewer = np.where(np.isinf(u), u, (u - 1.0) * load / n)
    missed = ~_met(np.where(stable, fewer, n), u_fewer, load, aht_s, targets)
    # Without an equilibrium every target on waiting is missed: the first stands for them.
    return np.where(stable, missed.argmax(axis=0), 0).astype(np.int8)


def _log_rise(beta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """``-ln`` of the Halfin-Whitt probability of waiting, and its slope."""
    bell = np.sqrt(np.pi / 2) * erfcx(-beta / np.sqrt(2))
    inner = 1.0 + beta * bell
    return np.log(inner), (bell * (1.0 + beta * beta) + beta) / inner


def _halfin_whitt(limit: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """beta with ``P(wait) exp(-pull beta) = limit`` in the many-server limit, by Newton's method."""
    goal = -np.log(limit)
    beta = np.minimum(np.minimum(goal / (1.2533 + pull), np.sqrt(2.0 * goal) + 0.5), 30.0)
    for _ in range(3):
        value, slope = _log_rise(beta)
        beta = np.clip(beta - (value + pull * beta - goal) / (slope + pull), 0.0, 30.0)
    return beta


def _halfin_whitt_mean(ratio: np.ndarray) -> np.ndarray:
    """beta with ``P(wait) / beta = 1 / ratio``; ratio is handling time / (ASA sqrt(load))."""
    goal = np.log(ratio)
    log_beta = np.minimum(goal, 0.5 * np.log(2.0 * np.maximum(goal, 1.0)))
    for _ in range(5):
        beta = np.exp(np.clip(log_beta, -40.0, 3.4))
        value, slope = _log_rise(beta)
        log_beta = log_beta - (value + log_beta - goal) / (slope * beta + 1.0)
    return np.exp(np.clip(log_beta, -40.0, 3.4))
