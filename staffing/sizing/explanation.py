"""Why a queue needs so many people in an interval, and what one more would bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from staffing.sizing.forecast_rows import ForecastRows, instants
from staffing.sizing.formulas import Formula, formula_of
from staffing.sizing.live import LiveRows
from staffing.sizing.pools import Pools
from staffing.sizing.requirement import size
from staffing.sizing.targets import QueueTarget
from staffing.sizing.tickets import TicketWeek
from staffing.sizing.value import next_agent

_BELOW, _ABOVE = 2, 3


@dataclass(frozen=True)
class NextWorth:
    """What one agent more would change in the interval.

    Attributes
    ----------
    level_gain
        Rise of the service level (deferred work: of the share in time over the horizon).
    contacts_in_time, contacts_saved
        More contacts in time, and fewer that hang up; NaN where the model does not know.
    wait_saved_s
        Fall of the mean wait in seconds.
    worth, cost
        Money saved and spent; NaN where the plan names none.
    """

    level_gain: float
    contacts_in_time: float
    contacts_saved: float
    wait_saved_s: float
    worth: float = float("nan")
    cost: float = float("nan")


@dataclass(frozen=True)
class Explanation:
    """One row of a requirement, taken apart.

    Attributes
    ----------
    row
        The row of the requirement.
    target, formula
        What is promised, and the formula that sizes it.
    forecast_contacts, forecast_aht_s
        As forecast, before self-service, stages and dialling.
    group_agents, group_contacts
        Agents and contacts of the pool, or of the queue itself.
    around
        ``agents, service_level, asa_s, occupancy, abandonment, meets`` for a few more and fewer agents;
        empty for deferred work.
    next_agent
        ``None`` without contacts.
    """

    row: Mapping[str, Any]
    target: QueueTarget
    formula: Formula
    forecast_contacts: float
    forecast_aht_s: float
    group_agents: int
    group_contacts: float
    around: pd.DataFrame
    next_agent: NextWorth | None


def explain(
    forecast: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    interval_min: int,
    queue: str,
    start: pd.Timestamp,
) -> Explanation:
    """Take one row of the requirement apart.

    Parameters
    ----------
    forecast, targets, interval_min
        As for ``size``.
    queue, start
        The row.

    Raises
    ------
    ValueError
        No such row, or input that cannot be sized.
    """
    found = np.flatnonzero(
        (forecast["queue"] == queue).to_numpy()
        & (instants(forecast["start"]) == instants(pd.Series([start]))[0])
    )
    if not found.size:
        raise ValueError(f"an interval of the forecast of queue {queue!r} expected, got {start.isoformat()}")
    row = int(found[0])
    needed = size(forecast, targets, interval_min)
    rows = ForecastRows.of(forecast, targets, interval_min)
    pools = Pools.of(rows.targets, rows.code, rows.instant, rows.contacts, rows.aht_s, rows.is_open)
    target = targets[queue]
    whole = int(pools.added(needed["agents_whole"].to_numpy())[row])
    around, worth = pd.DataFrame(), None
    if rows.contacts[row] > 0 and target.may_wait:
        worth = _deferred_worth(rows, target, row, needed["agents_whole"].to_numpy(dtype=float), interval_min)
    elif rows.contacts[row] > 0:
        one = LiveRows(
            rows.targets, rows.code[[row]], pools.contacts[[row]], pools.aht_s[[row]], 60.0 * interval_min
        )
        around, worth = _around(one, target, whole, interval_min)
    return Explanation(
        row={str(name): value for name, value in needed.iloc[row].items()},
        target=target,
        formula=formula_of(target),
        forecast_contacts=float(forecast["contacts"].iloc[row]),
        forecast_aht_s=float(forecast["aht_s"].iloc[row]),
        group_agents=whole,
        group_contacts=float(pools.contacts[row]),
        around=around,
        next_agent=worth,
    )


def _around(
    one: LiveRows, target: QueueTarget, whole: int, interval_min: int
) -> tuple[pd.DataFrame, NextWorth]:
    agents = np.arange(max(whole - _BELOW, 0), whole + _ABOVE + 1, dtype=float)
    line = one.rows(np.zeros(agents.size, dtype=np.int64))
    found = line.perform(agents)
    gone = found.abandonment if target.counts_abandonment else np.full(agents.size, np.nan)
    table = pd.DataFrame(
        {
            "agents": agents.astype(int),
            "service_level": found.service_level,
            "asa_s": found.asa_s,
            "occupancy": found.occupancy,
            "abandonment": gone,
            "meets": line.excess(agents) <= 0,
        }
    )
    here = int(np.flatnonzero(agents == whole)[0])
    volume = float(one.contacts[0])
    gain = float(found.service_level[here + 1] - found.service_level[here])
    worth, cost = float("nan"), float("nan")
    if target.economics is not None:
        step = next_agent(float(whole), volume, float(one.aht_s[0]), interval_min, target.economics)
        worth, cost = float(step.worth), float(step.cost)
    with np.errstate(invalid="ignore"):
        wait = float(found.asa_s[here] - found.asa_s[here + 1])
    return table, NextWorth(
        level_gain=gain,
        contacts_in_time=volume * gain,
        contacts_saved=volume * float(gone[here] - gone[here + 1]),
        wait_saved_s=wait,
        worth=worth,
        cost=cost,
    )


def _deferred_worth(
    rows: ForecastRows, target: QueueTarget, row: int, whole: np.ndarray, interval_min: int
) -> NextWorth | None:
    mine = np.flatnonzero(rows.code == rows.code[row])
    week = TicketWeek.of(
        target, rows.instant[mine], rows.day[mine], rows.contacts[mine], rows.aht_s[mine], rows.is_open[mine],
        interval_min / 60.0,
    )  # fmt: skip
    there = mine[week.open_rows]
    if row not in there:
        return None
    more = whole[there] + (there == row)
    served = [week.serve(agents, steady=True) for agents in (whole[there], more)]
    volume = week.contacts
    level, wait_h = (
        [float(np.nansum(getattr(way, name) * volume) / volume.sum()) for way in served]
        for name in ("within", "wait_h")
    )
    gain = level[1] - level[0]
    return NextWorth(gain, gain * float(volume.sum()), float("nan"), 3600.0 * (wait_h[0] - wait_h[1]))
