"""Several queues and groups of agents, event by event. Compiled."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from staffing.sizing.simulation.changes import change_of_staff, end_of_path
from staffing.sizing.simulation.coming import all_moments, arrive, leave_unserved
from staffing.sizing.simulation.compiled import kernel
from staffing.sizing.simulation.encoding import (
    Rules,
    Times,
)
from staffing.sizing.simulation.floor import (
    BUSY,
    TODO,
    empty_floor,
    leave_line,
    step_out,
)
from staffing.sizing.simulation.heaps import agenda, forget, take
from staffing.sizing.simulation.service import (
    CALLS,
    begin,
    find_work,
    finish_chat,
    work_on,
)
from staffing.sizing.simulation.streams import (
    U,
)


@kernel
def run_network(
    seed: int,
    path: int,
    number: Any,
    length_s: float,
    times: Any,
    rules: Any,
    group: Any,
    person: Any,
    end_s: Any,
    resume_s: Any,
    change_s: Any,
    change: Any,
    here: Any,
    drop: bool,
    limit: int,
    floor: Any,
    todo: Any,
    when: Any,
    contact: Any,
    line_of: Any,
    bucket: Any,
    counts: Any,
    busy: Any,
    over: Any,
) -> float:
    """One path.

    Parameters
    ----------
    number
        Contacts per queue and interval.
    group, person, end_s, resume_s, here
        Of each stretch; whether it takes place in this path.
    change_s, change
        Moments at which stretches begin (number) or end (-1 - number), in order.
    drop
        Whether a contact is cut off at the stretch's end.
    limit
        Most contacts.
    floor, todo, when, contact, line_of, bucket
        Room to work in: see ``run_path``.
    counts, busy, over
        To be filled: ``(lines, intervals, COUNTS)``, and per group and interval the seconds busy and those after
        a stretch's end.

    Returns
    -------
    The moment at which the limit struck, the horizon if it did not; -1 where ``todo`` was too small.
    """
    intervals = number.shape[1]
    horizon = intervals * length_s
    interval, at, count = -1, 0, 0
    changes, changed, seen = change_s.shape[0], 0, 0
    while True:
        while at >= count and interval < intervals - 1:
            interval += 1
            count = all_moments(seed, path, interval, number, rules, length_s, when, contact, line_of, bucket)
            at = 0
        if floor.size[TODO] + 8 > todo.moment_s.shape[0]:
            return -1.0
        now, kind = math.inf, -1
        if floor.size[BUSY] > 0:
            now, kind = floor.free_s[0], 0
        if changed < changes and change_s[changed] < now:
            now, kind = change_s[changed], 1
        if floor.size[TODO] > 0 and todo.moment_s[0] < now:
            now, kind = todo.moment_s[0], 2
        if at < count and when[at] < now:
            now, kind = when[at], 3
        if now >= horizon:
            break
        if kind == 3 or (kind == 2 and todo.what[todo.place[0]] == CALLS):
            if seen >= limit:
                horizon = now
                break
            seen += 1
        agent, done, comes = -1, -1, False
        line, came, own = 0, now, U(0)
        arrives_in = interval
        if kind == 0:
            done = floor.who[0]
            if rules.chats[rules.first_line[floor.serving[done]]] == 1:
                floor.held[done] = 0
            else:
                step_out(floor, done)
                finish_chat(floor, todo, times, rules, busy, over, done, now, length_s)
            if floor.on[done] and now < floor.ends_s[done]:
                agent = done
        elif kind == 1:
            what = change[changed]
            changed += 1
            if here[what if what >= 0 else -1 - what]:
                agent = change_of_staff(
                    floor,
                    rules,
                    counts,
                    busy,
                    over,
                    what,
                    group,
                    person,
                    end_s,
                    resume_s,
                    now,
                    length_s,
                    drop,
                )
        elif kind == 2:
            place = take(todo, floor.size[TODO])
            floor.size[TODO] -= 1
            what, which, own = todo.what[place], todo.which[place], todo.own[place]
            if what == CALLS:
                comes, line = True, which
                arrives_in = min(int(now / length_s), intervals - 1)
            elif floor.waits[which] and floor.own[which] == own:
                leave_unserved(floor, todo, times, rules, counts, what, which, now)
        else:
            comes, line, own = True, line_of[at], contact[at]
            at += 1
        if comes:
            agent = arrive(floor, todo, times, rules, counts, line, arrives_in, own, now)
        # Whoever has room takes the contact that has come, then those that wait.
        while agent >= 0:
            if not comes:
                spot = find_work(floor, times, rules, counts, agent, now)
                if spot < 0:
                    break
                line, arrives_in, own, came = (
                    floor.line[spot],
                    floor.interval[spot],
                    floor.own[spot],
                    floor.came_s[spot],
                )
                leave_line(floor, spot)
            comes = False
            begin(
                floor,
                todo,
                times,
                rules,
                counts,
                busy,
                over,
                agent,
                line,
                arrives_in,
                own,
                came,
                now,
                length_s,
                drop,
            )
            if floor.held[agent] >= rules.chats[line]:
                break
        if done >= 0 and floor.held[done] == 0:
            floor.size[BUSY] = forget(floor.free_s, floor.who, floor.place, floor.size[BUSY], done)
    for agent in range(floor.on.shape[0]):
        if floor.held[agent] > 0 and rules.chats[rules.first_line[floor.serving[agent]]] > 1:
            work_on(floor, rules, busy, over, agent, horizon, length_s)
    end_of_path(floor, times, rules, counts, horizon, length_s)
    return horizon


def run_path(
    seed: int,
    path: int,
    number: np.ndarray,
    length_s: float,
    times: Times,
    rules: Rules,
    stretches: tuple[Any, ...],
    here: np.ndarray,
    people: int,
    drop: bool,
    limit: int,
    counts: np.ndarray,
    busy: np.ndarray,
    over: np.ndarray,
) -> float:
    """``run_network`` with room to work in; ``stretches`` are its ``group`` to ``change``."""
    most = int(number.sum(axis=0).max(initial=0)) + 1
    chats = int(rules.speed.shape[1]) - 1
    # Nobody is in two lines at once: who calls again or is called back has left the first.
    waiting = int(min(number.sum(), limit)) + 1
    when, contact = np.empty(most), np.empty(most, dtype=np.uint64)
    line_of, bucket = np.empty(most, dtype=np.int64), np.empty(most + 1, dtype=np.int64)
    room = 256
    while True:
        floor = empty_floor(people, len(busy), len(counts), int(rules.chat_kind.max()) + 1, chats, waiting)
        stopped = run_network(
            seed, path, number, length_s, times, rules, *stretches, here, drop, limit,
            floor, agenda(room), when, contact, line_of, bucket, counts, busy, over,
        )  # fmt: skip
        if stopped >= 0:
            return float(stopped)
        # Chance is by counter: the path runs again just as before.
        room *= 8
        for booked in (counts, busy, over):
            booked[:] = 0.0
