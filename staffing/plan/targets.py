"""Targets and opening hours of a plan's queues."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date

import holidays as public_holidays

from forecasts import OpeningHours
from staffing.errors import BadInput
from staffing.files.clock import parse_weekdays, parse_windows
from staffing.plan.loading import Plan
from staffing.sizing.targets import QueueTarget


def queue_targets(plan: Plan) -> dict[str, QueueTarget]:
    """Targets per queue, in the plan's order.

    Raises
    ------
    BadInput
        Targets that contradict each other, named by queue and line.
    """
    targets = {}
    for name in plan.settings.queues:
        try:
            targets[name] = _target(plan, name)
        except ValueError as error:
            raise plan.defect(str(error), "queues", name, accepted="targets that fit together") from None
    return targets


def _target(plan: Plan, queue: str) -> QueueTarget:
    section = plan.settings.queues[queue]
    known = {field.name for field in fields(QueueTarget)}
    given = {name: value for name, value in section.model_dump(include=known).items()}
    if section.answer_within_min is not None:
        given["answer_within_s"] = 60.0 * section.answer_within_min
    return QueueTarget(queue=queue, **given)


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
