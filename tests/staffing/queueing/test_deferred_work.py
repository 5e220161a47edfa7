"""Work that may wait: the program, the earliest-deadline check and the fluid must agree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.queueing.deferred import deferred_requirement, meets_deadlines
from staffing.queueing.fluid import serve_in_order


def test_work_that_can_wait_a_day_is_spread_over_all_open_hours():
    """Two days of four open hours; 8 hours of work arrive in the first slot of each: 2 agents."""
    work = np.array([8.0, 0, 0, 0, 8.0, 0, 0, 0])
    agents = deferred_requirement(work, 1.0, 4.0, [0] * 4 + [1] * 4)
    np.testing.assert_allclose(agents, 2.0, rtol=1e-9)


def test_a_deadline_of_one_slot_serves_on_arrival():
    work = np.array([1.0, 3.0, 0.5, 2.0])
    np.testing.assert_allclose(deferred_requirement(work, 0.5, 0.5), work / 0.5, rtol=1e-9)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    days=st.integers(1, 4),
    per_day=st.integers(2, 12),
    window=st.integers(1, 30),
)
def test_capacity_adds_up_to_the_work_and_keeps_every_deadline(seed, days, per_day, window):
    rng = np.random.default_rng(seed)
    work = rng.gamma(1.0, 2.0, days * per_day) * rng.integers(0, 2, days * per_day)
    agents = deferred_requirement(work, 0.5, window * 0.5, np.repeat(np.arange(days), per_day))
    capacity = agents * 0.5
    assert capacity.sum() == pytest.approx(work.sum(), rel=1e-7)
    assert meets_deadlines(capacity * (1 + 1e-9), work, window)
    if work.sum() > 0:
        assert not meets_deadlines(capacity * 0.97, work, window)
        first = serve_in_order(work, capacity, 0.5, window * 0.5)
        steady = serve_in_order(work, capacity, 0.5, window * 0.5, float(first.backlog_h[-1]))
        assert np.nanmin(steady.within) > 1 - 1e-6


def test_the_fluid_by_hand():
    """Two hours of work arrive in the first hour, one hour of capacity an hour.

    Work that arrives at time s is done at 2 s: within 0.25 h that is for s <= 0.25. It
    waits s on average, half an hour.
    """
    found = serve_in_order([2.0, 0.0, 0.0], [1.0, 1.0, 1.0], 1.0, 0.25)
    assert found.within[0] == pytest.approx(0.25, rel=1e-6)
    assert found.wait_h[0] == pytest.approx(0.5)
    np.testing.assert_allclose(found.busy, [1.0, 1.0, 0.0])
    np.testing.assert_allclose(found.backlog_h, [1.0, 0.0, 0.0])
    assert np.isnan(found.within[1])


def test_a_fluid_without_capacity_is_never_done():
    found = serve_in_order([1.0, 1.0], [0.0, 0.0], 1.0, 5.0)
    np.testing.assert_allclose(found.within, 0.0, atol=1e-8)
    assert np.isinf(found.wait_h).all()


def test_the_backlog_at_the_start_goes_first():
    found = serve_in_order([1.0, 0.0, 0.0], [1.0, 1.0, 1.0], 1.0, 0.5, backlog_h=1.0)
    assert found.within[0] == pytest.approx(0.0, abs=1e-8)
    assert found.wait_h[0] == pytest.approx(1.0)
