"""Forecasts of past weeks against what came: with the planner's changes and without them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from forecasts import accuracy
from staffing.errors import BadInput
from staffing.files.schemas import FORECAST, SCORE
from staffing.files.tables import read_table, settle
from staffing.plan.contacts import Contacts
from staffing.plan.loading import Plan

WEEKS = 12


def score_past_weeks(plan: Plan, contacts: Contacts) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Score the published forecasts of the last twelve planned weeks that the history covers by now.

    Returns
    -------
    table
        A row per week and queue: ``week, queue, contacts, forecast, untouched, wape, wape_untouched, bias,
        bias_untouched, daily_wape, coverage_80``; measured on the recorded open intervals.
    notes
        Forecasts that could not be read.
    """
    rows: list[dict[str, object]] = []
    notes: list[str] = []
    for week, path in _published(plan, contacts):
        try:
            table = read_table(path, FORECAST, plan.settings.plan.timezone)
        except BadInput as error:
            notes.append(f"the forecast of {week} could not be scored: {error}")
            continue
        for queue in plan.settings.queues:
            forecast = table[(table["queue"] == queue) & table["open"]]
            actual = contacts.series(queue, "contacts")
            if forecast.empty or actual.empty or actual.index[-1] < forecast["start"].max():
                continue
            got = actual.reindex(pd.DatetimeIndex(forecast["start"])).to_numpy()
            if not np.nansum(got) > 0:
                continue
            rows.append({"week": week, "queue": queue, **_scores(got, forecast)})
    table = pd.DataFrame(rows, columns=list(SCORE.names))
    return settle(table, SCORE), tuple(notes)


def _published(plan: Plan, contacts: Contacts) -> list[tuple[date, Path]]:
    """Earlier weeks with a forecast on disk, the latest twelve, oldest first."""
    found = []
    out = plan.folder / "out"
    for folder in out.iterdir() if out.is_dir() else ():
        try:
            week = date.fromisoformat(folder.name)
        except ValueError:
            continue
        if week < contacts.week_start.date() and (folder / "forecast.csv").is_file():
            found.append((week, folder / "forecast.csv"))
    return sorted(found)[-WEEKS:]


def _scores(got: np.ndarray, forecast: pd.DataFrame) -> dict[str, float]:
    said = forecast["contacts"].to_numpy(dtype=float)
    untouched = forecast["contacts_untouched"].to_numpy(dtype=float)
    low, high = (forecast[f"contacts_{p}"].to_numpy(dtype=float) for p in ("p10", "p90"))
    known = ~np.isnan(got)
    day = pd.DatetimeIndex(forecast["start"]).tz_localize(None).normalize()
    by_day = pd.DataFrame({"got": got[known], "said": said[known]}).groupby(np.asarray(day)[known]).sum()
    return {
        "contacts": float(got[known].sum()),
        "forecast": float(said[known].sum()),
        "untouched": float(untouched[known].sum()),
        "wape": accuracy.wape(got, said),
        "wape_untouched": accuracy.wape(got, untouched),
        "bias": accuracy.bias(got, said),
        "bias_untouched": accuracy.bias(got, untouched),
        "daily_wape": accuracy.wape(by_day["got"], by_day["said"]),
        "coverage_80": accuracy.coverage(got, low, high),
    }
