"""From a history to a forecast: clean, choose, predict, say how sure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from forecasts.day_matrix import unfold
from forecasts.errors import ForecastError
from forecasts.events import event_factors
from forecasts.explanation import daily_effects
from forecasts.models import MODELS, combined
from forecasts.opening_hours import OpeningHours
from forecasts.preparation import prepare
from forecasts.result import Forecast
from forecasts.selection import choose

MAX_DAYS = 400
# Older days cost time and have not been seen to help: three years hold every date three times.
USED_HISTORY_DAYS = 1096


def forecast(
    contacts: pd.Series,
    days: int = 14,
    *,
    country: str | None = None,
    subdivision: str | None = None,
    events: pd.DataFrame | None = None,
    opening_hours: OpeningHours | None = None,
    exclusions: pd.DataFrame | None = None,
    seed: int = 0,
    start: str | date | pd.Timestamp | None = None,
    also: Sequence[str] = (),
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
    exclusions
        Columns start, end, action: stretches of history that are not to be used, or that are to be used whatever
        cleaning thinks of them (see :func:`forecasts.exclusions.exclusion_masks`).
    seed
        Of the sample paths.
    start
        First local day of the forecast; the day after the history if omitted. History from ``start`` on
        is not looked at.
    also
        Further models of :data:`forecasts.models.MODELS` to test and choose from: ``"state-space"``,
        ``"vector-regression"``. Each costs several times what the others cost together.

    Returns
    -------
    Forecast of whole local days in the zone of the history.

    Raises
    ------
    ForecastError
        A history that cannot be used, an unknown country or model, a horizon outside 1 … 400 days.
    """
    unknown = [name for name in also if name not in MODELS]
    if unknown:
        raise ForecastError(f"models among {', '.join(MODELS)} expected, got {', '.join(unknown)}")
    if isinstance(days, bool) or not isinstance(days, (int, np.integer)) or not 1 <= days <= MAX_DAYS:
        raise ForecastError(f"a horizon of 1 to {MAX_DAYS} whole days expected, got {days}")
    ready = prepare(
        contacts,
        int(days),
        country=country,
        subdivision=subdivision,
        opening_hours=opening_hours,
        exclusions=exclusions,
        start=start,
        used_days=USED_HISTORY_DAYS,
        most_days=MAX_DAYS,
    )
    matrix, history_days, skip, notes = ready.matrix, ready.history_days, ready.skip, list(ready.notes)
    horizon = skip + int(days)
    factors = np.ones(matrix.open.shape)
    if events is not None:
        factors, event_notes = event_factors(events, matrix, history_days)
        notes += event_notes
        matrix = matrix.with_contacts(matrix.contacts / factors)

    choice = choose(matrix, history_days, horizon, also)
    answers = {name: MODELS[name](matrix, history_days, horizon) for name in choice.members}
    mean = combined({name: answer.contacts for name, answer in answers.items()})
    mean = mean * factors[history_days : history_days + horizon]
    for answer in answers.values():
        notes += answer.notes
    mean = np.where(matrix.open[history_days : history_days + horizon], mean, 0.0)[skip:]
    is_open = matrix.open[history_days + skip : history_days + horizon]
    first = matrix.calendar.days[history_days + skip]
    index, (flat, flat_open) = unfold((mean, is_open), first, matrix.interval_min, ready.zone)
    # A copy of the matrix: what models remember of theirs need not be kept for the telling.
    bare = matrix.with_contacts(matrix.contacts)
    return Forecast(
        mean=pd.Series(flat, index=index, name="contacts"),
        open=pd.Series(flat_open, index=index, name="open"),
        model=choice.model,
        members=choice.members,
        reason=choice.reason,
        backtest=choice.table,
        spread=choice.spread,
        notes=tuple(dict.fromkeys([*notes, *choice.notes])),
        tell_findings=ready.cleaned.tell,
        tell_effects=partial(daily_effects, bare, history_days, horizon, factors, mean, skip),
        seed=seed,
    )
