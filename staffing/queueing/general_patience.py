"""M/M/n+G: patience of any shape, by quadrature of the virtual wait's exact density."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.abandonment import Definition, service_level
from staffing.queueing.blocking_kernel import inverse_blocking
from staffing.queueing.inputs import not_negative, positive
from staffing.queueing.patience import Patience
from staffing.queueing.performance import Performance
from staffing.queueing.waiting_line import Line

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_PANELS = 48
_NOTHING = 46.0  # exp(-46) is 1e-20: what is that far below the peak does not count


class _Part(NamedTuple):
    """Integrals of the density over a stretch of waits, all times ``exp(-scale)``."""

    mass: float
    answered: float
    wait_answered: float
    held: float
    gone: float
    scale: float


def mmn_g(
    agents: ArrayLike,
    load_erlangs: ArrayLike,
    aht_s: ArrayLike,
    patience: Patience,
    answer_within_s: ArrayLike = 20.0,
    definition: Definition = "offered",
) -> Performance:
    """Performance of M/M/n+G, where the shape of patience counts and not only its mean.

    The virtual wait has the density ``c exp(arrivals * held(t) - agents t / aht)`` for t > 0, with
    ``held`` the integral of the survival curve. One to two milliseconds per situation.

    Parameters
    ----------
    agents, load_erlangs, aht_s, answer_within_s, definition
        As in ``erlang_a``; broadcast.
    patience
        One distribution for all situations.

    Returns
    -------
    Performance
        ``wait_probability`` is the share that finds all agents busy, those who hang up at once included.

    Raises
    ------
    ValueError
        On a value outside its range, or where a share that never hangs up reaches the agents.

    References
    ----------
    .. [1] F. Baccelli, G. Hebuterne (1981), On queues with impatient customers, Performance '81.
    .. [2] S. Zeltyn, A. Mandelbaum (2005), Call centers with impatient customers: many-server
       asymptotics of the M/M/n+G queue, Queueing Systems 51.
    """
    n, a, aht, within = np.broadcast_arrays(
        not_negative("agents", agents),
        not_negative("load_erlangs", load_erlangs),
        positive("aht_s", aht_s),
        not_negative("answer_within_s", answer_within_s),
    )
    out = np.empty((7, n.size))
    flat = (value.reshape(-1).tolist() for value in (n, a, aht, within))
    for index, (agents_, load, aht_, within_) in enumerate(zip(*flat, strict=True)):
        out[:, index] = _one(agents_, load, aht_, within_, patience, definition)
    return Performance(*(row.reshape(n.shape) for row in out))


def _one(
    n: float, a: float, aht_s: float, within_s: float, patience: Patience, definition: Definition
) -> tuple[float, ...]:
    if a == 0:
        return 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0
    arrivals, rate = a / aht_s, n / aht_s
    forever = float(patience.survival(np.array([1e15]))[0])
    if forever * arrivals >= rate and forever > 0:
        raise ValueError(f"load that never hangs up < agents expected, got {forever * a:g} for {n:g} agents")
    if n == 0:
        return 1.0, 0.0, 1.0, float("nan"), float(patience.held(np.array([1e15]))[0]), 1.0, 1.0
    early = _integrals(0.0, within_s, arrivals, rate, patience)
    late = _integrals(within_s, np.inf, arrivals, rate, patience)
    scale = max(early.scale, late.scale, 0.0)
    here, there = np.exp(early.scale - scale), np.exp(late.scale - scale)
    # States without a line per the state n - 1, in which the next arrival is the last to be free.
    free = float((inverse_blocking(np.array([n]), np.array([a]))[0] - 1.0) * a / n)
    norm = free * np.exp(-scale) / arrivals + early.mass * here + late.mass * there

    def share(first: float, second: float) -> np.ndarray:
        return np.array((first * here + second * there) / norm)

    no_wait = np.array(free * np.exp(-scale) / arrivals / norm)
    in_wait = share(early.answered, late.answered)
    answered = no_wait + in_wait
    asa = share(early.wait_answered, late.wait_answered) / answered
    left = float(patience.survival(np.array([within_s]))[0])
    virtual_late = share(0.0, late.mass)
    gone = share(early.gone, late.gone)
    line = Line(
        waits=share(early.mass, late.mass),
        no_wait=no_wait,
        abandoned=gone,
        answered=answered,
        answered_late=share(0.0, late.answered),
        answered_in_time=no_wait + share(early.answered, 0.0),
        virtual_late=virtual_late,
        virtual_in_time=no_wait + share(early.mass, 0.0),
        still_waiting=virtual_late * left,
        asa_s=asa,
        mean_wait_s=share(early.held, late.held),
    )
    level, missed = service_level(line, definition)
    occupancy = a * answered / n
    measures = (line.waits, level, missed, asa, line.mean_wait_s, gone, occupancy)
    return tuple(float(value) for value in measures)


def _integrals(begin: float, end: float, arrivals: float, rate: float, patience: Patience) -> _Part:
    if end <= begin:
        return _Part(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

    def exponent(t: np.ndarray) -> np.ndarray:
        return arrivals * patience.held(t) - rate * t

    def falls(t: float) -> bool:
        return bool(arrivals * patience.survival(np.array([t]))[0] <= rate)

    # The exponent is concave: find its peak, then where it has fallen to nothing on either side.
    last = end
    if not np.isfinite(end):
        last = begin + 1.0 / rate
        while not falls(last) or exponent(np.array([last]))[0] > exponent(np.array([begin]))[0] - 1.0:
            last = begin + 2.0 * (last - begin)
    peak = _switch(falls, begin, last)
    top = float(exponent(np.array([peak]))[0])

    def counts(t: float) -> bool:
        return bool(exponent(np.array([t]))[0] >= top - _NOTHING)

    if not np.isfinite(end):
        while counts(last):
            last = peak + 2.0 * (last - peak)
    upper = last if counts(last) else _switch(lambda t: not counts(t), peak, last)
    lower = begin if counts(begin) else _switch(counts, begin, peak)
    corners = [c for c in patience.corners if lower < c < upper]
    # Ever shorter panels at the start, because impatience may be much faster than the line.
    graded = lower + (upper - lower) * 0.5 ** np.arange(1.0, 15.0)
    inner = [peak] if lower < peak < upper else []
    cuts = np.unique(np.concatenate([[lower, upper], corners, inner, graded]))
    total = np.zeros(5)
    for a, length in zip(cuts[:-1], np.diff(cuts), strict=True):
        panels = max(1, int(np.ceil(_PANELS * length / (upper - lower))))
        edges = np.linspace(a, a + length, panels + 1)
        half = 0.5 * np.diff(edges)
        t = (edges[:-1, None] + half[:, None] * (_NODES + 1.0)).reshape(-1)
        weight = (half[:, None] * _WEIGHTS).reshape(-1) * np.exp(exponent(t) - top)
        stays = patience.survival(t)
        total += [
            weight.sum(),
            (weight * stays).sum(),
            (weight * stays * t).sum(),
            (weight * patience.held(t)).sum(),
            (weight * (1.0 - stays)).sum(),
        ]
    mass, answered, wait_answered, held, gone = total.tolist()
    return _Part(mass, answered, wait_answered, held, gone, top)


def _switch(test, false_end: float, true_end: float) -> float:  # type: ignore[no-untyped-def]
    """Where a test that changes once from false to true changes, by bisection."""
    if test(false_end):
        return false_end
    if not test(true_end):
        return true_end
    for _ in range(60):
        middle = 0.5 * (false_end + true_end)
        if test(middle):
            true_end = middle
        else:
            false_end = middle
    return true_end
