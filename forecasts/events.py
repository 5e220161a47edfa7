"""Events that a planner knows of: promotions, mailings, price changes, with a given or a learned uplift."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecasts.cleaning import nearby_median
from forecasts.day_matrix import DayMatrix
from forecasts.errors import ForecastError
from forecasts.opening_hours import DAY_MIN

COLUMNS = ("name", "start", "end")
# A learned uplift counts as if this many expected contacts had shown no uplift at all.
SHRINK_CONTACTS = 50.0
UPLIFT_RANGE = (-0.95, 9.0)


def event_factors(
    events: pd.DataFrame, matrix: DayMatrix, history_days: int
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Factor on contacts of each day × interval, shape ``(days, slots)``, and notes.

    Parameters
    ----------
    events
        Columns ``name``, ``start``, ``end`` and optional ``uplift`` (0.2 = 20 % more contacts; empty: learn it from
        past events of the same name). Local times; an ``end`` at midnight is a date and counts whole.

    Raises
    ------
    ForecastError
        A missing column, a date that is not one, an end before its start, an uplift outside −0.95 … 9.
    """
    missing = [column for column in COLUMNS if column not in events.columns]
    if missing:
        raise ForecastError(
            f"events with columns {', '.join(COLUMNS)} expected, {', '.join(missing)} missing"
        )
    factors = np.ones(matrix.open.shape)
    notes: list[str] = []
    if events.empty:
        return factors, ()
    expected = nearby_median(matrix)
    spans = [_span(row, matrix) for _, row in events.iterrows()]
    names = events["name"].astype(str).tolist()
    given = events["uplift"].tolist() if "uplift" in events.columns else [np.nan] * len(events)
    for name, cells, uplift in zip(names, spans, given, strict=True):
        if not cells.any():
            notes.append(f"event {name!r} lies outside history and horizon and changes nothing")
            continue
        if pd.isna(uplift):
            past = np.any([span for other, span in zip(names, spans, strict=True) if other == name], axis=0)
            uplift, note = _learned(name, past, matrix, expected, history_days)
            notes.append(note)
        try:
            uplift = float(uplift)
        except (TypeError, ValueError):
            raise ForecastError(f"event {name!r}: a number as uplift expected, got {uplift!r}") from None
        if not UPLIFT_RANGE[0] <= uplift <= UPLIFT_RANGE[1]:
            raise ForecastError(f"event {name!r}: uplift in [-0.95, 9] expected, got {uplift:g}")
        factors[cells] *= 1 + uplift
    return factors, tuple(dict.fromkeys(notes))


def _learned(
    name: str, past: np.ndarray, matrix: DayMatrix, expected: np.ndarray, history_days: int
) -> tuple[float, str]:
    known = past & ~np.isnan(matrix.contacts) & ~np.isnan(expected)
    known[history_days:] = False
    usual = float(expected[known].sum())
    if usual <= 0:
        return 0.0, f"event {name!r} has no past to learn an uplift from: 0 % used"
    ratio = (float(matrix.contacts[known].sum()) + SHRINK_CONTACTS) / (usual + SHRINK_CONTACTS)
    uplift = float(np.clip(ratio - 1, *UPLIFT_RANGE))
    return uplift, f"event {name!r}: uplift of {uplift:+.0%} learned from {usual:.0f} usual contacts"


def _span(row: pd.Series, matrix: DayMatrix) -> np.ndarray:
    times: list[pd.Timestamp] = []
    for column in ("start", "end"):
        try:
            stamp = pd.Timestamp(row[column])
        except (ValueError, TypeError):
            stamp = pd.Timestamp("NaT")
        if pd.isna(stamp):
            raise ForecastError(
                f"event {row['name']!r}: a date or time as {column} expected, got {row[column]!r}"
            )
        times.append(stamp.tz_localize(None))
    start, end = times
    if end == end.normalize():
        end += pd.Timedelta(days=1)
    if end <= start:
        raise ForecastError(
            f"event {row['name']!r}: start <= end expected, got {row['start']} to {row['end']}"
        )
    midnight = matrix.calendar.days.astype("datetime64[m]")[:, None]
    wall = midnight + (np.arange(matrix.slots) * (DAY_MIN // matrix.slots)).astype("timedelta64[m]")
    return (wall >= start.to_datetime64()) & (wall < end.to_datetime64())
