"""Shift kinds: when a shift may start, how long it is, and the breaks inside it."""

from __future__ import annotations

from dataclasses import dataclass

from schedules.errors import InvalidSchedule

ALL_WEEKDAYS = (0, 1, 2, 3, 4, 5, 6)
DAY_MIN = 24 * 60


@dataclass(frozen=True)
class Break:
    """A break that each shift of a kind contains, placed freely inside its window.

    Parameters
    ----------
    name
        What the roster calls it (``lunch``, ``break``).
    length_min
        Minutes away from work, > 0.
    earliest_min, latest_min
        Window of the break's **start**, in minutes after the start of the shift.
    paid
        Whether the minutes count as paid hours.
    """

    name: str
    length_min: int
    earliest_min: int
    latest_min: int
    paid: bool = True

    def __post_init__(self) -> None:
        if self.length_min <= 0:
            raise InvalidSchedule(f"break {self.name}: length_min > 0 expected, got {self.length_min}")
        if not 0 <= self.earliest_min <= self.latest_min:
            raise InvalidSchedule(
                f"break {self.name}: 0 <= earliest_min <= latest_min expected, "
                f"got {self.earliest_min} and {self.latest_min}"
            )


@dataclass(frozen=True)
class ShiftKind:
    """A family of shifts that share their lengths, their breaks and their start window.

    Parameters
    ----------
    name
        Unique name.
    lengths_min
        Possible lengths from start to end, unpaid breaks included.
    start_from_min, start_until_min
        First and last start, local wall-clock minutes after midnight, 0 <= … < 1440.
    start_every_min
        Step of the start grid, counted from ``start_from_min``.
    breaks
        Breaks of every shift of this kind, in their order in time. Two breaks are never placed
        with less than ``min_between_breaks_min`` of work between them.
    weekdays
        Days on which the shift may start, Monday = 0.
    """

    name: str
    lengths_min: tuple[int, ...]
    start_from_min: int
    start_until_min: int
    start_every_min: int = 30
    breaks: tuple[Break, ...] = ()
    weekdays: tuple[int, ...] = ALL_WEEKDAYS
    min_between_breaks_min: int = 30

    def __post_init__(self) -> None:
        if not self.lengths_min or min(self.lengths_min) <= 0 or max(self.lengths_min) > DAY_MIN:
            raise InvalidSchedule(
                f"shift {self.name}: lengths in (0, 1440] minutes expected, got {self.lengths_min}"
            )
        if not 0 <= self.start_from_min <= self.start_until_min < DAY_MIN:
            raise InvalidSchedule(
                f"shift {self.name}: 0 <= start_from <= start_until < 24:00 expected, "
                f"got {self.start_from_min} and {self.start_until_min} minutes"
            )
        if self.start_every_min <= 0:
            raise InvalidSchedule(
                f"shift {self.name}: start_every_min > 0 expected, got {self.start_every_min}"
            )
        if not self.weekdays or not set(self.weekdays) <= set(ALL_WEEKDAYS):
            raise InvalidSchedule(f"shift {self.name}: weekdays 0 … 6 expected, got {self.weekdays}")
        shortest = min(self.lengths_min)
        earliest_free = 0
        for pause in self.breaks:
            start = max(pause.earliest_min, earliest_free)
            if start > pause.latest_min or start + pause.length_min >= shortest:
                raise InvalidSchedule(
                    f"shift {self.name}: break {pause.name} ({pause.length_min} min, start {pause.earliest_min}"
                    f"–{pause.latest_min} min after the shift's start) does not fit into {shortest} min "
                    f"with {self.min_between_breaks_min} min between breaks"
                )
            earliest_free = start + pause.length_min + self.min_between_breaks_min

    def paid_min(self, length_min: int) -> int:
        """Paid minutes of a shift of ``length_min``."""
        return length_min - sum(pause.length_min for pause in self.breaks if not pause.paid)

    def starts_min(self) -> range:
        """Start times, local wall-clock minutes after midnight."""
        return range(self.start_from_min, self.start_until_min + 1, self.start_every_min)
