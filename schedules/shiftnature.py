"""What a shift is to the rules: a night, a late one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from schedules.rules import NightWindow
from schedules.timegrid import TimeGrid

_DAY_MIN = 24 * 60


def night_shifts(grid: TimeGrid, window: NightWindow) -> np.ndarray:
    """Whether each shift has enough minutes inside the window, on the wall clock, breaks included."""
    minute = (grid.starts.hour * 60 + grid.starts.minute).to_numpy().astype(np.int64)
    wraps = window.from_min > window.until_min
    parts = (
        [(window.from_min, _DAY_MIN), (0, window.until_min)]
        if wraps
        else [(window.from_min, window.until_min)]
    )
    inside = np.zeros(len(minute), dtype=np.int64)
    for begin, until in parts:
        inside += np.clip(np.minimum(minute + grid.slot_min, until) - np.maximum(minute, begin), 0, None)
    total = np.concatenate(([0], np.cumsum(inside)))
    return total[grid.start + grid.length] - total[grid.start] >= window.at_least_min


def wall_end_min(grid: TimeGrid) -> np.ndarray:
    """End of each shift on the wall clock, minutes after the midnight on whose day it starts; may pass 1440."""
    step = pd.Timedelta(minutes=grid.slot_min)
    wall = pd.date_range(grid.starts[0], periods=len(grid.starts) + 1, freq=step).tz_localize(None)
    minutes = ((wall - wall[0]).total_seconds().to_numpy() // 60).astype(np.int64)
    # On the wall clock a day has 1440 minutes, whatever elapses.
    return minutes[grid.start + grid.length] - grid.day * _DAY_MIN
