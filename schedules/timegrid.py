"""The grid of elapsed slots and every shift that can be placed on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from schedules.demand import Demand
from schedules.errors import InvalidSchedule
from schedules.rules import Premium
from schedules.shifts import ShiftKind

_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True)
class BreakPattern:
    """Breaks of a shift in slots after its start; a break always ends before the shift does.

    ``earliest`` and ``latest`` are first and last starts, tightened by order and spacing.
    """

    length: tuple[int, ...]
    earliest: tuple[int, ...]
    latest: tuple[int, ...]
    paid: tuple[bool, ...]
    spacing: int


@dataclass(frozen=True)
class TimeGrid:
    """All shifts of all kinds on the horizon, as arrays over shifts sorted by day, kind, start, length.

    Attributes
    ----------
    starts
        Zone-aware slot starts, the slots after the horizon that a last night shift can reach included.
    slots
        Number of slots of the horizon itself; slots from there on have no demand.
    slot_min
        Minutes per slot.
    day_slot
        Slot of each local midnight, shape ``(days + 1,)``; the last entry is ``slots``.
    day, kind, start, length, start_min, paid_min, pattern
        Per shift: local start day, index of the kind, start slot, length in slots, wall-clock
        start in minutes after midnight, paid minutes, index of the break pattern.
    skipped
        Shift starts that the clock change removes, in words.
    """

    kinds: tuple[ShiftKind, ...]
    starts: pd.DatetimeIndex
    slots: int
    slot_min: int
    day_slot: np.ndarray
    day: np.ndarray
    kind: np.ndarray
    start: np.ndarray
    length: np.ndarray
    start_min: np.ndarray
    paid_min: np.ndarray
    pattern: np.ndarray
    patterns: tuple[BreakPattern, ...]
    skipped: tuple[str, ...] = field(default=())

    @property
    def days(self) -> int:
        """Number of local days."""
        return len(self.day_slot) - 1

    @property
    def slot_h(self) -> float:
        """Hours per slot."""
        return self.slot_min / 60.0

    def dates(self) -> list:
        """Local dates of the days."""
        return [self.starts[slot].date() for slot in self.day_slot[:-1]]

    def weekends(self) -> np.ndarray:
        """Number of the weekend that each day belongs to, -1 for none; shape ``(days,)``.

        A Saturday and the Sunday after it are one; at the edge of the horizon either is one alone.
        """
        weekday = np.array([date.weekday() for date in self.dates()])
        begins = (weekday == _SATURDAY) | ((weekday == _SUNDAY) & (np.arange(self.days) == 0))
        return np.where(weekday >= _SATURDAY, np.cumsum(begins) - 1, -1).astype(np.int64)

    def shift_id(self, shift: int) -> str:
        """``<YYYY-MM-DD>-<kind>-<HHMM>-<minutes>`` of a shift."""
        minute = int(self.start_min[shift])
        date = self.starts[int(self.day_slot[self.day[shift]])].date()
        return (
            f"{date.isoformat()}-{self.kinds[self.kind[shift]].name}-{minute // 60:02d}{minute % 60:02d}"
            f"-{int(self.length[shift]) * self.slot_min}"
        )

    def time(self, slot: int) -> pd.Timestamp:
        """Zone-aware start of a slot (of the end, for one past the last)."""
        return self.starts[0] + pd.Timedelta(minutes=int(slot) * self.slot_min)


def _pattern(kind: ShiftKind, length_min: int, slot_min: int) -> BreakPattern | None:
    """Breaks of one length in slots, or ``None`` if they do not fit."""
    count = len(kind.breaks)
    length = [pause.length_min // slot_min for pause in kind.breaks]
    earliest = [-(-pause.earliest_min // slot_min) for pause in kind.breaks]
    latest = [pause.latest_min // slot_min for pause in kind.breaks]
    spacing = -(-kind.min_between_breaks_min // slot_min)
    for j in range(1, count):
        earliest[j] = max(earliest[j], earliest[j - 1] + length[j - 1] + spacing)
    end = length_min // slot_min
    for j in reversed(range(count)):
        after = end - 1 if j == count - 1 else latest[j + 1] - spacing
        latest[j] = min(latest[j], after - length[j])
    if any(first > last for first, last in zip(earliest, latest, strict=True)):
        return None
    paid = tuple(pause.paid for pause in kind.breaks)
    return BreakPattern(tuple(length), tuple(earliest), tuple(latest), paid, spacing)


def _check_multiples(kind: ShiftKind, slot_min: int) -> None:
    values = {
        "starts (start_from_min, start_every_min)": tuple(kind.starts_min()),
        "lengths_min": kind.lengths_min,
        "length_min of breaks": tuple(pause.length_min for pause in kind.breaks),
    }
    for name, numbers in values.items():
        for number in numbers:
            if number % slot_min:
                raise InvalidSchedule(
                    f"shift {kind.name}: {name} in multiples of the roster slot of {slot_min} min expected, "
                    f"got {number}"
                )


def time_grid(demand: Demand, kinds: Sequence[ShiftKind]) -> TimeGrid:
    """Every shift of every kind that can start inside the horizon.

    A start that the wall clock skips is left out; one that it repeats is the first of the two.

    Raises
    ------
    InvalidSchedule
        Where a kind does not fit the slots, or two kinds share a name.
    """
    names = [kind.name for kind in kinds]
    if len(set(names)) != len(names):
        raise InvalidSchedule(f"shift kinds with different names expected, got {names}")
    if not kinds:
        raise InvalidSchedule("at least one shift kind expected, got none")
    slot_min, slots = demand.slot_min, len(demand.starts)
    slot = pd.Timedelta(minutes=slot_min)
    zone, origin = demand.starts.tz, demand.starts[0]
    midnights = demand.days
    day_slot = [int((midnight - origin) / slot) for midnight in midnights] + [slots]
    rows: list[tuple[int, ...]] = []
    skipped: list[str] = []
    patterns: dict[BreakPattern, int] = {}
    for index, kind in enumerate(kinds):
        _check_multiples(kind, slot_min)
        by_length = {}
        for length_min in sorted(set(kind.lengths_min)):
            found = _pattern(kind, length_min, slot_min)
            if found is None:
                raise InvalidSchedule(
                    f"shift {kind.name}: breaks that fit into {length_min} min on slots of {slot_min} min expected"
                )
            by_length[length_min] = patterns.setdefault(found, len(patterns))
        minutes = list(kind.starts_min())
        for day, midnight in enumerate(midnights):
            if midnight.weekday() not in kind.weekdays:
                continue
            naive = pd.Timestamp(midnight.date()) + pd.to_timedelta(minutes, unit="min")
            local = pd.DatetimeIndex(naive).tz_localize(
                zone, ambiguous=np.ones(len(minutes), bool), nonexistent="NaT"
            )
            for minute, moment in zip(minutes, local, strict=True):
                if moment is pd.NaT or (moment - origin) % slot != pd.Timedelta(0):
                    skipped.append(f"{kind.name} {midnight.date()} {minute // 60:02d}:{minute % 60:02d}")
                    continue
                first = int((moment - origin) / slot)
                for length_min, pattern in by_length.items():
                    rows.append(
                        (
                            day,
                            index,
                            first,
                            length_min // slot_min,
                            minute,
                            kind.paid_min(length_min),
                            pattern,
                        )
                    )
    table = np.array(sorted(rows), dtype=np.int64).reshape(-1, 7).T
    day_, kind_, start_, length_, minute_, paid_, pattern_ = (
        np.ascontiguousarray(column) for column in table
    )
    extended = max(slots, int((start_ + length_).max()) if len(start_) else 0)
    return TimeGrid(
        kinds=tuple(kinds),
        starts=pd.date_range(origin, periods=extended, freq=slot),
        slots=slots,
        slot_min=slot_min,
        day_slot=np.array(day_slot, dtype=np.int64),
        day=day_,
        kind=kind_,
        start=start_,
        length=length_,
        start_min=minute_,
        paid_min=paid_,
        pattern=pattern_,
        patterns=tuple(patterns),
        skipped=tuple(skipped),
    )


def premium_share(grid: TimeGrid, premiums: Sequence[Premium], holidays: frozenset) -> np.ndarray:
    """Sum of the premium shares that hold in each slot, by the slot's local start; shape ``(extended slots,)``."""
    minute = (grid.starts.hour * 60 + grid.starts.minute).to_numpy()
    weekday = grid.starts.day_of_week.to_numpy()
    dates = grid.starts.date
    holiday = np.array([moment in holidays for moment in dates], dtype=bool)
    share = np.zeros(len(grid.starts))
    for premium in premiums:
        if premium.from_min <= premium.until_min:
            inside = (minute >= premium.from_min) & (minute < premium.until_min)
        else:
            inside = (minute >= premium.from_min) | (minute < premium.until_min)
        on_day = np.isin(weekday, premium.weekdays)
        if premium.holidays:
            on_day = on_day | holiday
        share += premium.share * (inside & on_day)
    return share
