"""The bounds of a person's weeks and of the whole period: paid minutes and days worked, leave credited."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from schedules.agents import Contract

_EPS_MIN = 1e-6


@dataclass(frozen=True)
class WeekLimits:
    """Bounds of one week: paid minutes and days worked, both ends included."""

    min_minutes: int
    max_minutes: int
    min_days: int
    max_days: int


def week_limits(contract: Contract, leave_days: Sequence[int]) -> tuple[WeekLimits, ...]:
    """Limits per week; each day of leave lowers hours and days, never below zero."""
    limits = []
    for days in leave_days:
        credit = contract.hours_per_leave_day * days
        limits.append(
            WeekLimits(
                math.ceil(max(0.0, contract.min_hours - credit) * 60 - _EPS_MIN),
                math.floor(max(0.0, contract.max_hours - credit) * 60 + _EPS_MIN),
                max(0, contract.min_days - days),
                max(0, contract.max_days - days),
            )
        )
    return tuple(limits)


@dataclass(frozen=True)
class PeriodLimits:
    """Bounds of the horizon's paid time, in units of ``unit_min``, for whoever brings ``begun`` of them.

    ``low <= begun + units of the horizon <= high``. Only ``begun`` depends on the hours worked before; rounding leaves
    people of one contract with two values of ``low`` at most.
    """

    low: int
    high: int
    begun: int


def period_limits(
    contract: Contract,
    leave_days: Sequence[int],
    hours_before: float,
    limits: Sequence[WeekLimits],
    unit_min: int,
) -> PeriodLimits | None:
    """Limits of the period, ``None`` where the weeks keep them anyway."""
    credit = contract.hours_per_leave_day * sum(leave_days)
    most = sum(limit.max_minutes // unit_min for limit in limits)
    least = sum(-(-limit.min_minutes // unit_min) for limit in limits)
    low_h = max(0.0, (contract.min_period_hours or 0.0) - credit) - hours_before
    need = max(0, math.ceil((low_h * 60 - _EPS_MIN) / unit_min))
    room, high = most, most
    if contract.max_period_hours is not None:
        high_h = max(0.0, contract.max_period_hours - credit)
        room = math.floor(((high_h - hours_before) * 60 + _EPS_MIN) / unit_min)
        high = math.floor((high_h * 60 + _EPS_MIN) / unit_min)
    if need <= least and room >= most:
        return None
    return PeriodLimits(high - room + need, high, high - room)
