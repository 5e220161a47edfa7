"""Queues add up: sums are exact, missing is not small, and shares are of the group's forecast."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import forecasts
from forecasts import ForecastError, add_up, borrow, share_out, summed

from .conftest import queue


@pytest.fixture(scope="module")
def histories() -> dict[str, pd.Series]:
    """One busy queue and two of about one contact an interval."""
    rng = np.random.default_rng(4)
    thin = {}
    for name in ("b", "c"):
        counts = queue(20, seed=7)
        thin[name] = pd.Series(
            rng.binomial(counts.fillna(0).astype(int), 0.03), index=counts.index, dtype=float
        )
        thin[name] = thin[name].where(counts.notna())
    return {"a": queue(20, seed=5), **thin}


@pytest.fixture(scope="module")
def singles(histories: dict[str, pd.Series]) -> dict[str, forecasts.Forecast]:
    return {name: forecasts.forecast(history, 7) for name, history in histories.items()}


@pytest.fixture(scope="module")
def group(histories: dict[str, pd.Series]) -> forecasts.Forecast:
    return forecasts.forecast(summed(histories), 7)


def test_the_sum_is_the_sum_where_all_are_recorded(histories: dict[str, pd.Series]) -> None:
    total = summed(histories)
    by_hand = sum(history for history in histories.values())
    pd.testing.assert_series_equal(total, by_hand, check_names=False)


def test_a_gap_of_one_queue_is_a_gap_of_the_sum(histories: dict[str, pd.Series]) -> None:
    broken = histories["a"].copy()
    broken.loc["2025-03-05 10:00":"2025-03-05 11:00"] = np.nan
    total = summed({**histories, "a": broken})
    assert total.loc["2025-03-05 10:00":"2025-03-05 11:00"].isna().all()
    assert total.loc["2025-03-05 12:00":"2025-03-05 13:00"].notna().all()


def test_a_group_is_the_sum_of_its_queues_with_a_spread_of_its_own(
    singles: dict[str, forecasts.Forecast], group: forecasts.Forecast
) -> None:
    whole = add_up(singles, group)
    by_hand = np.sum([one.mean.to_numpy() for one in singles.values()], axis=0)
    assert whole.mean.to_numpy() == pytest.approx(by_hand)
    assert whole.spread is group.spread


def test_busy_queues_stay_and_quiet_ones_lean_half_way_on_the_group(
    singles: dict[str, forecasts.Forecast], histories: dict[str, pd.Series], group: forecasts.Forecast
) -> None:
    shared = share_out(singles, histories, group)
    assert shared["a"] is singles["a"]
    for name in ("b", "c"):
        own, half = singles[name].mean, shared[name].mean
        share_of_group = 2 * half - own
        assert share_of_group.sum() / group.mean.sum() == pytest.approx(
            histories[name].sum() / summed(histories).sum(), rel=0.08
        )
        assert "group share" in shared[name].model
        assert (half[~shared[name].open] == 0).all()


def test_queues_on_other_grids_do_not_add_up(histories: dict[str, pd.Series]) -> None:
    hourly = forecasts.history.regular(histories["a"], 60)
    with pytest.raises(ForecastError, match="one interval and one zone"):
        summed({"a": hourly, "b": histories["b"]})
    with pytest.raises(ForecastError, match="days in common"):
        summed({"a": histories["a"].loc["2025-01"], "b": histories["b"].loc["2025-03"]})
    with pytest.raises(ForecastError, match="at least one queue"):
        summed({})


def test_forecasts_of_other_days_do_not_add_up(
    singles: dict[str, forecasts.Forecast], histories: dict[str, pd.Series]
) -> None:
    longer = forecasts.forecast(histories["a"], 8)
    with pytest.raises(ForecastError, match="same intervals"):
        add_up(singles, longer)


def test_a_new_queue_is_its_share_of_the_similar_one(singles: dict[str, forecasts.Forecast]) -> None:
    new = borrow(singles["a"], 0.25)
    assert new.mean.to_numpy() == pytest.approx(0.25 * singles["a"].mean.to_numpy())
    assert new.dispersion_day > singles["a"].dispersion_day
    assert new.dispersion_interval == singles["a"].dispersion_interval
    assert "25.0%" in new.reason


def test_own_contacts_move_the_share_and_narrow_the_doubt(
    singles: dict[str, forecasts.Forecast], histories: dict[str, pd.Series]
) -> None:
    own = (histories["a"] * 0.5).iloc[-7 * 48 :]
    guess, seen = borrow(singles["a"], 0.25), borrow(singles["a"], 0.25, own=own, like_history=histories["a"])
    share = seen.mean.sum() / singles["a"].mean.sum()
    contacts = own.sum()
    assert share == pytest.approx((contacts + 100) / (2 * contacts + 400))
    assert 0.45 < share < 0.5
    assert seen.dispersion_day < guess.dispersion_day


def test_a_new_queue_keeps_its_own_hours(singles: dict[str, forecasts.Forecast]) -> None:
    mornings = forecasts.OpeningHours(dict.fromkeys(range(5), ((480, 720),)))
    new = borrow(singles["a"], 1.0, opening_hours=mornings)
    assert new.mean[pd.DatetimeIndex(new.mean.index).hour >= 12].sum() == 0
    assert new.mean.sum() > 0


@pytest.mark.parametrize("share", [0.0, -0.1, np.inf, np.nan])
def test_a_share_must_be_a_positive_number(singles: dict[str, forecasts.Forecast], share: float) -> None:
    with pytest.raises(ForecastError, match="share > 0"):
        borrow(singles["a"], share)
