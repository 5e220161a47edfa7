"""Tickets, e-mails, call lists: one queue whose work may wait, on the clock of its opening hours."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from staffing.queueing.deferred import deferred_requirement, meets_deadlines
from staffing.queueing.fluid import FluidService, serve_in_order
from staffing.queueing.rounding import whole_people
from staffing.sizing.targets import QueueTarget


@dataclass(frozen=True)
class TicketWeek:
    """The open slots of a ticket queue and the work that arrives for them.

    Attributes
    ----------
    target
        The queue's target.
    open_rows
        Rows of the forecast that are open, in order of time.
    work_h
        Agent hours per open slot; what arrives while closed is moved to the next open slot (at the
        end of the horizon, to its first).
    contacts
        Tickets per open slot, moved likewise.
    slot_h
        Length of a slot in hours.
    within_h
        Deadline less the handling time itself, in opening hours: by then a ticket is taken up.
    days
        Day of each open slot.
    """

    target: QueueTarget
    open_rows: np.ndarray
    work_h: np.ndarray
    contacts: np.ndarray
    slot_h: float
    within_h: float
    days: np.ndarray

    @classmethod
    def of(
        cls,
        target: QueueTarget,
        instant: np.ndarray,
        day: np.ndarray,
        contacts: np.ndarray,
        aht_s: np.ndarray,
        is_open: np.ndarray,
        slot_h: float,
    ) -> TicketWeek:
        """Put a queue's rows on the opening-hours clock.

        Raises
        ------
        ValueError
            On tickets without opening hours, or a deadline that is not longer than the handling time.
        """
        order = np.argsort(instant, kind="stable")
        open_rows = order[is_open[order]]
        busy = contacts > 0
        if busy.any() and not open_rows.size:
            raise ValueError(f"queue {target.queue!r}: opening hours expected, got none that are open")
        longest_h = float(aht_s[busy].max(initial=0.0)) / 3600.0
        assert target.resolve_within_h is not None
        within_h = float(target.resolve_within_h) - longest_h
        if within_h <= 0:
            raise ValueError(
                f"queue {target.queue!r}: resolve_within_h > handling time ({longest_h:g} h) expected, "
                f"got {target.resolve_within_h:g}"
            )
        next_open = np.searchsorted(instant[open_rows], instant, side="left")
        place = next_open % max(open_rows.size, 1)
        size = open_rows.size
        return cls(
            target=target,
            open_rows=open_rows,
            work_h=np.bincount(place, contacts * aht_s / 3600.0, minlength=size)[:size],
            contacts=np.bincount(place, contacts, minlength=size)[:size],
            slot_h=slot_h,
            within_h=within_h,
            days=day[open_rows],
        )

    def times(self, factor: float) -> TicketWeek:
        """The same week with ``factor`` times as much work."""
        return replace(self, work_h=self.work_h * factor, contacts=self.contacts * factor)

    def share_in_time(self, agents: np.ndarray) -> float:
        """Share of the week's contacts that are done in time with ``agents`` per open slot."""
        if not self.contacts.sum():
            return 1.0
        within = np.nan_to_num(self.serve(agents, steady=True).within)
        return float((within * self.contacts).sum() / self.contacts.sum())

    def require(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Fractional agents, whole agents and people on shift per open slot."""
        target = self.target
        agents = deferred_requirement(self.work_h, self.slot_h, self.within_h, self.days)
        agents = agents / (target.max_occupancy or 1.0)
        whole = np.maximum(self._rounded(agents, 1.0), target.min_agents)
        available = 1.0 - target.shrinkage
        scheduled = np.maximum(
            self._rounded(agents / available, available), whole_people(target.min_agents / available)
        )
        return np.maximum(agents, target.min_agents), whole, scheduled

    def _rounded(self, people: np.ndarray, available: float) -> np.ndarray:
        """Whole people per slot that still meet every deadline, few changes a day.

        Rounding every slot up would pay for a fraction of a person all day long; instead each day
        gets its total, with one person more in its first slots.
        """
        up = whole_people(people)
        spread = np.zeros_like(up)
        given = 0.0
        needed = np.cumsum(people)
        for day in np.unique(self.days):
            slots = np.flatnonzero(self.days == day)
            total = max(int(whole_people(max(needed[slots[-1]] - given, 0.0))), 0)
            base, extra = divmod(total, slots.size)
            spread[slots] = base
            spread[slots[:extra]] += 1
            given += total
        window = max(1, int(np.floor(self.within_h / self.slot_h + 1e-9)))
        share = available * (self.target.max_occupancy or 1.0)
        return spread if meets_deadlines(spread * share * self.slot_h, self.work_h, window) else up

    def serve(self, agents: np.ndarray, *, steady: bool) -> FluidService:
        """In order of arrival with ``agents`` per open slot.

        ``steady`` starts with the backlog that the same week before would have left; otherwise the
        week starts without any.
        """
        if not self.open_rows.size:
            nothing = np.zeros(0)
            return FluidService(nothing, nothing, nothing, nothing)
        capacity = agents * self.slot_h
        backlog = 0.0
        if steady:
            backlog = float(serve_in_order(self.work_h, capacity, self.slot_h, self.within_h).backlog_h[-1])
        return serve_in_order(self.work_h, capacity, self.slot_h, self.within_h, backlog)
