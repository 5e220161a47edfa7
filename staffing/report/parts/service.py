"""Service of the roster, expected or simulated, against its targets: the week per queue, then day by day."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from staffing.report.parts.targets import target_words
from staffing.report.quantities import duration, finite, missing, number, percent, percent_against
from staffing.report.svg import element, picture
from staffing.report.tables import Table, badge, queue_name, records, table
from staffing.report.week import Week, day_words

if TYPE_CHECKING:
    from staffing.plan.result import PlanResult


_BY_FORMULA = (
    "Expected from the people on shift and not on a break, interval by interval, and weighted by contacts. "
)


@dataclass(frozen=True)
class QueueService:
    """What one queue may expect over the week; ``met`` is ``None`` where nothing can be said."""

    queue: str
    colour: int
    target_words: str
    target: float
    service_level: float
    met: bool | None
    gauge: Markup
    level_words: str
    verdict: Markup


@dataclass(frozen=True)
class Service:
    """The part's content."""

    queues: tuple[QueueService, ...]
    week: Table
    days: Table


def _met(value: Any) -> bool | None:
    return None if value is None or pd.isna(value) else bool(value)


def _rows(result: PlanResult) -> dict[tuple[str, Any], Any]:
    found = {}
    for row in records(result.judged_service):
        day = "week" if str(row.day) == "week" else pd.Timestamp(str(row.day)[:10]).date()
        found[row.queue, day] = row
    return found


def verdict(level: float, target: float, met: bool | None, exact: bool = False) -> Markup:
    """Met or missed, in words, with the distance where the service level is what misses."""
    if met is None:
        return badge("none", "cannot be said")
    if met:
        return badge("good", "met")
    points = (target - level) * 100 if finite(level) and finite(target) else 0.0
    if points > 0:
        return badge("bad", f"{number(points, 1) if points >= 0.05 else 'under 0.1'} points below")
    return badge("bad", "another limit is missed" if exact else "missed")


def why_missing(value: Any) -> str:
    """Why a measure has no number: without end, or without meaning."""
    try:
        endless = math.isinf(float(value))
    except (TypeError, ValueError):
        endless = False
    return "without end: more work than people" if endless else "this measure has no meaning here"


def gauge(level: float, target: float, colour: int) -> Markup:
    """A bar from 0 to 100 % with a mark at the target."""
    bar = (
        element("rect", x=0, y=6, width=max(0.0, min(level, 1.0)) * 200, height=10, class_=f"fill q{colour}")
        if finite(level)
        else ""
    )
    mark = element("path", d=f"M{target * 200:.1f} 0V22", class_="target-mark") if finite(target) else ""
    words = (
        f"Expected {percent(level)}, target {percent(target)}"
        if finite(level)
        else "No service level can be given"
    )
    return picture(
        200,
        22,
        words,
        element("rect", x=0, y=6, width=200, height=10, class_="track"),
        bar,
        mark,
        stretch=True,
    )


def service(result: PlanResult, week: Week) -> Service:
    """Tables and gauges of the expected service."""
    rows = _rows(result)
    queues, weekly, daily = [], [], []
    for queue in week.queues:
        name, colour = queue_name(queue, week.colour(queue)), week.colour(queue)
        words = target_words(result.targets[queue])
        row = rows.get((queue, "week"))
        level = float(row.service_level) if row is not None and finite(row.service_level) else float("nan")
        target = (
            float(row.target)
            if row is not None and finite(row.target)
            else result.targets[queue].service_level
        )
        met = None if row is None else _met(row.met)
        shown = percent_against(level, target, reason="no service level can be given for this queue")
        queues.append(
            QueueService(
                queue,
                colour,
                words,
                target,
                level,
                met,
                gauge(level, target, colour),
                shown,
                verdict(level, target, met, exact=True),
            )
        )
        asa, occupancy, abandonment = (
            (row.asa_s, row.occupancy, row.abandonment) if row is not None else (None, None, None)
        )
        weekly.append(
            (
                name,
                words,
                number(row.contacts if row is not None else None),
                shown,
                verdict(level, target, met, exact=True),
                duration(asa, why_missing(asa)),
                percent(occupancy, reason=why_missing(occupancy)),
                percent(abandonment, reason=why_missing(abandonment)),
            )
        )
        cells: list[object] = [name]
        for day in (*week.days, "week"):
            row = rows.get((queue, day))
            if row is None or not finite(row.service_level):
                silent = row is None or (finite(row.contacts) and float(row.contacts) == 0)
                cells.append(missing("no contacts expected" if silent else "nothing can be said"))
                continue
            aim = float(row.target) if finite(row.target) else target
            state = {True: "good", False: "bad", None: "none"}[_met(row.met)]
            cells.append(badge(state, percent_against(row.service_level, aim)))
        daily.append(cells)
    said = "expected" if result.proof is None else "simulated"
    week_table = table(
        f"Service {said} over the week",
        (
            "Queue",
            "Target",
            "Contacts",
            "Service level",
            "Against target",
            "Average wait",
            "Occupancy",
            "Abandoned",
        ),
        weekly,
        numeric=(2, 3, 5, 6, 7),
        foot=("" if result.proof is not None else _BY_FORMULA)
        + "Occupancy is the share of working time spent on contacts. A dash: the queue’s model does not "
        "define the measure, or a wait without end because there is more work than people.",
    )
    day_table = table(
        f"Service level {said} per day",
        ("Queue", *(day_words(day) for day in week.days), "Week"),
        daily,
        foot="✓ target met, ✗ target missed, – no contacts expected or nothing that can be said.",
    )
    return Service(tuple(queues), week_table, day_table)
