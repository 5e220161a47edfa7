"""events.csv: promotions, campaigns, outages to come, and what they do to the volume."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from staffing.errors import BadInput
from staffing.files.defects import Defects
from staffing.files.local_time import check_zone
from staffing.files.numbers import parse_number
from staffing.files.ranges import check_queue, range_end, range_start
from staffing.files.source import read_source

_UPLIFT_ACCEPTED = "a change such as +20% or 0.2, from -100% to +1000%, or blank to have it estimated"
_LARGEST_UPLIFT = 10.0


def read_events(path: Path, timezone: str, queues: Sequence[str]) -> pd.DataFrame:
    """Read a CSV of events; a header without rows is a plan without events.

    Columns ``name``, ``start``, ``end`` (blank = the day of the start; an end date is part of the event),
    where wanted ``queue`` (blank = all) and ``uplift`` (``+20%`` or ``0.2``; blank = unknown).

    Returns
    -------
    DataFrame with ``name``, ``start`` and ``end`` (zone-aware, ``[start, end)``), ``queue`` (empty =
    all) and ``uplift`` (share, 0.2 = +20 %; NaN = unknown), in the order of the file.

    Raises
    ------
    BadInput
        With the file, line, column, value and what is accepted.
    """
    check_zone(timezone)
    source = read_source(
        path, ("name", "start"), ("end", "queue", "uplift"), known_only=True, rows_needed=False
    )
    defects = Defects(path)
    events: list[tuple[str, pd.Timestamp, pd.Timestamp, str, float]] = []
    for row, line in enumerate(source.lines.tolist()):
        name, queue = source.cell("name", row), source.cell("queue", row)
        if not name:
            defects.add("an event without a name", line=line, field="name", accepted="a name")
        check_queue(defects, queue, queues, line)
        column = "start"
        try:
            start = range_start(source.cell("start", row), timezone)
            column = "end"
            end = range_end(source.cell("end", row), start, timezone, "an event")
            column = "uplift"
            events.append((name, start, end, queue, parse_uplift(source.cell("uplift", row))))
        except BadInput as error:
            defects.add_error(error, line=line, field=column)
    defects.check()
    table = pd.DataFrame(events, columns=["name", "start", "end", "queue", "uplift"])
    for column in ("start", "end"):  # also gives an empty table its types
        table[column] = pd.to_datetime(table[column], utc=True).dt.tz_convert(timezone)
    return table.astype({"name": "str", "queue": "str", "uplift": float})


def parse_uplift(text: str) -> float:
    """Share of ``+20%`` or ``0.2``; NaN of a blank text.

    Raises
    ------
    BadInput
        For what is not a share in [-1, 10]; ``20`` is refused, because it may mean 20 %.
    """
    if not text.strip():
        return float(np.nan)
    number, percent, rest = text.strip().partition("%")
    if rest:
        raise BadInput("not a change of volume", value=text, accepted=_UPLIFT_ACCEPTED)
    scale = 100.0 if percent else 1.0
    limits = {"least": -scale, "most": _LARGEST_UPLIFT * scale, "accepted": _UPLIFT_ACCEPTED}
    return parse_number(number.strip(), **limits) / scale  # type: ignore[arg-type]
