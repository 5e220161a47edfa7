"""A weekday whose shape drifts is followed, one that does not is left alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.models.weekday_drift import REMEMBERED_WEEKS, weekday_drift

SLOTS = 6


def days(weeks: int) -> tuple[np.ndarray, np.ndarray]:
    """Weekday and days before the origin of whole weeks, oldest first; the origin is a Monday."""
    back = np.arange(7 * weeks, 0, -1)
    return (7 - back) % 7, back


def noise(weeks: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.1, (7 * weeks, SLOTS))


def test_one_weekday_that_moves_is_followed_and_the_others_are_not() -> None:
    weekday, back = days(30)
    left = noise(30)
    moved = np.flatnonzero((weekday == 5) & (back <= 70))
    left[moved] += np.array([0.5, 0.5, 0.0, 0.0, -0.5, -0.5])
    ahead, _ = weekday_drift(left, weekday, back, np.ones(len(left)))
    assert ahead[5] == pytest.approx([0.5, 0.5, 0, 0, -0.5, -0.5], abs=0.12)
    assert np.abs(np.delete(ahead, 5, axis=0)).max() < 0.1


def test_what_was_expected_of_a_past_day_does_not_know_that_day() -> None:
    weekday, back = days(20)
    left = noise(20)
    left[weekday == 2] += np.linspace(0, 1, 20)[:, None]
    _, past = weekday_drift(left, weekday, back, np.ones(len(left)))
    assert (past[:7] == 0).all()
    wednesdays = np.flatnonzero(weekday == 2)
    errors = np.abs(left[wednesdays] - past[wednesdays]).mean(axis=1)
    assert errors[-5:].mean() < 0.5 * np.abs(left[wednesdays[-5:]]).mean()


def test_a_day_that_is_not_believed_moves_nothing() -> None:
    weekday, back = days(20)
    left, weights = noise(20), np.ones(140)
    wild = left.copy()
    wild[-7] += 50.0
    weights[-7] = 0.0
    plain, _ = weekday_drift(left * (weights[:, None] > 0), weekday, back, weights)
    told, _ = weekday_drift(wild, weekday, back, weights)
    assert told == pytest.approx(plain)


def test_a_history_of_four_weeks_is_too_short_to_drift() -> None:
    weekday, back = days(4)
    ahead, past = weekday_drift(noise(4) + 1, weekday, back, np.ones(28))
    assert (ahead == 0).all()
    assert (past == 0).all()


def test_days_beyond_the_last_year_do_not_matter() -> None:
    weekday, back = days(REMEMBERED_WEEKS + 20)
    left = noise(REMEMBERED_WEEKS + 20)
    other = left.copy()
    other[back > 7 * REMEMBERED_WEEKS] += 5
    one, _ = weekday_drift(left, weekday, back, np.ones(len(left)))
    two, _ = weekday_drift(other, weekday, back, np.ones(len(left)))
    assert one == pytest.approx(two)


@settings(max_examples=25, deadline=None)
@given(st.integers(5, 40), st.integers(0, 1000), st.floats(0.01, 100))
def test_the_drift_scales_with_the_departures(weeks: int, seed: int, scale: float) -> None:
    weekday, back = days(weeks)
    left, weights = noise(weeks, seed), np.ones(7 * weeks)
    ahead, _ = weekday_drift(left, weekday, back, weights)
    scaled, _ = weekday_drift(scale * left, weekday, back, weights)
    assert scaled == pytest.approx(scale * ahead, rel=1e-6, abs=1e-9 * scale)
    # A state is a weighted mean of departures and zero.
    assert (np.abs(ahead) <= np.abs(left).max() + 1e-12).all()


def test_missing_days_are_no_reason_to_fail() -> None:
    weekday, back = days(20)
    kept = np.flatnonzero((weekday != 6) & (back % 11 != 0))
    ahead, past = weekday_drift(noise(20)[kept], weekday[kept], back[kept], np.ones(len(kept)))
    assert (ahead[6] == 0).all()
    assert past.shape == (len(kept), SLOTS)
