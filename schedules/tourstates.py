"""What must be remembered of a person's shifts from day to day, and how a day changes it, for many states at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from schedules.workweeks import WeekLimits

# Columns of a table of states.
WORKED, UNITS, RUN, MAY_END, OFF, NIGHTS, KIND, WEEKENDS, SATURDAY, LATE, REST, PERIOD = range(12)
# REST: no weekly rest yet; had; none yet, and a shift reaches into the first day.
NOT_YET, HAD, REACHED_INTO = 0, 1, 2
_SATURDAY, _SUNDAY = 5, 6
_NO_KIND = 0
_MOST_UNITS, _MOST_WEEKENDS = 100_000, 10_000


class Label(NamedTuple):
    """What the states must know of a shift: paid units, and whatever of its nature some rule asks for.

    ``kind`` numbers the kinds that successions speak of from 1, 0 is any other. ``crossing`` is a shift on a week's
    last day that ends in the next week.
    """

    units: int
    night: bool = False
    kind: int = _NO_KIND
    late: bool = False
    crossing: bool = False


class Tariff(NamedTuple):
    """What a day adds to the costs beyond its shift: the paid units of a week that ends, a weekend, a late shift.

    ``units`` is -1 where no week ends or its units cost nothing. ``weekend`` and ``late`` count the ones so far,
    this one included, and are 0 where there is none.
    """

    week: int
    units: int
    weekend: int
    late: int


class Moves(NamedTuple):
    """States after a day: by the ordinary rest, by one that is long enough for the week, and the tariff's code."""

    state: np.ndarray
    legal: np.ndarray
    rested: np.ndarray
    rested_legal: np.ndarray
    tariff: np.ndarray


@dataclass(frozen=True)
class TourStates:
    """The rules of one person's days, as far as they bind; ``None`` or a neutral value leaves one out.

    Parameters
    ----------
    days, first_weekday
        Days of the horizon, weekday of the first.
    limits
        Bounds per week.
    unit_min
        Minutes of a paid unit; the paid time of every shift is a multiple.
    labels
        Natures of shifts.
    max_run, min_run, min_off
        Days worked in a row, at most and at least; free days in a row, at least.
    max_nights
        Nights in a row.
    successions
        Pairs of ``Label.kind``.
    max_weekends
        Weekends, with those brought along.
    complete_weekends, count_weekends, count_late
        Whether weekends are worked whole; whether weekends, and late shifts per week, cost by their count.
    weekly_rest
        Whether every week needs its rest.
    period
        Least and most paid units of the period, with those brought along.
    week_units_from
        Weeks of at least so many units have a tariff.
    """

    days: int
    first_weekday: int
    limits: tuple[WeekLimits, ...]
    unit_min: int
    labels: tuple[Label, ...]
    max_run: int | None = None
    min_run: int = 1
    min_off: int = 1
    max_nights: int | None = None
    successions: tuple[tuple[int, int], ...] = ()
    max_weekends: int | None = None
    complete_weekends: bool = False
    count_weekends: bool = False
    count_late: bool = False
    weekly_rest: bool = False
    period: tuple[int, int] | None = None
    week_units_from: int | None = None

    def root(
        self, days_before: int = 0, nights: int = 0, kind: int = _NO_KIND, weekends: int = 0, begun: int = 0
    ) -> tuple[int, ...]:
        """State before the first day, of somebody who brings these along."""
        state = [0] * 12
        state[MAY_END] = 1
        if self.max_run is not None:
            state[RUN] = min(days_before, self.max_run)
        if self.min_off > 1 and not days_before:
            state[OFF] = self.min_off  # began before the horizon
        if self.max_nights is not None:
            state[NIGHTS] = min(nights, self.max_nights)
        if self.successions:
            state[KIND] = kind
        if self.max_weekends is not None:
            state[WEEKENDS] = min(weekends, self.max_weekends)
        if self.period is not None:
            state[PERIOD] = begun + 1  # 0: whatever follows keeps the bounds
        return tuple(state)

    def advance(self, day: int, before: np.ndarray, label: Label | None) -> Moves:
        """All states after ``day``; ``label`` ``None`` is a free day. States have the shape ``(states, 12)``."""
        state = before.copy()
        legal = np.ones(len(state), dtype=bool)
        week, weekday = day // 7, (self.first_weekday + day) % 7
        last_of_week = day % 7 == 6 or day == self.days - 1
        if label:
            state[:, WORKED] += 1
            state[:, UNITS] += label.units
        self._week(day, state, legal)
        self._runs(day, before, state, legal, label)
        if self.max_nights is not None:
            state[:, NIGHTS] = state[:, NIGHTS] + 1 if label and label.night else 0
            legal &= state[:, NIGHTS] <= self.max_nights
        if self.successions:
            if label:
                firsts = [first for first, second in self.successions if second == label.kind]
                legal &= ~np.isin(before[:, KIND], firsts)
            state[:, KIND] = label.kind if label else _NO_KIND
        weekend = self._weekend(day, weekday, before, state, legal, label)
        late = np.zeros(len(state), dtype=np.int64)
        if self.count_late and label and label.late:
            state[:, LATE] += 1
            late = state[:, LATE].copy()
        units = np.full(len(state), -1, dtype=np.int64)
        if last_of_week and self.week_units_from is not None:
            units = np.where(state[:, UNITS] >= self.week_units_from, state[:, UNITS], -1)
        tariff = self.tariff_code(week, units, weekend, late)
        rested, rested_legal = self._rest(last_of_week, before, state, legal, label)
        if last_of_week:
            self._period(week, state, legal, rested_legal)
            for table in (state, rested):
                table[:, PERIOD] = state[:, PERIOD]
                table[:, [WORKED, UNITS, LATE]] = 0
        if day == self.days - 1:
            state[:] = 0
            rested[:] = 0
        return Moves(state, legal, rested, rested_legal, tariff)

    def tariff_code(self, week: int, units: np.ndarray, weekend: np.ndarray, late: np.ndarray) -> np.ndarray:
        """One number per combination; 0 costs nothing."""
        named = np.where(units >= 0, units + 1 + week * _MOST_UNITS, 0)
        return (named * _MOST_WEEKENDS + weekend) * 8 + late

    @staticmethod
    def tariff(code: int) -> Tariff:
        """The combination of a code."""
        rest, late = divmod(int(code), 8)
        named, weekend = divmod(rest, _MOST_WEEKENDS)
        if not named:
            return Tariff(0, -1, weekend, late)
        week, units = divmod(named - 1, _MOST_UNITS)
        return Tariff(week, units, weekend, late)

    @property
    def longest(self) -> int:
        """Units of the longest shift."""
        return max((label.units for label in self.labels), default=0)

    def _week(self, day: int, state: np.ndarray, legal: np.ndarray) -> None:
        limit = self.limits[day // 7]
        left = min(self.days, (day // 7 + 1) * 7) - day - 1
        worked, units = state[:, WORKED], state[:, UNITS]
        legal &= (worked <= limit.max_days) & (units * self.unit_min <= limit.max_minutes)
        still = np.minimum(left, limit.max_days - worked)
        legal &= (worked + left >= limit.min_days) & (
            (units + still * self.longest) * self.unit_min >= limit.min_minutes
        )

    def _runs(
        self, day: int, before: np.ndarray, state: np.ndarray, legal: np.ndarray, label: Label | None
    ) -> None:
        counted = max(self.max_run or 0, self.min_run if self.min_run > 1 else 0)
        if label:
            if counted:
                run = before[:, RUN] + 1
                if self.max_run is not None:
                    legal &= run <= self.max_run
                state[:, RUN] = np.minimum(run, counted)
            if self.min_run > 1:
                # A run that touches the first day began outside.
                begins_outside = day == 0
                carried = (before[:, RUN] > 0) & (before[:, MAY_END] == 1)
                state[:, MAY_END] = begins_outside | carried | (state[:, RUN] >= self.min_run)
            if self.min_off > 1:
                if day > 0:
                    legal &= (before[:, OFF] == 0) | (before[:, OFF] >= self.min_off)
                state[:, OFF] = 0
            return
        if self.min_run > 1 and day > 0:
            legal &= before[:, MAY_END] == 1
        state[:, RUN] = 0
        state[:, MAY_END] = 1
        if self.min_off > 1:
            state[:, OFF] = self.min_off if day == 0 else np.minimum(before[:, OFF] + 1, self.min_off)

    def _weekend(
        self,
        day: int,
        weekday: int,
        before: np.ndarray,
        state: np.ndarray,
        legal: np.ndarray,
        label: Label | None,
    ) -> np.ndarray:
        """Update of the weekends; the number of the one that this day begins to work on, 0 for none."""
        found = np.zeros(len(state), dtype=np.int64)
        counts = self.max_weekends is not None or self.count_weekends
        if weekday not in (_SATURDAY, _SUNDAY) or not (counts or self.complete_weekends):
            return found
        with_saturday = weekday == _SUNDAY and day > 0
        fresh = before[:, SATURDAY] == 0 if with_saturday else np.ones(len(state), dtype=bool)
        if self.complete_weekends and with_saturday:
            legal &= ~fresh if label else fresh
        if label and counts:
            state[:, WEEKENDS] += fresh
            if self.count_weekends:
                found = np.where(fresh, state[:, WEEKENDS], 0)
            if self.max_weekends is not None:
                legal &= state[:, WEEKENDS] <= self.max_weekends
        state[:, SATURDAY] = int(weekday == _SATURDAY and label is not None)
        return found

    def _rest(
        self,
        last_of_week: bool,
        before: np.ndarray,
        state: np.ndarray,
        legal: np.ndarray,
        label: Label | None,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Weekly rest; the states that take the rest after this shift as the week's, and whether they may."""
        rested = state.copy()
        if not self.weekly_rest:
            return rested, np.zeros(len(state), dtype=bool)
        had = before[:, REST] == HAD
        rested_legal = legal & ~had if label else np.zeros(len(state), dtype=bool)
        state[:, REST] = np.where(had, HAD, NOT_YET)
        rested[:, REST] = HAD
        if last_of_week:
            if label and label.crossing:
                # The rest after a shift that ends in the next week can only be the next week's.
                rested_legal = legal & had
                state[:, REST] = REACHED_INTO
            else:
                state[:, REST] = NOT_YET
                rested[:, REST] = NOT_YET
            legal &= had
        return rested, rested_legal

    def _period(self, week: int, state: np.ndarray, legal: np.ndarray, rested_legal: np.ndarray) -> None:
        if self.period is None:
            return
        low, high = self.period
        later = self.limits[week + 1 :]
        most = sum(limit.max_minutes // self.unit_min for limit in later)
        least = sum(-(-limit.min_minutes // self.unit_min) for limit in later)
        free = state[:, PERIOD] == 0
        units = state[:, PERIOD] - 1 + state[:, UNITS]
        kept = free | ((units + most >= low) & (units + least <= high))
        legal &= kept
        rested_legal &= kept
        free |= (units + most <= high) & (units + least >= low)
        state[:, PERIOD] = np.where(free, 0, units + 1)
