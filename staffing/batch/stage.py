"""One stage of a plan, from the files of the stage before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from staffing.batch.manifest import stage_manifest, unit_manifest
from staffing.batch.unit import Outcome
from staffing.errors import BadInput
from staffing.files.lock import locked
from staffing.files.manifest import Manifest, write_manifest
from staffing.files.publish import publish
from staffing.files.schemas import (
    CLEANING,
    CLEANING_DAYS,
    CORRECTIONS,
    FORECAST,
    LEADERBOARD,
    REQUIREMENT,
    Schema,
)
from staffing.files.tables import read_table
from staffing.plan.contacts import Contacts, read_contacts
from staffing.plan.corrections import corrected
from staffing.plan.forecasting import ForecastTables, forecast_week
from staffing.plan.loading import Plan, load_plan
from staffing.plan.outputs import (
    STAGE_FILES,
    files_of_other_stages,
    files_of_others,
    week_folder,
    write_forecast,
    write_requirement,
    write_roster,
)
from staffing.plan.people import read_people
from staffing.plan.pipeline import Progress, StageClock, finish_week, misses, silent
from staffing.plan.sizing_modes import by_skills, size_week
from staffing.report import render

ORDER = tuple(STAGE_FILES)


@dataclass(frozen=True)
class StageDone:
    """A stage that ran.

    Attributes
    ----------
    folder
        Where its files were published; ``None`` after a dry run.
    stale
        Files of later stages that were made from what this stage has replaced.
    """

    folder: Path | None
    stale: tuple[str, ...]

    def say_stale(self, say: Callable[[str], None]) -> None:
        """Tell which files are out of date now."""
        if self.stale:
            say(f"Still from before, and out of date now: {', '.join(self.stale)}")


@dataclass(frozen=True)
class ForecastDone(StageDone):
    """A forecast stage."""

    tables: ForecastTables = field(kw_only=True)


@dataclass(frozen=True)
class SizeDone(StageDone):
    """A sizing stage."""

    requirement: pd.DataFrame = field(kw_only=True)
    interval_min: int = field(kw_only=True)


def forecast_stage(
    path: Path | str, *, dry_run: bool = False, on_progress: Progress = silent
) -> ForecastDone:
    """Forecast the week and publish it beside what the other stages left."""
    plan = load_plan(path)
    contacts = read_contacts(plan)
    tables = forecast_week(plan, contacts, on_progress)
    folder, stale = publish_stage(
        plan,
        contacts,
        "forecast",
        dry_run,
        lambda place: write_forecast(
            place, tables.forecast, tables.leaderboard, tables.cleaning, tables.beside
        ),
    )
    return ForecastDone(folder, stale, tables=tables)


def size_stage(path: Path | str, *, dry_run: bool = False, on_progress: Progress = silent) -> SizeDone:
    """Size the published forecast and publish the requirement beside it."""
    plan = load_plan(path)
    contacts = read_contacts(plan)
    forecast = published(plan, contacts, FORECAST)
    on_progress("size the queues")
    requirement = size_week(
        plan, forecast, read_people(plan, contacts.week_start) if by_skills(plan) else None
    )
    folder, stale = publish_stage(
        plan, contacts, "size", dry_run, lambda place: write_requirement(place, requirement)
    )
    return SizeDone(folder, stale, requirement=requirement, interval_min=plan.settings.plan.interval_min)


def roster_stage(
    path: Path | str,
    *,
    seed: int | None = None,
    prove: bool | None = None,
    dry_run: bool = False,
    on_progress: Progress = silent,
) -> Outcome:
    """Roster the published requirement and publish shifts, roster, coverage and report beside it."""
    plan = load_plan(path, seed)
    if prove is not None:
        plan = plan.proving(prove)
    clock = StageClock()
    contacts = read_contacts(plan)
    people = read_people(plan, contacts.week_start)
    tables = published_forecast(plan, contacts)
    requirement = published(plan, contacts, REQUIREMENT)
    result = finish_week(plan, people, contacts, tables, requirement, clock, on_progress)
    missed = tuple(misses(result))
    manifest = unit_manifest(plan, result, missed)
    old = week_folder(plan, contacts.week_start)
    folder, _ = publish_stage(
        plan,
        contacts,
        "roster",
        dry_run,
        lambda place: write_roster(place, result, render(result), old),
        manifest,
    )
    return Outcome(plan, result, missed, folder)


def published_forecast(plan: Plan, contacts: Contacts) -> ForecastTables:
    """What the forecast stage published of the week, as far as later stages show it.

    Raises
    ------
    BadInput
        As ``published``.
    """
    path = week_folder(plan, contacts.week_start) / f"{CLEANING_DAYS.name}.csv"
    zone = plan.settings.plan.timezone
    days = {CLEANING_DAYS.name: read_table(path, CLEANING_DAYS, zone)} if path.is_file() else {}
    tables = [published(plan, contacts, schema) for schema in (FORECAST, LEADERBOARD, CLEANING)]
    return ForecastTables(tables[0], tables[1], tables[2], (), beside=days)


def published(plan: Plan, contacts: Contacts, schema: Schema) -> pd.DataFrame:
    """A table that an earlier stage published for the plan's week, checked against the plan.

    Raises
    ------
    BadInput
        There is none yet, it has defects, or it does not cover the plan's queues and week.
    """
    path = week_folder(plan, contacts.week_start) / f"{schema.name}.csv"
    if not path.is_file():
        stage = next(stage for stage, names in STAGE_FILES.items() if path.name in names)
        raise BadInput(
            "no such file yet", file=path, accepted=f"the result of `staffing {stage} {plan.folder}`"
        )
    table = read_table(path, schema, plan.settings.plan.timezone)
    if "start" not in schema.names:
        return table
    step = pd.Timedelta(minutes=plan.settings.plan.interval_min)
    week = pd.date_range(contacts.week_start, contacts.week_end, freq=step, inclusive="left")
    for queue in plan.settings.queues:
        starts = pd.DatetimeIndex(table.loc[table["queue"] == queue, "start"]).sort_values()
        missing = week.difference(starts)
        if len(missing):
            raise BadInput(
                f"queue {queue!r} has no row for {missing[0].isoformat()}", file=path, field="start",
                accepted=f"every interval of {plan.settings.plan.interval_min} min of the week",
            )  # fmt: skip
        extra = starts.difference(week)
        if len(extra):
            raise BadInput(
                f"queue {queue!r} has a row outside the plan's week or grid", file=path, field="start",
                value=extra[0].isoformat(), accepted=f"starts from {week[0].isoformat()} to {week[-1].isoformat()}",
            )  # fmt: skip
    unknown = set(table["queue"]) - set(plan.settings.queues)
    if unknown:
        raise BadInput(
            "unknown queue",
            file=path,
            field="queue",
            value=min(unknown),
            accepted=", ".join(plan.settings.queues),
        )
    # A person may have sorted the file otherwise; later stages count on the plan's order.
    parts = [table[table["queue"] == queue].sort_values("start") for queue in plan.settings.queues]
    return pd.concat(parts, ignore_index=True)


def asked_requirement(plan: Plan, contacts: Contacts) -> tuple[pd.DataFrame, str]:
    """The published requirement with what its roster's proof changed, and a note where that does not fit any more."""
    requirement = published(plan, contacts, REQUIREMENT)
    path = week_folder(plan, contacts.week_start) / f"{CORRECTIONS.name}.csv"
    if not path.is_file():
        return requirement, ""
    asked = corrected(requirement, read_table(path, CORRECTIONS, plan.settings.plan.timezone))
    if asked is None:
        return requirement, f"{path.name} belongs to another requirement and was not used."
    return asked, ""


def publish_stage(
    plan: Plan,
    contacts: Contacts,
    stage: str,
    dry_run: bool,
    write: Callable[[Path], None],
    manifest: Manifest | None = None,
) -> tuple[Path | None, tuple[str, ...]]:
    """Publish the files of one stage beside those of the others.

    Returns
    -------
    The folder, ``None`` after a dry run, and the files of later stages that are out of date now.
    """
    if dry_run:
        return None, ()
    folder = week_folder(plan, contacts.week_start)
    later = [name for other in ORDER[ORDER.index(stage) + 1 :] for name in STAGE_FILES[other]]
    stale = tuple(name for name in later if (folder / name).exists())

    def fill(place: Path) -> None:
        write(place)
        write_manifest(place, manifest or stage_manifest(plan, contacts.week_start, stage, stale))

    with locked(plan.folder):
        publish(folder, fill, carry=[*files_of_other_stages(stage), *files_of_others(folder)])
    return folder, stale
