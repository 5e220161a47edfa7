"""Chat: an agent holds several contacts at once and works slower on each the more there are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.abandonment import Definition, service_level
from staffing.queueing.inputs import not_negative, positive
from staffing.queueing.performance import Performance
from staffing.queueing.waiting_line import Line, impatient_line, patient_line

_CHUNK = 16_384
_ALONE = 256


def chat(
    agents: ArrayLike,
    arrivals_per_s: ArrayLike,
    aht_s_by_concurrency: ArrayLike,
    patience_s: ArrayLike | None = None,
    answer_within_s: ArrayLike = 20.0,
    definition: Definition = "offered",
) -> Performance:
    """Performance of chat with the chats spread evenly over the agents, by birth and death.

    With j chats, ``q = j // n`` and ``r = j % n``, r agents hold q + 1 chats and n - r hold q; an
    agent with k chats finishes them at the rate ``k / aht_k``. Past ``n K`` chats a line forms.

    Parameters
    ----------
    agents
        Agents on duty, shape ``(...)``, >= 0. Between two whole numbers every measure is
        interpolated, as if the last agent were there for part of the time.
    arrivals_per_s
        Chats per second, shape ``(...)``, >= 0.
    aht_s_by_concurrency
        Handling time in seconds of a chat whose agent holds 1, 2 … K chats, > 0; shape ``(K,)``
        or ``(K, ...)``.
    patience_s
        Mean patience in the line in seconds, > 0; None for endless patience.
    answer_within_s
        Threshold of the first response in seconds, >= 0.
    definition
        Of the service level, as in ``erlang_a``.

    Returns
    -------
    Performance
        ``occupancy`` is the mean share of the n K chat places in use. Without patience and
        without an equilibrium the service level is 0 and the waits are inf.

    Raises
    ------
    ValueError
        On a value outside its range.

    Limitations
    -----------
    Chats do not stay perfectly even when they end at random: against simulation with routing to
    the least loaded agent the probability of waiting comes out up to a tenth too low.

    References
    ----------
    .. [1] J. Luo, J. Zhang (2013), Staffing and control of instant messaging contact centers,
       Operations Research 61(2).
    """
    levels = positive("aht_s_by_concurrency", aht_s_by_concurrency)
    if levels.ndim == 0 or levels.shape[0] == 0:
        raise ValueError(f"a handling time for each of >= 1 chats expected, got {aht_s_by_concurrency!r}")
    given = [
        not_negative("agents", agents),
        not_negative("arrivals_per_s", arrivals_per_s),
        not_negative("answer_within_s", answer_within_s),
    ]
    if patience_s is not None:
        given.append(positive("patience_s", patience_s))
    shape = np.broadcast_shapes(levels.shape[1:], *(value.shape for value in given))
    n, arrivals, within, *patience = (np.broadcast_to(value, shape).reshape(-1) for value in given)
    aligned = levels.reshape(levels.shape + (1,) * (len(shape) - levels.ndim + 1))
    table = np.broadcast_to(aligned, (levels.shape[0], *shape)).reshape(levels.shape[0], -1)
    below, part = np.floor(n), n - np.floor(n)
    args = (arrivals, table, patience[0] if patience else None, within, definition)
    out = measures(below, *args)
    split = np.flatnonzero(part > 0)
    if split.size:
        rows = (arrivals[split], table[:, split], patience[0][split] if patience else None)
        above = measures(below[split] + 1.0, *rows, within[split], definition)
        # An endless wait for part of the time stays endless; nobody answered counts as nobody.
        low = np.where(np.isnan(out[:, split]), above, out[:, split])
        out[:, split] = (1.0 - part[split]) * low + part[split] * above
    return Performance(*(row.reshape(shape) for row in out))


def measures(
    n: np.ndarray,
    arrivals: np.ndarray,
    levels: np.ndarray,
    patience_s: np.ndarray | None,
    within_s: np.ndarray,
    definition: Definition,
    *,
    with_occupancy: bool = True,
) -> np.ndarray:
    """The seven measures for whole numbers of agents, shape ``(7, rows)``; occupancy if asked for."""
    places = levels.shape[0]
    full_rate = n * places / levels[-1]
    idle = arrivals == 0
    stable = (n > 0) if patience_s is None else (n > 0) & ~idle
    if patience_s is None:
        stable = stable & (arrivals < full_rate) & ~idle
    # Measures in the order of Performance, as they are without load or without an equilibrium.
    lost = patience_s is not None
    out = np.empty((7, n.size))
    dead = (1.0, 0.0, 1.0, np.nan if lost else np.inf, np.inf, 1.0 if lost else 0.0, 1.0)
    for row, (unloaded, overrun) in enumerate(zip((0, 1, 0, 0, 0, 0, 0), dead, strict=True)):
        out[row] = np.where(idle, unloaded, overrun)
    if patience_s is not None:
        out[4] = np.where(idle, 0.0, patience_s)
    for some in _alike(n, np.flatnonzero(stable)):
        patience = None if patience_s is None else patience_s[some]
        out[:, some] = _equilibrium(
            n[some], arrivals[some], levels[:, some], patience, within_s[some], definition, with_occupancy
        )
    return out


def _alike(n: np.ndarray, rows: np.ndarray) -> Iterator[np.ndarray]:
    """Chunks of rows of like size: the largest sets the length of the loop over states.

    Many rows with the very same number of agents form chunks of their own, where every step of the
    loop is the same for all.
    """
    rows = rows[np.argsort(n[rows], kind="stable")]
    sizes, first, counts = np.unique(n[rows], return_index=True, return_counts=True)
    single = counts >= _ALONE
    mixed = rows[~np.isin(n[rows], sizes[single])]
    groups = [rows[begin : begin + count] for begin, count in zip(first[single], counts[single], strict=True)]
    for group in (*groups, mixed):
        for begin in range(0, group.size, _CHUNK):
            yield group[begin : begin + _CHUNK]


def _equilibrium(
    n: np.ndarray,
    arrivals: np.ndarray,
    levels: np.ndarray,
    patience_s: np.ndarray | None,
    within_s: np.ndarray,
    definition: Definition,
    with_occupancy: bool,
) -> np.ndarray:
    places = levels.shape[0]
    full_rate = n * places / levels[-1]
    u, chats = states_without_queue(n, arrivals, levels, with_mean=with_occupancy)
    line: Line
    if patience_s is None:
        line = patient_line(u, arrivals, full_rate, within_s)
        level, missed = line.answered_in_time, line.answered_late
    else:
        line = impatient_line(u, arrivals, full_rate, patience_s, within_s)
        level, missed = service_level(line, definition)
    # P(all places taken) = waits; below that the mean number of chats is chats / u.
    share_below = line.no_wait * u / np.where(np.isinf(u), 1.0, np.maximum(u - 1.0, 1e-300))
    with np.errstate(invalid="ignore"):
        # no_wait covers the states below n K, u also the state n K itself.
        at_full = np.where(np.isinf(u), 0.0, line.no_wait / np.maximum(u - 1.0, 1e-300))
        busy = np.where(np.isinf(u), chats, chats * share_below)
    mean_chats = busy + (line.waits - at_full) * n * places
    asa_s = line.asa_s if line.asa_s is not None else line.mean_wait_s
    occupancy = mean_chats / (n * places)
    return np.array([line.waits, level, missed, asa_s, line.mean_wait_s, line.abandoned, occupancy])


def states_without_queue(
    n: np.ndarray, arrivals: np.ndarray, levels: np.ndarray, *, with_mean: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Sum over the states 0 … n K of their probability per that of the last, and their mean chats.

    The sum obeys the recursion of Erlang B with the state's own service rate, all terms positive.
    """
    places = levels.shape[0]
    # Service per second of an agent with 0 … K chats, in units of the arrival rate.
    speed = np.vstack([np.zeros(n.size), np.arange(1, places + 1)[:, None] / levels]) / arrivals
    u, mean = np.ones(n.size), np.zeros(n.size)
    last = int((n * places).max(initial=0))
    same = bool((n == n[:1]).all())
    count: np.ndarray | float = float(n[0]) if same and n.size else n
    everything = slice(None) if same else np.arange(n.size)
    for j in range(1, last + 1):
        held = np.minimum((j - 1) // count, places - 1)  # chats that every agent holds
        extra = j - held * count
        index = int(held) if same else held.astype(np.int64)
        slow, fast = speed[index, everything], speed[index + 1, everything]
        with np.errstate(over="ignore"):
            before = ((count - extra) * slow + extra * fast) * u
        if with_mean:
            # Kept as a mean, not as a sum, so that it stays finite where u overflows.
            with np.errstate(invalid="ignore"):
                weight = np.where(np.isinf(before), 1.0, before / (1.0 + before))
            grown = weight * mean + (1.0 - weight) * j
            mean = grown if same else np.where(j <= count * places, grown, mean)
        u = 1.0 + before if same else np.where(j <= count * places, 1.0 + before, u)
    return u, mean
