"""The long rest of each week."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.check.horizon import Horizon
from schedules.check.ledger import Ledger
from schedules.check.limits import TOLERANCE_H, limits
from schedules.check.report import Violation
from schedules.demand import Demand
from schedules.rules import Rules


def longest_rests_h(
    shifts: pd.DataFrame, agents: Sequence[Agent], demand: Demand, horizon: Horizon
) -> np.ndarray:
    """Elapsed hours of the longest stretch without a shift inside each week, shape ``(people, weeks)``.

    A shift that reaches into a week counts there as work, also the last one before the horizon.
    """
    edges = horizon.week_edges_min
    people, weeks = len(agents), horizon.weeks
    first = demand.starts[0]
    carried = [
        (number, (agent.last_shift_end - first) / pd.Timedelta(minutes=1))
        for number, agent in enumerate(agents)
        if agent.last_shift_end is not None and agent.last_shift_end > first
    ]
    person = np.append(shifts["agent_no"].to_numpy(dtype=int), [number for number, _ in carried]).astype(int)
    begin = np.append(shifts["start_min"].to_numpy(dtype=float), np.zeros(len(carried)))
    end = np.append(shifts["end_min"].to_numpy(dtype=float), [until for _, until in carried])

    # Every week of every person opens and closes with a moment of work, and each shift is cut at the weeks' edges.
    cell = np.arange(people * weeks)
    cells = [cell, cell]
    begins = [np.tile(edges[:-1], people), np.tile(edges[1:], people)]
    ends = list(begins)
    for week in range(weeks):
        low, high = edges[week], edges[week + 1]
        inside = (begin < high) & (end > low)
        cells.append(person[inside] * weeks + week)
        begins.append(np.maximum(begin[inside], low))
        ends.append(np.minimum(end[inside], high))
    cell, begin, end = np.concatenate(cells), np.concatenate(begins), np.concatenate(ends)
    order = np.lexsort((end, begin, cell))
    # Cells are set apart by more than a horizon, so that one running maximum serves them all.
    apart = cell[order] * (edges[-1] + 1.0)
    begin, end = begin[order] + apart, end[order] + apart
    gap = np.append(0.0, begin[1:] - np.maximum.accumulate(end)[:-1])
    opens = np.flatnonzero(np.append(True, np.diff(cell[order]) > 0))
    gap[opens] = 0.0
    return np.maximum.reduceat(gap, opens).reshape(people, weeks) / 60.0


def check_weekly_rest(
    shifts: pd.DataFrame,
    agents: Sequence[Agent],
    rules: Sequence[Rules],
    demand: Demand,
    horizon: Horizon,
    ledger: Ledger,
) -> None:
    """One rest long enough inside every week, from local midnight to local midnight."""
    least = limits(rules, "weekly_rest_h", 0.0)
    if not least.any():
        return
    rest_h = longest_rests_h(shifts, agents, demand, horizon)
    broken = np.argwhere(rest_h < least[:, None] - TOLERANCE_H)
    ledger.record(
        "weekly rest",
        int((least > 0).sum()) * horizon.weeks,
        [
            Violation(
                "weekly rest",
                agents[number].id,
                horizon.week_begin(week),
                f"{rest_h[number, week]:.4g} h without a shift at the longest",
                f"at least {least[number]:g} h in a row inside the week",
            )
            for number, week in broken
        ],
    )
