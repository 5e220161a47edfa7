"""Today as it runs: the morning moves the rest of the day as far as the queue's past says that it should."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import forecasts
from forecasts import ForecastError, Shrinkage, accuracy, learn_shrinkage, reforecast

from .conftest import queue, true_rate

TODAY = pd.Timestamp("2025-06-16", tz="Europe/Berlin")


def moody(weeks: int, mood: float, seed: int = 3, level: float = 120.0) -> pd.Series:
    """A busy queue whose whole days are too busy or too quiet, by a factor with this coefficient of variation."""
    index = pd.DatetimeIndex(queue(weeks).index)
    rng = np.random.default_rng(seed)
    day = (index.tz_localize(None).normalize() - index[0].tz_localize(None)).days.to_numpy()
    effect = rng.gamma(1 / mood**2, mood**2, day.max() + 1) if mood else np.ones(day.max() + 1)
    rate = true_rate(index, level)
    counts = rng.poisson(rate * effect[day]).astype(float)
    return pd.Series(np.where(rate > 0, counts, np.nan), index=index)


@pytest.fixture(scope="module")
def history() -> pd.Series:
    return moody(24, 0.15)


@pytest.fixture(scope="module")
def before(history: pd.Series) -> forecasts.Forecast:
    return forecasts.forecast(history[history.index < TODAY], 7)


@pytest.fixture(scope="module")
def learned(history: pd.Series) -> Shrinkage:
    return learn_shrinkage(history[history.index < TODAY])


def fixed(trust: float, half_life_h: float = np.inf, fade_h: float = np.inf, carry: float = 0.0) -> Shrinkage:
    return Shrinkage(
        trust, half_life_h, fade_h, carry, np.nan, np.nan, 0, np.empty((0, 48)), np.empty((0, 48))
    )


def test_the_correction_is_the_departure_shrunk_by_what_was_seen() -> None:
    factors = fixed(100.0).factors(np.array([60.0, 90.0]), np.array([50.0, 50.0]), 3, 30)
    # 50 contacts too many on 100 expected ones, of 200 with the 100 of trust: a quarter.
    assert factors == pytest.approx([1.25, 1.25, 1.25])


def test_an_old_departure_counts_half_after_its_half_life() -> None:
    old = fixed(1e-9, half_life_h=1.0).factors(np.array([80.0, 40.0, 40.0]), np.full(3, 40.0), 1, 30)
    # Weights 1/2, √½ and 1 of the hours back: 40 × ½ too many on 40 × (½ + √½ + 1).
    assert old[0] == pytest.approx(1 + 0.5 / (0.5 + np.sqrt(0.5) + 1))


def test_a_correction_that_fades_halves_after_its_hours() -> None:
    factors = fixed(1e-9, fade_h=1.0).factors(np.array([60.0]), np.array([50.0]), 3, 30)
    assert factors == pytest.approx([1.2, 1 + 0.2 * np.sqrt(0.5), 1.1])


def test_without_trust_the_forecast_stays(before: forecasts.Forecast, history: pd.Series) -> None:
    answer = reforecast(before, history, fixed(np.inf), now="2025-06-16 13:00")
    pd.testing.assert_series_equal(answer.mean, before.mean[before.mean.index >= answer.now])
    assert answer.day_factor == pytest.approx(1.0, abs=0.2)


def test_moody_days_are_believed_and_steady_ones_are_not(learned: Shrinkage) -> None:
    steady = moody(24, 0.0)
    other = learn_shrinkage(steady[steady.index < TODAY])
    assert learned.wape_after < 0.85 * learned.wape_before
    assert other.wape_after < 1.02 * other.wape_before
    assert other.trust_contacts > 3 * learned.trust_contacts


def test_the_rest_of_unseen_days_is_predicted_better(history: pd.Series, learned: Shrinkage) -> None:
    errors = []
    for day in pd.date_range(TODAY, periods=5, freq="D"):
        forecast = forecasts.forecast(history[history.index < day], 1)
        answer = reforecast(forecast, history, learned, now=day + pd.Timedelta(hours=12))
        actual = history.reindex(answer.mean.index).to_numpy()
        errors.append([accuracy.wape(actual, answer.mean), accuracy.wape(actual, answer.before)])
    after, first = np.mean(errors, axis=0)
    assert after < 0.9 * first


def test_contacts_after_now_change_nothing(
    before: forecasts.Forecast, history: pd.Series, learned: Shrinkage
) -> None:
    now = pd.Timestamp("2025-06-16 12:00", tz="Europe/Berlin")
    future = history.where(history.index < now, history * 5)
    one, other = (reforecast(before, h, learned, now=now) for h in (history, future))
    pd.testing.assert_series_equal(one.mean, other.mean)
    assert one.mean.index[0] == now


def test_an_interval_that_has_begun_is_still_to_come(
    before: forecasts.Forecast, history: pd.Series, learned: Shrinkage
) -> None:
    answer = reforecast(before, history, learned, now="2025-06-16 12:10")
    assert answer.mean.index[0] == pd.Timestamp("2025-06-16 12:00", tz="Europe/Berlin")


def test_later_days_move_by_what_is_carried(before: forecasts.Forecast) -> None:
    busy = before.mean * 1.5
    now = pd.Timestamp("2025-06-16 18:00", tz="Europe/Berlin")
    answer = reforecast(before, busy[busy.index < now], fixed(1e-9, carry=0.5), now=now)
    tomorrow = answer.mean.index.tz_localize(None).normalize() == pd.Timestamp("2025-06-17")
    assert answer.mean[tomorrow].sum() / answer.before[tomorrow].sum() == pytest.approx(1.5**0.5)
    assert answer.day_factor == pytest.approx(1.5)


def test_a_whole_day_recorded_tells_of_tomorrow(before: forecasts.Forecast, history: pd.Series) -> None:
    recorded = history[(history.index >= TODAY) & (history.index < TODAY + pd.Timedelta(days=1))].fillna(0.0)
    answer = reforecast(before, recorded, fixed(1e-9, carry=0.5))
    assert not answer.today.any()
    assert answer.day_factor != 1.0


def test_the_range_of_today_holds_what_it_claims(history: pd.Series, learned: Shrinkage) -> None:
    held = []
    for day in pd.date_range(TODAY, periods=6, freq="D"):
        forecast = forecasts.forecast(history[history.index < day], 1)
        answer = reforecast(forecast, history, learned, now=day + pd.Timedelta(hours=11))
        actual = history.reindex(answer.mean.index).to_numpy()
        held.append(accuracy.coverage(actual, answer.quantile(0.1), answer.quantile(0.9)))
    assert 0.65 <= np.nanmean(held) <= 0.95


def test_the_summary_and_the_table_say_what_came_and_what_comes(
    before: forecasts.Forecast, history: pd.Series, learned: Shrinkage
) -> None:
    answer = reforecast(before, history, learned, now="2025-06-16 12:00")
    assert "until 12:00" in answer.summary()
    table = answer.table()
    assert list(table.columns) == ["start", "contacts", "contacts_before", "contacts_p10", "contacts_p90"]
    assert (table["contacts_p10"] <= table["contacts_p90"]).all()


def test_a_short_history_uses_usual_values_and_says_so() -> None:
    short = learn_shrinkage(queue(4))
    assert short.days == 0
    assert "usual values" in short.notes[0]


@pytest.mark.parametrize(
    ("now", "message"),
    [("2025-07-16 12:00", "a day from"), ("noon", "local time"), (pd.NaT, "missing one")],
)
def test_a_time_that_cannot_be_today_is_refused(
    before: forecasts.Forecast, history: pd.Series, learned: Shrinkage, now: object, message: str
) -> None:
    with pytest.raises(ForecastError, match=message):
        reforecast(before, history, learned, now=now)  # type: ignore[arg-type]


def test_other_grids_and_zones_are_refused(
    before: forecasts.Forecast, history: pd.Series, learned: Shrinkage
) -> None:
    with pytest.raises(ForecastError, match="zone-aware"):
        reforecast(before, history.tz_localize(None), learned)
    shifted = pd.Series([1.0], index=[TODAY + pd.Timedelta(hours=9, minutes=7)])
    with pytest.raises(ForecastError, match="grid"):
        reforecast(before, shifted, learned, now="2025-06-16 12:00")


def test_an_unknown_model_is_refused(history: pd.Series) -> None:
    with pytest.raises(ForecastError, match="models out of"):
        learn_shrinkage(history, ["oracle"])


def test_nothing_recorded_yet_leaves_the_forecast(before: forecasts.Forecast, learned: Shrinkage) -> None:
    nothing = pd.Series(np.nan, index=before.mean.index)
    answer = reforecast(before, nothing, learned, now="2025-06-16 07:00")
    assert answer.mean.sum() == pytest.approx(before.mean[before.mean.index >= answer.now].sum())
    assert any("nothing is recorded" in note for note in answer.notes)
