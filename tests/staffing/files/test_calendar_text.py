"""Calendars written and read without the library are what the library writes and reads."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from staffing.files import calendars
from staffing.files.calendar_text import FOLD_BYTES, Shift, calendar_text, written_shifts
from staffing.files.calendars import read_shifts

# Which escapes a fold keeps together, and whether a calendar's name has any, differs between versions.
LIKE_OURS = tuple(int(part) for part in version("icalendar").split(".")[:2]) >= (7, 3)
STAMP = datetime(2024, 10, 20, 22, tzinfo=UTC)
SHIFT = Shift(
    "2024-10-22-0123@staffing",
    datetime(2024, 10, 22, 6, tzinfo=UTC),
    datetime(2024, 10, 22, 14, 30, tzinfo=UTC),
    "Shift 08:00–16:30 (phone, chat)",
    "08:00–12:00 work phone\n12:00–12:30 lunch (unpaid)\n12:30–16:30 work chat",
)
# What the product's texts hold: no line ends and control characters, but all that needs escapes and folds.
texts = st.text(
    st.one_of(st.sampled_from("\\;,:^nN\"'=– ä€😀"), st.characters(exclude_categories=("C", "Zl", "Zp"))),
    max_size=200,
)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
zones = st.sampled_from(["Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "UTC"])
shifts = st.builds(
    Shift,
    uid=texts,
    start=moments,
    end=moments,
    summary=texts,
    description=st.lists(texts, max_size=4).map("\n".join),
    sequence=st.integers(0, 10_000),
    cancelled=st.booleans(),
)


def by_the_library(found: list[Shift], plan: str, zone: str, stamp: datetime) -> bytes:
    """The same file from ``icalendar``."""
    document = Calendar()
    document.add("prodid", "-//staffing//roster//EN")
    document.add("version", "2.0")
    document.add("calscale", "GREGORIAN")
    document.add("x-wr-calname", plan)
    document.add("x-wr-timezone", zone)
    for shift in found:
        event = Event()
        event.add("uid", shift.uid)
        event.add("dtstamp", stamp)
        event.add("dtstart", shift.start)
        event.add("dtend", shift.end)
        event.add("sequence", shift.sequence)
        event.add("status", "CANCELLED" if shift.cancelled else "CONFIRMED")
        event.add("summary", shift.summary)
        event.add("description", shift.description)
        document.add_component(event)
    return bytes(document.to_ical())


def unfolded(data: bytes) -> bytes:
    return data.replace(b"\r\n ", b"")


@settings(max_examples=300, deadline=None)
@given(st.lists(shifts, max_size=3), texts, zones, moments)
def test_the_text_is_the_one_of_the_library(
    found: list[Shift], plan: str, zone: str, stamp: datetime
) -> None:
    if not LIKE_OURS:
        plan = re.sub(r"[\\;,]", " ", plan)
    ours, theirs = calendar_text(found, plan, zone, stamp), by_the_library(found, plan, zone, stamp)
    assert unfolded(ours) == unfolded(theirs)
    if LIKE_OURS:
        assert ours == theirs


@settings(max_examples=200, deadline=None)
@given(st.lists(shifts, max_size=3), texts)
def test_no_line_is_longer_than_the_standard_allows_and_none_is_cut_inside_a_character(
    found: list[Shift], plan: str
) -> None:
    for line in calendar_text(found, plan, "Europe/Berlin", STAMP).split(b"\r\n"):
        assert len(line) <= FOLD_BYTES + 1
        assert line.decode() is not None


@settings(max_examples=300, deadline=None)
@given(st.lists(shifts, max_size=3), texts)
def test_what_was_written_is_read_back(found: list[Shift], plan: str) -> None:
    # An \N in a text is taken for a line end by the library's writer, so it comes back as one.
    expected = [
        replace(
            shift,
            uid=shift.uid.replace("\\N", "\n"),
            summary=shift.summary.replace("\\N", "\n"),
            description=shift.description.replace("\\N", "\n"),
        )
        for shift in found
    ]
    assert written_shifts(calendar_text(found, plan, "UTC", STAMP)) == expected


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"END:VEVENT", b"LOCATION:hall\r\nEND:VEVENT"),
        lambda data: data.replace(b"SEQUENCE:0", b"SEQUENCE:00"),
        lambda data: data.replace(b"SEQUENCE:0", b"SEQUENCE:\xd9\xa0"),
        lambda data: data.replace(b"20241022T060000Z", b"20241332T060000Z"),
        lambda data: data.replace(b"\r\n", b"\n"),
        lambda data: data.replace(b"DTSTART:", b"DTSTART;VALUE=DATE-TIME:"),
        lambda data: data + b"\r\n",
        lambda data: data[:-20],
        lambda data: data.replace("–".encode(), b"\xff"),
        lambda data: b"",
    ],
)
def test_a_file_that_somebody_has_changed_is_left_to_the_library(change) -> None:  # type: ignore[no-untyped-def]
    data = calendar_text([SHIFT, replace(SHIFT, uid="b@staffing", cancelled=True)], "p", "UTC", STAMP)
    assert written_shifts(data) is not None
    assert written_shifts(change(data)) is None


def test_a_file_with_a_remark_is_read_by_the_library(tmp_path: Path) -> None:
    path = tmp_path / "ann.ics"
    data = calendar_text([replace(SHIFT, sequence=4)], "p", "UTC", STAMP)
    path.write_bytes(data.replace(b"END:VEVENT", b"LOCATION:hall\r\nEND:VEVENT"))
    assert read_shifts(path) == [replace(SHIFT, sequence=4)]


def test_both_readers_find_the_same_shifts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ann.ics"
    later = replace(
        SHIFT, uid="b@staffing", start=SHIFT.start + timedelta(days=1), sequence=3, cancelled=True
    )
    path.write_bytes(calendar_text([SHIFT, later], "a, b; c", "Europe/Berlin", STAMP))
    quick = read_shifts(path)
    monkeypatch.setattr(calendars, "written_shifts", lambda data: None)
    assert quick == read_shifts(path) == [SHIFT, later]
