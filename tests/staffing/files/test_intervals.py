"""The interval length is told from the stamps, or nothing is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.files.intervals import INTERVALS_MIN, infer_grid


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"])
@pytest.mark.parametrize("interval_min", INTERVALS_MIN)
def test_a_year_through_both_clock_changes_keeps_its_interval(zone, interval_min):
    starts = pd.date_range("2026-01-01", "2027-01-01", freq=f"{interval_min}min", tz=zone, inclusive="left")
    grid = infer_grid(starts)
    assert (grid.interval_min, grid.stray.any(), grid.problem) == (interval_min, False, "")


@pytest.mark.parametrize("interval_min", [5, 10, 15, 30])
def test_a_clock_that_moves_by_half_an_hour_keeps_intervals_that_divide_it(interval_min):
    starts = pd.date_range("2026-04-01", "2026-11-01", freq=f"{interval_min}min", tz="Australia/Lord_Howe")
    assert infer_grid(starts).interval_min == interval_min


def test_hours_in_a_zone_that_moves_by_half_an_hour_are_refused_both_ways():
    elapsed = pd.date_range("2026-04-01", "2026-11-01", freq="60min", tz="Australia/Lord_Howe")
    assert infer_grid(elapsed).interval_min == 0
    wall = pd.date_range("2026-04-01", "2026-04-09", freq="60min").tz_localize(
        "Australia/Lord_Howe", ambiguous=False, nonexistent="shift_forward"
    )
    grid = infer_grid(wall)
    assert grid.interval_min == 0
    assert "clock change" in grid.problem


def test_one_stray_stamp_is_marked_and_does_not_make_finer_data():
    starts = pd.date_range("2026-03-01", periods=96, freq="30min", tz="Europe/Berlin")
    grid = infer_grid(starts.append(pd.DatetimeIndex([starts[9] + pd.Timedelta(minutes=5)])))
    assert grid.interval_min == 30
    assert np.flatnonzero(grid.stray).tolist() == [96]


@pytest.mark.parametrize(
    ("starts", "problem"),
    [
        (["2026-03-02 07:00"], "one interval only"),
        (["2026-03-02 07:02", "2026-03-02 07:07", "2026-03-02 07:12"], "irregular"),
        (["2026-03-02 00:00", "2026-03-03 00:00", "2026-03-04 00:00"], "1440 minutes apart"),
        (["2026-03-02 07:00:10", "2026-03-02 07:30:10"], "irregular"),
    ],
)
def test_stamps_that_have_no_interval_length_say_why(starts, problem):
    grid = infer_grid(pd.DatetimeIndex(starts).tz_localize("Europe/Berlin"))
    assert grid.interval_min == 0
    assert problem in grid.problem


@given(
    interval_min=st.sampled_from(INTERVALS_MIN),
    kept=st.sets(st.integers(0, 24 * 12 - 1), min_size=60),
    seed=st.integers(0, 9),
)
def test_order_and_gaps_change_nothing(interval_min, kept, seed):
    starts = pd.date_range("2026-10-20", periods=24 * 12, freq=f"{interval_min}min", tz="Europe/Berlin")
    some = starts[np.random.default_rng(seed).permutation(sorted(kept | set(range(20))))]
    assert infer_grid(some).interval_min == interval_min
