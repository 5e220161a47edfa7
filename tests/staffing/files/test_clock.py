"""Clock times, windows and availability as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.agents import Window
from staffing.files.clock import parse_availability, parse_clock, parse_weekdays, parse_windows


@pytest.mark.parametrize(
    ("text", "minutes"), [("00:00", 0), ("8:05", 485), ("08:05", 485), ("08:05:00", 485), (" 23:59 ", 1439)]
)
def test_clock_times_are_minutes_after_midnight(text, minutes):
    assert parse_clock(text) == minutes


@given(minutes=st.integers(0, 1439))
def test_every_minute_of_the_day_round_trips(minutes):
    assert parse_clock(f"{minutes // 60:02d}:{minutes % 60:02d}") == minutes


@pytest.mark.parametrize(
    "text", ["", "8", "8h", "24:00", "24:01", "25:00", "12:60", "-1:00", "08:00:30", "٠٨:٠٠"]
)
def test_what_is_no_time_of_the_day_is_refused(refused, text):
    refused(
        lambda: parse_clock(text), "not a time of the day", value=text, accepted="HH:MM from 00:00 to 23:59"
    )


def test_24_00_ends_a_day_and_does_not_begin_one(refused):
    assert parse_clock("24:00", end=True) == 1440
    refused(lambda: parse_clock("24:01", end=True), "not a time", value="24:01", accepted="or 24:00")


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("", ()),
        ("08:00-20:00", ((480, 1200),)),
        ("08:00–20:00", ((480, 1200),)),
        ("13:00 - 17:00, 8:00-12:00", ((480, 720), (780, 1020))),
        ("00:00-24:00", ((0, 1440),)),
        ("22:00-06:00", ((1320, 1800),)),
        ("22:00-00:00", ((1320, 1440),)),
        ("08:00-12:00,12:00-13:00", ((480, 720), (720, 780))),
    ],
)
def test_windows_are_minutes_of_their_day_and_may_pass_midnight(text, windows):
    assert parse_windows(text) == windows


@pytest.mark.parametrize(
    ("text", "problem", "value"),
    [
        ("8-20", "not a time", "8"),
        ("08:00", "not a window", "08:00"),
        ("08:00-12:00,", "not a window", ""),
        ("08:00-08:00", "an empty window", "08:00-08:00"),
        ("08:00-12:00, 11:00-13:00", "overlap", "08:00-12:00, 11:00-13:00"),
        ("24:00-06:00", "not a time", "24:00"),
    ],
)
def test_windows_that_are_none_are_refused(refused, text, problem, value):
    refused(lambda: parse_windows(text), problem, value=value)


@pytest.mark.parametrize(
    ("text", "days"),
    [("mon-fri", (0, 1, 2, 3, 4)), ("Sat,SUN", (5, 6)), ("fri-mon", (0, 4, 5, 6)), ("Wednesday", (2,))],
)
def test_weekdays_are_names_and_ranges(text, days):
    assert parse_weekdays(text) == days


def test_a_blank_availability_is_always():
    assert parse_availability("  ") is None


def test_availability_lists_the_windows_of_each_weekday():
    assert parse_availability("sat 09:00-13:00; mon,tue 08:00-12:00, 13:00-18:00") == (
        Window(0, 480, 720),
        Window(0, 780, 1080),
        Window(1, 480, 720),
        Window(1, 780, 1080),
        Window(5, 540, 780),
    )


def test_windows_of_a_weekday_that_touch_become_one_because_a_shift_must_lie_in_one():
    assert parse_availability("mon-sun 08:00-16:00; mon 16:00-20:00; mon 19:00-02:00") == (
        Window(0, 480, 1560),
        *(Window(day, 480, 960) for day in range(1, 7)),
    )


@pytest.mark.parametrize(
    ("text", "problem", "value"),
    [
        ("mon-fri", "not an availability", "mon-fri"),
        ("08:00-18:00", "not an availability", "08:00-18:00"),
        ("mon-fry 08:00-18:00", "not a weekday", "fry"),
        ("mon 08:00-18:00; tue 8-9", "not a time", "8"),
        (";", "not an availability", ";"),
    ],
)
def test_an_availability_that_is_none_is_refused(refused, text, problem, value):
    refused(lambda: parse_availability(text), problem, value=value)


@given(
    windows=st.dictionaries(
        st.integers(0, 6),
        st.tuples(st.integers(0, 1439), st.integers(1, 1439)).map(lambda pair: (pair[0], pair[0] + pair[1])),
        min_size=1,
    )
)
def test_any_week_of_single_windows_round_trips(windows):
    def clock(minutes: int) -> str:
        return "24:00" if minutes == 1440 else f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"

    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    text = "; ".join(f"{names[day]} {clock(a)}-{clock(b)}" for day, (a, b) in windows.items())
    assert parse_availability(text) == tuple(Window(day, *windows[day]) for day in sorted(windows))
