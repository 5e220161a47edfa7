"""The planned week on the local calendar: its days, its queues, and words for dates and times.

Day and month names are written here, not asked from the system's locale: the same plan gives the
same bytes on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from staffing.plan.result import PlanResult

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_NAMES_LONG = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
QUEUE_COLOURS = 8


def midnight(day: date, zone: str) -> pd.Timestamp:
    """First instant of a local day; where midnight does not exist, the first minute that does."""
    stamp: Any = pd.Timestamp(day)
    return stamp.tz_localize(zone, nonexistent="shift_forward", ambiguous=True)


def in_zone(times: pd.Series, zone: str) -> pd.Series:
    """``times`` on the wall clock of ``zone``; naive times are taken as that wall clock already."""
    stamps = pd.to_datetime(times)
    if stamps.dt.tz is None:
        return stamps.dt.tz_localize(zone, nonexistent="shift_forward", ambiguous=True)
    return stamps.dt.tz_convert(zone)


def day_words(day: Any, long: bool = False) -> str:
    """``Mon 3 Mar``, or ``Monday 3 March``."""
    if long:
        return f"{DAY_NAMES_LONG[day.weekday()]} {day.day} {MONTH_NAMES[day.month - 1]}"
    return f"{DAY_NAMES[day.weekday()]} {day.day} {MONTH_NAMES[day.month - 1][:3]}"


def clock(moment: Any) -> str:
    """Wall clock, ``08:05``."""
    return f"{moment.hour:02d}:{moment.minute:02d}"


def clock_of_minutes(minutes: float) -> str:
    """Minutes after midnight on the wall clock; ``24:00`` and later name the next day's hour."""
    whole = round(minutes)
    if whole <= 1440:
        return f"{whole // 60:02d}:{whole % 60:02d}"
    return f"{clock_of_minutes(whole - 1440)} (+1)"


@dataclass(frozen=True)
class Week:
    """Days and queues of a plan.

    Attributes
    ----------
    zone
        IANA zone of every time shown.
    days
        Local dates.
    midnights
        First instant of each day, then of the day after the last: ``len(days) + 1`` of them.
    queues
        Names in the plan's order.
    """

    zone: str
    days: tuple[date, ...]
    midnights: tuple[pd.Timestamp, ...]
    queues: tuple[str, ...]

    @classmethod
    def of(cls, result: PlanResult) -> Week:
        """The week of a plan."""
        zone = result.timezone
        first, after = (in_zone(pd.Series([t]), zone).iloc[0] for t in (result.week_start, result.week_end))
        days = tuple(t.date() for t in pd.date_range(first.date(), after.date(), freq="D", inclusive="left"))
        midnights = tuple(midnight(day, zone) for day in (*days, after.date()))
        return cls(zone, days, midnights, tuple(result.targets))

    def colour(self, queue: str) -> int:
        """Index of the queue's colour; the ninth queue begins again, its name always stands beside."""
        return self.queues.index(queue) % QUEUE_COLOURS if queue in self.queues else QUEUE_COLOURS - 1

    def _instants(self, times: pd.Series) -> np.ndarray:
        """Nanoseconds of absolute time."""
        stamps = in_zone(times, self.zone).dt.as_unit("ns").dt.tz_convert("UTC").dt.tz_localize(None)
        return stamps.to_numpy().astype("int64")

    def day_index(self, starts: pd.Series) -> np.ndarray:
        """Position of each start's local day, -1 before and ``len(days)`` after the week."""
        return np.searchsorted(self._edges(), self._instants(starts), side="right") - 1

    def minutes_after(self, day_index: np.ndarray, times: pd.Series) -> np.ndarray:
        """Elapsed minutes from each given day's midnight; no wall clock: a day may have 23 or 25 hours."""
        return (self._instants(times) - self._edges()[np.clip(day_index, 0, len(self.days))]) / 60e9

    def _edges(self) -> np.ndarray:
        return np.array([t.as_unit("ns").value for t in self.midnights])

    def inside(self, table: pd.DataFrame) -> pd.DataFrame:
        """Rows that start inside the week, with local ``start``, ``day_index`` and elapsed ``minute``."""
        position = self.day_index(table["start"])
        minute = self.minutes_after(position, table["start"])
        kept = table.assign(start=in_zone(table["start"], self.zone), day_index=position, minute=minute)
        return kept[(position >= 0) & (position < len(self.days))].sort_values("start", kind="stable")

    def words(self) -> str:
        """``Monday 3 – Sunday 9 March 2025``."""
        first, last = self.days[0], self.days[-1]
        end = f"{day_words(last, long=True)} {last.year}"
        if first == last:
            return end
        start = day_words(first, long=True)
        if (first.year, first.month) == (last.year, last.month):
            start = start.rsplit(" ", 1)[0]
        elif first.year != last.year:
            start = f"{start} {first.year}"
        return f"{start} – {end}"
