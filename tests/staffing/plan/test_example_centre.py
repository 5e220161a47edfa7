"""The example centre holds what it promises, and is the same each time."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from staffing.plan.example_centre import demo_files, history_table, people_tables, starter_files
from staffing.plan.loading import load_plan
from staffing.plan.people import read_people


@pytest.fixture(scope="module")
def history() -> pd.DataFrame:
    return history_table()


def test_same_seed_same_bytes() -> None:
    assert demo_files() == demo_files()
    assert demo_files(seed=8)["history.csv"] != demo_files()["history.csv"]


def test_a_year_of_three_queues(history: pd.DataFrame) -> None:
    assert list(history["queue"].unique()) == ["phone", "chat", "tickets"]
    days = pd.to_datetime(history["start"]).dt.normalize()
    assert (days.max() - days.min()).days == 363
    assert (history["contacts"] >= 0).all()


def test_sixty_people_with_every_kind_of_detail() -> None:
    tables = people_tables()
    agents = tables["agents.csv"]
    assert len(agents) == agents["agent_id"].nunique() == 60
    assert set(agents["contract"]) == {"full_time", "part_time"}
    assert (agents["availability"] != "").sum() >= 5
    assert set(tables["absences.csv"]["kind"]) == {"day_off", "leave", "unavailable"}
    assert {"day_off", "start_from", "start_until"} == set(tables["wishes.csv"]["wish"])


def test_the_repeated_hour_is_there_and_the_skipped_one_is_not(history: pd.DataFrame) -> None:
    tickets = history[history["queue"] == "tickets"]["start"]
    assert (tickets == "2026-10-25 02:30").sum() == 2
    assert (tickets == "2026-03-29 02:30").sum() == 0


def test_weekly_pattern_payday_promotion_holiday_gap_and_outage(history: pd.DataFrame) -> None:
    phone = history[history["queue"] == "phone"]
    start = pd.to_datetime(phone["start"])
    daily = phone.groupby(start.dt.normalize())["contacts"].sum()
    weekday = daily.index.day_of_week
    usual = {day: float(np.median(daily[weekday == day])) for day in range(6)}
    relative = daily / daily.index.day_of_week.map(usual)
    assert usual[0] > 1.15 * usual[4] > 1.15 * usual[5]
    assert relative["2026-05-04":"2026-05-08"].mean() > 1.3
    paydays = relative[relative.index.day.isin((1, 15))]
    assert paydays.mean() > 1.05 * relative.mean()
    assert pd.Timestamp("2026-04-06") not in daily.index, "Easter Monday is a holiday"
    assert not ((start >= "2026-03-10 13:00") & (start < "2026-03-11 12:00")).any()
    outage = phone[(start >= "2026-06-17 10:00") & (start < "2026-06-17 13:00")]["contacts"]
    assert outage.mean() < 8
    season = daily["2025-12-08":"2026-02-15"].mean() / daily["2026-06-22":"2026-08-30"].mean()
    assert season > 1.05


def test_the_starter_is_small() -> None:
    files = starter_files()
    assert set(files) == {"plan.toml", "history.csv", "agents.csv", "absences.csv", "wishes.csv"}
    assert len(pd.read_csv(io.StringIO(files["agents.csv"]))) == 14
    assert len(files["history.csv"]) < 100_000


def test_the_centre_shows_rules_between_people(tmp_path: Path) -> None:
    for name, text in demo_files().items():
        if name != "history.csv":
            (tmp_path / name).write_text(text, encoding="utf-8")
    people = read_people(load_plan(tmp_path), pd.Timestamp("2026-11-23", tz="Europe/Berlin"))
    assert people.rulebook.rules.weekly_rest_h == 35
    assert [note.startswith("Law DE") for note in people.notes] == [True], (
        "the centre keeps what its law asks for"
    )
    assert "weaker in nothing" in people.notes[0]
    (presence,) = people.team_rules.presence
    assert sum(presence.counts(agent) for agent in people.agents) >= 5
