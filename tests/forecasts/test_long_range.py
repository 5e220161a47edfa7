"""Weekly volumes: season, trend, calendar and events, and a range that grows with the weeks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecasts import ForecastError, LongRange, OpeningHours, long_range

from .conftest import queue

START = "2026-12-28"


def yearly(weeks: int, growth: float = 0.0, season: float = 0.2, noise: float = 0.0) -> pd.Series:
    """Hourly, open 8–18 on working days: a season of ±20 % with its top at New Year, growth a year, day noise."""
    end = pd.Timestamp(START)
    index = pd.date_range(end - pd.Timedelta(days=7 * weeks), end, freq="h", inclusive="left")
    return true_volume(index, growth, season, noise)


def true_volume(index: pd.DatetimeIndex, growth: float, season: float, noise: float) -> pd.Series:
    is_open = (index.day_of_week < 5) & (index.hour >= 8) & (index.hour < 18)
    years = np.asarray((index - pd.Timestamp(START)).days) / 365.25
    rate = 60 * (1 + growth) ** years * np.exp(season * np.cos(2 * np.pi * years))
    if noise:
        rng = np.random.default_rng(2)
        day = np.asarray((index - index[0]).days)
        rate = rng.poisson(rate * np.exp(rng.normal(0, noise, day.max() + 1))[day]).astype(float)
    return pd.Series(np.where(is_open, rate, np.nan), index=index)


def truth(answer: LongRange, growth: float = 0.0, season: float = 0.2) -> np.ndarray:
    hours = pd.date_range(answer.table["week"].iloc[0], periods=7 * 24 * len(answer.table), freq="h")
    return np.nansum(true_volume(hours, growth, season, 0).to_numpy().reshape(len(answer.table), -1), axis=1)


@pytest.fixture(scope="module")
def three_years() -> LongRange:
    return long_range(yearly(156, noise=0.05), 52)


def test_the_season_comes_back(three_years: LongRange) -> None:
    expected = truth(three_years)
    assert np.abs(three_years.table["contacts"] - expected).sum() / expected.sum() < 0.03
    assert three_years.table["contacts"].idxmin() in range(20, 32)


def test_the_parts_multiply_to_the_whole(three_years: LongRange) -> None:
    parts = three_years.table[["level", "calendar", "year", "events"]].prod(axis=1)
    assert parts.to_numpy() == pytest.approx(three_years.table["contacts"].to_numpy(), rel=0.01)


def test_the_range_grows_with_the_weeks_and_holds_the_truth(three_years: LongRange) -> None:
    table = three_years.table
    width = (table["contacts_p90"] - table["contacts_p10"]) / table["contacts"]
    assert (np.diff(width) > 0).all()
    expected = truth(three_years)
    assert ((table["contacts_p10"] <= expected) & (expected <= table["contacts_p90"])).mean() > 0.8


def test_strong_growth_is_chosen_by_the_backtest_and_continued() -> None:
    answer = long_range(yearly(156, growth=0.3, noise=0.03), 52)
    assert answer.model == "level and trend"
    assert 0.1 < answer.trend_a_year < 0.35
    last_year = truth(answer, 0.3) / 1.3
    assert answer.table["contacts"].sum() > 1.12 * last_year.sum()


def test_without_growth_there_is_no_trend(three_years: LongRange) -> None:
    assert three_years.model == "level"
    assert three_years.trend_a_year == 0


def test_the_backtest_shows_what_to_compare_with(three_years: LongRange) -> None:
    error = three_years.backtest.set_index("model")["wape"]
    assert error["level"] < error["same week last year"]


def test_a_short_history_gives_a_flat_level_and_says_so() -> None:
    answer = long_range(yearly(12, season=0.0, noise=0.05), 26)
    assert any("no season" in note for note in answer.notes)
    assert any("too short to test" in note for note in answer.notes)
    assert answer.table["contacts"].to_numpy() == pytest.approx(3000, rel=0.06)
    assert answer.table["year"].to_numpy() == pytest.approx(1.0)


def test_holidays_and_closed_weeks_are_counted() -> None:
    week = [pd.Timestamp("2027-02-01").date() + pd.Timedelta(days=k) for k in range(7)]
    hours = OpeningHours(dict.fromkeys(range(5), ((480, 1080),)), frozenset(week))
    table = long_range(yearly(60, season=0.0), 8, opening_hours=hours).table
    assert table.loc[5, "open_days"] == 0
    assert table.loc[5, "contacts"] == 0
    assert table.loc[4, "open_days"] == 5


def test_an_event_lifts_its_week_alone() -> None:
    events = pd.DataFrame({"name": ["sale"], "start": ["2027-01-11"], "end": ["2027-01-15"], "uplift": [0.5]})
    contacts = yearly(30, season=0.0)
    plain, lifted = long_range(contacts, 4), long_range(contacts, 4, events=events)
    ratio = (lifted.table["contacts"] / plain.table["contacts"]).to_numpy()
    assert ratio == pytest.approx([1, 1, 1.5, 1], abs=0.01)
    assert lifted.table["events"].to_numpy() == pytest.approx([1, 1, 1.5, 1])


def test_weeks_begin_at_the_start_that_is_asked_for(half_year: pd.Series) -> None:
    answer = long_range(half_year, 2, start="2025-07-14", country="DE")
    assert list(answer.table["week"]) == [pd.Timestamp("2025-07-14"), pd.Timestamp("2025-07-21")]
    assert "2 weeks from 2025-07-14" in answer.summary()


@pytest.mark.parametrize("weeks", [0, 79, 1000, 2.5, True])
def test_a_horizon_outside_1_to_78_weeks_is_refused(half_year: pd.Series, weeks: object) -> None:
    with pytest.raises(ForecastError, match="1 to 78 whole weeks"):
        long_range(half_year, weeks)  # type: ignore[arg-type]


def test_three_weeks_are_too_few() -> None:
    with pytest.raises(ForecastError, match="28 days of history"):
        long_range(queue(3), 4)


def test_nothing_but_zeros_is_too_little() -> None:
    with pytest.raises(ForecastError, match="28 days of history with contacts"):
        long_range(queue(10) * 0, 4)
