"""A person's shifts as the text of an iCalendar file (RFC 5545), and back.

Thousands of people get a file each, and a library that can write any calendar takes milliseconds for
one of ours. These have one form, in the order of properties and with the folds that ``icalendar`` gives
them; the tests hold the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

PRODUCT = "-//staffing//roster//EN"
FOLD_BYTES = 74  # with the space that begins a continued line, 75 as the standard allows
WRITTEN = re.compile(
    r"BEGIN:VCALENDAR\r\nVERSION:2\.0\r\nPRODID:" + re.escape(PRODUCT) + r"\r\nCALSCALE:GREGORIAN\r\n"
    r"X-WR-CALNAME:(?P<plan>.*)\r\nX-WR-TIMEZONE:(?P<zone>.*)\r\n(?P<events>(?:.*\r\n)*)END:VCALENDAR\r\n"
)
EVENT = re.compile(
    r"BEGIN:VEVENT\r\nSUMMARY:(?P<summary>.*)\r\nDTSTART:(?P<start>\d{8}T\d{6}Z)\r\n"
    r"DTEND:(?P<end>\d{8}T\d{6}Z)\r\nDTSTAMP:(?P<stamp>\d{8}T\d{6}Z)\r\nUID:(?P<uid>.*)\r\n"
    r"SEQUENCE:(?P<sequence>\d{1,9})\r\nDESCRIPTION:(?P<description>.*)\r\n"
    r"STATUS:(?P<status>CONFIRMED|CANCELLED)\r\nEND:VEVENT\r\n"
)


@dataclass(frozen=True)
class Shift:
    """What an event says; two shifts that are equal need no update. Times are UTC."""

    uid: str
    start: datetime
    end: datetime
    summary: str
    description: str
    sequence: int = 0
    cancelled: bool = False

    def same_as(self, other: Shift) -> bool:
        """Whether nothing but the sequence differs."""
        return replace(self, sequence=0) == replace(other, sequence=0)


def calendar_text(shifts: Sequence[Shift], plan: str, zone: str, stamp: datetime) -> bytes:
    """The file of one person.

    Parameters
    ----------
    plan
        Name of the calendar, on one line. It is written as it is: no standard tells how to escape it.
    zone
        IANA zone in which a calendar may show the shifts.
    stamp
        When the shifts were planned, UTC.
    """
    stamped = f"DTSTAMP:{_time(stamp)}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{plan}",
        f"X-WR-TIMEZONE:{zone}",
    ]
    for shift in shifts:
        lines += (
            "BEGIN:VEVENT",
            f"SUMMARY:{_escaped(shift.summary)}",
            f"DTSTART:{_time(shift.start)}",
            f"DTEND:{_time(shift.end)}",
            stamped,
            f"UID:{_escaped(shift.uid)}",
            f"SEQUENCE:{shift.sequence}",
            f"DESCRIPTION:{_escaped(shift.description)}",
            f"STATUS:{'CANCELLED' if shift.cancelled else 'CONFIRMED'}",
            "END:VEVENT",
        )
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line.encode()) for line in lines)


def written_shifts(data: bytes) -> list[Shift] | None:
    """The shifts of a file that :func:`calendar_text` wrote, ``None`` for any other.

    Only what would be written again byte for byte is taken for one of ours, so that this reader need
    not know what else a calendar may hold.
    """
    try:
        found = WRITTEN.fullmatch(data.decode().replace("\r\n ", ""))
        if found is None:
            return None
        events = list(EVENT.finditer(found["events"]))
        shifts = [
            Shift(
                uid=_plain(event["uid"]),
                start=_instant(event["start"]),
                end=_instant(event["end"]),
                summary=_plain(event["summary"]),
                description=_plain(event["description"]),
                sequence=int(event["sequence"]),
                cancelled=event["status"] == "CANCELLED",
            )
            for event in events
        ]
        stamp = _instant(events[0]["stamp"]) if events else datetime.min
        again = calendar_text(shifts, found["plan"], found["zone"], stamp)
    except ValueError:  # no UTF-8, or a time that does not exist
        return None
    return shifts if again == data else None


def _time(moment: datetime) -> str:
    return (
        f"{moment.year:04d}{moment.month:02d}{moment.day:02d}T"
        f"{moment.hour:02d}{moment.minute:02d}{moment.second:02d}Z"
    )


def _instant(text: str) -> datetime:
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    return datetime(year, month, day, int(text[9:11]), int(text[11:13]), int(text[13:15]), tzinfo=UTC)


def _escaped(text: str) -> str:
    """A text in which nothing separates or ends a value; every line end becomes ``\\n``."""
    text = text.replace("\\N", "\n").replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _plain(text: str) -> str:
    """The text behind an escaped one."""
    if "\\" not in text:
        return text
    return re.sub(r"\\([\\,;nN])", lambda found: "\n" if found[1] in "nN" else found[1], text)


def _folded(line: bytes) -> bytes:
    """A line as short ones, cut neither inside a character nor behind a backslash or caret."""
    if len(line) <= FOLD_BYTES:
        return line + b"\r\n"
    parts = []
    begin = 0
    while len(line) - begin > FOLD_BYTES:
        end = begin + FOLD_BYTES
        while line[end] & 0xC0 == 0x80:  # the second or a later byte of a character
            end -= 1
        if line[end - 1] in b"\\^" and end - begin > 1:
            end -= 1
        parts.append(line[begin:end])
        begin = end
    parts.append(line[begin:])
    return b"\r\n ".join(parts) + b"\r\n"
