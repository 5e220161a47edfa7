"""The forecast of a plan's week: contacts and handling time of every queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts import ForecastError, clean, forecast, handling_time
from staffing.errors import BadInput
from staffing.files.schemas import CLEANING, FORECAST, LEADERBOARD
from staffing.files.tables import settle
from staffing.plan.contacts import Contacts
from staffing.plan.loading import Plan

CLEANING_COLUMNS = list(CLEANING.names)


@dataclass(frozen=True)
class ForecastTables:
    """Forecast, backtest and cleaning of every queue, as the result of a plan wants them."""

    forecast: pd.DataFrame
    leaderboard: pd.DataFrame
    cleaning: pd.DataFrame
    notes: tuple[str, ...]


def forecast_week(plan: Plan, contacts: Contacts, on_progress: Callable[[str], None]) -> ForecastTables:
    """Forecast the week of every queue.

    Raises
    ------
    BadInput
        A history from which nothing can be forecast, with the queue's name.
    """
    section = plan.settings.plan
    forecasts, boards = [], []
    notes: list[str] = []
    findings = [contacts.findings]
    horizon = _horizon(contacts)
    for position, queue in enumerate(plan.settings.queues):
        on_progress(f"forecast {queue} ({position + 1} of {len(plan.settings.queues)})")
        history = contacts.series(queue, "contacts")
        try:
            cleaned = clean(
                history,
                contacts.opening[queue],
                country=section.country or None,
                subdivision=section.subdivision or None,
            )
            result = forecast(
                history,
                days=7,
                country=section.country or None,
                subdivision=section.subdivision or None,
                events=_events_of(contacts.events, queue),
                opening_hours=contacts.opening[queue],
                seed=section.seed + position,
                start=contacts.week_start,
            )
        except ForecastError as error:
            raise BadInput(
                str(error), file=", ".join(plan.settings.history.files), field=f"queue {queue}",
                accepted="a history that a forecast can be made from",
            ) from None  # fmt: skip
        table = result.table()
        if not pd.DatetimeIndex(table["start"]).equals(horizon):
            raise AssertionError("the forecast does not cover the planned week")
        aht_s, aht_note = _handling_time(plan, contacts, queue, horizon)
        forecasts.append(table.assign(queue=queue, aht_s=np.where(table["open"], aht_s, np.nan)))
        board = result.backtest.assign(queue=queue)
        board["reason"] = np.where(board["chosen"], result.reason, "")
        boards.append(board)
        findings.append(cleaned.findings.assign(queue=queue)[CLEANING_COLUMNS])
        notes.extend(f"{queue}: {note}" for note in (*result.notes, *aht_note))
    found = [table[CLEANING_COLUMNS] for table in findings if len(table)]
    return ForecastTables(
        forecast=settle(pd.concat(forecasts, ignore_index=True), FORECAST),
        leaderboard=settle(pd.concat(boards, ignore_index=True), LEADERBOARD),
        cleaning=settle(
            pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=CLEANING_COLUMNS), CLEANING
        ),
        notes=tuple(notes),
    )


def _horizon(contacts: Contacts) -> pd.DatetimeIndex:
    starts = pd.DatetimeIndex(contacts.table["start"])
    step = starts[1] - starts[0]
    return pd.date_range(contacts.week_start, contacts.week_end, freq=step, inclusive="left")


def _events_of(events: pd.DataFrame | None, queue: str) -> pd.DataFrame | None:
    if events is None:
        return None
    mine = events[(events["queue"] == queue) | (events["queue"] == "")]
    if mine.empty:
        return None
    # The file's end is exclusive; the forecast reads an end at midnight as a whole day more.
    inside = mine["end"] - pd.Timedelta(minutes=1)
    return mine.assign(end=inside).drop(columns="queue").reset_index(drop=True)


def _handling_time(
    plan: Plan, contacts: Contacts, queue: str, horizon: pd.DatetimeIndex
) -> tuple[np.ndarray, tuple[str, ...]]:
    aht_s = contacts.series(queue, "aht_s")
    fallback_s = plan.settings.queues[queue].aht_s
    if fallback_s is None and not aht_s.notna().any():
        raise plan.defect(
            f"the history of queue {queue!r} has no handling time and the plan gives none",
            "queues", queue, accepted="a column aht_s in the history, or aht_s in the queue's table",
        )  # fmt: skip
    try:
        result = handling_time(aht_s, contacts.series(queue, "handled"), index=horizon, fallback_s=fallback_s)
    except ForecastError as error:
        raise BadInput(
            str(error), file=", ".join(plan.settings.history.files), field=f"aht_s of queue {queue}"
        ) from None
    return result.aht_s.to_numpy(dtype=float), result.notes
