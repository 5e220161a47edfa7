"""The proof on the roster itself: how often its targets hold, where it is weakest, and what formulas say beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from staffing.report.quantities import (
    count,
    duration,
    finite,
    hours,
    missing,
    number,
    percent,
    percent_against,
)
from staffing.report.svg import Axis, Frame, coordinate, element, nice_ticks, picture
from staffing.report.tables import Table, badge, queue_name, records, table
from staffing.report.week import Week, clock, day_words, in_zone

if TYPE_CHECKING:
    from staffing.plan.result import PlanResult
    from staffing.sizing.proving.proof import Proof

_WORST_SHOWN = 10
_BARS = 24
_SURE, _LIKELY = 0.9, 0.5
_NO_MEANING = "this measure has no meaning for the queue"


@dataclass(frozen=True)
class QueueOdds:
    """One queue's service over the paths, drawn."""

    queue: str
    colour: int
    words: str
    picture: Markup


@dataclass(frozen=True)
class Proved:
    """The part's content."""

    lead: str
    queues: Table
    days: Table
    odds: tuple[QueueOdds, ...]
    spread: Table
    worst: Table | None
    sides: Table
    rounds: Table | None
    assumptions: tuple[str, ...]


def proved(result: PlanResult, week: Week) -> Proved | None:
    """Tables and pictures of a proof; ``None`` where the plan was not proved."""
    proof = result.proof
    if proof is None:
        return None
    return Proved(
        lead=_lead(proof),
        queues=_queues(proof, week),
        days=_days(proof, week),
        odds=tuple(
            _odds(proof, queue, week) for queue in week.queues if (proof.paths["queue"] == queue).any()
        ),
        spread=_spread(proof, week),
        worst=_worst(proof, week),
        sides=_sides(proof, week),
        rounds=_rounds(proof, result.currency),
        assumptions=proof.assumptions,
    )


def _lead(proof: Proof) -> str:
    held = "Every target holds" if proof.held else "Not every target holds"
    return (
        f"{held}: this roster was played through {count(proof.path_count, 'possible course', 'possible courses')} "
        f"of the forecast, contact by contact, with the people's breaks, skills and absences ({proof.engine}). "
        f"A target counts as held up to {100 * proof.rules.tolerance:g} points below it."
    )


def _odds_badge(probability: Any) -> Markup:
    """How often a target was met, with a sign that needs no colour."""
    if not finite(probability):
        return missing("no contacts")
    share = float(probability)
    state = "good" if share >= _SURE else "fair" if share >= _LIKELY else "bad"
    return badge(state, percent(share, 0))


def _queues(proof: Proof, week: Week) -> Table:
    rows = []
    for row in records(proof.service[proof.service["day"] == "week"]):
        asked = f"{percent(row.confidence, 0)} of the courses" if finite(row.confidence) else "the mean"
        rows.append(
            (
                queue_name(row.queue, week.colour(row.queue)),
                number(row.contacts),
                percent(row.target, 0),
                percent_against(row.service_level, row.target, reason="no contacts"),
                badge("good", "held") if row.held else badge("bad", "missed"),
                asked,
                _odds_badge(row.met_probability),
                duration(row.asa_s, _NO_MEANING),
                percent(row.abandonment, reason=_NO_MEANING),
                percent(row.occupancy, reason=_NO_MEANING),
                duration(row.resolution_s, _NO_MEANING),
            )
        )
    return table(
        "Simulated service over the week",
        (
            "Queue", "Contacts", "Target", "Service level", "Verdict", "To hold for", "Met in", "Average wait",
            "Abandoned", "Occupancy", "Until resolved",
        ),
        rows,
        numeric=(1, 2, 3, 7, 8, 9, 10),
        foot="Met in: share of the courses in which every target of the queue holds over the week, without any "
        "tolerance. Average wait: of the answered. Until resolved: from arrival to the end of handling.",
    )  # fmt: skip


def _days(proof: Proof, week: Week) -> Table:
    found = {(row.queue, str(row.day)[:10]): row for row in records(proof.service)}
    rows = []
    for queue in week.queues:
        cells: list[object] = [queue_name(queue, week.colour(queue))]
        for day in (*(day.isoformat() for day in week.days), "week"):
            row = found.get((queue, day))
            if row is None or not finite(row.service_level):
                cells.append(missing("no contacts expected"))
            else:
                cells.append(_odds_badge(row.met_probability))
        rows.append(cells)
    return table(
        "How often the day's targets are met",
        ("Queue", *(day_words(day) for day in week.days), "Week"),
        rows,
        foot=f"Share of the courses in which all targets of the queue hold over the day. ✓ at least "
        f"{percent(_SURE, 0)}, ! at least {percent(_LIKELY, 0)}, ✗ less.",
    )


def _odds(proof: Proof, queue: str, week: Week) -> QueueOdds:
    """Histogram of a queue's service level over the courses, with its target."""
    levels = proof.paths.loc[proof.paths["queue"] == queue, "service_level"].to_numpy(dtype=float)
    levels = levels[np.isfinite(levels)]
    target = float(proof.service.loc[proof.service["queue"] == queue, "target"].iloc[0])
    colour = week.colour(queue)
    if not len(levels):
        return QueueOdds(queue, colour, "no contacts", picture(540, 20, f"{queue}: no contacts"))
    low = max(0.0, np.floor(20 * min(levels.min(), target)) / 20)
    high = min(1.0, np.ceil(20 * max(levels.max(), target) + 1e-9) / 20)
    if high - low < 0.05:
        low = max(0.0, high - 0.05)
    counts, edges = np.histogram(levels, bins=_BARS, range=(low, high))
    share = counts / len(levels)
    ticks = nice_ticks(0, 100 * float(share.max()), 3)
    frame = Frame(Axis(100 * low, 100 * high, 44, 532), Axis(0, ticks[-1], 116, 8))
    bars = "".join(
        f"M{coordinate(frame.x(100 * left) + 0.5)} {coordinate(frame.base)}V{coordinate(frame.y(100 * part))}"
        f"H{coordinate(frame.x(100 * right) - 0.5)}V{coordinate(frame.base)}Z"
        for left, right, part in zip(edges[:-1], edges[1:], share, strict=True)
        if part > 0
    )
    marks = [
        (tick, f"{number(tick)} %")
        for tick in nice_ticks(100 * low, 100 * high, 5)
        if 100 * low <= tick <= 100 * high
    ]
    middle = float(np.median(levels))
    words = (
        f"{queue}: service level over the week in {len(levels)} possible courses, from {percent(levels.min())} to "
        f"{percent(levels.max())}, half of them above {percent(middle)}; the target is {percent(target, 0)}"
    )
    drawn = picture(
        540,
        140,
        words,
        frame.horizontal_grid(ticks, suffix=" %"),
        element("path", d=bars, class_=f"fill q{colour}"),
        frame.vertical_marks(marks, "none"),
        element(
            "path",
            d=f"M{coordinate(frame.x(100 * target))} 4V{coordinate(frame.base)}",
            class_="target-mark",
        ),
    )
    said = f"half of the courses above {percent(middle)}, one in twenty below {percent(np.quantile(levels, 0.05))}"
    return QueueOdds(queue, colour, said, drawn)


def _spread(proof: Proof, week: Week) -> Table:
    words: dict[str, tuple[str, Callable[..., str]]] = {
        "contacts": ("Contacts", number),
        "service_level": ("Service level", percent),
        "abandonment": ("Abandoned", percent),
        "asa_s": ("Average wait", duration),
        "occupancy": ("Occupancy", percent),
        "resolution_s": ("Until resolved", duration),
    }
    rows = []
    for row in records(proof.distribution[proof.distribution["day"] == "week"]):
        name, write = words[row.measure]
        rows.append(
            (
                queue_name(row.queue, week.colour(row.queue)),
                name,
                *(write(value) for value in (row.mean, row.p05, row.p25, row.p50, row.p75, row.p95)),
            )
        )
    return table(
        "The week over all courses",
        ("Queue", "Measure", "Mean", "5 % below", "25 % below", "Half below", "75 % below", "95 % below"),
        rows,
        numeric=(2, 3, 4, 5, 6, 7),
    )


def _worst(proof: Proof, week: Week) -> Table | None:
    some = proof.worst.head(_WORST_SHOWN)
    if not len(some):
        return None
    start = in_zone(some["start"], week.zone)
    rows = [
        (
            queue_name(row.queue, week.colour(row.queue)),
            f"{day_words(moment)}, {clock(moment)}",
            number(row.contacts, 1),
            number(row.scheduled, 1),
            percent_against(row.service_level, row.target),
            number(row.late, 1),
            percent(row.abandonment, reason=_NO_MEANING),
            _odds_badge(row.met_probability),
        )
        for row, moment in zip(records(some), start, strict=True)
    ]
    return table(
        "Weakest intervals",
        (
            "Queue", "From", "Contacts", "People on shift", "Service level", "Too late", "Abandoned", "Target met in"
        ),
        rows,
        numeric=(2, 3, 4, 5, 6),
        foot="Too late: contacts answered too late beyond what the target allows, in the mean over the courses.",
    )  # fmt: skip


def _sides(proof: Proof, week: Week) -> Table:
    words: dict[str, tuple[str, Callable[..., str]]] = {
        "service_level": ("Service level", percent),
        "abandonment": ("Abandoned", percent),
        "asa_s": ("Average wait", duration),
        "occupancy": ("Occupancy", percent),
    }
    rows = []
    for row in records(proof.sides[proof.sides["day"] == "week"]):
        name, write = words[row.measure]
        if not (finite(row.formula) or finite(row.simulation)):
            continue
        reason = "" if row.reason is None or pd.isna(row.reason) else str(row.reason)
        if not reason and not (finite(row.formula) and finite(row.simulation)):
            reason = "only one of them knows this measure"
        elif not reason and row.measure != "asa_s":
            reason = "no more than two points apart"
        rows.append(
            (
                queue_name(row.queue, week.colour(row.queue)),
                name,
                write(row.formula, reason=_NO_MEANING),
                write(row.simulation, reason=_NO_MEANING),
                reason,
            )
        )
    return table(
        "By formula and by simulation",
        ("Queue", "Measure", "Formula", "Simulation", "Why they differ"),
        rows,
        numeric=(2, 3),
        foot="Formula: each slot by itself in balance, under the mean forecast, each queue with the people that "
        "the roster gives it.",
    )


def _rounds(proof: Proof, currency: str) -> Table | None:
    if not len(proof.trail):
        return None
    rows = [
        (
            Markup("{}{}").format(number(row.iteration), Markup(" <b>kept</b>") if row.best else ""),
            hours(row.agent_hours),
            f"{number(row.cost, 2)} {currency}",
            number(row.missed),
            row.service_level,
            row.changed or "nothing",
        )
        for row in records(proof.trail)
    ]
    return table(
        "Rounds of roster and simulation",
        ("Round", "Paid hours", "Paid", "Targets missed", "Service level", "Changed for the next round"),
        rows,
        numeric=(1, 2, 3),
        foot="Where a target was missed the requirement was raised, where it was overshot lowered. "
        f"Ended: {proof.stopped}.",
    )
