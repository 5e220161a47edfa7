"""What a week inherits from the rosters before it: rest, runs of days, counts, and shifts that reach into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.demand import Demand
from schedules.fairness import CarriedForward, carry_forward
from schedules.rostershifts import shifts_of
from schedules.teams import Fairness
from staffing.files.cells import unescape
from staffing.files.clock import DAY_MIN
from staffing.files.local_time import day_start
from staffing.files.roster_file import read_roster
from staffing.files.source import read_source
from staffing.plan.implied import implied
from staffing.plan.loading import Plan
from staffing.plan.period import WEEK_DAYS, period_start
from staffing.plan.rulebook import Rulebook

LAST = "last"


@dataclass(frozen=True)
class Brought:
    """People with what they bring, and what the last roster leaves in the week; ``None`` without one."""

    agents: tuple[Agent, ...]
    carried: CarriedForward | None = None
    notes: tuple[str, ...] = ()


def previous_rosters(plan: Plan, first_day: date) -> list[Path]:
    """The roster files before a week that the plan counts, oldest first.

    ``previous = "last"`` is the newest published roster before the week and, where the plan says when a period
    begins, all those of the period.

    Raises
    ------
    BadInput
        A file that is named and not there.
    """
    name = plan.settings.people.previous
    if name is None:
        return []
    if name != LAST:
        return [plan.input_path(name, "people", "previous")]
    out = plan.folder / "out"
    found = []
    for folder in out.iterdir() if out.is_dir() else ():
        day = _week_of(folder)
        if day is not None and day < first_day and (folder / "roster.csv").is_file():
            found.append((day, folder / "roster.csv"))
    found.sort()
    begin = period_start(plan, first_day)
    counted = [path for day, path in found[:-1] if begin is not None and day >= begin]
    return counted + [path for _, path in found[-1:]]


def carry_in(
    plan: Plan, book: Rulebook, fairness: Fairness, agents: Sequence[Agent], week_start: pd.Timestamp
) -> Brought:
    """People with what the rosters before the week leave them.

    The last roster tells rest, days and nights in a row and the kind of the eve's shift. Hours, weekends, late
    shifts, refused wishes and the balance of hours are added up over the rosters of the period, on top of
    what agents.csv says. People who are not in the last roster keep what agents.csv says.

    Raises
    ------
    BadInput
        A previous roster that is missing or has defects.
    """
    agents = tuple(agents)
    first_day = week_start.date()
    paths = previous_rosters(plan, first_day)
    if not paths:
        return Brought(agents, notes=_nothing_before(plan, book))
    begin = period_start(plan, first_day)
    # What agents.csv says of the last days is said of the week itself, not of the rosters before it.
    people = tuple(
        replace(
            agent,
            last_shift_end=None,
            days_worked_before=0,
            before=replace(agent.before, nights_in_a_row=0, last_kind=""),
        )
        for agent in agents
    )
    tables = [_roster(plan, book, agents, path) for path in paths]
    firsts = [_first_day(path, table, week_start) for path, table in zip(paths, tables, strict=True)]
    carried, seen, after = None, set(), firsts[-1]
    for place, (path, table, first) in enumerate(zip(paths, tables, firsts, strict=True)):
        following = firsts[place + 1] if place + 1 < len(firsts) else first_day
        shifts = shifts_of(table, agents, book.kinds, plan.settings.plan.timezone)
        own = _started(table, shifts, following)
        after = min(following, _end_of(first, shifts))
        if after <= first:
            continue
        counted = begin is not None and first >= begin
        carried = carry_forward(
            own,
            people,
            book.kinds,
            book.rules,
            fairness,
            _empty_demand(plan, first, after),
            wishes=_granted(path.with_name("wishes.csv")) if counted else None,
        )
        people = carried.agents if counted else tuple(map(_uncounted, carried.agents, people))
        seen = set(own["agent"])
    if carried is None:
        return Brought(agents)
    ended = after < first_day
    return Brought(
        tuple(
            _merged(now, given, gap=ended) if given.id in seen else _counts_only(now, given)
            for now, given in zip(people, agents, strict=True)
        ),
        carried,
        (f"The last roster ends on {after - timedelta(days=1)}: the days until the week are taken as free.",)
        if ended
        else (),
    )


def _nothing_before(plan: Plan, book: Rulebook) -> tuple[str, ...]:
    if plan.settings.people.previous is not None:
        return ("There is no roster of an earlier week yet: nothing is carried into this one.",)
    if any(kind.start_until_min + max(kind.lengths_min) > DAY_MIN for kind in book.kinds):
        return (
            "Shifts pass midnight and no roster before the week is named: its last night shifts are not counted. "
            'previous = "last" in [people] reads it.',
        )
    return ()


def _week_of(folder: Path) -> date | None:
    """The first day of a published week by its folder's name."""
    try:
        return date.fromisoformat(folder.name)
    except ValueError:
        return None


def _roster(plan: Plan, book: Rulebook, agents: Sequence[Agent], path: Path) -> pd.DataFrame:
    known = implied(agents, book.kinds, tuple(plan.settings.queues))
    return read_roster(path, plan.settings.plan.timezone, known)


def _first_day(path: Path, table: pd.DataFrame, week_start: pd.Timestamp) -> date:
    """First day of a roster: its folder's, or of the whole weeks before the planned one that hold its rows."""
    day, first = _week_of(path.parent), week_start.date()
    if day is not None and day < first:
        return day
    begin = table["start"].min().date() if len(table) else first
    weeks = -(-max((first - begin).days, 1) // WEEK_DAYS)
    return first - timedelta(days=WEEK_DAYS * weeks)


def _started(table: pd.DataFrame, shifts: pd.DataFrame, following: date) -> pd.DataFrame:
    """Rows of the shifts that start before a day: a later roster has the others."""
    late = shifts[[day >= following for day in shifts["day"]]]
    if not len(late):
        return table
    begins = late.groupby("agent")["start"].min()
    later = table["start"] >= table["agent"].map(begins).fillna(table["end"].max())
    return table[~later].reset_index(drop=True)


def _end_of(first: date, shifts: pd.DataFrame) -> date:
    """The day after the whole weeks in which shifts start."""
    days = (max(shifts["day"]) - first).days if len(shifts) else 0
    return first + timedelta(days=WEEK_DAYS * (max(days, 0) // WEEK_DAYS + 1))


def _granted(path: Path) -> pd.DataFrame | None:
    """``agent, granted`` of the wishes beside a roster; ``None`` where there are none."""
    if not path.is_file():
        return None
    source = read_source(path, ("agent", "granted"), rows_needed=False)
    granted = [cell.strip().casefold() == "true" for cell in source.columns["granted"]]
    return pd.DataFrame({"agent": list(map(unescape, source.columns["agent"])), "granted": granted})


def _empty_demand(plan: Plan, first: date, after: date) -> Demand:
    """The grid of the days of a roster; nothing is required on it."""
    zone, queues = plan.settings.plan.timezone, tuple(plan.settings.queues)
    starts = pd.date_range(
        day_start(first, zone),
        day_start(after, zone),
        freq=pd.Timedelta(minutes=plan.settings.plan.roster_slot_min),
        inclusive="left",
    )
    return Demand(queues, starts, np.zeros((len(queues), len(starts))))


def _uncounted(now: Agent, given: Agent) -> Agent:
    """A person after a roster of another period: what happened last, without the counts."""
    before = replace(given.before, nights_in_a_row=now.before.nights_in_a_row, last_kind=now.before.last_kind)
    return replace(now, before=before)


def _merged(now: Agent, given: Agent, gap: bool) -> Agent:
    """A person of agents.csv with what the rosters tell; after a gap of free days all runs begin anew."""
    before = replace(now.before, nights_in_a_row=0, last_kind="") if gap else now.before
    ends = [end for end in (now.last_shift_end, given.last_shift_end) if end is not None]
    return replace(
        given,
        before=before,
        last_shift_end=max(ends) if ends else None,
        days_worked_before=0 if gap else now.days_worked_before,
    )


def _counts_only(now: Agent, given: Agent) -> Agent:
    """A person who is not in the last roster: counts of the period, the rest as agents.csv says."""
    told = given.before
    before = replace(now.before, nights_in_a_row=told.nights_in_a_row, last_kind=told.last_kind)
    return replace(given, before=before)
