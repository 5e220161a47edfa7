"""Any roster or numbers of people of a plan's week, played through its forecast, with what-ifs."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from staffing.plan.loading import Plan
from staffing.plan.money import paid, paid_hours
from staffing.plan.people import People
from staffing.plan.proving import proof_rules
from staffing.plan.rostering import Case, check_roster, week_demand
from staffing.plan.scenario import Scenario
from staffing.plan.simulating import Stage, stage
from staffing.sizing.path_service import PathService
from staffing.sizing.proving.proof import Proof, proof_of
from staffing.sizing.proving.rostered import Rostered
from staffing.sizing.proving.simulated import path_service
from staffing.sizing.targets import QueueTarget


def play_roster(
    plan: Plan,
    people: People,
    roster: pd.DataFrame,
    forecast: pd.DataFrame,
    requirement: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    scenario: Scenario,
    *,
    absence_added: float = 0.0,
    paths: int | None = None,
) -> Proof:
    """Play a roster table through possible courses of the forecast under a scenario.

    Parameters
    ----------
    requirement
        For the coverage; the simulation does not look at it.
    absence_added
        Probability of absence per person and day on top of the unplanned shrinkage.
    paths
        Courses, in place of the plan's.

    Raises
    ------
    ValueError
        A roster of another week, a queue nobody is skilled for, no course.
    """
    place = _stage(plan, forecast, targets, scenario, absence_added, paths)
    report = check_roster(Case.of(people, week_demand(plan, requirement, people)), roster)
    made = Rostered(
        staff=roster,
        coverage=report.coverage[["queue", "start", "scheduled"]],
        cost=paid(report.cost_parts),
        agent_hours=paid_hours(roster),
    )
    skills = {agent.id: agent.skills for agent in people.agents}
    return _proof(place, made, path_service(place.play(roster, people.agents)), skills)


def play_numbers(
    plan: Plan,
    requirement: pd.DataFrame,
    forecast: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    scenario: Scenario,
    *,
    absence_added: float = 0.0,
    paths: int | None = None,
) -> Proof:
    """Play the people of a requirement, ``queue, start, scheduled``, each on one queue and without a name.

    Raises
    ------
    ValueError
        As ``play_roster``.
    """
    place = _stage(plan, forecast, targets, scenario, absence_added, paths)
    staff = requirement[["queue", "start", "scheduled"]]
    slot_min = plan.settings.plan.interval_min
    hours = float(staff["scheduled"].sum()) * slot_min / 60.0
    made = Rostered(staff=staff, coverage=staff, cost=0.0, agent_hours=hours)
    return _proof(place, made, path_service(place.play_numbers(staff, slot_min)), None, slot_min)


def _stage(
    plan: Plan,
    forecast: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    scenario: Scenario,
    absence_added: float,
    paths: int | None,
) -> Stage:
    return stage(
        plan,
        scenario.forecast(forecast),
        scenario.targets(targets),
        paths=paths,
        absence_added=absence_added,
        fresh=True,
    )


def _proof(
    place: Stage,
    made: Rostered[pd.DataFrame],
    service: PathService,
    skills: Mapping[str, frozenset[str]] | None,
    slot_min: int | None = None,
) -> Proof:
    section = place.plan.settings.plan
    return proof_of(
        made,
        service,
        place.forecast,
        place.targets,
        section.interval_min,
        section.roster_slot_min if slot_min is None else slot_min,
        rules=proof_rules(place.plan),
        skills=skills,
        assumptions=place.assumptions(named=skills is not None),
    )
