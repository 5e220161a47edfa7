"""The handling time forecast."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import forecasts
from forecasts import ForecastError, handling_time

from .conftest import queue


def constant(handled: pd.Series, seconds: float = 240.0) -> pd.Series:
    return pd.Series(np.where(handled > 0, seconds, np.nan), index=handled.index)


def test_a_constant_handling_time_is_forecast_as_itself() -> None:
    handled = queue(10)
    answer = handling_time(constant(handled), handled, 7)
    assert answer.aht_s.to_numpy() == pytest.approx(np.full(7 * 48, 240.0))
    assert answer.level_s == pytest.approx(240.0)


def test_the_level_weighs_by_volume() -> None:
    index = pd.date_range("2025-01-06", periods=56 * 24, freq="1h")
    busy = np.asarray(index.hour) % 2 == 0
    handled = pd.Series(np.where(busy, 90.0, 10.0), index=index)
    answer = handling_time(pd.Series(np.where(busy, 200.0, 400.0), index=index), handled, 7)
    assert answer.level_s == pytest.approx(220.0, rel=0.01)
    assert answer.aht_s.iloc[0] == pytest.approx(200.0, rel=0.03)


def test_slow_mornings_and_slow_mondays_are_learned_as_far_as_the_counts_allow() -> None:
    handled = queue(26)
    index = pd.DatetimeIndex(handled.index)
    truth = 200 * np.where(index.hour < 10, 1.2, 1.0) * np.where(index.day_of_week == 0, 1.15, 1.0)
    noise = np.random.default_rng(0).normal(1, 0.1, len(index))
    answer = handling_time(pd.Series(truth * noise, index=index).where(handled > 0), handled, 7)
    wall = pd.DatetimeIndex(answer.aht_s.index)
    value = {
        (w, h): answer.aht_s[(wall.day_of_week == w) & (wall.hour == h)].mean()
        for w in (0, 2)
        for h in (9, 14)
    }
    assert value[2, 14] == pytest.approx(200, rel=0.03)
    assert value[2, 9] == pytest.approx(240, rel=0.04)
    assert value[0, 14] == pytest.approx(230, rel=0.04)


def test_a_recent_change_of_level_is_followed() -> None:
    handled = queue(26)
    aht = constant(handled, 200.0)
    aht.iloc[-42 * 48 :] *= 1.25
    assert handling_time(aht, handled, 7).level_s > 235


def test_few_contacts_shrink_the_profile_to_the_level() -> None:
    index = pd.date_range("2025-01-06", periods=14 * 24, freq="1h")
    aht = pd.Series(np.random.default_rng(0).exponential(300, len(index)), index=index)
    answer = handling_time(aht, pd.Series(1.0, index=index), 7)
    assert answer.aht_s.max() / answer.aht_s.min() < 1.3


def test_it_aligns_to_a_forecast(half_year: pd.Series) -> None:
    forecast = forecasts.forecast(half_year, 7)
    answer = handling_time(constant(half_year), half_year, index=pd.DatetimeIndex(forecast.mean.index))
    assert (answer.aht_s.index == forecast.mean.index).all()
    assert answer.aht_s.notna().all()


def test_one_call_left_open_over_night_does_not_slow_the_week() -> None:
    handled = queue(10)
    aht = constant(handled)
    aht.loc[pd.Timestamp("2025-03-10 17:30", tz="Europe/Berlin")] = 40000.0
    answer = handling_time(aht, handled, 7)
    assert answer.aht_s.max() < 260
    assert any("extreme" in note for note in answer.notes)


def test_no_handling_time_at_all_needs_a_fallback() -> None:
    handled = queue(4)
    nothing = handled * np.nan
    with pytest.raises(ForecastError, match="fallback_s"):
        handling_time(nothing, handled, 7)
    answer = handling_time(nothing, handled, 7, fallback_s=300)
    assert (answer.aht_s == 300).all()
    assert "300" in answer.notes[0]


@pytest.mark.parametrize(
    ("seconds", "message"),
    [(-1.0, "aht_s >= 0"), (0.0, "aht_s > 0"), (np.inf, "finite"), ("x", "numeric|seconds")],
)
def test_impossible_handling_times_are_refused(seconds: float, message: str) -> None:
    index = pd.date_range("2025-01-06", periods=48, freq="30min")
    handled = pd.Series(5.0, index=index)
    with pytest.raises(ForecastError, match=message):
        handling_time(pd.Series(seconds, index=index), handled, 7)


def test_a_fallback_or_horizon_that_is_none_is_refused() -> None:
    handled = queue(4)
    with pytest.raises(ForecastError, match="fallback_s > 0"):
        handling_time(constant(handled), handled, fallback_s=0)
    with pytest.raises(ForecastError, match="1 to 400"):
        handling_time(constant(handled), handled, 0)
