"""What a roster costs, computed from its rows and the declared prices alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.demand import Demand
from schedules.rules import Premium, Prices


def per_slot(begin: np.ndarray, end: np.ndarray, weight: np.ndarray, slots: int) -> np.ndarray:
    """Mean over each slot of the weights of the stretches that run in it.

    Parameters
    ----------
    begin, end
        Stretches ``[begin, end)`` in slots since the first, fractions allowed, shape ``(n,)``,
        within ``[0, slots]``.
    weight
        Weight of each stretch, shape ``(n,)``.

    Returns
    -------
    Shape ``(slots,)``. Exact for whole-numbered weights and stretches on the grid.
    """
    change = np.zeros(slots + 2)
    for time, sign in ((begin, 1.0), (end, -1.0)):
        slot = np.floor(time).astype(int)
        late = time - slot
        # A step inside a slot counts there for what is left of the slot, and in full from the next.
        np.add.at(change, slot, sign * weight * (1.0 - late))
        np.add.at(change, slot + 1, sign * weight * late)
    return np.cumsum(change)[:slots]


def coverage(rows: pd.DataFrame, demand: Demand) -> pd.DataFrame:
    """``queue, start, required, scheduled, gap`` per slot of the horizon, in the demand's order.

    People carried in from before the horizon count as scheduled.
    """
    slots = len(demand.starts)
    working = rows[rows["work"]]
    scheduled = np.zeros_like(demand.required, dtype=float)
    for number, queue in enumerate(demand.queues):
        of_queue = working[working["queue"] == queue]
        begin = np.minimum(of_queue["start_min"].to_numpy(dtype=float) / demand.slot_min, slots)
        end = np.minimum(of_queue["end_min"].to_numpy(dtype=float) / demand.slot_min, slots)
        scheduled[number] = per_slot(begin, end, np.ones(len(of_queue)), slots)
    if demand.carried is not None:
        scheduled += demand.carried
    return pd.DataFrame(
        {
            "queue": np.repeat(np.array(demand.queues, dtype=object), slots),
            "start": demand.starts[np.tile(np.arange(slots), len(demand.queues))],
            "required": demand.required.ravel(),
            "scheduled": scheduled.ravel(),
            "gap": (scheduled - demand.required).ravel(),
        }
    )


def in_window(starts: pd.DatetimeIndex, from_min: int, until_min: int) -> np.ndarray:
    """Whether each slot starts inside a window of the local day, which may run over midnight."""
    minute = np.asarray(starts.hour * 60 + starts.minute)
    after, before = minute >= from_min, minute < until_min
    return after & before if from_min <= until_min else after | before


def premium_shares(premiums: Sequence[Premium], demand: Demand, slots: int) -> np.ndarray:
    """Sum of the shares of the premiums that hold at the local start of each slot, shape ``(slots,)``.

    The slots go on after the horizon, for a last shift that runs past it.
    """
    step = pd.Timedelta(minutes=demand.slot_min)
    starts = pd.date_range(demand.starts[0], periods=slots, freq=step)
    weekday = np.asarray(starts.day_of_week)
    holiday = np.array([day in demand.holidays for day in starts.date], dtype=bool)
    total = np.zeros(slots)
    for premium in premiums:
        on_day = np.isin(weekday, premium.weekdays)
        if premium.holidays:
            on_day = on_day | holiday
        total += premium.share * (in_window(starts, premium.from_min, premium.until_min) & on_day)
    return total


def wages_and_premiums(
    rows: pd.DataFrame, agents: Sequence[Agent], premiums: Sequence[Premium], demand: Demand
) -> tuple[float, float]:
    """Wages of all paid time, and premiums on it; time after the horizon included."""
    paid = rows[rows["paid"]]
    rate = np.array([agent.contract.cost_per_hour for agent in agents])[paid["agent_no"].to_numpy(dtype=int)]
    begin = paid["start_min"].to_numpy(dtype=float)
    end = paid["end_min"].to_numpy(dtype=float)
    wages = float((rate * (end - begin)).sum() / 60.0)
    slots = max(len(demand.starts), int(np.ceil(end.max() / demand.slot_min)) if len(paid) else 0)
    money = per_slot(begin / demand.slot_min, end / demand.slot_min, rate, slots)
    return wages, float((money * premium_shares(premiums, demand, slots)).sum() * demand.slot_min / 60.0)


def shortage_and_surplus(cover: pd.DataFrame, prices: Prices, demand: Demand) -> tuple[float, float]:
    """Price of missing people by tiers of the requirement, and of people above it."""
    required, gap = cover["required"].to_numpy(dtype=float), cover["gap"].to_numpy(dtype=float)
    missing = np.maximum(0.0, -gap)
    hours = demand.slot_min / 60.0
    shortage, reached = 0.0, 0.0
    for tier in prices.shortage:
        width = (tier.up_to_share - reached) * required
        shortage += tier.price_per_hour * float(np.clip(missing - reached * required, 0.0, width).sum())
        reached = tier.up_to_share
    return shortage * hours, float(np.maximum(0.0, gap).sum()) * prices.surplus_per_hour * hours
