"""Demand: how many people each queue needs in every slot of the horizon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedules.errors import InvalidSchedule


@dataclass(frozen=True)
class Demand:
    """Required staff on a regular grid of elapsed time.

    Parameters
    ----------
    queues
        Names, in a fixed order.
    starts
        Zone-aware slot starts, regular in elapsed time, from a local midnight to the next local
        midnight after the last day; a week has 167, 168 or 169 hours.
    required
        People at work (not on a break) per queue and slot, shape ``(queues, slots)``, >= 0,
        fractions allowed.
    holidays
        Local dates of public holidays inside the horizon (for premiums).
    carried
        People of shifts that began before the horizon and reach into it, per queue and slot, same
        shape; they are at work whatever the roster says and are paid elsewhere. ``None`` is nobody.
    """

    queues: tuple[str, ...]
    starts: pd.DatetimeIndex
    required: np.ndarray
    holidays: frozenset = frozenset()
    carried: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.starts.tz is None:
            raise InvalidSchedule("zone-aware slot starts expected, got naive times")
        if len(self.starts) < 2:
            raise InvalidSchedule(f"at least two slots expected, got {len(self.starts)}")
        steps = np.diff(self.starts.tz_convert("UTC").asi8)
        if not (steps == steps[0]).all():
            raise InvalidSchedule("slots regular in elapsed time expected")
        if self.starts[0] != self.starts[0].normalize():
            raise InvalidSchedule(f"a horizon from a local midnight expected, got {self.starts[0]}")
        if self.required.shape != (len(self.queues), len(self.starts)):
            raise InvalidSchedule(
                f"required of shape {(len(self.queues), len(self.starts))} expected, got {self.required.shape}"
            )
        if not np.isfinite(self.required).all() or (self.required < 0).any():
            raise InvalidSchedule("finite requirements >= 0 expected")
        if self.carried is not None and (
            self.carried.shape != self.required.shape
            or not np.isfinite(self.carried).all()
            or (self.carried < 0).any()
        ):
            raise InvalidSchedule("people carried in: finite counts >= 0 of the shape of required expected")

    @property
    def slot_min(self) -> int:
        """Length of a slot in minutes."""
        return int((self.starts[1] - self.starts[0]) / pd.Timedelta(minutes=1))

    @property
    def days(self) -> pd.DatetimeIndex:
        """Local midnights of the horizon's days."""
        return self.starts.normalize().unique()

    @classmethod
    def from_table(
        cls,
        table: pd.DataFrame,
        column: str = "scheduled",
        slot_min: int | None = None,
        holidays: frozenset = frozenset(),
    ) -> Demand:
        """Demand from a requirement table (columns ``queue``, ``start`` and ``column``).

        Intervals longer than ``slot_min`` are repeated over their slots.
        """
        wide = table.pivot(index="start", columns="queue", values=column).sort_index()
        wide = wide[list(dict.fromkeys(table["queue"]))]
        starts = pd.DatetimeIndex(wide.index)
        interval = starts[1] - starts[0]
        slot = interval if slot_min is None else pd.Timedelta(minutes=slot_min)
        if interval % slot != pd.Timedelta(0):
            raise InvalidSchedule(f"slots that divide the interval of {interval} expected, got {slot}")
        repeat = int(interval / slot)
        fine = pd.date_range(starts[0], periods=len(starts) * repeat, freq=slot)
        required = np.repeat(wide.to_numpy(dtype=float), repeat, axis=0).T
        return cls(tuple(wide.columns), fine, np.ascontiguousarray(required), holidays)
