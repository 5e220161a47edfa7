"""Handling time that a trend, the agents' tenure or the mix of contacts moves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts import ForecastError, handling_time

from .conftest import queue

WEEKS, AHEAD = 26, 14


def days_of(handled: pd.Series) -> pd.DatetimeIndex:
    """Every local day of the history and of the fortnight after it."""
    first = pd.DatetimeIndex(handled.index)[0].normalize()
    return pd.date_range(first, periods=7 * WEEKS + AHEAD, freq="D")


def recorded(handled: pd.Series, by_day: pd.Series, seed: int = 0) -> pd.Series:
    """Handling times around a truth of each day, as noisy as the number of contacts makes them."""
    truth = by_day.reindex(pd.DatetimeIndex(handled.index).normalize()).to_numpy()
    noise = np.random.default_rng(seed).normal(size=len(handled)) / np.sqrt(
        np.maximum(handled.to_numpy(), 1.0)
    )
    return pd.Series(truth * (1 + np.clip(0.9 * noise, -0.9, 3.0)), index=handled.index).where(handled > 0)


def mean_ahead(aht_s: pd.Series) -> np.ndarray:
    return aht_s.groupby(pd.DatetimeIndex(aht_s.index).normalize()).mean().to_numpy()


def test_a_trend_goes_on_where_a_level_stands_still() -> None:
    handled = queue(WEEKS, zone=None)
    days = days_of(handled)
    trend = pd.DataFrame({"trend": np.arange(len(days), dtype=float)}, index=days)
    truth = pd.Series(300 * np.exp(-0.002 * trend["trend"].to_numpy()), index=days)
    aht_s = recorded(handled, truth)
    with_trend = handling_time(aht_s, handled, AHEAD, regressors=trend)
    without = handling_time(aht_s, handled, AHEAD)
    wanted = truth.to_numpy()[-AHEAD:]
    error = np.abs(mean_ahead(with_trend.aht_s) / wanted - 1).mean()
    assert error < 0.02
    assert error < 0.5 * np.abs(mean_ahead(without.aht_s) / wanted - 1).mean()


def test_a_class_of_beginners_makes_the_days_ahead_slower() -> None:
    handled = queue(WEEKS, zone=None)
    days = days_of(handled)
    tenure = pd.Series(24.0, index=days)
    tenure.iloc[60:90] = 18.0
    tenure.iloc[-AHEAD:] = 15.0
    truth = pd.Series(240 * np.exp(-0.02 * (tenure.to_numpy() - 24.0)), index=days)
    answer = handling_time(
        recorded(handled, truth), handled, AHEAD, regressors=pd.DataFrame({"tenure_months": tenure})
    )
    assert mean_ahead(answer.aht_s) == pytest.approx(truth.to_numpy()[-AHEAD:], rel=0.05)
    assert answer.regressors["effect"].iloc[0] < -0.02


def test_two_regressors_share_what_they_explain_and_noise_explains_nothing() -> None:
    handled = queue(WEEKS, zone=None)
    days = days_of(handled)
    rng = np.random.default_rng(1)
    table = pd.DataFrame(
        {"billing_share": rng.uniform(0.2, 0.6, len(days)), "moon": rng.normal(size=len(days))}, index=days
    )
    truth = pd.Series(200 * (1 + 0.5 * (table["billing_share"].to_numpy() - 0.4)), index=days)
    effect = handling_time(recorded(handled, truth), handled, AHEAD, regressors=table).regressors
    effect = effect.set_index("regressor")
    assert effect.loc["billing_share", "effect"] == pytest.approx(
        0.5 * effect.loc["billing_share", "deviation"], rel=0.1
    )
    assert abs(effect.loc["moon", "effect"]) < 0.01


def test_few_contacts_shrink_an_effect() -> None:
    handled = queue(WEEKS, zone=None)
    days = days_of(handled)
    table = pd.DataFrame({"x": np.where(np.arange(len(days)) % 10 < 5, 1.0, -1.0)}, index=days)
    truth = pd.Series(240 * (1 + 0.1 * table["x"].to_numpy()), index=days)
    aht_s = recorded(handled, truth)
    many = handling_time(aht_s, handled, AHEAD, regressors=table).regressors["effect"].iloc[0]
    few = handling_time(aht_s, handled / 500, AHEAD, regressors=table).regressors["effect"].iloc[0]
    assert 0 < few < 0.5 * many


def test_a_row_a_day_is_as_good_as_a_row_an_interval() -> None:
    handled = queue(WEEKS)
    index = pd.DatetimeIndex(handled.index)
    whole = pd.date_range(index[0], index[-1] + pd.Timedelta(days=AHEAD + 1), freq="30min")
    days = pd.date_range(index[0].normalize(), periods=7 * WEEKS + AHEAD + 1, freq="D")
    by_day = pd.DataFrame({"x": np.sin(np.arange(len(days)))}, index=days)
    by_interval = by_day.reindex(whole.normalize()).set_axis(whole)
    aht_s = pd.Series(240.0, index=index).where(handled > 0)
    one = handling_time(
        aht_s * (1 + 0.1 * by_interval["x"].reindex(index)), handled, AHEAD, regressors=by_day
    )
    other = handling_time(
        aht_s * (1 + 0.1 * by_interval["x"].reindex(index)), handled, AHEAD, regressors=by_interval
    )
    # A day of 25 hours outlives a row of 24: only there may they differ.
    assert one.aht_s.to_numpy() == pytest.approx(other.aht_s.to_numpy(), rel=1e-3)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.01, 1000), st.floats(-1000, 1000))
def test_units_of_a_regressor_do_not_matter(scale: float, shift: float) -> None:
    handled = queue(8, zone=None)
    days = pd.date_range(pd.DatetimeIndex(handled.index)[0], periods=8 * 7 + AHEAD, freq="D")
    x = np.sin(np.arange(len(days)) / 3)
    aht_s = recorded(handled, pd.Series(240 * (1 + 0.1 * x), index=days))
    plain = handling_time(aht_s, handled, AHEAD, regressors=pd.DataFrame({"x": x}, index=days))
    other = handling_time(
        aht_s, handled, AHEAD, regressors=pd.DataFrame({"x": scale * x + shift}, index=days)
    )
    assert other.aht_s.to_numpy() == pytest.approx(plain.aht_s.to_numpy(), rel=1e-4)


def test_a_regressor_that_never_moves_changes_nothing() -> None:
    handled = queue(WEEKS, zone=None)
    aht_s = pd.Series(240.0, index=handled.index).where(handled > 0)
    still = pd.DataFrame({"x": 3.0}, index=days_of(handled))
    one, other = handling_time(aht_s, handled, AHEAD, regressors=still), handling_time(aht_s, handled, AHEAD)
    assert one.aht_s.to_numpy() == pytest.approx(other.aht_s.to_numpy())
    assert one.regressors["effect"].tolist() == [0.0]


def test_a_wild_value_ahead_at_most_doubles_the_handling_time() -> None:
    handled = queue(WEEKS, zone=None)
    days = days_of(handled)
    x = np.sin(np.arange(len(days), dtype=float))
    aht_s = recorded(handled, pd.Series(240 * (1 + 0.1 * x), index=days))
    x[-AHEAD:] = 1e6
    answer = handling_time(aht_s, handled, AHEAD, regressors=pd.DataFrame({"x": x}, index=days))
    usual = handling_time(aht_s, handled, AHEAD)
    assert (answer.aht_s / usual.aht_s).max() == pytest.approx(2.0, rel=0.05)


def test_days_without_a_value_are_left_out_and_told() -> None:
    handled = queue(WEEKS, zone=None)
    days = days_of(handled)
    x = np.sin(np.arange(len(days)) / 3)
    aht_s = recorded(handled, pd.Series(240 * (1 + 0.1 * x), index=days))
    x[:30] = np.nan
    answer = handling_time(aht_s, handled, AHEAD, regressors=pd.DataFrame({"x": x}, index=days))
    assert any("without a value of every regressor" in note for note in answer.notes)
    assert answer.regressors["effect"].iloc[0] > 0.05


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.iloc[:-5], "'x' for every interval ahead expected, got none at"),
        (lambda table: table.iloc[-14:], "past intervals with contacts expected"),
        (lambda table: table["x"], "DataFrame by time"),
        (lambda table: table.reset_index(drop=True), "DataFrame by time"),
        (lambda table: table[[]], "a column and two rows"),
        (lambda table: table.assign(x="much"), "numeric"),
        (lambda table: table.assign(x=np.inf), "finite"),
        (lambda table: pd.concat([table, table]), "once expected"),
        (lambda table: table.tz_localize("UTC"), "zone-aware or both naive"),
    ],
)
def test_regressors_that_cannot_be_used_say_why(change, message: str) -> None:
    handled = queue(8, zone=None)
    days = pd.date_range(pd.DatetimeIndex(handled.index)[0], periods=8 * 7 + AHEAD, freq="D")
    aht_s = pd.Series(240.0, index=handled.index).where(handled > 0)
    table = pd.DataFrame({"x": np.arange(len(days), dtype=float)}, index=days)
    with pytest.raises(ForecastError, match=message):
        handling_time(aht_s, handled, AHEAD, regressors=change(table))
