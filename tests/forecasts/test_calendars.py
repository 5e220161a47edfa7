"""Calendar features."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts import ForecastError
from forecasts.calendars import calendar


def on(features: np.ndarray, days: np.ndarray) -> list[str]:
    return [str(day) for day in days[features]]


def test_the_working_day_after_a_monday_holiday_and_the_one_before_it_are_marked() -> None:
    # Labor Day 2025 is Monday, September 1.
    days = calendar("2025-08-25", 14, "US")
    assert on(days.is_holiday, days.days) == ["2025-09-01"]
    assert on(days.after, days.days) == ["2025-09-02"]
    assert on(days.before & ~days.weekend, days.days) == ["2025-08-29"]
    assert on(days.holiday_week, days.days) == [f"2025-09-0{d}" for d in range(2, 8)]


def test_a_friday_after_a_thursday_holiday_is_a_bridge_day() -> None:
    days = calendar("2025-05-26", 7, "DE")
    assert on(days.is_holiday, days.days) == ["2025-05-29"]
    assert on(days.bridge, days.days) == ["2025-05-30"]


def test_a_subdivision_adds_its_own_holidays() -> None:
    assert not calendar("2025-08-15", 1, "DE").is_holiday[0]
    assert calendar("2025-06-19", 1, "DE", "BY").is_holiday[0]


def test_a_calendar_is_computed_once_for_all_queues() -> None:
    assert calendar("2025-01-01", 30, "FR") is calendar("2025-01-01", 30, "FR")


def test_day_of_month_counts_from_both_ends() -> None:
    days = calendar("2024-02-28", 3)
    assert days.day_of_month.tolist() == [28, 29, 1]
    assert days.days_to_month_end.tolist() == [1, 0, 30]


@pytest.mark.parametrize(("country", "subdivision"), [("XX", None), ("US", "ZZ"), ("", None)])
def test_an_unknown_country_is_named(country: str, subdivision: str | None) -> None:
    with pytest.raises(ForecastError, match="ISO 3166"):
        calendar("2025-01-01", 3, country, subdivision)


def test_the_days_between_the_two_holidays_of_a_festival_are_its_days() -> None:
    days = calendar("2025-12-20", 20, "US")
    assert on(days.festival, days.days) == [f"2025-12-{d}" for d in range(26, 32)]


def test_holidays_that_are_merely_near_make_no_festival() -> None:
    # Yom Kippur is five days before Sukkot, which ends a week later.
    days = calendar("2024-10-08", 25, "IL")
    assert on(days.festival, days.days) == [f"2024-10-{d}" for d in range(18, 24)]


def test_a_short_calendar_is_the_beginning_of_a_long_one() -> None:
    short, long = calendar("2025-01-01", 100, "DE"), calendar("2025-01-01", 300, "DE")
    for name in ("holiday", "before", "after", "bridge", "holiday_week", "festival", "days_to_month_end"):
        assert (getattr(short, name) == getattr(long, name)[:100]).all()
    assert len(short) == 100
    assert calendar("2025-01-01", 100, "DE") is short
