"""A forecast table as checked arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.sizing.targets import QueueTarget
from staffing.sizing.workload import Workload

INTERVALS_MIN = (5, 10, 15, 20, 30, 60)


def instants(starts: pd.Series) -> np.ndarray:
    """Times as nanoseconds of UTC, whatever their zone and resolution."""
    index = pd.DatetimeIndex(starts)
    if index.tz is not None:
        index = index.tz_convert("UTC").tz_localize(None)
    return index.as_unit("ns").asi8


def require_columns(table: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    """Raise ValueError where ``table`` lacks a column."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise ValueError(f"{name}: columns {list(columns)} expected, got none named {missing[0]!r}")


@dataclass(frozen=True)
class ForecastRows:
    """Arrays of one length, in the table's order.

    Attributes
    ----------
    targets
        Targets of the queues that occur, in order of first appearance.
    code
        Index into ``targets`` of each row.
    start, instant
        Interval starts as they came, and as nanoseconds of UTC.
    day
        Local days as whole numbers that order them.
    contacts, aht_s
        Volume for the agents, 0 where closed, and its handling time, 1 where there is none:
        after self-service, stages and dialling.
    is_open
        Whether the queue is open.
    dispersion_interval, dispersion_day
        Squared coefficients of variation of the rate; NaN where the forecast does not say.
    """

    targets: tuple[QueueTarget, ...]
    code: np.ndarray
    start: pd.DatetimeIndex
    instant: np.ndarray
    day: np.ndarray
    contacts: np.ndarray
    aht_s: np.ndarray
    is_open: np.ndarray
    dispersion_interval: np.ndarray
    dispersion_day: np.ndarray

    @property
    def has_dispersion(self) -> bool:
        """Whether every row knows how uncertain its rate is."""
        return not (np.isnan(self.dispersion_interval).any() or np.isnan(self.dispersion_day).any())

    def each(self, values: Sequence[float]) -> np.ndarray:
        """One value per queue, in the order of ``targets``, as one per row."""
        return np.array(values, dtype=float)[self.code] if self.code.size else np.zeros(0)

    @classmethod
    def of(
        cls, forecast: pd.DataFrame, targets: Mapping[str, QueueTarget], interval_min: int
    ) -> ForecastRows:
        """Check a forecast with ``queue, start, contacts, aht_s`` and, where known, ``open``,
        ``dispersion_interval`` and ``dispersion_day``.

        Raises
        ------
        ValueError
            On a missing column, a queue without targets, a repeated interval, contacts that are
            negative or missing while open, or contacts without a handling time > 0.
        """
        if interval_min not in INTERVALS_MIN:
            raise ValueError(f"interval_min in {INTERVALS_MIN} expected, got {interval_min!r}")
        require_columns(forecast, ("queue", "start", "contacts", "aht_s"), "forecast")
        code, names = pd.factorize(forecast["queue"])
        for name in names:
            if name not in targets:
                raise ValueError(f"targets for queue {name!r} expected, got {sorted(targets)}")
        start = pd.DatetimeIndex(forecast["start"])
        instant = instants(forecast["start"])
        pairs = np.lexsort((instant, code))
        repeated = (np.diff(code[pairs]) == 0) & (np.diff(instant[pairs]) == 0)
        if repeated.any():
            row = pairs[1:][repeated][0]
            raise ValueError(
                f"each interval of a queue once expected, got {names[code[row]]!r} {start[row]} twice"
            )
        contacts = forecast["contacts"].to_numpy(dtype=float)
        aht_s = forecast["aht_s"].to_numpy(dtype=float)
        is_open = np.ones(len(forecast), dtype=bool)
        if "open" in forecast.columns:
            is_open = forecast["open"].to_numpy(dtype=bool)
        contacts = np.where(~is_open & ~np.isfinite(contacts), 0.0, contacts)

        def reject(bad: np.ndarray, expected: str, values: np.ndarray) -> None:
            if bad.any():
                row = int(np.flatnonzero(bad)[0])
                raise ValueError(
                    f"queue {names[code[row]]!r} at {start[row]}: {expected} expected, got {values[row]}"
                )

        reject(~np.isfinite(contacts) | (contacts < 0), "contacts >= 0", contacts)
        busy = contacts > 0
        reject(busy & (~np.isfinite(aht_s) | (aht_s <= 0)), "aht_s > 0 with contacts", aht_s)
        # Live contacts cannot arrive while closed; a ticket may, and waits for the doors to open.
        chosen = tuple(targets[str(name)] for name in names)
        deferred = np.array([target.may_wait for target in chosen], dtype=bool)
        kept = is_open | deferred[code] if len(names) else is_open
        spread = [_dispersion(forecast, name) for name in ("dispersion_interval", "dispersion_day")]
        for name, values in zip(("dispersion_interval", "dispersion_day"), spread, strict=True):
            reject((values < 0) | np.isinf(values), f"{name} >= 0", values)
        contacts, aht_s = _to_agents(chosen, code, contacts, aht_s)
        return cls(
            targets=chosen,
            code=code,
            start=start,
            instant=instant,
            day=_local_days(start),
            contacts=np.where(kept, contacts, 0.0),
            aht_s=np.where(busy, aht_s, 1.0),
            is_open=is_open,
            dispersion_interval=spread[0],
            dispersion_day=spread[1],
        )


def _dispersion(forecast: pd.DataFrame, name: str) -> np.ndarray:
    if name not in forecast.columns:
        return np.full(len(forecast), np.nan)
    return forecast[name].to_numpy(dtype=float)


def _to_agents(
    targets: Sequence[QueueTarget], code: np.ndarray, contacts: np.ndarray, aht_s: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Contacts and handling time after each queue's self-service, stages and dialling."""
    usual = Workload()
    for index, target in enumerate(targets):
        if target.workload != usual:
            mine = np.flatnonzero(code == index)
            contacts, aht_s = contacts.copy(), aht_s.copy()
            contacts[mine] = target.workload.contacts(contacts[mine])
            aht_s[mine] = target.workload.aht_s(aht_s[mine])
    return contacts, aht_s


def _local_days(start: pd.DatetimeIndex) -> np.ndarray:
    # A thousand queues share their starts: work on the different ones only.
    code, different = pd.factorize(start)
    index = pd.DatetimeIndex(different)
    if index.tz is not None:
        index = index.tz_localize(None)
    return index.as_unit("s").asi8[code] // 86_400 if len(index) else np.zeros(0, dtype=np.int64)
