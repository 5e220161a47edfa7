"""Heaps of moments: of agents who become free, with their places, and of things that are to happen.

Compiled; imported by the kernels only.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from staffing.sizing.simulation.compiled import kernel, part


@kernel
def sink(moment_s: Any, item: Any, size: int, moment: float, what: int) -> None:
    """Put (moment, what) in place of the least entry of a heap of ``size`` entries."""
    # The hole goes down to a leaf by comparisons that need no branch, since none could be predicted; new
    # moments are late ones, so that the way up again is short.
    at, child = 0, 1
    while child + 1 < size:
        child += moment_s[child + 1] < moment_s[child]
        moment_s[at] = moment_s[child]
        item[at] = item[child]
        at = child
        child = 2 * at + 1
    if child < size:
        moment_s[at] = moment_s[child]
        item[at] = item[child]
        at = child
    rise(moment_s, item, at, moment, what)


@kernel
def rise(moment_s: Any, item: Any, size: int, moment: float, what: int) -> None:
    """Add (moment, what) to a heap of ``size`` entries."""
    at = size
    while at > 0:
        parent = (at - 1) >> 1
        if moment_s[parent] <= moment:
            break
        moment_s[at] = moment_s[parent]
        item[at] = item[parent]
        at = parent
    moment_s[at] = moment
    item[at] = what


class Seats(NamedTuple):
    """When each of a power of two of seats becomes free, and a tree of keys whose root is the first.

    A key is the moment with its last bits, less than a microsecond of a week, replaced by the seat: the least key
    alone says who is first, by instructions that need no branch. Moments must be below ``inf``.
    """

    free_s: np.ndarray
    free_bits: np.ndarray
    key: np.ndarray
    key_bits: np.ndarray


def empty_seats(seats: int, never: float) -> Seats:
    """Nobody is free before ``never``."""
    free_s = np.full(seats, never)
    key = np.full(2 * seats, never)
    key_bits = key.view(np.int64)
    key_bits &= -seats
    key_bits[seats:] |= np.arange(seats)
    for node in range(seats - 1, 0, -1):
        key_bits[node] = min(key_bits[2 * node], key_bits[2 * node + 1])
    return Seats(free_s, free_s.view(np.int64), key, key_bits)


@part
def first_seat(seats: Any) -> int:
    """The seat that is free first."""
    return seats.key_bits[1] & (seats.free_s.shape[0] - 1)


@part
def set_seat(seats: Any, seat: int, moment: float) -> None:
    """Change when a seat becomes free."""
    count = seats.free_s.shape[0]
    seats.free_s[seat] = moment
    node = seat + count
    seats.key_bits[node] = (seats.free_bits[seat] & -count) | seat
    key = seats.key[node]
    while node > 1:
        other = seats.key[node ^ 1]
        node >>= 1
        key = other if other < key else key
        seats.key[node] = key


class Agenda(NamedTuple):
    """Things that are to happen: a heap of (moment, place) and what lies at each place."""

    moment_s: np.ndarray
    place: np.ndarray
    spare: np.ndarray
    what: np.ndarray
    which: np.ndarray
    own: np.ndarray


def agenda(size: int) -> Agenda:
    """An empty agenda."""
    return Agenda(
        np.empty(size),
        np.empty(size, dtype=np.int64),
        np.arange(size, dtype=np.int64),
        np.empty(size, dtype=np.int64),
        np.empty(size, dtype=np.int64),
        np.empty(size, dtype=np.uint64),
    )


@kernel
def plan(todo: Any, size: int, moment: float, what: int, which: int, own: Any) -> int:
    """Add something; returns the new number of things."""
    place = todo.spare[size]
    todo.what[place] = what
    todo.which[place] = which
    todo.own[place] = own
    rise(todo.moment_s, todo.place, size, moment, place)
    return size + 1


@kernel
def take(todo: Any, size: int) -> int:
    """Remove the next thing; returns its place, whose content stays until something is added."""
    place = todo.place[0]
    size -= 1
    todo.spare[size] = place
    if size > 0:
        sink(todo.moment_s, todo.place, size, todo.moment_s[size], todo.place[size])
    return place


@kernel
def set_free(free_s: Any, who: Any, place: Any, size: int, agent: int, moment: float) -> int:
    """Enter or change when an agent becomes free; returns the new size of the heap."""
    at = place[agent]
    if at < 0:
        at = size
        size += 1
    while at > 0:
        parent = (at - 1) >> 1
        if free_s[parent] <= moment:
            break
        free_s[at] = free_s[parent]
        who[at] = who[parent]
        place[who[at]] = at
        at = parent
    child = 2 * at + 1
    while child < size:
        if child + 1 < size:
            child += free_s[child + 1] < free_s[child]
        if free_s[child] >= moment:
            break
        free_s[at] = free_s[child]
        who[at] = who[child]
        place[who[at]] = at
        at = child
        child = 2 * at + 1
    free_s[at] = moment
    who[at] = agent
    place[agent] = at
    return size


@kernel
def forget(free_s: Any, who: Any, place: Any, size: int, agent: int) -> int:
    """Take an agent out of the heap; returns its new size."""
    at = place[agent]
    if at < 0:
        return size
    place[agent] = -1
    size -= 1
    if at < size:
        last, moment = who[size], free_s[size]
        # The last entry takes the place: as if its moment had changed there.
        free_s[at] = moment
        who[at] = last
        place[last] = at
        set_free(free_s, who, place, size, last, moment)
    return size
