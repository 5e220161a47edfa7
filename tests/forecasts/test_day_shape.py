"""The shape of a day."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecasts.day_matrix import DayMatrix, day_matrix
from forecasts.models.day_shape import _main_directions, day_shape
from forecasts.opening_hours import OpeningHours

from .conftest import queue, true_rate

FUTURE = pd.date_range("2025-07-07", periods=14 * 48, freq="30min")


def matrix_of(history: pd.Series, country: str | None = None) -> DayMatrix:
    return day_matrix(history, 30, OpeningHours.learn(history), 14, country)


def test_shares_of_open_intervals_add_up_to_one_and_closed_ones_have_none() -> None:
    matrix = matrix_of(queue(26, zone=None))
    share = day_shape(matrix, 182, 14, 42.0)
    is_open = matrix.open[182:196]
    assert (share[~is_open] == 0).all()
    assert (share >= 0).all()
    assert share.sum(axis=1) == pytest.approx(is_open.any(axis=1).astype(float))


@pytest.mark.parametrize("half_life_days", [42.0, 300.0])
def test_the_true_shape_of_a_noisy_queue_is_found(half_life_days: float) -> None:
    share = day_shape(matrix_of(queue(26, zone=None)), 182, 14, half_life_days)
    truth = true_rate(FUTURE).reshape(14, 48)
    known = truth.sum(axis=1) > 0
    truth = truth[known] / truth[known].sum(axis=1, keepdims=True)
    assert np.abs(share[known] - truth).sum(axis=1).max() < 0.08


def test_weekdays_of_one_shape_are_pooled_and_those_that_differ_are_not() -> None:
    history = queue(26, zone=None)
    index = pd.DatetimeIndex(history.index)
    early = (index.day_of_week == 2) & (index.hour < 10)
    changed = history.where(~early, 2 * history)
    same = day_shape(matrix_of(history), 182, 7, 300.0)
    other = day_shape(matrix_of(changed), 182, 7, 300.0)
    truth = true_rate(FUTURE[: 7 * 48]).reshape(7, 48)
    doubled = truth[2] * np.where(np.arange(48) < 20, 2.0, 1.0)
    assert np.abs(other[2] - doubled / doubled.sum()).sum() < 0.08
    # Shrinking to the other working days leaves less noise than Wednesday's own 26 days would.
    rows = np.arange(2, 182, 7)
    counts = matrix_of(history).contacts[rows]
    alone = np.nansum(counts, axis=0) / np.nansum(counts)
    wednesday = truth[2] / truth[2].sum()
    assert np.abs(same[2] - wednesday).sum() < np.abs(alone - wednesday).sum()


def test_a_morning_that_gets_busier_week_by_week_is_followed() -> None:
    history = queue(26, zone=None)
    index = pd.DatetimeIndex(history.index)
    age_days = (index[-1] - index).days
    drift = np.where((index.hour < 11) & (age_days < 60), 1 + (60 - age_days) / 100, 1.0)
    share = day_shape(matrix_of(history * drift), 182, 7, 300.0)
    plain = day_shape(matrix_of(history), 182, 7, 300.0)
    truth = true_rate(FUTURE[:48]) * np.where(np.arange(48) < 22, 1.6, 1.0)
    truth /= truth.sum()
    assert np.abs(share[0] - truth).sum() < 0.5 * np.abs(plain[0] - truth).sum()


def test_main_directions_by_iteration_span_what_the_exact_ones_span() -> None:
    rng = np.random.default_rng(0)
    loadings = np.linalg.qr(rng.normal(size=(100, 5)))[0]
    rows = rng.normal(size=(150, 5)) * [30, 20, 15, 10, 8] @ loadings.T + 0.1 * rng.normal(size=(150, 100))
    found = _main_directions(rows)
    exact = np.linalg.svd(rows, full_matrices=False)[2][:5].T
    assert found.T @ found == pytest.approx(np.eye(5), abs=1e-9)
    assert np.abs(found.T @ exact) == pytest.approx(np.eye(5), abs=1e-3)
