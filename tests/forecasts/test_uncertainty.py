"""The distribution around the mean."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from forecasts import ForecastError
from forecasts.uncertainty import (
    Spread,
    central_dispersions,
    fit_spread,
    middle_probability,
    within_central,
)

FOLDS, DAYS, SLOTS = 12, 14, 24


def simulated(
    interval: float, day: float, seed: int = 0, mean: float = 60.0
) -> tuple[np.ndarray, np.ndarray]:
    expected = np.full((FOLDS, DAYS, SLOTS), mean)
    flat = Spread(interval, day).sample(
        expected.reshape(-1), np.repeat(np.arange(FOLDS * DAYS), SLOTS), 1, np.random.default_rng(seed)
    )
    return flat.reshape(expected.shape).astype(float), expected


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0, 1e5),
    st.floats(0, 2),
    st.floats(0, 2),
    st.lists(st.floats(0.001, 0.999), min_size=2, max_size=6),
)
def test_quantiles_rise_with_p_and_never_fall_below_zero(
    mean: float, interval: float, day: float, ps: list[float]
) -> None:
    values = [float(Spread(interval, day).quantile(np.array([mean]), p)[0]) for p in sorted(ps)]
    assert values[0] >= 0
    assert all(b >= a - 1e-9 for a, b in pairwise(values))


def test_quantiles_stay_within_half_a_contact_of_the_negative_binomial() -> None:
    mean = np.array([0.4, 3.0, 50.0, 900.0])
    spread = Spread(0.02, 0.03)
    size = 1 / spread.dispersion
    for p in (0.025, 0.1, 0.5, 0.9, 0.975):
        exact = stats.nbinom.ppf(p, size, size / (size + mean))
        assert np.abs(spread.quantile(mean, p) - exact).max() <= 0.5 + 1e-9


def test_without_dispersion_the_law_is_poisson() -> None:
    assert Spread(0.0, 0.0).quantile(np.array([200.0]), 0.9)[0] == pytest.approx(
        stats.poisson.ppf(0.9, 200), abs=0.5
    )


@pytest.mark.parametrize("dispersion", [0.0, 0.05])
def test_the_middle_probability_agrees_with_the_sum_of_the_masses(dispersion: float) -> None:
    mean, count = 7.0, 4
    law = (
        stats.poisson(mean) if dispersion == 0 else stats.nbinom(1 / dispersion, 1 / (1 + dispersion * mean))
    )
    expected = sum(law.pmf(k) for k in range(count)) + 0.5 * law.pmf(count)
    assert middle_probability(np.array([4.0]), np.array([mean]), dispersion)[0] == pytest.approx(expected)


@pytest.mark.parametrize("dispersion", [0.0, 0.001, 0.05, 0.25, 2.0])
def test_the_shortcut_to_the_central_interval_never_errs(dispersion: float) -> None:
    rng = np.random.default_rng(0)
    mean = np.concatenate([rng.uniform(0.1, 12, 3000), rng.uniform(10, 900, 5000)])
    actual = np.round(mean + 1.5 * rng.normal(size=8000) * np.sqrt(mean + dispersion * mean**2)).clip(0)
    middle = middle_probability(actual, mean, dispersion)
    found = within_central(actual, mean, np.full(8000, dispersion))
    assert (found == ((middle >= 0.1) & (middle <= 0.9))).all()


def test_both_dispersions_are_found_again() -> None:
    spread = fit_spread(*simulated(0.01, 0.01))
    assert spread.dispersion_interval == pytest.approx(0.01, rel=0.4)
    assert spread.dispersion_day == pytest.approx(0.01, rel=0.4)


def test_poisson_noise_is_not_taken_for_dispersion() -> None:
    spread = fit_spread(*simulated(0.0, 0.0))
    assert spread.dispersion < 0.003


def test_intervals_and_day_totals_cover_what_they_claim_out_of_sample() -> None:
    spread = fit_spread(*simulated(0.02, 0.01, seed=1))
    actual, mean = simulated(0.02, 0.01, seed=2)
    low, high = (spread.quantile(mean.reshape(-1), p).reshape(mean.shape) for p in (0.1, 0.9))
    assert ((actual >= low) & (actual <= high)).mean() == pytest.approx(0.8, abs=0.05)
    paths = spread.sample(
        mean[0].reshape(-1), np.repeat(np.arange(DAYS), SLOTS), 400, np.random.default_rng(3)
    )
    totals = paths.reshape(400, DAYS, SLOTS).sum(axis=2)
    low, high = np.quantile(totals, [0.1, 0.9])
    days = actual.sum(axis=2)
    assert ((days >= low) & (days <= high)).mean() == pytest.approx(0.8, abs=0.09)


def test_small_counts_keep_their_coverage() -> None:
    mean = np.broadcast_to(np.linspace(0.5, 6.0, SLOTS), (FOLDS, DAYS, SLOTS))
    actual = np.random.default_rng(0).poisson(mean).astype(float)
    spread = fit_spread(actual, mean)
    low, high = (spread.quantile(mean, p) for p in (0.1, 0.9))
    assert 0.74 <= ((actual >= low) & (actual <= high)).mean() <= 0.86


def test_no_fold_gives_the_prior_and_says_nothing_absurd() -> None:
    nothing = np.empty((0, 14, 24))
    assert 0 < fit_spread(nothing, nothing).dispersion < 0.1
    missing = np.full((2, 14, 24), np.nan)
    assert 0 < fit_spread(missing, np.ones((2, 14, 24))).dispersion < 0.1


def test_paths_share_the_day_effect_within_a_day_only() -> None:
    paths = Spread(0.0, 0.05).sample(
        np.full(4, 500.0), np.array([0, 0, 1, 1]), 4000, np.random.default_rng(0)
    )
    correlation = np.corrcoef(paths.T)
    assert correlation[0, 1] > 0.85
    assert abs(correlation[0, 2]) < 0.06


def test_a_quantile_outside_zero_and_one_is_refused() -> None:
    with pytest.raises(ForecastError, match="0 < p < 1"):
        Spread(0.0, 0.0).quantile(np.ones(2), 0.0)


@pytest.mark.parametrize("dispersion", [0.0, 0.004, 0.3, 5.0])
def test_the_middle_probability_is_that_of_the_plain_definition(dispersion: float) -> None:
    rng = np.random.default_rng(3)
    mean = rng.uniform(0.05, 2000, 400)
    actual = rng.poisson(mean * rng.uniform(0.5, 1.5, 400)).astype(float)
    law = (
        stats.poisson(mean) if dispersion == 0 else stats.nbinom(1 / dispersion, 1 / (1 + dispersion * mean))
    )
    plain = 0.5 * (law.cdf(actual) + law.cdf(actual - 1))
    assert middle_probability(actual, mean, dispersion) == pytest.approx(plain, abs=2e-4)


def test_few_errors_widen_the_interval_as_far_as_the_claim_needs() -> None:
    rng = np.random.default_rng(1)
    inside = []
    for _ in range(300):
        error = rng.normal(0, 40, 13)
        dispersion = central_dispersions(400 + error[:12], np.full((1, 12), 400.0))[0]
        inside.append(within_central(400 + error[12:], np.array([400.0]), np.array([dispersion]))[0])
    assert 0.76 < np.mean(inside) < 0.9
