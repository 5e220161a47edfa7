"""``calendars/<agent>.ics``: each person's shifts for their own calendar.

One event is one shift, also across midnight, with its breaks and queues in the description. Times
are UTC, so that no calendar has to know the zone's rules; the description is in local time.

A shift keeps its ``UID`` (plan, person and local start day) through every publication, so that a calendar
updates it in place. ``SEQUENCE`` rises when the shift changed against the folder published before,
and a shift that is no more is kept as ``STATUS:CANCELLED``. ``DTSTAMP`` is the first moment of the
plan's week: the same plan gives the same bytes, whenever it is run.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from icalendar import Calendar, Event

PRODUCT = "-//staffing//roster//EN"
MOST_BYTES = 100
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Shift:
    """What an event says; two shifts that are equal need no update."""

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


def write_calendars(
    folder: Path,
    roster: pd.DataFrame,
    plan: str,
    week_start: pd.Timestamp,
    agents: Iterable[str] = (),
    previous: Path | None = None,
) -> dict[str, str]:
    """Write one file per person.

    Parameters
    ----------
    folder
        Made if it does not exist.
    roster
        ``agent, start, end, activity, paid, queue, shift_id``, zone-aware.
    plan
        Name of the plan, part of every ``UID``.
    week_start
        First local midnight of the plan's week.
    agents
        People who get a file even without a shift.
    previous
        Folder of the calendars published before, for ``SEQUENCE`` and cancellations; a person who is
        no longer among the people keeps a file in which every shift is cancelled.

    Returns
    -------
    File name per person.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = file_names([*agents, *roster["agent"].astype(str)])
    by_agent = dict(list(roster.assign(agent=roster["agent"].astype(str)).groupby("agent")))
    stamp = week_start.tz_convert("UTC").to_pydatetime()
    for agent, name in names.items():
        shifts = shifts_of(by_agent[agent], agent, plan) if agent in by_agent else []
        if previous is not None:
            shifts = updated(shifts, read_shifts(previous / name))
        data = calendar(shifts, plan, str(week_start.tz), stamp).to_ical()
        (folder / name).write_bytes(data)
    gone = sorted(previous.glob("*.ics")) if previous is not None else []
    for path in gone:
        shifts = updated([], read_shifts(path)) if path.name not in names.values() else []
        if shifts:
            data = calendar(shifts, plan, str(week_start.tz), stamp).to_ical()
            (folder / path.name).write_bytes(data)
    return names


def file_names(agents: Iterable[str]) -> dict[str, str]:
    """A file name for each id that stays in its folder, on every system, and is nobody else's.

    Ids that are plain names keep them. Others, and those that differ in case alone, carry a hash.
    """
    unique = list(dict.fromkeys(agents))
    plain = {
        agent: re.sub(r"[^\w. -]", "_", unicodedata.normalize("NFC", agent)).strip(". ") for agent in unique
    }
    folded: dict[str, int] = {}
    for name in plain.values():
        folded[name.casefold()] = folded.get(name.casefold(), 0) + 1
    names = {}
    for agent, name in plain.items():
        kept = name == agent and name and len(name.encode()) <= MOST_BYTES and not RESERVED.fullmatch(name)
        if not kept or folded[name.casefold()] > 1:
            short = name.encode()[:MOST_BYTES].decode(errors="ignore").strip(". ")
            name = f"{short}-{_hash(agent)[:12]}".lstrip("-")
        names[agent] = f"{name}.ics"
    return names


def shifts_of(rows: pd.DataFrame, agent: str, plan: str) -> list[Shift]:
    """The shifts of one person, in order of time."""
    rows = rows.sort_values("start", kind="stable")
    found: list[Shift] = []
    days: dict[str, int] = {}
    for _, shift in rows.groupby("shift_id", sort=False):
        start, end = shift["start"].iloc[0], shift["end"].max()
        day = start.date().isoformat()
        days[day] = days.get(day, 0) + 1
        number = f"-{days[day]}" if days[day] > 1 else ""
        queues = [_one_line(queue) for queue in dict.fromkeys(shift["queue"]) if queue]
        found.append(
            Shift(
                uid=f"{day}{number}-{_hash(plan + chr(31) + agent)[:20]}@staffing",
                start=start.tz_convert("UTC").to_pydatetime(),
                end=end.tz_convert("UTC").to_pydatetime(),
                summary=f"Shift {start:%H:%M}–{end:%H:%M}" + (f" ({', '.join(queues)})" if queues else ""),
                description=_description(shift),
            )
        )
    return found


def _description(shift: pd.DataFrame) -> str:
    """A line per stretch of work or break, in local time."""
    lines = []
    for start, end, activity, paid, queue in zip(
        shift["start"], shift["end"], shift["activity"], shift["paid"], shift["queue"], strict=True
    ):
        what = f"{activity} {queue}" if queue else f"{activity} ({'paid' if paid else 'unpaid'})"
        lines.append(f"{start:%H:%M}–{end:%H:%M} {_one_line(what)}")
    return "\n".join(lines)


def updated(shifts: Sequence[Shift], before: Sequence[Shift]) -> list[Shift]:
    """Shifts with the sequence that follows from what was published, and the cancelled ones."""
    known = {shift.uid: shift for shift in before}
    result = []
    for shift in shifts:
        old = known.pop(shift.uid, None)
        if old is not None:
            shift = replace(shift, sequence=old.sequence + (not shift.same_as(old)))
        result.append(shift)
    for old in known.values():
        result.append(old if old.cancelled else replace(old, cancelled=True, sequence=old.sequence + 1))
    return sorted(result, key=lambda shift: (shift.start, shift.uid))


def calendar(shifts: Sequence[Shift], plan: str, zone: str, stamp: datetime) -> Calendar:
    """The shifts as a calendar of RFC 5545."""
    document = Calendar()
    document.add("prodid", PRODUCT)
    document.add("version", "2.0")
    document.add("calscale", "GREGORIAN")
    document.add("x-wr-calname", _one_line(plan))
    document.add("x-wr-timezone", zone)
    for shift in shifts:
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
    return document


def read_shifts(path: Path) -> list[Shift]:
    """The shifts of a calendar written here; none if there is no such file or it is no calendar."""
    try:
        document = Calendar.from_ical(path.read_bytes())
        return [
            Shift(
                uid=str(event["uid"]),
                start=event.decoded("dtstart").astimezone(UTC),
                end=event.decoded("dtend").astimezone(UTC),
                summary=str(event.get("summary", "")),
                description=str(event.get("description", "")),
                sequence=int(event.get("sequence", 0)),
                cancelled=str(event.get("status", "")) == "CANCELLED",
            )
            for event in document.walk("VEVENT")
        ]
    except (OSError, ValueError, KeyError, AttributeError):
        # A calendar that somebody has changed beyond reading starts its sequences anew.
        return []


def _one_line(text: object) -> str:
    """Text without the line ends and control characters with which it could add lines of its own."""
    return re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]", " ", str(text))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
