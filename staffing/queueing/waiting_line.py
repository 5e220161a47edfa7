"""The waiting line behind any set of servers: what happens to a contact that finds all of them busy.

A system of servers enters by two numbers only: its *full rate* R, contacts per second when all are
busy, and ``u``, the sum of the probabilities of all states up to the last one without a queue,
divided by that state's probability (1 / Erlang B for plain agents). Behind it, arrivals at rate
``lam``, service at rate R in order of arrival, and patience that is exponential or endless.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from staffing.queueing.impatience_kernel import impatience_sums
from staffing.queueing.temme import half_eta_squared

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_PANELS = 32


class Line(NamedTuple):
    """Shares of all arriving contacts; waits in seconds."""

    waits: np.ndarray
    no_wait: np.ndarray
    abandoned: np.ndarray
    answered: np.ndarray
    answered_late: np.ndarray  # answered after the threshold
    answered_in_time: np.ndarray
    virtual_late: np.ndarray  # an endlessly patient contact would wait longer than the threshold
    virtual_in_time: np.ndarray
    still_waiting: np.ndarray  # neither answered nor gone at the threshold
    asa_s: np.ndarray | None  # mean wait of the answered
    mean_wait_s: np.ndarray


def patient_line(u: np.ndarray, arrivals: np.ndarray, full_rate: np.ndarray, within_s: np.ndarray) -> Line:
    """Nobody hangs up. Needs ``0 < arrivals < full_rate``."""
    spare = (full_rate - arrivals) / full_rate
    with np.errstate(over="ignore", invalid="ignore"):
        waits = 1.0 / (1.0 - spare + spare * u)
        no_wait = np.where(np.isinf(u), 1.0, spare * (u - 1.0) * waits)
    decay = (full_rate - arrivals) * within_s
    late = waits * np.exp(-decay)
    in_time = no_wait - waits * np.expm1(-decay)
    with np.errstate(divide="ignore"):
        # Rates that differ by less than their last digit: the wait is endless.
        wait_s = waits / (full_rate - arrivals)
    ones = np.ones_like(waits)
    return Line(waits, no_wait, 0.0 * ones, ones, late, in_time, late, in_time, late, wait_s, wait_s)


def impatient_line(
    u: np.ndarray,
    arrivals: np.ndarray,
    full_rate: np.ndarray,
    patience_s: np.ndarray,
    within_s: np.ndarray,
    *,
    with_asa: bool = True,
) -> Line:
    """Patience is exponential with mean ``patience_s``. Flat arrays, ``arrivals > 0``, ``full_rate > 0``.

    The virtual wait has the density ``R p exp(y (1 - exp(-t/patience)) - R t)`` with p the
    probability of the last state without a queue, ``x = R patience`` and ``y = arrivals patience``;
    its integrals are the sums of :mod:`staffing.queueing.impatience_kernel` at y and at
    ``y exp(-within / patience)``.
    """
    x, y = full_rate * patience_s, arrivals * patience_s
    sums = impatience_sums(x, y, with_slope=with_asa)
    one = np.exp(-sums.scale)
    with np.errstate(over="ignore", invalid="ignore"):
        norm = u * one + sums.total
        waits = (sums.total + one) / norm
        no_wait = np.where(np.isinf(u), 1.0, (u - 1.0) * one / norm)
    assert sums.queue is not None
    abandoned = sums.queue / y / norm
    after_wait = x * (sums.total / y) / norm
    answered = no_wait + after_wait

    elapsed = within_s / patience_s
    y_later = np.maximum(y * np.exp(-elapsed), 1e-300)
    later = impatience_sums(x, y_later, with_queue=False)
    factor = np.exp(_exponent(x, y, y_later, elapsed, sums.scale, later.scale))
    answered_late = np.minimum(x * (factor * later.total / y) / norm, after_wait)
    virtual_late = np.minimum(factor * (later.total + np.exp(-later.scale)) / norm, waits)

    missed = abandoned + answered_late
    in_time = np.where(missed < 0.5, 1.0 - missed, no_wait + (after_wait - answered_late))
    virtual_in_time = np.where(virtual_late < 0.5, 1.0 - virtual_late, no_wait + (waits - virtual_late))
    # Where next to nobody of those who wait is served in time, the differences above cancel.
    rare = (after_wait - answered_late < 1e-3 * after_wait) | (waits - virtual_late < 1e-3 * waits)
    rare &= (within_s > 0) & ((missed >= 0.5) | (virtual_late >= 0.5))
    if rare.any():
        start = full_rate[rare] / norm[rare]
        args = y[rare], full_rate[rare], patience_s[rare], within_s[rare], sums.scale[rare]
        in_time[rare] = no_wait[rare] + start * _early_mass(*args, leave=1.0)
        virtual_in_time[rare] = no_wait[rare] + start * _early_mass(*args, leave=0.0)
    asa_s = None
    if sums.slope is not None:
        with np.errstate(invalid="ignore", divide="ignore"):
            asa_s = x * (sums.slope / y) / norm * patience_s / answered
    return Line(
        waits=waits,
        no_wait=no_wait,
        abandoned=abandoned,
        answered=answered,
        answered_late=answered_late,
        answered_in_time=in_time,
        virtual_late=virtual_late,
        virtual_in_time=virtual_in_time,
        still_waiting=virtual_late * np.exp(-elapsed),
        asa_s=asa_s,
        mean_wait_s=abandoned * patience_s,
    )


def _exponent(
    x: np.ndarray,
    y: np.ndarray,
    y_later: np.ndarray,
    elapsed: np.ndarray,
    scale: np.ndarray,
    scale_later: np.ndarray,
) -> np.ndarray:
    """Exponent that turns the scaled sums at ``y_later`` into those at ``y``."""
    # elapsed + expm1(-elapsed) cancels for a short threshold: its series instead.
    series = np.zeros_like(elapsed)
    for k in range(16, 1, -1):
        series = elapsed / k * (1.0 - series)
    bend = np.where(elapsed < 0.5, elapsed * series, elapsed + np.expm1(-elapsed))
    plain = (y - x) * elapsed - y * bend + scale_later - scale
    # Right of the diagonal the scales are the exponent itself, which may be in the thousands.
    big = np.maximum(x, 20.0)
    below = -big * half_eta_squared(big, y_later)
    exact = np.where(y_later > x, 0.0, below)
    return np.where((x >= 20.0) & (y > x), exact, plain)


def _early_mass(
    y: np.ndarray,
    full_rate: np.ndarray,
    patience_s: np.ndarray,
    within_s: np.ndarray,
    scale: np.ndarray,
    leave: float,
) -> np.ndarray:
    """``integral of exp(y (1 - exp(-t/p)) - R t - leave t/p - scale)`` for t from 0 to the threshold.

    The density climbs steeply towards the threshold, so the panels halve towards it.
    """
    total = np.zeros_like(y)
    edges = np.concatenate([1.0 - 0.5 ** np.arange(_PANELS), [1.0]])
    for begin, width in zip(edges[:-1], np.diff(edges), strict=True):
        for node, weight in zip(_NODES, _WEIGHTS * width, strict=True):
            t = within_s * (begin + 0.5 * width * (node + 1.0))
            exponent = -y * np.expm1(-t / patience_s) - (full_rate + leave / patience_s) * t
            total += weight * np.exp(exponent - scale)
    return 0.5 * within_s * total
