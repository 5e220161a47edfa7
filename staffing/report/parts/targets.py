"""A queue's target in words, and the sizing assumptions behind its requirement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from staffing.report.quantities import count, duration, finite, number, percent
from staffing.report.tables import Table, queue_name, table
from staffing.report.week import Week

if TYPE_CHECKING:
    from staffing.plan.result import PlanResult
    from staffing.sizing.targets import QueueTarget

BINDING_WORDS = {
    "service_level": "service level",
    "asa_s": "average wait",
    "max_occupancy": "occupancy",
    "max_abandonment": "abandonment",
    "resolve_within_h": "time to resolve",
    "min_agents": "minimum while open",
}
CHANNEL_WORDS = {"ticket": "tickets", "email": "e-mail", "callback": "call-back"}


def target_words(target: QueueTarget) -> str:
    """``80 % answered within 20 s``, and every further limit."""
    share = percent(target.service_level, 0 if round(target.service_level * 100, 6).is_integer() else 1)
    if target.may_wait:
        limit = target.resolve_within_h
        parts = [
            f"{share} resolved within {number(limit, 0 if float(limit).is_integer() else 1)} opening hours"
            if finite(limit) and limit is not None
            else f"{share} resolved in time"
        ]
    else:
        parts = [f"{share} answered within {duration(target.answer_within_s)}"]
    if finite(target.asa_s):
        parts.append(f"average wait at most {duration(target.asa_s)}")
    if finite(target.max_occupancy):
        parts.append(f"occupancy at most {percent(target.max_occupancy, 0)}")
    if finite(target.max_abandonment):
        parts.append(f"abandonment at most {percent(target.max_abandonment)}")
    if target.target_over != "interval":
        parts[0] += f" over the {target.target_over}"
    if target.premium is not None:
        promise = target.premium
        parts.append(
            f"premium ({percent(promise.share, 0)} of the contacts) first, {percent(promise.service_level, 0)} "
            f"within {duration(promise.answer_within_s)}"
        )
    if target.confidence is not None:
        parts.append(f"sized to hold in {percent(target.confidence, 0)} of cases")
    if target.pool is not None:
        parts.append(f"people shared in the pool {target.pool}")
    if target.size_by == "value":
        parts.append("people added while the next one pays")
    return ", ".join(parts)


def _weighted(values: pd.Series, weights: pd.Series) -> float:
    usable = np.isfinite(values.astype(float)) & np.isfinite(weights.astype(float)) & (weights > 0)
    return float(np.average(values[usable], weights=weights[usable])) if usable.any() else float("nan")


def assumptions(result: PlanResult, week: Week) -> Table:
    """What the requirement of each queue assumes."""
    forecast, requirement = week.inside(result.forecast), week.inside(result.requirement)
    rows = []
    for queue in week.queues:
        target = result.targets[queue]
        handled = forecast[forecast["queue"] == queue]
        busy = handled[handled["contacts"] > 0]
        aht = _weighted(busy["aht_s"], busy["contacts"])
        low, high = (
            (float(busy["aht_s"].min()), float(busy["aht_s"].max())) if len(busy) else (np.nan, np.nan)
        )
        spread = f" ({duration(low)} to {duration(high)})" if finite(low) and round(high) > round(low) else ""
        if target.aht_s_by_concurrency is not None:
            levels = ", ".join(
                f"{k} at once {duration(v)}" for k, v in enumerate(target.aht_s_by_concurrency, 1)
            )
            spread += f"; {levels}"
        needed = requirement[requirement["queue"] == queue]
        rows.append(
            (
                queue_name(queue, week.colour(queue)),
                CHANNEL_WORDS.get(target.channel, target.channel),
                duration(aht, "no contacts expected") + spread,
                "patient: nobody hangs up"
                if not finite(target.patience_s)
                else f"{duration(target.patience_s)} on average",
                percent(target.shrinkage),
                count(target.concurrency, "contact") + " at once",
                count(target.min_agents, "person", "people"),
                number(needed["load_erlangs"].max(), 1, "no load")
                + (" (may wait)" if target.may_wait else ""),
            )
        )
    return table(
        "What the sizing assumes, per queue",
        (
            "Queue",
            "Channel",
            "Handling time, mean (range)",
            "Patience before hanging up",
            "Shrinkage",
            "Handled by one person",
            "Minimum while open",
            "Peak load, erlangs",
        ),
        rows,
        numeric=(7,),
        foot="Shrinkage is the share of rostered time lost to illness, training and the like. A load of "
        "one erlang is one "
        "person’s work without any pause. Everything is planned for the mean of the forecast; handling "
        "time is weighted "
        "by expected contacts.",
    )


def models(result: PlanResult, week: Week) -> Table:
    """Which forecast model and which queueing model stand behind each queue, and what binds."""
    forecast, requirement = week.inside(result.forecast), week.inside(result.requirement)
    rows = []
    for queue in week.queues:
        of_forecast = forecast.loc[forecast["queue"] == queue, "model"].dropna()
        needed = requirement[requirement["queue"] == queue]
        sized = needed.loc[needed["scheduled"] > 0, "model"].dropna().astype(str)
        binding = needed["binding_target"].fillna("").astype(str)
        counts = binding[~binding.isin(["", "closed"])].value_counts()
        words = ", ".join(
            f"{BINDING_WORDS.get(str(name), str(name).replace('_', ' '))} ({number(n)} intervals)"
            for name, n in sorted(counts.items())
        )
        rows.append(
            (
                queue_name(queue, week.colour(queue)),
                target_words(result.targets[queue]),
                ", ".join(dict.fromkeys(str(m) for m in of_forecast if str(m))) or "none",
                ", ".join(dict.fromkeys(m for m in sized if m)) or "none: never open with contacts",
                words or "none",
            )
        )
    return table(
        "Models used, per queue",
        ("Queue", "Target", "Forecast model", "Queueing model", "What decides the number of people"),
        rows,
    )
