"""The report of a planned week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffing.report.document import document
from staffing.report.hover import Hover
from staffing.report.parts.balance import balance_table
from staffing.report.parts.cost import cost_table
from staffing.report.parts.coverage import coverage
from staffing.report.parts.gantt import gantt
from staffing.report.parts.grid import grid
from staffing.report.parts.headline import headline
from staffing.report.parts.outlook import outlook
from staffing.report.parts.proof import bounds_table, trail
from staffing.report.parts.proved import proved
from staffing.report.parts.rulebook import rulebook
from staffing.report.parts.service import service
from staffing.report.parts.shifts import shift_tables
from staffing.report.parts.targets import assumptions, models
from staffing.report.parts.wishes import wishes
from staffing.report.tours import worked_shifts
from staffing.report.week import Week

if TYPE_CHECKING:
    from staffing.plan.result import PlanResult

_PRINT_ALL_PEOPLE = 150
_OPEN_QUEUES = 3


def render(result: PlanResult) -> str:
    """The report as one HTML document.

    Parameters
    ----------
    result
        A planned week.

    Returns
    -------
    Text of a self-contained page: no request leaves it, and the same result gives the same bytes
    (run times are left out for that reason). Parts that would fill hundreds of sheets are folded,
    and only printed when unfolded, for teams of more than 150 people. A day on which more than 5,000
    people work has its curve, but no line per person.
    """
    week = Week.of(result)
    hover = Hover()
    shifts = worked_shifts(result, week)
    served, covered = service(result, week), coverage(result, week, hover)
    rules, wished = rulebook(result), wishes(result)
    kinds, every_shift = shift_tables(result, week)
    return document(
        "report.html",
        name=result.name,
        week_words=week.words(),
        zone=result.timezone,
        interval_min=result.interval_min,
        slot_min=result.slot_min,
        seed=result.seed,
        activities=result.activities,
        headline=headline(result, served, covered, rules, wished, shifts),
        notes=_notes(result),
        service=served,
        proved=proved(result, week),
        outlook=outlook(result, week, hover),
        coverage=covered,
        assumptions=assumptions(result, week),
        models=models(result, week),
        cost=cost_table(result),
        bounds=bounds_table(result),
        trail=trail(result),
        grid=grid(result, week, shifts),
        balance=balance_table(result),
        gantt=gantt(result, week, shifts, hover),
        queue_colours=[(queue, week.colour(queue)) for queue in week.queues],
        rules=rules,
        wishes=wished,
        shift_kinds=kinds,
        every_shift=every_shift,
        hover=hover.charts,
        print_all=len(result.agents) <= _PRINT_ALL_PEOPLE,
        open_queues=_OPEN_QUEUES,
    )


def _notes(result: PlanResult) -> tuple[str, ...]:
    """Notes of the plan and of its two solves, each once."""
    notes = (*result.notes, *getattr(result.design, "notes", ()), *getattr(result.roster, "notes", ()))
    return tuple(dict.fromkeys(str(note) for note in notes))
