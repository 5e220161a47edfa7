"""Targets and opening hours of a plan's queues."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import holidays as public_holidays

from forecasts import OpeningHours
from staffing.errors import BadInput
from staffing.files.clock import parse_weekdays, parse_windows
from staffing.plan.loading import Plan
from staffing.plan.queue_target import queue_target
from staffing.sizing.targets import QueueTarget


def queue_targets(plan: Plan) -> dict[str, QueueTarget]:
    """Targets per queue, in the plan's order.

    Raises
    ------
    BadInput
        Targets that contradict each other, named by queue and line.
    """
    targets = {}
    contracts = plan.settings.contracts.values()
    wage_per_hour = sum(contract.cost_per_hour for contract in contracts) / len(contracts)
    for name, section in plan.settings.queues.items():
        deadline_h = _deadline_h(plan, name)
        try:
            targets[name] = queue_target(name, section, deadline_h, wage_per_hour)
        except ValueError as error:
            raise plan.defect(str(error), "queues", name, accepted="targets that fit together") from None
    return targets


def _deadline_h(plan: Plan, queue: str) -> float | None:
    """Deadline of a queue in opening hours; a day is the mean opening of the days that open."""
    section = plan.settings.queues[queue]
    if section.resolve_within_days is None:
        return section.resolve_within_h
    hours = opening_hours(plan, queue, ())
    if hours is None:
        raise plan.defect(
            "a deadline in days needs to know how long a day is open", "queues", queue, "resolve_within_days",
            value=section.resolve_within_days, accepted="opening hours in the plan, or resolve_within_h",
        )  # fmt: skip
    open_min = [
        sum(until - begin for begin, until in windows) for windows in hours.weekly.values() if windows
    ]
    return section.resolve_within_days * sum(open_min) / len(open_min) / 60.0


def public_holiday_names(plan: Plan, years: Iterable[int]) -> dict[date, str]:
    """Public holidays of the plan's country, date → name; empty without a country."""
    section = plan.settings.plan
    if not section.country:
        return {}
    calendar = public_holidays.country_holidays(
        section.country, subdiv=section.subdivision or None, years=sorted(set(years))
    )
    return dict(sorted(calendar.items()))


def opening_hours(plan: Plan, queue: str, years: Iterable[int]) -> OpeningHours | None:
    """Opening hours of a queue, or ``None`` where they are to be learned from its history.

    Raises
    ------
    BadInput
        Hours or days that cannot be read, or that never open.
    """
    section = plan.settings.opening_of(queue)
    if section is None:
        return None
    own = plan.settings.queues[queue].opening_hours is not None
    key: tuple[str, ...] = ("queues", queue, "opening_hours") if own else ("opening_hours",)
    weekly: dict[int, list[tuple[int, int]]] = {}
    for days, hours in section.windows.items():
        try:
            windows = parse_windows(hours)
            weekdays = parse_weekdays(days)
        except BadInput as error:
            raise plan.defect(error.problem, *key, days, value=error.value, accepted=error.accepted) from None
        for weekday in weekdays:
            weekly.setdefault(weekday, []).extend(windows)
    weekly = {weekday: windows for weekday, windows in weekly.items() if windows}
    if not weekly:
        raise plan.defect(
            "the queue never opens", *key, accepted='at least one day, such as mon-fri = "08:00-20:00"'
        )
    closed = set(section.closed_on)
    if section.holidays == "closed":
        if not plan.settings.plan.country:
            raise plan.defect(
                'holidays = "closed" needs to know whose', *key, "holidays", value="closed",
                accepted="a country in [plan]",
            )  # fmt: skip
        closed |= set(public_holiday_names(plan, years))
    return OpeningHours(weekly, frozenset(closed))
