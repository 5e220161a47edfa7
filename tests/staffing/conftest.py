"""A plan that a person can survey: one queue, open weekdays 09–17, five people, hourly history."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

PLAN = """\
[plan]
name = "Corner shop"
timezone = "Europe/Berlin"
interval_min = 60
slot_min = 30
seed = 3

[people]
agents = "agents.csv"
wishes = "wishes.csv"

[opening_hours]
mon-fri = "09:00-17:00"

[queues.phone]
service_level = 0.80
answer_within_s = 20
aht_s = 300

[[shifts]]
name = "day"
lengths_h = [8]
start_from = "09:00"
start_until = "09:00"
breaks = [{ name = "lunch", length_min = 30, earliest_h = 3, latest_h = 4.5, paid = false }]

[contracts.full]
shifts = ["day"]
hours_per_week = [30, 37.5]
days_per_week = [4, 5]
cost_per_hour = 20
"""


def corner_shop(folder: Path, people: int = 5, contacts_per_hour: float = 6.0) -> Path:
    """Write the plan's files: six weeks of history."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    hours = pd.date_range("2026-01-05", periods=42 * 24, freq="h")
    is_open = (hours.day_of_week < 5) & (hours.hour >= 9) & (hours.hour < 17)
    contacts = np.random.default_rng(5).poisson(contacts_per_hour, len(hours))
    history = pd.DataFrame(
        {"queue": "phone", "start": hours.strftime("%Y-%m-%d %H:%M"), "contacts": contacts}
    )
    history[is_open].to_csv(folder / "history.csv", index=False)
    agents = pd.DataFrame({"agent_id": [f"p{number}" for number in range(1, people + 1)]})
    agents.assign(contract="full", skills="phone", availability="").to_csv(folder / "agents.csv", index=False)
    wishes = pd.DataFrame(
        {"agent_id": ["p1"], "day": ["2026-02-18"], "wish": ["day_off"], "time": [""], "weight": [5]}
    )
    wishes.to_csv(folder / "wishes.csv", index=False)
    return folder


@pytest.fixture(scope="session")
def make_shop() -> Callable[..., Path]:
    """The function that writes the corner shop's files."""
    return corner_shop


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A fresh copy of the corner shop."""
    return corner_shop(tmp_path / "shop")
