"""What-ifs change what they name and nothing else."""

from __future__ import annotations

import pandas as pd
import pytest

from staffing.errors import BadInput
from staffing.plan.scenario import AS_FORECAST, parse_scenario
from staffing.sizing.targets import QueueTarget

FORECAST = pd.DataFrame(
    {"queue": ["q"], "contacts": [10.0], "contacts_p90": [14.0], "aht_s": [300.0], "open": [True]}
)
TARGETS = {"q": QueueTarget("q", patience_s=100.0, shrinkage=0.1)}


def test_volume_scales_counts_and_quantiles() -> None:
    changed = parse_scenario("volume=+10%").forecast(FORECAST)
    assert changed["contacts"].tolist() == pytest.approx([11.0])
    assert changed["contacts_p90"].tolist() == pytest.approx([15.4])
    assert changed["aht_s"].tolist() == [300.0]


def test_changes_combine() -> None:
    scenario = parse_scenario("aht=-5%,aht=+30s".replace("aht=-5%,", "") + ",patience=-20%,shrinkage=+3%")
    assert scenario.forecast(FORECAST)["aht_s"].tolist() == [330.0]
    changed = scenario.targets(TARGETS)["q"]
    assert changed.patience_s == pytest.approx(80.0)
    assert changed.shrinkage == pytest.approx(0.13)


def test_as_planned_changes_nothing() -> None:
    pd.testing.assert_frame_equal(AS_FORECAST.forecast(FORECAST), FORECAST)
    assert AS_FORECAST.targets(TARGETS) == TARGETS


@pytest.mark.parametrize(
    "text", ["", "volume", "volume=10%", "volume=+10s", "price=+1%", "volume=-100%", "aht=+5s,aht=+6s"]
)
def test_what_is_no_scenario_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="accepted: volume"):
        parse_scenario(text)


def test_a_shrinkage_of_everything_is_refused() -> None:
    with pytest.raises(BadInput, match="shrinkage"):
        parse_scenario("shrinkage=+95%").targets(TARGETS)
