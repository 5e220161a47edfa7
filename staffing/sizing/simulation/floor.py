"""The floor: who is free, who waits, who takes what. Compiled.

Agents who may take a contact stand in lists, the longest there at the head: one list of free agents
per group, and for chat one per group, queue and number of chats held.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from staffing.sizing.simulation.compiled import kernel, part
from staffing.sizing.simulation.encoding import ABANDONED, SHORT_ABANDONED, WAIT_S

# Places in ``Floor.size``.
BUSY, SPARE, TODO = 0, 1, 2


class Floor(NamedTuple):
    """State of a path.

    By agent: ``on`` (in a stretch), ``group, ends_s, resumes_s``, ``held`` (contacts), ``serving`` (queue,
    while busy), ``since_s`` (in the list), ``listed`` (list, -1 none), ``after, before`` (in the list),
    ``place`` (in the heap ``free_s, who``), ``last_s`` (chats counted until), and by chat ``left_s, chat,
    chat_line, chat_interval``. By list: ``head, tail``. By group: ``idle, at_work``. By waiting place:
    ``came_s, quits_s, own, leader, follower, line, interval, waits``. By line: ``first, final, waiting``.
    ``size``: busy agents, first spare waiting place, things to do.
    """

    on: np.ndarray
    group: np.ndarray
    ends_s: np.ndarray
    resumes_s: np.ndarray
    held: np.ndarray
    serving: np.ndarray
    since_s: np.ndarray
    listed: np.ndarray
    after: np.ndarray
    before: np.ndarray
    place: np.ndarray
    free_s: np.ndarray
    who: np.ndarray
    last_s: np.ndarray
    left_s: np.ndarray
    chat: np.ndarray
    chat_line: np.ndarray
    chat_interval: np.ndarray
    head: np.ndarray
    tail: np.ndarray
    idle: np.ndarray
    at_work: np.ndarray
    came_s: np.ndarray
    quits_s: np.ndarray
    own: np.ndarray
    leader: np.ndarray
    follower: np.ndarray
    line: np.ndarray
    interval: np.ndarray
    waits: np.ndarray
    first: np.ndarray
    final: np.ndarray
    waiting: np.ndarray
    size: np.ndarray


def empty_floor(agents: int, groups: int, lines: int, chat_queues: int, chats: int, contacts: int) -> Floor:
    """Nobody there yet; at most ``contacts`` wait at once."""
    lists = groups + groups * chat_queues * max(chats - 1, 0)
    follower = np.arange(1, contacts + 2, dtype=np.int64)
    return Floor(
        np.zeros(agents + 1, dtype=np.bool_),
        np.zeros(agents + 1, dtype=np.int64),
        np.zeros(agents + 1),
        np.zeros(agents + 1),
        np.zeros(agents + 1, dtype=np.int64),
        np.zeros(agents + 1, dtype=np.int64),
        np.zeros(agents + 1),
        np.full(agents + 1, -1, dtype=np.int64),
        np.full(agents + 1, -1, dtype=np.int64),
        np.full(agents + 1, -1, dtype=np.int64),
        np.full(agents + 1, -1, dtype=np.int64),
        np.empty(agents + 1),
        np.empty(agents + 1, dtype=np.int64),
        np.zeros(agents + 1),
        np.zeros((agents + 1, chats)),
        np.zeros((agents + 1, chats), dtype=np.uint64),
        np.zeros((agents + 1, chats), dtype=np.int64),
        np.zeros((agents + 1, chats), dtype=np.int64),
        np.full(lists, -1, dtype=np.int64),
        np.full(lists, -1, dtype=np.int64),
        np.zeros(groups, dtype=np.int64),
        np.zeros(groups, dtype=np.int64),
        np.empty(contacts + 1),
        np.empty(contacts + 1),
        np.empty(contacts + 1, dtype=np.uint64),
        np.full(contacts + 1, -1, dtype=np.int64),
        follower,
        np.empty(contacts + 1, dtype=np.int64),
        np.empty(contacts + 1, dtype=np.int64),
        np.zeros(contacts + 1, dtype=np.bool_),
        np.full(lines, -1, dtype=np.int64),
        np.full(lines, -1, dtype=np.int64),
        np.zeros(lines, dtype=np.int64),
        np.zeros(3, dtype=np.int64),
    )


@kernel
def list_of(floor: Any, rules: Any, group: int, kind: int, held: int) -> int:
    """The list of a group's agents who hold so many chats of a chat queue."""
    if held == 0:
        return group
    most = floor.left_s.shape[1] - 1
    kinds = (floor.head.shape[0] // floor.idle.shape[0] - 1) // most
    return floor.idle.shape[0] + (group * kinds + kind) * most + held - 1


@part
def stand(floor: Any, agent: int, where: int, now: float) -> None:
    """Put an agent at the end of a list."""
    floor.since_s[agent] = now
    floor.listed[agent] = where
    floor.after[agent] = -1
    last = floor.tail[where]
    floor.before[agent] = last
    if last >= 0:
        floor.after[last] = agent
    else:
        floor.head[where] = agent
    floor.tail[where] = agent
    if where < floor.idle.shape[0]:
        floor.idle[where] += 1


@part
def step_out(floor: Any, agent: int) -> None:
    """Take an agent out of whatever list."""
    where = floor.listed[agent]
    if where < 0:
        return
    before, after = floor.before[agent], floor.after[agent]
    if before >= 0:
        floor.after[before] = after
    else:
        floor.head[where] = after
    if after >= 0:
        floor.before[after] = before
    else:
        floor.tail[where] = before
    floor.listed[agent] = -1
    if where < floor.idle.shape[0]:
        floor.idle[where] -= 1


@part
def agent_for(floor: Any, rules: Any, line: int) -> int:
    """The agent who takes a new contact of a line, or -1."""
    index, groups = 0, rules.groups_count[line]
    reserve, chats = rules.reserve[line], rules.chats[line]
    while index < groups:
        rank, begin = rules.groups_rank[line, index], index
        while index < groups and rules.groups_rank[line, index] == rank:
            index += 1
        for held in range(chats):
            best, since = -1, 0.0
            for at in range(begin, index):
                group = rules.groups[line, at]
                if reserve >= 0 and floor.idle[group] <= reserve:
                    continue
                where = group if held == 0 else list_of(floor, rules, group, rules.chat_kind[line], held)
                agent = floor.head[where]
                if agent >= 0 and (best < 0 or floor.since_s[agent] < since):
                    best, since = agent, floor.since_s[agent]
            if best >= 0:
                return best
    return -1


@part
def wait_in_line(floor: Any, line: int, interval: int, own: Any, came_s: float, quits_s: float) -> int:
    """Put a contact at the end of its line; returns its place."""
    spot = floor.size[SPARE]
    floor.size[SPARE] = floor.follower[spot]
    floor.came_s[spot], floor.quits_s[spot] = came_s, quits_s
    floor.own[spot], floor.line[spot], floor.interval[spot] = own, line, interval
    last = floor.final[line]
    floor.waits[spot], floor.follower[spot], floor.leader[spot] = True, -1, last
    if last >= 0:
        floor.follower[last] = spot
    else:
        floor.first[line] = spot
    floor.final[line] = spot
    floor.waiting[line] += 1
    return spot


@part
def leave_line(floor: Any, spot: int) -> None:
    """Free a place of a line; its content stays until somebody takes it."""
    line, leader, follower = floor.line[spot], floor.leader[spot], floor.follower[spot]
    if leader >= 0:
        floor.follower[leader] = follower
    else:
        floor.first[line] = follower
    if follower >= 0:
        floor.leader[follower] = leader
    else:
        floor.final[line] = leader
    floor.waits[spot] = False
    floor.waiting[line] -= 1
    floor.follower[spot] = floor.size[SPARE]
    floor.size[SPARE] = spot


@kernel
def gave_up(counts: Any, line: int, interval: int, held_on_s: float, within_s: float) -> None:
    """Book a contact that hung up."""
    row = counts[line, interval]
    row[ABANDONED] += 1.0
    row[WAIT_S] += held_on_s
    if held_on_s <= within_s:
        row[SHORT_ABANDONED] += 1.0


@kernel
def first_in_line(floor: Any, times: Any, counts: Any, line: int, now: float) -> int:
    """The place of the first contact of a line that still waits, or -1; who hung up before is booked."""
    spot = floor.first[line]
    while spot >= 0 and floor.quits_s[spot] <= now:
        held_on_s = floor.quits_s[spot] - floor.came_s[spot]
        gave_up(counts, line, floor.interval[spot], held_on_s, times.within_s[line])
        leave_line(floor, spot)
        spot = floor.first[line]
    return spot


@part
def next_live(floor: Any, times: Any, rules: Any, counts: Any, group: int, now: float) -> int:
    """The waiting contact that a free agent of a group takes, or -1: best rank, then longest waiting."""
    index, live = 0, rules.live_count[group]
    while index < live:
        rank = rules.lines_rank[group, index]
        best, came = -1, 0.0
        while index < live and rules.lines_rank[group, index] == rank:
            line = rules.lines[group, index]
            index += 1
            if floor.first[line] >= 0:
                spot = first_in_line(floor, times, counts, line, now)
                if spot >= 0 and (best < 0 or floor.came_s[spot] < came):
                    best, came = spot, floor.came_s[spot]
        if best >= 0:
            return best
    return -1
