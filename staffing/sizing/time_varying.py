"""A given schedule evaluated in time for every queue of a plan, over the mean forecast or over its paths."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from staffing.sizing.forecast_rows import ForecastRows, instants, require_columns
from staffing.sizing.live import LiveRows
from staffing.sizing.path_service import PathService
from staffing.sizing.targets import QueueTarget
from staffing.sizing.transient import ShiftEnd, transient
from staffing.sizing.transient_run import TransientService


def has_transient(target: QueueTarget) -> bool:
    """Whether the transient evaluation knows a queue: one contact at a time, no classes, no deadline."""
    return target.channel in ("phone", "callback") and target.premium is None and target.pool is None


def service_in_time(
    staff: pd.DataFrame,
    forecast: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    interval_min: int,
    slot_min: int,
    *,
    rates: Mapping[str, np.ndarray] | None = None,
    at_shift_end: ShiftEnd = "finish",
) -> PathService:
    """Service of a schedule whose queues have people of their own, with what is carried over.

    Parameters
    ----------
    staff
        ``queue, start, scheduled`` per roster slot, as for ``evaluate``; shrinkage is taken off here.
    forecast, targets, interval_min, slot_min
        As for ``evaluate``; the queues share their interval starts.
    rates
        Expected contacts per queue as they reach the agents, shape ``(paths, intervals)`` in order of time, the
        same number of paths for each; by default one path, the forecast's mean.
    at_shift_end
        See ``transient``.

    Returns
    -------
    PathService
        Expectations over the chance of arrivals and handling, one row per path of rates. Queues that the
        transient evaluation does not know (chat, deferred work, premium customers, pools) are taken interval by
        interval as stationary; deferred work is left out.

    Raises
    ------
    ValueError
        On input that cannot be used.
    """
    if slot_min <= 0 or interval_min % slot_min:
        raise ValueError(f"slot_min that divides interval_min {interval_min} expected, got {slot_min!r}")
    require_columns(staff, ("queue", "start", "scheduled"), "staff")
    rows = ForecastRows.of(forecast, targets, interval_min)
    parts = []
    for index, target in enumerate(rows.targets):
        if target.may_wait:
            continue
        mine = np.flatnonzero(rows.code == index)
        mine = mine[np.argsort(rows.instant[mine], kind="stable")]
        given = rows.contacts[mine][None, :]
        if rates is not None:
            if target.queue not in rates:
                raise ValueError(f"rates for queue {target.queue!r} expected, got {sorted(rates)}")
            given = np.asarray(rates[target.queue], dtype=float)
            if given.ndim != 2 or given.shape[1] != mine.size or not given.shape[0]:
                raise ValueError(
                    f"rates of queue {target.queue!r}: shape (paths >= 1, {mine.size}) expected, got {given.shape}"
                )
        agents = (1.0 - target.shrinkage) * _people(
            staff, target.queue, rows.instant[mine], interval_min, slot_min
        )
        starts = pd.DatetimeIndex(rows.start[mine])
        parts.append(
            queue_in_time(target, starts, given, rows.aht_s[mine], agents, interval_min, at_shift_end)
        )
    if not parts:
        raise ValueError("a live queue expected, got none")
    return PathService.joined(parts)


def queue_in_time(
    target: QueueTarget,
    starts: pd.DatetimeIndex,
    rates: np.ndarray,
    aht_s: np.ndarray,
    agents: np.ndarray,
    interval_min: int,
    at_shift_end: ShiftEnd = "finish",
) -> PathService:
    """One queue with agents of its own.

    Parameters
    ----------
    target, starts
        The queue and its interval starts.
    rates
        Expected contacts, shape ``(paths, intervals)``.
    aht_s
        Per interval.
    agents
        At work per slot, shape ``(intervals * k,)`` for slots of a k-th of an interval.
    interval_min, at_shift_end
        As for ``service_in_time``.
    """
    per = agents.size // starts.size
    slot_s = 60.0 * interval_min / per
    fine = np.repeat(rates, per, axis=1) / per
    handling = np.repeat(aht_s, per)
    if has_transient(target):
        found = transient(
            fine, agents, handling, slot_s, patience_s=target.patience_s,
            answer_within_s=target.answer_within_s, definition=target.definition, at_shift_end=at_shift_end,
        )  # fmt: skip
    else:
        found = stationary_service(target, fine, agents, handling, slot_s)

    def summed(values: np.ndarray) -> np.ndarray:
        return values.reshape(rates.shape[0], 1, starts.size, per).sum(axis=3)

    answered = np.maximum(found.offered - found.abandoned, 0.0)
    return PathService(
        queues=(target.queue,),
        starts=starts,
        offered=summed(found.offered),
        counted=summed(found.counted),
        in_time=summed(found.in_time),
        abandoned=np.minimum(summed(found.abandoned), summed(found.offered)),
        wait_s=summed(found.wait_s),
        busy_h=summed(found.busy_s) / 3600.0,
        staffed_h=summed(found.present_s) / 3600.0,
        resolution_s=summed(found.wait_s + answered * handling),
        rates=rates[:, None, :],
        engine="transient evaluation" + ("" if rates.shape[0] == 1 else f", {rates.shape[0]} paths"),
    )


def _people(
    staff: pd.DataFrame, queue: str, instant: np.ndarray, interval_min: int, slot_min: int
) -> np.ndarray:
    own = staff[staff["queue"] == queue]
    given = pd.Series(own["scheduled"].to_numpy(dtype=float), index=instants(own["start"]))
    if (given < 0).any() or not np.isfinite(given).all():
        raise ValueError(f"staff: scheduled >= 0 expected, got {given.min()}")
    if given.index.has_duplicates:
        raise ValueError("staff: each slot of a queue once expected, got a repeated one")
    steps = np.arange(interval_min // slot_min, dtype=np.int64) * slot_min * 60_000_000_000
    slots = (instant[:, None] + steps[None, :]).reshape(-1)
    return given.reindex(slots).fillna(0.0).to_numpy(dtype=float)


def stationary_service(
    target: QueueTarget, contacts: np.ndarray, agents: np.ndarray, aht_s: np.ndarray, slot_s: float
) -> TransientService:
    """Every slot in equilibrium, as counts; arguments as for ``transient``, ``contacts (paths, slots)``."""
    paths, slots = contacts.shape
    flat = contacts.reshape(-1)
    busy = np.flatnonzero(flat > 0)
    staff, handling = np.tile(agents, paths), np.tile(aht_s, paths)
    level, gone, wait, used = (np.zeros(flat.size) for _ in range(4))
    if busy.size:
        live = LiveRows((target,), np.zeros(busy.size, dtype=np.int64), flat[busy], handling[busy], slot_s)
        found = live.perform(staff[busy])
        level[busy], used[busy] = found.service_level, np.nan_to_num(found.occupancy, nan=1.0)
        gone[busy] = np.nan_to_num(found.abandonment)
        # A line without equilibrium waits as long as the slot lasts, at least.
        wait[busy] = np.minimum(np.nan_to_num(found.asa_s, nan=slot_s, posinf=slot_s), 100.0 * slot_s)
    present = staff * slot_s
    counts = {
        "offered": flat,
        "counted": flat,
        "in_time": flat * np.clip(level, 0.0, 1.0),
        "abandoned": flat * gone,
        "wait_s": flat * (1.0 - gone) * wait,
        "busy_s": used * present,
        "present_s": present,
        "waiting": np.zeros(flat.size),
    }
    return TransientService(
        **{name: value.reshape(paths, slots) for name, value in counts.items()}, limited=False
    )
