"""What a planner must know of a roster's coverage, in sentences: nobody there, days missed, staff too many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from schedules.agents import Agent
from staffing.sizing.targets import QueueTarget

SHOWN = 4
MUCH_SURPLUS = 0.25


def coverage_notes(
    coverage: pd.DataFrame, service: pd.DataFrame, targets: Mapping[str, QueueTarget], slot_min: int
) -> list[str]:
    """Sentences about stretches without anybody, days that miss their target, and a large surplus.

    Parameters
    ----------
    coverage
        ``queue, start, required, scheduled`` per roster slot.
    service
        ``queue, day, service_level, met`` per day and for the week.
    """
    notes = []
    for queue, target in targets.items():
        rows = coverage[coverage["queue"] == queue]
        empty = rows[(rows["required"] > 0) & (rows["scheduled"] == 0)]
        if len(empty):
            hours = len(empty) * slot_min / 60
            when = _listed(_stretches(pd.DatetimeIndex(empty["start"]), slot_min))
            notes.append(f"{queue}: nobody is at work for {hours:.1f} h in which somebody is needed: {when}.")
        days = service[(service["queue"] == queue) & (service["day"] != "week")]
        missed = days[~days["met"].astype(bool)]
        if len(missed):
            each = [
                f"{pd.Timestamp(row['day']):%a %d %b} {row['service_level']:.1%}"
                for row in missed.to_dict("records")
            ]
            miss = "day misses" if len(missed) == 1 else "days miss"
            notes.append(
                f"{queue}: {len(missed)} {miss} the target of {target.service_level:.0%} or another of its limits: "
                f"{_listed(each)}."
            )
    required = float(coverage["required"].sum()) * slot_min / 60
    surplus = float((coverage["scheduled"] - coverage["required"]).clip(lower=0).sum()) * slot_min / 60
    if surplus > MUCH_SURPLUS * max(required, 1.0):
        notes.append(
            f"{surplus:,.1f} agent-hours are rostered above the {required:,.1f} required: by the lengths of shifts, "
            "the hours of contracts, or a search that was ended early."
        )
    return notes


def priced_notes(priced: pd.DataFrame) -> list[str]:
    """Sentences about rules between people that are not kept and meetings that somebody misses.

    Parameters
    ----------
    priced
        ``rule, what, when, amount`` of the independent check.
    """
    told = {"presence": "presence not kept", "pairs": "pairs not kept", "activities": "missed"}
    notes = []
    for rule, words in told.items():
        rows = priced[priced["rule"] == rule]
        if len(rows):
            each = [f"{row.what}, {row.when:%a %d %b %H:%M}" for row in rows.itertuples()]
            notes.append(f"{words}: {'; '.join(each[:SHOWN])}{_more(len(each))} (all of it in priced.csv).")
    return notes


def _more(count: int) -> str:
    return f" and {count - SHOWN} more" if count > SHOWN else ""


def queues_without_skill(
    coverage: pd.DataFrame, agents: Sequence[Agent], targets: Mapping[str, QueueTarget]
) -> list[str]:
    """Queues that need staff and that nobody can work on."""
    skilled = {skill for agent in agents for skill in agent.skills}
    needed = coverage.groupby("queue")["required"].max()
    return [queue for queue in targets if needed.get(queue, 0.0) > 0 and queue not in skilled]


def _stretches(starts: pd.DatetimeIndex, slot_min: int) -> list[str]:
    step = pd.Timedelta(minutes=slot_min)
    texts, first, last = [], starts[0], starts[0]
    for start in [*starts[1:], None]:
        if start is not None and start - last == step and start.date() == first.date():
            last = start
            continue
        texts.append(f"{first:%a %d %b %H:%M}–{last + step:%H:%M}")
        if start is not None:
            first = last = start
    return texts


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(texts[:SHOWN]) + _more(len(texts))
