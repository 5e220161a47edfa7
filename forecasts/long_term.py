"""Weekly volumes a year and more ahead, for hiring plans: level, trend, time of year, calendar and events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy import special

from forecasts import accuracy
from forecasts.day_matrix import DayMatrix
from forecasts.errors import ForecastError
from forecasts.events import event_factors
from forecasts.models.profile import full_day_totals
from forecasts.models.ridge import huber_weights, ridge
from forecasts.models.terms import YEAR_FROM_DAYS, terms
from forecasts.opening_hours import OpeningHours
from forecasts.preparation import prepare

MAX_WEEKS = 78
MAX_SKIP_DAYS = 400
LEAST_DAYS = 28
USED_HISTORY_DAYS = 5 * 366
# Stiff: what comes back every year must not be taken for a level that moves.
LEVEL_STIFFNESS_DAYS = 200.0
MONTH_DAY_DAYS = 3.0
COUNT_OFFSET = 0.5
ROUNDS = 3
LEVEL_SMOOTHING = 0.2
TREND_WEEKS = 104
TREND_LEAST_WEEKS = 26
TREND_STAYS = 0.985
TREND_PRIOR_WEEKS = 13
LEVEL, TREND, LAST_YEAR = "level", "level and trend", "same week last year"
BACKTEST_ORIGINS = 9
BACKTEST_STEP_WEEKS = 8
# A trend must earn its place: what grew does not always go on growing.
CLEARLY = 0.97
PRIOR_VARIANCE, PRIOR_GROWTH_A_WEEK, PRIOR_WEEKS = 0.03**2, 0.015**2, 26
LARGEST_LOG = 25.0


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
    board, chosen, error = _backtest(matrix, totals, history, first)
    if not len(board):
        notes.append(
            "the history is too short to test weekly volumes on: the range is what queues usually show"
        )
    path = _project(matrix, totals, history, skip + days)[chosen]
    return LongRange(
        _table(matrix, history, skip, path, error, factors, int(weeks)),
        chosen,
        float(np.expm1(path.slope * (1 - TREND_STAYS**52) / (1 - TREND_STAYS) * TREND_STAYS)),
        board,
        tuple(dict.fromkeys(notes)),
    )


@dataclass(frozen=True, eq=False)
class _Path:
    """Log daily totals of the days ahead in parts, each of shape ``(days,)``, and the slope a week."""

    level: np.ndarray
    calendar: np.ndarray
    year: np.ndarray
    slope: float

    @property
    def contacts(self) -> np.ndarray:
        log = np.minimum(self.level + self.calendar + self.year, LARGEST_LOG)
        return np.maximum(np.exp(log) - COUNT_OFFSET, 0.0)


def _project(matrix: DayMatrix, totals: np.ndarray, origin: int, days: int) -> dict[str, _Path]:
    """Continue the daily totals before ``origin``, with and without a trend."""
    past = totals[:origin]
    seen = ~np.isnan(past)
    design = terms(matrix, origin, days, True, seen, LEVEL_STIFFNESS_DAYS, MONTH_DAY_DAYS)
    log_total = np.log(np.where(seen, past, 1.0) + COUNT_OFFSET) - design.expected[:origin]
    log_total[~seen] = np.nan
    columns, weights = design.columns[:origin], np.ones(origin)
    for _ in range(ROUNDS):
        effects = ridge(columns, design.penalty, log_total[:, None], weights)[:, 0]
        residual = log_total - columns @ effects
        weights = huber_weights(residual)
    yearly = np.array([group == "year" for group in design.groups])
    year = design.columns[:, yearly] @ effects[yearly]
    rest = ~yearly & ~design.level
    calendar = design.columns[:, rest] @ effects[rest]
    weekly = _weekly_level(log_total - (year + calendar)[:origin], weights)
    ahead = np.arange(1, days + 1) / 7
    spread = float(np.average(residual[seen] ** 2, weights=weights[seen]))
    paths = {}
    for name, slope in ((LEVEL, 0.0), (TREND, _slope(weekly))):
        grown = slope * TREND_STAYS * (1 - TREND_STAYS**ahead) / (1 - TREND_STAYS)
        # exp() of a mean of logs is a median; half the variance brings the mean back.
        level = _smoothed(weekly, slope) + grown + spread / 2
        paths[name] = _Path(level, calendar[origin:] + design.expected[origin:], year[origin:], slope)
    return paths


def _weekly_level(level: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted mean level of each seven days back from the origin, the latest last; weeks without days left out."""
    short = -len(level) % 7
    by_week = np.concatenate([np.full(short, np.nan), level]).reshape(-1, 7)
    weight = np.concatenate([np.zeros(short), weights]).reshape(-1, 7) * ~np.isnan(by_week)
    known = weight.sum(axis=1) > 0
    return (np.nan_to_num(by_week) * weight).sum(axis=1)[known] / weight.sum(axis=1)[known]


def _smoothed(weekly: np.ndarray, slope: float) -> float:
    """Level at the origin: exponential smoothing, which with a slope runs along it."""
    start = weekly[: min(8, len(weekly))]
    level = float(np.mean(start - slope * np.arange(len(start))))
    for value in weekly:
        level += slope + LEVEL_SMOOTHING * (value - level - slope)
    return level


def _slope(weekly: np.ndarray) -> float:
    """Robust slope a week of the last two years, shrunk to 0 by a quarter of a year; 0 below half a year."""
    recent = weekly[-TREND_WEEKS:]
    count = len(recent)
    if count < TREND_LEAST_WEEKS:
        return 0.0
    one, other = np.triu_indices(count, k=count // 3)
    return (
        float(np.median((recent[other] - recent[one]) / (other - one))) * count / (count + TREND_PRIOR_WEEKS)
    )


@dataclass(frozen=True)
class _Error:
    """Variance of the log of a week's volume, ``weeks`` ahead."""

    variance: float
    growth: float

    def scale(self, weeks: np.ndarray) -> np.ndarray:
        return np.sqrt(self.variance + self.growth * weeks)


def _backtest(
    matrix: DayMatrix, totals: np.ndarray, history: int, first: int
) -> tuple[pd.DataFrame, str, _Error]:
    """Level against level and trend at past origins, up to half a year ahead."""
    origins = [
        origin
        for k in range(BACKTEST_ORIGINS, 0, -1)
        if (origin := history - 7 * BACKTEST_STEP_WEEKS * k) - first >= 7 * TREND_LEAST_WEEKS
    ]
    prior = _Error(PRIOR_VARIANCE, PRIOR_GROWTH_A_WEEK)
    empty = pd.DataFrame(columns=["model", "wape", "origins", "weeks"])
    if not origins:
        return empty, LEVEL, prior
    got: list[np.ndarray] = []
    said: dict[str, list[np.ndarray]] = {LEVEL: [], TREND: [], LAST_YEAR: []}
    for origin in origins:
        weeks = min((history - origin) // 7, TREND_LEAST_WEEKS)
        days = 7 * weeks
        actual = totals[origin : origin + days]
        known = ~np.isnan(actual)

        def weekly(values: np.ndarray, known: np.ndarray = known, weeks: int = weeks) -> np.ndarray:
            return np.where(known, values, 0.0).reshape(weeks, 7).sum(axis=1)

        got.append(weekly(actual))
        for name, path in _project(matrix, totals, origin, days).items():
            said[name].append(weekly(path.contacts))
        a_year_ago = totals[origin - 364 : origin - 364 + days] if origin >= 364 else np.full(days, np.nan)
        last = np.where(np.isnan(a_year_ago), np.nanmean(totals[max(origin - 364, 0) : origin]), a_year_ago)
        said[LAST_YEAR].append(weekly(last))
    actual = np.concatenate(got)
    error = {name: accuracy.wape(actual, np.concatenate(values)) for name, values in said.items()}
    chosen = TREND if error[TREND] < CLEARLY * error[LEVEL] else LEVEL
    board = pd.DataFrame(
        {
            "model": list(error),
            "wape": list(error.values()),
            "origins": len(origins),
            "weeks": min((history - origins[0]) // 7, TREND_LEAST_WEEKS),
        }
    )
    ahead = np.concatenate([np.arange(1, len(values) + 1) for values in got])
    enough = actual > 0
    departure = np.log(actual[enough] / np.maximum(np.concatenate(said[chosen])[enough], COUNT_OFFSET))
    return board, chosen, _fitted(departure, ahead[enough], len(origins))


def _fitted(departure: np.ndarray, ahead: np.ndarray, origins: int) -> _Error:
    """Variance and its growth, leaning on what queues usually show: errors of one origin are much alike."""
    trust = origins / (origins + PRIOR_WEEKS / BACKTEST_STEP_WEEKS)
    scaled = departure**2 / (PRIOR_VARIANCE + PRIOR_GROWTH_A_WEEK * ahead)
    factor = trust * float(np.minimum(scaled, 25.0).mean()) + (1 - trust)
    return _Error(PRIOR_VARIANCE * factor, PRIOR_GROWTH_A_WEEK * factor)


def _table(
    matrix: DayMatrix, history: int, skip: int, path: _Path, error: _Error, factors: np.ndarray, weeks: int
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
