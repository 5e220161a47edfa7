"""The people of a roster: contracts, skills, availability, what came before, and wishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from schedules.errors import InvalidSchedule


@dataclass(frozen=True)
class Contract:
    """What a person is hired for.

    Parameters
    ----------
    name
        Unique name.
    shifts
        Names of the shift kinds that this contract works.
    min_hours, max_hours
        Paid hours per week. Each day of leave lowers both by ``leave_day_h``.
    min_days, max_days
        Days worked per week. Each day of leave lowers both by one, never below zero.
    cost_per_hour
        Wage of a paid hour before premiums.
    leave_day_h
        Hours that a day of approved leave counts for; default ``max_hours / max_days``.
    """

    name: str
    shifts: tuple[str, ...]
    min_hours: float
    max_hours: float
    min_days: int
    max_days: int
    cost_per_hour: float
    leave_day_h: float | None = None

    def __post_init__(self) -> None:
        if not self.shifts:
            raise InvalidSchedule(f"contract {self.name}: at least one shift kind expected, got none")
        if not 0 <= self.min_hours <= self.max_hours <= 168:
            raise InvalidSchedule(
                f"contract {self.name}: 0 <= min_hours <= max_hours <= 168 expected, "
                f"got {self.min_hours} and {self.max_hours}"
            )
        if not 0 <= self.min_days <= self.max_days <= 7:
            raise InvalidSchedule(
                f"contract {self.name}: 0 <= min_days <= max_days <= 7 expected, "
                f"got {self.min_days} and {self.max_days}"
            )
        if self.cost_per_hour < 0:
            raise InvalidSchedule(
                f"contract {self.name}: cost_per_hour >= 0 expected, got {self.cost_per_hour}"
            )

    @property
    def hours_per_leave_day(self) -> float:
        """Hours credited for one day of leave."""
        if self.leave_day_h is not None:
            return self.leave_day_h
        return self.max_hours / self.max_days if self.max_days else 0.0


@dataclass(frozen=True)
class Wish:
    """Something a person would like; refusing it costs ``weight``, in money.

    Kinds: ``day_off`` (no shift starts on ``day``), ``work`` (a shift starts on ``day``),
    ``start_from`` and ``start_until`` (a shift that starts on ``day`` starts at or after, at or
    before ``time_min``, local minutes after midnight; granted as well by a free day).
    """

    agent: str
    kind: Literal["day_off", "work", "start_from", "start_until"]
    day: date
    weight: float
    time_min: int | None = None

    def __post_init__(self) -> None:
        if self.kind in ("start_from", "start_until") and self.time_min is None:
            raise InvalidSchedule(f"wish of {self.agent} on {self.day}: {self.kind} needs a time")
        if self.weight < 0:
            raise InvalidSchedule(
                f"wish of {self.agent} on {self.day}: weight >= 0 expected, got {self.weight}"
            )


@dataclass(frozen=True)
class Absence:
    """A stretch in which a person cannot work, ``[start, end)``, zone-aware."""

    start: pd.Timestamp
    end: pd.Timestamp
    reason: str = "unavailable"

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise InvalidSchedule(f"absence: start < end expected, got {self.start} and {self.end}")


@dataclass(frozen=True)
class Window:
    """A weekly window of availability on the local wall clock; ``until_min`` may pass 1440."""

    weekday: int
    from_min: int
    until_min: int


@dataclass(frozen=True)
class Agent:
    """A named person.

    Parameters
    ----------
    id
        Unique id; the only personal data that the product keeps.
    contract
        The contract.
    skills
        Queues that this person can work on.
    availability
        Weekly windows; a shift must lie inside one window that begins on its start day.
        ``None`` means always available.
    days_off
        Days on which no shift may start (agreed free days, not counted as hours).
    leave
        Days of approved leave: no shift may touch them, and they count as hours and days of the contract.
    absences
        Other stretches that no shift may overlap.
    last_shift_end
        End of the last shift before the horizon, for rest; ``None`` if long ago.
    days_worked_before
        Days worked in a row up to the eve of the horizon.
    """

    id: str
    contract: Contract
    skills: frozenset[str]
    availability: tuple[Window, ...] | None = None
    days_off: frozenset[date] = frozenset()
    leave: frozenset[date] = frozenset()
    absences: tuple[Absence, ...] = ()
    last_shift_end: pd.Timestamp | None = None
    days_worked_before: int = 0

    def __post_init__(self) -> None:
        if not self.skills:
            raise InvalidSchedule(f"agent {self.id}: at least one skill expected, got none")
        if self.days_worked_before < 0:
            raise InvalidSchedule(
                f"agent {self.id}: days_worked_before >= 0 expected, got {self.days_worked_before}"
            )
