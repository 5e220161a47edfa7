"""Queues of a plan as groups and sites: shares for queues of low volume, sums for those who plan above."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from forecasts import Forecast, ForecastError, Spread, forecast, share_out, summed
from staffing.files.schemas import TOTALS
from staffing.files.tables import settle
from staffing.plan.contacts import Contacts
from staffing.plan.loading import Plan
from staffing.plan.queue_forecast import forecast_settings

LEVELS = ("group", "site")


def grouped(
    plan: Plan, contacts: Contacts, forecasts: dict[str, Forecast], on_progress: Callable[[str], None]
) -> tuple[dict[str, Forecast], dict[tuple[str, str], Spread], tuple[str, ...]]:
    """Forecast the groups and sites that the plan names.

    Returns
    -------
    forecasts
        Per queue; those of low volume in a group lean on their share of it.
    spreads
        Per level and name: how far the sum itself misses, from its own backtest.
    notes
        Groups that could not be forecast as such.
    """
    result, spreads, notes = dict(forecasts), {}, []
    for (level, name), queues in members(plan).items():
        own = [queue for queue in queues if contacts.series(queue, "contacts").notna().any()]
        if len(own) < 2:
            continue
        on_progress(f"forecast {level} {name}")
        histories = {queue: contacts.series(queue, "contacts") for queue in own}
        settings = forecast_settings(plan, contacts, own[0])
        try:
            history = summed(histories, contacts.opening)
            # Events and exclusions belong to queues; the sum keeps to its own hours.
            whole = forecast(
                history, days=7 * plan.settings.plan.weeks, country=settings["country"],
                subdivision=settings["subdivision"], start=contacts.week_start,
            )  # fmt: skip
            if level == "group":
                chosen = {
                    queue: result[queue] for queue in own if not result[queue].model.startswith("like ")
                }
                result.update(share_out(chosen, {queue: histories[queue] for queue in chosen}, whole))
        except ForecastError as error:
            notes.append(f"{level} {name}: forecast by its queues alone ({error})")
            continue
        spreads[level, name] = whole.spread
    return result, spreads, tuple(notes)


def members(plan: Plan) -> dict[tuple[str, str], list[str]]:
    """Level and name → queues, groups before sites, in the plan's order."""
    found: dict[tuple[str, str], list[str]] = {}
    for level in LEVELS:
        for queue, section in plan.settings.queues.items():
            name = getattr(section, level)
            if name is not None:
                found.setdefault((level, name), []).append(queue)
    return found


def totals(plan: Plan, table: pd.DataFrame, spreads: Mapping[tuple[str, str], Spread]) -> pd.DataFrame:
    """Contacts per day of each group and site: the sum of its queues, with the range of the sum."""
    parts = []
    for (level, name), queues in members(plan).items():
        rows = table[table["queue"].isin(queues)]
        day = np.asarray(pd.DatetimeIndex(rows["start"]).tz_localize(None).normalize())
        number = rows["contacts"].to_numpy(dtype=float)
        days, place = np.unique(day, return_inverse=True)
        contacts = np.bincount(place, weights=number)
        # Of the intervals' own noise, adding up leaves what a few busy ones carry.
        left = np.bincount(place, weights=number**2) / np.maximum(contacts**2, 1e-9)
        spread = spreads.get((level, name))
        if spread is None:
            spread = Spread(float(rows["dispersion_interval"].max()), float(rows["dispersion_day"].max()))
        low, high = (_day_quantile(contacts, left, spread, p) for p in (0.1, 0.9))
        parts.append(
            pd.DataFrame(
                {"level": level, "name": name, "day": days, "contacts": contacts,
                 "contacts_p10": low, "contacts_p90": high}
            )
        )  # fmt: skip
    return settle(
        pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(TOTALS.names)), TOTALS
    )


def _day_quantile(contacts: np.ndarray, left: np.ndarray, spread: Spread, p: float) -> np.ndarray:
    laws = [Spread(spread.dispersion_interval * part, spread.dispersion_day) for part in left.tolist()]
    return np.array([law.quantile(np.array([mean]), p)[0] for law, mean in zip(laws, contacts, strict=True)])
