"""Which wishes a roster grants, and what those that it refuses cost."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from schedules.agents import Agent, Wish
from schedules.check.fairness import ahead
from schedules.check.horizon import Horizon
from schedules.check.priced import Bill
from schedules.check.settled import Form, Started
from schedules.check.shape import clock
from schedules.teams import Fairness

COLUMNS = ("agent", "kind", "day", "time_min", "weight", "granted", "reason")


def judge(wish: Wish, forms: list[Form]) -> tuple[bool, str]:
    """Whether the shifts that start on the wish's day grant it, and what they are."""
    if not forms:
        return wish.kind not in ("work", "shift"), "no shift that day"
    names = [kind for kind, _, _ in forms]
    minutes = [start for _, start, _ in forms]
    if wish.kind in ("shift", "not_shift"):
        reason = "shift of kind " + ", ".join(names)
        return (wish.shift in names) == (wish.kind == "shift"), reason
    reason = "shift starts " + ", ".join(clock(minute) for minute in minutes)
    if wish.kind == "day_off":
        return False, reason
    if wish.time_min is None:  # a wish for a time carries one, so this is a wish to work
        return True, reason
    if wish.kind == "start_from":
        return min(minutes) >= wish.time_min, reason
    return max(minutes) <= wish.time_min, reason


def judge_all(
    wishes: Sequence[Wish],
    started: Started,
    agents: Sequence[Agent],
    fairness: Fairness,
    horizon: Horizon,
    bill: Bill,
) -> pd.DataFrame:
    """``agent, kind, day, time_min, weight, granted, reason`` of the wishes inside the horizon.

    A refused wish is billed at its weight, raised for those who bring more refused wishes than others.
    """
    numbers = {agent.id: number for number, agent in enumerate(agents)}
    factor = 1.0 + fairness.refused_wish * ahead(agents, "refused_wishes")
    records, refused = [], []
    for wish in wishes:
        offset = horizon.offset(wish.day)
        if offset is None:
            continue
        number = numbers.get(wish.agent, -1)
        granted, reason = judge(wish, started.forms.get((number, wish.day), []))
        records.append((wish.agent, wish.kind, wish.day, wish.time_min, wish.weight, granted, reason))
        if not granted:
            price = wish.weight * (factor[number] if number >= 0 else 1.0)
            refused.append((f"{wish.agent}: {wish.kind} ({reason})", horizon.begins[offset], price))
    bill.add("refused wishes", refused)
    return pd.DataFrame(records, columns=list(COLUMNS)).astype(
        {"time_min": "Int64", "weight": float, "granted": bool}
    )
