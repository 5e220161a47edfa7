"""Stamps become zone-aware times; what a clock change skips or repeats is never guessed silently."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.files.local_time import (
    check_zone,
    day_end,
    day_start,
    localize,
    parse_day,
    parse_local,
    parse_stamps,
    repeated,
)

# pytz, which pandas 2 uses, knows no clock changes after 2037.
LAST = datetime(2037, 12, 30)
ZONES = (
    "UTC",
    "Europe/Berlin",
    "Europe/Dublin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Europe/Moscow",
)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01 07:00",
        "2026-03-01T07:00",
        "2026-03-01 07:00:00",
        " 2026-03-01T07:00:00.000 ",
        "2026-03-01T07:00Z",
        "2026-03-01T12:30+05:30",
        "2026-03-01 12:30:00+0530",
        "2026-03-01T05:00-02",
    ],
)
def test_accepted_stamps(text):
    stamps = parse_stamps([text])
    assert stamps.times[0] == pd.Timestamp("2026-03-01 07:00Z")
    assert bool(stamps.offset[0]) == (text.strip()[16:].lstrip(":0.") != "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-03-01",
        "2026-02-30 07:00",
        "2026-13-01 07:00",
        "2026-03-01 24:00",
        "2026-03-01 07:60",
        "01/03/2026 07:00",
        "1.3.2026 07:00",
        "20260301T0700",
        "2026-3-1 07:00",
        "0026-03-01 07:00",
        "9999-03-01 07:00",
        "2026-03-01 07:00 CET",
        "٢٠٢٦-03-01 07:00",
        "2026-W10-1T07:00",
    ],
)
def test_what_is_no_stamp_is_marked_and_harms_no_other(text):
    stamps = parse_stamps(["2026-03-01 07:00", text, "2026-03-01T07:00Z"])
    assert stamps.wrong.tolist() == [False, True, False]
    assert stamps.times.isna().tolist() == [False, True, False]


@given(
    when=st.datetimes(datetime(1971, 1, 1), LAST).map(lambda t: t.replace(microsecond=0)),
    zone=st.sampled_from(ZONES),
    fold=st.booleans(),
)
def test_localising_agrees_with_the_standard_library(when, zone, fold):
    """Two implementations: pandas here, `zoneinfo` with its fold there."""
    aware = when.replace(tzinfo=ZoneInfo(zone), fold=int(fold))
    back = aware.astimezone(ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    wall = pd.DatetimeIndex([when])
    time = localize(wall, zone, np.array([fold]))[0]
    if back != when:  # the wall clock skips this time
        assert pd.isna(time)
    else:
        assert time.isoformat() == aware.isoformat()
    other = when.replace(tzinfo=ZoneInfo(zone), fold=int(not fold))
    assert repeated(wall, zone)[0] == (back == when and other.utcoffset() != aware.utcoffset())


@given(
    when=st.datetimes(datetime(1971, 1, 1), LAST).map(lambda t: t.replace(microsecond=0)),
    zone=st.sampled_from(ZONES),
)
def test_a_stamp_with_its_offset_comes_back_as_the_same_instant(when, zone):
    time = pd.Timestamp(when, tz="UTC").tz_convert(zone)
    if time.utcoffset().total_seconds() % 60 == 0:
        assert parse_local(time.isoformat(), zone, "refuse") == time


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Europe/Berlin", "2026-03-29 02:30"),
        ("America/New_York", "2026-03-08 02:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15"),
    ],
)
def test_a_skipped_local_time_is_refused(refused, zone, text):
    refused(lambda: parse_local(text, zone, "first"), f"does not exist in {zone}", value=text)


@pytest.mark.parametrize(
    ("zone", "text", "first", "second"),
    [
        ("Europe/Berlin", "2026-10-25 02:30", "+02:00", "+01:00"),
        ("America/New_York", "2026-11-01 01:00", "-04:00", "-05:00"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "+11:00", "+10:30"),
    ],
)
def test_a_repeated_local_time_is_what_the_caller_says(refused, zone, text, first, second):
    assert parse_local(text, zone, "first").isoformat().endswith(first)
    assert parse_local(text, zone, "second").isoformat().endswith(second)
    error = refused(
        lambda: parse_local(text, zone, "refuse"), f"{zone} has twice", value=text, accepted=first
    )
    assert second in error.accepted


def test_a_half_hour_zone_has_its_half_hour():
    assert (
        parse_local("2026-03-01T07:00Z", "Asia/Kolkata", "refuse").isoformat() == "2026-03-01T12:30:00+05:30"
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [("Berlin", "Europe/Berlin"), ("Europe/Berlni", "Europe/Berlin"), ("new york", "America/New_York")],
)
def test_an_unknown_zone_is_refused_with_one_that_is_written_alike(refused, name, hint):
    refused(lambda: check_zone(name), "unknown time zone", field="timezone", value=name, accepted=hint)


@pytest.mark.parametrize("name", ["", "Europe", "/etc/passwd", "../UTC", "a\x00b"])
def test_a_zone_that_is_a_path_or_nothing_is_refused(refused, name):
    refused(lambda: check_zone(name), "unknown time zone", field="timezone", value=name)


def test_days_are_iso_dates(refused):
    assert parse_day(" 2028-02-29 ") == date(2028, 2, 29)
    for text in ("", "2026-02-29", "20260301", "2026-W10-1", "1.3.2026", "9999-01-01"):
        refused(lambda text=text: parse_day(text), "not a date", value=text, accepted="YYYY-MM-DD")


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Asia/Kolkata", date(2026, 4, 5), 24),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),  # the clock skips midnight
        ("America/Havana", date(2025, 11, 2), 25),  # and here it repeats it
    ],
)
def test_a_local_day_lasts_from_its_first_instant_to_the_next_days_first(zone, day, hours):
    start, end = day_start(day, zone), day_end(day, zone)
    assert (end - start) == pd.Timedelta(hours=hours)
    assert start.date() == day
    assert (start - pd.Timedelta(seconds=1)).date() < day
