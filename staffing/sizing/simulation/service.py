"""Taking, handling and finishing contacts. Compiled."""

from __future__ import annotations

import math
from typing import Any

from staffing.sizing.simulation.accounts import open_clock, spread
from staffing.sizing.simulation.compiled import kernel, part
from staffing.sizing.simulation.encoding import (
    ANSWERED,
    DROPPED,
    IN_TIME,
    UNDECIDED,
    WAIT_ANSWERED_S,
    WAIT_S,
)
from staffing.sizing.simulation.floor import (
    BUSY,
    TODO,
    first_in_line,
    list_of,
    next_live,
    stand,
)
from staffing.sizing.simulation.heaps import plan, set_free
from staffing.sizing.simulation.streams import AGAIN, DELAY, NEXT, handling_s, mix, uniform

CALLS, HANGS_UP, GETS_OFFER = 0, 1, 2


@kernel
def calls_again(floor: Any, todo: Any, times: Any, line: int, own: Any, share: float, after_s: float) -> None:
    """Plan the next call of a contact that ended at ``after_s``, if it makes one."""
    if share > 0.0 and uniform(own + AGAIN) < share:
        when = after_s - times.again_delay_s[line] * math.log(uniform(own + DELAY))
        floor.size[TODO] = plan(todo, floor.size[TODO], when, CALLS, line, mix(own + NEXT))


@kernel
def work_on(floor: Any, rules: Any, busy: Any, over: Any, agent: int, now: float, length_s: float) -> None:
    """Let an agent's chats go on until now, and book the time."""
    held, last = floor.held[agent], floor.last_s[agent]
    floor.last_s[agent] = now
    if held == 0 or now <= last:
        return
    line = floor.chat_line[agent, 0]
    gone = (now - last) * rules.speed[line, held]
    for number in range(held):
        floor.left_s[agent, number] -= gone
    share = held / rules.chats[line]
    group = floor.group[agent]
    spread(busy[group], last, now, length_s, share)
    ends = floor.ends_s[agent]
    if now > ends:
        spread(over[group], max(last, ends), now, length_s, share)


@kernel
def next_chat_end(floor: Any, rules: Any, agent: int, now: float) -> None:
    """Enter when the first of an agent's chats ends at the present speed."""
    held = floor.held[agent]
    least = floor.left_s[agent, 0]
    for number in range(1, held):
        least = min(least, floor.left_s[agent, number])
    speed = rules.speed[floor.chat_line[agent, 0], held]
    done = now + max(least, 0.0) / speed
    floor.size[BUSY] = set_free(floor.free_s, floor.who, floor.place, floor.size[BUSY], agent, done)


@part
def begin(
    floor: Any,
    todo: Any,
    times: Any,
    rules: Any,
    counts: Any,
    busy: Any,
    over: Any,
    agent: int,
    line: int,
    interval: int,
    own: Any,
    came_s: float,
    now: float,
    length_s: float,
    drop: bool,
) -> None:
    """An agent (in no list) takes a contact."""
    row = counts[line, interval]
    row[ANSWERED] += 1.0
    row[WAIT_ANSWERED_S] += now - came_s
    row[WAIT_S] += now - came_s
    live = rules.reserve[line] < 0
    if live and now - came_s <= times.within_s[line]:
        row[IN_TIME] += 1.0
    work_s = handling_s(times, line, interval, own)
    floor.serving[agent] = rules.queue[line]
    if rules.chats[line] > 1:
        work_on(floor, rules, busy, over, agent, now, length_s)
        number = floor.held[agent]
        floor.left_s[agent, number], floor.chat[agent, number] = work_s, own
        floor.chat_line[agent, number], floor.chat_interval[agent, number] = line, interval
        floor.held[agent] = number + 1
        next_chat_end(floor, rules, agent, now)
        return
    done = now + work_s
    leaves, group = floor.ends_s[agent], floor.group[agent]
    cut = False
    if done > leaves:
        if drop:
            done, cut = leaves, True
            row[DROPPED] += 1.0
        else:
            spread(over[group], max(leaves, now), min(done, floor.resumes_s[agent]), length_s, 1.0)
    spread(busy[group], now, done, length_s, 1.0)
    if not live:
        clock = rules.open_before_s[rules.queue[line]]
        horizon = (clock.shape[0] - 1) * length_s
        before = open_clock(clock, came_s, length_s)
        in_time = open_clock(clock, min(done, horizon), length_s) - before <= rules.deadline_s[line]
        if in_time and done > horizon:
            row[UNDECIDED] += 1.0
        elif in_time and not cut:
            row[IN_TIME] += 1.0
    floor.held[agent] = 1
    floor.size[BUSY] = set_free(floor.free_s, floor.who, floor.place, floor.size[BUSY], agent, done)
    calls_again(floor, todo, times, line, own, times.again_answered[line], done)


@part
def find_work(floor: Any, times: Any, rules: Any, counts: Any, agent: int, now: float) -> int:
    """The waiting contact for an agent at work, in no list, with room; or -1, and the agent stands in a list."""
    group = floor.group[agent]
    if floor.held[agent] == 0:
        spot = next_live(floor, times, rules, counts, group, now)
        if spot < 0:
            for index in range(rules.live_count[group], rules.lines_count[group]):
                line = rules.lines[group, index]
                if floor.idle[group] + 1 > rules.reserve[line] and floor.first[line] >= 0:
                    return first_in_line(floor, times, counts, line, now)
            stand(floor, agent, group, now)
        return spot
    # A chat agent: more of the same queue, premium customers first.
    queue = floor.serving[agent]
    first = rules.first_line[queue]
    spot = first_in_line(floor, times, counts, first, now)
    if spot < 0 and rules.premium[queue] > 0.0:
        spot = first_in_line(floor, times, counts, first + 1, now)
    if spot < 0:
        stand(floor, agent, list_of(floor, rules, group, rules.chat_kind[first], floor.held[agent]), now)
    return spot


@kernel
def finish_chat(
    floor: Any,
    todo: Any,
    times: Any,
    rules: Any,
    busy: Any,
    over: Any,
    agent: int,
    now: float,
    length_s: float,
) -> None:
    """End the chat of an agent that is due."""
    work_on(floor, rules, busy, over, agent, now, length_s)
    held = floor.held[agent]
    number = 0
    for other in range(1, held):
        if floor.left_s[agent, other] < floor.left_s[agent, number]:
            number = other
    line, own = floor.chat_line[agent, number], floor.chat[agent, number]
    last = held - 1
    floor.left_s[agent, number], floor.chat[agent, number] = (
        floor.left_s[agent, last],
        floor.chat[agent, last],
    )
    floor.chat_line[agent, number] = floor.chat_line[agent, last]
    floor.chat_interval[agent, number] = floor.chat_interval[agent, last]
    floor.held[agent] = last
    if last > 0:
        next_chat_end(floor, rules, agent, now)
    calls_again(floor, todo, times, line, own, times.again_answered[line], now)
