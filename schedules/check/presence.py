"""Rules about when a person is there at all: availability, days off, leave, absences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.check.ledger import Ledger
from schedules.check.report import Violation
from schedules.check.shape import clock

DAY_MIN = 24 * 60


def check_presence(shifts: pd.DataFrame, agents: Sequence[Agent], ledger: Ledger) -> None:
    """Each shift against what its person has declared.

    Availability and leave are read on the wall clock, absences in elapsed time.
    """
    declares = [
        agent.availability is not None or bool(agent.days_off or agent.leave or agent.absences)
        for agent in agents
    ]
    concerned: Iterable[Any] = shifts[np.array(declares, dtype=bool)[shifts["agent_no"]]].itertuples()
    for shift in concerned:
        for rule, broken, allowed in judgements(shift, agents[shift.agent_no]):
            found = f"shift {shift.start} to {shift.end}"
            ledger.record(
                rule, 1, [Violation(rule, shift.agent, shift.start, found, allowed)] if broken else []
            )


def judgements(shift: Any, agent: Agent) -> Iterator[tuple[str, bool, str]]:
    """Rule, whether it is broken, and what it allows, for each rule that concerns this person."""
    if agent.availability is not None:
        windows = [window for window in agent.availability if window.weekday == shift.weekday]
        inside = any(
            window.from_min <= shift.wall_min and shift.wall_end_min <= window.until_min for window in windows
        )
        told = ", ".join(f"{clock(window.from_min)}–{clock(window.until_min)}" for window in windows)
        yield "availability", not inside, f"inside {told}" if told else "not available that day"
    if agent.days_off:
        yield "days off", shift.date in agent.days_off, "no shift that starts on an agreed day off"
    if agent.leave:
        # The last day touched is that of the last moment worked: an end at midnight touches no more.
        last = shift.date + timedelta(days=int(np.ceil(shift.wall_end_min / DAY_MIN)) - 1)
        touched = any(shift.date <= day <= last for day in agent.leave)
        yield "leave", touched, "no shift that touches a day of leave"
    if agent.absences:
        met = [gone for gone in agent.absences if shift.start < gone.end and gone.start < shift.end]
        told = ", ".join(f"{gone.start} to {gone.end} ({gone.reason})" for gone in met)
        yield "absence", bool(met), f"no shift that overlaps {told}"
