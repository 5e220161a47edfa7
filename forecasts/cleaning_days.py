"""A cleaned history day by day: what was recorded, what is used, and what was found; the data of a picture."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecasts.cleaning import CLOSED_DAY, EXCLUDED, GAP, OUTAGE, OUTLIER, WORDS, Cleaned
from forecasts.day_matrix import cells
from forecasts.level_shifts import level_shifts

# The first of these that a day shows is its mark: what leaves more of it out comes first.
INTERVAL_MARKS = (CLOSED_DAY, OUTAGE, EXCLUDED, OUTLIER, GAP)
LEVEL_SHIFT, UNUSUAL_DAY = "level shift", "unusual day"


def by_day(cleaned: Cleaned) -> pd.DataFrame:
    """One row for each local day of a cleaned history.

    Returns
    -------
    DataFrame(day, contacts, used, marked, mark, holiday): ``contacts`` recorded and ``used`` kept, NaN where nothing
    was recorded or kept; ``marked`` open intervals that are missing or left out; ``mark`` is ``""``, ``closed day``,
    ``outage``, ``excluded``, ``outlier``, ``gap``, ``level shift`` (its first day) or ``unusual day``, the first of
    these that the day shows; ``holiday`` is the public holiday's name or ``""``. A holiday without any record is one,
    and no gap.
    """
    calendar = cleaned.matrix.calendar
    days, slots = len(calendar), cleaned.matrix.slots
    index = pd.DatetimeIndex(cleaned.series.index)
    row = cells(index, calendar.days[0], cleaned.matrix.interval_min) // slots

    def total(values: np.ndarray) -> np.ndarray:
        known = ~np.isnan(values)
        sums = np.bincount(row[known], values[known], days)
        return np.where(np.bincount(row[known], minlength=days) > 0, sums, np.nan)

    counts = {mark: np.bincount(row[cleaned.kind == mark], minlength=days) for mark in INTERVAL_MARKS}
    words = np.full(days, "", dtype=object)
    words[cleaned.unusual] = UNUSUAL_DAY
    for shift in level_shifts(cleaned.matrix):
        words[int((shift.day - calendar.days[0]).astype(int))] = LEVEL_SHIFT
    for mark in reversed(INTERVAL_MARKS):
        words[counts[mark] > 0] = WORDS[mark]
    contacts = total(cleaned.recorded)
    words[calendar.is_holiday & np.isnan(contacts)] = ""
    return pd.DataFrame(
        {
            "day": calendar.days.astype("datetime64[s]"),
            "contacts": contacts,
            "used": total(cleaned.series.to_numpy()),
            "marked": sum(counts.values()),
            "mark": words.astype(str),
            "holiday": calendar.holiday.astype(str),
        }
    )
