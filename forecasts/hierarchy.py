"""Queues add up to groups and sites: sums from the bottom up, and shares of the group for queues of low volume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from forecasts.day_matrix import cells
from forecasts.errors import ForecastError
from forecasts.grid import elapsed_ns, interval_of, regular
from forecasts.models.profile import busy_mean
from forecasts.opening_hours import DAY_MIN, OpeningHours
from forecasts.result import Forecast

SHARE_HALF_LIFE_DAYS = 90.0
# Contacts of a busy interval below which a share of the group is worth having (measured: above, it is not).
LOW_COUNT = 3.0
# A weekday × interval keeps n / (n + this) of what its n contacts say about the queue's share there.
PRIOR_CONTACTS = 30.0


def summed(
    histories: Mapping[str, pd.Series], opening_hours: Mapping[str, OpeningHours] | None = None
) -> pd.Series:
    """History of a group: contacts of its queues added up on one grid.

    Parameters
    ----------
    histories
        Contacts by interval start per queue, all on intervals of one length and in one zone.
    opening_hours
        Per queue; learned where not given.

    Returns
    -------
    Series over the days that every queue has. An interval in which an open queue has no record is missing: a sum
    without it would look like a quiet time.

    Raises
    ------
    ForecastError
        No queue, different intervals or zones, no day in common.
    """
    if not histories:
        raise ForecastError("at least one queue expected, got none")
    series = {name: regular(history) for name, history in histories.items()}
    lengths = {interval_of(pd.DatetimeIndex(one.index)) for one in series.values()}
    zones = {str(pd.DatetimeIndex(one.index).tz) for one in series.values()}
    if len(lengths) > 1 or len(zones) > 1:
        raise ForecastError(
            f"queues of one interval and one zone expected, got {sorted(lengths)} minutes in {sorted(zones)}"
        )
    table = pd.DataFrame(series)
    start = max(one.index[0] for one in series.values())
    end = min(one.index[-1] for one in series.values())
    table = table[(table.index >= start) & (table.index <= end)]
    if table.empty:
        raise ForecastError("queues with days in common expected, got none")
    index = pd.DatetimeIndex(table.index)
    missing = np.zeros(len(table), dtype=bool)
    for name, one in series.items():
        hours = (opening_hours or {}).get(name) or OpeningHours.learn(one)
        missing |= hours.mask(index) & table[name].isna().to_numpy()
    return table.sum(axis=1, min_count=1).where(~missing)


def add_up(forecasts: Mapping[str, Forecast], group: Forecast) -> Forecast:
    """Forecast of a group whose mean is the sum of its queues' and whose spread is the group's own.

    Parameters
    ----------
    forecasts
        Per queue, all of the same days.
    group
        Forecast of :func:`summed`, which knows how far the group as a whole misses.
    """
    _same_days(forecasts, group)
    mean = np.sum([forecast.mean.to_numpy() for forecast in forecasts.values()], axis=0)
    is_open = np.any([forecast.open.to_numpy() for forecast in forecasts.values()], axis=0)
    return replace(
        group,
        mean=pd.Series(mean, index=group.mean.index, name="contacts"),
        open=pd.Series(is_open, index=group.open.index, name="open"),
        notes=(*group.notes, f"the sum of {len(forecasts)} queues"),
    )


def share_out(
    forecasts: Mapping[str, Forecast], histories: Mapping[str, pd.Series], group: Forecast
) -> dict[str, Forecast]:
    """Forecasts of a group's queues, those of low volume half-way to their share of the group's forecast.

    Parameters
    ----------
    forecasts, histories
        Forecast and contacts per queue; forecasts of the same days.
    group
        Forecast of the group's sum.

    Returns
    -------
    Forecast per queue; one below 3 contacts a busy interval becomes the mean of its own forecast and of its share, by
    weekday and interval, of the group's. A few contacts cannot show a shape or a level that hundreds can.
    """
    _same_days(forecasts, group)
    total = pd.DataFrame({name: regular(history) for name, history in histories.items()}).sum(
        axis=1, min_count=1
    )
    result = {}
    for name, forecast in forecasts.items():
        own = regular(histories[name]).reindex(total.index)
        if busy_mean(own.to_numpy()) >= LOW_COUNT or len(forecasts) < 2:
            result[name] = forecast
            continue
        shares = _shares(own, total, pd.DatetimeIndex(forecast.mean.index))
        share_of_group = np.where(forecast.open.to_numpy(), group.mean.to_numpy() * shares, 0.0)
        mean = 0.5 * (forecast.mean.to_numpy() + share_of_group)
        result[name] = replace(
            forecast,
            mean=pd.Series(mean, index=forecast.mean.index, name="contacts"),
            model=f"{forecast.model} and group share",
            notes=(*forecast.notes, "low volume: half of the forecast is the queue's share of its group's"),
        )
    return result


def _shares(own: pd.Series, total: pd.Series, wanted: pd.DatetimeIndex) -> np.ndarray:
    """Share of the group in each interval wanted: by weekday × interval, shrunk to the queue's recent share."""
    index = pd.DatetimeIndex(total.index)
    interval_min = interval_of(index)
    slots = DAY_MIN // interval_min
    age_days = (elapsed_ns(index)[-1] - elapsed_ns(index)) / 86_400e9
    known = own.notna().to_numpy() & total.notna().to_numpy()
    weight = np.where(known, 0.5 ** (age_days / SHARE_HALF_LIFE_DAYS), 0.0)
    mine, all_of_it = weight * np.nan_to_num(own.to_numpy()), weight * np.nan_to_num(total.to_numpy())
    share = float(mine.sum() / max(all_of_it.sum(), 1e-9))
    place = _weekday_slot(index, slots, interval_min)
    top = np.bincount(place, weights=mine, minlength=7 * slots)
    bottom = np.bincount(place, weights=all_of_it, minlength=7 * slots)
    if share <= 0:
        return np.zeros(len(wanted))
    prior = PRIOR_CONTACTS / share
    by_place = (top + PRIOR_CONTACTS) / (bottom + prior)
    return by_place[_weekday_slot(wanted, slots, interval_min)]


def _weekday_slot(index: pd.DatetimeIndex, slots: int, interval_min: int) -> np.ndarray:
    # Day 0 of the cells is a Monday, so that the remainder of whole weeks is the weekday.
    return cells(index, np.datetime64("1969-12-29", "D"), interval_min) % (7 * slots)


def _same_days(forecasts: Mapping[str, Forecast], group: Forecast) -> None:
    if not forecasts:
        raise ForecastError("at least one queue expected, got none")
    for name, forecast in forecasts.items():
        if not forecast.mean.index.equals(group.mean.index):
            raise ForecastError(
                f"forecasts of the same intervals as the group's expected, {name!r} has others"
            )
