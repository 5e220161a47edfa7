"""Stamps of text to zone-aware times, with the hours that a clock change repeats or leaves out."""

from __future__ import annotations

import difflib
import re
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from staffing.errors import BadInput

STAMP_ACCEPTED = "YYYY-MM-DD HH:MM[:SS], with or without an offset such as Z or +01:00"
DAY_ACCEPTED = "a date as YYYY-MM-DD"
FIRST_YEAR, LAST_YEAR = 1970, 2200

_DIGITS = str.maketrans("123456789", "000000000")
_SHAPE = re.compile(r"0000-00-00[ T]00:00(?::00(?:\.0{1,9})?)?(?P<offset>Z|[+-]00(?::?00)?)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Stamps:
    """A column of stamps.

    Attributes
    ----------
    times
        UTC where the stamp has an offset; else the wall-clock reading, labelled UTC. NaT where wrong.
    offset
        Whether the stamp has an offset, bool, shape ``(rows,)``.
    wrong
        Whether the text is not a stamp, bool, shape ``(rows,)``.
    """

    times: pd.DatetimeIndex
    offset: np.ndarray
    wrong: np.ndarray


def check_zone(name: str, field: str = "timezone") -> str:
    """Return ``name`` if it is a zone of the IANA database.

    Raises
    ------
    BadInput
        Naming zones that are written alike.
    """
    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, OSError, ValueError, TypeError):  # unknown, a directory of zones, a path, not text
        zones = sorted(zoneinfo.available_timezones())
        alike = difflib.get_close_matches(str(name), zones, n=3)
        town = str(name).strip().replace(" ", "_").casefold()
        places = [zone for zone in zones if town in (zone.casefold(), zone.rsplit("/", 1)[-1].casefold())]
        hint = " or ".join(places or alike or ["Europe/Berlin", "UTC"])
        raise BadInput(
            "unknown time zone", field=field, value=name, accepted=f"an IANA zone name such as {hint}"
        ) from None
    return name


def parse_stamps(cells: Sequence[str]) -> Stamps:
    """Read ISO stamps, with ``T`` or a blank between date and time, with or without an offset."""
    codes, texts = pd.factorize(np.array(cells, dtype=object))
    texts = np.array([text.strip() for text in texts], dtype=object)
    # Only the shape is judged by the expression: a file has thousands of stamps and a handful of shapes.
    shapes, kinds = pd.factorize(np.array([text.translate(_DIGITS) for text in texts], dtype=object))
    matches = [_SHAPE.fullmatch(kind) for kind in kinds]
    good = np.array([bool(match) for match in matches], dtype=bool)[shapes]
    offset = np.array([bool(match and match["offset"]) for match in matches], dtype=bool)[shapes]
    # pandas before 3 lends a stamp without an offset the offset of the stamp before it.
    marked = np.where(offset, texts, texts + "Z") if offset.any() else texts
    times = pd.to_datetime(np.where(good, marked, ""), format="ISO8601", utc=True, errors="coerce")
    outside = (times.year < FIRST_YEAR) | (times.year > LAST_YEAR)
    times = pd.DatetimeIndex(times.where(~outside))
    return Stamps(times[codes], offset[codes], np.asarray(times.isna())[codes])


def repeated(wall: pd.DatetimeIndex, zone: str) -> np.ndarray:
    """Where the wall clock of ``zone`` shows these naive times twice, bool, shape ``(rows,)``."""
    if not len(wall):
        return np.zeros(0, dtype=bool)
    marked = wall.tz_localize(zone, ambiguous="NaT", nonexistent="shift_forward")
    return np.asarray(marked.isna()) & ~np.asarray(wall.isna())


def localize(wall: pd.DatetimeIndex, zone: str, second: np.ndarray | None = None) -> pd.DatetimeIndex:
    """Naive local times as zone-aware ones; NaT where the wall clock skips them.

    Parameters
    ----------
    second
        Which of the repeated times mean the second occurrence, bool, shape ``(rows,)``; default none.
    """
    first = np.ones(len(wall), dtype=bool) if second is None else ~second
    return wall.tz_localize(zone, ambiguous=first, nonexistent="NaT")


def parse_local(text: str, zone: str, repeated_hour: Literal["first", "second", "refuse"]) -> pd.Timestamp:
    """One stamp as a time in ``zone``, to which a stamp with an offset is converted.

    Parameters
    ----------
    repeated_hour
        What a time without an offset means that the wall clock shows twice.

    Raises
    ------
    BadInput
        For what is not a stamp, a skipped local time and, where refused, a repeated one.
    """
    stamps = parse_stamps([text])
    if stamps.wrong[0]:
        raise BadInput("not a date and time", value=text, accepted=STAMP_ACCEPTED)
    if stamps.offset[0]:
        return stamps.times.tz_convert(zone)[0]
    wall = stamps.times.tz_localize(None)
    if repeated_hour == "refuse" and repeated(wall, zone)[0]:
        both = [localize(wall, zone, np.array([second]))[0].isoformat() for second in (False, True)]
        raise BadInput(f"a local time that {zone} has twice", value=text, accepted=" or ".join(both))
    time = localize(wall, zone, np.array([repeated_hour == "second"]))[0]
    if pd.isna(time):
        raise skipped_hour(text, zone)
    return time


def skipped_hour(text: str, zone: str) -> BadInput:
    """The error for a local time that does not exist, without file and line."""
    return BadInput(skipped_problem(zone), value=text, accepted=SKIPPED_ACCEPTED)


def skipped_problem(zone: str) -> str:
    """What is wrong with a local time that does not exist."""
    return f"a local time that does not exist in {zone} (the clocks go forward)"


SKIPPED_ACCEPTED = "times that the local clock shows, or times with an offset"


def is_day(text: str) -> bool:
    """Whether the text has the shape of a date without a time."""
    return _DAY.fullmatch(text.strip()) is not None


def parse_day(text: str) -> date:
    """Date of ``YYYY-MM-DD``.

    Raises
    ------
    BadInput
        For what is not a date between 1970 and 2200; without a file and line.
    """
    try:
        day = date.fromisoformat(text.strip()) if is_day(text) else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInput("not a date", value=text, accepted=DAY_ACCEPTED)
    return day


def day_start(day: date, zone: str) -> pd.Timestamp:
    """First instant of a local day; not always 00:00, as some zones change their clocks at midnight."""
    midnight = pd.DatetimeIndex([pd.Timestamp(day)])
    return midnight.tz_localize(zone, ambiguous=np.array([True]), nonexistent="shift_forward")[0]


def day_end(day: date, zone: str) -> pd.Timestamp:
    """First instant after a local day."""
    return day_start(day + timedelta(days=1), zone)
