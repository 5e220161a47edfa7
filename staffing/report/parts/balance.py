"""How evenly the roster treats people, what they bring from earlier weeks included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffing.report.quantities import number
from staffing.report.tables import Table, records, table

if TYPE_CHECKING:
    from staffing.plan.result import PlanResult

WORDS = {
    "hours_balance_min": "Minutes above target hours",
    "weekends": "Weekends worked",
    "late_shifts": "Late shifts",
    "night_shifts": "Night shifts",
    "refused_wishes": "Refused wishes",
}


def balance_table(result: PlanResult) -> Table | None:
    """Least, most and mean per person of every count; ``None`` where the plan has no balance."""
    if result.balance is None:
        return None
    rows = [
        (
            WORDS.get(str(row.count), str(row.count).replace("_", " ")),
            *(
                number(value, digits)
                for value, digits in ((row.minimum, 0), (row.maximum, 0), (row.mean, 1), (row.deviation, 1))
            ),
        )
        for row in records(result.balance.spread.rename(columns={"standard_deviation": "deviation"}))
        if row.mean == row.mean
    ]
    return table(
        "Shares per person",
        ("What", "Least", "Most", "Mean", "Standard deviation"),
        rows,
        numeric=(1, 2, 3, 4),
        foot="With what people bring from earlier weeks of the period, night shifts of these weeks alone; "
        "balance.csv has a row per person.",
    )
