"""What a simulation found: counts per path, line and interval, and the measures made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from staffing.sizing.simulation.centre import Centre
from staffing.sizing.simulation.measures import MEASURES, Estimate, mean, ratio
from staffing.sizing.targets import QueueTarget

Period = Literal["interval", "day", "week"]
Class = Literal["all", "premium", "standard"]


@dataclass(frozen=True)
class Line:
    """Contacts that wait in one line: a queue, or one class of its customers."""

    queue: str
    customers: Class
    answer_within_s: float


@dataclass(frozen=True)
class Simulated:
    """Counts of a simulation. A contact belongs to the interval in which it arrived.

    Attributes
    ----------
    centre
        What was simulated.
    lines
        One per queue, or two (premium, standard) where a queue has premium customers.
    offered, answered, abandoned, waiting, called_back
        Contacts, int64, shape ``(paths, lines, intervals)``; ``offered = answered + abandoned + waiting +
        called_back``: ``waiting`` were still in line at the end, ``called_back`` took the offer and came again
        in the line of the call-backs.
    in_time, short_abandoned, virtual_in_time
        Answered within the threshold (background work: finished by the deadline), hung up within it, and
        would have been answered within it if endlessly patient (counted only for a single queue served in
        order without premium customers, chat, background work or call-backs; else -1).
    dropped
        Answered contacts that were cut off at a shift's end.
    undecided
        Contacts that at the end were neither in time nor too late (waiting for less than the threshold; background
        work before its deadline): no part of a service level.
    wait_answered_s, wait_s
        Seconds waited by those answered, and by all (those still waiting: until the end).
    busy_s, present_s
        Seconds busy (a chat agent with k of K chats counts k/K), and at work, shape ``(paths, groups,
        intervals)``; in the interval in which they fell. After a stretch's end only busy time counts, as both.
    seed
        Of the chance.
    limited
        Whether the contact limit ended the simulation; the counts are then of the paths that were completed, or
        of the first path until then.
    notes
        Sentences that a reader must know: limits that struck, lines that grew without end.
    """

    centre: Centre
    lines: tuple[Line, ...]
    offered: np.ndarray
    answered: np.ndarray
    abandoned: np.ndarray
    waiting: np.ndarray
    called_back: np.ndarray
    in_time: np.ndarray
    short_abandoned: np.ndarray
    virtual_in_time: np.ndarray
    dropped: np.ndarray
    undecided: np.ndarray
    wait_answered_s: np.ndarray
    wait_s: np.ndarray
    busy_s: np.ndarray
    present_s: np.ndarray
    seed: int
    limited: bool
    notes: tuple[str, ...]

    @property
    def paths(self) -> int:
        """Paths in the counts."""
        return int(self.offered.shape[0])

    @property
    def contacts(self) -> int:
        """Contacts simulated, over all paths."""
        return int(self.offered.sum())

    def of(self, queue: str, counts: np.ndarray, customers: Class = "all") -> np.ndarray:
        """One of the counts for a queue (or class of its customers), shape ``(paths, intervals)``."""
        return counts[:, self._rows(queue, customers)].sum(axis=1)

    def service_levels(self, queue: str, per: Period = "week", customers: Class = "all") -> np.ndarray:
        """Service level per path and period by the queue's definition, shape ``(paths, periods)``.

        NaN where nothing was to be counted. Periods are the intervals, the days in order, or all.
        """
        part, whole = (self.by_period(values, per) for values in self.level_parts(queue, customers))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(whole > 0, part / whole, np.nan)

    def table(self, per: Period = "interval", skip: int = 0) -> pd.DataFrame:
        """Measures over the paths, each with its standard error.

        Parameters
        ----------
        per
            Rows per queue and ``"interval"``, ``"day"`` or ``"week"`` (all intervals).
        skip
            First intervals left out, as the start from an empty centre is no equilibrium; only with
            ``"interval"`` and ``"week"``.

        Returns
        -------
        ``queue, customers, start`` (or ``day``) and ``offered, service_level, abandonment, asa_s`` (of the
        answered), ``mean_wait_s`` (of all), ``occupancy`` (of the groups that serve the queue), and
        ``still_waiting``, all but ``still_waiting`` followed by ``<name>_se``. Shares are ratios of
        sums over the paths; standard errors are between paths (NaN with one). A queue with premium
        customers has rows for all, premium and standard.
        """
        frames = []
        for line in self._shown():
            frames.append(self._line_table(line, per, skip))
        return pd.concat(frames, ignore_index=True)

    def service(self, targets: Mapping[str, QueueTarget], per: Period = "day") -> pd.DataFrame:
        """Whether targets hold, per queue and day, with a row ``day = "week"`` over all.

        Returns
        -------
        ``queue, day, contacts, target, service_level, asa_s, occupancy, abandonment, met`` as
        ``staffing.sizing.evaluate`` returns them (of the sums over all paths), and besides
        ``service_level_se, met_probability, met_probability_se``: share of the paths in which every
        target of the queue is met (days without contacts count as met), and
        ``service_level_p10, service_level_p50, service_level_p90`` over the paths.
        With ``per = "interval"`` the rows are intervals instead, ``start`` in place of ``day``.
        """
        from staffing.sizing.simulation.promises import service_table

        return service_table(self, targets, per)

    def summary(self) -> str:
        """A few lines for a person."""
        week = self.table("week")
        lines = [f"{self.contacts:,} contacts in {self.paths:,} paths, seed {self.seed}"]
        for row in week.to_dict("records"):
            who = row["queue"] if row["customers"] == "all" else f"{row['queue']} ({row['customers']})"
            error = float(row["service_level_se"])
            sure = "" if np.isnan(error) else f" ± {error:.1%}"
            lines.append(
                f"{who}: service level {row['service_level']:.1%}{sure}, abandonment {row['abandonment']:.1%}, "
                f"speed of answer {row['asa_s']:.0f} s, occupancy {row['occupancy']:.1%}"
            )
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])

    def _rows(self, queue: str, customers: Class = "all") -> list[int]:
        found = [
            number
            for number, line in enumerate(self.lines)
            if line.queue == queue and customers in ("all", line.customers)
        ]
        if not found:
            known = sorted({line.queue for line in self.lines})
            raise ValueError(f"a queue among {known} with {customers} customers expected, got {queue!r}")
        return found

    def _shown(self) -> list[tuple[str, Class]]:
        """Queues in order, each followed by its classes where it has any."""
        shown: list[tuple[str, Class]] = []
        for line in self.lines:
            if (line.queue, "all") not in shown:
                shown.append((line.queue, "all"))
            if line.customers != "all":
                shown.append((line.queue, line.customers))
        return shown

    def level_parts(self, queue: str, customers: Class) -> tuple[np.ndarray, np.ndarray]:
        """What counts as served in time, and of what, shape ``(paths, intervals)``."""
        asked = next(found for found in self.centre.queues if found.name == queue)
        part = self.of(queue, self.in_time, customers)
        whole = self.of(queue, self.offered, customers) - self.of(queue, self.called_back, customers)
        whole = whole - self.of(queue, self.undecided, customers)
        if asked.background is not None or asked.definition == "offered":
            return part, whole
        if asked.definition == "excluding_short_abandons":
            return part, whole - self.of(queue, self.short_abandoned, customers)
        if asked.definition == "answered":
            return part, self.of(queue, self.answered, customers)
        virtual = self.of(queue, self.virtual_in_time, customers)
        return virtual, np.where(virtual < 0, 0, whole)

    def _days(self) -> tuple[list[str], np.ndarray]:
        """Labels of the days in order, and the day of each interval."""
        labels = (
            [str(day) for day in self.centre.days] if self.centre.days is not None else ["1"] * self.intervals
        )
        order = list(dict.fromkeys(labels))
        number = {label: index for index, label in enumerate(order)}
        return order, np.array([number[label] for label in labels])

    @property
    def intervals(self) -> int:
        """Intervals in the counts."""
        return int(self.offered.shape[2])

    def by_period(self, values: np.ndarray, per: Period, skip: int = 0) -> np.ndarray:
        """Sums over periods of ``(paths, intervals)``."""
        if per == "interval":
            return values[:, skip:]
        if per == "week":
            return values[:, skip:].sum(axis=1, keepdims=True)
        order, day = self._days()
        first = np.flatnonzero(np.concatenate([[True], np.diff(day) != 0]))
        if first.size == len(order):
            return np.add.reduceat(values, first, axis=1)
        return np.stack([values[:, day == number].sum(axis=1) for number in range(len(order))], axis=1)

    def _labels(self, per: Period, skip: int = 0) -> tuple[str, list[object]]:
        if per == "week":
            return "day", ["week"]
        if per == "day":
            return "day", list(self._days()[0])
        if self.centre.starts is not None:
            return "start", list(self.centre.starts[skip:])
        return "start", [number * self.centre.interval_s for number in range(skip, self.intervals)]

    def occupancy_parts(self, queue: str) -> tuple[np.ndarray, np.ndarray]:
        """Seconds busy and present of the groups that serve a queue, shape ``(paths, intervals)``."""
        mine = [number for number, group in enumerate(self.centre.groups) if queue in group.queues]
        return self.busy_s[:, mine].sum(axis=1), self.present_s[:, mine].sum(axis=1)

    def _line_table(self, line: tuple[str, Class], per: Period, skip: int) -> pd.DataFrame:
        queue, customers = line

        def summed(values: np.ndarray) -> np.ndarray:
            return self.by_period(values, per, skip)

        def counted(name: str) -> np.ndarray:
            return summed(self.of(queue, getattr(self, name), customers))

        offered, answered = counted("offered"), counted("answered")
        part, whole = (summed(values) for values in self.level_parts(queue, customers))
        busy, present = (summed(values) for values in self.occupancy_parts(queue))
        found: dict[str, Estimate] = {
            "offered": mean(offered),
            "service_level": ratio(part, whole),
            "abandonment": ratio(counted("abandoned"), offered),
            "asa_s": ratio(counted("wait_answered_s"), answered),
            "mean_wait_s": ratio(counted("wait_s"), offered),
            "occupancy": ratio(busy, present),
        }
        name, labels = self._labels(per, skip)
        columns: dict[str, object] = {"queue": queue, "customers": customers, name: labels}
        for measure in MEASURES:
            columns[measure], columns[f"{measure}_se"] = found[measure]
        columns["still_waiting"] = counted("waiting").mean(axis=0)
        return pd.DataFrame(columns)
