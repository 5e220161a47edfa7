"""A published roster under new circumstances, published in its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from schedules.agents import Agent
from schedules.errors import InvalidSchedule, NoFeasibleRoster
from schedules.replan import Replanned, held_from, replan
from staffing.batch.manifest import unit_manifest
from staffing.batch.published_week import PublishedWeek, read_week
from staffing.batch.stage import publish_stage, published_forecast
from staffing.batch.unit import Outcome
from staffing.errors import BadInput, NoRoster
from staffing.files.absences import NO_ABSENCE, read_absences
from staffing.files.schemas import CHANGES, ROSTER
from staffing.files.tables import write_table
from staffing.plan.corrections import corrections
from staffing.plan.outputs import write_roster
from staffing.plan.pipeline import Progress, StageClock, misses, silent, week_result
from staffing.plan.playing import play_roster
from staffing.plan.proving import why_not_played
from staffing.plan.rostering import Case, design_week, judged
from staffing.plan.scenario import AS_FORECAST
from staffing.plan.targets import queue_targets
from staffing.report import render
from staffing.sizing.proving.proof import Proof
from staffing.sizing.targets import QueueTarget


@dataclass(frozen=True)
class Changed:
    """A week that was planned again.

    Attributes
    ----------
    outcome
        As of any plan.
    replanned
        The differences to the roster before.
    """

    outcome: Outcome
    replanned: Replanned


@dataclass(frozen=True)
class Keeping:
    """What of a published roster is to stay: frozen days, days up to one, and the price of a change elsewhere."""

    days: frozenset[date] = frozenset()
    until: date | None = None
    price_per_change: float = 20.0

    def frozen(self, days: Collection[date]) -> frozenset[date]:
        """Those of the days that may not change."""
        return self.days | {day for day in days if self.until is not None and day <= self.until}


def replan_stage(
    path: Path | str,
    keeping: Keeping,
    *,
    roster_file: Path | None = None,
    absences: Path | None = None,
    seed: int | None = None,
    dry_run: bool = False,
    on_progress: Progress = silent,
) -> Changed:
    """Plan the published week again, change as little as it pays, and publish the result.

    Parameters
    ----------
    keeping
        What is to stay.
    roster_file
        The roster that people have; by default the published one.
    absences
        Absences on top of the plan's.

    Raises
    ------
    BadInput, NoRoster, Locked
        Nothing on disk has changed then.
    """
    clock = StageClock()
    with clock.stage("read"):
        on_progress("read the plan's files")
        week = _with_absences(read_week(path, seed=seed), absences)
        before = week.roster(roster_file)
    plan, case = week.plan, week.case
    targets = queue_targets(plan)
    with clock.stage("roster"):
        try:
            shifts = design_week(plan, week.people.rulebook, case.demand, on_progress)
            found = replan(
                *case.declared,
                before,
                frozen=keeping.days,
                until=keeping.until,
                price_per_change=keeping.price_per_change,
                team_rules=case.team_rules,
                seed=plan.settings.plan.seed,
                time_limit_s=plan.settings.plan.time_limit_s,
                on_progress=on_progress,
            )
            held = held_from(
                before,
                case.agents,
                case.kinds,
                case.demand,
                frozen=keeping.frozen([day.date() for day in case.demand.days]),
                price_per_change=keeping.price_per_change,
            )
        except NoFeasibleRoster as error:
            raise NoRoster(f"no roster satisfies the hard rules:\n{error}") from None
        except InvalidSchedule as error:
            raise BadInput(str(error), file=plan.path) from None
        rostered = judged(plan, case, shifts, found.roster, week.forecast, targets, held)
    with clock.stage("proof"):
        proof = _played(week, found.roster.table, targets, on_progress)
    tables = published_forecast(plan, week.contacts)
    result = week_result(
        plan,
        week.people,
        week.contacts,
        tables,
        week.requirement,
        rostered,
        clock,
        proof,
        corrections(week.requirement, week.asked),
    )
    result = replace(result, notes=(*_notes(found, keeping), *week.notes, *found.notes, *result.notes))
    missed = tuple(misses(result))

    def write(place: Path) -> None:
        write_roster(place, result, render(result), week.folder)
        write_table(place / "roster_before.csv", before, ROSTER)
        write_table(place / "changes.csv", found.changes, CHANGES)

    on_progress("write the result")
    manifest = unit_manifest(plan, result, missed)
    folder, _ = publish_stage(plan, week.contacts, "roster", dry_run, write, manifest)
    return Changed(Outcome(plan, result, missed, folder), found)


def _with_absences(week: PublishedWeek, path: Path | None) -> PublishedWeek:
    """The week with further absences of its people."""
    if path is None:
        return week
    ids = {agent.id for agent in week.people.agents}
    away = read_absences(path, ids, week.plan.settings.plan.timezone)

    def absent(agent: Agent) -> Agent:
        more = away.get(agent.id, NO_ABSENCE)
        stretches = sorted({*agent.absences, *more.stretches}, key=lambda one: (one.start, one.end))
        return replace(
            agent,
            days_off=agent.days_off | more.days_off,
            leave=agent.leave | more.leave,
            absences=tuple(stretches),
        )

    people = replace(week.people, agents=tuple(map(absent, week.people.agents)))
    return replace(week, people=people, case=Case.of(people, week.case.demand))


def _played(
    week: PublishedWeek, table: pd.DataFrame, targets: Mapping[str, QueueTarget], on_progress: Progress
) -> Proof | None:
    """The new roster played through, where the plan asks for that; nothing is corrected any more."""
    plan = week.plan
    if not plan.settings.proof.enabled or why_not_played(week.people, week.forecast):
        return None
    on_progress("play the roster through the forecast")
    try:
        return play_roster(plan, week.people, table, week.forecast, week.asked, targets, AS_FORECAST)
    except ValueError as error:
        raise BadInput(
            f"the roster cannot be simulated: {error}", file=plan.path, field="proof",
            accepted="a plan that can be played through, or enabled = false",
        ) from None  # fmt: skip


def _notes(found: Replanned, keeping: Keeping) -> list[str]:
    people = found.changes["agent"].nunique()
    notes = [
        f"Planned again: {found.changed} {'shift' if found.changed == 1 else 'shifts'} of {people} "
        f"{'person' if people == 1 else 'people'} changed, at a price of {keeping.price_per_change:g} per change; "
        "changes.csv names them, roster_before.csv is the roster before."
    ]
    notes.extend(
        f"{row.agent} cannot keep {row.day:%a} {row.day:%Y-%m-%d} ({row.before}), which was to stay: {row.reason}."
        for row in found.not_kept.itertuples()
    )
    return notes
