"""Patience of any shape: limits that have closed forms, and simulation-free cross-checks."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

from staffing.queueing import erlang_a, erlang_c
from staffing.queueing.general_patience import mmn_g
from staffing.queueing.patience import Patience

SHAPES = [
    Patience.exponential(80.0),
    Patience.deterministic(60.0),
    Patience.lognormal(90.0, 1.2),
    Patience.gompertz(1 / 200, np.log(1.2) / 10),
    Patience.piecewise([0.0, 10.0, 60.0], [0.02, 0.0, 0.005]),
    Patience.steps([10.0, 20.0, 60.0], [0.8, 0.7, 0.0]),
    Patience.lognormal(90.0, 0.5).with_balking(0.1),
]


@pytest.mark.parametrize("patience", SHAPES, ids=lambda p: p.name)
def test_the_time_held_on_is_the_integral_of_survival(patience):
    for t in (0.5, 9.0, 25.0, 70.0, 400.0):
        cuts = [0.0, *(c for c in patience.corners if c < t), t]
        area = sum(
            quad(lambda s: float(patience.survival(np.array([s]))[0]), a, b, epsrel=1e-11)[0]
            for a, b in pairwise(cuts)
        )
        assert patience.held(np.array([t]))[0] == pytest.approx(area, rel=1e-8)


@pytest.mark.parametrize("definition", ["offered", "excluding_short_abandons", "answered", "virtual"])
@pytest.mark.parametrize(
    ("n", "load", "aht", "mean", "within"),
    [
        (14, 10.0, 180.0, 300.0, 20.0),
        (120, 240.0, 60.0, 600.0, 5.0),
        (1, 0.02, 300.0, 5.0, 20.0),
        (60, 61.0, 300.0, 60.0, 0.0),
    ],
)
def test_exponential_patience_is_erlang_a(n, load, aht, mean, within, definition):
    shaped = mmn_g(n, load, aht, Patience.exponential(mean), within, definition)
    plain = erlang_a(n, load, aht, mean, within, definition)
    for name in (
        "wait_probability",
        "service_level",
        "missed",
        "asa_s",
        "mean_wait_s",
        "abandonment",
        "occupancy",
    ):
        assert getattr(shaped, name) == pytest.approx(getattr(plain, name), rel=1e-9)


def test_virtual_waits_under_deterministic_patience():
    """Exact values: the density is exp((arrivals - rate) t) up to the patience, exp(-rate t) after."""
    for n, a, aht, limit, within, expected in (
        (10, 9.0, 300.0, 60.0, 20.0, 0.26189386283345484),
        (10, 12.0, 300.0, 60.0, 20.0, 0.51696940170905743),
        (5, 4.0, 600.0, 10.0, 5.0, 0.20131844833904688),
    ):
        found = mmn_g(n, a, aht, Patience.deterministic(limit), within, "virtual")
        assert found.missed == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("patience", SHAPES, ids=lambda p: p.name)
def test_work_is_conserved(patience):
    """Who is answered keeps the agents busy, and the mean queue abandons as it waits."""
    found = mmn_g([40, 60, 75], 60.0, 300.0, patience, 20.0)
    np.testing.assert_allclose(
        found.occupancy, 60.0 * (1 - found.abandonment) / np.array([40, 60, 75]), rtol=1e-9
    )
    assert (np.diff(found.service_level) > 0).all()
    assert (np.diff(found.abandonment) < 0).all()
    np.testing.assert_allclose(found.service_level + found.missed, 1.0, rtol=1e-9)


def test_the_shape_of_patience_counts_and_not_only_its_mean():
    exact = mmn_g(100, 102.0, 300.0, Patience.deterministic(120.0), 20.0).service_level
    assert exact < 0.5 * erlang_a(100, 102.0, 300.0, 120.0, 20.0).service_level


def test_endless_steps_are_erlang_c():
    """Nobody hangs up within any wait that occurs."""
    found = mmn_g(14, 10.0, 180.0, Patience.deterministic(1e6), 20.0)
    assert found.service_level == pytest.approx(erlang_c(14, 10.0, 180.0, 20.0).service_level, rel=1e-10)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Patience.exponential(0.0), "mean_s > 0 expected, got 0.0"),
        (lambda: Patience.deterministic(float("nan")), "patience_s > 0 expected, got nan"),
        (lambda: Patience.piecewise([5.0], [0.1]), "starts_s that rise from 0 expected"),
        (lambda: Patience.piecewise([0.0, 5.0], [0.1]), "one hazard per start expected"),
        (lambda: Patience.steps([5.0, 4.0], [0.5, 0.4]), "rising times_s"),
        (lambda: Patience.exponential(5.0).with_balking(1.0), "at_once < 1 expected, got 1.0"),
        (
            lambda: mmn_g(10, 30.0, 300.0, Patience.steps([10.0], [0.5])),
            "load that never hangs up < agents expected, got 15",
        ),
    ],
)
def test_bad_patience_is_refused(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
