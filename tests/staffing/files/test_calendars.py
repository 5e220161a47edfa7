"""Calendars: one event a shift, the same ``UID`` for ever, and file names that stay at home."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from staffing.files.calendars import file_names, read_shifts, write_calendars

ZONE = "Europe/Berlin"
WEEK = pd.Timestamp("2024-10-21", tz=ZONE)


def shift(agent: str, start: str, minutes: int = 480, queue: str = "phone") -> pd.DataFrame:
    """A shift with a paid break after two hours."""
    begin = pd.Timestamp(start, tz=ZONE)
    cuts = [(0, 120, "work"), (120, 135, "tea"), (135, minutes, "work")]
    return pd.DataFrame(
        [
            {
                "agent": agent,
                "start": begin + pd.Timedelta(minutes=low),
                "end": begin + pd.Timedelta(minutes=high),
                "activity": activity,
                "paid": True,
                "queue": queue if activity == "work" else "",
                "shift_id": f"{begin:%Y-%m-%d}-day-{begin:%H%M}-{minutes}",
            }
            for low, high, activity in cuts
        ]
    )


def events(path: Path) -> list:  # type: ignore[type-arg]
    return list(Calendar.from_ical(path.read_bytes()).walk("VEVENT"))


def test_a_shift_across_midnight_and_the_clock_change_is_one_event(tmp_path: Path) -> None:
    write_calendars(tmp_path, shift("ann", "2024-10-26 22:00"), "centre", WEEK)
    (event,) = events(tmp_path / "ann.ics")
    assert event.decoded("dtstart") == datetime(2024, 10, 26, 20, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2024, 10, 27, 4, tzinfo=UTC)
    assert str(event["summary"]) == "Shift 22:00–05:00 (phone)"
    assert str(event["description"]).splitlines() == [
        "22:00–00:00 work phone",
        "00:00–00:15 tea (paid)",
        "00:15–05:00 work phone",
    ]
    assert str(event["status"]) == "CONFIRMED"
    assert event.decoded("dtstamp") == WEEK.to_pydatetime()


def test_the_uid_depends_on_plan_person_and_day_and_on_nothing_else(tmp_path: Path) -> None:
    def uid(roster: pd.DataFrame, plan: str = "centre") -> str:
        agent = roster["agent"].iloc[0]
        write_calendars(tmp_path, roster, plan, WEEK)
        return str(events(tmp_path / f"{agent}.ics")[0]["uid"])

    first = uid(shift("ann", "2024-10-22 08:00"))
    assert uid(shift("ann", "2024-10-22 10:00", 300, "chat")) == first
    assert uid(shift("ann", "2024-10-23 08:00")) != first
    assert uid(shift("ben", "2024-10-22 08:00")) != first
    assert uid(shift("ann", "2024-10-22 08:00"), "other") != first


def test_the_same_roster_gives_the_same_bytes_also_over_its_own_publication(tmp_path: Path) -> None:
    roster = pd.concat([shift("ann", "2024-10-22 08:00"), shift("ann", "2024-10-24 08:00")])
    write_calendars(tmp_path / "one", roster, "centre", WEEK)
    write_calendars(tmp_path / "two", roster.iloc[::-1], "centre", WEEK, previous=tmp_path / "one")
    assert (tmp_path / "one" / "ann.ics").read_bytes() == (tmp_path / "two" / "ann.ics").read_bytes()


def test_a_changed_shift_rises_a_removed_one_is_cancelled_and_one_that_returns_is_confirmed(
    tmp_path: Path,
) -> None:
    def states(number: int, roster: pd.DataFrame) -> list[tuple[str, int, str]]:
        folder, before = tmp_path / str(number), tmp_path / str(number - 1)
        write_calendars(folder, roster, "centre", WEEK, agents=["ann"], previous=before)
        return [
            (f"{event.decoded('dtstart'):%d %H}", int(event["sequence"]), str(event["status"]))
            for event in events(folder / "ann.ics")
        ]

    tuesday, friday = shift("ann", "2024-10-22 08:00"), shift("ann", "2024-10-25 08:00")
    both = pd.concat([tuesday, friday])
    assert states(1, both) == [("22 06", 0, "CONFIRMED"), ("25 06", 0, "CONFIRMED")]
    later = pd.concat([shift("ann", "2024-10-22 09:00"), friday])
    assert states(2, later) == [("22 07", 1, "CONFIRMED"), ("25 06", 0, "CONFIRMED")]
    assert states(3, friday) == [("22 07", 2, "CANCELLED"), ("25 06", 0, "CONFIRMED")]
    assert states(4, friday) == [("22 07", 2, "CANCELLED"), ("25 06", 0, "CONFIRMED")]
    assert states(5, both) == [("22 06", 3, "CONFIRMED"), ("25 06", 0, "CONFIRMED")]
    assert states(6, both.iloc[:0]) == [("22 06", 4, "CANCELLED"), ("25 06", 1, "CANCELLED")]


def test_a_person_who_left_keeps_a_calendar_of_cancelled_shifts(tmp_path: Path) -> None:
    roster = pd.concat([shift("ann", "2024-10-22 08:00"), shift("ben", "2024-10-22 08:00")])
    write_calendars(tmp_path / "one", roster, "centre", WEEK)
    write_calendars(
        tmp_path / "two", shift("ann", "2024-10-22 08:00"), "centre", WEEK, previous=tmp_path / "one"
    )
    (event,) = events(tmp_path / "two" / "ben.ics")
    assert str(event["status"]) == "CANCELLED"


def test_what_is_read_back_is_what_was_written_and_a_spoilt_file_is_no_past(tmp_path: Path) -> None:
    write_calendars(tmp_path, shift("ann", "2024-10-22 08:00", queue="a,b;c\\n"), "centre", WEEK)
    (found,) = read_shifts(tmp_path / "ann.ics")
    assert found.summary == "Shift 08:00–16:00 (a,b;c\\n)"
    assert found.start == datetime(2024, 10, 22, 6, tzinfo=UTC)
    for text in ("", "nonsense", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n"):
        (tmp_path / "spoilt.ics").write_text(text)
        assert read_shifts(tmp_path / "spoilt.ics") == []
    assert read_shifts(tmp_path / "none.ics") == []


def test_a_name_cannot_add_a_line_of_its_own_to_the_calendar(tmp_path: Path) -> None:
    names = write_calendars(
        tmp_path,
        shift("x\r\nATTENDEE:mailto:a@b", "2024-10-22 08:00", queue="q\r\nEND:VEVENT"),
        "p\r\nX:1",
        WEEK,
    )
    (name,) = names.values()
    lines = (tmp_path / name).read_bytes().split(b"\r\n")
    assert lines.count(b"END:VEVENT") == 1
    assert not any(line.startswith((b"ATTENDEE", b"X:1")) for line in lines)


def test_a_person_without_a_shift_gets_an_empty_calendar(tmp_path: Path) -> None:
    names = write_calendars(tmp_path, shift("ann", "2024-10-22 08:00"), "centre", WEEK, agents=["zoe"])
    assert names == {"zoe": "zoe.ics", "ann": "ann.ics"}
    assert events(tmp_path / "zoe.ics") == []


@pytest.mark.parametrize(
    ("agent", "begins"),
    [
        ("anna.b-1 x", "anna.b-1 x.ics"),
        ("Jörg", "Jörg.ics"),
        ("../../etc/passwd", "_.._etc_passwd-"),
        ("C:\\x", "C__x-"),
        (".hidden", "hidden-"),
        ("", ""),
        ("..", ""),
        ("NUL", "NUL-"),
        ("com1.x", "com1.x-"),
        ("a" * 300, "a" * 100 + "-"),
        ("trailing.", "trailing-"),
    ],
)
def test_file_names_stay_readable_where_they_can_and_safe_always(agent: str, begins: str) -> None:
    name = file_names([agent])[agent]
    assert name.startswith(begins)
    assert Path(name).name == name


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=12), unique=True, max_size=8))
def test_any_ids_get_names_inside_the_folder_that_differ_on_every_file_system(agents: list[str]) -> None:
    names = file_names(agents)
    assert list(names) == agents
    assert len({name.casefold() for name in names.values()}) == len(agents)
    for name in names.values():
        assert not set(name) & set('/\\:*?"<>|\0\n\r\t')
        assert not name.startswith(".")
        assert len(name.encode("utf-8")) <= 120
