"""Models on histories whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecasts.day_matrix import DayMatrix, day_matrix
from forecasts.grid import regular
from forecasts.models import MODELS, combined
from forecasts.models.ridge import huber_weights, ridge
from forecasts.models.same_weekday import same_weekday
from forecasts.models.terms import level_knots
from forecasts.models.two_level import two_level
from forecasts.opening_hours import OpeningHours

from .conftest import queue, true_rate


def matrix_of(history: pd.Series, horizon: int = 14, country: str | None = None) -> DayMatrix:
    return day_matrix(regular(history), 30, OpeningHours.learn(history), horizon, country)


def exact_history(weeks: int) -> pd.Series:
    history = queue(weeks, zone=None)
    rate = true_rate(pd.DatetimeIndex(history.index))
    return pd.Series(np.where(rate > 0, rate, np.nan), index=history.index)


def test_the_same_weekday_mean_is_the_mean_of_the_last_recorded_weeks() -> None:
    index = pd.date_range("2025-01-06", periods=35 * 24, freq="1h")
    history = pd.Series(np.repeat(np.arange(35.0), 24), index=index)
    history.loc["2025-01-27"] = np.nan  # a Monday (day 21): the mean reaches one week further back
    matrix = day_matrix(history, 60, OpeningHours.always(), 7)
    answer = same_weekday(matrix, 35, 7, weeks=3).contacts
    assert answer[0] == pytest.approx(np.full(24, (7 + 14 + 28) / 3))
    assert answer[1] == pytest.approx(np.full(24, (15 + 22 + 29) / 3))


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_week_that_always_repeats_is_forecast_as_it_is(name: str) -> None:
    history = exact_history(16)
    matrix = matrix_of(history)
    answer = MODELS[name](matrix, 112, 14).contacts
    future = pd.date_range("2025-04-28", periods=14 * 48, freq="30min")
    truth = true_rate(future).reshape(14, 48)
    is_open = truth > 0
    assert np.abs(answer - truth)[is_open].sum() / truth.sum() < 0.02


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_model_is_close_to_the_true_rate_of_a_noisy_queue(name: str) -> None:
    history = queue(26, zone=None)
    matrix = matrix_of(history)
    answer = MODELS[name](matrix, 182, 14).contacts
    truth = true_rate(pd.date_range("2025-07-07", periods=14 * 48, freq="30min")).reshape(14, 48)
    is_open = truth > 0
    assert np.abs(answer - truth)[is_open].sum() / truth.sum() < 0.08


@pytest.mark.parametrize("name", ["two-level", "vector-regression"])
def test_a_model_follows_a_level_shift_within_three_weeks(name: str) -> None:
    history = queue(26, zone=None)
    history.iloc[-21 * 48 :] *= 1.5
    answer = MODELS[name](matrix_of(history), 182, 7).contacts
    truth = 1.5 * true_rate(pd.date_range("2025-07-07", periods=7 * 48, freq="30min")).reshape(7, 48)
    assert answer[truth > 0].sum() / truth.sum() == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("name", ["two-level", "vector-regression"])
def test_a_busy_day_after_a_holiday_is_learned(name: str) -> None:
    history = queue(60, zone=None, first="2024-01-01")
    index = pd.DatetimeIndex(history.index)
    from forecasts.calendars import calendar

    features = calendar("2024-01-01", 420, "US")
    after = features.days[features.after & ~features.weekend]
    history[np.isin(index.to_numpy().astype("datetime64[D]"), after)] *= 1.4
    # 2025-02-17 is Washington's Birthday; the history ends before it.
    matrix = matrix_of(history.loc[:"2025-02-16"], country="US")  # type: ignore[misc]
    origin = len(matrix) - 14
    answer = MODELS[name](matrix, origin, 10).contacts
    tuesday = true_rate(pd.date_range("2025-02-18", periods=48, freq="30min"))
    assert answer[1][tuesday > 0].sum() / tuesday.sum() > 1.15
    assert answer[8][tuesday > 0].sum() / tuesday.sum() < 1.1


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_model_never_looks_past_the_origin(name: str) -> None:
    history = queue(20, zone=None)
    matrix = matrix_of(history, 0)
    spoiled = matrix.contacts.copy()
    spoiled[100:] = 1e6
    before = MODELS[name](matrix, 100, 7).contacts
    after = MODELS[name](matrix.with_contacts(spoiled), 100, 7).contacts
    assert (before == after).all()


@pytest.mark.parametrize("name", sorted(MODELS))
def test_no_model_fails_on_an_empty_or_a_constant_history(name: str) -> None:
    index = pd.date_range("2025-01-06", periods=60 * 24, freq="1h")
    empty = day_matrix(pd.Series(np.nan, index=index), 60, OpeningHours.always(), 7)
    assert np.isfinite(MODELS[name](empty, 60, 7).contacts).all()
    constant = day_matrix(pd.Series(12.0, index=index), 60, OpeningHours.always(), 7)
    assert MODELS[name](constant, 60, 7).contacts == pytest.approx(np.full((7, 24), 12.0), rel=0.02)


def test_ridge_with_missing_days_solves_each_column_on_its_own_days() -> None:
    rng = np.random.default_rng(0)
    columns, targets = rng.normal(size=(40, 5)), rng.normal(size=(40, 6))
    targets[rng.random(targets.shape) < 0.2] = np.nan
    weights, penalty = rng.random(40) + 0.1, np.diag(rng.random(5))
    together = ridge(columns, penalty, targets, weights)
    for slot in range(6):
        known = ~np.isnan(targets[:, slot])
        root = np.sqrt(weights[known])[:, None]
        stacked = np.vstack([columns[known] * root, np.sqrt(penalty)])
        alone = np.linalg.lstsq(
            stacked, np.concatenate([targets[known, slot] * root[:, 0], np.zeros(5)]), rcond=None
        )[0]
        assert together[:, slot] == pytest.approx(alone, abs=1e-6)


def test_huber_weights_fall_only_for_distant_days() -> None:
    residual = np.array([0.1, -0.2, 0.15, -0.1, 5.0, np.nan])
    weights = huber_weights(residual)
    assert (weights[[0, 1, 2, 3, 5]] == 1).all()
    assert weights[4] < 0.2


def test_level_knots_add_up_to_one_and_stay_flat_after_the_origin() -> None:
    knots = level_knots(100, 20)
    assert knots.sum(axis=1) == pytest.approx(np.ones(120))
    assert (knots[100:] == knots[99]).all()


def test_the_combination_weighs_its_members_by_fixed_shares_and_others_alike() -> None:
    one, two = np.full((1, 2), 3.0), np.full((1, 2), 6.0)
    assert combined({"two-level": one, "factor": two}) == pytest.approx(np.full((1, 2), 5.0))
    assert combined({"factor": two}) == pytest.approx(two)
    assert combined({"same-weekday-4": one, "state-space": two}) == pytest.approx(np.full((1, 2), 4.5))


@pytest.mark.parametrize("days", [7, 14])
@pytest.mark.parametrize("factor", [0.7, 1.5])
def test_a_new_level_is_mostly_followed_after_one_or_two_weeks(days: int, factor: float) -> None:
    history = queue(26, zone=None)
    history.iloc[-days * 48 :] *= factor
    answer = two_level(matrix_of(history), 182, 7).contacts
    truth = true_rate(pd.date_range("2025-07-07", periods=7 * 48, freq="30min")).reshape(7, 48)
    moved = (answer[truth > 0].sum() / truth.sum() - 1) / (factor - 1)
    assert moved > (0.4 if days == 7 else 0.7)


def test_paydays_around_the_first_are_seen_by_their_neighbours() -> None:
    days = pd.date_range("2024-01-01", periods=170, freq="D")
    lift = 1 + 0.3 * np.exp(-0.5 * (np.minimum(days.day - 1, 31 - days.day) / 2.0) ** 2)
    history = pd.Series(
        np.random.default_rng(0).poisson(np.repeat(20.0 * lift, 24)).astype(float),
        index=pd.date_range("2024-01-01", periods=170 * 24, freq="h"),
    )
    matrix = day_matrix(regular(history), 60, OpeningHours.always(), 14)
    # The horizon begins on 19 June; the first of July lies in it.
    answer = two_level(matrix, 170, 14).contacts.sum(axis=1)
    ahead = pd.date_range("2024-06-19", periods=14, freq="D")
    assert answer[ahead.day == 1] / answer[:7].mean() > 1.2
