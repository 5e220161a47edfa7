"""A contact centre to be simulated: queues, groups, people at work and the rules of the house."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd

from staffing.queueing.inputs import positive
from staffing.sizing.simulation.queues import SimulatedQueue
from staffing.sizing.simulation.staff import Group, Staff

Routing = Literal["longest_idle", "most_specialised", "preference"]
ShiftEnd = Literal["finish", "drop"]


@dataclass(frozen=True)
class Centre:
    """What is simulated.

    Parameters
    ----------
    queues
        All of one number of intervals.
    groups
        Agents by skills; every queue with contacts needs one that serves it.
    staff
        Their stretches of work, ``Staff.group`` indexing ``groups``.
    interval_min
        Minutes of an interval, > 0, elapsed time; the simulation begins, empty, at the first one.
    routing
        Which free agent gets a contact. ``"longest_idle"``: of all groups that serve the queue.
        ``"most_specialised"``: the group with the fewest queues first, within it the longest idle.
        ``"preference"``: groups to which the queue is first in their own list before those to which it
        is second, and so on; and a free agent takes queues of equal priority in the order of the list instead
        of the longest waiting contact. Chats go to the least loaded agent of the preferred groups first.
    at_shift_end
        ``"finish"``: an agent whose stretch ends finishes the contact, then leaves (a break begun late
        ends on time, or with the contact). ``"drop"``: the contact is cut off, answered but unfinished.
    absence
        Probability that a person is absent on a working day, in [0, 1], drawn per person, day and path.
    days
        Label of the local day of each interval, shape ``(intervals,)``; all one day by default.
    starts
        Start of each interval for the tables; seconds from the first by default.

    Raises
    ------
    ValueError
        Shapes that do not fit, a queue nobody is skilled for, groups of unknown queues, values out of range.
    """

    queues: tuple[SimulatedQueue, ...]
    groups: tuple[Group, ...]
    staff: Staff
    interval_min: float
    routing: Routing = "longest_idle"
    at_shift_end: ShiftEnd = "finish"
    absence: float = 0.0
    days: Sequence[str] | None = None
    starts: pd.DatetimeIndex | None = None

    @property
    def intervals(self) -> int:
        """Number of intervals."""
        return self.queues[0].intervals

    @property
    def interval_s(self) -> float:
        """Seconds of an interval."""
        return 60.0 * self.interval_min

    @property
    def horizon_s(self) -> float:
        """Seconds of all intervals."""
        return self.interval_s * self.intervals

    def with_staff(self, staff: Staff) -> Centre:
        """The same centre with other people at work: same contacts in a simulation with the same seed."""
        return replace(self, staff=staff)

    def people(self) -> np.ndarray:
        """Mean people at work per group and interval, shape ``(groups, intervals)``, absences not taken off."""
        edges = np.arange(self.intervals + 1) * self.interval_s
        staff = self.staff
        weight = staff.most - staff.least
        out = np.zeros((len(self.groups), self.intervals))
        for number in range(len(self.groups)):
            mine = staff.group == number
            if mine.any():
                # Time at work before each edge, whose steps are the intervals' own.
                before = np.clip(edges[:, None], staff.start_s[mine], staff.end_s[mine]) - staff.start_s[mine]
                out[number] = np.diff(before @ weight[mine]) / self.interval_s
        return out

    def __post_init__(self) -> None:
        object.__setattr__(self, "queues", tuple(self.queues))
        object.__setattr__(self, "groups", tuple(self.groups))
        positive("interval_min", self.interval_min)
        if not self.queues:
            raise ValueError("at least one queue expected, got none")
        names = [queue.name for queue in self.queues]
        for kind, found in (("queue", names), ("group", [group.name for group in self.groups])):
            if len(set(found)) < len(found):
                raise ValueError(f"each {kind} once expected, got {found}")
        for queue in self.queues:
            if queue.intervals != self.intervals:
                raise ValueError(
                    f"queue {queue.name!r}: {self.intervals} intervals as in {names[0]!r} expected, "
                    f"got {queue.intervals}"
                )
        if not 0 <= self.absence <= 1:
            raise ValueError(f"0 <= absence <= 1 expected, got {self.absence!r}")
        for field, accepted in (("routing", Routing), ("at_shift_end", ShiftEnd)):
            value = getattr(self, field)
            if value not in get_args(accepted):
                raise ValueError(f"{field} in {get_args(accepted)} expected, got {value!r}")
        if self.days is not None and len(self.days) != self.intervals:
            raise ValueError(f"one day per interval ({self.intervals}) expected, got {len(self.days)}")
        if self.starts is not None and len(self.starts) != self.intervals:
            raise ValueError(f"one start per interval ({self.intervals}) expected, got {len(self.starts)}")
        self._check_skills(names)
        self._check_call_backs(names)

    def _check_skills(self, names: list[str]) -> None:
        if self.staff.group.size and self.staff.group.max() >= len(self.groups):
            raise ValueError(
                f"staff: groups 0 … {len(self.groups) - 1} expected, got {int(self.staff.group.max())}"
            )
        for group in self.groups:
            unknown = [name for name in group.queues if name not in names]
            if unknown:
                raise ValueError(f"group {group.name!r}: queues among {names} expected, got {unknown[0]!r}")
        served = {name for group in self.groups for name in group.queues}
        fed = {queue.call_back.queue for queue in self.queues if queue.call_back is not None}
        for queue in self.queues:
            if queue.name not in served and (queue.contacts.any() or queue.name in fed):
                raise ValueError(f"queue {queue.name!r}: a group that is skilled for it expected, got none")

    def _check_call_backs(self, names: list[str]) -> None:
        for queue in self.queues:
            if queue.call_back is None:
                continue
            if queue.call_back.queue not in names or queue.call_back.queue == queue.name:
                raise ValueError(
                    f"queue {queue.name!r}: call_back to another queue of {names} expected, "
                    f"got {queue.call_back.queue!r}"
                )
            target = self.queues[names.index(queue.call_back.queue)]
            if target.premium is not None:
                raise ValueError(
                    f"queue {target.name!r}: no premium customers among call-backs expected, got some"
                )
            if queue.background is not None:
                raise ValueError(f"queue {queue.name!r}: no call_back for background work expected, got one")
