"""From a history to a forecast: clean, choose, predict, say how sure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from forecasts.calendars import calendar
from forecasts.cleaning import Cleaned, clean
from forecasts.day_matrix import MARGIN_DAYS, unfold, with_horizon
from forecasts.errors import ForecastError
from forecasts.events import event_factors
from forecasts.explanation import daily_effects
from forecasts.grid import local_midnight, regular
from forecasts.models import MODELS
from forecasts.opening_hours import OpeningHours
from forecasts.result import Forecast
from forecasts.selection import choose

MAX_DAYS = 400
# Older days cost time and have not been seen to help: three years hold every date three times.
USED_HISTORY_DAYS = 1096
SURE_HOLIDAYS = 5


def forecast(
    contacts: pd.Series,
    days: int = 14,
    *,
    country: str | None = None,
    subdivision: str | None = None,
    events: pd.DataFrame | None = None,
    opening_hours: OpeningHours | None = None,
    seed: int = 0,
    start: str | date | pd.Timestamp | None = None,
) -> Forecast:
    """Forecast the contacts of one queue.

    Parameters
    ----------
    contacts
        Counts >= 0 by interval start on a regular grid of 5, 10, 15, 20, 30 or 60 minutes, zone-aware or naive
        local time. NaN and absent rows are missing or closed, never zero.
    days
        Local days to forecast, 1 … 400.
    country, subdivision
        Of the public holidays (ISO 3166 codes); none if omitted.
    events
        Columns name, start, end, uplift (see :func:`forecasts.events.event_factors`).
    opening_hours
        Learned from the last 13 weeks if omitted; a future holiday is then closed if past ones were.
    seed
        Of the sample paths.
    start
        First local day of the forecast; the day after the history if omitted. History from ``start`` on
        is not looked at.

    Returns
    -------
    Forecast of whole local days in the zone of the history.

    Raises
    ------
    ForecastError
        A history that cannot be used, an unknown country, a horizon outside 1 … 400 days.
    """
    if isinstance(days, bool) or not isinstance(days, (int, np.integer)) or not 1 <= days <= MAX_DAYS:
        raise ForecastError(f"a horizon of 1 to {MAX_DAYS} whole days expected, got {days}")
    series = regular(contacts)
    series, skip = _before(series, start)
    horizon = skip + int(days)
    if horizon > MAX_DAYS:
        raise ForecastError(
            f"a start at most {MAX_DAYS - days} days after the history expected, got {skip} days after it"
        )
    values = series.to_numpy()
    if np.isnan(values).all():
        raise ForecastError("at least one recorded interval expected, got missing values only")
    series = _recent(series)
    notes: list[str] = []
    if not (series.to_numpy() > 0).any():
        notes.append("the history holds no contacts at all: zero is forecast and cannot be trusted")
        opening_hours = opening_hours or OpeningHours.always()
    cleaned = clean(series, opening_hours, country, subdivision)
    hours = cleaned.opening_hours
    if opening_hours is None:
        hours, closed_note = _holiday_closures(cleaned, horizon + MARGIN_DAYS, country, subdivision)
        notes += closed_note
    history_days = len(cleaned.matrix)
    matrix = with_horizon(cleaned.matrix, horizon, hours, country, subdivision)
    factors = np.ones(matrix.open.shape)
    if events is not None:
        factors, event_notes = event_factors(events, matrix, history_days)
        notes += event_notes
        matrix = matrix.with_contacts(matrix.contacts / factors)

    choice = choose(matrix, history_days, horizon)
    answers = [MODELS[name](matrix, history_days, horizon) for name in choice.members]
    mean = (
        np.mean([answer.contacts for answer in answers], axis=0)
        * factors[history_days : history_days + horizon]
    )
    for answer in answers:
        notes += answer.notes
    mean = np.where(matrix.open[history_days : history_days + horizon], mean, 0.0)[skip:]
    is_open = matrix.open[history_days + skip : history_days + horizon]
    first = matrix.calendar.days[history_days + skip]
    zone = pd.DatetimeIndex(series.index).tz
    index, flat = unfold(mean, first, matrix.interval_min, zone)
    _, flat_open = unfold(is_open, first, matrix.interval_min, zone)
    effects = daily_effects(matrix, history_days, horizon, factors, mean, skip)
    return Forecast(
        mean=pd.Series(flat, index=index, name="contacts"),
        open=pd.Series(flat_open, index=index, name="open"),
        model=choice.model,
        members=choice.members,
        reason=choice.reason,
        backtest=choice.table,
        findings=cleaned.findings,
        spread=choice.spread,
        notes=tuple(dict.fromkeys([*notes, *choice.notes])),
        effects=effects,
        seed=seed,
    )


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


def _recent(series: pd.Series) -> pd.Series:
    """The used part of the history: from the first recorded day, at most three years."""
    index = pd.DatetimeIndex(series.index)
    recorded = int(np.argmax(series.notna().to_numpy()))
    first = max(
        index[recorded].date(),
        (pd.Timestamp(index[-1].date()) - pd.Timedelta(days=USED_HISTORY_DAYS - 1)).date(),
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
