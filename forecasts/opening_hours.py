"""Opening hours: when contacts can come at all. Closed is neither zero nor missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from forecasts.errors import ForecastError
from forecasts.grid import interval_of, validate

DAY_MIN = 1440
RECENT_DAYS = 91
OPEN_SHARE = 0.10
OPEN_VOLUME = 0.02


@dataclass(frozen=True)
class OpeningHours:
    """Weekly opening hours in local wall-clock time, and single closed days.

    Parameters
    ----------
    weekly
        Weekday (Monday = 0) to periods ``(from, until)`` in minutes after local midnight,
        ``0 <= from < 1440``, ``from < until``; ``until`` beyond 1440 reaches into the next day.
        A weekday that is not named is closed.
    closed_days
        Local dates on which nothing opens. A period that began the evening before still runs out.
    """

    weekly: Mapping[int, Sequence[tuple[int, int]]]
    closed_days: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        for weekday, periods in self.weekly.items():
            if weekday not in range(7):
                raise ForecastError(f"weekday in 0 … 6 expected, got {weekday!r}")
            for since, until in periods:
                if not (0 <= since < DAY_MIN and since < until <= 2 * DAY_MIN):
                    raise ForecastError(
                        f"opening hours with 0 <= from < 1440 and from < until <= 2880 minutes expected, "
                        f"got {since} to {until} on weekday {weekday}"
                    )

    @classmethod
    def always(cls) -> OpeningHours:
        """Open around the clock."""
        return cls(dict.fromkeys(range(7), ((0, DAY_MIN),)))

    @classmethod
    def learn(cls, contacts: pd.Series) -> OpeningHours:
        """Opening hours seen in a history.

        A weekday × interval is open if, over the last 13 weeks, at least a tenth of its recorded days
        had contacts or its mean volume reaches 2 % of a busy interval's. A single closed interval
        between open ones is open. Times after the history are assumed to follow the same hours.
        """
        series = validate(contacts)
        index = pd.DatetimeIndex(series.index)
        step = interval_of(index)
        wall = index.tz_localize(None).to_numpy().astype("datetime64[m]")
        days = wall.astype("datetime64[D]")
        cell = (wall - days[0]).astype(np.int64) // step
        weekday = (np.arange(days[0], days[-1] + np.timedelta64(1, "D")).astype(np.int64) + 3) % 7
        return cls.learn_regular(series.to_numpy(), cell, weekday, step)

    @classmethod
    def learn_regular(
        cls, values: np.ndarray, cell: np.ndarray, weekday: np.ndarray, step: int
    ) -> OpeningHours:
        """:meth:`learn` of counts on a checked grid.

        Parameters
        ----------
        values, cell
            Counts in the order of time, and their flat positions ``day * slots + slot``, shape ``(n,)``.
        weekday
            Of each day, shape ``(days,)``.
        step
            Minutes of an interval.
        """
        slots = DAY_MIN // step
        recent = cell >= cell[-1] - RECENT_DAYS * slots
        values, cell = values[recent], cell[recent]
        cell = weekday[cell // slots] * slots + cell % slots
        known = ~np.isnan(values)
        if not known.any():
            raise ForecastError("at least one recorded interval expected, got missing values only")
        days = np.bincount(cell[known], minlength=7 * slots)
        seen = np.bincount(cell[known], weights=values[known] > 0, minlength=7 * slots)
        volume = np.bincount(cell[known], weights=values[known], minlength=7 * slots)
        mean = np.divide(volume, days, out=np.zeros(7 * slots), where=days > 0)
        share = np.divide(seen, days, out=np.zeros(7 * slots), where=days > 0)
        # A quiet queue has few intervals with contacts at any hour: volume decides there, share elsewhere.
        busy = np.quantile(mean[mean > 0], 0.9) if (mean > 0).any() else 0.0
        is_open = (mean > 0) & ((share >= OPEN_SHARE) | (mean >= OPEN_VOLUME * busy))
        is_open |= np.roll(is_open, 1) & np.roll(is_open, -1)
        return cls(
            {
                day: periods
                for day in range(7)
                if (periods := _periods(is_open[day * slots : (day + 1) * slots], step))
            }
        )

    def week(self, interval_min: int) -> np.ndarray:
        """Open weekday × interval, bool, shape ``(7, 1440 / interval_min)``; any open minute opens it."""
        minutes = np.zeros(8 * DAY_MIN + DAY_MIN, dtype=bool)
        for weekday, periods in self.weekly.items():
            for since, until in periods:
                minutes[weekday * DAY_MIN + since : weekday * DAY_MIN + until] = True
        minutes[:DAY_MIN] |= minutes[7 * DAY_MIN : 8 * DAY_MIN]
        return np.asarray(
            minutes[: 7 * DAY_MIN].reshape(7, DAY_MIN // interval_min, interval_min).any(axis=2)
        )

    def day_mask(self, days: np.ndarray, interval_min: int) -> np.ndarray:
        """Open day × wall-clock interval, bool, shape ``(days, 1440 / interval_min)``."""
        weekday = (days.astype("datetime64[D]").astype(int) + 3) % 7
        mask = self.week(interval_min)[weekday]
        if self.closed_days:
            closed = np.isin(
                days.astype("datetime64[D]"), np.array(sorted(self.closed_days), dtype="datetime64[D]")
            )
            overnight = self._overnight(interval_min)[weekday]
            after_closed = np.concatenate([[False], closed[:-1]])
            mask = np.where(closed[:, None], overnight & ~after_closed[:, None], mask)
            mask = np.where(
                (after_closed & ~closed)[:, None], mask & ~self._only_overnight(interval_min)[weekday], mask
            )
        return mask

    def mask(self, index: pd.DatetimeIndex) -> np.ndarray:
        """Whether each interval start is open, bool, shape ``(n,)``, by local wall-clock time."""
        if len(index) == 0:
            return np.zeros(0, dtype=bool)
        wall = index.tz_localize(None)
        minute = (wall.hour * 60 + wall.minute).to_numpy()
        days = wall.to_numpy().astype("datetime64[D]")
        unique, place = np.unique(days, return_inverse=True)
        # Consecutive days, so that the day after a closed one is known even where the index skips days.
        day = np.timedelta64(1, "D")
        first = unique[0] - day
        span = np.arange(first, unique[-1] + day)
        return self.day_mask(span, 5)[(unique - first).astype(int)[place], minute // 5]

    def _overnight(self, interval_min: int) -> np.ndarray:
        """What of each weekday is open because the evening before runs over midnight."""
        spill = {
            d: [(0, u - DAY_MIN) for _, u in periods if u > DAY_MIN] for d, periods in self.weekly.items()
        }
        return OpeningHours({(d + 1) % 7: p for d, p in spill.items() if p}).week(interval_min)

    def _only_overnight(self, interval_min: int) -> np.ndarray:
        own = {d: [(s, min(u, DAY_MIN)) for s, u in periods] for d, periods in self.weekly.items()}
        return self._overnight(interval_min) & ~OpeningHours(own).week(interval_min)


def _periods(is_open: np.ndarray, step: int) -> tuple[tuple[int, int], ...]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_open.astype(int), [0]])))
    return tuple((int(a) * step, int(b) * step) for a, b in zip(edges[::2], edges[1::2], strict=True))
