"""``[plan] sizing``: the classic ways to a requirement, by the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from staffing.cli.main import run

WEEK = "2026-02-16"
CHAT = "[queues.chat]\nservice_level = 0.80\nanswer_within_s = 20\naht_s = 300\n\n[queues.phone]\n"


@pytest.fixture
def busy(make_shop: Callable[..., Path], tmp_path: Path) -> Path:
    """Two queues alike, whose people can do both."""
    folder = make_shop(tmp_path / "shop", people=14, contacts_per_hour=60.0)
    plan = folder / "plan.toml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("[queues.phone]\n", CHAT, 1), encoding="utf-8")
    history = folder / "history.csv"
    phone = history.read_text(encoding="utf-8")
    history.write_text(phone + phone.split("\n", 1)[1].replace("phone,", "chat,"), encoding="utf-8")
    agents = folder / "agents.csv"
    agents.write_text(agents.read_text(encoding="utf-8").replace(",phone,", ",phone;chat,"), encoding="utf-8")
    assert run(["forecast", str(folder), "-q"]) == 0
    return folder


def sized(folder: Path, mode: str) -> pd.DataFrame:
    plan = folder / "plan.toml"
    text = plan.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("sizing")]
    lines.insert(lines.index("seed = 3") + 1, f'sizing = "{mode}"')
    plan.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert run(["size", str(folder), "-q"]) == 0
    return pd.read_csv(folder / "out" / WEEK / "requirement.csv")


def test_every_way_of_sizing_staffs_every_busy_hour(busy: Path) -> None:
    tables = {mode: sized(busy, mode) for mode in ("stationary", "offered-load", "iterative", "skills")}
    usual = tables["stationary"]
    open_hours = usual["contacts"] > 0
    for mode, table in tables.items():
        assert (table.loc[open_hours, "scheduled"] > 0).all(), mode
        assert (table.loc[~open_hours, "scheduled"] == 0).all(), mode
        assert table[["queue", "start"]].equals(usual[["queue", "start"]])
    hours = {mode: float(table["scheduled"].sum()) for mode, table in tables.items()}
    # The first hour of a day begins empty, which only the ways that look at time know.
    assert hours["iterative"] <= hours["stationary"]
    # People who can do both stand in for each other.
    assert hours["skills"] < hours["stationary"]
    load = tables["skills"].groupby("start")["load_erlangs"].sum()
    people = tables["skills"].groupby("start")["scheduled"].sum()
    assert (people >= np.floor(load)).all()


def test_a_way_that_does_not_exist_is_named(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = shop / "plan.toml"
    text = plan.read_text(encoding="utf-8").replace("seed = 3", 'seed = 3\nsizing = "guess"')
    plan.write_text(text, encoding="utf-8")
    assert run(["size", str(shop)]) == 3
    said = capsys.readouterr().err
    assert "plan.sizing" in said
    assert "'offered-load'" in said
