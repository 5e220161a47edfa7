"""Histories and questions that cannot be answered: a clear error or a stated fallback, and never a library's warning.

Warnings are errors in this suite, so that every call here also shows that none escapes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import forecasts
from forecasts import ForecastError, long_range

from .conftest import queue

HOURS = pd.date_range("2026-01-05", periods=10 * 7 * 24, freq="h")


def constant(value: float) -> pd.Series:
    return pd.Series(value, index=HOURS)


@pytest.mark.parametrize(
    ("minutes", "message"),
    [(25, "got 35"), (30, "mostly 60 minutes and one of 30 before 2026-01-05 06:00:00")],
)
def test_an_irregular_grid_is_an_error(minutes: int, message: str) -> None:
    index = HOURS.delete(5).insert(5, HOURS[5] + pd.Timedelta(minutes=minutes))
    with pytest.raises(ForecastError, match=message):
        forecasts.forecast(pd.Series(1.0, index=index))


def test_mixed_zones_are_named() -> None:
    index = pd.Index(
        [pd.Timestamp("2026-01-05 08:00", tz="UTC"), pd.Timestamp("2026-01-05 09:00", tz="Europe/Berlin")],
        dtype=object,
    )
    with pytest.raises(ForecastError, match="different zones"):
        forecasts.forecast(pd.Series([1.0, 2.0], index=index))


def test_all_zeros_forecast_zero_and_say_that_it_cannot_be_trusted() -> None:
    answer = forecasts.forecast(constant(0.0), 7)
    assert (answer.mean == 0).all()
    assert any("no contacts at all" in note for note in answer.notes)
    assert (answer.quantile(0.9) == 0).all()
    assert answer.sample(3).sum() == 0


def test_all_missing_is_an_error() -> None:
    with pytest.raises(ForecastError, match="missing values only"):
        forecasts.forecast(constant(np.nan), 7)


def test_one_constant_value_is_forecast_again() -> None:
    answer = forecasts.forecast(constant(12.0), 7)
    assert answer.mean.to_numpy() == pytest.approx(12.0, rel=0.03)
    assert answer.quantile(0.1).max() <= 12.0 <= answer.quantile(0.9).min()


@pytest.mark.parametrize(("value", "message"), [(np.inf, "finite"), (-np.inf, "finite"), (-1.0, ">= 0")])
def test_infinite_and_negative_counts_are_errors(value: float, message: str) -> None:
    contacts = constant(5.0)
    contacts.iloc[30] = value
    with pytest.raises(ForecastError, match=message):
        forecasts.forecast(contacts, 7)


@pytest.mark.parametrize("country", ["Atlantis", "XX", ""])
def test_an_unknown_country_is_an_error_that_names_it(country: str) -> None:
    with pytest.raises(ForecastError, match="country"):
        forecasts.forecast(queue(6), 7, country=country)


@pytest.mark.parametrize("days", [0, -1, 1000, 1.5, True])
def test_a_horizon_outside_1_to_400_days_is_an_error(days: object) -> None:
    with pytest.raises(ForecastError, match="1 to 400 whole days"):
        forecasts.forecast(queue(6), days)  # type: ignore[arg-type]


def test_events_outside_history_and_horizon_change_nothing_and_are_told() -> None:
    events = pd.DataFrame({"name": ["fair"], "start": ["2031-01-01"], "end": ["2031-01-02"], "uplift": [0.5]})
    plain, told = forecasts.forecast(queue(8), 7), forecasts.forecast(queue(8), 7, events=events)
    pd.testing.assert_series_equal(plain.mean, told.mean)
    assert any("outside history and horizon" in note for note in told.notes)


def test_an_hour_recorded_twice_is_an_error() -> None:
    contacts = constant(5.0)
    with pytest.raises(ForecastError, match="more than once"):
        forecasts.forecast(pd.concat([contacts, contacts.iloc[:1]]), 7)


@pytest.mark.parametrize("days", [1, 5, 9, 13])
def test_under_two_weeks_says_what_it_cannot_know(days: int) -> None:
    contacts = queue(2).iloc[: 48 * days]
    answer = forecasts.forecast(contacts, 7)
    assert answer.model.startswith("same-weekday")
    assert any("under two weeks" in note for note in answer.notes)
    assert answer.mean.notna().all()


@pytest.mark.parametrize("weeks", [4, 8, 12])
def test_short_histories_work_with_every_part_of_the_result(weeks: int) -> None:
    answer = forecasts.forecast(queue(weeks), 14, country="DE")
    assert (answer.mean >= 0).all()
    assert answer.sample(2, 1).shape == (2, len(answer.mean))
    assert len(answer.explain()) == 14
    assert "contacts from" in answer.summary()
    assert long_range(queue(weeks), 4).table["contacts"].gt(0).all()


def test_counts_that_are_no_numbers_are_errors() -> None:
    with pytest.raises(ForecastError, match="numeric"):
        forecasts.forecast(pd.Series(["five", "six", "none"], index=HOURS[:3]), 7)


@pytest.mark.parametrize("days", [1, 3])
def test_a_horizon_below_a_week_is_tested_as_often_as_a_week(days: int) -> None:
    short, week = (forecasts.forecast(queue(26), horizon).backtest for horizon in (days, 7))
    assert short["origins"].min() == week["origins"].min() > 4
