"""Blending: agents fill their idle time with work that can wait, but keep some free for live contacts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.linalg import spsolve

from staffing.queueing.inputs import not_negative, positive

_TAIL = 1e-13  # probability of a line longer than the states that are kept
_MOST_STATES = 400_000


@dataclass(frozen=True)
class BlendedService:
    """What live contacts get and how much other work gets done.

    Attributes
    ----------
    service_level, missed
        Share of live contacts answered within the threshold, and its complement.
    wait_probability, asa_s
        Share of live contacts that wait, and their mean wait over all, in seconds.
    background_per_h
        Pieces of background work done per hour.
    occupancy
        Share of time that agents are busy with either.
    """

    service_level: float
    missed: float
    wait_probability: float
    asa_s: float
    background_per_h: float
    occupancy: float


def blending(
    agents: int,
    load_erlangs: float,
    aht_s: float,
    background_aht_s: float,
    reserve: int,
    answer_within_s: float = 20.0,
) -> BlendedService:
    """Live contacts and endless background work behind one reserve threshold, exactly.

    A free agent takes a waiting live contact first; a piece of background work starts only while
    more than ``reserve`` agents are free. Nothing is interrupted. The Markov chain counts live
    contacts and pieces of background work; the wait is that of a tagged contact, by uniformization.

    Parameters
    ----------
    agents
        Whole agents n >= 1.
    load_erlangs
        Load of live contacts, > 0 and below ``agents``.
    aht_s, background_aht_s
        Mean handling times in seconds, > 0.
    reserve
        Agents kept free for live contacts, 0 <= reserve <= agents.
    answer_within_s
        Answer threshold in seconds, >= 0.

    Returns
    -------
    BlendedService

    Raises
    ------
    ValueError
        On a value outside its range, a load that reaches the agents, or a chain of more than
        400,000 states (hundreds of agents that are nearly full).

    References
    ----------
    .. [1] S. Bhulai, G. Koole (2003), A queueing model for call blending in call centers, IEEE
       Transactions on Automatic Control 48(8): a threshold is the best rule for equal handling times.
    """
    n, kept = _whole("agents", agents, 1), _whole("reserve", reserve, 0)
    if kept > n:
        raise ValueError(f"reserve <= agents == {n} expected, got {reserve}")
    load = float(positive("load_erlangs", load_erlangs))
    aht, other = float(positive("aht_s", aht_s)), float(positive("background_aht_s", background_aht_s))
    within = float(not_negative("answer_within_s", answer_within_s))
    if load >= n:
        raise ValueError(f"load_erlangs < agents == {n} expected, got {load:g}")
    # The line drains at n / aht at worst after the background work in hand is done.
    line = int(np.ceil(np.log(_TAIL) / np.log(load / n))) + 2 * n + 20
    most_live, most_other = n + line, n - kept
    if (most_live + 1) * (most_other + 1) > _MOST_STATES:
        raise ValueError(
            f"at most {_MOST_STATES} states expected, got {(most_live + 1) * (most_other + 1)}; "
            "use fewer agents or a lighter load"
        )
    states = _equilibrium(n, kept, load / aht, 1.0 / aht, 1.0 / other, most_live)
    live, other_work = np.meshgrid(np.arange(most_live + 1), np.arange(most_other + 1), indexing="ij")
    served = np.minimum(live, n - other_work)
    waits = live + other_work >= n
    tail, mean_wait = _tagged_waits(n, most_other, line, 1.0 / aht, 1.0 / other, within)
    behind = np.clip(live + other_work - n, 0, line)
    missed = float((states * waits * tail[behind, other_work]).sum())
    return BlendedService(
        service_level=1.0 - missed,
        missed=missed,
        wait_probability=float((states * waits).sum()),
        asa_s=float((states * waits * mean_wait[behind, other_work]).sum()),
        background_per_h=float((states * other_work).sum()) * 3600.0 / other,
        occupancy=float((states * (served + other_work)).sum()) / n,
    )


def _whole(name: str, value: int, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"a whole {name} >= {least} expected, got {value!r}")
    return int(value)


def _equilibrium(
    n: int, kept: int, arrivals: float, rate: float, other_rate: float, most_live: int
) -> np.ndarray:
    """Probabilities of (live contacts, background work), shape ``(most_live + 1, n - kept + 1)``."""
    most_other = n - kept
    live, other = (
        grid.reshape(-1)
        for grid in np.meshgrid(np.arange(most_live + 1), np.arange(most_other + 1), indexing="ij")
    )
    index = np.arange(live.size)
    width = most_other + 1
    # Legal states keep at most ``kept`` agents free; the others lead there at once.
    idle = np.maximum(n - live - other, 0)
    legal = idle <= kept
    served = np.minimum(live, n - other)
    rows: list[np.ndarray] = []
    columns: list[np.ndarray] = []
    values: list[np.ndarray] = []

    def flow(source: np.ndarray, target: np.ndarray, speed: np.ndarray | float) -> None:
        speed = np.broadcast_to(speed, source.shape)
        rows.extend((target, source))
        columns.extend((source, source))
        values.extend((speed, -speed))

    came = legal & (live < most_live)
    flow(index[came], index[came] + width, arrivals)
    ended = legal & (served > 0)
    target = index[ended] - width
    # A contact that ends may free one agent too many: background work starts.
    starts = (idle[ended] == kept) & (live[ended] + other[ended] <= n)
    flow(index[ended], target + starts, rate * served[ended])
    # Background work that ends with no contact in line frees an agent, or starts anew.
    done = legal & (other > 0)
    again = (idle == kept) & (live + other <= n)
    fewer = done & ~again
    flow(index[fewer], index[fewer] - 1, other_rate * other[fewer])

    place = np.cumsum(legal) - 1
    row, column = place[np.concatenate(rows)], place[np.concatenate(columns)]
    count = int(legal.sum())
    value = np.concatenate(values)
    # One balance equation follows from the others; the sum of the probabilities takes its place.
    inner = row > 0
    data = np.concatenate([value[inner], np.ones(count)])
    matrix = coo_array(
        (
            data,
            (
                np.concatenate([row[inner], np.zeros(count, dtype=int)]),
                np.concatenate([column[inner], np.arange(count)]),
            ),
        ),
        shape=(count, count),
    )
    right = np.zeros(count)
    right[0] = 1.0
    out = np.zeros(live.size)
    out[legal] = spsolve(matrix.tocsc(), right)
    return np.maximum(out, 0.0).reshape(most_live + 1, width)


def _tagged_waits(
    n: int, most_other: int, line: int, rate: float, other_rate: float, within: float
) -> tuple[np.ndarray, np.ndarray]:
    """P(wait > threshold) and mean wait with k ahead in line and b pieces of background work in hand.

    Until the tagged contact is served no background work starts: every end, of either kind, moves
    the line on by one.
    """
    other = np.arange(most_other + 1)
    ends, other_ends = (n - other) * rate, other * other_rate
    total = ends + other_ends
    mean = np.zeros((line + 1, most_other + 1))
    for ahead in range(line + 1):
        before = mean[ahead - 1] if ahead else np.zeros(most_other + 1)
        lower = np.concatenate([[0.0], before[:-1]])
        mean[ahead] = (1.0 + ends * before + other_ends * lower) / total
    fastest = float(total.max())
    left = np.ones((line + 1, most_other + 1))
    expected = fastest * within
    steps = int(np.ceil(expected + 8.0 * np.sqrt(expected) + 30.0))
    weight = np.exp(-expected)
    log_weight, tail = -expected, weight * left
    for step in range(1, steps + 1):
        ahead_one = np.vstack([np.zeros(most_other + 1), left[:-1]])
        ahead_lower = np.hstack([np.zeros((line + 1, 1)), ahead_one[:, :-1]])
        left = (ends * ahead_one + other_ends * ahead_lower + (fastest - total) * left) / fastest
        log_weight += np.log(expected / step) if expected else -np.inf
        tail = tail + np.exp(log_weight) * left
        if not expected:
            break
    return tail, mean
