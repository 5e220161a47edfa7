"""What people with several skills give at most and at least, in time and without simulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from staffing.sizing.path_service import PathService
from staffing.sizing.skills.subset_cover import connected_parts
from staffing.sizing.targets import QueueTarget
from staffing.sizing.time_varying import queue_in_time
from staffing.sizing.transient import ShiftEnd

_ROUNDS = 60


@dataclass(frozen=True)
class ServiceBounds:
    """Service between two ways of working that need no routing.

    Attributes
    ----------
    split
        Each queue alone with its part of the people: what they give if nobody ever helps another queue.
    pooled
        Everybody of a connected part serves all its queues: what they give at most.
    """

    split: PathService
    pooled: PathService


def service_bounds(
    people: Mapping[str, np.ndarray],
    groups: Mapping[str, Sequence[str]],
    starts: pd.DatetimeIndex,
    rates: Mapping[str, np.ndarray],
    aht_s: Mapping[str, np.ndarray],
    targets: Mapping[str, QueueTarget],
    interval_min: int,
    at_shift_end: ShiftEnd = "finish",
) -> ServiceBounds:
    """Bounds on the service of people per group and slot.

    Parameters
    ----------
    people
        At work per group, shape ``(intervals * k,)`` for slots of a k-th of an interval, shrinkage taken off.
    groups
        Queues of each group.
    starts
        Interval starts.
    rates, aht_s
        Expected contacts per queue, shape ``(paths, intervals)``, and mean handling time, ``(intervals,)``.
    targets
        Of each queue; phone without premium customers.
    interval_min, at_shift_end
        As for ``transient``.

    Raises
    ------
    ValueError
        On a queue that nobody is skilled for, or values out of range.

    Notes
    -----
    A routing that never leaves an agent idle while a contact that he can take waits lies between the two, but for
    queues that lose to another's rush: the split shares people by load, a routing may do it less evenly. Pooled
    queues are one in time with their mean handling time and hazard; each keeps its own threshold.
    """
    queues = list(targets)
    index = {queue: number for number, queue in enumerate(queues)}
    load = np.stack([rates[queue].mean(axis=0) * aht_s[queue] for queue in queues]) / (60.0 * interval_min)
    there = np.stack([np.asarray(people[name], dtype=float) for name in groups])
    served = np.array([[queue in groups[name] for queue in queues] for name in groups])
    for number, queue in enumerate(queues):
        if not served[:, number].any():
            raise ValueError(f"queue {queue!r}: a group that is skilled for it expected, got none")
    part = _split(there, served, np.repeat(load, there.shape[1] // starts.size, axis=1))
    split = [
        queue_in_time(
            targets[queue], starts, rates[queue], aht_s[queue], part[number], interval_min, at_shift_end
        )
        for number, queue in enumerate(queues)
    ]
    pooled: dict[str, PathService] = {}
    for members in connected_parts(queues, groups):
        names = [queues[member] for member in members]
        mine = [number for number, name in enumerate(groups) if set(groups[name]) & set(names)]
        volume = np.sum([rates[name] for name in names], axis=0)
        mean = np.stack([rates[name].mean(axis=0) for name in names])
        share = mean / np.maximum(mean.sum(axis=0), 1e-300)
        handling = (share * np.stack([aht_s[name] for name in names])).sum(axis=0)
        handling = np.where(mean.sum(axis=0) > 0, handling, aht_s[names[0]])
        weights = mean.sum(axis=1) / max(float(mean.sum()), 1e-300)
        hazard = sum(
            weight / targets[name].patience_s
            for weight, name in zip(weights, names, strict=True)
            if targets[name].patience_s is not None
        )
        for name in names:
            asked = replace(
                targets[name], patience_s=1.0 / hazard if hazard > 0 else None, max_abandonment=None
            )
            found = queue_in_time(
                asked, starts, volume, handling, there[mine].sum(axis=0), interval_min, at_shift_end
            )
            pooled[name] = _own(found, name, rates[name], volume)
    return ServiceBounds(
        PathService.joined(split), PathService.joined([pooled[queue] for queue in queues if queue in index])
    )


def _own(found: PathService, name: str, rates: np.ndarray, volume: np.ndarray) -> PathService:
    """One queue's part of a pool: its contacts fare like the pool's, and it sees all people."""
    share = (rates / np.maximum(volume, 1e-300))[:, None, :]
    counts = {
        field: getattr(found, field) * share
        for field in ("offered", "counted", "in_time", "abandoned", "wait_s", "resolution_s")
    }
    return replace(found, queues=(name,), rates=rates[:, None, :], **counts)


def _split(people: np.ndarray, served: np.ndarray, load: np.ndarray) -> np.ndarray:
    """People per queue and slot, each queue's people as near to one multiple of its load as skills allow."""
    pull = np.maximum(load, 1e-9)
    wanted = pull.copy()
    part = np.zeros_like(load)
    for _ in range(_ROUNDS):
        asked = served[:, :, None] * pull[None]
        part = (people[:, None, :] * asked / asked.sum(axis=1, keepdims=True)).sum(axis=0)
        ratio = part / wanted
        level = part.sum(axis=0) / wanted.sum(axis=0)
        pull = pull * np.clip(level / np.maximum(ratio, 1e-12), 0.25, 4.0) ** 0.5
        pull = pull / pull.sum(axis=0)
    return part
