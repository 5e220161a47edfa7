"""Accuracy measures against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts import ForecastError, accuracy

ACTUAL = np.array([10.0, 20.0, np.nan, 30.0])
SAID = np.array([12.0, 17.0, 99.0, 30.0])


def test_wape_and_bias_skip_what_is_missing() -> None:
    assert accuracy.wape(ACTUAL, SAID) == pytest.approx(5 / 60)
    assert accuracy.bias(ACTUAL, SAID) == pytest.approx(-1 / 60)


def test_mase_and_rmsse_are_relative_to_the_season_before() -> None:
    history = np.array([10.0, 20.0, 12.0, 26.0])
    assert accuracy.mase(ACTUAL, SAID, history, 2) == pytest.approx((5 / 3) / 4)
    assert accuracy.rmsse(ACTUAL, SAID, history, 2) == pytest.approx(np.sqrt((13 / 3) / 20))


def test_pinball_of_the_median_is_half_the_absolute_error() -> None:
    assert accuracy.pinball(ACTUAL, SAID, 0.5) == pytest.approx(0.5 * 5 / 3)
    assert accuracy.pinball([10.0], [8.0], 0.9) == pytest.approx(1.8)
    assert accuracy.pinball([8.0], [10.0], 0.9) == pytest.approx(0.2)


def test_coverage_counts_the_ends() -> None:
    assert accuracy.coverage(
        [1.0, 2.0, 3.0, np.nan], [1.0, 3.0, 0.0, 0.0], [1.0, 4.0, 9.0, 1.0]
    ) == pytest.approx(2 / 3)


def test_daily_wape_lets_errors_of_a_day_cancel() -> None:
    assert accuracy.daily_wape([[10.0, 20.0]], [[12.0, 18.0]]) == 0
    assert accuracy.daily_wape([[10.0, np.nan]], [[12.0, 18.0]]) == pytest.approx(0.2)


def test_no_volume_has_no_relative_error() -> None:
    assert np.isnan(accuracy.wape([0.0, 0.0], [1.0, 0.0]))
    assert np.isnan(accuracy.coverage([np.nan], [0.0], [1.0]))


def test_arrays_that_do_not_match_are_refused() -> None:
    with pytest.raises(ForecastError, match="same shape"):
        accuracy.wape([1.0], [1.0, 2.0])
    with pytest.raises(ForecastError, match="0 < p < 1"):
        accuracy.pinball([1.0], [1.0], 1.0)
    with pytest.raises(ForecastError, match="season"):
        accuracy.mase([1.0], [1.0], [1.0], 0)
