"""activities.csv: meetings, trainings and talks that take people away from their queues."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pandas as pd

from schedules.agents import Agent
from schedules.teams import Activity
from staffing.errors import BadInput
from staffing.files.activity_windows import Horizon, WindowEndError, activity_windows
from staffing.files.clock import DAY_MIN
from staffing.files.defects import Defects
from staffing.files.numbers import parse_number
from staffing.files.source import read_source

_YES = {
    **dict.fromkeys(("yes", "true", "y", "1"), True),
    **dict.fromkeys(("", "no", "false", "n", "0"), False),
}


def read_activities(
    path: Path, agents: Sequence[Agent], horizon: Horizon
) -> tuple[tuple[Activity, ...], tuple[str, ...]]:
    """Read a CSV of activities; a header without rows is a plan without activities.

    Columns ``name``, ``agents`` (ids, ``team:NAME``, ``site:NAME`` or ``all``, parted by ``;``),
    ``length_min``, ``start`` and ``end`` of the window in which it takes place (dates, local times, or a weekday
    with a time for every week), and where wanted ``together`` (``yes``) and ``price`` (money if somebody misses
    it; blank is the default of `schedules.teams.Activity`). Of a team, a site and ``all`` those are left out
    who are away on every day of the window.

    Returns
    -------
    activities
        Those inside the horizon; one of every week carries its date in the name when there are several.
    notes
        Rows that fall outside it.

    Raises
    ------
    BadInput
        With the file, line, column, value and what is accepted.
    """
    required, optional = ("name", "agents", "length_min", "start", "end"), ("together", "price")
    source = read_source(path, required, optional, known_only=True, rows_needed=False)
    defects = Defects(path)
    found: list[Activity] = []
    notes: list[str] = []
    lines: dict[str, int] = {}
    for row, line in enumerate(source.lines.tolist()):
        column = "name"
        try:
            name = _name(source.cell("name", row), lines)
            lines[name] = line
            column = "agents"
            people, meant = _people(source.cell("agents", row), agents)
            column = "length_min"
            length_min = _length(source.cell("length_min", row), horizon.slot_min)
            column = "start"
            windows = activity_windows(source.cell("start", row), source.cell("end", row), horizon)
            column = "end"
            _long_enough(windows, length_min, source.cell("end", row))
            column = "together"
            together = _together(source.cell("together", row))
            column = "price"
            price = _price(source.cell("price", row))
        except WindowEndError as error:
            defects.add_error(error, line=line, field="end")
            continue
        except BadInput as error:
            defects.add_error(error, line=line, field=column)
            continue
        inside = [window for window in windows if window[1] > horizon.start and window[0] < horizon.end]
        if not inside:
            notes.append(f"The activity {name} lies outside the planned days and was left out.")
        for start, end in inside:
            start, end = max(start, horizon.start), min(end, horizon.end)
            present = people + [agent.id for agent in meant if _some_day(agent, start, end)]
            if end - start < pd.Timedelta(minutes=length_min) or not present:
                continue
            called = name if len(inside) == 1 else f"{name} {start.date().isoformat()}"
            found.append(
                Activity(called, tuple(dict.fromkeys(present)), length_min, start, end, together, price)
            )
    defects.check()
    return tuple(found), tuple(notes)


def _name(text: str, lines: dict[str, int]) -> str:
    accepted = "1 to 64 characters, not work, each name once"
    if not text or len(text) > 64 or text == "work":
        raise BadInput("not a name of an activity", value=text, accepted=accepted)
    if text in lines:
        raise BadInput(f"a repeated activity, already on line {lines[text]}", value=text, accepted=accepted)
    return text


def _people(text: str, agents: Sequence[Agent]) -> tuple[list[str], list[Agent]]:
    """Ids named one by one, and the people of the teams and sites that are named."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    ids = {agent.id for agent in agents}
    named: list[str] = []
    meant: list[Agent] = []
    accepted = "ids of agents.csv, team:NAME, site:NAME or all, parted by ;"
    if not parts:
        raise BadInput("nobody to take part", value=text, accepted=accepted)
    for part in parts:
        group, colon, name = part.partition(":")
        if part in ids:
            named.append(part)
        elif part == "all":
            meant.extend(agents)
        elif colon and group in ("team", "site"):
            of_group = [agent for agent in agents if getattr(agent, group) == name.strip()]
            if not of_group:
                known = sorted({getattr(agent, group) for agent in agents} - {""})
                raise BadInput(
                    f"a {group} that nobody belongs to", value=part,
                    accepted=f"{group}:{f' or {group}:'.join(known)}" if known else f"a {group} of agents.csv",
                )  # fmt: skip
            meant.extend(of_group)
        else:
            raise BadInput("unknown agent", value=part, accepted=accepted)
    return named, meant


def _some_day(agent: Agent, start: pd.Timestamp, end: pd.Timestamp) -> bool:
    """Whether a person is not away on every day of a window."""
    last = (end - pd.Timedelta(seconds=1)).date()
    days = [start.date() + timedelta(days=step) for step in range((last - start.date()).days + 1)]
    return any(day not in agent.leave and day not in agent.days_off for day in days)


def _length(text: str, slot_min: int) -> int:
    accepted = f"minutes from {slot_min} to {DAY_MIN}, a multiple of the roster's slot of {slot_min} min"
    length = int(parse_number(text, least=slot_min, most=DAY_MIN, whole=True, accepted=accepted))
    if length % slot_min:
        raise BadInput("does not fall on the roster's slots", value=text, accepted=accepted)
    return length


def _long_enough(windows: list[tuple[pd.Timestamp, pd.Timestamp]], length_min: int, text: str) -> None:
    for start, end in windows:
        if end - start < pd.Timedelta(minutes=length_min):
            raise BadInput(
                f"a window shorter than the {length_min} min of the activity", value=text,
                accepted=f"an end at least {length_min} min after {start.isoformat()}",
            )  # fmt: skip


def _together(text: str) -> bool:
    if text.casefold() not in _YES:
        raise BadInput("neither yes nor no", value=text, accepted="yes, no or blank")
    return _YES[text.casefold()]


def _price(text: str) -> float:
    if not text:
        return Activity.price
    return parse_number(text, least=0, most=1_000_000, accepted="money from 0 to 1000000, or blank")
