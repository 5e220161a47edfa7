"""absences.csv: agreed days off, leave, sickness, and other stretches in which a person cannot work."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from schedules.agents import Absence, Agent
from staffing.errors import BadInput
from staffing.files.defects import Defects
from staffing.files.local_time import (
    DAY_ACCEPTED,
    check_zone,
    day_end,
    day_start,
    is_day,
    parse_day,
    parse_local,
)
from staffing.files.source import Source, read_source

KINDS = ("day_off", "leave", "sick", "unavailable")
COLUMNS = ("agent_id", "start", "end", "kind")

_LONGEST_DAYS = 5 * 366


@dataclass(frozen=True)
class Away:
    """What keeps one person from working."""

    days_off: frozenset[date] = frozenset()
    leave: frozenset[date] = frozenset()
    stretches: tuple[Absence, ...] = ()


NO_ABSENCE = Away()


def read_absences(
    path: Path, agents: Collection[str], timezone: str, *, strangers: bool = False
) -> dict[str, Away]:
    """Read a CSV of absences; a header without rows is a plan without absences.

    Columns ``agent_id``, ``start``, ``end`` (blank = the day of the start) and ``kind``: ``day_off``,
    ``leave`` and ``sick`` take dates; ``unavailable`` takes dates or local times, ``[start, end)``. An end date
    is part of the absence. Of a local hour that the clock shows twice, all is taken. Who is ``sick`` is paid as on
    leave: the contract's hours and days of the week fall.

    Parameters
    ----------
    agents
        Ids of the people.
    strangers
        Pass over rows of other people instead of refusing them.

    Raises
    ------
    BadInput
        With the file, line, column, value and what is accepted.
    """
    check_zone(timezone)
    source = read_source(path, ("agent_id", "start", "kind"), ("end",), known_only=True, rows_needed=False)
    defects = Defects(path)
    days: dict[str, dict[str, set[date]]] = {}
    stretches: dict[str, list[Absence]] = {}
    for row, line in enumerate(source.lines.tolist()):
        agent, kind = source.cell("agent_id", row), source.cell("kind", row)
        if agent not in agents:
            if strangers:
                continue
            defects.add(
                "unknown agent", line=line, field="agent_id", value=agent, accepted="an id of agents.csv"
            )
        if kind not in KINDS:
            defects.add("unknown kind", line=line, field="kind", value=kind, accepted=", ".join(KINDS))
            continue
        column = "start"
        try:
            if kind == "unavailable":
                start = _start(source.cell("start", row), timezone)
                column = "end"
                stretches.setdefault(agent, []).append(_stretch(start, row, source, timezone))
            else:
                first = _whole_day(source.cell("start", row), kind)
                column = "end"
                days.setdefault(agent, {}).setdefault(kind, set()).update(_days(first, row, source, kind))
        except BadInput as error:
            defects.add_error(error, line=line, field=column)
    defects.check()
    return {
        agent: Away(
            frozenset(days.get(agent, {}).get("day_off", ())),
            frozenset(days.get(agent, {}).get("leave", set()) | days.get(agent, {}).get("sick", set())),
            tuple(sorted(stretches.get(agent, ()), key=lambda stretch: (stretch.start, stretch.end))),
        )
        for agent in {**days, **stretches}
    }


def absence_rows(path: Path) -> list[tuple[str, ...]]:
    """Rows of a file that `read_absences` accepts, as they stand there, in the order of ``COLUMNS``."""
    source = read_source(path, ("agent_id", "start", "kind"), ("end",), known_only=True, rows_needed=False)
    return [tuple(source.cell(name, row) for name in COLUMNS) for row in range(len(source))]


def absence_text(rows: Iterable[tuple[str, ...]]) -> str:
    """The rows as the text of a file that `read_absences` reads, each row once."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *dict.fromkeys(rows)])
    return text.getvalue()


def with_absences(agent: Agent, away: Away) -> Agent:
    """A person with further absences."""
    stretches = sorted({*agent.absences, *away.stretches}, key=lambda one: (one.start, one.end))
    return replace(
        agent,
        days_off=agent.days_off | away.days_off,
        leave=agent.leave | away.leave,
        absences=tuple(stretches),
    )


def _start(text: str, timezone: str) -> pd.Timestamp:
    return day_start(parse_day(text), timezone) if is_day(text) else parse_local(text, timezone, "first")


def _stretch(start: pd.Timestamp, row: int, source: Source, timezone: str) -> Absence:
    text = source.cell("end", row)
    if not text:
        end = day_end(start.date(), timezone)
    elif is_day(text):
        end = day_end(parse_day(text), timezone)
    else:
        end = parse_local(text, timezone, "second")
    if not start < end:
        raise BadInput(
            "an absence that ends before it starts", value=text, accepted=f"an end after {start.isoformat()}"
        )
    if end - start > pd.Timedelta(days=_LONGEST_DAYS):
        raise _too_long(text)
    return Absence(start, end, "unavailable")


def _whole_day(text: str, kind: str) -> date:
    try:
        return parse_day(text)
    except BadInput as error:
        raise BadInput(
            error.problem, value=text, accepted=f"{DAY_ACCEPTED} (kind {kind} takes whole days)"
        ) from None


def _days(first: date, row: int, source: Source, kind: str) -> list[date]:
    text = source.cell("end", row)
    last = _whole_day(text, kind) if text else first
    if last < first:
        raise BadInput(
            "an absence that ends before it starts", value=text, accepted=f"{first.isoformat()} or later"
        )
    if (last - first).days >= _LONGEST_DAYS:
        raise _too_long(text)
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def _too_long(text: str) -> BadInput:
    return BadInput(
        "a very long absence", value=text, accepted=f"an end within {_LONGEST_DAYS} days of the start"
    )
