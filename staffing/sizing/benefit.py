"""A requirement weighed in money: what its waiting loses, and what the cheapest would be."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from staffing.sizing.forecast_rows import ForecastRows
from staffing.sizing.targets import QueueTarget
from staffing.sizing.value import Economics, cost_optimal_agents


def benefit(
    agents: np.ndarray, forecast: pd.DataFrame, targets: Mapping[str, QueueTarget], interval_min: int
) -> pd.DataFrame:
    """Loss and cost of given agents beside those of the cost-optimal ones, per queue with economics.

    Parameters
    ----------
    agents
        Agents at work per row of the forecast, >= 0.
    forecast, targets, interval_min
        As for ``size``.

    Returns
    -------
    ``queue, plan, agent_hours, contacts_lost, loss, agent_cost, total``; two rows a queue, ``plan`` being
    ``"as sized"`` or ``"cheapest"``. Money of the forecast's whole horizon.
    """
    rows = ForecastRows.of(forecast, targets, interval_min)
    people = np.asarray(agents, dtype=float)
    parts = []
    for code, target in enumerate(rows.targets):
        if target.economics is None:
            continue
        mine = np.flatnonzero((rows.code == code) & rows.is_open)
        busy = mine[rows.contacts[mine] > 0]
        best = np.zeros(rows.code.size)
        best[mine] = target.min_agents
        best[busy] = np.maximum(
            cost_optimal_agents(rows.contacts[busy], rows.aht_s[busy], interval_min, target.economics),
            target.min_agents,
        )
        for name, staff in (("as sized", people), ("cheapest", best)):
            parts.append(
                {"queue": target.queue, "plan": name}
                | _totals(staff[mine], rows.contacts[mine], rows.aht_s[mine], interval_min, target.economics)
            )
    columns = ["queue", "plan", "agent_hours", "contacts_lost", "loss", "agent_cost", "total"]
    return pd.DataFrame(parts, columns=columns)


def _totals(
    staff: np.ndarray, contacts: np.ndarray, aht_s: np.ndarray, interval_min: int, economics: Economics
) -> dict[str, float]:
    load = contacts * aht_s / (60.0 * interval_min)
    lost = float((contacts * economics.lost_share(staff, load, aht_s)).sum())
    hours = float(staff.sum()) * interval_min / 60.0
    loss, cost = lost * economics.value_per_contact, hours * economics.cost_per_agent_hour
    return {
        "agent_hours": hours, "contacts_lost": lost, "loss": loss, "agent_cost": cost, "total": loss + cost,
    }  # fmt: skip
