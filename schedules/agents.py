"""The people of a roster: contracts, skills, availability, what came before, and wishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from schedules.errors import InvalidSchedule
from schedules.rules import Rules


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
    min_period_hours, max_period_hours
        Paid hours of the horizon together with ``Agent.before.hours``, leave credited as above; ``None``
        leaves them to the weeks.
    target_hours
        Paid hours per week that are aimed at, leave credited as above; every hour away from it, either
        way, costs ``target_price_per_hour``.
    overtime_after_hours, overtime_share
        Paid hours of a week beyond the first number cost that share of the wage on top.
    daily_overtime_after_hours
        The same share for paid hours of one shift beyond this number. An hour that is overtime by day and
        by week is paid both supplements.
    cost_per_shift
        Fee for each shift worked: a call-out, an agency's charge.
    rules
        Rules of those who have this contract in place of everybody's.
    """

    name: str
    shifts: tuple[str, ...]
    min_hours: float
    max_hours: float
    min_days: int
    max_days: int
    cost_per_hour: float
    leave_day_h: float | None = None
    min_period_hours: float | None = None
    max_period_hours: float | None = None
    target_hours: float | None = None
    target_price_per_hour: float = 0.0
    overtime_after_hours: float | None = None
    overtime_share: float = 0.0
    daily_overtime_after_hours: float | None = None
    cost_per_shift: float = 0.0
    rules: Rules | None = None

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
        for name in ("target_price_per_hour", "overtime_share", "cost_per_shift"):
            if getattr(self, name) < 0:
                raise InvalidSchedule(
                    f"contract {self.name}: {name} >= 0 expected, got {getattr(self, name)}"
                )
        low, high = self.min_period_hours or 0.0, self.max_period_hours
        if low < 0 or (high is not None and high < low):
            raise InvalidSchedule(
                f"contract {self.name}: 0 <= min_period_hours <= max_period_hours expected, "
                f"got {self.min_period_hours} and {self.max_period_hours}"
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
    before ``time_min``, local minutes after midnight; granted as well by a free day), ``shift`` (a
    shift of kind ``shift`` starts on ``day``) and ``not_shift`` (none of it does).
    """

    agent: str
    kind: Literal["day_off", "work", "start_from", "start_until", "shift", "not_shift"]
    day: date
    weight: float
    time_min: int | None = None
    shift: str | None = None

    def __post_init__(self) -> None:
        if self.kind in ("start_from", "start_until") and self.time_min is None:
            raise InvalidSchedule(f"wish of {self.agent} on {self.day}: {self.kind} needs a time")
        if self.kind in ("shift", "not_shift") and not self.shift:
            raise InvalidSchedule(f"wish of {self.agent} on {self.day}: {self.kind} needs a shift kind")
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
class FixedShift:
    """A shift that is settled: on ``day`` one of this kind, and of this start and length where they are given.

    ``start_min`` is local minutes after midnight, ``length_min`` from start to end.
    """

    day: date
    kind: str
    start_min: int | None = None
    length_min: int | None = None


@dataclass(frozen=True)
class Before:
    """What a person brings from before the horizon, besides the last shift's end and the run of days.

    Parameters
    ----------
    hours
        Paid hours worked earlier in the period that ``Contract.max_period_hours`` speaks of.
    nights_in_a_row
        Night shifts on the days in a row up to the eve of the horizon.
    last_kind
        Kind of the shift that started on the eve, empty for a free day.
    weekends
        Weekends worked earlier in the period that ``Rules.max_weekends`` speaks of; they count for
        fairness too.
    late_shifts, refused_wishes
        Counts that fairness goes by.
    hours_balance
        Paid hours above the target so far; this horizon's target is lower by them.
    """

    hours: float = 0.0
    nights_in_a_row: int = 0
    last_kind: str = ""
    weekends: int = 0
    late_shifts: int = 0
    refused_wishes: int = 0
    hours_balance: float = 0.0


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
    levels
        Pairs of a skill and its level, >= 1; a skill that is not named has level 1.
    team, site
        Where the person belongs, for team rules and seats.
    fixed
        Settled shifts, at most one a day.
    rotation
        Shift kinds of each week of the horizon, in turn; empty leaves every week to the contract.
    before
        What else is brought from before the horizon.
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
    levels: tuple[tuple[str, int], ...] = ()
    team: str = ""
    site: str = ""
    fixed: tuple[FixedShift, ...] = ()
    rotation: tuple[tuple[str, ...], ...] = ()
    before: Before = Before()

    def __post_init__(self) -> None:
        if not self.skills:
            raise InvalidSchedule(f"agent {self.id}: at least one skill expected, got none")
        if self.days_worked_before < 0:
            raise InvalidSchedule(
                f"agent {self.id}: days_worked_before >= 0 expected, got {self.days_worked_before}"
            )
        strange = [skill for skill, level in self.levels if skill not in self.skills or level < 1]
        if strange:
            raise InvalidSchedule(
                f"agent {self.id}: levels >= 1 of own skills expected, got {', '.join(strange)}"
            )
        days = [fixed.day for fixed in self.fixed]
        if len(set(days)) < len(days):
            raise InvalidSchedule(f"agent {self.id}: at most one fixed shift a day expected")

    def level(self, queue: str) -> int:
        """Level of a skill: 0 without it, 1 where none is named."""
        return dict(self.levels).get(queue, 1) if queue in self.skills else 0

    def rules(self, everybody: Rules) -> Rules:
        """The rules that hold for this person."""
        return self.contract.rules or everybody
