"""The columns of the regressions: level, weekday, holidays, month, time of year; and their penalties."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.day_matrix import DayMatrix

LEVEL_KNOT_DAYS = 14
MONTH_FROM_DAYS = 84
YEAR_FROM_DAYS = 400

# Penalties count in days: an effect seen on n days keeps n / (n + penalty) of its size.
WEEKDAY_DAYS = 0.1
HOLIDAY_DAYS = 0.3
NEXT_TO_HOLIDAY_DAYS = 2.0
HOLIDAY_WEEK_DAYS = 6.0
WORKING_DAY_DAYS = 4.0
YEAR_DAYS = 20.0
WORKING_DAYS = 3
# The first open day after a closed one also takes contacts that could not come before: about a tenth more.
SPILL_OVER = 0.1


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
    calendar = matrix.calendar
    _, is_open, after_closure = matrix.closures(origin, days)
    level = level_knots(origin, days)
    blocks: list[np.ndarray] = [level]
    stiffness = np.diff(np.eye(level.shape[1]), axis=0)
    penalties: list[np.ndarray] = [
        level_stiffness_days * stiffness.T @ stiffness + 1e-6 * np.eye(level.shape[1])
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
    if after_closure.any():
        add("holiday", after_closure[:end, None], NEXT_TO_HOLIDAY_DAYS)
    if month_days and origin >= MONTH_FROM_DAYS:
        add("month_day", calendar.day_of_month[:end, None] == np.arange(1, 32), month_day_days)
        add("month_day", calendar.days_to_month_end[:end, None] == np.arange(3), month_day_days)
        from_start, to_end = _working_days(matrix, is_open)
        number = np.arange(1, WORKING_DAYS + 1)
        add("month_day", from_start[:end, None] == number, WORKING_DAY_DAYS)
        add("month_day", to_end[:end, None] == number, WORKING_DAY_DAYS)
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
    return Terms(columns, penalty, tuple(groups), SPILL_OVER * after_closure[:end])


def level_knots(origin: int, days: int) -> np.ndarray:
    """Hat functions every 14 days back from the origin, shape ``(origin + days, knots)``; flat after it."""
    back = np.minimum(np.arange(origin + days) - (origin - 1), 0) / -LEVEL_KNOT_DAYS
    knots = np.arange(int(np.ceil(back.max())) + 1)
    return np.maximum(0.0, 1.0 - np.abs(back[:, None] - knots))


def _working_days(matrix: DayMatrix, is_open: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number of each open day in its month, from the first and from the last open day; 0 if not known."""
    calendar, known = matrix.calendar, len(is_open)
    from_start, to_end = np.zeros(known, dtype=int), np.zeros(known, dtype=int)
    month = calendar.days[:known].astype("datetime64[M]").astype(int)
    borders = np.flatnonzero(np.diff(month)) + 1
    for days in np.split(np.arange(known), borders):
        opened = days[is_open[days]]
        if calendar.day_of_month[days[0]] == 1:
            from_start[opened] = np.arange(1, len(opened) + 1)
        if calendar.days_to_month_end[days[-1]] == 0:
            to_end[opened[::-1]] = np.arange(1, len(opened) + 1)
    return from_start, to_end
