"""Sample paths of the rate: their law, their independence of the volume, and what they refuse."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from staffing.sizing.forecast_rows import ForecastRows
from staffing.sizing.paths import rate_paths
from staffing.sizing.targets import QueueTarget

TARGETS = {"phone": QueueTarget("phone"), "chat": QueueTarget("chat", channel="chat")}


def rows(contacts: float = 20.0, queues: tuple[str, ...] = ("phone",), **change: float) -> ForecastRows:
    starts = pd.date_range("2026-11-23", periods=96, freq="30min", tz="Europe/Berlin")
    spread = {"dispersion_interval": 0.02, "dispersion_day": 0.01, **change}
    tables = [
        pd.DataFrame(
            {
                "queue": queue,
                "start": starts,
                "contacts": np.where(starts.hour < 8, 0.0, contacts),
                "aht_s": 240.0,
                "open": starts.hour >= 8,
                **spread,
            }
        )
        for queue in queues
    ]
    return ForecastRows.of(pd.concat(tables), TARGETS, 30)


def test_paths_have_the_mean_and_the_two_spreads_of_the_forecast() -> None:
    found = rate_paths(rows(), 4000, 1)
    drawn = found.contacts[:, 0, found.is_open[0]]
    assert drawn.mean() == pytest.approx(20.0, rel=0.01)
    one = drawn[:, 3] / 20.0
    assert one.var() == pytest.approx(1.02 * 1.01 - 1, rel=0.12)
    day = drawn[:, :32].mean(axis=1) / 20.0
    assert day.var() == pytest.approx(0.01 + 0.02 * 1.01 / 32, rel=0.12)
    other = drawn[:, 32:].mean(axis=1)
    assert abs(np.corrcoef(day, other)[0, 1]) < 0.06


def test_closed_intervals_get_nothing() -> None:
    found = rate_paths(rows(), 5, 1)
    assert (found.contacts[:, 0, ~found.is_open[0]] == 0).all()


def test_the_luck_does_not_depend_on_the_volume_or_on_other_queues() -> None:
    few, more = rate_paths(rows(20.0), 7, 3), rate_paths(rows(30.0), 7, 3)
    np.testing.assert_allclose(1.5 * few.contacts, more.contacts)
    both = rate_paths(rows(queues=("chat", "phone")), 7, 3)
    assert both.queues == ("chat", "phone")
    np.testing.assert_array_equal(both.contacts[:, 1], few.contacts[:, 0])
    assert not np.allclose(both.contacts[:, 0], both.contacts[:, 1])


def test_no_spread_means_the_forecast_itself() -> None:
    found = rate_paths(rows(dispersion_interval=0.0, dispersion_day=0.0), 3, 1)
    np.testing.assert_array_equal(found.contacts[:, 0, found.is_open[0]], 20.0)


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="paths >= 1 expected, got 0"):
        rate_paths(rows(), 0, 1)
    with pytest.raises(ValueError, match="dispersion_interval and dispersion_day expected, got none"):
        rate_paths(rows(dispersion_day=np.nan), 2, 1)
