"""Stretches of work that begin and end, and the end of a path. Compiled."""

from __future__ import annotations

from typing import Any

from staffing.sizing.simulation.accounts import open_clock
from staffing.sizing.simulation.compiled import kernel
from staffing.sizing.simulation.encoding import DROPPED, UNDECIDED, WAIT_S, WAITING
from staffing.sizing.simulation.floor import BUSY, first_in_line, leave_line, step_out
from staffing.sizing.simulation.heaps import forget
from staffing.sizing.simulation.service import work_on


@kernel
def change_of_staff(
    floor: Any,
    rules: Any,
    counts: Any,
    busy: Any,
    over: Any,
    what: int,
    group: Any,
    person: Any,
    end_s: Any,
    resume_s: Any,
    now: float,
    length_s: float,
    drop: bool,
) -> int:
    """A stretch begins (``what`` is its number) or ends (-1 - number); returns who then has room, or -1."""
    if what < 0:
        agent = person[-1 - what]
        floor.on[agent] = False
        floor.at_work[floor.group[agent]] -= 1
        step_out(floor, agent)
        if drop and floor.held[agent] > 0 and rules.chats[floor.chat_line[agent, 0]] > 1:
            work_on(floor, rules, busy, over, agent, now, length_s)
            for number in range(floor.held[agent]):
                counts[floor.chat_line[agent, number], floor.chat_interval[agent, number], DROPPED] += 1.0
            floor.held[agent] = 0
            floor.size[BUSY] = forget(floor.free_s, floor.who, floor.place, floor.size[BUSY], agent)
        return -1
    agent = person[what]
    chats = 1
    if floor.held[agent] > 0:
        # Still with a contact from before the break; chats go on counting for the new group.
        chats = rules.chats[rules.first_line[floor.serving[agent]]]
        if chats > 1:
            work_on(floor, rules, busy, over, agent, now, length_s)
    floor.on[agent] = True
    floor.group[agent], floor.ends_s[agent], floor.resumes_s[agent] = group[what], end_s[what], resume_s[what]
    floor.at_work[group[what]] += 1
    return agent if floor.held[agent] < chats else -1


@kernel
def end_of_path(floor: Any, times: Any, rules: Any, counts: Any, end: float, length_s: float) -> None:
    """Book who still waits."""
    for line in range(floor.first.shape[0]):
        while True:
            spot = first_in_line(floor, times, counts, line, end)
            if spot < 0:
                break
            row = counts[line, floor.interval[spot]]
            waited = end - floor.came_s[spot]
            row[WAITING] += 1.0
            row[WAIT_S] += waited
            if rules.reserve[line] < 0:
                undecided = waited <= times.within_s[line]
            else:
                clock = rules.open_before_s[rules.queue[line]]
                passed = open_clock(clock, end, length_s) - open_clock(clock, floor.came_s[spot], length_s)
                undecided = passed <= rules.deadline_s[line]
            if undecided:
                row[UNDECIDED] += 1.0
            leave_line(floor, spot)
