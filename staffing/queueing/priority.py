"""Premium customers ahead of the others: two classes, one group of agents, nobody interrupted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.blocking_kernel import inverse_blocking
from staffing.queueing.inputs import not_negative, positive
from staffing.queueing.waiting_line import patient_line

# Abate and Whitt's Euler summation: 38 terms and 11 partial sums leave an error near 1e-8.
_TERMS, _AVERAGED = 38, 11
_PRECISION = 18.4


class ClassService(NamedTuple):
    """Service of one class: share within the threshold, its complement, and the mean wait."""

    service_level: np.ndarray
    missed: np.ndarray
    asa_s: np.ndarray


class PriorityPerformance(NamedTuple):
    """Service of both classes, the chance of waiting (the same for both) and the occupancy."""

    premium: ClassService
    standard: ClassService
    wait_probability: np.ndarray
    occupancy: np.ndarray


def priority(
    agents: ArrayLike,
    premium_load_erlangs: ArrayLike,
    standard_load_erlangs: ArrayLike,
    aht_s: ArrayLike,
    answer_within_s: ArrayLike = 20.0,
) -> PriorityPerformance:
    """M/M/n with two classes, the first always served before the second, without interruption.

    Those who wait find a line that empties at the rate ``n / aht``; a premium customer waits for the
    earlier premium ones only, a standard one for everybody before and for the premium ones who
    come meanwhile, which is a busy period of premium customers.

    Parameters
    ----------
    agents
        Agents on duty, real, shape ``(...)``, >= 0.
    premium_load_erlangs, standard_load_erlangs
        Offered loads, shape ``(...)``, >= 0; together above 0.
    aht_s
        Mean handling time of both classes in seconds, > 0.
    answer_within_s
        Answer threshold in seconds, >= 0.

    Returns
    -------
    PriorityPerformance
        Where the loads together reach the agents the standard class gets a service level of 0 and
        an endless wait; the premium class too where its own load does. In between (only the
        standard class overloaded) every premium customer waits, for one service to end at least.

    Raises
    ------
    ValueError
        On a value outside its range, or without any load.

    References
    ----------
    .. [1] O. Kella, U. Yechiali (1985), Waiting times in the non-preemptive priority M/M/c queue,
       Stochastic Models 1(2).
    .. [2] J. Abate, W. Whitt (1995), Numerical inversion of Laplace transforms of probability
       distributions, ORSA Journal on Computing 7(1).
    """
    n, first, second, aht, within = np.broadcast_arrays(
        not_negative("agents", agents),
        not_negative("premium_load_erlangs", premium_load_erlangs),
        not_negative("standard_load_erlangs", standard_load_erlangs),
        positive("aht_s", aht_s),
        not_negative("answer_within_s", answer_within_s),
    )
    load = first + second
    if (load <= 0).any():
        raise ValueError(f"premium_load_erlangs + standard_load_erlangs > 0 expected, got {load.min()}")
    stable = load < n
    ahead = first < n  # the premium class alone has an equilibrium
    safe_n, safe_load = np.where(stable, n, 2.0), np.where(stable, load, 1.0)
    line = patient_line(inverse_blocking(safe_n, safe_load), safe_load / aht, safe_n / aht, within)
    waits = np.where(stable, line.waits, 1.0)
    no_wait = np.where(stable, line.no_wait, 0.0)

    drain = np.where(ahead, n - first, 1.0) / aht  # premium line, per second
    late = waits * np.exp(-drain * within)
    in_time = no_wait - waits * np.expm1(-drain * within)
    premium = ClassService(
        np.where(ahead, in_time, 0.0), np.where(ahead, late, 1.0), np.where(ahead, waits / drain, np.inf)
    )

    full, interrupting = safe_n / aht, np.where(stable, first, 0.5) / aht
    rest = full - safe_load / aht
    tail = _standard_tail(full, interrupting, rest, within)
    standard_missed = np.where(stable, waits * tail, 1.0)
    mean = waits * full / rest / (full - interrupting)
    standard = ClassService(
        np.where(stable, no_wait + waits * (1.0 - tail), 0.0), standard_missed, np.where(stable, mean, np.inf)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        occupancy = np.where(stable, load / np.where(n > 0, n, 1.0), 1.0)
    return PriorityPerformance(premium, standard, waits, occupancy)


def _standard_tail(
    full: np.ndarray, interrupting: np.ndarray, rest: np.ndarray, within: np.ndarray
) -> np.ndarray:
    """P(a waiting standard customer waits longer than the threshold), by transform inversion.

    The wait is the exponential backlog (rate ``rest``) stretched by premium busy periods: its
    transform is ``rest / (rest + z)`` at ``z = s + interrupting (1 - busy(s))``.
    """
    t = np.maximum(within, 1e-9 / full)

    def tail_transform(s: np.ndarray) -> np.ndarray:
        total = s + full + interrupting
        twice = 2.0 * np.sqrt(interrupting * full)
        root = np.sqrt(total - twice) * np.sqrt(total + twice)
        busy = 2.0 * full / (total + root)  # the stable form of (total - root) / (2 interrupting)
        z = s + interrupting * (1.0 - busy)
        return z / (rest + z) / s

    half = _PRECISION / (2.0 * t)
    partial = 0.5 * tail_transform(half + 0j).real
    sums = []
    for k in range(1, _TERMS + _AVERAGED + 1):
        partial = partial + (-1.0) ** k * tail_transform(half + 1j * k * np.pi / t).real
        if k >= _TERMS:
            sums.append(partial)
    weights = _binomials(len(sums) - 1)
    value = sum(w * s for w, s in zip(weights, sums, strict=True)) * np.exp(_PRECISION / 2.0) / t
    return np.where(within > 0, np.clip(value, 0.0, 1.0), 1.0)


def _binomials(order: int) -> np.ndarray:
    row = np.ones(1)
    for _ in range(order):
        row = np.convolve(row, [0.5, 0.5])
    return row
