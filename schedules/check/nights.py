"""Which shifts are night shifts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schedules.demand import Demand
from schedules.rules import NightWindow, Rules


def night_shifts(shifts: pd.DataFrame, rules: Sequence[Rules], demand: Demand) -> np.ndarray:
    """Whether enough of each shift, start to end, lies inside its person's night window.

    Elapsed minutes are counted by what the wall clock shows in them, so that the hour which a clock
    change repeats counts twice and the one that it skips not at all.
    """
    night = np.zeros(len(shifts), dtype=bool)
    if not len(shifts):
        return night
    minutes = int(np.ceil(shifts["end_min"].max()))
    clock = pd.date_range(demand.starts[0], periods=minutes, freq="1min")
    wall_min = np.asarray(clock.hour * 60 + clock.minute)
    windows: dict[NightWindow, int] = {}
    own = np.array([windows.setdefault(person.night, len(windows)) for person in rules], dtype=int)
    window_no = own[shifts["agent_no"].to_numpy(dtype=int)]
    for window, number in windows.items():
        of_window = window_no == number
        after, before = wall_min >= window.from_min, wall_min < window.until_min
        inside = after & before if window.from_min < window.until_min else after | before
        reached = np.append(0.0, np.cumsum(inside))
        begin, end = (shifts.loc[of_window, name].to_numpy(dtype=float) for name in ("start_min", "end_min"))
        grid = np.arange(len(reached))
        counted = np.interp(end, grid, reached) - np.interp(begin, grid, reached)
        night[of_window] = counted >= window.at_least_min - 1e-6
    return night
