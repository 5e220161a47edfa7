"""The proof of a week: roster, simulate, correct the requirement, and again, until the targets hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from staffing.errors import BadInput
from staffing.plan.loading import Plan
from staffing.plan.money import paid, paid_hours
from staffing.plan.people import People
from staffing.plan.rostering import RosterTables, roster_week
from staffing.plan.simulating import stage
from staffing.sizing.proving.goals import ProofRules
from staffing.sizing.proving.loop import Proved, prove
from staffing.sizing.proving.rostered import Rostered
from staffing.sizing.proving.simulated import path_service
from staffing.sizing.targets import QueueTarget


def prove_week(
    plan: Plan,
    people: People,
    forecast: pd.DataFrame,
    requirement: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    on_progress: Callable[[str], None],
) -> Proved[RosterTables]:
    """Roster a week so that its targets hold when it is played through.

    Raises
    ------
    BadInput, NoRoster
        As ``roster_week``; what cannot be simulated, named.
    """
    made: list[RosterTables] = []

    def roster(asked: pd.DataFrame) -> Rostered[RosterTables]:
        shifts = made[0].design if made else None
        tables = roster_week(plan, people, forecast, asked, targets, on_progress, shifts)
        made.append(tables)
        return as_rostered(tables)

    try:
        fitted = stage(plan, forecast, targets)
        fresh = stage(plan, forecast, targets, fresh=True)
        return prove(
            roster,
            lambda rostered: path_service(fitted.play(rostered.staff.roster.table, people.agents)),
            requirement,
            forecast,
            targets,
            plan.settings.plan.interval_min,
            plan.settings.plan.roster_slot_min,
            rules=proof_rules(plan),
            verify=lambda rostered: path_service(fresh.play(rostered.staff.roster.table, people.agents)),
            skills={agent.id: agent.skills for agent in people.agents},
            assumptions=fitted.assumptions(),
            on_progress=on_progress,
        )
    except ValueError as error:
        raise BadInput(
            f"the roster cannot be simulated: {error}", file=plan.path, field="proof",
            accepted="a plan that can be played through, or enabled = false",
        ) from None  # fmt: skip


def why_not_played(people: People, forecast: pd.DataFrame) -> str:
    """Why a week cannot be played through; empty where it can."""
    busy = forecast[forecast["contacts"] > 0]
    if not len(busy):
        return "no contacts are expected"
    skilled = {skill for agent in people.agents for skill in agent.skills}
    alone = [queue for queue in dict.fromkeys(busy["queue"]) if queue not in skilled]
    return f"nobody can work on {', '.join(alone)}" if alone else ""


def proof_rules(plan: Plan) -> ProofRules:
    """When a target counts as held, by ``[proof]``."""
    section = plan.settings.proof
    return ProofRules(
        over=section.over,
        tolerance=section.tolerance_points / 100.0,
        overshoot=None if section.spare_points == "keep" else section.spare_points / 100.0,
        confidence=section.confidence,
        max_iterations=section.rounds,
    )


def as_rostered(tables: RosterTables) -> Rostered[RosterTables]:
    """A roster with its paid money and hours."""
    return Rostered(
        staff=tables,
        coverage=tables.coverage[["queue", "start", "scheduled"]],
        cost=paid(tables.roster.cost_parts),
        agent_hours=paid_hours(tables.roster.table),
    )
