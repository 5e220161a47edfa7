"""The objective of a roster, taken apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from schedules.cover import shortage_cost
from schedules.rules import Prices
from schedules.timegrid import TimeGrid
from schedules.tourarrays import FORM, SHIFT, TourSpace

PARTS = (
    "wages",
    "premiums",
    "shortage",
    "surplus",
    "refused_wishes",
    "overtime",
    "shift_fees",
    "target_hours",
    "fairness",
    "team_rules",
    "activities",
    "changes",
)


def pay_parts(grid: TimeGrid, space: TourSpace, tours: np.ndarray, share: np.ndarray) -> dict[str, float]:
    """Wages and premiums of all tours; ``share`` is the premium share per extended slot."""
    wages = premiums = 0.0
    share_sum = np.concatenate(([0.0], np.cumsum(share)))
    for agent, tour in enumerate(tours):
        wage = float(space.wage[space.people[agent, FORM]])
        for day in np.flatnonzero(tour[:, 0] >= 0):
            shift = int(space.options[tour[day, 0], SHIFT])
            pattern = grid.patterns[grid.pattern[shift]]
            begin, end = int(grid.start[shift]), int(grid.start[shift] + grid.length[shift])
            wages += wage * (end - begin)
            premiums += wage * float(share_sum[end] - share_sum[begin])
            for j, (length, paid) in enumerate(zip(pattern.length, pattern.paid, strict=True)):
                if not paid:
                    slot = int(tour[day, 1 + j])
                    wages -= wage * length
                    premiums -= wage * float(share_sum[slot + length] - share_sum[slot])
    return {"wages": wages, "premiums": premiums}


def coverage_parts(coverage: pd.DataFrame, prices: Prices, slot_h: float) -> dict[str, float]:
    """Shortage and surplus."""
    gap = coverage["gap"].to_numpy(dtype=float)
    required = coverage["required"].to_numpy(dtype=float)
    return {
        "shortage": float(shortage_cost(np.maximum(-gap, 0.0), required, prices).sum() * slot_h),
        "surplus": float(np.maximum(gap, 0.0).sum() * prices.surplus_per_hour * slot_h),
    }
