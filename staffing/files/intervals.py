"""The interval length of a history, found in its stamps and then held against each of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

INTERVALS_MIN = (5, 10, 15, 20, 30, 60)
INTERVALS_ACCEPTED = "starts every 5, 10, 15, 20, 30 or 60 minutes of the local clock, counted from midnight"

# Share of the stamps that may lie off a grid for it to be the grid: a few stray stamps in a file of half
# hours are defects of half-hour data, they do not make it five-minute data.
_STRAY_SHARE = 0.1


@dataclass(frozen=True)
class Grid:
    """What the stamps of one queue turned out to be.

    Attributes
    ----------
    interval_min
        Length of an interval; 0 if none fits.
    stray
        Stamps off the grid, bool, shape ``(rows,)``.
    problem
        Why there is no interval length, or empty.
    """

    interval_min: int
    stray: np.ndarray
    problem: str = ""


def infer_grid(starts: pd.DatetimeIndex) -> Grid:
    """Interval length of one queue's interval starts.

    The longest accepted length whose local wall-clock grid holds at least 90 % of the stamps, provided
    that some neighbours really are that far apart and that the grid is regular in elapsed time too
    (an hourly grid is not, in a zone whose clock moves by half an hour).

    Parameters
    ----------
    starts
        Zone-aware interval starts in any order, without repeats, shape ``(rows,)``, at least one.
    """
    none_stray = np.zeros(len(starts), dtype=bool)
    if len(starts) < 2:
        return Grid(0, none_stray, "one interval only, from which no interval length can be told")
    wall = starts.tz_localize(None).as_unit("s").asi8
    # A clock change of a whole number of minutes leaves the seconds of both clocks alike.
    elapsed = starts.tz_convert("UTC").tz_localize(None).as_unit("us").asi8
    off_second = elapsed % 60_000_000 != 0
    minute = wall // 60 % (24 * 60)
    for interval_min in sorted(INTERVALS_MIN, reverse=True):
        stray = off_second | (minute % interval_min != 0)
        if stray.mean() <= _STRAY_SHARE:
            break
    else:
        stray = off_second | (minute % min(INTERVALS_MIN) != 0)
        return Grid(0, stray, "irregular interval starts")
    on_grid = np.sort(elapsed[~stray]) // 60_000_000
    steps = np.diff(on_grid)
    if steps.min() != interval_min:
        return Grid(0, none_stray, f"interval starts {int(steps.min())} minutes apart")
    if (steps % interval_min).any():
        return Grid(
            0, none_stray, f"{interval_min}-minute intervals that the clock change shifts off their grid"
        )
    return Grid(interval_min, stray)
