"""The files of a planned week, stage by stage."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from staffing.files.calendars import write_calendars
from staffing.files.schemas import (
    CLEANING,
    COVERAGE,
    FORECAST,
    LEADERBOARD,
    REQUIREMENT,
    ROSTER,
    RULES,
    SERVICE,
    SHIFTS,
    WISHES,
)
from staffing.files.tables import write_table
from staffing.files.text import write_text
from staffing.files.workbook import write_workbook
from staffing.plan.loading import Plan
from staffing.plan.result import PlanResult

FORECAST_FILES = ("forecast.csv", "leaderboard.csv", "cleaning.csv")
SIZE_FILES = ("requirement.csv",)
ROSTER_FILES = (
    "shifts.csv", "roster.csv", "coverage.csv", "service.csv", "wishes.csv", "rules.csv", "roster.xlsx", "calendars",
    "report.html",
)  # fmt: skip
STAGE_FILES = {"forecast": FORECAST_FILES, "size": SIZE_FILES, "roster": ROSTER_FILES}


def week_folder(plan: Plan, week_start: pd.Timestamp) -> Path:
    """Where the result of a week goes."""
    return plan.folder / "out" / week_start.date().isoformat()


def write_forecast(
    folder: Path, forecast: pd.DataFrame, leaderboard: pd.DataFrame, cleaning: pd.DataFrame
) -> None:
    """Write the files of the forecast stage."""
    write_table(folder / "forecast.csv", forecast, FORECAST)
    write_table(folder / "leaderboard.csv", leaderboard, LEADERBOARD)
    write_table(folder / "cleaning.csv", cleaning, CLEANING)


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
    write_table(folder / "shifts.csv", result.design.table, SHIFTS)
    write_table(folder / "roster.csv", result.roster.table, ROSTER)
    write_table(folder / "coverage.csv", result.coverage, COVERAGE)
    write_table(folder / "service.csv", result.service, SERVICE)
    write_table(folder / "wishes.csv", result.roster.wishes, WISHES)
    write_table(folder / "rules.csv", result.check.rules, RULES)
    write_workbook(
        folder / "roster.xlsx", result.roster.table, result.coverage, result.week_start, agents=result.agents
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


def files_of_other_stages(stage: str) -> list[str]:
    """What the stages other than ``stage`` leave in a week's folder."""
    return [name for other, names in STAGE_FILES.items() if other != stage for name in names]
