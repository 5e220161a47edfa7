"""The columns of the regressions: level, weekday, holidays, day of month, time of year; and their penalties."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.calendars import DayCalendar

LEVEL_KNOT_DAYS = 14
MONTH_FROM_DAYS = 84
YEAR_FROM_DAYS = 400

# Penalties count in days: an effect seen on n days keeps n / (n + penalty) of its size.
WEEKDAY_DAYS = 0.5
HOLIDAY_DAYS = 1.0
NEXT_TO_HOLIDAY_DAYS = 2.0
HOLIDAY_WEEK_DAYS = 6.0
MONTH_DAY_DAYS = 6.0
YEAR_DAYS = 20.0
LEVEL_STIFFNESS_DAYS = 6.0


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
    """

    columns: np.ndarray
    penalty: np.ndarray
    groups: tuple[str, ...]

    @property
    def level(self) -> np.ndarray:
        """Which columns carry the level, bool, shape ``(terms,)``."""
        return np.array([group == "level" for group in self.groups])


def terms(calendar: DayCalendar, origin: int, days: int, month_days: bool, seen: np.ndarray) -> Terms:
    """Columns for the ``origin`` days of history and the ``days`` after them.

    Parameters
    ----------
    month_days
        Whether the day of the month may matter; used from 12 weeks of history on.
    seen
        Days of history with contacts, bool, shape ``(origin,)``: an effect never seen gets no column.
    """
    end = origin + days
    level = level_knots(origin, days)
    blocks: list[np.ndarray] = [level]
    stiffness = np.diff(np.eye(level.shape[1]), axis=0)
    penalties: list[np.ndarray] = [
        LEVEL_STIFFNESS_DAYS * stiffness.T @ stiffness + 1e-6 * np.eye(level.shape[1])
    ]

    groups = ["level"] * level.shape[1]

    def add(group: str, columns: np.ndarray, weight: float) -> None:
        columns = columns[:, (columns[:origin][seen] != 0).any(axis=0)]
        if columns.shape[1]:
            groups.extend([group] * columns.shape[1])
            blocks.append(columns)
            penalties.append(weight * np.eye(columns.shape[1]))

    weekday = calendar.weekday[:end]
    add("weekday", weekday[:, None] == np.arange(7), WEEKDAY_DAYS)
    if calendar.is_holiday[:end].any():
        add("holiday", calendar.is_holiday[:end, None], HOLIDAY_DAYS)
        names = np.unique(calendar.holiday[:end][calendar.is_holiday[:end]])
        add("holiday", calendar.holiday[:end, None] == names, NEXT_TO_HOLIDAY_DAYS)
        beside = np.column_stack([calendar.before[:end], calendar.after[:end], calendar.bridge[:end]])
        add("holiday", beside, NEXT_TO_HOLIDAY_DAYS)
        add("holiday", calendar.holiday_week[:end, None], HOLIDAY_WEEK_DAYS)
    if month_days and origin >= MONTH_FROM_DAYS:
        add("month_day", calendar.day_of_month[:end, None] == np.arange(1, 32), MONTH_DAY_DAYS)
        add("month_day", calendar.days_to_month_end[:end, None] == np.arange(3), MONTH_DAY_DAYS)
    if origin >= YEAR_FROM_DAYS:
        angle = 2 * np.pi * calendar.year_fraction[:end, None] * np.arange(1, 4)
        add("year", np.hstack([np.cos(angle), np.sin(angle)]), YEAR_DAYS)
        from_new_year = np.minimum(calendar.year_fraction[:end], 1 - calendar.year_fraction[:end]) * 365
        add("year", np.column_stack([from_new_year <= 4, from_new_year <= 11]), NEXT_TO_HOLIDAY_DAYS)

    columns = np.hstack([block.astype(float) for block in blocks])
    penalty = np.zeros((columns.shape[1], columns.shape[1]))
    at = 0
    for block in penalties:
        penalty[at : at + len(block), at : at + len(block)] = block
        at += len(block)
    return Terms(columns, penalty, tuple(groups))


def level_knots(origin: int, days: int) -> np.ndarray:
    """Hat functions every 14 days back from the origin, shape ``(origin + days, knots)``; flat after it."""
    back = np.minimum(np.arange(origin + days) - (origin - 1), 0) / -LEVEL_KNOT_DAYS
    knots = np.arange(int(np.ceil(back.max())) + 1)
    return np.maximum(0.0, 1.0 - np.abs(back[:, None] - knots))
