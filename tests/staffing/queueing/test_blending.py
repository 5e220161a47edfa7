"""Live contacts with background work behind a reserve."""

from __future__ import annotations

import re

import numpy as np
import pytest

from staffing.queueing import erlang_c
from staffing.queueing.blending import blending


def simulate(n, load, aht, other, reserve, within, contacts, seed):
    """The rule itself, event by event; share late of live contacts and background work per hour."""
    rng = np.random.default_rng(seed)
    now, live, back, done = 0.0, 0, 0, 0
    line: list[float] = []
    late = seen = 0
    back = max(0, n - reserve)
    while seen < contacts:
        rates = np.array([load / aht, live / aht, back / other])
        now += rng.exponential(1 / rates.sum())
        event = rng.choice(3, p=rates / rates.sum())
        if event == 0:
            if live + back < n:
                live += 1
                seen += 1
            else:
                line.append(now)
        else:
            live, back = live - (event == 1), back - (event == 2)
            done += event == 2
            if line:
                late += now - line.pop(0) > within
                live += 1
                seen += 1
            while not line and n - live - back > reserve:
                back += 1
    return late / seen, done / now * 3600


def test_a_full_reserve_is_erlang_c():
    found, plain = blending(12, 9.0, 300.0, 500.0, 12), erlang_c(12, 9.0, 300.0)
    assert found.missed == pytest.approx(plain.missed, rel=1e-9)
    assert found.asa_s == pytest.approx(plain.asa_s, rel=1e-8)
    assert found.occupancy == pytest.approx(0.75, rel=1e-9)
    assert found.background_per_h == 0.0


def test_without_a_reserve_every_agent_is_always_busy_and_every_contact_waits():
    found = blending(5, 3.0, 240.0, 240.0, 0)
    assert found.wait_probability == pytest.approx(1.0, rel=1e-9)
    assert found.occupancy == pytest.approx(1.0, rel=1e-9)
    # Equal handling times: five agents always busy finish 75 pieces an hour, 45 of them live.
    assert found.background_per_h == pytest.approx(75.0 - 45.0, rel=1e-9)


def test_equal_handling_times_are_a_birth_death_chain_from_the_threshold_up():
    n, load, reserve, aht = 8, 5.0, 2, 300.0
    weights = [1.0]  # busy agents and line from n - reserve on
    for j in range(n - reserve + 1, 400):
        weights.append(weights[-1] * load / min(j, n))
    states = np.array(weights) / sum(weights)
    busy = np.minimum(np.arange(n - reserve, 400), n)
    waits = states[reserve:].sum()
    late = waits * np.exp(-(n - load) / aht * 20.0)
    found = blending(n, load, aht, aht, reserve, 20.0)
    assert found.wait_probability == pytest.approx(waits, rel=1e-9)
    assert found.missed == pytest.approx(late, rel=1e-9)
    assert found.background_per_h == pytest.approx(((states * busy).sum() - load) * 3600 / aht, rel=1e-9)


def test_unequal_handling_times_agree_with_a_simulation():
    """Standard error near 0.003 for the share and one piece an hour."""
    found = blending(6, 3.0, 200.0, 600.0, 1, 30.0)
    late, per_h = simulate(6, 3.0, 200.0, 600.0, 1, 30.0, 60_000, seed=3)
    assert found.missed == pytest.approx(late, abs=0.012)
    assert found.background_per_h == pytest.approx(per_h, rel=0.03)


def test_a_larger_reserve_helps_live_contacts_and_costs_background_work():
    found = [blending(15, 10.0, 300.0, 450.0, reserve) for reserve in range(16)]
    assert (np.diff([f.service_level for f in found]) > -1e-12).all()
    assert (np.diff([f.background_per_h for f in found]) < 1e-9).all()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((5, 5.0, 300.0, 300.0, 1), "load_erlangs < agents == 5 expected, got 5"),
        ((5, 3.0, 300.0, 300.0, 6), "reserve <= agents == 5 expected, got 6"),
        ((2.5, 1.0, 300.0, 300.0, 1), "a whole agents >= 1 expected, got 2.5"),
        ((5, 3.0, 300.0, 0.0, 1), "background_aht_s > 0 expected, got 0.0"),
    ],
)
def test_bad_input_is_refused(given, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        blending(*given)
