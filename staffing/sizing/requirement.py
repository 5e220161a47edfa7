"""Forecast to requirement: how many people each queue needs in every interval."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from staffing.queueing.rounding import on_shift
from staffing.sizing.forecast_rows import ForecastRows
from staffing.sizing.live import LiveRows, model_name, same_kind
from staffing.sizing.targets import QueueTarget
from staffing.sizing.tickets import TicketWeek


def size(forecast: pd.DataFrame, targets: Mapping[str, QueueTarget], interval_min: int) -> pd.DataFrame:
    """Fewest people per queue and interval that meet the queue's targets.

    Parameters
    ----------
    forecast
        ``queue, start, contacts, aht_s`` and ``open`` (all open if absent), one row per queue and
        interval; further columns are ignored.
    targets
        Target of each queue.
    interval_min
        Length of an interval in minutes: 5, 10, 15, 20, 30 or 60.

    Returns
    -------
    One row per row of ``forecast``, in its order:
    ``queue, start, contacts, aht_s``;
    ``load_erlangs``, contacts times handling time per interval;
    ``agents``, fractional, ``agents_whole``, and ``scheduled``, whole people on shift so that
    after shrinkage enough are at work;
    ``service_level, asa_s, occupancy, abandonment``, predicted for ``agents_whole``, NaN where
    there are no contacts or the model does not know the measure (abandonment without patience);
    for tickets the service level is the share resolved by the deadline and ``asa_s`` the mean
    opening time until a ticket is done;
    ``binding_target``, the target that fewer agents would miss, ``"min_agents"``, ``""`` without
    contacts, ``"closed"``; ``model`` in words.

    Raises
    ------
    ValueError
        On input that cannot be used, with the inequality that was expected and the value found.

    Notes
    -----
    Live intervals are sized one by one as if each were stationary. Tickets are sized over the
    whole horizon, taken as a week that repeats itself.
    """
    rows = ForecastRows.of(forecast, targets, interval_min)
    count, period_s = rows.code.size, 60.0 * interval_min
    agents, whole = np.zeros(count), np.zeros(count, dtype=np.int64)
    scheduled = np.zeros(count, dtype=np.int64)
    level, asa_s, occupancy, abandonment = (np.full(count, np.nan) for _ in range(4))
    binding = np.where(rows.is_open, "", "closed").astype(object)

    for kind in same_kind(rows.targets):
        some = np.flatnonzero(np.isin(rows.code, kind) & (rows.contacts > 0))
        if not some.size:
            continue
        live = LiveRows(rows.targets, rows.code[some], rows.contacts[some], rows.aht_s[some], period_s)
        whole[some], agents[some], binding[some] = live.require()
    least = np.array([target.min_agents for target in rows.targets], dtype=np.int64)
    shrinkage = np.array([target.shrinkage for target in rows.targets])
    if count:
        floor = np.where(rows.is_open, least[rows.code], 0)
        binding[floor > whole] = "min_agents"
        agents, whole = np.maximum(agents, floor), np.maximum(whole, floor)
        scheduled = on_shift(whole, shrinkage[rows.code])

    for kind in same_kind(rows.targets):
        some = np.flatnonzero(np.isin(rows.code, kind) & (rows.contacts > 0))
        if some.size:
            live = LiveRows(rows.targets, rows.code[some], rows.contacts[some], rows.aht_s[some], period_s)
            found = live.perform(whole[some])
            level[some], asa_s[some], occupancy[some] = found.service_level, found.asa_s, found.occupancy
            if rows.targets[kind[0]].patience_s is not None:
                abandonment[some] = found.abandonment

    for index, target in enumerate(rows.targets):
        if target.channel != "ticket":
            continue
        mine = np.flatnonzero(rows.code == index)
        week = TicketWeek.of(
            target,
            rows.instant[mine],
            rows.day[mine],
            rows.contacts[mine],
            rows.aht_s[mine],
            rows.is_open[mine],
            interval_min / 60.0,
        )
        there = mine[week.open_rows]
        if not there.size:
            continue
        agents[there], whole[there], scheduled[there] = week.require()
        served = week.serve(whole[there].astype(float), steady=True)
        level[there], asa_s[there], occupancy[there] = served.within, 3600.0 * served.wait_h, served.busy
        binding[there] = np.where(agents[there] > target.min_agents, "resolve_within_h", "min_agents")
        binding[there[agents[there] == 0]] = ""

    return pd.DataFrame(
        {
            "queue": forecast["queue"].to_numpy(),
            "start": rows.start,
            "contacts": rows.contacts,
            "aht_s": forecast["aht_s"].to_numpy(dtype=float),
            "load_erlangs": rows.contacts * rows.aht_s / period_s,
            "agents": agents,
            "agents_whole": whole,
            "scheduled": scheduled,
            "service_level": level,
            "asa_s": asa_s,
            "occupancy": occupancy,
            "abandonment": abandonment,
            "binding_target": binding,
            "model": np.array([model_name(target) for target in rows.targets], dtype=object)[rows.code],
        }
    )
