"""Contacts that come, wait in vain, or ask to be called back. Compiled."""

from __future__ import annotations

import math
from typing import Any

from staffing.sizing.simulation.compiled import kernel, part
from staffing.sizing.simulation.encoding import CALLED_BACK, NEVER, OFFERED, WAIT_S
from staffing.sizing.simulation.floor import (
    TODO,
    agent_for,
    gave_up,
    leave_line,
    step_out,
    wait_in_line,
)
from staffing.sizing.simulation.heaps import plan
from staffing.sizing.simulation.service import CALLS, GETS_OFFER, HANGS_UP, calls_again
from staffing.sizing.simulation.streams import (
    ACCEPT,
    AGAIN,
    BALKING,
    CLASS,
    MOMENT,
    NEXT,
    STEP,
    U,
    mix,
    patience_s,
    stream,
    uniform,
)


@kernel
def all_moments(
    seed: int,
    path: int,
    interval: int,
    number: Any,
    rules: Any,
    length_s: float,
    when: Any,
    contact: Any,
    line: Any,
    bucket: Any,
) -> int:
    """Draw the contacts of all queues in an interval and sort them by moment; returns how many."""
    count = 0
    for queue in range(number.shape[0]):
        count += number[queue, interval]
    for index in range(count + 1):
        bucket[index] = 0
    for queue in range(number.shape[0]):
        key = stream(seed, path, queue, interval)
        for index in range(number[queue, interval]):
            own = mix(key + U(index) * STEP)
            bucket[int(uniform(own + MOMENT) * count)] += 1
    total = 0
    for index in range(count):
        here = bucket[index]
        bucket[index] = total
        total += here
    begin_s = interval * length_s
    for queue in range(number.shape[0]):
        key = stream(seed, path, queue, interval)
        first, premium = rules.first_line[queue], rules.premium[queue]
        for index in range(number[queue, interval]):
            own = mix(key + U(index) * STEP)
            u = uniform(own + MOMENT)
            at = bucket[int(u * count)]
            bucket[int(u * count)] = at + 1
            when[at] = begin_s + u * length_s
            contact[at] = own
            line[at] = first
            if premium > 0.0 and uniform(own + CLASS) >= premium:
                line[at] = first + 1
    for index in range(1, count):
        moment, own, mine = when[index], contact[index], line[index]
        at = index
        while at > 0 and when[at - 1] > moment:
            when[at], contact[at], line[at] = when[at - 1], contact[at - 1], line[at - 1]
            at -= 1
        when[at], contact[at], line[at] = moment, own, mine
    return count


@part
def arrive(
    floor: Any, todo: Any, times: Any, rules: Any, counts: Any, line: int, interval: int, own: Any, now: float
) -> int:
    """A contact comes: the agent who takes it, or -1 and it waits, hangs up or asks to be called back."""
    row = counts[line, interval]
    row[OFFERED] += 1.0
    agent = agent_for(floor, rules, line)
    if agent >= 0:
        step_out(floor, agent)
        return agent
    if rules.reserve[line] >= 0:
        wait_in_line(floor, line, interval, own, now, math.inf)
        return -1
    if times.balking[line] > 0.0 and uniform(own + BALKING) < times.balking[line]:
        gave_up(counts, line, interval, 0.0, times.within_s[line])
        calls_again(floor, todo, times, line, own, times.again_abandoned[line], now)
        return -1
    accepts = rules.offer_line[line] >= 0 and uniform(own + ACCEPT) < rules.offer_accept[line]
    if accepts and rules.offer_wait_s[line] < NEVER:
        ahead, people = 1, 0
        for other in range(rules.queue.shape[0]):
            if rules.queue[other] == rules.queue[line]:
                ahead += floor.waiting[other]
        for index in range(rules.groups_count[line]):
            people += floor.at_work[rules.groups[line, index]]
        expected = ahead * times.mean_s[line, interval] / people if people > 0 else math.inf
        if expected > rules.offer_wait_s[line]:
            row[CALLED_BACK] += 1.0
            floor.size[TODO] = plan(
                todo, floor.size[TODO], now, CALLS, rules.offer_line[line], mix(own + NEXT + ACCEPT)
            )
            return -1
    hold = patience_s(times, line, own)
    spot = wait_in_line(floor, line, interval, own, now, now + hold)
    if hold < NEVER:
        again = times.again_abandoned[line]
        known = rules.offer_wait_s[line] < NEVER  # the length of the line must be known at any moment
        if known or (again > 0.0 and uniform(own + AGAIN) < again):
            floor.size[TODO] = plan(todo, floor.size[TODO], now + hold, HANGS_UP, spot, own)
    if accepts and rules.offer_after_s[line] < hold:
        when = now + rules.offer_after_s[line]
        floor.size[TODO] = plan(todo, floor.size[TODO], when, GETS_OFFER, spot, own)
    return -1


@kernel
def leave_unserved(
    floor: Any, todo: Any, times: Any, rules: Any, counts: Any, what: int, spot: int, now: float
) -> None:
    """A waiting contact hangs up, or takes the offer to be called back."""
    line, own, held_on_s = floor.line[spot], floor.own[spot], now - floor.came_s[spot]
    leave_line(floor, spot)
    if what == HANGS_UP:
        gave_up(counts, line, floor.interval[spot], held_on_s, times.within_s[line])
        calls_again(floor, todo, times, line, own, times.again_abandoned[line], now)
        return
    row = counts[line, floor.interval[spot]]
    row[CALLED_BACK] += 1.0
    row[WAIT_S] += held_on_s
    floor.size[TODO] = plan(
        todo, floor.size[TODO], now, CALLS, rules.offer_line[line], mix(own + NEXT + ACCEPT)
    )
