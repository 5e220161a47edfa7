"""A centre as the arrays that the kernels read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from staffing.sizing.simulation.centre import Centre
from staffing.sizing.simulation.queues import SimulatedQueue
from staffing.sizing.simulation.result import Class, Line
from staffing.sizing.simulation.times import BY_CURVE, BY_HAZARD, LOGNORMAL, SAMPLE

NEVER = 1e300

# Columns of the counts per path, line and interval.
(
    OFFERED,
    ANSWERED,
    ABANDONED,
    WAITING,
    CALLED_BACK,
    IN_TIME,
    SHORT_ABANDONED,
    VIRTUAL_IN_TIME,
    DROPPED,
    UNDECIDED,
    WAIT_ANSWERED_S,
    WAIT_S,
) = range(12)
COUNTS = 12


class Times(NamedTuple):
    """Handling and patience of every line, and what its customers do; arrays by line.

    ``mean_s`` has shape ``(lines, intervals)``; samples and curves of all lines lie one after the other,
    ``_at`` and ``_count`` say where.
    """

    handling: np.ndarray
    mean_s: np.ndarray
    sigma: np.ndarray
    sample: np.ndarray
    sample_at: np.ndarray
    sample_count: np.ndarray
    patience: np.ndarray
    curve_s: np.ndarray
    curve: np.ndarray
    curve_risk: np.ndarray
    curve_at: np.ndarray
    curve_count: np.ndarray
    balking: np.ndarray
    within_s: np.ndarray
    again_abandoned: np.ndarray
    again_answered: np.ndarray
    again_delay_s: np.ndarray


class Rules(NamedTuple):
    """What leads contacts to agents; arrays by line unless said otherwise.

    Attributes
    ----------
    queue
        Queue of the line.
    premium
        By queue: share of premium customers (its first line), 0 where there is one line only.
    first_line
        By queue: number of its first line.
    chats, chat_kind
        Chats an agent holds at once; number of the chat queue (-1: not chat).
    speed
        Speed of a chat by line and number of chats held, relative to one chat.
    reserve
        Free agents kept for live work; -1 for live work itself.
    deadline_s
        Of background work in open seconds; NEVER without.
    open_before_s
        By queue and interval edge: open seconds until then.
    groups, groups_rank, groups_count
        Groups that serve the line in order of preference, and the rank of each.
    lines, lines_rank, lines_count
        By group: its live lines in order, with ranks; background lines after them.
    live_count
        By group: live lines among them.
    offer_line, offer_after_s, offer_wait_s, offer_accept
        Call-back offer: the line that holds the requests (-1 without), waits that lead to the offer.
    """

    queue: np.ndarray
    premium: np.ndarray
    first_line: np.ndarray
    chats: np.ndarray
    chat_kind: np.ndarray
    speed: np.ndarray
    reserve: np.ndarray
    deadline_s: np.ndarray
    open_before_s: np.ndarray
    groups: np.ndarray
    groups_rank: np.ndarray
    groups_count: np.ndarray
    lines: np.ndarray
    lines_rank: np.ndarray
    lines_count: np.ndarray
    live_count: np.ndarray
    offer_line: np.ndarray
    offer_after_s: np.ndarray
    offer_wait_s: np.ndarray
    offer_accept: np.ndarray


def lines_of(centre: Centre) -> tuple[tuple[Line, ...], list[SimulatedQueue]]:
    """Lines in order, and the queue of each."""
    lines: list[Line] = []
    owners: list[SimulatedQueue] = []
    for queue in centre.queues:
        classes: list[tuple[Class, float]] = [("all", queue.answer_within_s)]
        if queue.premium is not None:
            classes = [("premium", queue.premium.answer_within_s), ("standard", queue.answer_within_s)]
        for customers, within in classes:
            lines.append(Line(queue.name, customers, float(within)))
            owners.append(queue)
    return tuple(lines), owners


def times_of(centre: Centre) -> Times:
    """Distributions of every line."""
    lines, owners = lines_of(centre)
    samples, curves_s, curves, risks = [np.zeros(0)], [np.zeros(0)], [np.zeros(0)], [np.zeros(0)]
    sample_at, curve_at = [], []
    for queue in owners:
        sample_at.append(sum(len(part) for part in samples))
        curve_at.append(sum(len(part) for part in curves_s))
        if queue.handling.kind == SAMPLE:
            samples.append(queue.handling.sample)
        patience = queue.patience
        curves_s.append(patience.times_s)
        curves.append(patience.values)
        risk = np.zeros(patience.times_s.size)
        if patience.kind == BY_HAZARD:
            risk[1:] = np.cumsum(patience.values[:-1] * np.diff(patience.times_s))
        risks.append(risk)
    assert BY_CURVE  # curves lie in ``values``
    redials = [queue.redial for queue in owners]
    sigma = [
        np.sqrt(np.log1p(queue.handling.variation**2)) if queue.handling.kind == LOGNORMAL else 0.0
        for queue in owners
    ]
    mean_s = [np.broadcast_to(_mean_s(queue), centre.intervals) for queue in owners]
    return Times(
        handling=np.array([queue.handling.kind for queue in owners], dtype=np.int64),
        mean_s=np.ascontiguousarray(np.array(mean_s)),
        sigma=np.array(sigma, dtype=float),
        sample=np.concatenate(samples),
        sample_at=np.array(sample_at, dtype=np.int64),
        sample_count=np.array([queue.handling.sample.size for queue in owners], dtype=np.int64),
        patience=np.array([queue.patience.kind for queue in owners], dtype=np.int64),
        curve_s=np.concatenate(curves_s),
        curve=np.concatenate(curves),
        curve_risk=np.concatenate(risks),
        curve_at=np.array(curve_at, dtype=np.int64),
        curve_count=np.array([queue.patience.times_s.size for queue in owners], dtype=np.int64),
        balking=np.array([queue.patience.balking for queue in owners], dtype=float),
        within_s=np.array([line.answer_within_s for line in lines]),
        again_abandoned=np.array([0.0 if r is None else r.abandoned for r in redials], dtype=float),
        again_answered=np.array([0.0 if r is None else r.answered for r in redials], dtype=float),
        again_delay_s=np.array([1.0 if r is None else r.delay_s for r in redials], dtype=float),
    )


def rules_of(centre: Centre) -> Rules:
    """Skills, routing, chat, background work and offers."""
    lines, owners = lines_of(centre)
    names = [queue.name for queue in centre.queues]
    queue = np.array([names.index(line.queue) for line in lines], dtype=np.int64)
    first_line = np.array([int(np.flatnonzero(queue == number)[0]) for number in range(len(names))])
    most = max(q.concurrency for q in centre.queues)
    chat_queues = [number for number, q in enumerate(centre.queues) if q.concurrency > 1]
    speed = np.ones((len(lines), most + 1))
    for number, owner in enumerate(owners):
        levels = owner.aht_s_by_concurrency
        if levels is not None:
            speed[number, 1 : len(levels) + 1] = levels[0] / np.asarray(levels, dtype=float)
    by_line = [_groups_of(centre, owner) for owner in owners]
    by_group = [_lines_of_group(centre, number, lines, owners) for number in range(len(centre.groups))]
    offers = [owner.call_back for owner in owners]
    edges = np.zeros((len(names), centre.intervals + 1))
    for number, q in enumerate(centre.queues):
        is_open = np.ones(centre.intervals) if q.is_open is None else np.asarray(q.is_open, dtype=float)
        edges[number, 1:] = np.cumsum(is_open) * centre.interval_s
    return Rules(
        queue=queue,
        premium=np.array([0.0 if q.premium is None else q.premium.share for q in centre.queues]),
        first_line=first_line.astype(np.int64),
        chats=np.array([owner.concurrency for owner in owners], dtype=np.int64),
        chat_kind=np.array(
            [chat_queues.index(number) if number in chat_queues else -1 for number in queue.tolist()],
            dtype=np.int64,
        ),
        speed=speed,
        reserve=np.array([-1 if q.background is None else q.background for q in owners], dtype=np.int64),
        deadline_s=np.array(
            [NEVER if q.resolve_within_h is None else 3600.0 * q.resolve_within_h for q in owners],
            dtype=float,
        ),
        open_before_s=edges,
        groups=_table([[group for group, _ in found] for found in by_line]),
        groups_rank=_table([[rank for _, rank in found] for found in by_line]),
        groups_count=np.array([len(found) for found in by_line], dtype=np.int64),
        lines=_table([[line for line, _ in found] for found, _ in by_group]),
        lines_rank=_table([[rank for _, rank in found] for found, _ in by_group]),
        lines_count=np.array([len(found) for found, _ in by_group], dtype=np.int64),
        live_count=np.array([live for _, live in by_group], dtype=np.int64),
        offer_line=np.array(
            [-1 if o is None else first_line[names.index(o.queue)] for o in offers], dtype=np.int64
        ),
        offer_after_s=np.array(
            [NEVER if o is None or o.after_s is None else o.after_s for o in offers], dtype=float
        ),
        offer_wait_s=np.array(
            [NEVER if o is None or o.expected_wait_s is None else o.expected_wait_s for o in offers],
            dtype=float,
        ),
        offer_accept=np.array([0.0 if o is None else o.accept for o in offers], dtype=float),
    )


def _mean_s(queue: SimulatedQueue) -> np.ndarray:
    """Mean handling seconds, of a chat that is alone with its agent."""
    if queue.aht_s_by_concurrency is not None:
        return np.array([float(queue.aht_s_by_concurrency[0])])
    return np.nan_to_num(queue.handling.mean_s, nan=1.0)


def _groups_of(centre: Centre, owner: SimulatedQueue) -> list[tuple[int, int]]:
    """Groups that serve a queue, with ranks, by the centre's routing."""
    found = []
    for number, group in enumerate(centre.groups):
        if owner.name not in group.queues:
            continue
        rank = {
            "longest_idle": 0,
            "most_specialised": len(group.queues),
            "preference": group.queues.index(owner.name),
        }[centre.routing]
        found.append((number, rank))
    return sorted(found, key=lambda pair: (pair[1], pair[0]))


def _lines_of_group(
    centre: Centre, number: int, lines: tuple[Line, ...], owners: list[SimulatedQueue]
) -> tuple[list[tuple[int, int]], int]:
    """Lines that a group serves, live ones first, with dense ranks; and how many are live."""
    group = centre.groups[number]
    keyed = []
    for line, owner in enumerate(owners):
        if owner.name in group.queues:
            place = group.queues.index(owner.name) if centre.routing == "preference" else 0
            standard = lines[line].customers == "standard" or lines[line].customers == "all"
            # Premium customers come before all others of the same priority.
            keyed.append(((owner.background is not None, owner.priority, standard, place), line))
    keyed.sort()
    order = sorted({key for key, _ in keyed})
    live = sum(1 for key, _ in keyed if not key[0])
    return [(line, order.index(key)) for key, line in keyed], live


def _table(rows: list[list[int]]) -> np.ndarray:
    width = max(1, max((len(row) for row in rows), default=1))
    out = np.full((len(rows), width), -1, dtype=np.int64)
    for number, row in enumerate(rows):
        out[number, : len(row)] = row
    return out
