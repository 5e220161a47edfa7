"""The forecast of a plan's week: contacts and handling time of every queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from forecasts import Forecast, ForecastError, handling_time
from staffing.errors import BadInput
from staffing.files.schemas import CLEANING, CLEANING_DAYS, EXCLUSIONS, EXPLANATION, FORECAST, LEADERBOARD
from staffing.files.tables import settle
from staffing.plan.contacts import Contacts
from staffing.plan.grouping import grouped, totals
from staffing.plan.loading import Plan
from staffing.plan.overlay import lay_over
from staffing.plan.queue_forecast import QueueForecast, forecast_queue, of_queue
from staffing.plan.scoring import score_past_weeks

CLEANING_COLUMNS = list(CLEANING.names)


@dataclass(frozen=True)
class ForecastTables:
    """Forecast, backtest and cleaning of every queue, as the result of a plan wants them.

    ``beside`` holds the tables ``explanation``, ``exclusions``, ``totals``, ``score`` and ``cleaning_days`` by name.
    """

    forecast: pd.DataFrame
    leaderboard: pd.DataFrame
    cleaning: pd.DataFrame
    notes: tuple[str, ...]
    beside: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def forecast_week(plan: Plan, contacts: Contacts, on_progress: Callable[[str], None]) -> ForecastTables:
    """Forecast the week of every queue.

    Raises
    ------
    BadInput
        A history from which nothing can be forecast, with the queue's name.
    """
    queues = plan.settings.queues
    found: dict[str, QueueForecast] = {}
    # A queue that is like another one comes after it, whatever the plan's order.
    for position, queue in enumerate(sorted(queues, key=lambda name: queues[name].like is not None)):
        on_progress(f"forecast {queue} ({position + 1} of {len(queues)})")
        found[queue] = forecast_queue(plan, contacts, queue, found)
    notes: list[str] = []
    forecasts, groups, group_notes = grouped(
        plan, contacts, {queue: found[queue].forecast for queue in queues}, on_progress
    )
    horizon = _horizon(contacts)
    tables = []
    for queue, forecast in forecasts.items():
        table = forecast.table()
        if not pd.DatetimeIndex(table["start"]).equals(horizon):
            raise AssertionError("the forecast does not cover the planned week")
        aht_s, aht_notes = _handling_time(plan, contacts, queue, horizon)
        tables.append(table.assign(queue=queue, aht_s=np.where(table["open"], aht_s, np.nan)))
        notes.extend(f"{queue}: {note}" for note in (*forecast.notes, *aht_notes))
    whole, overlay_notes = lay_over(pd.concat(tables, ignore_index=True), contacts.overlay)
    whole = settle(whole, FORECAST)
    score, score_notes = score_past_weeks(plan, contacts)
    return ForecastTables(
        forecast=whole,
        leaderboard=settle(_leaderboard(forecasts), LEADERBOARD),
        cleaning=settle(_cleaning(contacts, found), CLEANING),
        notes=(*notes, *group_notes, *overlay_notes, *score_notes),
        beside={
            "explanation": _explanation(forecasts, whole),
            "exclusions": _exclusions(plan, contacts, found),
            "totals": totals(plan, whole, groups),
            "score": score,
            "cleaning_days": settle(
                pd.concat([found[queue].days.assign(queue=queue) for queue in queues], ignore_index=True),
                CLEANING_DAYS,
            ),
        },
    )


def _horizon(contacts: Contacts) -> pd.DatetimeIndex:
    starts = pd.DatetimeIndex(contacts.table["start"])
    step = starts[1] - starts[0]
    return pd.date_range(contacts.week_start, contacts.week_end, freq=step, inclusive="left")


def _leaderboard(forecasts: Mapping[str, Forecast]) -> pd.DataFrame:
    boards = []
    for queue, forecast in forecasts.items():
        board = forecast.backtest.assign(queue=queue)
        board["reason"] = np.where(board["chosen"], forecast.reason, "")
        if board.empty:
            # A borrowed forecast was not tested, and says so in its place.
            row = {
                "queue": queue,
                "model": forecast.model,
                "origins": 0,
                "chosen": True,
                "reason": forecast.reason,
            }
            board = pd.DataFrame([{**row, "wape": np.nan, "bias": np.nan, "coverage_80": np.nan}])
        boards.append(board)
    return pd.concat(boards, ignore_index=True)


def _cleaning(contacts: Contacts, found: Mapping[str, QueueForecast]) -> pd.DataFrame:
    findings = [contacts.findings, *(one.findings.assign(queue=queue) for queue, one in found.items())]
    parts = [table[CLEANING_COLUMNS] for table in findings if len(table)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=CLEANING_COLUMNS)


def _explanation(forecasts: Mapping[str, Forecast], whole: pd.DataFrame) -> pd.DataFrame:
    """Level and factors per queue and day; the overlay is a factor too."""
    parts = []
    for queue, forecast in forecasts.items():
        rows = whole[whole["queue"] == queue]
        day = pd.DatetimeIndex(rows["start"]).tz_localize(None).normalize()
        by_day = rows[["contacts", "contacts_untouched"]].groupby(np.asarray(day)).sum()
        effects = forecast.explain().drop(columns="contacts", errors="ignore")
        effects = (
            effects.set_index("day").reindex(by_day.index)
            if len(effects)
            else pd.DataFrame(index=by_day.index)
        )
        laid = by_day["contacts"].to_numpy() / np.maximum(by_day["contacts_untouched"].to_numpy(), 1e-9)
        touched = by_day["contacts_untouched"].to_numpy() > 0
        table = effects.assign(
            queue=queue,
            day=by_day.index,
            contacts=by_day["contacts"],
            overlay=np.where(touched, laid, np.nan),
        )
        parts.append(table.reindex(columns=list(EXPLANATION.names)))
    return settle(pd.concat(parts, ignore_index=True), EXPLANATION)


def _exclusions(plan: Plan, contacts: Contacts, found: Mapping[str, QueueForecast]) -> pd.DataFrame:
    """What was left out and what a person wants kept, as a file to edit and to give back."""
    zone = plan.settings.plan.timezone
    given = contacts.exclusions
    parts = [one.excluded.assign(queue=queue) for queue, one in found.items() if len(one.excluded)]
    if given is not None:
        for queue in plan.settings.queues:
            kept = of_queue(given[given["action"] == "keep"], queue)
            parts += [] if kept is None else [kept.assign(queue=queue)]
    if not parts:
        return settle(pd.DataFrame(columns=list(EXCLUSIONS.names)), EXCLUSIONS)
    table = pd.concat([part[list(EXCLUSIONS.names)] for part in parts], ignore_index=True)
    for column in ("start", "end"):
        table[column] = pd.to_datetime(table[column], utc=True).dt.tz_convert(zone)
    order = pd.Categorical(table["queue"], categories=list(plan.settings.queues), ordered=True)
    table = table.assign(order=order).sort_values(
        ["order", "start", "action"], kind="stable", ignore_index=True
    )
    return settle(table, EXCLUSIONS)


def _handling_time(
    plan: Plan, contacts: Contacts, queue: str, horizon: pd.DatetimeIndex
) -> tuple[np.ndarray, tuple[str, ...]]:
    section = plan.settings.queues[queue]
    aht_s, handled = contacts.series(queue, "aht_s"), contacts.series(queue, "handled")
    notes: tuple[str, ...] = ()
    if section.aht_s is None and section.like is not None and not aht_s.notna().any():
        aht_s, handled = contacts.series(section.like, "aht_s"), contacts.series(section.like, "handled")
        notes = (f"handling time of {section.like}, as there is none yet",)
    if section.aht_s is None and not aht_s.notna().any():
        raise plan.defect(
            f"the history of queue {queue!r} has no handling time and the plan gives none",
            "queues", queue, accepted="a column aht_s in the history, or aht_s in the queue's table",
        )  # fmt: skip
    try:
        result = handling_time(aht_s, handled, index=horizon, fallback_s=section.aht_s)
    except ForecastError as error:
        raise BadInput(
            str(error), file=", ".join(plan.settings.history.files), field=f"aht_s of queue {queue}"
        ) from None
    return result.aht_s.to_numpy(dtype=float), (*notes, *result.notes)
