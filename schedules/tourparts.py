"""What a tour costs besides pay: wishes, overtime, fees, hours off the target, unfair shares, changes; part by part."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from schedules.tourarrays import (
    DAILY_FROM,
    FIRST_OPTION,
    FORM,
    KEPT_FREE,
    LATE,
    LATE_BROUGHT,
    LATE_PRICE,
    OVERTIME_FROM,
    OVERTIME_PRICE,
    PAID,
    SHIFT_FEE,
    TARGET_PRICE,
    WEEKEND_BROUGHT,
    WEEKEND_PRICE,
    WISH_ROW,
    TourSpace,
)

PART_NAMES = ("refused_wishes", "overtime", "shift_fees", "target_hours", "fairness", "changes")
_WISHES, _OVERTIME, _FEES, _TARGET, _FAIRNESS, _CHANGES = range(6)


@njit(cache=True)
def tour_parts(space: Any, agent: int, tour: np.ndarray, parts: np.ndarray) -> None:
    """Add the parts of one tour to ``parts``, in the order of ``PART_NAMES``."""
    form = space.people[agent, FORM]
    first = space.form_first[form, FIRST_OPTION]
    row = space.people[agent, WISH_ROW]
    terms = space.terms
    minutes, late, weekends, last_weekend = 0, 0, 0, -1
    for day in range(space.days):
        option = tour[day, 0]
        if row >= 0:
            begin = space.wish_ptr[row]
            if option < 0:
                parts[_WISHES] += space.wish_off[row, day]
            elif space.wish_ptr[row + 1] > begin:
                parts[_WISHES] += space.wish_cost[begin + option - first]
            if len(space.held) > 0:
                now = KEPT_FREE if option < 0 else option - first
                if space.held[row, day] != now:
                    parts[_CHANGES] += space.change_price
        if option >= 0:
            paid = space.options[option, PAID]
            minutes += paid
            parts[_FEES] += terms[form, SHIFT_FEE]
            parts[_OVERTIME] += max(0.0, paid - terms[form, DAILY_FROM]) * terms[form, OVERTIME_PRICE]
            if space.options[option, LATE]:
                parts[_FAIRNESS] += terms[form, LATE_PRICE] * (terms[form, LATE_BROUGHT] + late)
                late += 1
            if space.weekend[day] >= 0 and space.weekend[day] != last_weekend:
                last_weekend = space.weekend[day]
                parts[_FAIRNESS] += terms[form, WEEKEND_PRICE] * (terms[form, WEEKEND_BROUGHT] + weekends)
                weekends += 1
        if day % 7 == 6 or day == space.days - 1:
            over = max(0.0, minutes - terms[form, OVERTIME_FROM])
            parts[_OVERTIME] += over * terms[form, OVERTIME_PRICE]
            parts[_TARGET] += abs(minutes - space.target[form, day // 7]) * terms[form, TARGET_PRICE]
            minutes, late = 0, 0


@njit(cache=True)
def _all_parts(space: Any, tours: np.ndarray, parts: np.ndarray) -> None:
    for agent in range(len(tours)):
        tour_parts(space, agent, tours[agent], parts)


def people_parts(space: TourSpace, tours: np.ndarray) -> dict[str, float]:
    """Sum over all people of what their tours cost besides pay, part by part; tours ``(people, days, 1 + breaks)``."""
    parts = np.zeros(len(PART_NAMES))
    _all_parts(space, tours, parts)
    return dict(zip(PART_NAMES, parts.tolist(), strict=True))
