"""The draws have the distributions that they are named after."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from staffing.queueing import Patience
from staffing.sizing.simulation import Centre, Group, HandlingTime, PatienceTime, SimulatedQueue, Staff
from staffing.sizing.simulation.arrivals import arrivals, poisson_quantile
from staffing.sizing.simulation.encoding import times_of
from staffing.sizing.simulation.streams import handling_s, normal_quantile, patience_s, uniform

DRAWS = 20_000


def centre(handling: HandlingTime, patience: PatienceTime) -> Centre:
    queue = SimulatedQueue("phone", np.ones(1), handling, patience=patience)
    return Centre((queue,), (Group("team", ("phone",)),), Staff.of_slots([[1]], 900.0), 15)


def drawn(handling: HandlingTime, patience: PatienceTime) -> tuple[np.ndarray, np.ndarray]:
    times = times_of(centre(handling, patience))
    contacts = np.arange(DRAWS, dtype=np.uint64) * np.uint64(2654435761)
    return (
        np.array([handling_s(times, 0, 0, own) for own in contacts]),
        np.array([patience_s(times, 0, own) for own in contacts]),
    )


def test_handling_times_and_patience_pass_the_kolmogorov_test() -> None:
    sigma = np.sqrt(np.log1p(1.44))
    long, short = drawn(HandlingTime.lognormal(300.0, 1.2), PatienceTime.exponential(60.0))
    assert stats.kstest(long, stats.lognorm(sigma, scale=300.0 * np.exp(-0.5 * sigma**2)).cdf).pvalue > 0.01
    assert stats.kstest(short, stats.expon(scale=60.0).cdf).pvalue > 0.01
    long, short = drawn(
        HandlingTime.exponential(240.0), PatienceTime.hazards([0.0, 20.0, 50.0], [0.02, 0.0, 0.01])
    )
    assert stats.kstest(long, stats.expon(scale=240.0).cdf).pvalue > 0.01
    curve = Patience.piecewise([0.0, 20.0, 50.0], [0.02, 0.0, 0.01])
    assert stats.kstest(short, lambda t: 1.0 - curve.survival(t)).pvalue > 0.01


def test_samples_and_curves_are_drawn_with_their_shares() -> None:
    long, short = drawn(
        HandlingTime.of_sample([60.0, 120.0, 420.0]), PatienceTime.curve([10.0, 40.0], [0.7, 0.2])
    )
    for value in (60.0, 120.0, 420.0):
        assert np.isclose(long, value).mean() == pytest.approx(1 / 3, abs=0.015)
    assert [(short == t).mean() for t in (10.0, 40.0, np.inf)] == pytest.approx([0.3, 0.5, 0.2], abs=0.015)
    scaled, _ = drawn(HandlingTime.of_sample([60.0, 120.0, 420.0], mean_s=100.0), PatienceTime.endless())
    assert scaled.mean() == pytest.approx(100.0, rel=0.02)


def test_patience_of_the_formulas_is_drawn_as_it_is() -> None:
    patience = Patience.lognormal(120.0, 1.4).with_balking(0.2)
    found = PatienceTime.of_patience(patience)
    assert found.balking == pytest.approx(0.2, abs=1e-6)
    back = found.distribution()
    assert back is not None
    t = np.array([1.0, 10.0, 60.0, 300.0, 2_000.0])
    assert back.survival(t) == pytest.approx(patience.survival(t), abs=1e-3)


def test_uniform_numbers_stay_inside_and_the_normal_quantile_is_exact() -> None:
    numbers = np.array([uniform(np.uint64(n)) for n in range(5_000)])
    assert numbers.min() > 0
    assert numbers.max() < 1
    assert stats.kstest(numbers, "uniform").pvalue > 0.01
    p = np.array([1e-300, 1e-12, 0.01, 0.3, 0.5, 0.9, 1 - 1e-12])
    assert [normal_quantile(x) for x in p] == pytest.approx(stats.norm.ppf(p), rel=1e-12, abs=1e-15)


def test_poisson_numbers_by_inversion() -> None:
    u, mean = np.meshgrid(np.linspace(0.001, 0.999, 97), [0.0, 0.01, 0.7, 5.0, 80.0, 4_000.0, 1e6])
    assert (poisson_quantile(u, mean) == stats.poisson.ppf(u, mean)).all()


def test_numbers_follow_the_rates() -> None:
    rates = np.array([0.0, 3.0, 50.0])
    queue = SimulatedQueue("phone", rates, HandlingTime.constant(1.0))
    made = Centre((queue,), (Group("team", ("phone",)),), Staff.of_slots([[1]], 900.0), 15)
    numbers = arrivals(made, 4_000, 3)[:, 0]
    assert numbers.mean(axis=0) == pytest.approx(rates, rel=0.03)
    assert numbers[:, 1:].var(axis=0) == pytest.approx(rates[1:], rel=0.1)
