"""The files of a planned week, stage by stage."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from staffing.files.calendars import write_calendars
from staffing.files.manifest import MANIFEST
from staffing.files.schemas import (
    BALANCE,
    CLEANING,
    CLEANING_DAYS,
    CORRECTIONS,
    COVERAGE,
    EXCLUSIONS,
    EXPLANATION,
    FORECAST,
    LEADERBOARD,
    PRICED,
    PROOF,
    REQUIREMENT,
    ROSTER,
    RULES,
    SCORE,
    SERVICE,
    SHIFTS,
    TOTALS,
    WISHES,
)
from staffing.files.tables import write_table
from staffing.files.text import write_text
from staffing.files.workbook import write_workbook
from staffing.plan.loading import Plan
from staffing.plan.result import PlanResult

# Tables beside the forecast: why it is what it is, what was left out, sums, how past ones did, the history's days.
BESIDE = (EXPLANATION, EXCLUSIONS, TOTALS, SCORE, CLEANING_DAYS)
FORECAST_FILES = (
    "forecast.csv",
    "leaderboard.csv",
    "cleaning.csv",
    *(f"{schema.name}.csv" for schema in BESIDE),
)
SIZE_FILES = ("requirement.csv",)
ROSTER_FILES = (
    "shifts.csv", "roster.csv", "coverage.csv", "service.csv", "proof.csv", "corrections.csv", "wishes.csv",
    "balance.csv", "rules.csv", "priced.csv", "roster.xlsx", "calendars", "report.html",
    "roster_before.csv", "changes.csv",
)  # fmt: skip
# What replans were told of people away from the week: an input of every stage, written by none of them.
WEEK_ABSENCES = "absences.csv"
STAGE_FILES = {"forecast": FORECAST_FILES, "size": SIZE_FILES, "roster": ROSTER_FILES}


def week_folder(plan: Plan, week_start: pd.Timestamp) -> Path:
    """Where the result of a week goes."""
    return plan.folder / "out" / week_start.date().isoformat()


def write_forecast(
    folder: Path,
    forecast: pd.DataFrame,
    leaderboard: pd.DataFrame,
    cleaning: pd.DataFrame,
    beside: Mapping[str, pd.DataFrame],
) -> None:
    """Write the files of the forecast stage; a table beside the forecast only if it has rows."""
    write_table(folder / "forecast.csv", forecast, FORECAST)
    write_table(folder / "leaderboard.csv", leaderboard, LEADERBOARD)
    write_table(folder / "cleaning.csv", cleaning, CLEANING)
    for schema in BESIDE:
        if len(beside[schema.name]):
            write_table(folder / f"{schema.name}.csv", beside[schema.name], schema)


def write_requirement(folder: Path, requirement: pd.DataFrame) -> None:
    """Write the file of the sizing stage."""
    write_table(folder / "requirement.csv", requirement, REQUIREMENT)


def write_roster(folder: Path, result: PlanResult, report_html: str, published: Path) -> None:
    """Write the files of the roster stage.

    Parameters
    ----------
    folder
        A new folder.
    published
        The folder that the new one replaces, whose calendars people may have subscribed to.
    """
    write_table(folder / "shifts.csv", _shifts(result), SHIFTS)
    write_table(folder / "roster.csv", result.roster.table, ROSTER)
    write_table(folder / "coverage.csv", result.coverage, COVERAGE)
    write_table(folder / "service.csv", result.service, SERVICE)
    if result.proof is not None:
        write_table(folder / "proof.csv", result.proof.service, PROOF)
    if len(result.corrections):
        write_table(folder / "corrections.csv", result.corrections, CORRECTIONS)
    if len(result.check.priced):
        write_table(folder / "priced.csv", result.check.priced, PRICED)
    write_table(folder / "wishes.csv", result.roster.wishes, WISHES)
    write_table(folder / "rules.csv", result.check.rules, RULES)
    if result.balance is not None:
        write_table(folder / "balance.csv", result.balance.table, BALANCE)
    days = (result.week_end.date() - result.week_start.date()).days
    write_workbook(
        folder / "roster.xlsx",
        result.roster.table,
        result.coverage,
        result.week_start,
        days=days,
        agents=result.agents,
    )
    write_calendars(
        folder / "calendars",
        result.roster.table,
        result.name,
        result.week_start,
        agents=[agent.id for agent in result.agents],
        previous=published / "calendars",
    )
    write_text(folder / "report.html", report_html)


def _shifts(result: PlanResult) -> pd.DataFrame:
    """Every shift that the design asks for or the roster has, and how many people each puts on it."""
    rows = result.roster.table
    paid_h = (rows["end"] - rows["start"]).dt.total_seconds() / 3600 * rows["paid"].astype(float)
    worked = (
        rows.assign(paid_h=paid_h, kind=rows["shift_id"].str.slice(11).str.rsplit("-", n=2).str[0])
        .groupby(["shift_id", "agent"], as_index=False)
        .agg(kind=("kind", "first"), start=("start", "min"), end=("end", "max"), paid_h=("paid_h", "sum"))
        .groupby("shift_id", as_index=False)
        .agg(
            kind=("kind", "first"), start=("start", "first"), end=("end", "first"), paid_h=("paid_h", "first"),
            rostered=("agent", "size"),
        )
    )  # fmt: skip
    designed = result.design.table.rename(columns={"agents": "designed"})
    keys = ["shift_id", "kind", "start", "end", "paid_h"]
    both = pd.concat([designed[[*keys, "designed"]], worked[[*keys, "rostered"]]], ignore_index=True)
    table = both.groupby("shift_id", as_index=False).agg(
        kind=("kind", "first"), start=("start", "first"), end=("end", "first"), paid_h=("paid_h", "first"),
        designed=("designed", "sum"), rostered=("rostered", "sum"),
    )  # fmt: skip
    return table.sort_values(["start", "shift_id"], ignore_index=True)


def files_of_others(folder: Path) -> list[str]:
    """Names in a week's folder that no stage writes: the week's absences, a planner's own notes and edited copies."""
    if not folder.is_dir():
        return []
    ours = {MANIFEST, *(name for names in STAGE_FILES.values() for name in names)}
    return sorted(path.name for path in folder.iterdir() if path.name not in ours)


def files_of_other_stages(stage: str) -> list[str]:
    """What the stages other than ``stage`` leave in a week's folder."""
    return [name for other, names in STAGE_FILES.items() if other != stage for name in names]
