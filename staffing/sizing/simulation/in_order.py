"""One queue, one group, served in the order of arrival: no events, only the agents' next free moments.

Compiled. Each contact in turn takes the agent who is free first, unless it hangs up before.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from staffing.sizing.simulation.accounts import spread
from staffing.sizing.simulation.compiled import kernel
from staffing.sizing.simulation.encoding import (
    ABANDONED,
    ANSWERED,
    DROPPED,
    IN_TIME,
    NEVER,
    OFFERED,
    SHORT_ABANDONED,
    UNDECIDED,
    VIRTUAL_IN_TIME,
    WAIT_ANSWERED_S,
    WAIT_S,
    WAITING,
    Times,
)
from staffing.sizing.simulation.heaps import agenda, empty_seats, first_seat, plan, set_seat, take
from staffing.sizing.simulation.streams import (
    AGAIN,
    BALKING,
    DELAY,
    MOMENT,
    NEXT,
    STEP,
    U,
    handling_s,
    mix,
    patience_s,
    stream,
    uniform,
)


@kernel
def moments(key: Any, count: int, length_s: float, when: Any, contact: Any, bucket: Any) -> None:
    """Draw ``count`` moments in [0, length) and sort them, with the identities of their contacts.

    Moments are uniform, so that each goes nearly to its place at once.
    """
    for number in range(count + 1):
        bucket[number] = 0
    for number in range(count):
        own = mix(key + U(number) * STEP)
        bucket[int(uniform(own + MOMENT) * count)] += 1
    total = 0
    for number in range(count):
        here = bucket[number]
        bucket[number] = total
        total += here
    for number in range(count):
        own = mix(key + U(number) * STEP)
        u = uniform(own + MOMENT)
        at = bucket[int(u * count)]
        bucket[int(u * count)] = at + 1
        when[at] = u * length_s
        contact[at] = own
    for number in range(1, count):
        moment, own = when[number], contact[number]
        at = number
        while at > 0 and when[at - 1] > moment:
            when[at] = when[at - 1]
            contact[at] = contact[at - 1]
            at -= 1
        when[at] = moment
        contact[at] = own


@kernel
def run_in_order(
    seed: int,
    path: int,
    number: Any,
    length_s: float,
    times: Any,
    agent: Any,
    start_s: Any,
    end_s: Any,
    resume_s: Any,
    here: Any,
    drop: bool,
    limit: int,
    again: Any,
    when: Any,
    contact: Any,
    bucket: Any,
    seats: Any,
    spare_seat: Any,
    sitting: Any,
    ends: Any,
    resumes: Any,
    place: Any,
    counts: Any,
    busy: Any,
    over: Any,
) -> float:
    """One path of a single queue.

    Parameters
    ----------
    number
        Contacts per interval.
    agent, start_s, end_s, resume_s, here
        Stretches by start, when their person comes back, and which of them are at work in this path.
    drop
        Whether a contact is cut off at the stretch's end.
    limit
        Most contacts.
    again, when, contact, bucket, seats, spare_seat, sitting, ends, resumes, place
        Room to work in: see ``run_path_in_order``.
    counts, busy, over
        To be filled: ``(intervals, COUNTS)``, seconds busy per interval, and those after a stretch's end.

    Returns
    -------
    The moment at which the limit struck, the horizon if it did not; -1 where the room was too small.
    """
    intervals = number.shape[0]
    horizon = intervals * length_s
    joined, stretches, kept = 0, start_s.shape[0], 0
    used = 0
    redials = times.again_abandoned[0] > 0.0
    repeats = times.again_answered[0] > 0.0
    balking, within = times.balking[0], times.within_s[0]
    endless = times.patience[0] == 0
    seen = 0
    for interval in range(intervals):
        begin = interval * length_s
        count = number[interval]
        moments(stream(seed, path, 0, interval), count, length_s, when, contact, bucket)
        at = 0
        while True:
            # The next contact: of this interval, or one that calls again.
            if (
                kept > 0
                and again.moment_s[0] < begin + length_s
                and (at >= count or again.moment_s[0] < begin + when[at])
            ):
                now = again.moment_s[0]
                own = again.own[take(again, kept)]
                kept -= 1
            elif at < count:
                now = begin + when[at]
                own = contact[at]
                at += 1
            else:
                break
            if seen >= limit:
                return now
            seen += 1
            row = counts[interval]
            row[OFFERED] += 1.0
            # Who is free first, and when.
            while True:
                seat = first_seat(seats)
                moment = seats.free_s[seat]
                moment = now if now > moment else moment
                while joined < stretches and not here[joined]:
                    joined += 1
                if joined < stretches and start_s[joined] <= moment:
                    person = agent[joined]
                    seat = place[person]
                    if seat < 0:
                        if used == spare_seat.shape[0]:
                            return -1.0
                        seat = spare_seat[used]
                        used += 1
                        place[person], sitting[seat] = seat, person
                        set_seat(seats, seat, start_s[joined])
                    ends[seat], resumes[seat] = end_s[joined], resume_s[joined]
                    joined += 1
                    continue
                if moment < NEVER and ends[seat] <= moment:
                    place[sitting[seat]] = -1
                    used -= 1
                    spare_seat[used] = seat
                    set_seat(seats, seat, NEVER)
                    continue
                break
            wait = moment - now
            if wait <= within:
                row[VIRTUAL_IN_TIME] += 1.0
            hold = math.inf
            if wait > 0.0:
                if balking > 0.0 and uniform(own + BALKING) < balking:
                    hold = 0.0
                elif not endless:
                    hold = patience_s(times, 0, own)
            next_s = math.inf
            if hold < wait and now + hold < horizon:
                row[ABANDONED] += 1.0
                row[WAIT_S] += hold
                if hold <= within:
                    row[SHORT_ABANDONED] += 1.0
                if redials and uniform(own + AGAIN) < times.again_abandoned[0]:
                    next_s = now + hold
            elif moment >= horizon:
                row[WAITING] += 1.0
                row[WAIT_S] += horizon - now
                if horizon - now <= within:
                    row[UNDECIDED] += 1.0
            else:
                row[ANSWERED] += 1.0
                row[WAIT_ANSWERED_S] += wait
                row[WAIT_S] += wait
                if wait <= within:
                    row[IN_TIME] += 1.0
                done = moment + handling_s(times, 0, interval, own)
                leaves = ends[seat]
                if done > leaves:
                    if drop:
                        done = leaves
                        row[DROPPED] += 1.0
                    else:
                        spread(over, leaves, min(done, resumes[seat]), length_s, 1.0)
                spread(busy, moment, done, length_s, 1.0)
                set_seat(seats, seat, done)
                if repeats and uniform(own + AGAIN) < times.again_answered[0]:
                    next_s = done
            if next_s < horizon:
                next_s -= times.again_delay_s[0] * math.log(uniform(own + DELAY))
                if next_s < horizon:
                    if kept == again.moment_s.shape[0]:
                        return -1.0
                    kept = plan(again, kept, next_s, 0, 0, mix(own + NEXT))
    return horizon


def run_path_in_order(
    seed: int,
    path: int,
    number: np.ndarray,
    length_s: float,
    times: Times,
    stretches: tuple[Any, ...],
    here: np.ndarray,
    people: int,
    at_once: int,
    drop: bool,
    limit: int,
    counts: np.ndarray,
    busy: np.ndarray,
    over: np.ndarray,
) -> float:
    """``run_in_order`` with room to work in; ``stretches`` are its ``agent`` to ``resume_s``.

    ``at_once`` people, or about so many, are at work at the same time.
    """
    most = int(number.max(initial=0)) + 1
    room, seats = 256, 16
    while seats < 2 * at_once:
        seats *= 2
    while True:
        stopped = run_in_order(
            seed, path, number, length_s, times, *stretches, here, drop, limit, agenda(room),
            np.empty(most), np.empty(most, dtype=np.uint64), np.empty(most + 1, dtype=np.int64),
            empty_seats(seats, NEVER), np.arange(seats), np.zeros(seats, dtype=np.int64),
            np.zeros(seats), np.zeros(seats), np.full(people + 1, -1), counts, busy, over,
        )  # fmt: skip
        if stopped >= 0:
            return float(stopped)
        # Chance is by counter: the path runs again just as before.
        room, seats = 4 * room, 2 * seats
        for booked in (counts, busy, over):
            booked[:] = 0.0
