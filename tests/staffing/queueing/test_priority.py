"""Premium customers ahead of others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.queueing import erlang_c
from staffing.queueing.priority import priority


def simulate_single_agent(
    first: float, second: float, within: float, customers: int, seed: int
) -> np.ndarray:
    """Shares late of both classes with one agent and services of mean 1, by events."""
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(1 / (first + second), customers))
    premium = rng.random(customers) < first / (first + second)
    service = rng.exponential(1.0, customers)
    waits, lines, now, arrived = np.zeros(customers), ([], []), 0.0, 0
    heads = [0, 0]
    for _ in range(customers):
        while True:
            while arrived < customers and arrivals[arrived] <= now:
                lines[0 if premium[arrived] else 1].append(arrived)
                arrived += 1
            chosen = next((k for k in (0, 1) if heads[k] < len(lines[k])), None)
            if chosen is not None:
                break
            now = arrivals[arrived]
        index = lines[chosen][heads[chosen]]
        heads[chosen] += 1
        waits[index] = now - arrivals[index]
        now += service[index]
    late = waits > within
    return np.array([late[premium].mean(), late[~premium].mean()])


def test_both_classes_agree_with_a_simulated_line():
    """One agent, loads 0.3 and 0.4; standard error of the simulation near 0.004."""
    found = priority(1, 0.3, 0.4, 1.0, 2.0)
    expected = simulate_single_agent(0.3, 0.4, 2.0, 120_000, seed=5)
    assert found.premium.missed == pytest.approx(expected[0], abs=0.012)
    assert found.standard.missed == pytest.approx(expected[1], abs=0.012)


@given(
    n=st.integers(1, 200), ratio=st.floats(0.3, 0.97), mix=st.floats(0.02, 0.98), within=st.floats(0.0, 300.0)
)
def test_waiting_is_moved_between_the_classes_and_not_removed(n, ratio, mix, within):
    load = n * ratio
    first, second = load * mix, load * (1 - mix)
    found, plain = priority(n, first, second, 240.0, within), erlang_c(n, load, 240.0, within)
    shared = (first * found.premium.asa_s + second * found.standard.asa_s) / load
    assert shared == pytest.approx(plain.asa_s, rel=1e-9)
    assert found.premium.missed <= plain.missed + 1e-9
    assert found.standard.missed >= plain.missed - 2e-7


@given(n=st.integers(1, 100), ratio=st.floats(0.2, 0.95), within=st.floats(1.0, 300.0))
def test_a_single_class_is_erlang_c(n, ratio, within):
    load = n * ratio
    plain = erlang_c(n, load, 240.0, within)
    assert priority(n, load, 0.0, 240.0, within).premium.missed == pytest.approx(plain.missed, rel=1e-9)
    assert priority(n, 0.0, load, 240.0, within).standard.missed == pytest.approx(plain.missed, abs=2e-7)


def test_an_overfull_standard_class_does_not_stop_the_premium_one():
    found = priority(10, [4.0, 11.0], 8.0, 300.0, 20.0)
    np.testing.assert_array_equal(found.standard.service_level, 0.0)
    assert np.isinf(found.standard.asa_s).all()
    # All agents always busy: a premium wait is exponential with rate (10 - 4) / 300.
    assert found.premium.service_level[0] == pytest.approx(-np.expm1(-0.4))
    assert found.premium.service_level[1] == 0.0


def test_no_load_at_all_is_refused():
    with pytest.raises(ValueError, match="> 0 expected, got 0"):
        priority(3, 0.0, 0.0, 300.0)
