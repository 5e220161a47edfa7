"""A planner is told where nobody works, which days miss, and what is too much."""

from __future__ import annotations

import pandas as pd

from schedules.agents import Agent, Contract
from staffing.plan.coverage_notes import coverage_notes, priced_notes, queues_without_skill
from staffing.sizing.targets import QueueTarget

TARGETS = {"phone": QueueTarget("phone"), "chat": QueueTarget("chat", channel="chat")}


def coverage(required: list[float], scheduled: list[float], queue: str = "phone") -> pd.DataFrame:
    starts = pd.date_range("2026-11-28 09:00", periods=len(required), freq="30min", tz="Europe/Berlin")
    return pd.DataFrame({"queue": queue, "start": starts, "required": required, "scheduled": scheduled})


def service(*levels: float) -> pd.DataFrame:
    days = [f"2026-11-{23 + number}" for number in range(len(levels))]
    return pd.DataFrame(
        {"queue": "phone", "day": days, "service_level": levels, "met": [level >= 0.8 for level in levels]}
    )


def test_stretches_without_anybody_are_named_once_each() -> None:
    (note,) = coverage_notes(coverage([2, 2, 2, 0, 2], [0, 0, 2, 0, 0]), service(0.9), TARGETS, 30)
    assert note == (
        "phone: nobody is at work for 1.5 h in which somebody is needed: "
        "Sat 28 Nov 09:00–10:00, Sat 28 Nov 11:00–11:30."
    )


def test_days_that_miss_are_told_even_where_the_week_meets() -> None:
    (note,) = coverage_notes(coverage([1], [1]), service(0.95, 0.0, 0.9), TARGETS, 30)
    assert note.startswith("phone: 1 day misses the target of 80%")
    assert "Tue 24 Nov 0.0%" in note


def test_much_surplus_is_told_and_little_is_not() -> None:
    assert coverage_notes(coverage([4], [5]), service(0.9), TARGETS, 30) == []
    (note,) = coverage_notes(coverage([4], [6]), service(0.9), TARGETS, 30)
    assert note.startswith("1.0 agent-hours are rostered above the 2.0 required")


def test_a_queue_that_nobody_can_work_on_is_found() -> None:
    agent = Agent("ann", Contract("full", ("day",), 0, 40, 0, 5, 20.0), frozenset({"phone"}))
    needed = pd.concat([coverage([1], [1]), coverage([1], [0], "chat")])
    assert queues_without_skill(needed, [agent], TARGETS) == ["chat"]
    assert queues_without_skill(coverage([1], [1]), [agent], TARGETS) == []


def test_what_is_only_priced_is_named_with_its_time() -> None:
    when = pd.Timestamp("2026-11-25 09:00", tz="Europe/Berlin")
    rows = [("activities", f"Team: missed by p{number}", when, 10.0) for number in range(6)]
    rows.append(("overtime", "p1: 2 h", when, 5.0))
    (note,) = priced_notes(pd.DataFrame(rows, columns=["rule", "what", "when", "amount"]))
    assert "Team: missed by p0, Wed 25 Nov 09:00" in note
    assert "and 2 more" in note
    assert "priced.csv" in note
    assert priced_notes(pd.DataFrame(columns=["rule", "what", "when", "amount"])) == []
