"""Forecast and requirement on the grid of a simulation: one row per queue, one column per interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.sizing.forecast_rows import ForecastRows, instants, require_columns
from staffing.sizing.path_service import PathService
from staffing.sizing.targets import QueueTarget


@dataclass(frozen=True)
class WeekGrid:
    """Where each table row lies on the grid, and what the forecast says there.

    Attributes
    ----------
    queues, starts
        Axes of the grid.
    targets
        Target of each queue.
    contacts, aht_s, is_open
        The mean forecast as it reaches the agents, shape ``(queues, intervals)``.
    interval_h
        Length of an interval in hours.
    """

    queues: tuple[str, ...]
    starts: pd.DatetimeIndex
    targets: tuple[QueueTarget, ...]
    contacts: np.ndarray
    aht_s: np.ndarray
    is_open: np.ndarray
    interval_h: float

    @classmethod
    def of(
        cls,
        service: PathService,
        forecast: pd.DataFrame,
        targets: Mapping[str, QueueTarget],
        interval_min: int,
    ) -> WeekGrid:
        """Put a forecast on the grid of a simulated service.

        Raises
        ------
        ValueError
            On a forecast that cannot be used, or that lacks a queue or interval of the grid.
        """
        rows = ForecastRows.of(forecast, targets, interval_min)
        names = np.array([target.queue for target in rows.targets], dtype=object)
        queues = names[rows.code] if rows.code.size else names
        row, column = _place(service.queues, service.starts, queues, rows.instant)
        inside = (row >= 0) & (column >= 0)
        shape = (len(service.queues), len(service.starts))
        seen = np.zeros(shape, dtype=bool)
        seen[row[inside], column[inside]] = True
        if not seen.all():
            queue, interval = np.argwhere(~seen)[0]
            raise ValueError(
                f"forecast: a row for queue {service.queues[queue]!r} at {service.starts[interval]} expected, got none"
            )

        def laid(values: np.ndarray) -> np.ndarray:
            out = np.zeros(shape, dtype=values.dtype)
            out[row[inside], column[inside]] = values[inside]
            return out

        return cls(
            queues=service.queues,
            starts=service.starts,
            targets=tuple(targets[queue] for queue in service.queues),
            contacts=laid(rows.contacts),
            aht_s=laid(rows.aht_s),
            is_open=laid(rows.is_open),
            interval_h=interval_min / 60.0,
        )

    def cells(self, table: pd.DataFrame, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Row and column of each row of a table with ``queue, start``.

        Raises
        ------
        ValueError
            On a row outside the grid: a roster or requirement of another week.
        """
        require_columns(table, ("queue", "start"), name)
        row, column = _place(self.queues, self.starts, table["queue"].to_numpy(), instants(table["start"]))
        outside = np.flatnonzero((row < 0) | (column < 0))
        if outside.size:
            first = table.iloc[outside[0]]
            raise ValueError(
                f"{name}: queues {list(self.queues)} and starts from {self.starts[0]} to {self.starts[-1]} expected, "
                f"got {first['queue']!r} at {first['start']}"
            )
        return row, column

    def covered(self, coverage: pd.DataFrame, slot_min: int) -> np.ndarray:
        """People on shift per queue and interval, the mean over the interval's slots."""
        start = pd.DatetimeIndex(coverage["start"])
        width = int(self.interval_h * 3600e9)
        instant = instants(coverage["start"])
        offset = (instant - instants(pd.Series(self.starts[:1]))[0]) % width
        whole = coverage.assign(start=start - pd.to_timedelta(offset, unit="ns"))
        row, column = self.cells(whole, "coverage")
        out = np.zeros((len(self.queues), len(self.starts)))
        np.add.at(out, (row, column), whole["scheduled"].to_numpy(dtype=float))
        return out * slot_min / (60.0 * self.interval_h)


def _place(
    queues: tuple[str, ...], starts: pd.DatetimeIndex, queue: np.ndarray, instant: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    row_of = {name: index for index, name in enumerate(queues)}
    row = np.array([row_of.get(name, -1) for name in queue], dtype=np.int64)
    grid = instants(pd.Series(starts))
    column = np.searchsorted(grid, instant)
    known = (column < grid.size) & (grid[np.minimum(column, grid.size - 1)] == instant)
    return row, np.where(known, column, -1)
