"""The days and weeks of a horizon, on the wall clock and in elapsed minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.demand import Demand

WEEK_DAYS = 7


@dataclass(frozen=True)
class Horizon:
    """Local days of a demand; weeks are sevens from the first.

    Attributes
    ----------
    begins
        First slot of each day.
    begin_min
        Elapsed minutes from the first slot to each of them, and to the end: one entry more than days.
    """

    begins: tuple[pd.Timestamp, ...]
    begin_min: np.ndarray

    @classmethod
    def of(cls, demand: Demand) -> Horizon:
        """The horizon of a demand; a day whose midnight the clock skips begins with its first slot."""
        midnights = demand.starts.tz_localize(None).normalize()
        first = np.flatnonzero(np.append(True, midnights[1:] != midnights[:-1]))
        edges = np.append(first, len(demand.starts)) * float(demand.slot_min)
        return cls(tuple(demand.starts[first]), edges)

    @property
    def days(self) -> int:
        """Number of local days."""
        return len(self.begins)

    @property
    def weeks(self) -> int:
        """Number of weeks, a last one cut short included."""
        return -(-self.days // WEEK_DAYS)

    @property
    def first(self) -> date:
        """Date of the first day."""
        return self.begins[0].date()

    @property
    def week_edges_min(self) -> np.ndarray:
        """Elapsed minutes to the begin of each week and to the end, shape ``(weeks + 1,)``."""
        return np.append(self.begin_min[: self.days : WEEK_DAYS], self.begin_min[-1])

    def week_begin(self, week: int) -> pd.Timestamp:
        """First slot of a week."""
        return self.begins[week * WEEK_DAYS]

    def offset(self, day: date) -> int | None:
        """Position of a date in the horizon, ``None`` outside."""
        position = (day - self.first).days
        return position if 0 <= position < self.days else None


def days_worked(shifts: pd.DataFrame, people: int, horizon: Horizon) -> np.ndarray:
    """Whether a shift of each person starts on each day, shape ``(people, days)``."""
    worked = np.zeros((people, horizon.days), dtype=bool)
    worked[shifts["agent_no"].to_numpy(dtype=int), shifts["day"].to_numpy(dtype=int)] = True
    return worked


def leave_days(agents: Sequence[Agent], horizon: Horizon) -> np.ndarray:
    """Days of approved leave in each week of each person, shape ``(people, weeks)``."""
    leave = np.zeros((len(agents), horizon.weeks))
    for number, agent in enumerate(agents):
        for day in agent.leave:
            offset = horizon.offset(day)
            if offset is not None:
                leave[number, offset // WEEK_DAYS] += 1
    return leave


def paid_hours(shifts: pd.DataFrame, people: int, horizon: Horizon) -> np.ndarray:
    """Paid hours of the shifts that start in each week of each person, shape ``(people, weeks)``."""
    hours = np.zeros((people, horizon.weeks))
    week = shifts["day"].to_numpy(dtype=int) // WEEK_DAYS
    np.add.at(hours, (shifts["agent_no"].to_numpy(dtype=int), week), shifts["paid_h"].to_numpy(dtype=float))
    return hours
