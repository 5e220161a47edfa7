"""Who can be scheduled in a plan's week, under which rules, and what they wish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pandas as pd

from schedules.agents import Agent, Wish
from schedules.fairness import CarriedForward
from schedules.teams import Activity, TeamRules
from staffing.files.absences import NO_ABSENCE, read_absences, with_absences
from staffing.files.activities import read_activities
from staffing.files.activity_windows import Horizon
from staffing.files.agents import read_agents
from staffing.files.fixed_shifts import read_fixed_shifts
from staffing.files.local_time import day_start
from staffing.files.wishes import read_wishes
from staffing.plan.carry_in import carry_in
from staffing.plan.loading import Plan
from staffing.plan.outputs import WEEK_ABSENCES, week_folder
from staffing.plan.period import contracts_for
from staffing.plan.rulebook import Rulebook, rulebook, unnamed_agents
from staffing.plan.team_rules import fairness, team_rules


@dataclass(frozen=True)
class People:
    """Who can be scheduled, under which rules, and what they wish.

    Attributes
    ----------
    rulebook
        Shift kinds, contracts, rules and prices.
    agents
        The people, with what they bring from earlier weeks.
    wishes
        All wishes of the file, those for other weeks included.
    team_rules
        Presence, pairs, activities and fairness.
    carried
        The roster before the week, whose last shifts may reach into it; ``None`` without one.
    notes
        What was assumed.
    """

    rulebook: Rulebook
    agents: tuple[Agent, ...]
    wishes: tuple[Wish, ...]
    team_rules: TeamRules
    carried: CarriedForward | None = None
    notes: tuple[str, ...] = field(default=())


def read_people(plan: Plan, week_start: pd.Timestamp) -> People:
    """Read rules, agents, absences, fixed shifts, activities, wishes and the roster before the week.

    What replans of the week were told of absences counts with those of the plan.

    Raises
    ------
    BadInput
        Any defect of the plan or its files.
    """
    book = rulebook(plan)
    book = replace(book, contracts=contracts_for(plan, book.contracts, week_start.date()))
    people = plan.settings.people
    horizon = _horizon(plan, week_start)
    agents = _also_absent(plan, _agents(plan, book, week_start), week_start)
    ids = {agent.id for agent in agents}
    brought = carry_in(plan, book, fairness(plan), agents, week_start)
    agents, notes = _with_fixed(plan, book, brought.agents, horizon)
    activities: tuple[Activity, ...] = ()
    outside: tuple[str, ...] = ()
    if people.activities is not None:
        path = plan.input_path(people.activities, "people", "activities")
        activities, outside = read_activities(path, agents, horizon)
    wishes: tuple[Wish, ...] = ()
    if people.wishes is not None:
        path = plan.input_path(people.wishes, "people", "wishes")
        kinds = [kind.name for kind in book.kinds]
        wishes = read_wishes(path, ids, default_weight=people.default_wish_weight, kinds=kinds)
    return People(
        book,
        agents,
        wishes,
        team_rules(plan, agents, activities),
        brought.carried,
        (*book.notes, *brought.notes, *notes, *outside),
    )


def _horizon(plan: Plan, week_start: pd.Timestamp) -> Horizon:
    section = plan.settings.plan
    end = day_start(week_start.date() + timedelta(days=7 * section.weeks), section.timezone)
    return Horizon(week_start, end, section.roster_slot_min, section.timezone)


def _agents(plan: Plan, book: Rulebook, week_start: pd.Timestamp) -> tuple[Agent, ...]:
    """Named people, then those of the groups."""
    people = plan.settings.people
    agents = unnamed_agents(plan, book.contracts)
    if people.agents is not None:
        named = read_agents(
            plan.input_path(people.agents, "people", "agents"),
            book.contracts,
            tuple(plan.settings.queues),
            plan.settings.plan.timezone,
            None if people.absences is None else plan.input_path(people.absences, "people", "absences"),
            week_start,
            kinds=[kind.name for kind in book.kinds],
        )
        ids = {agent.id for agent in named}
        for agent in agents:
            if agent.id in ids:
                raise plan.defect(
                    "the id is taken by a named agent", "groups", value=agent.id, accepted="another name"
                )
        agents = _turned(plan, named, week_start.date()) + agents
    if not agents:
        raise plan.defect("nobody to schedule", "people", accepted="agents.csv or [[groups]]")
    return agents


def _also_absent(plan: Plan, agents: Sequence[Agent], week_start: pd.Timestamp) -> tuple[Agent, ...]:
    """People with the absences that earlier replans of the week were told of."""
    path = week_folder(plan, week_start) / WEEK_ABSENCES
    if not path.is_file():
        return tuple(agents)
    # Somebody may have left the plan since; the file is not the place to mend that.
    ids = {agent.id for agent in agents}
    away = read_absences(path, ids, plan.settings.plan.timezone, strangers=True)
    return tuple(with_absences(agent, away.get(agent.id, NO_ABSENCE)) for agent in agents)


def _turned(plan: Plan, agents: Sequence[Agent], first_day: date) -> tuple[Agent, ...]:
    """Rotations that begin with the week's own turn, counted from ``rotation_from``."""
    anchor = plan.settings.people.rotation_from
    if anchor is None:
        return tuple(agents)
    weeks = (first_day - anchor).days // 7
    return tuple(
        replace(agent, rotation=_from(agent.rotation, weeks)) if agent.rotation else agent for agent in agents
    )


def _from(rotation: tuple[tuple[str, ...], ...], weeks: int) -> tuple[tuple[str, ...], ...]:
    turn = weeks % len(rotation)
    return rotation[turn:] + rotation[:turn]


def _with_fixed(
    plan: Plan, book: Rulebook, agents: Sequence[Agent], horizon: Horizon
) -> tuple[tuple[Agent, ...], tuple[str, ...]]:
    """People with their settled shifts inside the planned days."""
    name = plan.settings.people.fixed
    if name is None:
        return tuple(agents), ()
    path = plan.input_path(name, "people", "fixed")
    fixed = read_fixed_shifts(path, {agent.id for agent in agents}, {kind.name: kind for kind in book.kinds})
    first, after = horizon.start.date(), horizon.end.date()
    outside = sum(not first <= shift.day < after for shifts in fixed.values() for shift in shifts)
    notes = (f"{outside} fixed shifts are for other days and were not looked at.",) if outside else ()
    return tuple(
        replace(agent, fixed=tuple(shift for shift in fixed[agent.id] if first <= shift.day < after))
        if agent.id in fixed
        else agent
        for agent in agents
    ), notes
