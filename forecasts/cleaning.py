"""What a history hides: gaps, closed hours, outages, outliers, clock changes. Marked, never deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd

from forecasts.calendars import calendar
from forecasts.day_matrix import DayMatrix, cells, first_day, matrix_of
from forecasts.exclusions import exclusion_masks
from forecasts.grid import elapsed_ns, regular, step_of
from forecasts.level_shifts import level_shifts
from forecasts.medians import known_median, rolling_median
from forecasts.opening_hours import DAY_MIN, OpeningHours

OUTAGE_SHARE = 0.05
OUTAGE_CONTACTS = 30.0
CLOSED_DAY_CONTACTS = 20.0
OUTLIER_SCALES = 6.0
OUTLIER_ROOTS = 4.0
UNUSUAL_SCALES = 4.0
UNUSUAL_SHARE = 0.25
NEARBY_WEEKS = 9
DETAILS = 5
WORDS = ("", "closed", "gap", "outage", "closed day", "outlier", "excluded")
USED, CLOSED, GAP, OUTAGE, CLOSED_DAY, OUTLIER, EXCLUDED = range(len(WORDS))


@dataclass(frozen=True, eq=False)
class Cleaned:
    """A history with its findings.

    Attributes
    ----------
    series
        The regular history; NaN where missing, closed or marked as not representative.
    recorded
        Contacts of each interval as they were recorded, NaN where nothing was.
    kind
        Place of each interval's mark in :data:`WORDS`.
    unusual
        Days whose total is unusual, bool, shape ``(days,)``.
    opening_hours
        Given or learned.
    matrix
        The same history by day and interval, marks left out.
    tell
        Puts the findings into words, when they are asked for.
    """

    series: pd.Series
    recorded: np.ndarray
    kind: np.ndarray
    unusual: np.ndarray
    opening_hours: OpeningHours
    matrix: DayMatrix
    tell: Callable[[], pd.DataFrame]

    @cached_property
    def marks(self) -> pd.Series:
        """Word of each interval: ``""`` used as it is, ``closed``, ``gap``, ``outage``, ``closed day``, ``outlier`` or,
        by a person's word, ``excluded``."""
        return pd.Series(np.array(WORDS, dtype=object)[self.kind], index=self.series.index, name="mark")

    @cached_property
    def findings(self) -> pd.DataFrame:
        """DataFrame(finding, count, detail): one row per kind of finding that occurred."""
        return self.tell()


def clean(
    contacts: pd.Series,
    opening_hours: OpeningHours | None = None,
    country: str | None = None,
    subdivision: str | None = None,
    exclusions: pd.DataFrame | None = None,
) -> Cleaned:
    """Mark what is not ordinary business in a history.

    Parameters
    ----------
    contacts
        Counts by interval start; made regular first.
    opening_hours
        Learned from the history if omitted.
    country, subdivision
        For public holidays.
    exclusions
        Stretches that a person excludes or keeps (see :func:`forecasts.exclusions.exclusion_masks`).

    Notes
    -----
    *Outage*: consecutive open intervals at or below 5 % of the median of the nearest same weekdays, where that
    median promised at least 30 contacts. *Closed day*: a whole day like that. *Outlier*: one interval
    that departs from its own day's level by 6 robust scales and by 4 on the square-root scale. *Unusual
    day*: a day total beyond 4 robust scales and 25 %; it stays in and the models give it less weight.
    *Level shift*: see :func:`forecasts.level_shifts.level_shifts`; the models follow it.
    """
    return clean_regular(regular(contacts), opening_hours, country, subdivision, exclusions)


def clean_regular(
    series: pd.Series,
    opening_hours: OpeningHours | None = None,
    country: str | None = None,
    subdivision: str | None = None,
    exclusions: pd.DataFrame | None = None,
) -> Cleaned:
    """:func:`clean` of what :func:`forecasts.history.regular` made of a history."""
    index = pd.DatetimeIndex(series.index)
    values = series.to_numpy()
    interval_min = step_of(index)
    first = first_day(index)
    cell = cells(index, first, interval_min)
    features = calendar(first, int(cell[-1]) // (DAY_MIN // interval_min) + 1, country, subdivision)
    contacts = matrix_of(values, cell, len(features), DAY_MIN // interval_min)
    learned = opening_hours is None
    if opening_hours is None:
        hours = OpeningHours.learn_regular(values, cell, features.weekday, interval_min)
    else:
        hours = opening_hours
    is_open = hours.day_mask(features.days, interval_min)
    matrix = DayMatrix(np.where(is_open, contacts, np.nan), is_open, features, interval_min)
    recorded = ~np.isnan(matrix.contacts)
    excluded = kept = np.zeros(recorded.shape, dtype=bool)
    if exclusions is not None:
        excluded, kept = exclusion_masks(exclusions, matrix)
        matrix = matrix.with_contacts(np.where(excluded, np.nan, matrix.contacts))
    expected = nearby_median(matrix)
    outage, closed_day = _outages(matrix, expected)
    outage &= ~kept
    closed_day &= ~kept.any(axis=1)
    usable = np.where(outage | closed_day[:, None], np.nan, matrix.contacts)
    outlier, ratio = _outliers(matrix, usable, expected)
    outlier &= ~kept
    usable = np.where(outlier, np.nan, usable)
    unusual = _unusual_days(ratio, matrix)

    unknown = np.isnan(values)
    kind = np.where(unknown, np.int8(GAP), np.int8(USED))
    kind[outage.reshape(-1)[cell] & ~unknown] = OUTAGE
    kind[closed_day[cell // matrix.slots]] = CLOSED_DAY
    kind[outlier.reshape(-1)[cell] & ~unknown] = OUTLIER
    kind[(excluded & recorded).reshape(-1)[cell] & ~unknown] = EXCLUDED
    kind[~matrix.open.reshape(-1)[cell]] = CLOSED
    usual = matrix.with_contacts(usable)
    # A copy of the matrix: what models remember of theirs need not be kept for the telling.
    told = partial(_findings, kind, index, matrix.with_contacts(usable), closed_day, unusual, values, learned)
    kept_values = pd.Series(np.where(kind == USED, values, np.nan), index=index, name=series.name)
    return Cleaned(kept_values, values, kind, unusual, hours, usual, told)


def nearby_median(matrix: DayMatrix) -> np.ndarray:
    """Median of the nine nearest ordinary same weekdays, shape ``(days, slots)``; NaN where nothing is known."""
    ordinary = np.where(matrix.calendar.special[:, None], np.nan, matrix.contacts)
    expected = np.full(ordinary.shape, np.nan)
    for weekday in range(7):
        rows = np.flatnonzero(matrix.calendar.weekday == weekday)
        if len(rows) == 0:
            continue
        open_slots = np.flatnonzero(~np.isnan(ordinary[rows]).all(axis=0))
        expected[np.ix_(rows, open_slots)] = rolling_median(ordinary[np.ix_(rows, open_slots)], NEARBY_WEEKS)
    return expected


def _outages(matrix: DayMatrix, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    contacts = matrix.contacts
    known = ~np.isnan(contacts) & ~np.isnan(expected)
    promised = np.where(known, expected, 0.0)
    got = np.where(known, contacts, 0.0)
    total, total_promised = got.sum(axis=1), promised.sum(axis=1)
    around_holiday = matrix.calendar.is_holiday | matrix.calendar.before | matrix.calendar.after
    share = np.where(around_holiday, 0.0, OUTAGE_SHARE)
    closed_day = (total <= share * total_promised) & (total_promised >= CLOSED_DAY_CONTACTS)

    dead = known & (got <= OUTAGE_SHARE * promised) & (promised > 0) & ~around_holiday[:, None]
    outage = np.zeros_like(dead)
    flat, weight = dead.reshape(-1), promised.reshape(-1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flat.astype(np.int8), [0]])))
    begin, end = edges[::2], edges[1::2]
    sums = np.concatenate([[0.0], np.cumsum(weight)])
    for a, b in zip(begin, end, strict=True):
        if sums[b] - sums[a] >= OUTAGE_CONTACTS:
            outage.reshape(-1)[a:b] = True
    return outage & ~closed_day[:, None], closed_day


def _outliers(matrix: DayMatrix, usable: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    known = ~np.isnan(usable) & ~np.isnan(expected)
    got, promised = np.where(known, usable, 0.0), np.where(known, expected, 0.0)
    total = promised.sum(axis=1)
    ratio = np.divide(got.sum(axis=1), total, out=np.full(len(got), np.nan), where=total > 0)
    level = np.nan_to_num(ratio, nan=1.0)
    # A single spike must not lift the level of its own day: the day's ratio without its extremes.
    cellwise = np.divide(got, promised, out=np.full(got.shape, np.nan), where=promised >= 1)
    typical = known_median(cellwise)
    level = np.where(np.isnan(typical), level, typical)
    residual = np.sqrt(got + 0.25) - np.sqrt(level[:, None] * promised + 0.25)
    ordinary = known & ~matrix.calendar.special[:, None]
    if not ordinary.any():
        return np.zeros_like(known), ratio
    scale = 1.4826 * np.median(np.abs(residual[ordinary]))
    return known & (np.abs(residual) > max(OUTLIER_SCALES * scale, OUTLIER_ROOTS)) & ordinary, ratio


def _unusual_days(ratio: np.ndarray, matrix: DayMatrix) -> np.ndarray:
    known = ~np.isnan(ratio) & (ratio > 0)
    if not known.any():
        return np.zeros(len(ratio), dtype=bool)
    log_ratio = np.where(known, np.log(np.where(known, ratio, 1.0)), 0.0)
    scale = 1.4826 * np.median(np.abs(log_ratio[known]))
    far = np.abs(log_ratio) > max(UNUSUAL_SCALES * scale, np.log(1 + UNUSUAL_SHARE))
    return known & far & ~matrix.calendar.special


def _findings(
    kind: np.ndarray,
    index: pd.DatetimeIndex,
    matrix: DayMatrix,
    closed_day: np.ndarray,
    unusual: np.ndarray,
    values: np.ndarray,
    learned: bool,
) -> pd.DataFrame:
    days = matrix.calendar.days
    rows: list[tuple[str, int, str]] = []

    def times(mark: int) -> None:
        where = np.flatnonzero(kind == mark)
        if len(where):
            starts = where[np.concatenate([[True], np.diff(where) > 1])]
            rows.append(
                (f"{WORDS[mark]} intervals", len(where), _list(index[starts].strftime("%Y-%m-%d %H:%M")))
            )

    times(GAP)
    closed = int((kind == CLOSED).sum())
    if closed:
        rows.append(
            ("closed intervals", closed, "opening hours learned" if learned else "opening hours given")
        )
        stray = np.where(kind == CLOSED, np.nan_to_num(values), 0.0)
        if stray.any():
            detail = f"{stray.sum():g} contacts left out"
            rows.append(("contacts outside opening hours", int((stray > 0).sum()), detail))
    times(OUTAGE)
    if closed_day.any():
        rows.append(("closed days", int(closed_day.sum()), _list(days[closed_day].astype(str))))
    times(OUTLIER)
    times(EXCLUDED)
    shifts = level_shifts(matrix)
    if shifts:
        told = [f"{shift.share:+.0%} from {shift.day}" for shift in shifts]
        rows.append(("level shifts", len(shifts), _list(told)))
    if unusual.any():
        rows.append(("unusual days", int(unusual.sum()), _list(days[unusual].astype(str))))
    holiday = matrix.calendar.is_holiday
    if holiday.any():
        named = [
            f"{day} {name}"
            for day, name in zip(days[holiday].astype(str), matrix.calendar.holiday[holiday], strict=True)
        ]
        rows.append(("holidays", int(holiday.sum()), _list(named)))
    if index.tz is not None:
        shift = (
            np.diff(elapsed_ns(index.tz_localize(None)) - elapsed_ns(index))
            if len(index) > 1
            else np.zeros(0)
        )
        changed = index[1:][shift != 0]
        if len(changed):
            rows.append(("clock changes", len(changed), _list(changed.strftime("%Y-%m-%d"))))
    return pd.DataFrame(rows, columns=["finding", "count", "detail"])


def _list(items: object) -> str:
    texts = [str(item) for item in items]  # type: ignore[attr-defined]
    more = f", and {len(texts) - DETAILS} more" if len(texts) > DETAILS else ""
    return ", ".join(texts[:DETAILS]) + more
