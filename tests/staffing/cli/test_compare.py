"""Targets against cost: more service never costs less, and files are left for a machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from staffing.cli.main import run


@pytest.fixture
def busy(make_shop: Callable[..., Path], tmp_path: Path) -> Path:
    """A shop large enough that whole shifts do not hide the differences."""
    return make_shop(tmp_path / "busy", people=40, contacts_per_hour=150.0)


def compare(shop: Path, capsys: pytest.CaptureFixture[str], *more: str) -> pd.DataFrame:
    assert run(["compare", str(shop), "--targets", "60/60,80/20,95/10", "--json", *more]) == 0
    return pd.DataFrame(json.loads(capsys.readouterr().out)["rows"])


def test_more_service_costs_more(busy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = compare(busy, capsys)
    total = table[table["queue"] == "all"].set_index("target")
    assert list(total.index) == ["60/60", "80/20", "95/10"]
    assert total["plan_level"].is_monotonic_increasing
    assert total["paid_hours"].is_monotonic_increasing
    assert total.loc["95/10", "cost"] > total.loc["60/60", "cost"]
    prices = total["price_of_next_point"].astype(float)
    assert prices.iloc[-1] != prices.iloc[-1], "nothing lies above the best row"
    step = (total["cost"].iloc[2] - total["cost"].iloc[1]) / (
        100 * (total["plan_level"].iloc[2] - total["plan_level"].iloc[1])
    )
    assert prices.iloc[1] == pytest.approx(step, rel=1e-6)


def test_a_scenario_stands_beside_the_plan(busy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = compare(busy, capsys, "--scenario", "volume=+50%")
    total = table[table["queue"] == "all"].pivot(index="target", columns="scenario", values="paid_hours")
    assert (total["volume=+50%"] > total["as forecast"]).all()


def test_files_are_left_behind(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", str(shop), "--targets", "80/20,90/10"]) == 0
    assert "comparison.html" in capsys.readouterr().out
    folder = shop / "out" / "compare"
    assert {path.name for path in folder.iterdir()} == {"comparison.csv", "comparison.html"}
    assert len(pd.read_csv(folder / "comparison.csv")) == 4


@pytest.mark.parametrize("targets", ["80", "80/20/5", "0/20", "101/20", "eighty/20", "80/-1", "nan/20"])
def test_what_is_no_target_is_refused(shop: Path, targets: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", str(shop), "--targets", targets]) == 3
    assert "--targets" in capsys.readouterr().err


def test_an_unknown_queue_is_refused(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", str(shop), "--targets", "80/20", "--queue", "fax"]) == 3
    assert "phone" in capsys.readouterr().err
