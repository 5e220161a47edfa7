"""Scores of past forecasts: only of weeks that are over, only the latest twelve, whatever else lies in ``out``."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from staffing.cli.main import run
from staffing.plan.contacts import read_contacts
from staffing.plan.loading import load_plan
from staffing.plan.scoring import score_past_weeks


def forecast_of(shop: Path, week: str) -> None:
    """Forecast a past week as it would have been then."""
    plan = shop / "plan.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("[plan]\n", f"[plan]\nweek = {week}\n", 1), encoding="utf-8")
    assert run(["forecast", str(shop), "-q"]) == 0
    plan.write_text(text, encoding="utf-8")


def test_weeks_are_scored_oldest_first_and_strangers_are_passed_over(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for week in ("2026-02-09", "2026-02-02"):
        forecast_of(shop, week)
    (shop / "out" / "notes").mkdir()
    (shop / "out" / "2026-01-05").mkdir()
    plan = load_plan(shop)
    table, notes = score_past_weeks(plan, read_contacts(plan))
    assert [str(week) for week in table["week"]] == ["2026-02-02", "2026-02-09"]
    assert notes == ()
    assert table["wape"].between(0.1, 0.8).all()
    assert (table["wape"] == table["wape_untouched"]).all()
    assert table["coverage_80"].between(0.5, 1.0).all()


def test_the_planned_week_itself_is_never_scored(shop: Path) -> None:
    forecast_of(shop, "2026-02-09")
    plan_file = shop / "plan.toml"
    text = plan_file.read_text(encoding="utf-8").replace("[plan]\n", "[plan]\nweek = 2026-02-09\n", 1)
    plan_file.write_text(text, encoding="utf-8")
    plan = load_plan(shop)
    table, _ = score_past_weeks(plan, read_contacts(plan))
    assert table.empty


def test_nothing_published_is_an_empty_table_with_its_columns(shop: Path) -> None:
    plan = load_plan(shop)
    table, notes = score_past_weeks(plan, read_contacts(plan))
    assert isinstance(table, pd.DataFrame)
    assert table.empty
    assert "wape_untouched" in table.columns
    assert notes == ()
