"""The period that hours and weekends are limited in, where it is longer than the planned weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from schedules.agents import Contract
from staffing.plan.loading import Plan

WEEK_DAYS = 7


def period_start(plan: Plan, first_day: date) -> date | None:
    """First day of the period that a week belongs to; ``None`` where the plan declares none."""
    section = plan.settings.plan
    if section.period_from is None or section.period_from > first_day:
        return None
    if section.period_weeks is None:
        return section.period_from
    length = WEEK_DAYS * section.period_weeks
    return section.period_from + timedelta(days=(first_day - section.period_from).days // length * length)


def weeks_after(plan: Plan, first_day: date) -> int | None:
    """Weeks of the period that follow the planned ones; ``None`` where the period has no end.

    Without a declared period the planned weeks are the period, and none follows.
    """
    begin, weeks = period_start(plan, first_day), plan.settings.plan.period_weeks
    if begin is None:
        return 0
    if weeks is None:
        return None
    end = begin + timedelta(days=WEEK_DAYS * weeks)
    planned_until = first_day + timedelta(days=WEEK_DAYS * plan.settings.plan.weeks)
    return max(0, (end - planned_until).days // WEEK_DAYS)


def contracts_for(plan: Plan, contracts: dict[str, Contract], first_day: date) -> dict[str, Contract]:
    """Contracts whose least hours of the period leave what the weeks after the planned ones can still give."""
    left = weeks_after(plan, first_day)
    if left == 0:
        return contracts

    def still(contract: Contract) -> Contract:
        if contract.min_period_hours is None:
            return contract
        least = 0.0 if left is None else max(0.0, contract.min_period_hours - left * contract.max_hours)
        return replace(contract, min_period_hours=least)

    return {name: still(contract) for name, contract in contracts.items()}
