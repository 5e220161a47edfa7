"""Handling time: volume-weighted level × weekday and time-of-day profile, undefined where nothing was handled."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from forecasts.day_matrix import unfold
from forecasts.errors import ForecastError
from forecasts.grid import interval_of
from forecasts.handle_time_regressors import Drivers
from forecasts.models.profile import recency
from forecasts.opening_hours import DAY_MIN

LEVEL_HALF_LIFE_DAYS = 14.0
PROFILE_HALF_LIFE_DAYS = 180.0
# A part of the profile keeps n / (n + these contacts) of what its n contacts showed.
SLOT_CONTACTS = 100.0
WEEKDAY_CONTACTS = 400.0
WEEKDAY_SLOT_CONTACTS = 400.0
SHORT_CONTACTS = 200.0
MAX_DAYS = 400
TURNS = 3


@dataclass(frozen=True, eq=False)
class HandlingTime:
    """Expected handling time by interval.

    Attributes
    ----------
    aht_s
        Seconds by interval start, > 0, for every interval, closed ones too.
    level_s
        Recent volume-weighted mean, seconds.
    profile
        Factor on the level, shape ``(7, slots)``, Monday first.
    notes
        What was assumed or fell back.
    regressors
        DataFrame(regressor, mean, deviation, effect): what one standard deviation more of each does, 0.05 = 5 % longer.
    """

    aht_s: pd.Series
    level_s: float
    profile: np.ndarray
    notes: tuple[str, ...]
    regressors: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["regressor", "mean", "deviation", "effect"])
    )

    def table(self) -> pd.DataFrame:
        """DataFrame(start, aht_s)."""
        return pd.DataFrame({"start": self.aht_s.index, "aht_s": self.aht_s.to_numpy()})


def handling_time(
    aht_s: pd.Series,
    handled: pd.Series | None = None,
    days: int = 14,
    *,
    index: pd.DatetimeIndex | None = None,
    start: str | pd.Timestamp | None = None,
    fallback_s: float | None = None,
    regressors: pd.DataFrame | None = None,
) -> HandlingTime:
    """Forecast the average handling time.

    Parameters
    ----------
    aht_s
        Mean handling time of each interval in seconds, > 0; NaN where nothing was handled.
    handled
        Contacts handled in the same intervals, the weights; equal weights if omitted.
    days
        Local days after the history; not used with ``index``.
    index
        Intervals wanted, for example ``forecast.mean.index``.
    start
        First local day; history from there on is not looked at. With ``index``, its first day.
    fallback_s
        Seconds to use, with a note, if the history holds no handling time at all.
    regressors
        Numeric columns by time, for the past and for every interval ahead: a trend, the mean tenure of the agents,
        shares of a mix. A row holds until the next one, so daily or weekly rows will do.

    Raises
    ------
    ForecastError
        No handling time and no fallback; values that are infinite, negative, or 0 with contacts handled; regressors
        that are not known for the days ahead.

    Notes
    -----
    Level × weekday and time-of-day profile × the factor of the regressors. Their effects come from a ridge regression
    weighted by contacts that takes turns with the profile, so that neither claims what the other explains; an effect
    seen on n contacts keeps n / (n + 400) of its size, and all together stay within half and double.
    """
    if isinstance(days, bool) or not isinstance(days, (int, np.integer)) or not 1 <= days <= MAX_DAYS:
        raise ForecastError(f"a horizon of 1 to {MAX_DAYS} whole days expected, got {days}")
    if fallback_s is not None and not (np.isfinite(fallback_s) and fallback_s > 0):
        raise ForecastError(f"fallback_s > 0 expected, got {fallback_s}")
    time_s, weight = _checked(aht_s, handled)
    history = pd.DatetimeIndex(aht_s.index)
    first = index[0] if index is not None and len(index) else start
    if first is not None:
        keep = np.asarray(history.tz_localize(None) < pd.Timestamp(first).tz_localize(None).normalize())
        time_s, weight, history = time_s[keep], weight[keep], history[keep]
    usable = ~np.isnan(time_s) & (weight > 0)
    wanted, interval_min = _wanted(pd.DatetimeIndex(aht_s.index), history, days, index, start)
    slots = DAY_MIN // interval_min
    if not usable.any():
        if fallback_s is None:
            raise ForecastError(
                "at least one interval with a handling time expected, got none; or give fallback_s"
            )
        constant = pd.Series(float(fallback_s), index=wanted, name="aht_s")
        return HandlingTime(
            constant,
            float(fallback_s),
            np.ones((7, slots)),
            (f"no handling time in the history: {fallback_s:g} s used",),
        )

    time_s, weight, history = time_s[usable], weight[usable], history[usable]
    notes: list[str] = []
    wall = history.tz_localize(None)
    day = wall.to_numpy().astype("datetime64[D]")
    origin_day = day.max()
    age = (origin_day - day).astype(int)
    days_seen = int(age.max()) + 1
    extreme = _extreme(time_s, weight)
    if extreme.any():
        notes.append(f"{int(extreme.sum())} intervals with an extreme handling time were left out")
        weight = np.where(extreme, 0.0, weight)
    short = 0.5 ** (age / LEVEL_HALF_LIFE_DAYS) * weight
    long = recency(days_seen, PROFILE_HALF_LIFE_DAYS)[days_seen - 1 - age] * weight
    whole = float(np.average(time_s, weights=long))
    place = wall.day_of_week.to_numpy() * slots + (wall.hour * 60 + wall.minute).to_numpy() // interval_min
    profile = _profile(time_s / whole, long, place, slots)
    factor, factor_ahead = np.ones(len(time_s)), np.ones(len(wanted))
    told: dict[str, pd.DataFrame] = {}
    if regressors is not None:
        drivers = Drivers.of(regressors, history, weight, wanted)
        if not drivers.known.all():
            notes.append(f"{int((~drivers.known).sum())} past intervals without a value of every regressor")
        for _ in range(TURNS):
            effects = drivers.fit(time_s / (whole * profile.reshape(-1)[place]), long)
            factor, factor_ahead = drivers.factors(effects)
            profile = _profile(time_s / (whole * factor), long, place, slots)
        told = {"regressors": drivers.table(effects)}
    # The recent level is read against the profile, so that a history that ends on a Monday is not a Monday's.
    seen = float((short * time_s).sum() + SHORT_CONTACTS * whole)
    usual = float((short * whole * factor * profile.reshape(-1)[place]).sum() + SHORT_CONTACTS * whole)
    level = whole * seen / usual
    if weight.sum() < SHORT_CONTACTS:
        notes.append(
            f"only {weight.sum():g} handled contacts: the handling time is a rough mean without a profile"
        )
    wanted_wall = wanted.tz_localize(None)
    ahead = (
        wanted_wall.day_of_week.to_numpy() * slots
        + (wanted_wall.hour * 60 + wanted_wall.minute).to_numpy() // interval_min
    )
    expected = level * factor_ahead * profile.reshape(-1)[ahead]
    return HandlingTime(
        pd.Series(expected, index=wanted, name="aht_s"), float(level), profile, tuple(notes), **told
    )


def _checked(aht_s: pd.Series, handled: pd.Series | None) -> tuple[np.ndarray, np.ndarray]:
    if not isinstance(aht_s, pd.Series) or not isinstance(aht_s.index, pd.DatetimeIndex) or len(aht_s) == 0:
        raise ForecastError(
            "a Series of seconds by interval start (DatetimeIndex), not empty, expected as aht_s"
        )
    if aht_s.index.has_duplicates:
        raise ForecastError(
            f"each interval once expected, got {aht_s.index[aht_s.index.duplicated()][0]} more than once"
        )
    try:
        time_s = aht_s.to_numpy(dtype=float, na_value=np.nan)
        weight = (
            np.ones(len(aht_s))
            if handled is None
            else handled.reindex(aht_s.index).to_numpy(dtype=float, na_value=np.nan)
        )
    except (TypeError, ValueError):
        raise ForecastError("numeric handling times and counts expected") from None
    if np.isinf(time_s).any() or np.isinf(weight).any():
        raise ForecastError("finite handling times and counts expected, got infinite ones")
    weight = np.nan_to_num(weight)
    for name, values in (("aht_s", time_s), ("handled", weight)):
        if (values < 0).any():
            at = int(np.flatnonzero(values < 0)[0])
            raise ForecastError(f"{name} >= 0 expected, got {values[at]:g} at {aht_s.index[at]}")
    zero = (time_s == 0) & (weight > 0) & (handled is not None)
    if zero.any():
        raise ForecastError(
            f"aht_s > 0 expected where contacts were handled, got 0 at {aht_s.index[int(np.argmax(zero))]}"
        )
    return np.where(time_s == 0, np.nan, time_s), weight


def _wanted(
    all_history: pd.DatetimeIndex,
    history: pd.DatetimeIndex,
    days: int,
    index: pd.DatetimeIndex | None,
    start: str | pd.Timestamp | None,
) -> tuple[pd.DatetimeIndex, int]:
    if index is not None:
        if len(index) == 0:
            raise ForecastError("an index with at least one interval expected, got an empty one")
        if (index.tz is None) != (all_history.tz is None):
            raise ForecastError("history and index both zone-aware or both naive expected")
        return index, interval_of(all_history)
    interval_min = interval_of(all_history)
    if start is not None:
        first = np.datetime64(pd.Timestamp(start).date(), "D")
    else:
        first = np.datetime64(history.max().date(), "D") + np.timedelta64(1, "D")
    grid, _ = unfold([np.zeros((int(days), DAY_MIN // interval_min))], first, interval_min, all_history.tz)
    return grid, interval_min


def _extreme(time_s: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Which times lie beyond five medians: one call left open overnight must not make the week slower."""
    order = np.argsort(time_s)
    cumulated = np.cumsum(weight[order])
    median = time_s[order][np.searchsorted(cumulated, cumulated[-1] / 2)]
    # A quiet interval of one long contact is ordinary; alone it must be a very long one.
    return time_s > np.where(weight >= 5, 5 * median, 20 * median)


def _profile(factor: np.ndarray, weight: np.ndarray, place: np.ndarray, slots: int) -> np.ndarray:
    """Factor by weekday × slot: time of day, weekday and their joint rest, each shrunk to the part before."""

    def shrunk(relative: np.ndarray, at: np.ndarray, size: int, prior: float) -> np.ndarray:
        top = np.bincount(at, weights=weight * relative, minlength=size)
        bottom = np.bincount(at, weights=weight, minlength=size)
        return (top + prior) / (bottom + prior)

    slot, weekday = place % slots, place // slots
    by_slot = shrunk(factor, slot, slots, SLOT_CONTACTS)
    rest = factor / by_slot[slot]
    by_weekday = shrunk(rest, weekday, 7, WEEKDAY_CONTACTS)
    rest = rest / by_weekday[weekday]
    by_both = shrunk(rest, place, 7 * slots, WEEKDAY_SLOT_CONTACTS).reshape(7, slots)
    return by_both * by_slot[None, :] * by_weekday[:, None]
