"""What every forecast needs first: a regular, clean history up to the first day wanted, and the days after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, tzinfo

import numpy as np
import pandas as pd

from forecasts.calendars import calendar
from forecasts.cleaning import Cleaned, clean_regular
from forecasts.day_matrix import MARGIN_DAYS, DayMatrix, with_horizon
from forecasts.errors import ForecastError
from forecasts.grid import local_midnight, regular
from forecasts.opening_hours import OpeningHours

SURE_HOLIDAYS = 5


@dataclass(frozen=True, eq=False)
class Prepared:
    """A history ready to be forecast from.

    Attributes
    ----------
    matrix
        History, horizon and a week more.
    history_days
        Rows of the matrix that are history.
    skip
        Days between the end of the history and the first day wanted.
    cleaned
        The history with its findings.
    zone
        Of the history's times; None for naive local time.
    notes
        What was assumed.
    """

    matrix: DayMatrix
    history_days: int
    skip: int
    cleaned: Cleaned
    zone: tzinfo | None
    notes: tuple[str, ...]


def prepare(
    contacts: pd.Series,
    days: int,
    *,
    country: str | None,
    subdivision: str | None,
    opening_hours: OpeningHours | None,
    exclusions: pd.DataFrame | None,
    start: str | date | pd.Timestamp | None,
    used_days: int,
    most_days: int,
) -> Prepared:
    """Cut, clean and extend a history.

    Parameters
    ----------
    days
        Days to forecast from ``start`` or from the end of the history.
    used_days
        Days of history at most.
    most_days
        Days from the end of the history to that of the forecast, at most.

    Raises
    ------
    ForecastError
        See :func:`forecasts.forecast`.
    """
    series = regular(contacts)
    series, skip = _before(series, start)
    if skip + days > most_days:
        raise ForecastError(
            f"a start at most {most_days - days} days after the history expected, got {skip} days after it"
        )
    if np.isnan(series.to_numpy()).all():
        raise ForecastError("at least one recorded interval expected, got missing values only")
    series = _recent(series, used_days)
    notes: list[str] = []
    if not (series.to_numpy() > 0).any():
        notes.append("the history holds no contacts at all: zero is forecast and cannot be trusted")
        opening_hours = opening_hours or OpeningHours.always()
    cleaned = clean_regular(series, opening_hours, country, subdivision, exclusions)
    hours = cleaned.opening_hours
    if opening_hours is None:
        hours, closed_note = _holiday_closures(cleaned, skip + days + MARGIN_DAYS, country, subdivision)
        notes += closed_note
    history_days = len(cleaned.matrix)
    matrix = with_horizon(cleaned.matrix, skip + days, hours, country, subdivision)
    return Prepared(matrix, history_days, skip, cleaned, pd.DatetimeIndex(series.index).tz, tuple(notes))


def _before(series: pd.Series, start: str | date | pd.Timestamp | None) -> tuple[pd.Series, int]:
    """History before ``start``, and the days between its end and ``start``."""
    index = pd.DatetimeIndex(series.index)
    after = pd.Timestamp(index[-1].date()) + pd.Timedelta(days=1)
    if start is None:
        return series, 0
    try:
        first = pd.Timestamp(start)
    except (ValueError, TypeError):
        raise ForecastError(f"a local day as start expected, got {start!r}") from None
    if first is pd.NaT:
        raise ForecastError("a local day as start expected, got a missing one")
    if first.tzinfo is not None and index.tz is not None:
        first = first.tz_convert(index.tz)
    first = first.tz_localize(None).normalize()
    if first >= after:
        return series, (first - after).days
    kept = series[index < local_midnight(str(first.date()), index.tz)]
    if kept.empty:
        raise ForecastError(
            f"a start after the first day of history ({index[0].date()}) expected, got {first.date()}"
        )
    return kept, 0


def _recent(series: pd.Series, used_days: int) -> pd.Series:
    """The used part of the history: from the first recorded day, at most ``used_days`` back from its end."""
    index = pd.DatetimeIndex(series.index)
    recorded = int(np.argmax(series.notna().to_numpy()))
    first = max(
        index[recorded].date(),
        (pd.Timestamp(index[-1].date()) - pd.Timedelta(days=used_days - 1)).date(),
    )
    return series[index >= local_midnight(str(first), index.tz)]


def _holiday_closures(
    cleaned: Cleaned, horizon: int, country: str | None, subdivision: str | None
) -> tuple[OpeningHours, list[str]]:
    """Opening hours with the future holidays closed that past holidays let expect.

    A holiday is closed if it was closed when it last came by its name, or, at its first time, if every one of
    at least five past holidays was: no staff on an open day costs more than staff planned for a closed one.
    """
    matrix, hours = cleaned.matrix, cleaned.opening_hours
    history = len(matrix)
    features = calendar(matrix.calendar.days[0], history + horizon, country, subdivision)
    past = np.flatnonzero(features.is_holiday[:history] & matrix.open.any(axis=1))
    closed = np.asarray(np.nan_to_num(matrix.contacts).sum(axis=1) == 0)
    usually_open = np.asarray(hours.week(matrix.interval_min).any(axis=1))
    always = len(past) >= SURE_HOLIDAYS and bool(closed[past].all())
    shut: list[np.datetime64] = []
    doubtful: list[np.datetime64] = []
    for row in np.flatnonzero(features.is_holiday[history:]) + history:
        if not usually_open[features.weekday[row]]:
            continue
        same = past[features.holiday[past] == features.holiday[row]]
        if closed[same[-1]] if len(same) else always:
            shut.append(features.days[row])
        elif len(same) == 0 and closed[past].any():
            doubtful.append(features.days[row])
    notes = []
    if shut:
        notes.append(f"closed on public holidays, as on past ones: {', '.join(map(str, shut))}")
    if doubtful:
        notes.append(
            f"assumed open on public holidays that the history has not seen: {', '.join(map(str, doubtful))}; "
            "give closed_days in the opening hours if that is wrong"
        )
    closed_days = frozenset(pd.Timestamp(day).date() for day in shut)
    return replace(hours, closed_days=hours.closed_days | closed_days), notes
