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
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from icalendar import Calendar

from staffing.files.calendar_text import Shift, calendar_text, written_shifts

MOST_BYTES = 100
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
# Line ends and control characters, with which a text could add lines of its own.
UNSEEN = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


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
    rostered = shifts_by_agent(roster, plan)
    names = file_names([*agents, *rostered])
    calendar = _one_line(plan), str(week_start.tz), week_start.tz_convert("UTC").to_pydatetime()
    for agent, name in names.items():
        shifts = rostered.get(agent, [])
        if previous is not None:
            shifts = updated(shifts, read_shifts(previous / name))
        (folder / name).write_bytes(calendar_text(shifts, *calendar))
    taken = set(names.values())
    for path in sorted(previous.glob("*.ics")) if previous is not None else []:
        shifts = updated([], read_shifts(path)) if path.name not in taken else []
        if shifts:
            (folder / path.name).write_bytes(calendar_text(shifts, *calendar))
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


def shifts_by_agent(roster: pd.DataFrame, plan: str) -> dict[str, list[Shift]]:
    """Each person's shifts in order of time, people in the roster's order."""
    # Row by row in plain lists: a table per person or shift costs more than all else here.
    columns = [roster[name].tolist() for name in ("activity", "paid", "queue", "shift_id")]
    starts, ends = _instants(roster["start"]), _instants(roster["end"])
    found: dict[str, list[tuple[Any, ...]]] = {}
    for agent, *row in zip(roster["agent"].astype(str).tolist(), starts, ends, *columns, strict=True):
        found.setdefault(agent, []).append(tuple(row))
    return {agent: _shifts(rows, _hash(plan + chr(31) + agent)[:20]) for agent, rows in found.items()}


def _instants(times: pd.Series) -> list[tuple[datetime, str, str]]:
    """UTC, local day and local clock of each time, found out once however many rows share it."""
    codes, instants = pd.factorize(times)
    told = [
        (time.tz_convert("UTC").to_pydatetime(), time.date().isoformat(), f"{time:%H:%M}")
        for time in instants
    ]
    return [told[code] for code in codes]


def _shifts(rows: list[tuple[Any, ...]], who: str) -> list[Shift]:
    """The shifts of one person, whose hash tells apart those of a day from other people's."""
    by_id: dict[str, list[tuple[Any, ...]]] = {}
    for row in sorted(rows, key=lambda row: row[0][0]):
        by_id.setdefault(row[-1], []).append(row)
    shifts: list[Shift] = []
    days: dict[str, int] = {}
    for parts in by_id.values():
        start, day, begins = parts[0][0]
        end, _, ends = max((part[1] for part in parts), key=lambda instant: instant[0])
        days[day] = days.get(day, 0) + 1
        number = f"-{days[day]}" if days[day] > 1 else ""
        queues = [_one_line(queue) for queue in dict.fromkeys(part[4] for part in parts) if queue]
        shifts.append(
            Shift(
                uid=f"{day}{number}-{who}@staffing",
                start=start,
                end=end,
                summary=f"Shift {begins}–{ends}" + (f" ({', '.join(queues)})" if queues else ""),
                description="\n".join(_stretch(*part[:5]) for part in parts),
            )
        )
    return shifts


def _stretch(start: Any, end: Any, activity: str, paid: bool, queue: str) -> str:
    """A line for work or a break, in local time."""
    what = f"{activity} {queue}" if queue else f"{activity} ({'paid' if paid else 'unpaid'})"
    return f"{start[2]}–{end[2]} {_one_line(what)}"


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


def read_shifts(path: Path) -> list[Shift]:
    """The shifts of a calendar written here; none if there is no such file or it is no calendar."""
    try:
        data = path.read_bytes()
        known = written_shifts(data)
        if known is not None:
            return known
        # Somebody has changed it, or another version wrote it.
        document = Calendar.from_ical(data)
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
    return UNSEEN.sub(" ", str(text))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
