"""What given people give: predicted service of a schedule, per slot, day and week."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from staffing.sizing.forecast_rows import ForecastRows, instants, require_columns
from staffing.sizing.live import LiveRows, same_kind
from staffing.sizing.pools import Pools
from staffing.sizing.targets import QueueTarget
from staffing.sizing.tickets import TicketWeek

_MEASURES = ("service_level", "asa_s", "occupancy", "abandonment")
_PREMIUM = "premium_service_level"


def evaluate(
    staff: pd.DataFrame,
    forecast: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    interval_min: int,
    slot_min: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Predicted service of a given schedule under the mean forecast.

    Parameters
    ----------
    staff
        ``queue, start, scheduled``: people on shift and not on a break per roster slot, >= 0,
        fractions allowed; a slot that is absent has nobody. Shrinkage is taken off here.
    forecast
        As for ``size``.
    targets
        Target of each queue.
    interval_min, slot_min
        Minutes of a forecast interval and of a roster slot, which divides it.

    Returns
    -------
    per_slot
        ``queue, start, service_level, asa_s, occupancy, abandonment`` for every slot of the forecast.
        Where Erlang C has no equilibrium (the load reaches the agents) the service level is 0, the
        speed of answer inf and the occupancy 1. NaN without contacts, and for
        the abandonment of a queue without patience.
    service
        Per queue and local day (``"2026-11-23"``), and for ``day = "week"`` over all days:
        ``queue, day, contacts, target, service_level, asa_s, occupancy, abandonment, met``.
        Service level and abandonment are weighted by contacts, the speed of answer by contacts that
        are answered, the occupancy by agents. ``met`` covers every target that the queue has, the
        promise to premium customers included; the service level shown is then the others'.

    Raises
    ------
    ValueError
        On input that cannot be used, with the inequality that was expected and the value found.

    Notes
    -----
    Slots are taken as stationary and independent; the people of a pool serve all its queues.
    Tickets start without a backlog, are served in
    order of arrival, and after the last slot the schedule repeats itself until every deadline has
    passed; their service level belongs to the slot of arrival.
    """
    if slot_min <= 0 or interval_min % slot_min:
        raise ValueError(f"slot_min that divides interval_min {interval_min} expected, got {slot_min!r}")
    rows = ForecastRows.of(forecast, targets, interval_min)
    slots = _slots(rows, interval_min, slot_min)
    people = _people(staff, slots)
    agents = people * (1.0 - slots.each([target.shrinkage for target in slots.targets]))
    pools = Pools.of(slots.targets, slots.code, slots.instant, slots.contacts, slots.aht_s, slots.is_open)
    together = pools.added(agents)
    table = {name: np.full(people.size, np.nan) for name in (*_MEASURES, _PREMIUM)}
    for kind in same_kind(slots.targets):
        some = np.flatnonzero(np.isin(slots.code, kind) & (slots.contacts > 0))
        if not some.size:
            continue
        live = LiveRows(
            slots.targets, slots.code[some], pools.contacts[some], pools.aht_s[some], 60.0 * slot_min
        )
        found = live.perform(together[some])
        for name in _MEASURES[:3]:
            table[name][some] = getattr(found, name)
        if slots.targets[kind[0]].counts_abandonment:
            table["abandonment"][some] = found.abandonment
        if slots.targets[kind[0]].premium is not None:
            table[_PREMIUM][some] = live.classes(together[some]).premium.service_level
    contacts = slots.contacts.copy()
    for index, target in enumerate(slots.targets):
        if target.may_wait:
            mine = np.flatnonzero(slots.code == index)
            week = TicketWeek.of(
                target,
                slots.instant[mine],
                slots.day[mine],
                slots.contacts[mine],
                slots.aht_s[mine],
                slots.is_open[mine],
                slot_min / 60.0,
            )
            there = mine[week.open_rows]
            served = week.serve(agents[there], steady=False)
            contacts[mine] = 0.0
            contacts[there] = week.contacts
            table["service_level"][there] = served.within
            table["asa_s"][there] = 3600.0 * served.wait_h
            table["occupancy"][there] = served.busy
    names = np.array([target.queue for target in slots.targets], dtype=object)
    keys = np.array(list(dict.fromkeys(forecast["queue"])), dtype=object) if len(forecast) else names
    shown = {name: table[name] for name in _MEASURES}
    per_slot = pd.DataFrame({"queue": keys[slots.code], "start": slots.start, **shown})
    return per_slot, _service(slots, keys, contacts, agents, table)


def _slots(rows: ForecastRows, interval_min: int, slot_min: int) -> ForecastRows:
    """Every interval cut into its roster slots, the contacts spread evenly."""
    per = interval_min // slot_min
    source = np.repeat(np.arange(rows.code.size), per)
    step_min = np.tile(np.arange(per) * slot_min, rows.code.size)
    start = rows.start[source] + pd.to_timedelta(step_min, unit="min")
    return ForecastRows(
        targets=rows.targets,
        code=rows.code[source],
        start=pd.DatetimeIndex(start),
        instant=rows.instant[source] + step_min.astype(np.int64) * 60_000_000_000,
        day=rows.day[source],
        contacts=rows.contacts[source] / per,
        aht_s=rows.aht_s[source],
        is_open=rows.is_open[source],
        dispersion_interval=rows.dispersion_interval[source],
        dispersion_day=rows.dispersion_day[source],
    )


def _people(staff: pd.DataFrame, slots: ForecastRows) -> np.ndarray:
    """People per slot from the staff table."""
    require_columns(staff, ("queue", "start", "scheduled"), "staff")
    scheduled = staff["scheduled"].to_numpy(dtype=float)
    bad = ~np.isfinite(scheduled) | (scheduled < 0)
    if bad.any():
        raise ValueError(f"staff: scheduled >= 0 expected, got {scheduled[bad][0]}")
    code_of = {target.queue: index for index, target in enumerate(slots.targets)}
    code = staff["queue"].map(code_of).fillna(-1).to_numpy(dtype=np.int64)
    given = pd.DataFrame({"code": code, "instant": instants(staff["start"]), "scheduled": scheduled})
    if given[["code", "instant"]][code >= 0].duplicated().any():
        raise ValueError("staff: each slot of a queue once expected, got a repeated one")
    wanted = pd.DataFrame({"code": slots.code, "instant": slots.instant})
    found = wanted.merge(given, on=["code", "instant"], how="left")
    return found["scheduled"].fillna(0.0).to_numpy(dtype=float)


def _service(
    slots: ForecastRows,
    queues: np.ndarray,
    contacts: np.ndarray,
    agents: np.ndarray,
    table: dict[str, np.ndarray],
) -> pd.DataFrame:
    parts = []
    for index, target in enumerate(slots.targets):
        mine = np.flatnonzero(slots.code == index)
        for day in [*np.unique(slots.day[mine]), None]:
            inside = mine if day is None else mine[slots.day[mine] == day]
            name = "week" if day is None else str(np.datetime64(int(day), "D"))
            found = _summary(inside, contacts, agents, table)
            parts.append(
                {
                    "queue": queues[index],
                    "day": name,
                    "contacts": float(contacts[inside].sum()),
                    "target": target.service_level,
                    **{measure: found[measure] for measure in _MEASURES},
                    "met": _met(target, found),
                }
            )
    columns = ["queue", "day", "contacts", "target", *_MEASURES, "met"]
    return pd.DataFrame(parts, columns=columns)


def _summary(
    inside: np.ndarray, contacts: np.ndarray, agents: np.ndarray, table: dict[str, np.ndarray]
) -> dict[str, float]:
    volume = contacts[inside]
    gone = np.nan_to_num(table["abandonment"][inside], nan=0.0)
    weights = {
        "service_level": volume,
        "asa_s": volume * (1.0 - gone),
        "occupancy": agents[inside],
        "abandonment": volume,
        _PREMIUM: volume,
    }
    out = {}
    for name, weight in weights.items():
        value = table[name][inside]
        if name == "occupancy":
            value = np.where(np.isnan(value), 0.0, value)  # an agent without contacts is idle
        counted = weight > 0
        total = float(weight[counted].sum())
        out[name] = float((weight[counted] * value[counted]).sum() / total) if total else float("nan")
    return out


def _met(target: QueueTarget, found: dict[str, float]) -> bool:
    """Whether every given target holds; nothing is missed where there were no contacts."""
    level = found["service_level"]
    if np.isnan(level):
        return True
    noise = 1e-9
    held = level >= target.service_level - noise
    if target.premium is not None:
        # NaN: nobody was there.
        held = held and found[_PREMIUM] >= target.premium.service_level - noise
    for name, limit in (
        ("asa_s", target.asa_s),
        ("occupancy", target.max_occupancy),
        ("abandonment", target.max_abandonment),
    ):
        # NaN: nobody was answered or nobody was there, which is no way to keep a limit.
        if limit is not None and not found[name] <= limit * (1.0 + noise):
            held = False
    return bool(held)
