"""Weekly volumes a year and more ahead, for hiring plans: level, trend, time of year, calendar and events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy import special

from forecasts.day_matrix import DayMatrix
from forecasts.errors import ForecastError
from forecasts.events import event_factors
from forecasts.level_projection import LARGEST_LOG, TREND_STAYS, LevelPath, project
from forecasts.models.profile import full_day_totals
from forecasts.models.terms import YEAR_FROM_DAYS
from forecasts.opening_hours import OpeningHours
from forecasts.preparation import prepare
from forecasts.weekly_backtest import RangeOfError, weekly_backtest

MAX_WEEKS = 78
MAX_SKIP_DAYS = 400
LEAST_DAYS = 28
USED_HISTORY_DAYS = 5 * 366


@dataclass(frozen=True, eq=False)
class LongRange:
    """Expected contacts of each coming week.

    Attributes
    ----------
    table
        DataFrame(week, contacts, contacts_p10, contacts_p90, level, calendar, year, events, open_days): ``week`` is
        the first local day; ``level`` is what the week would bring with no calendar, season or event; ``calendar``,
        ``year`` and ``events`` are factors on it. ``contacts`` 0 where all seven days are closed.
    model
        ``level``, or ``level and trend``.
    trend_a_year
        Growth that the next year is expected to bring, 0.05 = 5 %; 0 without a trend.
    backtest
        DataFrame(model, wape, origins, weeks): error of weekly volumes at past origins; ``same week last year`` is
        there to compare. Without rows where the history is too short.
    notes
        What was assumed.
    """

    table: pd.DataFrame
    model: str
    trend_a_year: float
    backtest: pd.DataFrame
    notes: tuple[str, ...]

    def summary(self) -> str:
        """A few lines for a person."""
        contacts, weeks = self.table["contacts"], self.table["week"]
        lines = [
            f"{contacts.sum():,.0f} contacts in {len(weeks)} weeks from {weeks.iloc[0]:%Y-%m-%d}, model {self.model}"
        ]
        if len(contacts) > 1:
            low, high = int(contacts.to_numpy().argmin()), int(contacts.to_numpy().argmax())
            lines.append(
                f"least in the week of {weeks.iloc[low]:%Y-%m-%d} ({contacts.iloc[low]:,.0f}), "
                f"most in that of {weeks.iloc[high]:%Y-%m-%d} ({contacts.iloc[high]:,.0f})"
            )
        if self.trend_a_year:
            lines.append(f"trend: {self.trend_a_year:+.1%} in the next year")
        lines += [f"tested: {row.model}: WAPE {row.wape:.1%}" for row in self.backtest.itertuples()]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])


def long_range(
    contacts: pd.Series,
    weeks: int = 52,
    *,
    country: str | None = None,
    subdivision: str | None = None,
    events: pd.DataFrame | None = None,
    opening_hours: OpeningHours | None = None,
    exclusions: pd.DataFrame | None = None,
    start: str | date | pd.Timestamp | None = None,
) -> LongRange:
    """Forecast weekly volumes.

    Parameters
    ----------
    contacts, country, subdivision, events, opening_hours, exclusions
        As for :func:`forecasts.forecast`; at least four weeks, the last five years are used.
    weeks
        1 … 78.
    start
        First local day of the first week; the day after the history if omitted.

    Raises
    ------
    ForecastError
        As :func:`forecasts.forecast`; fewer than 28 days of history with contacts.

    Notes
    -----
    Daily totals on the log scale are regressed on weekday, holidays, day of the month and, from 400 days of history,
    the time of year (three harmonics and the days around New Year). What remains is smoothed week by week to the
    level. A damped trend (the slope of the last two years, 1.5 % less of it each week) is used only where past origins
    show that it predicts better. The range comes from the errors at those origins, growing with the weeks ahead.
    """
    if isinstance(weeks, bool) or not isinstance(weeks, (int, np.integer)) or not 1 <= weeks <= MAX_WEEKS:
        raise ForecastError(f"a horizon of 1 to {MAX_WEEKS} whole weeks expected, got {weeks}")
    ready = prepare(
        contacts,
        7 * int(weeks),
        country=country,
        subdivision=subdivision,
        opening_hours=opening_hours,
        exclusions=exclusions,
        start=start,
        used_days=USED_HISTORY_DAYS,
        most_days=7 * MAX_WEEKS + MAX_SKIP_DAYS,
    )
    matrix, history, skip, notes = ready.matrix, ready.history_days, ready.skip, list(ready.notes)
    days = 7 * int(weeks)
    factors = np.ones(matrix.open.shape)
    if events is not None:
        factors, event_notes = event_factors(events, matrix, history)
        notes += event_notes
        matrix = matrix.with_contacts(matrix.contacts / factors)
    totals = full_day_totals(matrix, history)
    seen = np.flatnonzero(np.nan_to_num(totals) > 0)
    first = int(seen[0]) if len(seen) else history
    if history - first < LEAST_DAYS:
        raise ForecastError(
            f"at least {LEAST_DAYS} days of history with contacts expected for weekly volumes, got {history - first}"
        )
    if history - first < YEAR_FROM_DAYS:
        notes.append(
            f"{(history - first) / 7:.0f} weeks of history cannot show what comes back every year: no season"
        )
    board, chosen, error = weekly_backtest(matrix, totals, history, first)
    if not len(board):
        notes.append(
            "the history is too short to test weekly volumes on: the range is what queues usually show"
        )
    path = project(matrix, totals, history, skip + days)[chosen]
    return LongRange(
        _table(matrix, history, skip, path, error, factors, int(weeks)),
        chosen,
        float(np.expm1(path.slope * (1 - TREND_STAYS**52) / (1 - TREND_STAYS) * TREND_STAYS)),
        board,
        tuple(dict.fromkeys(notes)),
    )


def _table(
    matrix: DayMatrix,
    history: int,
    skip: int,
    path: LevelPath,
    error: RangeOfError,
    factors: np.ndarray,
    weeks: int,
) -> pd.DataFrame:
    ahead = slice(history + skip, history + skip + 7 * weeks)
    is_open = matrix.open[ahead].any(axis=1)
    usual = np.nan_to_num(
        np.nanmean(np.where(matrix.open[:history], np.nan_to_num(matrix.contacts[:history]), 0.0), 0)
    )
    shape = np.where(matrix.open[ahead], usual + 1e-9, 0.0)
    event = np.divide(
        (shape * factors[ahead]).sum(axis=1), shape.sum(axis=1), out=np.ones(len(shape)), where=is_open
    )

    def weekly(values: np.ndarray) -> np.ndarray:
        return np.where(is_open, values, 0.0).reshape(weeks, 7).sum(axis=1)

    def factor(values: np.ndarray, below: np.ndarray) -> np.ndarray:
        return np.divide(weekly(values), weekly(below), out=np.ones(weeks), where=weekly(below) > 0)

    level = np.exp(np.minimum(path.level[skip:], LARGEST_LOG))
    plain = level * np.exp(path.calendar[skip:])
    usual_days = path.contacts[skip:]
    contacts = weekly(usual_days * event)
    scale = error.scale(np.arange(1, weeks + 1) + skip / 7)
    z = float(special.ndtri(0.9))
    return pd.DataFrame(
        {
            "week": matrix.calendar.days[ahead][::7].astype("datetime64[s]"),
            "contacts": contacts,
            "contacts_p10": contacts * np.exp(-z * scale),
            "contacts_p90": contacts * np.exp(z * scale),
            "level": 7 * level.reshape(weeks, 7).mean(axis=1),
            "calendar": np.divide(weekly(plain), 7 * level.reshape(weeks, 7).mean(axis=1)),
            "year": factor(plain * np.exp(path.year[skip:]), plain),
            "events": factor(usual_days * event, usual_days),
            "open_days": is_open.reshape(weeks, 7).sum(axis=1),
        }
    )
