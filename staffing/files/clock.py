"""Clock times, opening windows and weekly availability, as a person writes them."""

from __future__ import annotations

import itertools
import re

from schedules.agents import Window
from staffing.errors import BadInput

DAY_MIN = 24 * 60
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?")
_ENTRY = re.compile(r"(?P<days>[^\W\d_]+(?:\s*[-,]\s*[^\W\d_]+)*)\s+(?P<windows>.*)")
_CLOCK_ACCEPTED = "HH:MM from 00:00 to 23:59"
_WINDOWS_ACCEPTED = "windows such as 08:00-12:00, 13:00-17:00 (22:00-06:00 passes midnight, 24:00 ends a day)"
_AVAILABILITY_ACCEPTED = "days and windows such as mon-fri 08:00-18:00; sat 09:00-13:00, or blank for always"


def parse_clock(text: str, *, end: bool = False) -> int:
    """Minutes after midnight of ``HH:MM`` (also ``H:MM`` and ``HH:MM:00``).

    Parameters
    ----------
    end
        Whether the time ends a window, so that ``24:00`` is allowed.

    Raises
    ------
    BadInput
        Without a file and line: the caller knows them.
    """
    match = _CLOCK.fullmatch(text.strip())
    minutes = int(match[1]) * 60 + int(match[2]) if match and int(match[2]) < 60 else DAY_MIN + 1
    if minutes > DAY_MIN or (minutes == DAY_MIN and not end):
        accepted = f"{_CLOCK_ACCEPTED}, or 24:00" if end else _CLOCK_ACCEPTED
        raise BadInput("not a time of the day", value=text, accepted=accepted)
    return minutes


def parse_windows(text: str) -> tuple[tuple[int, int], ...]:
    """Windows of a day in minutes after its midnight, in order; a blank text gives none.

    ``"08:00-12:00, 13:00-17:00"`` gives ``((480, 720), (780, 1020))``; a window that ends before it
    begins passes midnight, so ``"22:00-06:00"`` gives ``((1320, 1800),)``.

    Raises
    ------
    BadInput
        For what is not a window, an empty window, and windows that overlap.
    """
    windows = []
    for part in text.replace("–", "-").split(","):
        if not part.strip() and not text.strip():
            return ()
        start, dash, until = part.partition("-")
        if not dash:
            raise BadInput("not a window of time", value=part.strip(), accepted=_WINDOWS_ACCEPTED)
        from_min, until_min = parse_clock(start), parse_clock(until, end=True)
        if from_min == until_min:
            raise BadInput("an empty window", value=part.strip(), accepted="00:00-24:00 for the whole day")
        windows.append((from_min, until_min if until_min > from_min else until_min + DAY_MIN))
    windows.sort()
    for (_, until_min), (from_min, _) in itertools.pairwise(windows):
        if from_min < until_min:
            raise BadInput("windows that overlap", value=text.strip(), accepted=_WINDOWS_ACCEPTED)
    return tuple(windows)


def parse_weekdays(text: str) -> tuple[int, ...]:
    """Weekdays, Monday = 0, of ``mon-fri``, ``sat,sun`` or ``fri-mon``, in order, without repeats."""
    days: set[int] = set()
    for part in text.replace("–", "-").split(","):
        first, dash, last = part.partition("-")
        start = _weekday(first)
        stop = _weekday(last) if dash else start
        days.update((start + step) % 7 for step in range((stop - start) % 7 + 1))
    return tuple(sorted(days))


def parse_availability(text: str) -> tuple[Window, ...] | None:
    """Weekly windows of ``"mon-fri 08:00-18:00; sat 09:00-13:00"``; ``None`` (always) of a blank text.

    Windows of one weekday that touch or overlap become one, because a shift has to lie inside one.

    Raises
    ------
    BadInput
        Without a file and line: the caller knows them.
    """
    if not text.strip():
        return None
    by_day: dict[int, list[tuple[int, int]]] = {}
    for entry in filter(str.strip, text.replace("–", "-").split(";")):
        match = _ENTRY.fullmatch(entry.strip())
        windows = parse_windows(match["windows"]) if match else ()
        if match is None or not windows:
            raise BadInput("not an availability", value=entry.strip(), accepted=_AVAILABILITY_ACCEPTED)
        for day in parse_weekdays(match["days"]):
            by_day.setdefault(day, []).extend(windows)
    if not by_day:
        raise BadInput("not an availability", value=text, accepted=_AVAILABILITY_ACCEPTED)
    return tuple(
        Window(day, from_min, until_min)
        for day in sorted(by_day)
        for from_min, until_min in _joined(sorted(by_day[day]))
    )


def _weekday(text: str) -> int:
    name = text.strip().casefold()
    for names in (WEEKDAYS, _WEEKDAY_NAMES):
        if name in names:
            return names.index(name)
    raise BadInput("not a weekday", value=text.strip(), accepted=", ".join(WEEKDAYS))


def _joined(windows: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined = [windows[0]]
    for from_min, until_min in windows[1:]:
        if from_min <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until_min))
        else:
            joined.append((from_min, until_min))
    return joined
