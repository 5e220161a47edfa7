"""The forecast of one queue: from its own history, or borrowed from a similar queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from forecasts import Forecast, ForecastError, borrow, by_day, clean, forecast, stretches
from staffing.errors import BadInput
from staffing.plan.contacts import Contacts
from staffing.plan.loading import Plan

# A plan has the time to ask the model whose level is fitted by maximum likelihood, too.
TRIED_TOO = ("state-space",)
# Days with contacts from which a new queue stands on its own.
OWN_DAYS = 20


@dataclass(frozen=True)
class QueueForecast:
    """A forecast, what cleaning found (``finding, count, detail``), and what was left out of the history.

    ``days`` is the history day by day, as `forecasts.by_day` tells it.
    """

    forecast: Forecast
    findings: pd.DataFrame
    excluded: pd.DataFrame
    days: pd.DataFrame


def forecast_queue(
    plan: Plan, contacts: Contacts, queue: str, others: Mapping[str, QueueForecast]
) -> QueueForecast:
    """Forecast the week of one queue.

    Parameters
    ----------
    others
        Queues forecast before, among them the one that this is like.

    Raises
    ------
    BadInput
        A history from which nothing can be forecast, with the queue's name.
    """
    section = plan.settings.queues[queue]
    history = contacts.series(queue, "contacts")
    recorded = history.dropna()
    days = pd.DatetimeIndex(recorded.index[recorded.to_numpy() > 0]).tz_localize(None).normalize().nunique()
    settings = forecast_settings(plan, contacts, queue)
    try:
        if section.like is not None and section.like_share is not None and days < OWN_DAYS:
            borrowed = borrow(
                others[section.like].forecast,
                section.like_share,
                opening_hours=contacts.opening[queue],
                own=history if days else None,
                like_history=contacts.series(section.like, "contacts"),
            )
            borrowed = replace(borrowed, model=f"like {section.like}")
            nothing = others[section.like]
            return QueueForecast(
                borrowed, nothing.findings.iloc[:0], nothing.excluded.iloc[:0], nothing.days.iloc[:0]
            )
        cleaned = clean(
            history,
            settings["opening_hours"],
            country=settings["country"],
            subdivision=settings["subdivision"],
            exclusions=settings["exclusions"],
        )
        seed = plan.settings.plan.seed + list(plan.settings.queues).index(queue)
        result = forecast(history, days=7 * plan.settings.plan.weeks, seed=seed, also=TRIED_TOO, **settings)
    except ForecastError as error:
        raise BadInput(
            str(error), file=", ".join(plan.settings.history.files), field=f"queue {queue}",
            accepted="a history that a forecast can be made from",
        ) from None  # fmt: skip
    return QueueForecast(result, cleaned.findings, stretches(cleaned.marks), by_day(cleaned))


def forecast_settings(plan: Plan, contacts: Contacts, queue: str) -> dict[str, Any]:
    """Arguments of the forecasting functions that come from the plan: calendar, hours, events, exclusions, start."""
    section = plan.settings.plan
    return {
        "country": section.country or None,
        "subdivision": section.subdivision or None,
        "events": events_of(contacts.events, queue),
        "opening_hours": contacts.opening[queue],
        "exclusions": of_queue(contacts.exclusions, queue),
        "start": contacts.week_start,
    }


def of_queue(table: pd.DataFrame | None, queue: str) -> pd.DataFrame | None:
    """Rows that concern a queue: its own and those for all; ``None`` if there are none."""
    if table is None:
        return None
    mine = table[(table["queue"] == queue) | (table["queue"] == "")]
    return None if mine.empty else mine.drop(columns="queue").reset_index(drop=True)


def events_of(events: pd.DataFrame | None, queue: str) -> pd.DataFrame | None:
    """Events of a queue, as the forecast reads them."""
    mine = of_queue(events, queue)
    # The file's end is exclusive; the forecast reads an end at midnight as a whole day more.
    return None if mine is None else mine.assign(end=mine["end"] - pd.Timedelta(minutes=1))
