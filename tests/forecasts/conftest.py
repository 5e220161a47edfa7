"""A small queue whose truth is known: weekday × time-of-day rates, Mon–Fri 08:00–18:00, and Saturdays till noon."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

WEEKDAY_LEVEL = np.array([1.3, 1.1, 1.0, 1.0, 0.9, 0.5, 0.0])


def true_rate(index: pd.DatetimeIndex, level: float = 40.0) -> np.ndarray:
    """Expected contacts of each half-hour; 0 while closed."""
    wall = index.tz_localize(None)
    hour = wall.hour.to_numpy() + wall.minute.to_numpy() / 60
    weekday = wall.day_of_week.to_numpy()
    is_open = (hour >= 8) & (hour < np.where(weekday == 5, 12, 18)) & (weekday < 6)
    shape = 1 + 0.4 * np.sin((hour - 8) / 10 * np.pi)
    return np.where(is_open, level * WEEKDAY_LEVEL[weekday] * shape, 0.0)


def queue(
    weeks: int, seed: int = 1, zone: str | None = "Europe/Berlin", first: str = "2025-01-06"
) -> pd.Series:
    """Poisson counts around :func:`true_rate`; closed half-hours are NaN."""
    end = pd.Timestamp(first) + pd.Timedelta(days=7 * weeks)
    index = pd.date_range(pd.Timestamp(first, tz=zone), end.tz_localize(zone), freq="30min", inclusive="left")
    rate = true_rate(index)
    counts = np.random.default_rng(seed).poisson(rate).astype(float)
    return pd.Series(np.where(rate > 0, counts, np.nan), index=index, name="contacts")


@pytest.fixture(scope="session")
def half_year() -> pd.Series:
    return queue(26)
