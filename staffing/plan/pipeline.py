"""All stages of a plan in their order: history, forecast, requirement, shifts, roster, proof."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pandas as pd

from staffing.plan.contacts import Contacts, read_contacts
from staffing.plan.corrections import corrections
from staffing.plan.coverage_notes import coverage_notes, priced_notes, queues_without_skill
from staffing.plan.forecasting import ForecastTables, forecast_week
from staffing.plan.loading import Plan
from staffing.plan.people import People, read_people
from staffing.plan.proving import prove_week, why_not_played
from staffing.plan.result import PlanResult, judged_service, no_corrections
from staffing.plan.rostering import RosterTables, roster_week
from staffing.plan.sizing_modes import size_week
from staffing.plan.targets import queue_targets
from staffing.sizing.proving.proof import Proof

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
        requirement = size_week(plan, tables.forecast, people)
    return finish_week(plan, people, contacts, tables, requirement, clock, on_progress)


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
    given = (plan, people, tables.forecast, requirement, targets, on_progress)
    proof, changed = None, no_corrections()
    with clock.stage("roster"):
        if plan.settings.proof.enabled and not why_not_played(people, tables.forecast):
            proved = prove_week(*given)
            rostered, proof = proved.best.staff, proved.proof
            changed = corrections(requirement, proved.requirement)
        else:
            rostered = roster_week(*given)
    return week_result(plan, people, contacts, tables, requirement, rostered, clock, proof, changed)


def week_result(
    plan: Plan,
    people: People,
    contacts: Contacts,
    tables: ForecastTables,
    requirement: pd.DataFrame,
    rostered: RosterTables,
    clock: StageClock,
    proof: Proof | None = None,
    changed: pd.DataFrame | None = None,
) -> PlanResult:
    """The result of a whole plan from the results of its stages."""
    targets = queue_targets(plan)
    section = plan.settings.plan
    # What was simulated on the roster itself knows more than the formula of each slot.
    judged = judged_service(rostered.service, proof)
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
        activities=tuple(activity.name for activity in people.team_rules.activities),
        prices=people.rulebook.prices,
        design=rostered.design,
        roster=rostered.roster,
        check=rostered.check,
        balance=rostered.balance,
        proof=proof,
        corrections=no_corrections() if changed is None else changed,
        notes=(
            *contacts.notes,
            *people.notes,
            *tables.notes,
            *_roster_notes(rostered, people),
            *_not_played(plan, people, tables.forecast),
            *priced_notes(rostered.check.priced),
            *coverage_notes(rostered.coverage, judged, targets, section.roster_slot_min),
        ),
        beside=tables.beside,
        seed=section.seed,
        timings_s=clock.seconds,
    )


def _not_played(plan: Plan, people: People, forecast: pd.DataFrame) -> list[str]:
    why = why_not_played(people, forecast) if plan.settings.proof.enabled else ""
    return [f"The roster was not proved by simulation: {why}."] if why else []


def _roster_notes(rostered: RosterTables, people: People) -> list[str]:
    notes = [*rostered.design.notes, *rostered.roster.notes]
    outside = len(people.wishes) - len(rostered.roster.wishes)
    if outside:
        what = "wish is for a day" if outside == 1 else "wishes are for days"
        notes.append(f"{outside} {what} outside the week and not looked at.")
    return notes


def _missed_by_formula(result: PlanResult) -> list[str]:
    week = result.service[(result.service["day"] == "week") & ~result.service["met"].astype(bool)]
    return [
        f"{row.queue}: {row.service_level:.1%} of the week's contacts in time where {row.target:.0%} are promised"
        for row in week.itertuples()
    ]


def _missed_in_proof(proof: Proof) -> list[str]:
    """Queues with a target that does not hold in simulation, over the whole horizon or in parts of it."""
    found = []
    for queue, goals in proof.goals[~proof.goals["held"].astype(bool)].groupby("queue", sort=False):
        week = proof.service[(proof.service["queue"] == queue) & (proof.service["day"] == "week")].iloc[0]
        worst = goals.sort_values("excess", kind="stable").iloc[-1]
        where = "over the week" if worst["period"] == "week" else f"at worst on {worst['period']}"
        level = f"{worst['service_level']:.1%} in time where {week['target']:.0%} are promised"
        decided = "" if worst["measure"] == "service_level" else f", missed by {worst['measure']}"
        found.append(
            f"{queue}: simulated, {len(goals)} of {int((proof.goals['queue'] == queue).sum())} targets are missed, "
            f"{where}: {level}{decided}"
        )
    return found


def misses(result: PlanResult) -> list[str]:
    """What a finished plan does not reach: targets missed, limits hit, rules broken."""
    found = _missed_in_proof(result.proof) if result.proof is not None else _missed_by_formula(result)
    found.extend(
        f"{queue}: nobody has this skill"
        for queue in queues_without_skill(result.coverage, result.agents, result.targets)
    )
    if result.roster.status == "limit":
        found.append("the roster stopped at a limit before it was finished")
    if not result.check.ok:
        found.append(f"rules broken, as the independent check found: {len(result.check.violations)}")
    if abs(result.check.cost - result.roster.cost) > 0.005 + 1e-9 * result.roster.cost:
        found.append(
            f"the independent check finds a cost of {result.check.cost:.2f}, the roster says {result.roster.cost:.2f}"
        )
    return found
