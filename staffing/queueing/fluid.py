"""A queue served in order of arrival, as a fluid: who is done by when, for any given capacity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.inputs import not_negative, positive


@dataclass(frozen=True)
class FluidService:
    """Result per slot of arrival, on the clock of the slots.

    Attributes
    ----------
    within
        Share of the slot's work that is done within the deadline; NaN where none arrives.
    wait_h
        Mean time from arrival to completion in hours; inf for work that is never done, NaN where
        none arrives.
    busy
        Share of the slot's capacity that is used; NaN without capacity.
    backlog_h
        Agent hours left at the end of each slot.
    """

    within: np.ndarray
    wait_h: np.ndarray
    busy: np.ndarray
    backlog_h: np.ndarray


def serve_in_order(
    work_h: ArrayLike,
    capacity_h: ArrayLike,
    slot_h: float,
    within_h: float,
    backlog_h: float = 0.0,
) -> FluidService:
    """Serve arriving work in order with the capacity of each slot.

    Work arrives evenly within its slot and capacity is spread evenly over its slot. After the last
    slot nothing arrives and the capacity repeats itself from the first slot on until all deadlines
    have passed.

    Parameters
    ----------
    work_h, capacity_h
        Agent hours per slot, shape ``(slots,)``, >= 0.
    slot_h, within_h
        Length of a slot and the deadline, in hours, > 0.
    backlog_h
        Work that waits at the start, agent hours, >= 0; it is served first and not counted.
    """
    work, capacity = not_negative("work_h", work_h), not_negative("capacity_h", capacity_h)
    slot_h, within_h = float(positive("slot_h", slot_h)), float(positive("within_h", within_h))
    backlog = float(not_negative("backlog_h", backlog_h))
    slots = work.size
    repeats = 1 + int(np.ceil(within_h / (slots * slot_h)))
    times, served, left = _departures(work, np.tile(capacity, 1 + repeats), slot_h, backlog)

    edges = np.arange(slots + 1) * slot_h
    arrived = backlog + np.concatenate([[0.0], np.cumsum(work)])
    # served(s + deadline) - arrived(s) is piecewise linear in s: cut it at all of its corners.
    corners = times - within_h
    cuts = np.unique(np.concatenate([edges, corners[(corners > 0) & (corners < edges[-1])]]))
    noise = 1e-9 * max(float(arrived[-1]), 1e-300)
    ahead = np.interp(cuts + within_h, times, served) - np.interp(cuts, edges, arrived) + noise
    a, b = ahead[:-1], ahead[1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = np.clip(np.where(a == b, 0.0, a / (a - b)), 0.0, 1.0)
    share = np.where((a >= 0) & (b >= 0), 1.0, np.where((a < 0) & (b < 0), 0.0, 0.0))
    share = np.where((a >= 0) & (b < 0), crossing, share)
    share = np.where((a < 0) & (b >= 0), 1.0 - crossing, share)
    length = np.diff(cuts)
    owner = np.minimum((0.5 * (cuts[:-1] + cuts[1:]) / slot_h).astype(int), slots - 1)
    in_time = np.bincount(owner, share * length, minlength=slots) / slot_h

    # Time at which the fluid of an arrival is done: the inverse of the departures, at four points.
    rising = np.concatenate([[True], np.diff(served) > 0])
    level, moment = served[rising], times[rising]
    wait = np.zeros(slots)
    for part in (0.125, 0.375, 0.625, 0.875):
        mark = arrived[:-1] + part * work
        done = np.interp(mark, level, moment, right=np.inf)
        wait += np.maximum(done - (edges[:-1] + part * slot_h), 0.0) / 4.0
    some = work > 0
    used = np.diff(np.interp(edges, times, served))
    with np.errstate(divide="ignore", invalid="ignore"):
        busy = np.where(capacity > 0, np.minimum(used / capacity, 1.0), np.nan)
    return FluidService(np.where(some, in_time, np.nan), np.where(some, wait, np.nan), busy, left[:slots])


def _departures(
    work: np.ndarray, capacity: np.ndarray, slot_h: float, backlog: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Corners (time, work done) of the departure curve and the backlog after each slot."""
    times, served, left = [0.0], [0.0], []
    waiting = backlog
    arriving = np.concatenate([work, np.zeros(capacity.size - work.size)])
    for slot, (new, able) in enumerate(zip(arriving.tolist(), capacity.tolist(), strict=True)):
        begin, done = slot * slot_h, served[-1]
        if waiting > 0 and waiting + new < able:
            # The backlog runs out inside the slot; after that work is done as it comes.
            part = waiting / (able - new)
            times.append(begin + part * slot_h)
            served.append(done + part * able)
        now = min(able, waiting + new)
        waiting = max(waiting + new - now, 0.0)
        times.append(begin + slot_h)
        served.append(done + now)
        left.append(waiting)
    return np.array(times), np.array(served), np.array(left)
