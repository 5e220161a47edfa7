"""A roster from a file, written here or elsewhere, as a table to be checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from staffing.errors import BadInput
from staffing.files.agent_column import NAMES, agent_column
from staffing.files.agents import check_agent_id
from staffing.files.cells import unescape
from staffing.files.defects import Defects
from staffing.files.local_time import (
    SKIPPED_ACCEPTED,
    STAMP_ACCEPTED,
    check_zone,
    localize,
    parse_stamps,
    repeated,
    skipped_problem,
)
from staffing.files.source import Source, read_source

WORK = "work"
COLUMNS = ("agent", "start", "end", "activity", "paid", "queue", "shift_id")

_PAID = {
    **dict.fromkeys(("true", "yes", "y", "1", "1.0"), True),
    **dict.fromkeys(("false", "no", "n", "0", "0.0"), False),
}


@dataclass(frozen=True)
class Implied:
    """What a plan knows about a roster whose file lacks a column.

    Attributes
    ----------
    paid
        Activity → whether it is paid, for those that are always or never paid.
    queue
        Agent → the only queue that this person can work on.
    """

    paid: Mapping[str, bool] = field(default_factory=dict)
    queue: Mapping[str, str] = field(default_factory=dict)


NOTHING_IMPLIED = Implied()


def read_roster(path: Path, timezone: str, implied: Implied = NOTHING_IMPLIED) -> pd.DataFrame:
    """Read a roster, one row an activity.

    Columns ``agent`` (or ``agent_id``), ``start``, ``end``, ``activity`` (``work``, or the name of a
    break or meeting), ``paid``, ``queue`` (blank away from the queues) and, where the file has it,
    ``shift_id``. Times are ISO with an offset or naive local; a naive time that the clock shows twice is
    refused, because a guess would change the hours worked. Other columns are ignored.

    Parameters
    ----------
    implied
        Stands in for ``paid`` or ``queue`` where the file has no such column.

    Returns
    -------
    DataFrame with `COLUMNS`; ``start`` and ``end`` zone-aware in ``timezone``, ``paid`` bool,
    ``shift_id`` empty where the file has none; sorted by agent and start.

    Raises
    ------
    BadInput
        With the file, line, column, value and what is accepted.
    """
    check_zone(timezone)
    required, optional = ("start", "end", "activity"), (*NAMES, "paid", "queue", "shift_id")
    source = read_source(path, required, optional, rows_needed=False)
    name = agent_column(source)
    defects = Defects(path)
    agents = _agents(source, name, defects)
    start, end = (_times(source, column, timezone, defects) for column in ("start", "end"))
    defects.add_rows(
        np.asarray(end <= start),
        "an end that is not after its start",
        lines=source.lines,
        field="end",
        values=source.columns["end"],
        accepted="a later time (a shift past midnight ends on the next date)",
    )
    activity = _activities(source, defects)
    paid = _paid(source, activity, implied, defects)
    queue = _queues(source, agents, activity, implied, defects)
    defects.check()
    table = pd.DataFrame(
        {
            "agent": agents,
            "start": start,
            "end": end,
            "activity": activity,
            "paid": paid,
            "queue": queue,
            "shift_id": _texts(source, "shift_id") if "shift_id" in source.columns else "",
        }
    )
    return table.sort_values(["agent", "start"], kind="stable", ignore_index=True)


def _texts(source: Source, column: str) -> list[str]:
    """Text as it was meant: the product writes what a spreadsheet would run behind an apostrophe."""
    return [unescape(cell.strip()) for cell in source.columns[column]]


def _agents(source: Source, name: str, defects: Defects) -> list[str]:
    agents = _texts(source, name)
    accepted = {}
    for row, agent in enumerate(agents):
        if agent not in accepted:
            try:
                accepted[agent] = check_agent_id(agent)
            except BadInput as error:
                defects.add_error(error, line=int(source.lines[row]), field=name)
    return agents


def _times(source: Source, column: str, timezone: str, defects: Defects) -> pd.DatetimeIndex:
    cells, lines = source.columns[column], source.lines
    stamps = parse_stamps(cells)

    def refuse(rows: np.ndarray, problem: str, accepted: str) -> None:
        defects.add_rows(rows, problem, lines=lines, field=column, values=cells, accepted=accepted)

    refuse(stamps.wrong, "not a date and time", STAMP_ACCEPTED)
    naive = np.flatnonzero(~stamps.offset & ~stamps.wrong)
    utc = stamps.times.tz_localize(None).to_numpy().copy()
    if naive.size:
        wall = stamps.times[naive].tz_localize(None)
        local = localize(wall, timezone)
        twice, skipped = np.zeros((2, len(cells)), dtype=bool)
        twice[naive], skipped[naive] = repeated(wall, timezone), np.asarray(local.isna())
        refuse(twice, f"a local time that {timezone} has twice", "a time with its offset, such as +01:00")
        refuse(skipped, skipped_problem(timezone), SKIPPED_ACCEPTED)
        utc[naive] = local.tz_convert("UTC").tz_localize(None).to_numpy()
    return pd.DatetimeIndex(utc).tz_localize("UTC").tz_convert(timezone)


def _activities(source: Source, defects: Defects) -> list[str]:
    activities = _texts(source, "activity")
    defects.add_rows(
        np.array([not activity for activity in activities], dtype=bool),
        "no activity",
        lines=source.lines,
        field="activity",
        values=activities,
        accepted="work, or the name of a break",
    )
    return activities


def _paid(source: Source, activities: list[str], implied: Implied, defects: Defects) -> np.ndarray:
    if "paid" not in source.columns:
        defects.add_rows(
            np.array([activity not in implied.paid for activity in activities], dtype=bool),
            "the file has no column paid, and whether this is paid does not follow from the plan",
            lines=source.lines,
            field="activity",
            values=activities,
            accepted="a column paid with true or false in every row",
        )
        return np.array([implied.paid.get(activity, False) for activity in activities], dtype=bool)
    cells = [cell.strip().casefold() for cell in source.columns["paid"]]
    defects.add_rows(
        np.array([cell not in _PAID for cell in cells], dtype=bool),
        "neither paid nor unpaid",
        lines=source.lines,
        field="paid",
        values=source.columns["paid"],
        accepted="true or false",
    )
    return np.array([_PAID.get(cell, False) for cell in cells], dtype=bool)


def _queues(
    source: Source, agents: list[str], activities: list[str], implied: Implied, defects: Defects
) -> list[str]:
    if "queue" in source.columns:
        return _texts(source, "queue")
    working = [activity == WORK for activity in activities]
    defects.add_rows(
        np.array(
            [work and agent not in implied.queue for work, agent in zip(working, agents, strict=True)],
            dtype=bool,
        ),
        "the file has no column queue, and this person can work on more than one or is not in the plan",
        lines=source.lines,
        field="agent",
        values=agents,
        accepted="a column queue that names one queue in every row of work and is blank elsewhere",
    )
    return [implied.queue.get(agent, "") if work else "" for work, agent in zip(working, agents, strict=True)]
