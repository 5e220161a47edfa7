"""What an unfair share of weekends, late shifts and refused wishes costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.check.horizon import WEEK_DAYS, Horizon
from schedules.check.priced import Bill
from schedules.check.weekends import weekends_worked
from schedules.teams import Fairness


def ahead(agents: Sequence[Agent], count: str) -> np.ndarray:
    """What each person brings of a count of ``Agent.before`` above the least that anybody brings."""
    brought = np.array([getattr(agent.before, count) for agent in agents], dtype=float)
    return brought - (brought.min() if len(brought) else 0.0)


def price_fairness(
    shifts: pd.DataFrame, agents: Sequence[Agent], fairness: Fairness, horizon: Horizon, bill: Bill
) -> None:
    """Weekends of the horizon and late shifts of each week, dearer for those who bring more of them."""
    if fairness.weekend:
        worked = weekends_worked(shifts, len(agents), horizon).astype(float)
        amount = fairness.weekend * steps(ahead(agents, "weekends"), worked)
        bill.add(
            "fairness",
            [
                (
                    f"{agents[number].id}: {worked[number]:g} weekends worked",
                    horizon.begins[0],
                    amount[number],
                )
                for number in np.flatnonzero(amount).tolist()
            ],
        )
    if fairness.late_shift:
        late = np.zeros((len(agents), horizon.weeks))
        of_late = shifts[shifts["wall_end_min"] > fairness.late_after_min]
        week = of_late["day"].to_numpy(dtype=int) // WEEK_DAYS
        np.add.at(late, (of_late["agent_no"].to_numpy(dtype=int), week), 1.0)
        amount = fairness.late_shift * steps(ahead(agents, "late_shifts")[:, None], late)
        bill.add(
            "fairness",
            [
                (
                    f"{agents[number].id}: {late[number, week]:g} late shifts in the week",
                    horizon.week_begin(week),
                    amount[number, week],
                )
                for number, week in np.argwhere(amount)
            ],
        )


def steps(brought: np.ndarray, count: np.ndarray) -> np.ndarray:
    """``b k + k (k - 1) / 2``: each further one costs one more than the last, from what was brought."""
    return brought * count + count * (count - 1.0) / 2.0
