"""fixed.csv: shifts that are settled before the roster is made."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

from schedules.agents import FixedShift
from schedules.shifts import ShiftKind
from staffing.errors import BadInput
from staffing.files.agent_column import NAMES, agent_column
from staffing.files.clock import parse_clock
from staffing.files.defects import Defects, listed
from staffing.files.local_time import parse_day
from staffing.files.numbers import parse_number
from staffing.files.source import read_source


def read_fixed_shifts(
    path: Path, agents: Collection[str], kinds: Mapping[str, ShiftKind]
) -> dict[str, tuple[FixedShift, ...]]:
    """Read a CSV of settled shifts; a header without rows settles nothing.

    Columns ``agent_id`` (or ``agent``), ``day``, ``shift`` and, where they are settled too, ``start``
    (``HH:MM``) and ``length_h`` (hours from start to end). Whether a shift keeps the person's rules is
    judged with the roster, not here.

    Parameters
    ----------
    agents
        Known ids.
    kinds
        Shift kinds of the plan by name.

    Returns
    -------
    Per person the shifts in the order of their days.

    Raises
    ------
    BadInput
        With the file, line, column, value and what is accepted.
    """
    optional = (*NAMES, "start", "length_h")
    source = read_source(path, ("day", "shift"), optional, known_only=True, rows_needed=False)
    name = agent_column(source)
    defects = Defects(path)
    found: dict[str, list[FixedShift]] = {}
    seen: dict[tuple[str, date], int] = {}
    for row, line in enumerate(source.lines.tolist()):
        agent = source.cell(name, row)
        if agent not in agents:
            defects.add("unknown agent", line=line, field=name, value=agent, accepted="an id of agents.csv")
        column = "day"
        try:
            day = parse_day(source.cell("day", row))
            column = "shift"
            kind = _kind(source.cell("shift", row), kinds)
            column = "start"
            start_min = _start_min(source.cell("start", row), kind)
            column = "length_h"
            length_min = _length_min(source.cell("length_h", row), kind)
        except BadInput as error:
            defects.add_error(error, line=line, field=column)
            continue
        if (agent, day) in seen:
            problem = f"a second fixed shift of the day, the first is on line {seen[agent, day]}"
            defects.add(problem, line=line, field="day", value=day.isoformat(), accepted="one shift a day")
            continue
        seen[agent, day] = line
        found.setdefault(agent, []).append(FixedShift(day, kind.name, start_min, length_min))
    defects.check()
    return {
        agent: tuple(sorted(shifts, key=lambda shift: shift.day)) for agent, shifts in sorted(found.items())
    }


def _kind(text: str, kinds: Mapping[str, ShiftKind]) -> ShiftKind:
    if text not in kinds:
        raise BadInput("unknown shift", value=text, accepted=listed(list(kinds)))
    return kinds[text]


def _start_min(text: str, kind: ShiftKind) -> int | None:
    if not text:
        return None
    start_min = parse_clock(text)
    starts = kind.starts_min()
    if start_min not in starts:
        first, last = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in (starts[0], starts[-1]))
        raise BadInput(
            f"not a start of shift {kind.name}", value=text,
            accepted=f"{first} to {last} every {kind.start_every_min} min, or blank",
        )  # fmt: skip
    return start_min


def _length_min(text: str, kind: ShiftKind) -> int | None:
    if not text:
        return None
    lengths = ", ".join(f"{minutes / 60:g}" for minutes in kind.lengths_min)
    accepted = f"{lengths} h, or blank"
    length_min = round(parse_number(text, least=0, most=24, accepted=accepted) * 60)
    if length_min not in kind.lengths_min:
        raise BadInput(f"not a length of shift {kind.name}", value=text, accepted=accepted)
    return length_min
