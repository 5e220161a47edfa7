"""The window of an activity: two dates or local times, or a weekday and a time for every week."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from staffing.errors import BadInput
from staffing.files.clock import DAY_MIN, parse_clock, parse_weekdays
from staffing.files.local_time import day_end, day_start, parse_local
from staffing.files.ranges import range_end, range_start

_WEEKLY = re.compile(r"(?P<day>[^\W\d_]+)(?:\s+(?P<clock>[0-9]{1,2}:[0-9]{2}))?")
_ACCEPTED = (
    "a date, a local time such as 2026-11-25 09:00, or every week: a weekday and a time such as wed 09:00"
)


@dataclass(frozen=True)
class Horizon:
    """The days that are planned: their local midnights, the grid and the zone."""

    start: pd.Timestamp
    end: pd.Timestamp
    slot_min: int
    timezone: str


class WindowEndError(BadInput):
    """A defect of the window's end."""


def activity_windows(
    start_text: str, end_text: str, horizon: Horizon
) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """One window of a date or local time, or one per week of the horizon of a weekday.

    Raises
    ------
    BadInput
        For what is no window or does not fall on the slots; `WindowEndError` where its end is at fault.
    """
    weekly = _WEEKLY.fullmatch(start_text)
    if weekly is None:
        try:
            start = range_start(start_text, horizon.timezone)
        except BadInput as error:
            raise BadInput(error.problem, value=start_text, accepted=_ACCEPTED) from None
        try:
            end = range_end(end_text, start, horizon.timezone, "a window")
        except BadInput as error:
            raise WindowEndError(error.problem, value=end_text, accepted=error.accepted) from None
        return [(_on_slot(start, start_text, horizon), _on_slot(end, end_text, horizon))]
    (weekday,) = parse_weekdays(weekly["day"])
    start_min = parse_clock(weekly["clock"] or "00:00")
    try:
        until, end_min = _weekly_end(end_text, weekday)
    except BadInput as error:
        raise WindowEndError(error.problem, value=end_text, accepted=error.accepted) from None
    if (until, end_min) <= (0, start_min):
        raise WindowEndError(
            "a window that ends before it starts", value=end_text, accepted=f"a time after {start_text}"
        )
    windows = []
    day = horizon.start.date()
    while day < horizon.end.date():
        if day.weekday() == weekday:
            begin = _clock_on(day, start_min, horizon.timezone)
            end = _clock_on(day + timedelta(days=until), end_min, horizon.timezone)
            windows.append((_on_slot(begin, start_text, horizon), _on_slot(end, end_text, horizon)))
        day += timedelta(days=1)
    return windows


def _weekly_end(text: str, weekday: int) -> tuple[int, int]:
    """Days after the start's day, and minutes after midnight."""
    if not text:
        return 0, DAY_MIN
    match = _WEEKLY.fullmatch(text)
    if match is None:
        return 0, parse_clock(text, end=True)
    (until,) = parse_weekdays(match["day"])
    end_min = DAY_MIN if match["clock"] is None else parse_clock(match["clock"], end=True)
    return (until - weekday) % 7, end_min


def _clock_on(day: object, minute: int, zone: str) -> pd.Timestamp:
    if minute >= DAY_MIN:
        return day_end(day, zone)  # type: ignore[arg-type]
    if minute == 0:
        return day_start(day, zone)  # type: ignore[arg-type]
    return parse_local(f"{day} {minute // 60:02d}:{minute % 60:02d}", zone, "first")


def _on_slot(time: pd.Timestamp, text: str, horizon: Horizon) -> pd.Timestamp:
    if (time - horizon.start) % pd.Timedelta(minutes=horizon.slot_min) != pd.Timedelta(0):
        raise BadInput(
            "does not fall on the roster's slots", value=text,
            accepted=f"times on the grid of {horizon.slot_min} min",
        )  # fmt: skip
    return time
