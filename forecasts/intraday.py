"""Today as it runs: the rest of the day and the days after it, given what has come so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.errors import ForecastError
from forecasts.grid import interval_of, validate
from forecasts.result import Forecast
from forecasts.shrinkage import CARRY_FADE, Shrinkage
from forecasts.uncertainty import Spread, fit_spread

SCORED_FOLDS = 7


@dataclass(frozen=True, eq=False)
class Reforecast:
    """The forecast of today and later, corrected by today's contacts.

    Attributes
    ----------
    mean
        Expected contacts of every interval from ``now`` on, >= 0.
    before
        The same intervals as first forecast.
    now
        First interval that has not ended yet.
    so_far
        Contacts recorded today before ``now``, and what was forecast for the same intervals.
    today
        Which intervals of ``mean`` belong to today, bool.
    day_factor
        Expected total of today, recorded part included, over its first forecast.
    spread_today, spread_later
        Distribution around the mean for the rest of today and for later days.
    """

    mean: pd.Series
    before: pd.Series
    now: pd.Timestamp
    so_far: tuple[float, float]
    today: np.ndarray
    day_factor: float
    spread_today: Spread
    spread_later: Spread
    notes: tuple[str, ...] = ()

    def quantile(self, p: float) -> pd.Series:
        """Quantile ``p`` (0 < p < 1) of each interval on its own."""
        mean = self.mean.to_numpy()
        values = np.where(
            self.today, self.spread_today.quantile(mean, p), self.spread_later.quantile(mean, p)
        )
        return pd.Series(values, index=self.mean.index, name=f"p{p:g}")

    def table(self) -> pd.DataFrame:
        """DataFrame(start, contacts, contacts_before, contacts_p10, contacts_p90)."""
        return pd.DataFrame(
            {
                "start": self.mean.index,
                "contacts": self.mean.to_numpy(),
                "contacts_before": self.before.to_numpy(),
                "contacts_p10": self.quantile(0.1).to_numpy(),
                "contacts_p90": self.quantile(0.9).to_numpy(),
            }
        )

    def summary(self) -> str:
        """A few lines for a person."""
        got, expected = self.so_far
        rest, rest_before = self.mean[self.today].sum(), self.before[self.today].sum()
        lines = [
            f"until {self.now:%H:%M}: {got:,.0f} contacts where {expected:,.0f} were forecast",
            f"rest of the day: {rest:,.0f} contacts expected, {rest_before:,.0f} before",
        ]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])


def reforecast(
    forecast: Forecast, today: pd.Series, shrinkage: Shrinkage, now: str | pd.Timestamp | None = None
) -> Reforecast:
    """Correct a forecast by the contacts of today so far.

    Parameters
    ----------
    forecast
        Made before today, covering today.
    today
        Contacts by interval start on the forecast's grid; what is not of today before ``now`` is not looked at.
    shrinkage
        Of the queue, from :func:`forecasts.learn_shrinkage`.
    now
        Local time; the interval that it lies in has not ended. The end of the last recorded interval if omitted.

    Raises
    ------
    ForecastError
        Contacts that cannot be used, a day outside the forecast, another grid or zone than the forecast's.
    """
    recorded = validate(today).dropna()
    index = pd.DatetimeIndex(forecast.mean.index)
    interval_min = interval_of(index)
    step = pd.Timedelta(minutes=interval_min)
    if (pd.DatetimeIndex(recorded.index).tz is None) != (index.tz is None):
        raise ForecastError("contacts and forecast both zone-aware or both naive expected")
    if now is None and recorded.empty:
        raise ForecastError("at least one interval of today or the time now expected, got neither")
    times = pd.DatetimeIndex(recorded.index)
    moment = _moment(times[-1] + step if now is None else now, index)
    # A day that is recorded to its end is still today: its departure tells of tomorrow.
    today_date = _moment(times[-1], index).date() if now is None else moment.date()
    day = index.tz_localize(None).normalize()
    of_today = np.asarray(day == pd.Timestamp(today_date))
    if not of_today.any():
        raise ForecastError(
            f"a day from {index[0]:%Y-%m-%d} to {index[-1]:%Y-%m-%d} expected, got {today_date}"
        )
    gone = of_today & np.asarray(index + step <= moment)
    mine = recorded[np.asarray((times >= index[of_today][0]) & (times + step <= moment))]
    off_grid = mine.index.difference(index)
    if len(off_grid):
        raise ForecastError(f"intervals of the forecast's grid expected, got one at {off_grid[0]}")
    actual = mine.reindex(index[gone]).to_numpy()
    expected = forecast.mean[gone].to_numpy()
    actual = np.where(forecast.open[gone].to_numpy(), actual, np.nan)
    known = ~np.isnan(actual)
    rest = of_today & ~gone
    notes = list(shrinkage.notes)
    if not known.any():
        notes.append("nothing is recorded of today's opening hours yet: the forecast stays as it is")

    mean = forecast.mean.to_numpy().copy()
    mean[rest] *= shrinkage.factors(actual, expected, int(rest.sum()), interval_min)
    first_total = float(forecast.mean[of_today].sum())
    # Contacts that were not recorded are neither more nor fewer than forecast.
    total = float(np.where(known, np.nan_to_num(actual), expected).sum() + mean[rest].sum())
    day_factor = total / first_total if first_total > 0 else 1.0
    later = np.asarray(index > index[of_today][-1])
    days_after = (day[later] - day[of_today][0]).days.to_numpy()
    mean[later] *= max(day_factor, 0.1) ** (shrinkage.carry * CARRY_FADE ** (days_after - 1))
    wanted = rest | later
    return Reforecast(
        mean=pd.Series(mean[wanted], index=index[wanted], name="contacts"),
        before=forecast.mean[wanted],
        now=moment,
        so_far=(float(np.nansum(actual)), float(expected[known].sum())),
        today=of_today[wanted],
        day_factor=day_factor,
        spread_today=_spread(forecast, shrinkage, int(gone.sum())),
        spread_later=forecast.spread,
        notes=tuple(notes),
    )


def _moment(now: str | pd.Timestamp, index: pd.DatetimeIndex) -> pd.Timestamp:
    try:
        moment = pd.Timestamp(now)
    except (ValueError, TypeError):
        raise ForecastError(f"a local time as now expected, got {now!r}") from None
    if moment is pd.NaT:
        raise ForecastError("a local time as now expected, got a missing one")
    if index.tz is None:
        return moment.tz_localize(None)
    if moment.tzinfo is None:
        return moment.tz_localize(index.tz, ambiguous=True, nonexistent="shift_forward")
    return moment.tz_convert(index.tz)


def _spread(forecast: Forecast, shrinkage: Shrinkage, gone: int) -> Spread:
    """Spread of the rest of the day as past days showed it after as many intervals."""
    interval_min = interval_of(pd.DatetimeIndex(forecast.mean.index))
    cut = min(gone, shrinkage.actual.shape[1])
    actual, expected = shrinkage.actual[:, cut:], shrinkage.predicted[:, cut:]
    scored = ~np.isnan(actual).all(axis=1) & (expected.sum(axis=1) > 0)
    days = int(scored.sum()) // SCORED_FOLDS * SCORED_FOLDS
    if days < 2 * SCORED_FOLDS or cut == 0:
        return forecast.spread
    rest = actual.shape[1]
    factors = shrinkage.factors(
        shrinkage.actual[scored, :cut], shrinkage.predicted[scored, :cut], rest, interval_min
    )
    shape = (SCORED_FOLDS, days // SCORED_FOLDS, rest)
    corrected = (expected[scored] * factors)[:days]
    return fit_spread(actual[scored][:days].reshape(shape), corrected.reshape(shape))
