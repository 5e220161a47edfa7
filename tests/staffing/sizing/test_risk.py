"""How sure a requirement is."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from staffing.queueing import Targets, erlang_c, required_agents
from staffing.sizing import QueueTarget, size
from staffing.sizing.certainty import met_probability
from staffing.sizing.risk import largest_factor, one_interval, rate_factor, rate_probability

SPREADS = {"dispersion_interval": 0.0, "dispersion_day": 0.01}


def forecast(contacts: float, aht_s: float = 300.0, intervals: int = 3, **spread: float) -> pd.DataFrame:
    starts = pd.date_range("2026-11-23 08:00", periods=intervals, freq="30min", tz="Europe/Paris")
    table = pd.DataFrame({"queue": "q", "start": starts, "contacts": contacts, "aht_s": aht_s})
    return table.assign(**spread)


def test_two_hundred_erlangs_that_vary_by_ten_percent():
    """A Gamma rate of mean 200 erlangs and variation 0.1: 210 agents meet 80/20 in half of the cases,
    237 in nine of ten."""
    factors = rate_factor(0.01, np.array([0.5, 0.9]))
    assert required_agents(200.0 * factors, 300.0, Targets(service_level=0.8)).agents.tolist() == [210, 237]
    sure = size(forecast(1200.0, **SPREADS), {"q": QueueTarget("q", confidence=0.9)}, 30)
    assert set(sure["agents_whole"]) == {237}
    assert sure["model"].iloc[0] == "Erlang C; sure to 90 %"
    assert sure["met_probability"].min() >= 0.9
    half = size(forecast(1200.0, **SPREADS), {"q": QueueTarget("q")}, 30)
    assert set(half["agents_whole"]) == {210}
    assert half["met_probability"].iloc[0] == pytest.approx(0.5, abs=0.03)


def test_the_quantile_is_scipys_and_its_probability_takes_it_back():
    for spread in (1e-4, 0.01, 0.3, 4.0):
        for p in (0.05, 0.5, 0.99):
            factor = float(rate_factor(spread, p))
            assert factor == pytest.approx(stats.gamma.ppf(p, 1 / spread, scale=spread), rel=1e-9)
            assert float(rate_probability(spread, factor)) == pytest.approx(p, rel=1e-9)


def test_a_certain_rate_has_one_value():
    assert float(rate_factor(0.0, 0.99)) == 1.0
    assert rate_probability(0.0, [0.999, 1.0, 2.0]).tolist() == [0.0, 1.0, 1.0]


def test_an_interval_varies_with_itself_and_its_day():
    assert float(one_interval(0.2, 0.1)) == pytest.approx(1.2 * 1.1 - 1.0)


def test_the_chance_agrees_with_drawing_the_rate():
    target = QueueTarget("q", service_level=0.8, max_occupancy=0.85, patience_s=150.0)
    table = forecast(90.0, intervals=1, dispersion_interval=0.02, dispersion_day=0.01)
    rng = np.random.default_rng(11)
    spread = 1.02 * 1.01 - 1.0
    drawn = rng.gamma(1 / spread, spread, 4000)
    loads = 15.0 * drawn
    from staffing.queueing import erlang_a

    for agents in (14.0, 16.0, 19.0):
        found = erlang_a(agents, loads, 300.0, 150.0, 20.0)
        kept = ((found.service_level >= 0.8) & (found.occupancy <= 0.85)).mean()
        chance = met_probability([agents], table, {"q": target}, 30)[0]
        assert chance == pytest.approx(kept, abs=0.025)


@settings(max_examples=15, deadline=None)
@given(contacts=st.floats(1.0, 400.0), p=st.floats(0.3, 0.98), spread=st.floats(0.001, 0.2))
def test_what_is_sized_for_a_chance_has_it(contacts, p, spread):
    table = forecast(contacts, intervals=1, dispersion_interval=spread, dispersion_day=0.0)
    found = size(table, {"q": QueueTarget("q", confidence=p, patience_s=100.0)}, 30)
    assert found["met_probability"].iloc[0] >= p - 2e-3
    one_less = met_probability(
        found["agents_whole"] - 1, table, {"q": QueueTarget("q", patience_s=100.0)}, 30
    )
    assert one_less[0] <= p + 2e-3


def test_more_agents_are_never_less_sure():
    table = forecast(60.0, intervals=12, **SPREADS)
    chance = met_probability(np.arange(4.0, 16.0), table, {"q": QueueTarget("q", patience_s=80.0)}, 30)
    assert (np.diff(chance) >= -1e-9).all()
    assert chance[0] < 0.01
    assert chance[-1] > 0.9


def test_nobody_is_never_enough():
    chance = met_probability([0.0, 5.0, 5.0], forecast(60.0, **SPREADS), {"q": QueueTarget("q")}, 30)
    assert chance[0] == 0.0


def test_tickets_are_sized_for_a_busy_week():
    starts = pd.date_range("2026-11-23", periods=5 * 48, freq="30min", tz="Europe/Paris")
    is_open = (starts.hour >= 8) & (starts.hour < 18)
    table = pd.DataFrame(
        {
            "queue": "q",
            "start": starts,
            "contacts": np.where(is_open, 20.0, 0.0),
            "aht_s": 600.0,
            "open": is_open,
        }
    ).assign(**SPREADS)
    plain, sure = (
        size(table, {"q": QueueTarget("q", "ticket", 0.95, resolve_within_h=6.0, confidence=p)}, 30)
        for p in (None, 0.9)
    )
    growth = sure["agents"].sum() / plain["agents"].sum()
    assert growth == pytest.approx(float(rate_factor(0.01, 0.9)), rel=1e-6)
    assert sure["met_probability"].min() >= 0.9 - 1e-3
    assert plain["met_probability"].max() < 0.9
    assert plain.loc[~is_open, "met_probability"].isna().all()


def test_a_root_behind_a_wall_of_infinities_is_found():
    """Kept up to 1.3 exactly; infinite beyond 1.30001, as an unstable queue is."""

    def excess(factor: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return np.where(factor > 1.30001, np.inf, np.where(factor > 1.3, 1.0, -np.inf))

    assert largest_factor(excess, 3, 1e-6).tolist() == pytest.approx([1.3] * 3, rel=2e-6)


def test_the_largest_factor_is_where_the_target_begins_to_fail():
    load, agents = np.array([3.0, 30.0, 300.0]), np.array([6.0, 36.0, 320.0])

    def excess(factor: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return 0.8 - erlang_c(agents[rows], factor * load[rows], 300.0, 20.0).service_level

    at = largest_factor(excess, 3)
    assert (excess(at * 0.999, np.arange(3)) < 0).all()
    assert (excess(at * 1.001, np.arange(3)) > 0).all()


def test_nothing_kept_is_zero_and_everything_kept_is_the_limit():
    ones = np.ones(2)
    assert largest_factor(lambda f, r: ones[r], 2).tolist() == pytest.approx([0.0, 0.0], abs=1e-3)
    assert largest_factor(lambda f, r: -ones[r], 2).tolist() == [64.0, 64.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rate_factor(-0.1, 0.5), "dispersion >= 0 expected, got -0.1"),
        (lambda: rate_factor(0.1, 1.0), "confidence in (0, 1) expected, got 1.0"),
        (lambda: QueueTarget("q", confidence=1.0), "0 < confidence < 1 expected, got 1.0"),
        (
            lambda: size(forecast(9.0), {"q": QueueTarget("q", confidence=0.9)}, 30),
            "queue 'q': dispersion_interval and dispersion_day of the forecast expected",
        ),
        (
            lambda: met_probability([1, 2, 3], forecast(9.0), {"q": QueueTarget("q")}, 30),
            "forecast: dispersion_interval and dispersion_day expected, got none",
        ),
        (
            lambda: met_probability([1, 2], forecast(9.0, **SPREADS), {"q": QueueTarget("q")}, 30),
            "one number of agents per row expected, got 2 for 3 rows",
        ),
        (
            lambda: size(
                forecast(9.0, dispersion_interval=-1.0, dispersion_day=0.0), {"q": QueueTarget("q")}, 30
            ),
            "dispersion_interval >= 0 expected, got -1.0",
        ),
    ],
)
def test_what_cannot_be_used_is_named(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
