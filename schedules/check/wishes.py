"""Which wishes a roster grants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from schedules.agents import Wish
from schedules.check.shape import clock
from schedules.demand import Demand

COLUMNS = ("agent", "kind", "day", "time_min", "weight", "granted", "reason")


def judge(wish: Wish, starts: list[pd.Timestamp]) -> tuple[bool, str]:
    """Whether the shifts that start on the wish's day grant it, and what they are."""
    if not starts:
        return wish.kind != "work", "no shift that day"
    minutes = [start.hour * 60 + start.minute + start.second / 60 for start in starts]
    reason = "shift starts " + ", ".join(clock(minute) for minute in minutes)
    if wish.kind == "day_off":
        return False, reason
    if wish.time_min is None:  # a wish for a time carries one, so this is a wish to work
        return True, reason
    if wish.kind == "start_from":
        return min(minutes) >= wish.time_min, reason
    return max(minutes) <= wish.time_min, reason


def judge_all(wishes: Sequence[Wish], shifts: pd.DataFrame, demand: Demand) -> pd.DataFrame:
    """``agent, kind, day, time_min, weight, granted, reason`` of the wishes inside the horizon."""
    first, last = demand.starts[0].date(), demand.starts[-1].date()
    started: dict[tuple[str, date], list[pd.Timestamp]] = {}
    for agent, day, start in zip(shifts["agent"], shifts["date"], shifts["start"], strict=True):
        started.setdefault((agent, day), []).append(start)
    records = [
        (wish.agent, wish.kind, wish.day, wish.time_min, wish.weight, *judged)
        for wish in wishes
        if first <= wish.day <= last
        for judged in [judge(wish, started.get((wish.agent, wish.day), []))]
    ]
    return pd.DataFrame(records, columns=list(COLUMNS)).astype(
        {"time_min": "Int64", "weight": float, "granted": bool}
    )


def refused_weight(judged: pd.DataFrame) -> float:
    """Sum of the weights of refused wishes."""
    return float(judged.loc[~judged["granted"], "weight"].sum())
