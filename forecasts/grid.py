"""The grid: contacts per interval, regular in elapsed time, whole local days."""

from __future__ import annotations

from datetime import tzinfo

import numpy as np
import pandas as pd

from forecasts.errors import ForecastError

INTERVALS_MIN = (5, 10, 15, 20, 30, 60)
MAX_HISTORY_DAYS = 20 * 366
MOSTLY = 20


def validate(contacts: pd.Series) -> pd.Series:
    """Counts with a sorted time index, as floats, or an error that says what is wrong.

    Parameters
    ----------
    contacts
        Counts >= 0 by interval start; NaN where nothing is known. The index is a DatetimeIndex,
        zone-aware or naive local time, without repetitions.

    Raises
    ------
    ForecastError
        Not a Series, no DatetimeIndex, empty, repeated or missing times, text, infinite or negative counts.
    """
    if not isinstance(contacts, pd.Series):
        raise ForecastError(f"a pandas Series of counts expected, got {type(contacts).__name__}")
    index = contacts.index
    if not isinstance(index, pd.DatetimeIndex):
        mixed = len({getattr(t, "tzinfo", None) for t in index}) > 1 if len(index) else False
        hint = " (the times have different zones)" if mixed else ""
        raise ForecastError(f"an index of interval starts (DatetimeIndex) expected, got {index.dtype}{hint}")
    if len(contacts) == 0:
        raise ForecastError("a history with at least one interval expected, got an empty one")
    if index.hasnans:
        raise ForecastError(f"interval starts expected, got {int(np.sum(index.isna()))} missing times")
    try:
        values = contacts.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise ForecastError(f"numeric counts expected, got {contacts.dtype}") from None
    repeated = index.duplicated()
    if repeated.any():
        raise ForecastError(f"each interval once expected, got {index[repeated][0]} more than once")
    if np.isinf(values).any():
        raise ForecastError(f"finite counts expected, got an infinite one at {index[np.isinf(values)][0]}")
    if (values < 0).any():
        at = np.flatnonzero(values < 0)[0]
        raise ForecastError(f"contacts >= 0 expected, got {values[at]:g} at {index[at]}")
    return pd.Series(values, index=index, name=contacts.name).sort_index()


def elapsed_ns(index: pd.DatetimeIndex) -> np.ndarray:
    """Nanoseconds of elapsed time (UTC where zone-aware), shape ``(n,)``, whatever the index's own unit."""
    utc = index if index.tz is None else index.tz_convert("UTC")
    return utc.as_unit("ns").asi8


def interval_of(index: pd.DatetimeIndex) -> int:
    """Interval length in minutes: the smallest step that the index takes.

    Raises
    ------
    ForecastError
        One interval only, a length other than 5, 10, 15, 20, 30 or 60 minutes, or starts off the grid.
    """
    if len(index) < 2:
        raise ForecastError("at least two intervals expected, got one")
    stamps = np.sort(elapsed_ns(index))
    steps = np.diff(stamps)
    minutes = steps.min() / 60e9
    if minutes not in INTERVALS_MIN:
        raise ForecastError(f"intervals of {INTERVALS_MIN} minutes expected, got {minutes:g}")
    step = int(minutes * 60e9)
    if (steps % step != 0).any():
        at = int(np.flatnonzero(steps % step)[0]) + 1
        raise ForecastError(
            f"a regular grid of {minutes:g} minutes expected, got {index.sort_values()[at]} off the grid"
        )
    lengths, counts = np.unique(steps, return_counts=True)
    usual = int(counts.argmax())
    if counts[usual] > MOSTLY * counts[0]:
        # Hourly rows and one stray half-hour would pass for half-hourly data with every other row missing.
        at = int(np.flatnonzero(steps == lengths[0])[0]) + 1
        raise ForecastError(
            f"a regular grid expected, got steps of mostly {lengths[usual] / 60e9:g} minutes and one of {minutes:g} "
            f"before {index.sort_values()[at]}"
        )
    first = index.min()
    if (first.hour * 60 + first.minute) % minutes or first.second or first.microsecond:
        raise ForecastError(f"intervals counted from local midnight expected, got a start at {first}")
    return int(minutes)


def step_of(index: pd.DatetimeIndex) -> int:
    """Interval length in minutes of a regular index."""
    return int((index[1] - index[0]) / pd.Timedelta(minutes=1))


def local_midnight(day: np.datetime64 | pd.Timestamp | str, zone: tzinfo | None) -> pd.Timestamp:
    """First instant of a local day; one hour later where the clock skips midnight."""
    return pd.Timestamp(day).normalize().tz_localize(zone, ambiguous=True, nonexistent="shift_forward")


def day_grid(
    first_day: np.datetime64 | str, days: int, interval_min: int, zone: tzinfo | None
) -> pd.DatetimeIndex:
    """Interval starts of whole local days, regular in elapsed time; a day has 23, 24 or 25 hours."""
    start = local_midnight(first_day, zone)
    end = local_midnight(pd.Timestamp(first_day).normalize() + pd.Timedelta(days=days), zone)
    return pd.date_range(start, end, freq=pd.Timedelta(minutes=interval_min), inclusive="left")


def regular(
    contacts: pd.Series, interval_min: int | None = None, zone: str | tzinfo | None = None
) -> pd.Series:
    """Contacts on the full grid of their local days, finer data added up.

    Parameters
    ----------
    contacts
        Counts by interval start; finer than ``interval_min`` is summed, coarser is refused.
    interval_min
        Wanted interval; the data's own if omitted.
    zone
        Time zone given to naive local times. An hour that the clock skips is refused, an hour that
        it repeats is taken in the order of the rows where that tells, else as the first of the two.

    Returns
    -------
    Series of floats from the first local midnight to the end of the last local day. NaN only where
    nothing was recorded: an interval with at least one recorded part has the sum of its parts.
    """
    if zone is not None and isinstance(contacts, pd.Series) and isinstance(contacts.index, pd.DatetimeIndex):
        contacts = _localised(contacts, zone)
    series = validate(contacts)
    index = pd.DatetimeIndex(series.index)
    recorded_min = interval_of(index)
    wanted = recorded_min if interval_min is None else interval_min
    if wanted not in INTERVALS_MIN:
        raise ForecastError(f"interval_min in {INTERVALS_MIN} expected, got {wanted}")
    if wanted % recorded_min:
        raise ForecastError(
            f"an interval that {recorded_min}-minute data can fill expected, got {wanted} minutes"
        )
    zone_info = index.tz
    first, last = _day(index[0]), _day(index[-1])
    days = int((last - first) / np.timedelta64(1, "D")) + 1
    if days > MAX_HISTORY_DAYS:
        raise ForecastError(f"at most {MAX_HISTORY_DAYS} days of history expected, got {days}")
    grid = day_grid(first, days, wanted, zone_info)
    origin, step = elapsed_ns(grid)[0], int(wanted * 60e9)
    cell = (elapsed_ns(index) - origin) // step
    inside = (cell >= 0) & (cell < len(grid)) & series.notna().to_numpy()
    sums = np.bincount(cell[inside], weights=series.to_numpy()[inside], minlength=len(grid)).astype(float)
    counts = np.bincount(cell[inside], minlength=len(grid))
    sums[counts == 0] = np.nan
    return pd.Series(sums, index=grid, name=series.name)


def _day(time: pd.Timestamp) -> np.datetime64:
    return np.datetime64(time.date(), "D")


def _localised(contacts: pd.Series, zone: str | tzinfo) -> pd.Series:
    index = pd.DatetimeIndex(contacts.index)
    if index.tz is not None:
        return contacts.tz_convert(zone)
    try:
        try:
            aware = index.tz_localize(zone, ambiguous="infer", nonexistent="raise")
        except ValueError as error:
            if "Cannot infer" not in str(error) and "There are" not in str(error):
                raise
            aware = index.tz_localize(zone, ambiguous=np.ones(len(index), dtype=bool), nonexistent="raise")
    except (ValueError, KeyError) as error:
        raise ForecastError(f"local times of {zone} expected, got {error}") from None
    return pd.Series(contacts.to_numpy(), index=aware, name=contacts.name)
