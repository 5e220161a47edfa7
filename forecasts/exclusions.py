"""Stretches of history that a person excludes or keeps, and those that cleaning found, as a list to edit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecasts.day_matrix import DayMatrix
from forecasts.errors import ForecastError
from forecasts.opening_hours import DAY_MIN

COLUMNS = ("start", "end")
EXCLUDE, KEEP = "exclude", "keep"
LISTED = ("outage", "closed day", "outlier", "excluded")


def exclusion_masks(exclusions: pd.DataFrame, matrix: DayMatrix) -> tuple[np.ndarray, np.ndarray]:
    """Excluded and kept day × interval, bool, each of the shape of the matrix; an interval counts by its start.

    Parameters
    ----------
    exclusions
        Columns ``start``, ``end`` (local times, ``[start, end)``) and optional ``action``: ``exclude`` (default) or
        ``keep``, which shields from being marked. Where both hold, the later row decides.

    Raises
    ------
    ForecastError
        A missing column, a time that is not one, an end before its start, another action.
    """
    missing = [column for column in COLUMNS if column not in exclusions.columns]
    if missing:
        raise ForecastError(
            f"exclusions with columns {', '.join(COLUMNS)} expected, {', '.join(missing)} missing"
        )
    excluded, kept = np.zeros(matrix.open.shape, dtype=bool), np.zeros(matrix.open.shape, dtype=bool)
    midnight = matrix.calendar.days.astype("datetime64[m]")[:, None]
    wall = midnight + (np.arange(matrix.slots) * (DAY_MIN // matrix.slots)).astype("timedelta64[m]")
    for row in exclusions.to_dict("records"):
        start, end = _wall_time(row["start"]), _wall_time(row["end"])
        if end <= start:
            raise ForecastError(f"exclusions with start < end expected, got {start} to {end}")
        action = row.get("action", EXCLUDE)
        if action not in (EXCLUDE, KEEP):
            raise ForecastError(f"action {EXCLUDE} or {KEEP} expected, got {action!r}")
        cells = (wall >= start.to_datetime64()) & (wall < end.to_datetime64())
        excluded[cells], kept[cells] = action == EXCLUDE, action == KEEP
    return excluded, kept


def stretches(marks: pd.Series) -> pd.DataFrame:
    """What was left out of a history, as consecutive intervals of one kind: DataFrame(start, end, action, reason).

    Parameters
    ----------
    marks
        Per interval, ``Cleaned.marks``; outages, closed days, outliers and exclusions are listed.
    """
    index = pd.DatetimeIndex(marks.index)
    values = marks.to_numpy(dtype=object)
    wanted = np.isin(values.astype(str), LISTED)
    begins = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]) & wanted)
    ends = np.flatnonzero(np.concatenate([values[1:] != values[:-1], [True]]) & wanted)
    step = index[1] - index[0] if len(index) > 1 else pd.Timedelta(0)
    return pd.DataFrame(
        {
            "start": index[begins],
            "end": index[ends] + step,
            "action": EXCLUDE,
            "reason": [str(value) for value in values[begins]],
        }
    )


def _wall_time(value: object) -> pd.Timestamp:
    try:
        time = pd.Timestamp(value)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        time = pd.Timestamp("NaT")
    if pd.isna(time):
        raise ForecastError(f"a local time in exclusions expected, got {value!r}")
    return time.tz_localize(None)
