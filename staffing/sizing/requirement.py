"""Forecast to requirement: how many people each queue needs in every interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.sizing.certainty import row_certainty
from staffing.sizing.forecast_rows import ForecastRows
from staffing.sizing.live import LiveRows, same_kind
from staffing.sizing.model_words import model_name
from staffing.sizing.period_requirement import require_over_period
from staffing.sizing.pools import Pools
from staffing.sizing.risk import one_interval, rate_factor
from staffing.sizing.targets import QueueTarget
from staffing.sizing.tickets import TicketWeek


def size(forecast: pd.DataFrame, targets: Mapping[str, QueueTarget], interval_min: int) -> pd.DataFrame:
    """Fewest people per queue and interval that meet the queue's targets.

    Parameters
    ----------
    forecast
        ``queue, start, contacts, aht_s`` and ``open`` (all open if absent), one row per queue and
        interval; ``dispersion_interval`` and ``dispersion_day`` say how uncertain its rate is and are
        needed where a target names a confidence; further columns are ignored.
    targets
        Target of each queue.
    interval_min
        Length of an interval in minutes: 5, 10, 15, 20, 30 or 60.

    Returns
    -------
    One row per row of ``forecast``, in its order:
    ``queue, start``; ``contacts, aht_s`` as they reach the agents, after self-service, stages and
    dialling; ``load_erlangs``, contacts times handling time per interval;
    ``agents``, fractional, ``agents_whole``, and ``scheduled``, the fewest whole people on shift of
    whom after shrinkage at least ``agents`` are at work; the queues of a pool share its people by their work;
    ``service_level, asa_s, occupancy, abandonment``, predicted for ``agents_whole`` under the
    forecast's mean, NaN where there are no contacts or the model does not know the measure
    (abandonment without patience); for deferred work the service level is the share resolved by the
    deadline and ``asa_s`` the mean opening time until it is done; with premium customers the service
    level is that of the others;
    ``met_probability``, the probability that the targets are met under the forecast's uncertainty, NaN
    where the forecast has no dispersions;
    ``binding_target``, the target that fewer agents would miss, ``"min_agents"``, ``"pool"`` where
    another queue of the pool decides, ``"value"``, ``""`` without contacts, ``"closed"``;
    ``model`` in words.

    Raises
    ------
    ValueError
        On input that cannot be used, with the inequality that was expected and the value found.

    Notes
    -----
    Live intervals are sized one by one as if each were stationary, unless their target is over a day
    or week. Deferred work is sized over the whole horizon, taken as a week that repeats itself.
    """
    rows = ForecastRows.of(forecast, targets, interval_min)
    pools = Pools.of(rows.targets, rows.code, rows.instant, rows.contacts, rows.aht_s, rows.is_open)
    needed = _Needed.none(rows)
    _live(rows, pools, needed, 60.0 * interval_min)
    for queue, target in enumerate(rows.targets):
        if target.may_wait:
            _deferred(rows, queue, target, needed, interval_min)
    certain = np.full(rows.code.size, np.nan)
    if rows.code.size and rows.has_dispersion:
        certain = row_certainty(rows, pools, pools.added(needed.whole), interval_min)
    names = np.array([model_name(target) for target in rows.targets], dtype=object)
    return pd.DataFrame(
        {
            "queue": forecast["queue"].to_numpy(),
            "start": rows.start,
            "contacts": rows.contacts,
            "aht_s": np.where(rows.contacts > 0, rows.aht_s, forecast["aht_s"].to_numpy(dtype=float)),
            "load_erlangs": rows.contacts * rows.aht_s / (60.0 * interval_min),
            "agents": needed.agents,
            "agents_whole": needed.whole,
            "scheduled": needed.scheduled,
            "service_level": needed.level,
            "asa_s": needed.asa_s,
            "occupancy": needed.occupancy,
            "abandonment": needed.abandonment,
            "met_probability": certain,
            "binding_target": needed.binding,
            "model": names[rows.code],
        }
    )


@dataclass(frozen=True)
class _Needed:
    """The answer's columns while they are filled, one value per row."""

    agents: np.ndarray
    whole: np.ndarray
    scheduled: np.ndarray
    level: np.ndarray
    asa_s: np.ndarray
    occupancy: np.ndarray
    abandonment: np.ndarray
    binding: np.ndarray

    @classmethod
    def none(cls, rows: ForecastRows) -> _Needed:
        """Nobody, nothing measured."""
        count = rows.code.size
        return cls(
            np.zeros(count),
            np.zeros(count, dtype=np.int64),
            np.zeros(count, dtype=np.int64),
            level=np.full(count, np.nan),
            asa_s=np.full(count, np.nan),
            occupancy=np.full(count, np.nan),
            abandonment=np.full(count, np.nan),
            binding=np.where(rows.is_open, "", "closed").astype(object),
        )


def _confident(rows: ForecastRows) -> np.ndarray:
    """Factor on the contacts of each row that its confidence asks for."""
    factor = np.ones(rows.code.size)
    for queue, target in enumerate(rows.targets):
        if target.confidence is None:
            continue
        mine = np.flatnonzero(rows.code == queue)
        day, interval = rows.dispersion_day[mine], rows.dispersion_interval[mine]
        if np.isnan(day).any() or np.isnan(interval).any():
            raise ValueError(
                f"queue {target.queue!r}: dispersion_interval and dispersion_day of the forecast expected "
                "with confidence, got none"
            )
        alone = target.target_over == "interval" and not target.may_wait
        factor[mine] = rate_factor(one_interval(interval, day) if alone else day, target.confidence)
    return factor


def _live(rows: ForecastRows, pools: Pools, needed: _Needed, period_s: float) -> None:
    """Fill in the queues whose contacts wait for the next free agent."""
    sized = pools.contacts * _confident(rows)
    least = np.array([target.min_agents for target in rows.targets], dtype=np.int64)
    floor = np.where(rows.is_open, least[rows.code], 0) if rows.code.size else needed.whole
    mine = np.array([not target.may_wait for target in rows.targets], dtype=bool)
    live_row = mine[rows.code] if rows.code.size else np.zeros(0, dtype=bool)
    busy = live_row & (rows.contacts > 0)
    over_period = np.array([target.target_over != "interval" for target in rows.targets], dtype=bool)

    def some_rows(some: np.ndarray, contacts: np.ndarray) -> LiveRows:
        return LiveRows(rows.targets, rows.code[some], contacts[some], pools.aht_s[some], period_s)

    for kind in same_kind(rows.targets):
        some = np.flatnonzero(np.isin(rows.code, kind[~over_period[kind]]) & busy)
        if some.size:
            live = some_rows(some, sized)
            needed.whole[some], needed.agents[some], needed.binding[some] = live.require()
        for queue in kind[over_period[kind]]:
            own = np.flatnonzero((rows.code == queue) & busy)
            if own.size:
                needed.whole[own], needed.binding[own] = require_over_period(
                    rows, int(queue), own, some_rows(own, sized), int(least[queue])
                )
                needed.agents[own] = needed.whole[own]
    needed.binding[live_row & (floor > needed.whole)] = "min_agents"
    needed.whole[:] = np.where(live_row, np.maximum(needed.whole, floor), needed.whole)
    needed.agents[:] = np.where(live_row, np.maximum(needed.agents, floor), needed.agents)

    together, exact = pools.largest(needed.whole), pools.largest(needed.agents)
    others = (exact > needed.agents * (1.0 + 1e-9)) & busy
    needed.binding[others] = "pool"
    for kind in same_kind(rows.targets):
        some = np.flatnonzero(np.isin(rows.code, kind) & busy)
        if some.size:
            found = some_rows(some, pools.contacts).perform(together[some])
            needed.level[some], needed.asa_s[some] = found.service_level, found.asa_s
            needed.occupancy[some] = found.occupancy
            if rows.targets[kind[0]].counts_abandonment:
                needed.abandonment[some] = found.abandonment
    shrinkage = rows.each([target.shrinkage for target in rows.targets])
    # Rounded once: whole people of whom, shrinkage taken off, the exact requirement is left.
    needed.scheduled[:] = np.where(live_row, pools.on_shift(exact, shrinkage), 0)
    needed.whole[:] = np.where(live_row, pools.shared_out(together), needed.whole)
    needed.agents[:] = np.where(live_row, exact * pools.share, needed.agents)


def _deferred(
    rows: ForecastRows, queue: int, target: QueueTarget, needed: _Needed, interval_min: int
) -> None:
    """Fill in one queue whose work waits for a deadline."""
    mine = np.flatnonzero(rows.code == queue)
    week = TicketWeek.of(
        target, rows.instant[mine], rows.day[mine], rows.contacts[mine], rows.aht_s[mine], rows.is_open[mine],
        interval_min / 60.0,
    )  # fmt: skip
    there = mine[week.open_rows]
    if not there.size:
        return
    factor = 1.0
    if target.confidence is not None:
        factor = float(_confident(rows)[there].max())
    needed.agents[there], needed.whole[there], needed.scheduled[there] = week.times(factor).require()
    served = week.serve(needed.whole[there].astype(float), steady=True)
    needed.level[there], needed.asa_s[there] = served.within, 3600.0 * served.wait_h
    needed.occupancy[there] = served.busy
    needed.binding[there] = np.where(
        needed.agents[there] > target.min_agents, "resolve_within_h", "min_agents"
    )
    needed.binding[there[needed.agents[there] == 0]] = ""
