"""The shifts and the roster of a plan's week, checked independently."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from schedules.agents import Agent, Wish
from schedules.check import CheckReport, check
from schedules.demand import Demand
from schedules.design import Design, design
from schedules.errors import InvalidSchedule, NoFeasibleRoster
from schedules.fairness import Balance, balance
from schedules.roster import Roster, roster
from schedules.rules import Premium, Prices, Rules
from schedules.shifts import ShiftKind
from schedules.teams import Held, TeamRules
from staffing.errors import BadInput, NoRoster
from staffing.plan.loading import Plan
from staffing.plan.people import People
from staffing.plan.rulebook import Rulebook
from staffing.plan.targets import public_holiday_names
from staffing.sizing.evaluation import evaluate
from staffing.sizing.targets import QueueTarget

COVERAGE_COLUMNS = [
    "queue", "start", "required", "scheduled", "gap", "service_level", "asa_s", "occupancy", "abandonment"
]  # fmt: skip


@dataclass(frozen=True)
class RosterTables:
    """Shifts, roster, coverage, check and balance of a week."""

    design: Design
    roster: Roster
    coverage: pd.DataFrame
    service: pd.DataFrame
    check: CheckReport
    balance: Balance


def week_demand(plan: Plan, requirement: pd.DataFrame, people: People | None = None) -> Demand:
    """The requirement as people at work per roster slot, with those whom ``people`` carries in."""
    starts = pd.DatetimeIndex(requirement["start"])
    holidays = public_holiday_names(plan, {starts.min().year, starts.max().year})
    demand = Demand.from_table(
        requirement, "scheduled", plan.settings.plan.roster_slot_min, holidays=frozenset(holidays)
    )
    return demand if people is None or people.carried is None else people.carried.demand(demand)


def wishes_of_week(wishes: tuple[Wish, ...], demand: Demand) -> tuple[Wish, ...]:
    """Wishes for days of the week; others cannot be granted or refused by it."""
    days: set[date] = {day.date() for day in demand.days}
    return tuple(wish for wish in wishes if wish.day in days)


def design_week(plan: Plan, book: Rulebook, demand: Demand, on_progress: Callable[[str], None]) -> Design:
    """Anonymous shifts for a demand, at the mean wage of the contracts and within ``[design]``."""
    section = plan.settings.design
    at_work = np.where((demand.required > 0).any(axis=0), section.min_staff, 0)
    if demand.carried is not None:
        at_work = np.ceil(np.maximum(at_work - demand.carried.sum(axis=0), 0.0))
        left = np.maximum(demand.required - demand.carried, 0.0)
        demand = replace(demand, required=left, carried=None)
    wages = [contract.cost_per_hour for contract in book.contracts.values()]
    return design(
        demand,
        book.kinds,
        sum(wages) / len(wages),
        book.premiums,
        book.prices,
        max_shifts=section.max_shifts,
        max_starts=section.max_starts,
        min_staff=at_work,
        seed=plan.settings.plan.seed,
        on_progress=on_progress,
    )


Declared = tuple[
    tuple[Agent, ...],
    tuple[ShiftKind, ...],
    Rules,
    tuple[Premium, ...],
    Demand,
    Prices,
    tuple[Wish, ...],
]


@dataclass(frozen=True)
class Case:
    """A plan's week as the scheduling package takes it."""

    agents: tuple[Agent, ...]
    kinds: tuple[ShiftKind, ...]
    rules: Rules
    premiums: tuple[Premium, ...]
    demand: Demand
    prices: Prices
    wishes: tuple[Wish, ...]
    team_rules: TeamRules

    @classmethod
    def of(cls, people: People, demand: Demand) -> Case:
        """The people of a week before its demand."""
        book = people.rulebook
        return cls(
            people.agents,
            book.kinds,
            book.rules,
            book.premiums,
            demand,
            book.prices,
            wishes_of_week(people.wishes, demand),
            people.team_rules,
        )

    @property
    def declared(self) -> Declared:
        """Positional arguments of `schedules.roster.roster` and `schedules.check.check`."""
        premiums, demand, prices = self.premiums, self.demand, self.prices
        return (self.agents, self.kinds, self.rules, premiums, demand, prices, self.wishes)


def check_roster(case: Case, table: pd.DataFrame, held: Held | None = None) -> CheckReport:
    """The independent check of a roster against the people's rules and wishes.

    Raises
    ------
    InvalidSchedule
        A table that is no roster.
    """
    return check(table, *case.declared, team_rules=case.team_rules, held=held)


def roster_week(
    plan: Plan,
    people: People,
    forecast: pd.DataFrame,
    requirement: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    on_progress: Callable[[str], None],
    shifts: Design | None = None,
) -> RosterTables:
    """Design the shifts unless they are given, roster the people, check the roster and predict its service.

    Raises
    ------
    NoRoster
        The hard rules leave somebody no roster; names the people, rules and the cheapest repair.
    """
    demand = week_demand(plan, requirement, people)
    case = Case.of(people, demand)
    try:
        if shifts is None:
            shifts = design_week(plan, people.rulebook, demand, on_progress)
        found = roster(
            *case.declared,
            team_rules=case.team_rules,
            seed=plan.settings.plan.seed,
            time_limit_s=plan.settings.plan.time_limit_s,
            on_progress=on_progress,
        )
    except NoFeasibleRoster as error:
        raise NoRoster(f"no roster satisfies the hard rules:\n{error}") from None
    except InvalidSchedule as error:
        raise BadInput(str(error), file=plan.path) from None
    on_progress("check the roster")
    return judged(plan, case, shifts, found, forecast, targets)


def judged(
    plan: Plan,
    case: Case,
    shifts: Design,
    found: Roster,
    forecast: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    held: Held | None = None,
) -> RosterTables:
    """A roster with its independent check and the service to be expected."""
    verdict = check_roster(case, found.table, held)
    # The outcomes come in the order of the wishes, and do not say which shift one is about.
    about = [wish.shift or "" for wish in case.wishes]
    found = replace(found, wishes=found.wishes.assign(shift=about))
    slots, service = evaluate(
        found.coverage[["queue", "start", "scheduled"]],
        forecast,
        targets,
        plan.settings.plan.interval_min,
        case.demand.slot_min,
    )
    coverage = found.coverage.merge(slots, on=["queue", "start"], how="left", validate="one_to_one")
    shares = balance(
        found.table,
        case.agents,
        case.kinds,
        case.rules,
        case.team_rules.fairness,
        case.demand,
        wishes=found.wishes,
    )
    return RosterTables(shifts, found, coverage[COVERAGE_COLUMNS], service, verdict, shares)
