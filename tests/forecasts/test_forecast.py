"""The forecast from end to end."""

from __future__ import annotations

import doctest

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forecasts
from forecasts import ForecastError, OpeningHours

from .conftest import queue, true_rate

COLUMNS = [
    "start",
    "contacts",
    "contacts_p025",
    "contacts_p10",
    "contacts_p50",
    "contacts_p90",
    "contacts_p975",
    "dispersion_interval",
    "dispersion_day",
    "open",
    "model",
]


@pytest.fixture(scope="module")
def answer(half_year: pd.Series) -> forecasts.Forecast:
    return forecasts.forecast(half_year, 14, country="DE", seed=5)


def test_the_table_has_its_columns_and_ordered_quantiles(answer: forecasts.Forecast) -> None:
    table = answer.table()
    assert list(table.columns) == COLUMNS
    bands = table[
        ["contacts_p025", "contacts_p10", "contacts_p50", "contacts_p90", "contacts_p975"]
    ].to_numpy()
    assert (np.diff(bands, axis=1) >= -1e-9).all()
    assert (bands >= 0).all()


def test_the_horizon_is_whole_local_days_after_the_history(answer: forecasts.Forecast) -> None:
    index = answer.mean.index
    assert index[0] == pd.Timestamp("2025-07-07", tz="Europe/Berlin")
    assert index[-1] == pd.Timestamp("2025-07-20 23:30", tz="Europe/Berlin")
    assert len(index) == 14 * 48


def test_the_forecast_is_near_the_truth_and_closed_hours_are_zero(answer: forecasts.Forecast) -> None:
    truth = true_rate(pd.DatetimeIndex(answer.mean.index))
    assert (answer.open.to_numpy() == (truth > 0)).all()
    assert (answer.mean[~answer.open] == 0).all()
    assert (answer.quantile(0.975)[~answer.open] == 0).all()
    assert np.abs(answer.mean - truth).sum() / truth.sum() < 0.06


def test_the_choice_is_recorded_with_its_reason(answer: forecasts.Forecast) -> None:
    assert list(answer.backtest.columns) == ["model", "wape", "bias", "coverage_80", "origins", "chosen"]
    assert answer.backtest["chosen"].sum() == 1
    assert answer.backtest.loc[answer.backtest["chosen"], "model"].item() == answer.model
    assert "WAPE" in answer.reason
    assert answer.reason in answer.summary()


def test_same_history_and_seed_give_the_same_bytes(half_year: pd.Series, answer: forecasts.Forecast) -> None:
    again = forecasts.forecast(half_year, 14, country="DE", seed=5)
    assert again.table().to_csv() == answer.table().to_csv()
    assert (again.sample(20) == answer.sample(20)).all()
    assert (again.sample(20, seed=6) != answer.sample(20)).any()


def test_paths_average_to_the_mean_and_stay_zero_while_closed(answer: forecasts.Forecast) -> None:
    paths = answer.sample(2000)
    assert paths.shape == (2000, len(answer.mean))
    assert paths.mean() == pytest.approx(answer.mean.mean(), rel=0.02)
    assert (paths[:, ~answer.open.to_numpy()] == 0).all()


def test_the_daily_explanation_has_one_row_a_day_and_a_busy_monday(answer: forecasts.Forecast) -> None:
    effects = answer.explain()
    assert len(effects) == 14
    assert effects["contacts"].sum() == pytest.approx(answer.mean.sum())
    assert effects["weekday"].iloc[0] > effects["weekday"].iloc[4]


@pytest.mark.parametrize(("last", "hours"), [("2025-03-29", 23), ("2025-10-25", 25)])
def test_a_clock_change_in_the_horizon_gives_a_shorter_or_longer_day(last: str, hours: int) -> None:
    index = pd.date_range("2025-01-06", f"{last} 23:00", freq="1h", tz="Europe/Berlin")
    counts = pd.Series(np.random.default_rng(0).poisson(20.0, len(index)).astype(float), index=index)
    answer = forecasts.forecast(counts, 1)
    assert len(answer.mean) == hours
    assert (answer.mean > 10).all()


def test_a_naive_history_gives_a_naive_forecast_of_the_same_numbers() -> None:
    naive = queue(10, zone=None, first="2025-04-07")
    aware = naive.tz_localize("Europe/Berlin")
    assert (
        forecasts.forecast(naive, 7).mean.to_numpy() == forecasts.forecast(aware, 7).mean.to_numpy()
    ).all()


def test_history_from_the_start_on_is_not_looked_at(half_year: pd.Series) -> None:
    spoiled = half_year.copy()
    spoiled.loc["2025-06-09":] = 9999.0  # type: ignore[misc]
    a = forecasts.forecast(half_year, 7, start="2025-06-09")
    b = forecasts.forecast(spoiled, 7, start="2025-06-09")
    assert (a.mean == b.mean).all()
    assert a.mean.index[0] == pd.Timestamp("2025-06-09", tz="Europe/Berlin")


def test_a_later_start_skips_days(half_year: pd.Series) -> None:
    late = forecasts.forecast(half_year, 7, start="2025-07-14")
    assert late.mean.index[0] == pd.Timestamp("2025-07-14", tz="Europe/Berlin")
    assert len(late.mean) == 7 * 48


@pytest.mark.parametrize("weeks", [1, 2, 3, 4, 5, 8, 12])
def test_short_histories_fall_back_and_say_so(weeks: int) -> None:
    answer = forecasts.forecast(queue(weeks), 7)
    truth = true_rate(pd.DatetimeIndex(answer.mean.index))
    assert np.abs(answer.mean - truth).sum() / truth.sum() < 0.25
    if weeks <= 4:
        assert answer.model == "same-weekday-4"
        assert any("cannot show" in note for note in answer.notes)
    if weeks < 2:
        assert any("under two weeks" in note for note in answer.notes)


def test_two_days_of_history_are_answered_with_a_warning_in_the_notes() -> None:
    answer = forecasts.forecast(queue(1).iloc[:96], 7)
    assert (answer.mean >= 0).all()
    assert any("under two weeks" in note for note in answer.notes)


def test_a_given_uplift_lifts_its_hours_only(half_year: pd.Series) -> None:
    events = pd.DataFrame(
        {"name": ["mailing"], "start": ["2025-07-09"], "end": ["2025-07-10"], "uplift": [0.3]}
    )
    plain = forecasts.forecast(half_year, 7)
    lifted = forecasts.forecast(half_year, 7, events=events)
    ratio = (lifted.mean / plain.mean)[plain.open]
    inside = ratio.loc["2025-07-09":"2025-07-10"]  # type: ignore[misc]
    assert inside.to_numpy() == pytest.approx(np.full(len(inside), 1.3))
    assert ratio.drop(inside.index).to_numpy() == pytest.approx(np.ones(len(ratio) - len(inside)))


def test_an_uplift_is_learned_from_past_events_of_the_same_name(half_year: pd.Series) -> None:
    history = half_year.copy()
    history.loc["2025-05-14"] *= 1.5
    events = pd.DataFrame(
        {"name": ["sale", "sale"], "start": ["2025-05-14", "2025-07-09"], "end": ["2025-05-14", "2025-07-09"]}
    )
    plain, learned = forecasts.forecast(half_year, 7), forecasts.forecast(history, 7, events=events)
    ratio = learned.mean.loc["2025-07-09"].sum() / plain.mean.loc["2025-07-09"].sum()
    assert ratio == pytest.approx(1.45, abs=0.1)
    assert any("learned" in note for note in learned.notes)


def test_an_event_outside_history_and_horizon_is_noted(half_year: pd.Series) -> None:
    events = pd.DataFrame({"name": ["old"], "start": ["2019-01-01"], "end": ["2019-01-02"], "uplift": [1.0]})
    assert any("outside" in note for note in forecasts.forecast(half_year, 7, events=events).notes)


def test_holidays_closed_in_the_past_are_closed_ahead() -> None:
    history = queue(30, first="2024-11-04")
    for day in ("2024-12-25", "2024-12-26", "2025-01-01", "2025-04-18", "2025-04-21", "2025-05-01"):
        history.loc[day] = np.nan
    answer = forecasts.forecast(history, 7, country="DE", start="2025-05-26")
    assert not answer.open.loc["2025-05-29"].any()
    assert answer.open.loc["2025-05-28"].any()
    assert any("2025-05-29" in note for note in answer.notes)


def test_given_opening_hours_are_obeyed(half_year: pd.Series) -> None:
    answer = forecasts.forecast(half_year, 7, opening_hours=OpeningHours({0: ((600, 720),)}))
    assert answer.open.sum() == 4
    assert (answer.mean > 0).sum() == 4


@pytest.mark.parametrize("days", [0, -1, 1000, 2.5, True])
def test_a_horizon_that_is_none_is_refused(half_year: pd.Series, days: int) -> None:
    with pytest.raises(ForecastError, match="1 to 400"):
        forecasts.forecast(half_year, days)


def test_a_history_without_any_value_is_refused(half_year: pd.Series) -> None:
    with pytest.raises(ForecastError, match="missing values only"):
        forecasts.forecast(half_year * np.nan)


def test_all_zeros_give_zeros_and_a_note(half_year: pd.Series) -> None:
    answer = forecasts.forecast(half_year * 0.0, 7)
    assert (answer.mean < 0.01).all()
    assert any("no contacts at all" in note for note in answer.notes)


def test_one_constant_value_is_forecast_as_itself() -> None:
    index = pd.date_range("2025-01-06", periods=70 * 24, freq="1h")
    answer = forecasts.forecast(pd.Series(9.0, index=index), 7)
    assert answer.mean.to_numpy() == pytest.approx(np.full(168, 9.0), rel=0.02)


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ({"name": ["x"], "start": ["2025-07-09"]}, "end missing"),
        ({"name": ["x"], "start": ["soon"], "end": ["2025-07-09"]}, "date or time"),
        ({"name": ["x"], "start": ["2025-07-10"], "end": ["2025-07-08"]}, "start <= end"),
        ({"name": ["x"], "start": ["2025-07-09"], "end": ["2025-07-09"], "uplift": [-3.0]}, "uplift in"),
        ({"name": ["x"], "start": ["2025-07-09"], "end": ["2025-07-09"], "uplift": ["much"]}, "a number"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused(half_year: pd.Series, events: dict, message: str) -> None:
    with pytest.raises(ForecastError, match=message):
        forecasts.forecast(half_year, 7, events=pd.DataFrame(events))


def test_an_unknown_country_is_refused(half_year: pd.Series) -> None:
    with pytest.raises(ForecastError, match="ISO 3166"):
        forecasts.forecast(half_year, country="XX")


@pytest.mark.parametrize("start", ["2024-01-01", "soon", "2029-01-01"])
def test_a_start_without_history_before_it_or_too_late_is_refused(half_year: pd.Series, start: str) -> None:
    with pytest.raises(ForecastError, match="start"):
        forecasts.forecast(half_year, start=start)


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_a_quantile_outside_zero_and_one_is_refused(answer: forecasts.Forecast, p: float) -> None:
    with pytest.raises(ForecastError, match="0 < p < 1"):
        answer.quantile(p)


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    weeks=st.integers(1, 9),
    mean=st.sampled_from([0.02, 0.5, 8.0, 3000.0]),
    lost=st.floats(0.0, 0.95),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    country=st.sampled_from([None, "US", "DE", "IL"]),
    zone=st.sampled_from([None, "Europe/Berlin", "Australia/Lord_Howe"]),
)
def test_any_counts_give_finite_ordered_quantiles(
    seed: int, weeks: int, mean: float, lost: float, weekdays: set[int], country: str | None, zone: str | None
) -> None:
    rng = np.random.default_rng(seed)
    index = pd.date_range("2025-03-03", periods=weeks * 7 * 24, freq="1h", tz=zone)
    counts = rng.negative_binomial(2, 2 / (2 + mean), len(index)).astype(float)
    counts[~np.isin(index.day_of_week, sorted(weekdays)) | (rng.random(len(index)) < lost)] = np.nan
    counts[rng.integers(len(counts))] = 1.0
    answer = forecasts.forecast(pd.Series(counts, index=index), 9, country=country)
    table = answer.table()
    bands = table[
        ["contacts_p025", "contacts_p10", "contacts_p50", "contacts_p90", "contacts_p975"]
    ].to_numpy()
    assert np.isfinite(table[["contacts", "dispersion_interval", "dispersion_day"]].to_numpy()).all()
    assert (bands >= 0).all()
    assert (np.diff(bands, axis=1) >= -1e-9).all()
    assert table["contacts"].max() <= 20 * max(np.nanmax(counts), 1.0)
    assert (answer.sample(3) >= 0).all()


def test_nothing_is_printed_and_no_warning_leaks(
    half_year: pd.Series, capsys: pytest.CaptureFixture[str]
) -> None:
    forecasts.forecast(half_year, 7, country="US")
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_the_example_of_the_package_runs() -> None:
    result = doctest.testmod(forecasts)
    assert result.attempted > 0
    assert result.failed == 0


def test_a_further_model_is_tested_and_chosen_from_when_asked_for() -> None:
    hours = pd.date_range("2026-01-05", periods=70 * 24, freq="h")
    rng = np.random.default_rng(3)
    open_now = (hours.hour >= 8) & (hours.hour < 18)
    contacts = pd.Series(
        np.where(open_now, rng.poisson(20 + 5 * (hours.day_of_week == 0)), np.nan), index=hours
    )
    asked = forecasts.forecast(contacts, days=7, also=("state-space",))
    assert "state-space" in set(asked.backtest["model"])
    assert "state-space" not in set(forecasts.forecast(contacts, days=7).backtest["model"])
    assert asked.backtest["chosen"].sum() == 1
    with pytest.raises(ForecastError, match="two-level"):
        forecasts.forecast(contacts, also=("crystal ball",))
