"""A plan's forecast on one grid of intervals, and its queues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.sizing.forecast_rows import ForecastRows, instants
from staffing.sizing.simulation.queues import Premium, Redial, SimulatedQueue
from staffing.sizing.simulation.times import HandlingTime, PatienceTime
from staffing.sizing.targets import QueueTarget

NANOSECONDS = 1_000_000_000  # of a second


@dataclass(frozen=True)
class PlanGrid:
    """Forecast on one regular grid of intervals for all queues; times in nanoseconds of UTC."""

    rows: ForecastRows
    origin: int
    length_ns: int
    intervals: int
    place: np.ndarray
    starts: pd.DatetimeIndex
    days: tuple[str, ...]

    @classmethod
    def of(cls, forecast: pd.DataFrame, targets: Mapping[str, QueueTarget], interval_min: int) -> PlanGrid:
        rows = ForecastRows.of(forecast, targets, interval_min)
        if not rows.code.size:
            raise ValueError("forecast: at least one row expected, got none")
        length = interval_min * 60 * NANOSECONDS
        origin = int(rows.instant.min())
        place = ((rows.instant - origin) // length).astype(np.int64)
        count = int(place.max()) + 1
        starts = pd.DatetimeIndex(
            rows.start[int(np.argmin(rows.instant))]
            + pd.to_timedelta(np.arange(count) * interval_min, unit="min")
        )
        return cls(rows, origin, length, count, place, starts, tuple(starts.strftime("%Y-%m-%d")))

    def on_grid(self, code: int, values: np.ndarray, missing: float) -> np.ndarray:
        """One queue's values on the grid."""
        mine = self.rows.code == code
        out = np.full(self.intervals, missing)
        out[self.place[mine]] = values[mine]
        return out

    def queue(
        self,
        code: int,
        name: str,
        sample: np.ndarray | None,
        variation: float,
        patience: PatienceTime | None,
        redial: Redial | None,
        reserve: int,
    ) -> SimulatedQueue:
        """A queue as its target describes it."""
        target = self.rows.targets[code]
        contacts = self.on_grid(code, self.rows.contacts, 0.0)
        if sample is not None:
            contacts = self._paths(code, name, sample, target)
        aht_s = self.on_grid(code, self.rows.aht_s, 1.0)
        handling = (
            HandlingTime.constant(aht_s) if variation == 0 else HandlingTime.lognormal(aht_s, variation)
        )
        if variation == 1:
            handling = HandlingTime.exponential(aht_s)
        if patience is None and target.patience_s is not None and not target.may_wait:
            patience = PatienceTime.exponential(target.patience_s)
        return SimulatedQueue(
            name=name,
            contacts=contacts,
            given="rates" if sample is None else "counts",
            handling=handling,
            patience=PatienceTime.endless() if patience is None else patience,
            answer_within_s=target.answer_within_s,
            definition=target.definition,
            premium=None
            if target.premium is None
            else Premium(target.premium.share, target.premium.answer_within_s),
            redial=redial,
            concurrency=int(target.concurrency),
            aht_s_by_concurrency=target.aht_s_by_concurrency,
            background=reserve if target.may_wait else None,
            resolve_within_h=target.resolve_within_h if target.may_wait else None,
            is_open=self.on_grid(code, self.rows.is_open.astype(float), 0.0) > 0,
        )

    def _paths(self, code: int, name: str, sample: np.ndarray, target: QueueTarget) -> np.ndarray:
        """Sample paths on the grid, with what self-service leaves of each count."""
        paths, mine = np.asarray(sample), np.flatnonzero(self.rows.code == code)
        if paths.ndim != 2 or paths.shape[1] != mine.size or paths.shape[0] < 1:
            raise ValueError(
                f"samples of {name!r}: shape (paths >= 1, {mine.size} intervals) expected, got {paths.shape}"
            )
        out = np.zeros((paths.shape[0], self.intervals), dtype=np.int64)
        kept = 1.0 - target.workload.self_service_share
        counts = paths.astype(np.int64)
        if kept < 1.0:
            # Each contact on its own; the seed is fixed so that the same paths stay the same.
            counts = np.random.default_rng(code).binomial(counts, kept)
        out[:, self.place[mine]] = np.where(self.rows.is_open[mine], counts, 0)
        return out

    def seconds(self, times: pd.Series) -> np.ndarray:
        """Seconds from the first interval."""
        return (instants(times) - self.origin) / NANOSECONDS
