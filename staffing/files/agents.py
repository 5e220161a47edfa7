"""agents.csv and absences.csv to the people of a roster."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import pandas as pd

from schedules.agents import Agent, Contract
from staffing.errors import BadInput
from staffing.files.absences import NO_ABSENCE, read_absences
from staffing.files.brought import BROUGHT, parse_brought
from staffing.files.clock import parse_availability
from staffing.files.defects import Defects, listed
from staffing.files.local_time import check_zone, parse_local
from staffing.files.numbers import parse_number
from staffing.files.skills import parse_skills
from staffing.files.source import read_source

LONGEST_ID = 64

_REQUIRED = ("agent_id", "contract", "skills")
_OPTIONAL = (
    "availability", "last_shift_end", "days_worked_before", "team", "site", "rotation", *BROUGHT
)  # fmt: skip
_ID_ACCEPTED = f"1 to {LONGEST_ID} characters, no control characters, none of / and \\, not . or .."

_Value = TypeVar("_Value")


def check_agent_id(text: str) -> str:
    """Return an id that may safely name a file and stand in a table.

    Raises
    ------
    BadInput
        For an empty or long id, control and invisible characters, path separators; without file and line.
    """
    hidden = any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in text)
    if not text or len(text) > LONGEST_ID or hidden or "/" in text or "\\" in text or text in (".", ".."):
        raise BadInput("not an agent id", value=text, accepted=_ID_ACCEPTED)
    return text


def read_agents(
    path: Path,
    contracts: Mapping[str, Contract],
    queues: Sequence[str],
    timezone: str,
    absences: Path | None = None,
    week_start: pd.Timestamp | None = None,
    *,
    kinds: Sequence[str] | None = None,
) -> tuple[Agent, ...]:
    """Read the people of a plan, in the order of their file.

    Parameters
    ----------
    path
        CSV: ``agent_id``, ``contract``, ``skills`` (queues parted by ``;``, with levels as ``phone:2``),
        and where wanted ``availability`` (``mon-fri 08:00-18:00; sat 09:00-13:00``, blank = always),
        ``team``, ``site``, ``rotation`` (shift kinds of one week after the other, ``early|late``; several of
        a week parted by ``;``), ``last_shift_end`` (local or with an offset; a repeated local hour counts
        as the second, for the longer rest), ``days_worked_before`` (blank = 0) and the columns of
        `staffing.files.brought`.
    contracts, queues
        The plan's contracts by name, and its queues.
    timezone
        IANA zone of the plan.
    absences
        CSV, see `staffing.files.absences.read_absences`.
    week_start
        First midnight of the week to plan; the last shift before it ends within the day after it.
    kinds
        Shift kinds of the plan; without them those of the contracts.

    Raises
    ------
    BadInput
        With the file, line, column, value and what is accepted.
    """
    check_zone(timezone)
    if kinds is None:
        kinds = sorted({kind for contract in contracts.values() for kind in contract.shifts})
    source = read_source(path, _REQUIRED, _OPTIONAL, known_only=True)
    defects = Defects(path)
    seen: dict[str, int] = {}
    people: list[tuple[str, Contract, dict]] = []
    for row, line in enumerate(source.lines.tolist()):

        def read(
            column: str, parse: Callable[[str], _Value], row: int = row, line: int = line
        ) -> _Value | None:
            try:
                return parse(source.cell(column, row))
            except BadInput as error:
                defects.add_error(error, line=line, field=column)
                return None

        agent_id = read("agent_id", check_agent_id)
        if agent_id in seen:
            problem = f"a repeated agent, already on line {seen[agent_id]}"
            defects.add(problem, line=line, field="agent_id", value=agent_id, accepted="each agent once")
        elif agent_id is not None:
            seen[agent_id] = line
        contract = read("contract", lambda text: _contract(text, contracts))
        skills = read("skills", lambda text: parse_skills(text, queues))
        rest = {
            "availability": read("availability", parse_availability),
            "last_shift_end": read("last_shift_end", lambda text: _last_end(text, timezone, week_start)),
            "days_worked_before": read("days_worked_before", _days),
            "team": read("team", _group),
            "site": read("site", _group),
            "rotation": read("rotation", partial(_rotation, contract=contract)),
            "before": parse_brought(read, kinds, source.columns),
        }
        if agent_id is not None and contract is not None and skills is not None:
            people.append((agent_id, contract, {"skills": skills[0], "levels": skills[1], **rest}))
    defects.check()
    away = {} if absences is None else read_absences(absences, set(seen), timezone)
    return tuple(
        Agent(
            id=agent_id,
            contract=contract,
            days_off=away.get(agent_id, NO_ABSENCE).days_off,
            leave=away.get(agent_id, NO_ABSENCE).leave,
            absences=away.get(agent_id, NO_ABSENCE).stretches,
            **rest,
        )
        for agent_id, contract, rest in people
    )


def _contract(text: str, contracts: Mapping[str, Contract]) -> Contract:
    if text not in contracts:
        raise BadInput("unknown contract", value=text, accepted=listed(list(contracts)))
    return contracts[text]


def _group(text: str) -> str:
    if len(text) > LONGEST_ID or any(unicodedata.category(char) == "Cc" for char in text):
        raise BadInput("not a name", value=text, accepted=f"at most {LONGEST_ID} characters, or blank")
    return text


def _rotation(text: str, contract: Contract | None) -> tuple[tuple[str, ...], ...]:
    """Kinds of one week after the other, ``early|late``; several of a week are parted by ``;`` or ``,``."""
    if not text or contract is None:
        return ()
    weeks = [
        tuple(kind.strip() for kind in re.split("[;,]", week) if kind.strip()) for week in text.split("|")
    ]
    accepted = f"shifts of contract {contract.name} ({listed(contract.shifts)}), weeks parted by |, or blank"
    for week in weeks:
        if not week:
            raise BadInput("a week of the rotation without a shift", value=text, accepted=accepted)
        for kind in week:
            if kind not in contract.shifts:
                raise BadInput("unknown shift of the contract", value=kind, accepted=accepted)
    return tuple(weeks)


def _last_end(text: str, timezone: str, week_start: pd.Timestamp | None) -> pd.Timestamp | None:
    if not text:
        return None
    end = parse_local(text, timezone, "second")
    if week_start is not None and end > week_start + pd.Timedelta(days=1):
        raise BadInput(
            "the last shift before the week ends inside it",
            value=text,
            accepted=f"a time until the day of {week_start.date()}, or blank",
        )
    return end


def _days(text: str) -> int:
    if not text:
        return 0
    return int(parse_number(text, least=0, most=366, whole=True, accepted="whole days from 0 to 366"))
