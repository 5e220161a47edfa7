"""exclusions.csv: stretches of history that do not stand for ordinary business, found or named by a person."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from staffing.errors import BadInput
from staffing.files.defects import Defects
from staffing.files.local_time import check_zone
from staffing.files.ranges import check_queue, range_end, range_start
from staffing.files.source import read_source

ACTIONS = ("exclude", "keep")
COLUMNS = ["queue", "start", "end", "action", "reason"]


def read_exclusions(path: Path, timezone: str, queues: Sequence[str]) -> pd.DataFrame:
    """Read a CSV of exclusions; a header without rows excludes nothing.

    Columns ``start`` and where wanted ``end`` (blank = the day of the start; an end date is part of the range),
    ``queue`` (blank = all), ``action`` (``exclude``, the default: not used for forecasting; ``keep``: used whatever
    looks strange about it) and ``reason``. The file that a forecast writes can be edited and read again.

    Returns
    -------
    DataFrame with ``queue`` (empty = all), ``start`` and ``end`` (zone-aware, ``[start, end)``), ``action`` and
    ``reason``, in the order of the file.

    Raises
    ------
    BadInput
        With the file, line, column, value and what is accepted.
    """
    check_zone(timezone)
    source = read_source(
        path, ("start",), ("queue", "end", "action", "reason"), known_only=True, rows_needed=False
    )
    defects = Defects(path)
    rows: list[tuple[str, pd.Timestamp, pd.Timestamp, str, str]] = []
    for row, line in enumerate(source.lines.tolist()):
        queue, action = source.cell("queue", row), source.cell("action", row) or "exclude"
        check_queue(defects, queue, queues, line)
        if action not in ACTIONS:
            defects.add(
                "unknown action", line=line, field="action", value=action, accepted=" or ".join(ACTIONS)
            )
        column = "start"
        try:
            start = range_start(source.cell("start", row), timezone)
            column = "end"
            end = range_end(source.cell("end", row), start, timezone)
        except BadInput as error:
            defects.add_error(error, line=line, field=column)
            continue
        rows.append((queue, start, end, action, source.cell("reason", row)))
    defects.check()
    table = pd.DataFrame(rows, columns=COLUMNS)
    for column in ("start", "end"):  # also gives an empty table its types
        table[column] = pd.to_datetime(table[column], utc=True).dt.tz_convert(timezone)
    return table.astype({"queue": "str", "action": "str", "reason": "str"})
