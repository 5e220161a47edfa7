"""Opening hours, given and learned."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts import ForecastError, OpeningHours

from .conftest import queue


def test_hours_are_learned_from_missing_and_from_zero_filled_histories_alike() -> None:
    history = queue(8)
    expected = dict.fromkeys(range(5), ((480, 1080),)) | {5: ((480, 720),)}
    assert OpeningHours.learn(history).weekly == expected
    assert OpeningHours.learn(history.fillna(0.0)).weekly == expected


def test_one_stray_contact_at_night_does_not_open_the_night() -> None:
    history = queue(12).fillna(0.0)
    history.iloc[4] = 1.0
    assert OpeningHours.learn(history).weekly[0] == ((480, 1080),)


def test_a_quiet_queue_is_open_although_most_intervals_are_empty() -> None:
    index = pd.date_range("2025-01-06", periods=26 * 7 * 48, freq="30min")
    counts = pd.Series(np.random.default_rng(3).poisson(0.3, len(index)).astype(float), index=index)
    assert OpeningHours.learn(counts).week(30).all()


def test_hours_past_midnight_belong_to_the_evening_that_opened() -> None:
    hours = OpeningHours({4: ((1200, 1560),)}, closed_days=frozenset({date(2025, 1, 17)}))
    index = pd.date_range("2025-01-10", "2025-01-19", freq="1h", inclusive="left")
    is_open = index[hours.mask(index)]
    assert list(is_open) == list(pd.date_range("2025-01-10 20:00", "2025-01-11 01:00", freq="1h"))


def test_a_closed_day_still_ends_the_evening_before() -> None:
    hours = OpeningHours({3: ((1200, 1560),), 4: ((480, 1080),)}, closed_days=frozenset({date(2025, 1, 10)}))
    day = pd.date_range("2025-01-10", "2025-01-11", freq="1h", inclusive="left")
    assert [t.hour for t in day[hours.mask(day)]] == [0, 1]


def test_sunday_night_runs_into_monday() -> None:
    hours = OpeningHours({6: ((1380, 1500),)})
    assert hours.mask(
        pd.DatetimeIndex(["2025-01-12 23:00", "2025-01-13 00:30", "2025-01-13 01:00"])
    ).tolist() == [
        True,
        True,
        False,
    ]


def test_the_mask_follows_the_wall_clock_through_a_clock_change() -> None:
    hours = OpeningHours({6: ((60, 180),)})
    for day, count in (("2025-03-30", 2), ("2025-10-26", 6), ("2025-07-06", 4)):
        start = pd.Timestamp(day, tz="Europe/Berlin")
        index = pd.date_range(start, start + pd.DateOffset(days=1), freq="30min", inclusive="left")
        assert hours.mask(index).sum() == count


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 287), st.integers(1, 288), st.integers(0, 6), st.sampled_from([5, 15, 30, 60]))
def test_day_mask_and_time_mask_agree(since: int, length: int, weekday: int, step: int) -> None:
    hours = OpeningHours({weekday: ((since * 5, since * 5 + length * 5),)}, frozenset({date(2025, 1, 15)}))
    index = pd.date_range("2025-01-06", periods=14 * 1440 // 5, freq="5min")
    days = np.arange(np.datetime64("2025-01-06"), np.datetime64("2025-01-20"))
    by_time = hours.mask(index).reshape(14, 1440 // step, step // 5).any(axis=2)
    assert (by_time == hours.day_mask(days, step)).all()


@pytest.mark.parametrize("weekly", [{7: ((0, 60),)}, {0: ((60, 60),)}, {0: ((-5, 60),)}, {0: ((0, 3000),)}])
def test_impossible_hours_are_refused(weekly: dict) -> None:
    with pytest.raises(ForecastError, match="expected"):
        OpeningHours(weekly)
