"""What looks beyond the planned week, or behind it: weekly volumes for hiring, and the leader board."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from staffing.files.lock import locked
from staffing.files.publish import publish_file
from staffing.files.schemas import LONG_RANGE
from staffing.files.tables import write_table
from staffing.files.text import write_text
from staffing.plan.backtest import leader_board
from staffing.plan.contacts import read_contacts
from staffing.plan.loading import load_plan
from staffing.plan.long_range import LongRangeTables, forecast_weeks
from staffing.plan.pipeline import Progress, silent
from staffing.report.leaderboard import render_leader_board


@dataclass(frozen=True)
class LongRangeDone:
    """Weekly volumes and the file that holds them; ``None`` after a dry run."""

    tables: LongRangeTables
    path: Path | None


@dataclass(frozen=True)
class BacktestDone:
    """The leader board and its picture; ``None`` after a dry run."""

    table: pd.DataFrame
    notes: tuple[str, ...]
    path: Path | None


def long_range_stage(
    path: Path | str, weeks: int, *, dry_run: bool = False, on_progress: Progress = silent
) -> LongRangeDone:
    """Forecast weekly volumes and publish ``out/long_range.csv``."""
    plan = load_plan(path)
    tables = forecast_weeks(plan, read_contacts(plan), weeks, on_progress)
    if dry_run:
        return LongRangeDone(tables, None)
    target = plan.folder / "out" / "long_range.csv"
    with locked(plan.folder):
        publish_file(target, lambda place: _write_long_range(place, tables.table))
    return LongRangeDone(tables, target)


def backtest_stage(
    path: Path | str, origins: int, days: int, *, dry_run: bool = False, on_progress: Progress = silent
) -> BacktestDone:
    """Test all models on past weeks and publish the picture ``out/backtest.html``."""
    plan = load_plan(path)
    table, notes = leader_board(plan, read_contacts(plan), origins, days, on_progress)
    if dry_run:
        return BacktestDone(table, notes, None)
    html = render_leader_board(table, name=plan.settings.plan.name, days=days, notes=notes)
    target = plan.folder / "out" / "backtest.html"
    with locked(plan.folder):
        publish_file(target, lambda place: write_text(place, html))
    return BacktestDone(table, notes, target)


def _write_long_range(place: Path, table: pd.DataFrame) -> None:
    write_table(place, table, LONG_RANGE)
