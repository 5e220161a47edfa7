"""The requirement of queues whose target is over a day or a week."""

from __future__ import annotations

import numpy as np

from staffing.sizing.forecast_rows import ForecastRows
from staffing.sizing.live import LiveRows
from staffing.sizing.period import allocate

# How far above the period's target one interval may go to make up for another: to a fiftieth of
# the share that may be late.
_BEYOND = 0.02
_NEXT_TO_NOTHING = 1e-6


def periods(rows: ForecastRows, queue: int, mine: np.ndarray) -> np.ndarray:
    """Number of the period of each row ``mine`` of a queue, from 0."""
    if rows.targets[queue].target_over == "week":
        return np.zeros(mine.size, dtype=np.int64)
    return np.unique(rows.day[mine], return_inverse=True)[1].astype(np.int64)


def require_over_period(
    rows: ForecastRows, queue: int, mine: np.ndarray, live: LiveRows, floor: int
) -> tuple[np.ndarray, np.ndarray]:
    """Whole agents and binding target of one queue's rows with contacts.

    Parameters
    ----------
    rows
        The forecast.
    queue, mine
        Number of the queue and its rows with contacts.
    live
        The same rows with the contacts that are to be sized.
    floor
        Fewest agents of an interval.
    """
    target = rows.targets[queue]
    level = target.service_level
    least_level = min(max(target.least_interval_level, _NEXT_TO_NOTHING), level)
    least, _, binding = live.require(np.full(mine.size, least_level))
    least = np.maximum(least, floor)
    most, _, _ = live.require(np.full(mine.size, 1.0 - _BEYOND * (1.0 - level)))
    period = periods(rows, queue, mine)
    agents = allocate(
        weight=live.contacts,
        period=period,
        least=least,
        most=np.maximum(most, least),
        target=np.full(period.max() + 1, level),
        level_of=lambda n, some: live.rows(some).perform(n).service_level,
    )
    named = np.where(agents > least, f"service_level_{target.target_over}", binding.astype(object))
    named[(agents == floor) & (floor > 0)] = "min_agents"
    return agents, named
