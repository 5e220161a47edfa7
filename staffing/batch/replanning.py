"""A published roster under new circumstances, published in its place."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from schedules.errors import InvalidSchedule, NoFeasibleRoster
from schedules.replan import Replanned, held_from, replan
from schedules.rostershifts import records
from staffing.batch.manifest import unit_manifest
from staffing.batch.published_week import PublishedWeek, read_week
from staffing.batch.stage import publish_stage, published_forecast
from staffing.batch.unit import Outcome
from staffing.errors import BadInput, NoRoster
from staffing.files.absences import NO_ABSENCE, absence_rows, absence_text, read_absences, with_absences
from staffing.files.schemas import CHANGES, ROSTER
from staffing.files.tables import write_table
from staffing.files.text import write_text
from staffing.plan.corrections import corrections
from staffing.plan.outputs import WEEK_ABSENCES, write_roster
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
        Absences on top of the plan's; they are kept with the week and hold for whatever reads it later.

    Raises
    ------
    BadInput, NoRoster, Locked
        Nothing on disk has changed then.
    """
    clock = StageClock()
    with clock.stage("read"):
        on_progress("read the plan's files")
        week = _with_absences(read_week(path, seed=seed), absences)
        told = _told(week, absences)
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
    # The new roster's own notes are among those of the result and of the replan.
    notes = (*_notes(found, keeping), *week.notes, *found.notes, *result.notes)
    result = replace(result, notes=tuple(dict.fromkeys(notes)))
    missed = tuple(misses(result))

    def write(place: Path) -> None:
        write_roster(place, result, render(result), week.folder)
        write_table(place / "roster_before.csv", before, ROSTER)
        write_table(place / "changes.csv", found.changes, CHANGES)
        if told:
            write_text(place / WEEK_ABSENCES, told)

    on_progress("write the result")
    manifest = unit_manifest(plan, result, missed)
    if told:
        # The file takes its place only with the result: its record is that of the text to come.
        name = (week.folder / WEEK_ABSENCES).relative_to(plan.folder).as_posix()
        content = told.encode("utf-8")
        record = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        manifest = replace(manifest, inputs=dict(sorted({**manifest.inputs, name: record}.items())))
    folder, _ = publish_stage(plan, week.contacts, "roster", dry_run, write, manifest)
    return Changed(Outcome(plan, result, missed, folder), found)


def _with_absences(week: PublishedWeek, path: Path | None) -> PublishedWeek:
    """The week with further absences of its people."""
    if path is None:
        return week
    ids = {agent.id for agent in week.people.agents}
    away = read_absences(path, ids, week.plan.settings.plan.timezone)
    agents = tuple(with_absences(agent, away.get(agent.id, NO_ABSENCE)) for agent in week.people.agents)
    people = replace(week.people, agents=agents)
    return replace(week, people=people, case=Case.of(people, week.case.demand))


def _told(week: PublishedWeek, absences: Path | None) -> str:
    """The text of the week's absences: those of earlier replans and of this one; empty without any."""
    kept = week.folder / WEEK_ABSENCES
    files = [path for path in (kept if kept.is_file() else None, absences) if path is not None]
    return absence_text([row for path in files for row in absence_rows(path)]) if files else ""


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
    people, moved = found.people, found.breaks_moved
    notes = [
        f"Planned again: {found.changed} {'shift' if found.changed == 1 else 'shifts'} of {people} "
        f"{'person' if people == 1 else 'people'} changed, at a price of {keeping.price_per_change:g} per change; "
        "changes.csv names them, roster_before.csv is the roster before."
    ]
    if moved:
        notes.append(
            f"Breaks of {moved} other {'shift' if moved == 1 else 'shifts'} moved, each for a saving of more than half "
            "the price of a change or because they could not stay."
        )
    notes.extend(
        f"The frozen {row.day:%a} {row.day:%Y-%m-%d} of {row.agent} ({row.before}) did not stay: "
        f"{str(row.reason).removeprefix('cannot be kept: ')}."
        for row in records(found.not_kept)
    )
    return notes
