"""The daily level and the first open day after a closure."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecasts.day_matrix import day_matrix
from forecasts.models.level import (
    LOOK_AHEAD_DAYS,
    SETTLE_DAYS,
    SMOOTHING,
    STAYING,
    level_path,
    smoothed_ahead,
)
from forecasts.opening_hours import OpeningHours


def arma(ar: float, ma: float, days: int, seed: int = 0) -> np.ndarray:
    shocks = np.random.default_rng(seed).normal(0, 0.05, days + 1)
    path = np.zeros(days)
    for day in range(1, days):
        path[day] = ar * path[day - 1] + shocks[day + 1] + ma * shocks[day]
    return path + 7.0


def test_a_level_that_has_moved_for_good_is_kept() -> None:
    path = np.concatenate([np.full(180, 7.0), np.full(40, 7.5)]) + np.random.default_rng(0).normal(
        0, 0.03, 220
    )
    ahead = level_path(path, 14)
    assert ahead[0] == pytest.approx(7.5, abs=0.08)
    assert ahead[-1] > 7.35


def test_independent_noise_is_not_followed() -> None:
    path = 7 + np.random.default_rng(1).normal(0, 0.05, 250)
    path[-1] += 0.5
    ahead = level_path(path, 14)
    assert ahead == pytest.approx(np.full(14, 7.0), abs=0.12)
    assert ahead[-1] == pytest.approx(path.mean(), abs=0.05)


def test_a_passing_wave_returns_to_the_mean() -> None:
    path = arma(0.8, 0.0, 250)
    path[-3:] += 0.4
    ahead = level_path(path, 14)
    assert ahead[0] - path.mean() > 0.15
    assert abs(ahead[-1] - path.mean()) < 0.5 * (ahead[0] - path.mean())


@pytest.mark.parametrize("path", [np.full(100, 3.0), np.array([5.0]), np.linspace(1, 2, 20)])
def test_short_and_constant_levels_have_a_finite_future_within_their_range(path: np.ndarray) -> None:
    ahead = level_path(path, 10)
    assert (ahead >= path.min() - 1e-9).all()
    assert (ahead <= path.max() + 1e-9).all()


def test_the_first_open_day_after_a_closed_monday_is_tuesday_and_after_a_closed_friday_monday() -> None:
    index = pd.date_range("2025-01-06", periods=8 * 7 * 24, freq="1h")
    counts = pd.Series(np.where(index.day_of_week < 5, 10.0, np.nan), index=index)
    counts.loc["2025-02-03"] = np.nan
    counts.loc["2025-02-14"] = np.nan
    matrix = day_matrix(counts, 60, OpeningHours.learn(counts), 0)
    closed, is_open, after = matrix.closures(56, 0)
    days = matrix.calendar.days
    assert days[closed].astype(str).tolist() == ["2025-02-03", "2025-02-14"]
    assert days[after].astype(str).tolist() == ["2025-02-04", "2025-02-17"]
    assert is_open.sum() == 38


def test_smoothing_all_paths_at_once_agrees_with_a_loop_over_days() -> None:
    paths = np.random.default_rng(4).normal(size=(90, 2)).cumsum(axis=0) * [0.1, 1.0]
    ahead = smoothed_ahead(paths, 3)
    for path, found in zip(paths.T, ahead.T, strict=True):
        losses, states = [], []
        for constant in SMOOTHING:
            state, past = 0.0, []
            for value in path:
                state += constant * (value - state)
                past.append(state)
            for stay in STAYING:
                squares = [
                    np.mean([(path[t + h] - stay**h * past[t]) ** 2 for t in range(SETTLE_DAYS, 90 - h)])
                    for h in LOOK_AHEAD_DAYS
                ]
                losses.append(sum(squares))
                states.append([state * stay**h for h in (1, 2, 3)])
        weights = (np.array(losses) / min(losses)) ** (-90 / 4)
        assert found == pytest.approx(np.average(states, axis=0, weights=weights), rel=1e-8)


def test_a_history_longer_than_the_memory_of_smoothing_stays_finite() -> None:
    path = np.random.default_rng(5).normal(size=1096).cumsum() * 0.01
    assert np.isfinite(level_path(path, 28)).all()
