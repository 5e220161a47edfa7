"""The shifts and the roster of a plan's week, checked independently."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from schedules.agents import Agent, Wish
from schedules.check import CheckReport, check
from schedules.demand import Demand
from schedules.design import Design, design
from schedules.errors import InvalidSchedule, NoFeasibleRoster
from schedules.roster import Roster, roster
from staffing.errors import BadInput, NoRoster
from staffing.files.agents import read_agents
from staffing.files.wishes import read_wishes
from staffing.plan.loading import Plan
from staffing.plan.rulebook import Rulebook, rulebook, unnamed_agents
from staffing.plan.targets import public_holiday_names
from staffing.sizing.evaluation import evaluate
from staffing.sizing.targets import QueueTarget

COVERAGE_COLUMNS = [
    "queue", "start", "required", "scheduled", "gap", "service_level", "asa_s", "occupancy", "abandonment"
]  # fmt: skip


@dataclass(frozen=True)
class People:
    """Who can be scheduled, under which rules, and what they wish."""

    rulebook: Rulebook
    agents: tuple[Agent, ...]
    wishes: tuple[Wish, ...]


@dataclass(frozen=True)
class RosterTables:
    """Shifts, roster, coverage and check of a week."""

    design: Design
    roster: Roster
    coverage: pd.DataFrame
    service: pd.DataFrame
    check: CheckReport


def read_people(plan: Plan, week_start: pd.Timestamp) -> People:
    """Read rules, agents, absences and wishes.

    Raises
    ------
    BadInput
        Any defect of the plan or its files.
    """
    book = rulebook(plan)
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
        )
        ids = {agent.id for agent in named}
        for agent in agents:
            if agent.id in ids:
                raise plan.defect(
                    "the id is taken by a named agent", "groups", value=agent.id, accepted="another name"
                )
        agents = named + agents
    if not agents:
        raise plan.defect("nobody to schedule", "people", accepted="agents.csv or [[groups]]")
    ids = {agent.id for agent in agents}
    wishes: tuple[Wish, ...] = ()
    if people.wishes is not None:
        path = plan.input_path(people.wishes, "people", "wishes")
        wishes = read_wishes(path, ids, default_weight=people.default_wish_weight)
    return People(book, agents, wishes)


def week_demand(plan: Plan, requirement: pd.DataFrame) -> Demand:
    """The requirement as people at work per roster slot."""
    starts = pd.DatetimeIndex(requirement["start"])
    holidays = public_holiday_names(plan, {starts.min().year, starts.max().year})
    return Demand.from_table(
        requirement, "scheduled", plan.settings.plan.roster_slot_min, holidays=frozenset(holidays)
    )


def wishes_of_week(wishes: tuple[Wish, ...], demand: Demand) -> tuple[Wish, ...]:
    """Wishes for days of the week; others cannot be granted or refused by it."""
    days: set[date] = {day.date() for day in demand.days}
    return tuple(wish for wish in wishes if wish.day in days)


def design_week(plan: Plan, book: Rulebook, demand: Demand, on_progress: Callable[[str], None]) -> Design:
    """Anonymous shifts for a demand, at the mean wage of the contracts."""
    wages = [contract.cost_per_hour for contract in book.contracts.values()]
    return design(
        demand,
        book.kinds,
        sum(wages) / len(wages),
        book.premiums,
        book.prices,
        seed=plan.settings.plan.seed,
        on_progress=on_progress,
    )


def check_roster(people: People, demand: Demand, table: pd.DataFrame) -> CheckReport:
    """The independent check of a roster against the people's rules and wishes.

    Raises
    ------
    InvalidSchedule
        A table that is no roster.
    """
    book = people.rulebook
    return check(
        table,
        people.agents,
        book.kinds,
        book.rules,
        book.premiums,
        demand,
        book.prices,
        wishes_of_week(people.wishes, demand),
    )


def roster_week(
    plan: Plan,
    people: People,
    forecast: pd.DataFrame,
    requirement: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    on_progress: Callable[[str], None],
) -> RosterTables:
    """Design the shifts, roster the people, check the roster and predict its service.

    Raises
    ------
    NoRoster
        The hard rules leave somebody no roster; names the people, rules and the cheapest repair.
    """
    book = people.rulebook
    demand = week_demand(plan, requirement)
    wishes = wishes_of_week(people.wishes, demand)
    try:
        shifts = design_week(plan, book, demand, on_progress)
        found = roster(
            people.agents,
            book.kinds,
            book.rules,
            book.premiums,
            demand,
            book.prices,
            wishes,
            seed=plan.settings.plan.seed,
            on_progress=on_progress,
        )
    except NoFeasibleRoster as error:
        raise NoRoster(f"no roster satisfies the hard rules:\n{error}") from None
    except InvalidSchedule as error:
        raise BadInput(str(error), file=plan.path) from None
    on_progress("check the roster")
    verdict = check_roster(people, demand, found.table)
    slots, service = evaluate(
        found.coverage[["queue", "start", "scheduled"]],
        forecast,
        targets,
        plan.settings.plan.interval_min,
        demand.slot_min,
    )
    coverage = found.coverage.merge(slots, on=["queue", "start"], how="left", validate="one_to_one")
    return RosterTables(shifts, found, coverage[COVERAGE_COLUMNS], service, verdict)
