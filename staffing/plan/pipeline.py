"""All stages of a plan in their order: history, forecast, requirement, shifts, roster, proof."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pandas as pd

from staffing.files.schemas import REQUIREMENT
from staffing.files.tables import settle
from staffing.plan.contacts import Contacts, read_contacts
from staffing.plan.coverage_notes import coverage_notes, queues_without_skill
from staffing.plan.forecasting import ForecastTables, forecast_week
from staffing.plan.loading import Plan
from staffing.plan.result import PlanResult
from staffing.plan.rostering import People, RosterTables, read_people, roster_week
from staffing.plan.targets import queue_targets
from staffing.sizing.requirement import size

Progress = Callable[[str], None]


def silent(_: str) -> None:
    """Progress that nobody watches."""


class StageClock:
    """Elapsed seconds per stage, for the manifest."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time spent inside to ``name``."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begin


def plan_week(plan: Plan, on_progress: Progress = silent) -> PlanResult:
    """Run every stage of a plan in memory.

    Raises
    ------
    BadInput, NoRoster
        See the stages.
    """
    clock = StageClock()
    with clock.stage("read"):
        on_progress("read the plan's files")
        contacts = read_contacts(plan)
        people = read_people(plan, contacts.week_start)
    with clock.stage("forecast"):
        tables = forecast_week(plan, contacts, on_progress)
    with clock.stage("size"):
        on_progress("size the queues")
        requirement = size_week(plan, tables.forecast)
    return finish_week(plan, people, contacts, tables, requirement, clock, on_progress)


def size_week(plan: Plan, forecast: pd.DataFrame) -> pd.DataFrame:
    """Requirement of every queue for a forecast."""
    try:
        return settle(size(forecast, queue_targets(plan), plan.settings.plan.interval_min), REQUIREMENT)
    except ValueError as error:
        raise plan.defect(str(error), "queues", accepted="targets that staff can reach") from None


def finish_week(
    plan: Plan,
    people: People,
    contacts: Contacts,
    tables: ForecastTables,
    requirement: pd.DataFrame,
    clock: StageClock,
    on_progress: Progress,
) -> PlanResult:
    """Roster the people for a requirement and put the result of the whole plan together."""
    targets = queue_targets(plan)
    with clock.stage("roster"):
        rostered = roster_week(plan, people, tables.forecast, requirement, targets, on_progress)
    section = plan.settings.plan
    return PlanResult(
        name=section.name,
        currency=section.currency,
        timezone=section.timezone,
        week_start=contacts.week_start,
        week_end=contacts.week_end,
        interval_min=section.interval_min,
        slot_min=section.roster_slot_min,
        targets=targets,
        history=contacts.table,
        cleaning=tables.cleaning,
        forecast=tables.forecast,
        leaderboard=tables.leaderboard,
        requirement=requirement,
        coverage=rostered.coverage,
        service=rostered.service,
        agents=people.agents,
        rules=people.rulebook.rules,
        prices=people.rulebook.prices,
        design=rostered.design,
        roster=rostered.roster,
        check=rostered.check,
        notes=(
            *contacts.notes,
            *tables.notes,
            *_roster_notes(rostered, people),
            *coverage_notes(rostered.coverage, rostered.service, targets, section.roster_slot_min),
        ),
        beside=tables.beside,
        seed=section.seed,
        timings_s=clock.seconds,
    )


def _roster_notes(rostered: RosterTables, people: People) -> list[str]:
    notes = [*rostered.design.notes, *rostered.roster.notes]
    outside = len(people.wishes) - len(rostered.roster.wishes)
    if outside:
        what = "wish is for a day" if outside == 1 else "wishes are for days"
        notes.append(f"{outside} {what} outside the week and not looked at.")
    return notes


def misses(result: PlanResult) -> list[str]:
    """What a finished plan does not reach: targets missed, limits hit, rules broken."""
    found = []
    week = result.service[(result.service["day"] == "week") & ~result.service["met"].astype(bool)]
    for row in week.itertuples():
        found.append(
            f"{row.queue}: {row.service_level:.1%} of the week's contacts in time where {row.target:.0%} are promised"
        )
    found.extend(
        f"{queue}: nobody has this skill"
        for queue in queues_without_skill(result.coverage, result.agents, result.targets)
    )
    if result.roster.status == "limit":
        found.append("the roster stopped at a limit before it was finished")
    if not result.check.ok:
        found.append(f"the independent check found {len(result.check.violations)} broken rules")
    if abs(result.check.cost - result.roster.cost) > 0.005 + 1e-9 * result.roster.cost:
        found.append(
            f"the independent check finds a cost of {result.check.cost:.2f}, the roster says {result.roster.cost:.2f}"
        )
    return found
