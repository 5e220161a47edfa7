"""What a person brings from earlier weeks, as columns of a file."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from schedules.agents import Before
from staffing.errors import BadInput
from staffing.files.defects import listed
from staffing.files.numbers import parse_number

# Column → field of `schedules.agents.Before`.
BROUGHT = {
    "hours_before": "hours",
    "nights_before": "nights_in_a_row",
    "last_kind": "last_kind",
    "weekends_before": "weekends",
    "late_before": "late_shifts",
    "refused_before": "refused_wishes",
    "hours_balance": "hours_balance",
}
MOST_HOURS = 10_000


def parse_brought(
    read: Callable[[str, Callable[[str], Any]], Any], kinds: Collection[str], columns: Collection[str]
) -> Before:
    """What one row says of earlier weeks; a blank cell is nothing.

    Parameters
    ----------
    read
        Reads a column of the row with a parser; gives ``None`` where the cell has a defect.
    kinds
        Shift kinds of the plan.
    columns
        Columns that the file has.
    """
    values: dict[str, Any] = {}
    for column, field in BROUGHT.items():
        if column not in columns:
            continue
        value = read(column, _parser(column, kinds))
        if value is not None:
            values[field] = value
    return Before(**values)


def _parser(column: str, kinds: Collection[str]) -> Callable[[str], Any]:
    if column == "last_kind":
        return lambda text: _kind(text, kinds)
    if column == "hours_before":
        return lambda text: _number(text, 0.0, "hours from 0 to 10000, or blank")
    if column == "hours_balance":
        return lambda text: _number(text, -MOST_HOURS, "hours from -10000 to 10000, or blank")
    return _count


def _kind(text: str, kinds: Collection[str]) -> str:
    if text and text not in kinds:
        raise BadInput(
            "unknown shift", value=text, accepted=f"{listed(list(kinds))}, or blank for a free day"
        )
    return text


def _number(text: str, least: float, accepted: str) -> float:
    return parse_number(text, least=least, most=MOST_HOURS, accepted=accepted) if text else 0.0


def _count(text: str) -> int:
    if not text:
        return 0
    return int(parse_number(text, least=0, most=1000, whole=True, accepted="a whole number from 0 to 1000"))
