"""The anonymous shifts of the design: people per kind and day, then each shift."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffing.report.quantities import hours, number
from staffing.report.tables import Table, records, table
from staffing.report.week import Week, clock, day_words, in_zone

if TYPE_CHECKING:
    from staffing.plan.result import PlanResult


def shift_tables(result: PlanResult, week: Week) -> tuple[Table | None, Table | None]:
    """The anonymous shifts: people per kind and day, then each shift."""
    design = result.design.table
    if not len(design):
        return None, None
    start, end = in_zone(design["start"], week.zone), in_zone(design["end"], week.zone)
    full = design.assign(start=start, end=end, day_index=week.day_index(start)).sort_values(
        ["start", "end", "kind"], kind="stable"
    )
    summed = full.groupby(["kind", "day_index"], sort=False)["agents"].sum()
    kinds = [
        (
            kind,
            *(number(summed.get((kind, i), 0)) for i in range(len(week.days))),
            hours(float((part["paid_h"] * part["agents"]).sum())),
        )
        for kind, part in full.groupby("kind", sort=True)
    ]
    every = [
        (
            row.kind,
            day_words(row.start),
            f"{clock(row.start)}–{clock(row.end)}{' (+1)' if row.end.date() > row.start.date() else ''}",
            hours(row.paid_h, 2),
            number(row.agents),
        )
        for row in records(full)
    ]
    return (
        table(
            "People per kind of shift and day",
            ("Shift", *(day_words(d) for d in week.days), "Paid hours"),
            kinds,
            numeric=range(1, len(week.days) + 2),
        ),
        table(
            "Every shift of the design",
            ("Shift", "Day", "Time", "Paid hours each", "People"),
            every,
            numeric=(3, 4),
        ),
    )
