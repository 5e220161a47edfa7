"""The columns of the regressions: level, weekday, holidays, month, time of year; and their penalties."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np

from forecasts.calendars import DayCalendar
from forecasts.day_matrix import DayMatrix

LEVEL_KNOT_DAYS = 14
MONTH_FROM_DAYS = 84
YEAR_FROM_DAYS = 400

# Penalties count in days: an effect seen on n days keeps n / (n + penalty) of its size.
WEEKDAY_DAYS = 0.1
HOLIDAY_DAYS = 0.2
NEXT_TO_HOLIDAY_DAYS = 2.0
FESTIVAL_DAYS = 2.0
HOLIDAY_WEEK_DAYS = 6.0
# Of the first wave through the month; that of the k-th is k² times as large.
MONTH_WAVE_DAYS = 2.0
MONTH_WAVES = 3
WORKING_DAY_DAYS = 4.0
YEAR_DAYS = 20.0
WORKING_DAYS = 3
# The first open day after a closed one also takes contacts that could not come before: some more.
SPILL_OVER = 0.05


@dataclass(frozen=True, eq=False)
class Terms:
    """Design matrix of history and horizon.

    Attributes
    ----------
    columns
        Shape ``(origin + days, terms)``.
    penalty
        Symmetric, >= 0, shape ``(terms, terms)``, in days of evidence.
    groups
        What each column stands for: ``level``, ``weekday``, ``holiday``, ``month_day`` or ``year``.
    expected
        Relative effect expected before any evidence, shape ``(origin + days,)``; the columns measure what
        departs from it.
    """

    columns: np.ndarray
    penalty: np.ndarray
    groups: tuple[str, ...]
    expected: np.ndarray

    @property
    def level(self) -> np.ndarray:
        """Which columns carry the level, bool, shape ``(terms,)``."""
        return np.array([group == "level" for group in self.groups])


@dataclass(frozen=True, eq=False)
class CalendarTerms:
    """Columns that the calendar alone decides, shape ``(days, terms)``, with the group and penalty of each."""

    columns: np.ndarray
    groups: np.ndarray
    penalty_days: np.ndarray


OPENNESS_GROUPS = np.array(["holiday"] + ["month_day"] * (2 * WORKING_DAYS))
OPENNESS_DAYS = np.array([NEXT_TO_HOLIDAY_DAYS] + [WORKING_DAY_DAYS] * (2 * WORKING_DAYS))


@lru_cache(maxsize=32)
def calendar_terms(calendar: DayCalendar, month_day_days: float) -> CalendarTerms:
    """Weekday, holidays, day of month and time of year of all days of a calendar; shared by all queues on it."""
    blocks: list[np.ndarray] = []
    groups: list[str] = []
    penalties: list[float] = []

    def add(group: str, columns: np.ndarray, days: float) -> None:
        blocks.append(columns.astype(float))
        groups.extend([group] * columns.shape[1])
        penalties.extend([days] * columns.shape[1])

    add("weekday", calendar.weekday[:, None] == np.arange(7), WEEKDAY_DAYS)
    if calendar.is_holiday.any():
        add("holiday", calendar.is_holiday[:, None], HOLIDAY_DAYS)
        names, number = np.unique(calendar.holiday, return_inverse=True)
        add("holiday", (number[:, None] == np.arange(len(names)))[:, names != ""], NEXT_TO_HOLIDAY_DAYS)
        beside = np.column_stack([calendar.before, calendar.after, calendar.bridge])
        add("holiday", beside, NEXT_TO_HOLIDAY_DAYS)
        add("holiday", calendar.holiday_week[:, None], HOLIDAY_WEEK_DAYS)
        if calendar.festival.any():
            add("holiday", calendar.festival[:, None], FESTIVAL_DAYS)
    add("month_day", calendar.day_of_month[:, None] == np.arange(1, 32), month_day_days)
    add("month_day", calendar.days_to_month_end[:, None] == np.arange(3), month_day_days)
    # Smooth through the month first: a single day is rarely seen, its neighbours tell about it.
    month_fraction = (calendar.day_of_month - 0.5) / (calendar.day_of_month + calendar.days_to_month_end)
    for wave in range(1, MONTH_WAVES + 1):
        angle = 2 * np.pi * wave * month_fraction[:, None]
        add("month_day", np.hstack([np.cos(angle), np.sin(angle)]), wave**2 * MONTH_WAVE_DAYS)
    angle = 2 * np.pi * calendar.year_fraction[:, None] * np.arange(1, 4)
    add("year", np.hstack([np.cos(angle), np.sin(angle)]), YEAR_DAYS)
    from_new_year = np.minimum(calendar.year_fraction, 1 - calendar.year_fraction) * 365
    add("year", np.column_stack([from_new_year <= 4, from_new_year <= 11]), NEXT_TO_HOLIDAY_DAYS)
    return CalendarTerms(np.hstack(blocks), np.array(groups), np.array(penalties))


def openness_columns(matrix: DayMatrix, origin: int, days: int) -> np.ndarray:
    """First open day after a closure, first and last three working days of the month, ``(origin + days, 7)``.

    They depend on the origin: what is history was open if it had contacts, what is not if opening hours say so.
    """
    key = ("openness", origin, days)
    return cast(np.ndarray, matrix.remember(key, lambda: _openness_columns(matrix, origin, days)))


def _openness_columns(matrix: DayMatrix, origin: int, days: int) -> np.ndarray:
    _, is_open, after_closure = matrix.closures(origin, days)
    from_start, to_end = _working_days(matrix, is_open)
    number = np.arange(1, WORKING_DAYS + 1)
    columns = np.column_stack(
        [after_closure, from_start[:, None] == number, to_end[:, None] == number]
    ).astype(float)
    return columns[: origin + days]


def groups_allowed(origin: int, month_days: bool) -> tuple[str, ...]:
    """Groups of calendar terms that so long a history can teach."""
    groups: tuple[str, ...] = ("weekday", "holiday")
    if month_days and origin >= MONTH_FROM_DAYS:
        groups += ("month_day",)
    if origin >= YEAR_FROM_DAYS:
        groups += ("year",)
    return groups


def terms(
    matrix: DayMatrix,
    origin: int,
    days: int,
    month_days: bool,
    seen: np.ndarray,
    level_stiffness_days: float,
    month_day_days: float,
) -> Terms:
    """Columns for the ``origin`` days of history and the ``days`` after them.

    Parameters
    ----------
    month_days
        Whether the day of the month may matter; used from 12 weeks of history on.
    seen
        Days of history with contacts, bool, shape ``(origin,)``: an effect never seen gets no column.
    level_stiffness_days, month_day_days
        Penalties of a bend of the level and of a day of the month, in days of evidence, > 0.
    """
    end = origin + days
    fixed = calendar_terms(matrix.calendar, month_day_days)
    openness = openness_columns(matrix, origin, days)
    columns = np.hstack([fixed.columns[:end], openness])
    groups = np.concatenate([fixed.groups, OPENNESS_GROUPS])
    weights = np.concatenate([fixed.penalty_days, OPENNESS_DAYS])
    used = (columns[:origin][seen] != 0).any(axis=0) & np.isin(groups, groups_allowed(origin, month_days))
    level = level_knots(origin, days)
    penalty = np.zeros((level.shape[1] + used.sum(),) * 2)
    penalty[: level.shape[1], : level.shape[1]] = level_penalty(level.shape[1], level_stiffness_days)
    penalty[level.shape[1] :, level.shape[1] :] = np.diag(weights[used])
    return Terms(
        np.hstack([level, columns[:, used]]),
        penalty,
        (*["level"] * level.shape[1], *groups[used].tolist()),
        SPILL_OVER * openness[:, 0],
    )


def level_penalty(knots: int, stiffness_days: float) -> np.ndarray:
    """Penalty of the bends between neighbouring knots, shape ``(knots, knots)``."""
    bends = np.diff(np.eye(knots), axis=0)
    return np.asarray(stiffness_days * bends.T @ bends + 1e-6 * np.eye(knots))


def level_knots(origin: int, days: int) -> np.ndarray:
    """Hat functions every 14 days back from the origin, shape ``(origin + days, knots)``; flat after it."""
    back = np.minimum(np.arange(origin + days) - (origin - 1), 0) / -LEVEL_KNOT_DAYS
    knots = np.arange(int(np.ceil(back.max())) + 1)
    return np.maximum(0.0, 1.0 - np.abs(back[:, None] - knots))


def _working_days(matrix: DayMatrix, is_open: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number of each open day in its month, from the first and from the last open day; 0 if not known."""
    calendar, known = matrix.calendar, len(is_open)
    month = calendar.days[:known].astype("datetime64[M]").astype(int)
    first = np.flatnonzero(np.diff(month, prepend=month[:1] - 1))
    last = np.append(first[1:], known) - 1
    opened = np.concatenate([[0], np.cumsum(is_open)])
    month -= month[0]
    whole_start = calendar.day_of_month[first] == 1
    whole_end = calendar.days_to_month_end[last] == 0
    from_start = np.where(is_open & whole_start[month], opened[1:] - opened[first][month], 0)
    to_end = np.where(is_open & whole_end[month], opened[last + 1][month] - opened[:-1], 0)
    return from_start, to_end
