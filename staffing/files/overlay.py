"""overlay.csv: what a planner adds to the forecast or takes from it, and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from staffing.errors import BadInput
from staffing.files.defects import Defects, listed
from staffing.files.local_time import check_zone
from staffing.files.numbers import parse_number
from staffing.files.ranges import check_queue, range_end, range_start
from staffing.files.source import read_source

COLUMNS = ["queue", "start", "end", "share", "contacts", "reason"]

_ACCEPTED = "a change such as +10%, -5%, +50 or -50 (contacts in the whole range)"
_LARGEST_PERCENT = 1000.0
_LARGEST_CONTACTS = 1e7


def read_overlay(path: Path, timezone: str, queues: Sequence[str]) -> pd.DataFrame:
    """Read a CSV of changes to the forecast; a header without rows changes nothing.

    Columns ``start``, ``change`` (``+10%``, or ``-50`` contacts in the whole range) and where wanted ``end`` (blank =
    the day of the start; an end date is part of the range), ``queue`` (blank = all, for shares only) and ``reason``.

    Returns
    -------
    DataFrame with ``queue`` (empty = all), ``start`` and ``end`` (zone-aware, ``[start, end)``), ``share``
    (0.1 = +10 %; NaN for an absolute change), ``contacts`` (NaN for a share) and ``reason``, in the order of the file.

    Raises
    ------
    BadInput
        With the file, line, column, value and what is accepted.
    """
    check_zone(timezone)
    source = read_source(
        path, ("start", "change"), ("end", "queue", "reason"), known_only=True, rows_needed=False
    )
    defects = Defects(path)
    rows: list[tuple[str, pd.Timestamp, pd.Timestamp, float, float, str]] = []
    for row, line in enumerate(source.lines.tolist()):
        queue = source.cell("queue", row)
        check_queue(defects, queue, queues, line)
        column = "start"
        try:
            start = range_start(source.cell("start", row), timezone)
            column = "end"
            end = range_end(source.cell("end", row), start, timezone)
            column = "change"
            share, contacts = parse_change(source.cell("change", row))
        except BadInput as error:
            defects.add_error(error, line=line, field=column)
            continue
        if not queue and not np.isnan(contacts):
            defects.add(
                "a number of contacts for all queues",
                line=line,
                field="queue",
                accepted=f"one of {listed(queues)}",
            )
        rows.append((queue, start, end, share, contacts, source.cell("reason", row)))
    defects.check()
    table = pd.DataFrame(rows, columns=COLUMNS)
    for column in ("start", "end"):  # also gives an empty table its types
        table[column] = pd.to_datetime(table[column], utc=True).dt.tz_convert(timezone)
    return table.astype({"queue": "str", "share": float, "contacts": float, "reason": "str"})


def parse_change(text: str) -> tuple[float, float]:
    """Share and contacts of ``+10%`` (0.1, NaN) or ``-50`` (NaN, -50).

    A spreadsheet drops the plus sign, so that a bare number is an addition.

    Raises
    ------
    BadInput
        For anything else; ``0.1`` is refused, because it may mean 10 %.
    """
    number, percent, rest = text.strip().partition("%")
    if not number or rest:
        raise BadInput("not a change of volume", value=text, accepted=_ACCEPTED)
    if percent:
        value = parse_number(number.strip(), least=-100.0, most=_LARGEST_PERCENT, accepted=_ACCEPTED)
        return value / 100, float(np.nan)
    value = parse_number(number.strip(), least=-_LARGEST_CONTACTS, most=_LARGEST_CONTACTS, accepted=_ACCEPTED)
    if 0 < abs(value) < 1:
        raise BadInput("a part of one contact, or a share?", value=text, accepted=_ACCEPTED)
    return float(np.nan), value
