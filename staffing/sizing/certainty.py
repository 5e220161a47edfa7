"""The probability that given agents meet their targets, when the forecast's rate is uncertain."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from staffing.queueing.inputs import not_negative
from staffing.sizing.forecast_rows import ForecastRows
from staffing.sizing.live import LiveRows, same_kind
from staffing.sizing.period_requirement import periods
from staffing.sizing.pools import Pools
from staffing.sizing.risk import largest_factor, one_interval, rate_probability
from staffing.sizing.targets import QueueTarget
from staffing.sizing.tickets import TicketWeek


def met_probability(
    agents: ArrayLike, forecast: pd.DataFrame, targets: Mapping[str, QueueTarget], interval_min: int
) -> np.ndarray:
    """P(target met) of any requirement or roster.

    Parameters
    ----------
    agents
        Agents at work in each row of the forecast, shrinkage taken off, >= 0; in a pool each
        queue's own.
    forecast, targets, interval_min
        As for ``size``; with ``dispersion_interval`` and ``dispersion_day``.

    Returns
    -------
    Probability per row of the forecast that the contacts stay below the most with which the row's
    targets hold, the rate being Gamma; NaN without contacts. With a target over a day or week it is
    that of the period, with deferred work that of the whole horizon, on each of its rows.

    Raises
    ------
    ValueError
        On a value outside its range, or a forecast without dispersions.

    Notes
    -----
    An interval is uncertain by its own effect and its day's. Over a day or more only the day effect
    counts, and days are taken to err together, which is on the safe side.
    """
    rows = ForecastRows.of(forecast, targets, interval_min)
    people = not_negative("agents", agents).reshape(-1)
    if people.size != rows.code.size:
        raise ValueError(
            f"one number of agents per row expected, got {people.size} for {rows.code.size} rows"
        )
    if not rows.has_dispersion:
        raise ValueError("forecast: dispersion_interval and dispersion_day expected, got none")
    pools = Pools.of(rows.targets, rows.code, rows.instant, rows.contacts, rows.aht_s, rows.is_open)
    return row_certainty(rows, pools, pools.added(people), interval_min)


def row_certainty(rows: ForecastRows, pools: Pools, agents: np.ndarray, interval_min: int) -> np.ndarray:
    """The same for checked rows and ``agents`` per row's group."""
    out = np.full(rows.code.size, np.nan)
    over_period = np.array([target.target_over != "interval" for target in rows.targets], dtype=bool)
    for kind in same_kind(rows.targets):
        some = np.flatnonzero(np.isin(rows.code, kind[~over_period[kind]]) & (rows.contacts > 0))
        if some.size:
            live = LiveRows(
                rows.targets, rows.code[some], pools.contacts[some], pools.aht_s[some], 60.0 * interval_min
            )
            out[some] = _intervals(rows, some, live, agents[some])
        for queue in kind[over_period[kind]]:
            mine = np.flatnonzero((rows.code == queue) & (rows.contacts > 0))
            if mine.size:
                live = LiveRows(
                    rows.targets, rows.code[mine], rows.contacts[mine], rows.aht_s[mine], 60.0 * interval_min
                )
                out[mine] = _periods(rows, int(queue), mine, live, agents[mine])
    for queue, target in enumerate(rows.targets):
        if target.may_wait:
            mine = np.flatnonzero(rows.code == queue)
            out[mine] = _horizon(rows, target, mine, agents[mine], interval_min)
    return out


def _intervals(rows: ForecastRows, some: np.ndarray, live: LiveRows, agents: np.ndarray) -> np.ndarray:
    factor = largest_factor(
        lambda times, chosen: live.rows(chosen).times(times).excess(agents[chosen]), some.size
    )
    spread = one_interval(rows.dispersion_interval[some], rows.dispersion_day[some])
    return rate_probability(spread, factor)


def _periods(
    rows: ForecastRows, queue: int, mine: np.ndarray, live: LiveRows, agents: np.ndarray
) -> np.ndarray:
    period = periods(rows, queue, mine)
    count = int(period.max()) + 1
    wanted = rows.targets[queue].service_level

    def excess(times: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        factor = np.zeros(count)
        factor[chosen] = times
        inside = np.flatnonzero(np.isin(period, chosen))
        now = live.rows(inside).times(factor[period[inside]])
        level = now.perform(agents[inside]).service_level
        served = np.bincount(period[inside], now.contacts * level, minlength=count)
        volume = np.bincount(period[inside], now.contacts, minlength=count)
        return wanted - 1e-9 - served[chosen] / volume[chosen]

    factor = largest_factor(excess, count)
    return rate_probability(rows.dispersion_day[mine], factor[period])


def _horizon(
    rows: ForecastRows, target: QueueTarget, mine: np.ndarray, agents: np.ndarray, interval_min: int
) -> np.ndarray:
    week = TicketWeek.of(
        target, rows.instant[mine], rows.day[mine], rows.contacts[mine], rows.aht_s[mine], rows.is_open[mine],
        interval_min / 60.0,
    )  # fmt: skip
    out = np.full(mine.size, np.nan)
    if not week.contacts.sum():
        return out
    capacity = agents[week.open_rows]

    def excess(times: np.ndarray, _: np.ndarray) -> np.ndarray:
        return np.array([target.service_level - 1e-9 - week.times(float(times[0])).share_in_time(capacity)])

    factor = largest_factor(excess, 1, tolerance=1e-3)[0]
    out[week.open_rows] = rate_probability(rows.dispersion_day[mine][week.open_rows], factor)
    return out
