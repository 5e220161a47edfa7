"""Values printed in tables, calculators and public test suites, each within its print."""

from __future__ import annotations

import numpy as np
import pytest

from staffing.queueing import Targets, erlang_a, erlang_b, erlang_c, on_shift, required_agents, whole_people

# A. Herzog, Callcenter-Simulator (mathematik.tu-clausthal.de), ErlangCTest: 210 calls/h, 180 s, 13 agents.
HERZOG = {"agents": 13, "load_erlangs": 10.5, "aht_s": 180.0}
# pyworkforce 0.5.4, tests/test_erlang.py: 100 calls in 30 min of 3 min each, 19.8 s (0.33 min).
PYWORKFORCE = {"load_erlangs": 10.0, "aht_s": 180.0, "answer_within_s": 19.8}


@pytest.mark.parametrize(
    ("lines", "blocking", "load"),
    [(5, 0.01, 1.4), (5, 0.001, 0.8), (8, 0.02, 3.6), (8, 0.05, 4.5), (9, 0.01, 3.8), (9, 0.05, 5.4)],
)
def test_loads_of_the_printed_erlang_b_table_block_as_printed(lines, blocking, load):
    """Carrier Grade Voice over IP, 2nd ed., appendix A: loads rounded to a tenth."""
    assert erlang_b(lines, load - 0.055) < blocking < erlang_b(lines, load + 0.055)


def test_fifteen_lines_carry_8_108_erlangs_at_one_percent():
    """erlang.com, manual of the calculator."""
    assert erlang_b(15, 8.108) == pytest.approx(0.01, abs=2e-5)


@pytest.mark.parametrize(
    ("lines", "load", "blocking"),
    [(1, 1, 0.5), (2, 1, 0.2), (10, 20.0, 0.5379631686320729), (190, 200.0, 0.08869684386923561)],
)
def test_blocking_of_public_test_suites(lines, load, blocking):
    assert erlang_b(lines, load) == pytest.approx(blocking, rel=1e-10)


@pytest.mark.parametrize(
    ("agents", "load", "waits"),
    [(2, 1, 1 / 3), (3, 2, 4 / 9), (1, 0.5, 0.5), (4, 2, 4 / 23), (2, 1.5, 9 / 14)],
)
def test_waiting_probability_by_hand(agents, load, waits):
    assert erlang_c(agents, load, 60.0).wait_probability == pytest.approx(waits, rel=1e-13)


@pytest.mark.parametrize(("agents", "load", "waits"), [(132, 123.0, 0.3211), (12421, 12345.0, 0.3812)])
def test_waiting_probability_of_large_groups(agents, load, waits):
    assert erlang_c(agents, load, 60.0).wait_probability == pytest.approx(waits, abs=5e-5)


def test_worked_example_of_360_calls_in_half_an_hour():
    """mitan.co.uk: 360 calls in 30 min, 240 s each, 55 agents, 15 s."""
    found = erlang_c(55, 48.0, 240.0, 15.0)
    assert found.wait_probability == pytest.approx(0.2387, abs=5e-5)
    assert found.asa_s == pytest.approx(8.184, abs=1e-3)
    assert found.service_level == pytest.approx(0.8459, abs=1e-4)


def test_mean_waits_with_and_without_patience():
    assert erlang_c(**HERZOG).asa_s == pytest.approx(26.56, abs=0.01)
    assert erlang_a(**HERZOG, patience_s=300.0).mean_wait_s == pytest.approx(9.91, abs=0.01)


@pytest.mark.parametrize(
    ("agents", "level", "occupancy", "waits"), [(14, 0.888, 0.714, 0.174), (15, 0.941, 0.667, 0.102)]
)
def test_pyworkforce_performance(agents, level, occupancy, waits):
    found = erlang_c(agents, **PYWORKFORCE)
    assert found.service_level == pytest.approx(level, abs=5e-4)
    assert found.occupancy == pytest.approx(occupancy, abs=5e-4)
    assert found.wait_probability == pytest.approx(waits, abs=5e-4)


@pytest.mark.parametrize(
    ("max_occupancy", "agents", "scheduled", "binding"),
    [(0.85, 14, 20, "service_level"), (0.70, 15, 22, "max_occupancy")],
)
def test_pyworkforce_requirement(max_occupancy, agents, scheduled, binding):
    targets = Targets(service_level=0.8, answer_within_s=19.8, max_occupancy=max_occupancy)
    found = required_agents(10.0, 180.0, targets)
    # 13 agents give 0.797 at 19.8 s; with 0.70 the occupancy asks 14.29 agents.
    assert (int(found.agents), str(found.binding_target)) == (agents, binding)
    assert on_shift(found.agents, 0.3) == scheduled


def test_pyworkforce_abandonment():
    found = erlang_a(14, 10.0, 180.0, 300.0, 20.0)
    assert found.wait_probability == pytest.approx(0.14526, abs=5e-6)
    assert found.abandonment == pytest.approx(0.013984, abs=5e-7)
    assert found.occupancy == pytest.approx(0.704297, abs=5e-7)
    assert found.mean_wait_s / 60.0 == pytest.approx(0.069919, abs=5e-7)
    assert found.service_level == pytest.approx(0.916792, abs=5e-7)


def test_ceilings_forgive_the_last_digit_and_nothing_more():
    assert 21 / (1 - 0.3) > 30  # floating point
    assert on_shift([21, 7, 14], 0.3).tolist() == [30, 10, 20]
    assert whole_people(np.array([16.1 / 0.7, 4.7 / 0.94, 23.000001, 0.0])).tolist() == [23, 5, 24, 0]
