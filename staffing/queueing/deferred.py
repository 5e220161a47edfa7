"""Work that may wait: the steadiest capacity that finishes every ticket by its deadline.

All times run on the opening-hours clock, that is, over open slots only. Work is a fluid in agent
hours. A linear program chooses the work done in each slot of a repeating horizon (a week that is
followed by its like): it may not be done before it arrives, must be done by its deadline, and what
is left at the end is what was there at the start. In order of arrival and in order of deadline is
then the same order, which finishes everything in time whenever any order does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog
from scipy.sparse import coo_array

from staffing.queueing.inputs import not_negative, positive

# Prices in the program, small against the first (an agent kept for a day at that day's peak).
_WEEK_PEAK = 0.05
_CHANGE = 0.02
_DAY_CHANGE = 0.1


def deferred_requirement(
    work_h: ArrayLike, slot_h: float, within_h: float, days: ArrayLike | None = None
) -> np.ndarray:
    """Agents per open slot so that all work is done within a deadline, steady over each day.

    Parameters
    ----------
    work_h
        Agent hours of work that arrive in each open slot, in order of time, shape ``(slots,)``,
        >= 0. What arrives while closed belongs to the next open slot.
    slot_h
        Length of a slot in hours, > 0.
    within_h
        Deadline in opening hours from the arrival to the last stroke of work, > 0.
    days
        Label of the day of each slot, shape ``(slots,)``; capacity is kept level within a day.

    Returns
    -------
    Agents, shape ``(slots,)``, >= 0. They add up to the work.

    Raises
    ------
    ValueError
        On a value outside its range, or work without an open slot.

    References
    ----------
    .. [1] C. L. Liu, J. W. Layland (1973), Scheduling algorithms for multiprogramming in a hard
       real-time environment, Journal of the ACM 20(1): earliest deadline first.
    """
    work = not_negative("work_h", work_h).reshape(-1)
    slot_h = float(positive("slot_h", slot_h))
    within_h = float(positive("within_h", within_h))
    slots = work.size
    if not slots:
        raise ValueError("opening hours with at least one open slot expected, got none")
    labels = (
        np.zeros(slots, dtype=int) if days is None else np.unique(np.asarray(days), return_inverse=True)[1]
    )
    total = float(work.sum())
    if total == 0:
        return np.zeros(slots)
    window = max(1, int(np.floor(within_h / slot_h + 1e-9)))
    done = _steady_work(work / total, window, labels) * total
    return done / slot_h


def meets_deadlines(capacity_h: ArrayLike, work_h: ArrayLike, window: int) -> bool:
    """Whether earliest deadline first finishes all work of a repeating horizon in time.

    Parameters
    ----------
    capacity_h, work_h
        Agent hours offered and arriving per open slot, shape ``(slots,)``, >= 0.
    window
        Slots in which work may be done, the slot of its arrival included, >= 1.
    """
    capacity, work = not_negative("capacity_h", capacity_h), not_negative("work_h", work_h)
    noise = 1e-9 * max(float(work.sum()), 1e-300)
    if capacity.sum() < work.sum() - noise:
        return False
    waiting: list[list[float]] = []  # [last slot allowed, hours left], the earliest deadline first
    # Twice round: the first turn only builds up the backlog that the horizon starts with.
    for turn in range(3):
        for slot in range(work.size):
            now = turn * work.size + slot
            waiting.append([now + window - 1, float(work[slot])])
            left = float(capacity[slot])
            while waiting and left > 0:
                used = min(left, waiting[0][1])
                left -= used
                waiting[0][1] -= used
                if waiting[0][1] <= noise:
                    waiting.pop(0)
            if waiting and waiting[0][0] <= now and waiting[0][1] > noise * work.size:
                return False
    return True


def _steady_work(work: np.ndarray, window: int, labels: np.ndarray) -> np.ndarray:
    """Work done per slot; ``work`` adds up to 1.

    Columns of the program: cumulative work done X (slots), changes d (slots - 1), day peaks,
    week peak, backlog at the start, changes of the peak from each day to the next.
    """
    slots, days = work.size, int(labels.max()) + 1
    arrived = np.cumsum(work)
    first_change, first_peak = slots, slots + slots - 1
    week_peak, start = first_peak + days, first_peak + days + 1
    first_turn = start + 1
    columns = first_turn + days
    rows: list[np.ndarray] = []
    limits: list[np.ndarray] = []
    count = 0

    def add(entries: list[tuple[np.ndarray, np.ndarray | float]], limit: np.ndarray) -> None:
        nonlocal count
        index = np.arange(limit.size) + count
        for column, value in entries:
            rows.append(np.array([index, column, np.broadcast_to(value, limit.shape)], dtype=float))
        limits.append(limit)
        count += limit.size

    x = np.arange(slots)
    begin = np.full(slots, start)
    # Not before it arrives: X_i <= backlog + arrived_i.
    add([(x, 1.0), (begin, -1.0)], arrived)
    # By the deadline: X_(i + window - 1) >= backlog + arrived_i, the horizon repeating itself.
    due = x + window - 1
    turns, slot_due = due // slots, due % slots
    add([(slot_due, -1.0), (begin, 1.0)], turns * arrived[-1] - arrived)
    # Work of a slot, x_i = X_i - X_(i-1), is >= 0 and at most its day's peak and the week's.
    previous = x[1:] - 1
    add([(previous, 1.0), (x[1:], -1.0)], np.zeros(slots - 1))
    peaks = first_peak + labels
    add([(x[:1], 1.0), (peaks[:1], -1.0)], np.zeros(1))
    add([(x[1:], 1.0), (previous, -1.0), (peaks[1:], -1.0)], np.zeros(slots - 1))
    day = np.arange(days)
    add([(first_peak + day, 1.0), (np.full(days, week_peak), -1.0)], np.zeros(days))
    for sign in (1.0, -1.0):
        after = first_peak + (day + 1) % days
        if days > 1:
            add([(after, sign), (first_peak + day, -sign), (first_turn + day, -1.0)], np.zeros(days))
    # Changes within a day: d_i >= |x_i - x_(i-1)|.
    inner = np.flatnonzero(labels[1:] == labels[:-1]) + 1
    change = first_change + inner - 1
    two_back = inner - 2
    for sign in (1.0, -1.0):
        late = inner[two_back >= 0]
        add(
            [
                (late, sign),
                (late - 1, -2.0 * sign),
                (late - 2, sign),
                (first_change + late - 1, -1.0),
            ],
            np.zeros(late.size),
        )
        early = inner[two_back < 0]
        add([(early, sign), (early - 1, -2.0 * sign), (change[two_back < 0], -1.0)], np.zeros(early.size))

    data = np.concatenate(rows, axis=1)
    matrix = coo_array((data[2], (data[0].astype(int), data[1].astype(int))), shape=(count, columns))
    price = np.zeros(columns)
    price[first_change:first_peak] = _CHANGE
    price[first_peak:week_peak] = np.bincount(labels, minlength=days)
    price[week_peak] = _WEEK_PEAK * slots
    price[first_turn:] = _DAY_CHANGE * slots / days
    bounds = np.zeros((columns, 2))
    bounds[:, 1] = np.inf
    bounds[slots - 1] = arrived[-1]  # over the horizon all that arrives is done
    solution = linprog(price, A_ub=matrix.tocsr(), b_ub=np.concatenate(limits), bounds=bounds, method="highs")
    if solution.x is None:
        raise RuntimeError(f"deferred work: the solver stopped ({solution.message})")
    return np.maximum(np.diff(solution.x[:slots], prepend=0.0), 0.0)
