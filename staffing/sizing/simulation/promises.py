"""Whether targets hold in a simulation, and in how many of its paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from staffing.sizing.targets import QueueTarget

if TYPE_CHECKING:
    from staffing.sizing.simulation.result import Period, Simulated

_NOISE = 1e-9


def service_table(found: Simulated, targets: Mapping[str, QueueTarget], per: Period) -> pd.DataFrame:
    """See ``Simulated.service``."""
    unknown = [line.queue for line in found.lines if line.queue not in targets]
    if unknown:
        raise ValueError(f"a target for every queue expected, got none for {unknown[0]!r}")
    frames = []
    for queue in dict.fromkeys(line.queue for line in found.lines):
        periods: tuple[Period, ...] = ("day", "week") if per == "day" else (per,)
        frames += [_rows(found, targets[queue], queue, period) for period in periods]
    return pd.concat(frames, ignore_index=True)


def _rows(found: Simulated, target: QueueTarget, queue: str, per: Period) -> pd.DataFrame:
    # The standard customers' where there are premium ones, as in ``evaluate``.
    premium = target.premium is not None and any(
        line.queue == queue and line.customers == "premium" for line in found.lines
    )
    shown = found.table(per)
    own = shown[(shown["queue"] == queue) & (shown["customers"] == ("standard" if premium else "all"))]
    together = shown[(shown["queue"] == queue) & (shown["customers"] == "all")]
    levels = found.service_levels(queue, per, "standard" if premium else "all")
    ahead = found.service_levels(queue, per, "premium") if premium else None
    held = _held(found, target, queue, per, levels, ahead)
    share = held.mean(axis=0)
    name = "start" if per == "interval" else "day"
    table = pd.DataFrame(
        {
            "queue": queue,
            name: own[name].to_numpy(),
            "contacts": together["offered"].to_numpy(),
            "target": target.service_level,
            "service_level": own["service_level"].to_numpy(),
            "asa_s": together["asa_s"].to_numpy(),
            "occupancy": together["occupancy"].to_numpy(),
            "abandonment": together["abandonment"].to_numpy(),
        }
    )
    measures = {measure: table[measure].to_numpy() for measure in ("asa_s", "occupancy", "abandonment")}
    joint = np.array([np.nan])
    if premium:
        joint = shown.loc[
            (shown["queue"] == queue) & (shown["customers"] == "premium"), "service_level"
        ].to_numpy()
    table["met"] = _keeps(target, table["service_level"].to_numpy(), joint, measures)
    table["service_level_se"] = own["service_level_se"].to_numpy()
    table["met_probability"] = share
    table["met_probability_se"] = np.sqrt(share * (1.0 - share) / len(held))
    for point in (10, 50, 90):
        table[f"service_level_p{point}"] = _percentile(levels, point)
    return table


def _held(
    found: Simulated,
    target: QueueTarget,
    queue: str,
    per: Period,
    levels: np.ndarray,
    ahead: np.ndarray | None,
) -> np.ndarray:
    """Whether every target holds, per path and period."""

    def summed(values: np.ndarray) -> np.ndarray:
        return found.by_period(values, per)

    offered, answered = summed(found.of(queue, found.offered)), summed(found.of(queue, found.answered))
    busy, present = (summed(values) for values in found.occupancy_parts(queue))
    with np.errstate(invalid="ignore", divide="ignore"):
        measures = {
            "asa_s": np.where(
                answered > 0, summed(found.of(queue, found.wait_answered_s)) / answered, np.nan
            ),
            "occupancy": np.where(present > 0, busy / present, np.nan),
            "abandonment": summed(found.of(queue, found.abandoned)) / offered,
        }
    return _keeps(target, levels, np.full(1, np.nan) if ahead is None else ahead, measures)


def _keeps(
    target: QueueTarget, level: np.ndarray, premium: np.ndarray, measures: Mapping[str, np.ndarray]
) -> np.ndarray:
    """Every given target; nothing is missed where there were no contacts."""
    held = level >= target.service_level - _NOISE
    if target.premium is not None:
        held &= np.isnan(premium) | (premium >= target.premium.service_level - _NOISE)
    for name, limit in (
        ("asa_s", target.asa_s),
        ("occupancy", target.max_occupancy),
        ("abandonment", target.max_abandonment),
    ):
        if limit is not None:
            # NaN: nobody was answered or nobody was there, which is no way to keep a limit.
            held &= measures[name] <= limit * (1.0 + _NOISE)
    return np.isnan(level) | held


def _percentile(levels: np.ndarray, point: float) -> np.ndarray:
    """Percentile over the paths that had contacts; NaN without any."""
    out = np.full(levels.shape[1], np.nan)
    for number in range(levels.shape[1]):
        known = levels[:, number][~np.isnan(levels[:, number])]
        if known.size:
            out[number] = np.percentile(known, point)
    return out
