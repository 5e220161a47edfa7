"""The grid of a history."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts import ForecastError
from forecasts.grid import day_grid
from forecasts.history import interval_of, regular


def series(
    values: list[float], freq: str = "5min", start: str = "2025-03-03", zone: str | None = None
) -> pd.Series:
    return pd.Series(values, index=pd.date_range(start, periods=len(values), freq=freq, tz=zone), dtype=float)


def test_finer_data_are_added_up_and_only_unrecorded_intervals_are_missing() -> None:
    fine = series([1, 2, 3, 4, np.nan, 6, np.nan, np.nan, np.nan])
    coarse = regular(fine, 15)
    assert coarse.iloc[:2].tolist() == [6.0, 10.0]
    assert np.isnan(coarse.iloc[2])
    assert len(coarse) == 96
    assert coarse.iloc[3:].isna().all()


def test_absent_rows_become_missing_intervals_of_whole_days() -> None:
    two = pd.Series(
        [5.0, 7.0, 1.0], index=pd.DatetimeIndex(["2025-03-03 09:00", "2025-03-03 09:30", "2025-03-05 23:30"])
    )
    full = regular(two)
    assert len(full) == 3 * 48
    assert full.notna().sum() == 3
    assert full.loc["2025-03-05 23:30"] == 1.0


@pytest.mark.parametrize(("day", "hours"), [("2025-03-30", 23), ("2025-10-26", 25), ("2025-07-01", 24)])
def test_a_local_day_has_23_24_or_25_hours(day: str, hours: int) -> None:
    grid = day_grid(day, 1, 30, pd.Timestamp(day, tz="Europe/Berlin").tz)
    assert len(grid) == 2 * hours
    assert (np.diff(grid.tz_convert("UTC").asi8) == np.diff(grid.tz_convert("UTC").asi8)[0]).all()


def test_a_repeated_clock_hour_keeps_both_its_passes() -> None:
    index = pd.date_range("2025-10-26", "2025-10-27", freq="1h", tz="Europe/Berlin", inclusive="left")
    counts = pd.Series(np.arange(25.0), index=index)
    assert regular(counts).tolist() == counts.tolist()


def test_a_day_without_midnight_starts_when_the_clock_does() -> None:
    # Beirut's clock jumped from 00:00 to 01:00 on 2024-03-31.
    grid = day_grid("2024-03-31", 1, 60, pd.Timestamp("2024-03-30", tz="Asia/Beirut").tz)
    assert len(grid) == 23
    assert grid[0].hour == 1


def test_naive_times_get_a_zone_and_a_skipped_hour_is_refused() -> None:
    aware = regular(series([1, 2], "30min"), zone="Europe/Berlin")
    assert str(aware.index.tz) == "Europe/Berlin"
    skipped = pd.Series([1.0, 2.0], index=pd.DatetimeIndex(["2025-03-30 02:00", "2025-03-30 02:30"]))
    with pytest.raises(ForecastError, match="2025-03-30 02:00"):
        regular(skipped, zone="Europe/Berlin")


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (series([1, 2], "7min"), "intervals of"),
        (series([1.0]), "at least two"),
        (series([]), "empty"),
        (series([1, -2]), "contacts >= 0"),
        (series([1, np.inf]), "finite"),
        (series([1, 2], "1h", "2025-03-03 00:20"), "local midnight"),
        (pd.Series([1.0, 2.0]), "DatetimeIndex"),
        (pd.Series(["a", "b"], index=pd.date_range("2025-01-01", periods=2, freq="1h")), "numeric"),
        (pd.Series([1.0, 2.0], index=pd.DatetimeIndex(["2025-03-03"] * 2)), "each interval once"),
        (pd.Series([1.0, 2.0], index=pd.DatetimeIndex(["2025-03-03", None])), "missing times"),
        ([1.0, 2.0], "pandas Series"),
        (
            pd.Series(
                [1.0, 2.0],
                index=pd.Index(
                    [
                        pd.Timestamp("2025-03-03", tz="Europe/Berlin"),
                        pd.Timestamp("2025-03-04", tz="Asia/Tokyo"),
                    ],
                    dtype=object,
                ),
            ),
            "different zones",
        ),
        (
            pd.Series(
                [1.0] * 3,
                index=pd.DatetimeIndex(["2025-03-03 00:00", "2025-03-03 00:30", "2025-03-03 01:15"]),
            ),
            "regular grid|intervals of",
        ),
    ],
)
def test_a_history_that_is_no_grid_of_counts_is_refused_with_the_reason(bad: pd.Series, message: str) -> None:
    with pytest.raises(ForecastError, match=message):
        regular(bad)


def test_coarser_data_cannot_be_split() -> None:
    with pytest.raises(ForecastError, match="30-minute data"):
        regular(series([1, 2, 3], "30min"), 15)


@settings(max_examples=30, deadline=None)
@given(
    counts=st.lists(st.one_of(st.none(), st.integers(0, 500)), min_size=2, max_size=400),
    target=st.sampled_from([5, 10, 15, 20, 30, 60]),
    zone=st.sampled_from([None, "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]),
)
def test_adding_up_keeps_the_total(counts: list[int | None], target: int, zone: str | None) -> None:
    values = [np.nan if count is None else float(count) for count in counts]
    fine = series(values, "5min", "2025-04-05", zone)
    assert regular(fine, target).sum() == pytest.approx(fine.sum())


def test_the_interval_is_the_smallest_step() -> None:
    assert interval_of(pd.DatetimeIndex(["2025-01-01 00:00", "2025-01-01 06:00", "2025-01-01 06:15"])) == 15
