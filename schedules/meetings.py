"""Meetings inside a person's tour: when they take place, and what they cost there.

A meeting has a slot at which it should begin. A tour that is at work all through it, in one shift and on no break,
attends; its work on the queues is lost meanwhile. Any other tour misses the meeting at its price.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from schedules.teamrows import FIRST, LAST, LENGTH, TOGETHER
from schedules.tourarrays import (
    BLOCK,
    BREAK_LEN,
    FIRST_BLOCK,
    FIRST_BREAK,
    FIRST_OPTION,
    FORM,
    PATTERN,
    START,
)
from schedules.tourarrays import LENGTH as SHIFT_LENGTH
from schedules.tours import working_slots

_DRAW = 1e3


@njit(cache=True)
def attends(space: Any, form: int, tour: np.ndarray, begin: int, length: int) -> bool:
    """Whether a tour is at work, on no break, all through ``[begin, begin + length)`` of one shift."""
    for day in range(space.days):
        option = tour[day, 0]
        if option < 0:
            continue
        block = space.form_first[form, FIRST_BLOCK] + space.options[option, BLOCK]
        start = space.blocks[block, START]
        if begin < start or begin + length > start + space.options[option, SHIFT_LENGTH]:
            continue
        pattern = space.blocks[block, PATTERN]
        first = space.patterns[pattern, FIRST_BREAK]
        for j in range(space.patterns[pattern + 1, FIRST_BREAK] - first):
            pause = tour[day, 1 + j]
            if pause < begin + length and begin < pause + space.breaks[first + j, BREAK_LEN]:
                return False
        return True
    return False


@njit(cache=True)
def present_slots(
    space: Any, presence: Any, team: Any, agent: int, tour: np.ndarray, slots: np.ndarray
) -> int:
    """Slots of the horizon in which a person is at work on a queue, ascending; returns how many."""
    form = space.people[agent, FORM]
    count = working_slots(space, form, tour, slots)
    for m in range(team.meeting_first[agent], team.meeting_first[agent + 1]):
        begin, length = presence.starts[m], team.meeting[m, LENGTH]
        if begin >= 0 and attends(space, form, tour, begin, length):
            kept = 0
            for index in range(count):
                if slots[index] < begin or slots[index] >= begin + length:
                    slots[kept] = slots[index]
                    kept += 1
            count = kept
    return count


@njit(cache=True)
def missed_price(space: Any, presence: Any, team: Any, agent: int, tour: np.ndarray) -> float:
    """Price of the meetings that a tour misses."""
    total = 0.0
    for m in range(team.meeting_first[agent], team.meeting_first[agent + 1]):
        begin = presence.starts[m]
        if begin < 0 or not attends(space, space.people[agent, FORM], tour, begin, team.meeting[m, LENGTH]):
            total += team.missed[m]
    return total


@njit(cache=True)
def _free_of_others(presence: Any, team: Any, agent: int, meeting: int, begin: int) -> bool:
    """Whether a start leaves a person's other meetings alone."""
    until = begin + team.meeting[meeting, LENGTH]
    for m in range(team.meeting_first[agent], team.meeting_first[agent + 1]):
        other = presence.starts[m]
        if m != meeting and other >= 0 and other < until and begin < other + team.meeting[m, LENGTH]:
            return False
    return True


@njit(cache=True)
def place_meetings(
    space: Any, presence: Any, team: Any, agent: int, tour: np.ndarray, value_sum: np.ndarray
) -> None:
    """Begin each meeting of a person's own where the tour loses least; one that fits nowhere keeps its aim.

    A common meeting keeps its time; whoever is worth more on the queues stays away, once prices are exact.
    """
    form = space.people[agent, FORM]
    for m in range(team.meeting_first[agent], team.meeting_first[agent + 1]):
        length = team.meeting[m, LENGTH]
        if team.meeting[m, TOGETHER]:
            at = presence.starts[m]
            if team.blend >= 1.0 and at >= 0 and attends(space, form, tour, at, length):
                lost = value_sum[at + length] - value_sum[at]
                presence.starts[m] = at if lost < team.missed[m] else -1
            continue
        least, at = np.inf, -1
        for begin in range(team.meeting[m, FIRST], team.meeting[m, LAST] + 1):
            lost = value_sum[begin + length] - value_sum[begin]
            if (
                lost < least - 1e-12
                and attends(space, form, tour, begin, length)
                and _free_of_others(presence, team, agent, m, begin)
            ):
                least, at = lost, begin
        if at >= 0:
            presence.starts[m] = at if least < team.missed[m] else -1


@njit(cache=True)
def reachable(space: Any, agent: int, length: int, reach: np.ndarray) -> None:
    """Starts at which some shift of a person could hold a meeting, as counts per slot."""
    form = space.people[agent, FORM]
    for slot in range(len(reach)):
        reach[slot] = 0
    for option in range(space.form_first[form, FIRST_OPTION], space.form_first[form + 1, FIRST_OPTION]):
        start = space.blocks[space.form_first[form, FIRST_BLOCK] + space.options[option, BLOCK], START]
        last = start + space.options[option, SHIFT_LENGTH] - length
        if last >= start:
            reach[start] += 1
            reach[last + 1] -= 1
    for slot in range(1, len(reach)):
        reach[slot] += reach[slot - 1]


@njit(cache=True)
def cheapest_start(
    presence: Any,
    team: Any,
    agent: int,
    meeting: int,
    low: int,
    high: int,
    reach: np.ndarray,
    value_sum: np.ndarray,
) -> int:
    """Start in ``[low, high)`` that some shift reaches, at the least value of work; -1 without any."""
    length = team.meeting[meeting, LENGTH]
    least, at = np.inf, -1
    for begin in range(low, high):
        lost = value_sum[begin + length] - value_sum[begin]
        if (
            reach[begin] > 0
            and lost < least - 1e-12
            and _free_of_others(presence, team, agent, meeting, begin)
        ):
            least, at = lost, begin
    return at


@njit(cache=True)
def attractive(
    space: Any, presence: Any, team: Any, agent: int, value_sum: np.ndarray, wanted: np.ndarray
) -> None:
    """The value of work with each meeting in the place of the queues, above all else: no break may cut it short."""
    first, last = team.meeting_first[agent], team.meeting_first[agent + 1]
    running = 0.0
    for slot in range(space.extended):
        wanted[slot] = running
        own = value_sum[slot + 1] - value_sum[slot]
        for m in range(first, last):
            begin, length = presence.starts[m], team.meeting[m, LENGTH]
            if 0 <= begin <= slot < begin + length:
                own = _DRAW * (1.0 + team.missed[m])
        running += own
    wanted[space.extended] = running
