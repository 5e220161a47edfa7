"""Erlang A: delay with customers who hang up after an exponential patience."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.blocking_kernel import CHUNK, inverse_blocking
from staffing.queueing.inputs import not_negative, positive
from staffing.queueing.performance import Performance
from staffing.queueing.waiting_line import Line, impatient_line

Definition = Literal["offered", "excluding_short_abandons", "answered", "virtual"]


def erlang_a(
    agents: ArrayLike,
    load_erlangs: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike,
    answer_within_s: ArrayLike = 20.0,
    definition: Definition = "offered",
) -> Performance:
    """Performance of an M/M/n+M queue, where waiting customers hang up (Erlang A, Palm's model).

    Parameters
    ----------
    agents
        Agents on duty, real, shape ``(...)``, >= 0; may be below the load.
    load_erlangs
        Offered load in erlangs, those who hang up included, shape ``(...)``, >= 0.
    aht_s
        Mean handling time in seconds, > 0.
    patience_s
        Mean patience in seconds, > 0 and finite; for endless patience use ``erlang_c``.
    answer_within_s
        Answer threshold T in seconds, >= 0.
    definition
        Of the service level: ``"offered"``, answered within T / all contacts;
        ``"excluding_short_abandons"``, answered within T / (all - hung up within T);
        ``"answered"``, answered within T / answered; ``"virtual"``, share of the contacts that
        would be answered within T if they were endlessly patient.

    Returns
    -------
    Performance
        Always in equilibrium. With nobody on duty the service level is 0 and the
        speed of answer NaN, because nobody is answered.

    Raises
    ------
    ValueError
        On a negative, infinite or missing input, a handling time or patience of 0, or an unknown
        definition.

    References
    ----------
    .. [1] A. Mandelbaum, S. Zeltyn (2007), Service engineering in action: the Palm/Erlang-A
       queue, with applications to call centers, in: Advances in Services Innovations, Springer.

    Examples
    --------
    >>> round(float(erlang_a(50, 50.0, 300.0, 1800.0, 3600.0).service_level), 3)
    0.967
    """
    if definition not in get_args(Definition):
        raise ValueError(f"definition in {get_args(Definition)} expected, got {definition!r}")
    inputs = np.broadcast_arrays(
        not_negative("agents", agents),
        not_negative("load_erlangs", load_erlangs),
        positive("aht_s", aht_s),
        positive("patience_s", patience_s),
        not_negative("answer_within_s", answer_within_s),
    )
    shape = inputs[0].shape
    flat = [value.reshape(-1) for value in inputs]
    out = np.empty((7, flat[0].size))
    for begin in range(0, flat[0].size, CHUNK):
        part = slice(begin, begin + CHUNK)
        n, a, aht, patience, within = (value[part] for value in flat)
        out[:, part] = _erlang_a(n, a, aht, patience, within, definition)
    return Performance(*(row.reshape(shape) for row in out))


def service_level(line: Line, definition: Definition) -> tuple[np.ndarray, np.ndarray]:
    """Service level and its exact complement by the given definition."""
    if definition == "virtual":
        return line.virtual_in_time, line.virtual_late
    if definition == "answered":
        return line.answered_in_time / line.answered, line.answered_late / line.answered
    if definition == "excluding_short_abandons":
        counted = line.answered_in_time + line.still_waiting
        return line.answered_in_time / counted, line.still_waiting / counted
    return line.answered_in_time, line.abandoned + line.answered_late


def erlang_a_line(
    agents: np.ndarray,
    load: np.ndarray,
    aht_s: np.ndarray,
    patience_s: np.ndarray,
    within_s: np.ndarray,
    *,
    with_asa: bool = True,
) -> Line:
    """The waiting line of M/M/n+M for flat arrays with ``agents > 0`` and ``load > 0``."""
    u = inverse_blocking(agents, load)
    return impatient_line(u, load / aht_s, agents / aht_s, patience_s, within_s, with_asa=with_asa)


def _erlang_a(
    agents: np.ndarray,
    load: np.ndarray,
    aht_s: np.ndarray,
    patience_s: np.ndarray,
    within_s: np.ndarray,
    definition: Definition,
) -> np.ndarray:
    idle, empty = load == 0, (agents == 0) & (load > 0)
    n, a = np.where(agents > 0, agents, 1.0), np.where(idle, 1.0, load)
    line = erlang_a_line(n, a, aht_s, patience_s, within_s)
    level, missed = service_level(line, definition)
    asa_s = line.asa_s if line.asa_s is not None else np.zeros_like(a)
    rows = (
        (line.waits, 0.0, 1.0),
        (level, 1.0, 0.0),
        (missed, 0.0, 1.0),
        (asa_s, 0.0, np.nan),
        (line.mean_wait_s, 0.0, patience_s),
        (line.abandoned, 0.0, 1.0),
        (a * line.answered / n, 0.0, 1.0),
    )
    return np.array(
        [np.where(idle, unloaded, np.where(empty, alone, value)) for value, unloaded, alone in rows]
    )
