"""Limited lines between Erlang B, where nobody may wait, and Erlang A and C, where all may."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.queueing import erlang_a, erlang_b, erlang_c
from staffing.queueing.finite_lines import finite_lines


@given(n=st.integers(1, 200), ratio=st.floats(0.1, 2.0))
def test_no_waiting_place_is_erlang_b(n, ratio):
    found = finite_lines(n, n * ratio, 240.0, n)
    blocked = erlang_b(n, n * ratio)
    assert found.blocked == pytest.approx(blocked, rel=1e-11)
    assert found.performance.service_level == pytest.approx(1 - blocked, rel=1e-11)
    assert found.performance.occupancy == pytest.approx(ratio * (1 - blocked), rel=1e-11)


@pytest.mark.parametrize(("n", "load", "within"), [(1, 0.4, 20.0), (14, 10.0, 0.0), (55, 48.0, 15.0)])
def test_many_lines_are_erlang_c(n, load, within):
    found, plain = finite_lines(n, load, 240.0, n + 900, None, within), erlang_c(n, load, 240.0, within)
    for name in ("wait_probability", "service_level", "missed", "asa_s", "mean_wait_s", "occupancy"):
        assert getattr(found.performance, name) == pytest.approx(getattr(plain, name), rel=1e-9)
    assert found.blocked < 1e-12


@pytest.mark.parametrize(
    ("n", "load", "patience", "within"),
    [(14, 10.0, 300.0, 20.0), (50, 70.0, 60.0, 30.0), (5, 6.0, 3600.0, 300.0)],
)
def test_many_lines_with_patience_are_erlang_a(n, load, patience, within):
    found = finite_lines(n, load, 240.0, n + 1500, patience, within)
    plain = erlang_a(n, load, 240.0, patience, within)
    for name in (
        "wait_probability",
        "service_level",
        "missed",
        "asa_s",
        "mean_wait_s",
        "abandonment",
        "occupancy",
    ):
        assert getattr(found.performance, name) == pytest.approx(getattr(plain, name), rel=1e-9)


def test_one_agent_and_one_waiting_place_by_hand():
    """Load 1, three states of 1/3 each: a third served at once, a third waits, a third is blocked.

    Who waits does so for one service: exponential with mean 60 s.
    """
    found = finite_lines(1, 1.0, 60.0, 2, None, 60.0)
    assert found.blocked == pytest.approx(1 / 3)
    assert found.performance.wait_probability == pytest.approx(1 / 3)
    assert found.performance.service_level == pytest.approx((2 - np.exp(-1)) / 3)
    assert found.performance.asa_s == pytest.approx(30.0)


@given(
    n=st.integers(1, 60),
    ratio=st.floats(0.2, 3.0),
    places=st.integers(0, 80),
    patience=st.none() | st.floats(5.0, 3600.0),
    within=st.floats(0.0, 300.0),
)
def test_every_contact_is_blocked_answered_or_gone(n, ratio, places, patience, within):
    load = n * ratio
    found, more = (finite_lines(n, load, 240.0, n + k, patience, within) for k in (places, places + 1))
    performance = found.performance
    assert performance.service_level + performance.missed == pytest.approx(1.0, abs=1e-10)
    answered = performance.occupancy * n / load
    assert found.blocked + performance.abandonment + answered == pytest.approx(1.0, abs=1e-10)
    assert more.blocked <= found.blocked * (1 + 1e-12)


def test_no_load_and_bad_lines():
    assert finite_lines(3, 0.0, 240.0, 5).performance.service_level == 1.0
    with pytest.raises(ValueError, match=re.escape("lines >= agents expected, got 4 lines")):
        finite_lines(5, 3.0, 240.0, 4)
    with pytest.raises(ValueError, match=re.escape("whole agents expected, got 2.5")):
        finite_lines(2.5, 3.0, 240.0, 4)
