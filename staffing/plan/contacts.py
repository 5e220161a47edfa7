"""The history of a plan, on its grid: which contacts came, when, and how long each took."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from forecasts import ForecastError, OpeningHours
from forecasts.history import regular
from staffing.errors import BadInput
from staffing.files.events import read_events
from staffing.files.exclusions import read_exclusions
from staffing.files.history import History, read_history
from staffing.files.history_spec import HistorySpec
from staffing.files.overlay import read_overlay
from staffing.plan.loading import Plan
from staffing.plan.targets import opening_hours
from staffing.sizing.demand_weights import weighted_demand

NOTABLE_OUTSIDE = 0.005
HISTORY_COLUMNS = ["queue", "start", "contacts", "handled", "aht_s", "open"]


@dataclass(frozen=True)
class Contacts:
    """Past contacts of every queue.

    Attributes
    ----------
    table
        ``queue, start, contacts, handled, aht_s, open`` on the plan's interval; NaN is missing.
    opening
        Opening hours per queue, given or learned.
    findings
        ``queue, finding, count, detail`` of reading the files.
    events
        ``name, start, end, queue, uplift``.
    overlay
        ``queue, start, end, share, contacts, reason``: changes to the forecast.
    exclusions
        ``queue, start, end, action, reason``: history not to be used, or to be used in any case.
    week_start, week_end
        The week to plan, local midnights.
    notes
        What was assumed.
    """

    table: pd.DataFrame
    opening: dict[str, OpeningHours]
    findings: pd.DataFrame
    events: pd.DataFrame | None
    overlay: pd.DataFrame | None
    exclusions: pd.DataFrame | None
    week_start: pd.Timestamp
    week_end: pd.Timestamp
    notes: tuple[str, ...]

    def series(self, queue: str, column: str) -> pd.Series:
        """One column of one queue, by start."""
        rows = self.table[self.table["queue"] == queue]
        return pd.Series(
            rows[column].to_numpy(dtype=float), index=pd.DatetimeIndex(rows["start"]), name=queue
        )


def read_contacts(plan: Plan) -> Contacts:
    """Read the history files of a plan and put every queue on the plan's grid.

    Tickets that arrive while their queue is closed are counted at its next opening, where their
    deadline starts to run.

    Raises
    ------
    BadInput
        Any defect of the files, or a history that cannot serve the plan.
    """
    settings = plan.settings
    zone = settings.plan.timezone
    spec = HistorySpec(
        files=tuple(plan.input_path(name, "history", "files") for name in settings.history.files),
        columns={str(ours): theirs for ours, theirs in settings.history.columns.items()},
        queue=settings.history.queue,
        queue_names=tuple(settings.queues),
        timezone=settings.history.timezone or zone,
        repeated_hour=settings.history.repeated_hour,
        aht_default_s={
            name: queue.aht_s for name, queue in settings.queues.items() if queue.aht_s is not None
        },
    )
    history = read_history(spec)
    raw = history.table.assign(start=pd.DatetimeIndex(history.table["start"]).tz_convert(zone))
    week_start = _week_start(plan, raw["start"].max())
    raw = raw[raw["start"] < week_start]
    if raw.empty:
        raise plan.defect("the history begins after the week", "plan", "week", value=str(settings.plan.week),
                          accepted=f"a date after {history.table['start'].min().date()}")  # fmt: skip
    years = range(raw["start"].min().year, week_start.year + 2)
    tables: list[pd.DataFrame] = []
    opening: dict[str, OpeningHours] = {}
    notes: list[str] = []
    # A queue that is like another one comes after it, whatever the plan's order.
    for queue in sorted(settings.queues, key=lambda name: settings.queues[name].like is not None):
        rows = raw[raw["queue"] == queue]
        like = settings.queues[queue].like
        if rows.empty and like is not None:
            opening[queue] = opening_hours(plan, queue, years) or opening[like]
            similar = next(table for table in tables if table["queue"].iloc[0] == like)
            tables.append(_without_history(queue, similar, opening[queue]))
            continue
        if rows.empty:
            raise plan.defect(
                "the history has no rows for this queue", "queues", queue, accepted="a queue of the history"
            )
        _check_interval(plan, queue, history)
        table = _on_grid(plan, queue, _weighted(plan, queue, rows))
        hours = opening_hours(plan, queue, years)
        if hours is None:
            hours = _learned(plan, queue, table)
            notes.append(f"{queue}: opening hours were learned from the history, since the plan gives none.")
        is_open = hours.mask(pd.DatetimeIndex(table["start"]))
        if settings.queues[queue].may_wait:
            table, carried = _carried_to_opening(table, is_open)
            if carried:
                notes.append(
                    f"{queue}: {carried:.0%} of the history's tickets came while closed; each counts at the next "
                    "opening, where its deadline starts to run."
                )
        else:
            outside = _share_outside(table["contacts"].to_numpy(dtype=float), is_open)
            if outside > NOTABLE_OUTSIDE:
                notes.append(
                    f"{queue}: {outside:.1%} of the history's contacts came outside the opening hours and are left out."
                )
        opening[queue] = hours
        tables.append(table.assign(queue=queue, open=is_open)[HISTORY_COLUMNS])
    in_order = {table["queue"].iloc[0]: table for table in tables}
    return Contacts(
        table=pd.concat([in_order[queue] for queue in settings.queues], ignore_index=True),
        opening=opening,
        findings=history.findings,
        events=_beside(plan, "events", read_events),
        overlay=_beside(plan, "overlay", read_overlay),
        exclusions=_beside(plan, "exclusions", read_exclusions),
        week_start=week_start,
        week_end=_midnight(week_start.date() + pd.Timedelta(days=7 * settings.plan.weeks), zone),
        notes=tuple(notes),
    )


def _beside(
    plan: Plan, name: str, read: Callable[[Path, str, tuple[str, ...]], pd.DataFrame]
) -> pd.DataFrame | None:
    """The table of a file that ``[history]`` names, ``None`` where it names none."""
    file = getattr(plan.settings.history, name)
    if file is None:
        return None
    return read(
        plan.input_path(file, "history", name), plan.settings.plan.timezone, tuple(plan.settings.queues)
    )


def _without_history(queue: str, like: pd.DataFrame, hours: OpeningHours) -> pd.DataFrame:
    """The grid of a similar queue with nothing recorded."""
    blank = like.assign(queue=queue, contacts=np.nan, handled=np.nan, aht_s=np.nan)
    return blank.assign(open=hours.mask(pd.DatetimeIndex(blank["start"])))


def _midnight(day: object, zone: str) -> pd.Timestamp:
    return pd.Timestamp(day).tz_localize(zone, nonexistent="shift_forward", ambiguous=True)  # type: ignore[arg-type]


def _week_start(plan: Plan, last: pd.Timestamp) -> pd.Timestamp:
    section = plan.settings.plan
    if section.week == "next":
        day = last.tz_localize(None).normalize() + pd.Timedelta(days=1)
        day += pd.Timedelta(days=-day.weekday() % 7)
        return _midnight(day, section.timezone)
    start = _midnight(section.week, section.timezone)
    if start <= last:
        # A past week is planned as it would have been then: the caller cuts the history before it.
        return start
    if start - last > pd.Timedelta(days=400):
        raise plan.defect(
            "the week is more than 400 days after the history", "plan", "week", value=str(section.week),
            accepted=f"a date until 400 days after {last.date()}",
        )  # fmt: skip
    return start


def _check_interval(plan: Plan, queue: str, history: History) -> None:
    wanted, found = plan.settings.plan.interval_min, history.interval_min[queue]
    if wanted % found:
        raise plan.defect(
            f"the history of queue {queue!r} comes in intervals of {found} min and cannot be split",
            "plan", "interval_min", value=wanted, accepted=f"a multiple of {found}",
        )  # fmt: skip


def _learned(plan: Plan, queue: str, table: pd.DataFrame) -> OpeningHours:
    try:
        return OpeningHours.learn(
            pd.Series(table["contacts"].to_numpy(), index=pd.DatetimeIndex(table["start"]))
        )
    except ForecastError as error:
        raise BadInput(
            str(error), file=plan.path, field=f"queues.{queue}", accepted="a history with contacts"
        ) from None


def _weighted(plan: Plan, queue: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Count contacts that hung up by the queue's weights."""
    section = plan.settings.queues[queue]
    weights = {"abandoned": section.abandoned_weight, "short_abandoned": section.short_abandoned_weight}
    if set(weights.values()) == {1.0}:
        return rows
    for name, weight in weights.items():
        if weight != 1.0 and name not in rows:
            raise plan.defect(
                f"the history has no column {name}", "queues", queue, f"{name}_weight", value=weight,
                accepted=f"a column {name} in the history, or no weight",
            )  # fmt: skip
    none = np.zeros(len(rows))
    try:
        demand = weighted_demand(
            rows["contacts"],
            rows.get("abandoned", rows.get("short_abandoned", none)),
            rows.get("short_abandoned", none),
            abandoned_weight=section.abandoned_weight,
            short_abandoned_weight=section.short_abandoned_weight,
        )
    except ValueError as error:
        raise plan.defect(str(error), "queues", queue, accepted="counts for which that holds") from None
    return rows.assign(contacts=demand)


def _on_grid(plan: Plan, queue: str, rows: pd.DataFrame) -> pd.DataFrame:
    interval_min = plan.settings.plan.interval_min
    index = pd.DatetimeIndex(rows["start"])
    contacts = pd.Series(rows["contacts"].to_numpy(dtype=float), index=index)
    handled = rows["handled"].to_numpy(dtype=float)
    handled = np.where(np.isnan(handled), contacts.to_numpy(), handled)
    aht_s = rows["aht_s"].to_numpy(dtype=float)
    timed = np.where(np.isnan(aht_s), np.nan, handled)
    try:
        grid = regular(contacts, interval_min)
        handled_grid = regular(pd.Series(handled, index=index), interval_min)
        timed_grid = regular(pd.Series(timed, index=index), interval_min)
        busy_s = regular(pd.Series(timed * aht_s, index=index), interval_min)
    except ForecastError as error:
        raise BadInput(str(error), file=", ".join(plan.settings.history.files), field=queue) from None
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_s = np.where(timed_grid.to_numpy() > 0, busy_s.to_numpy() / timed_grid.to_numpy(), np.nan)
    return pd.DataFrame(
        {
            "start": grid.index,
            "contacts": grid.to_numpy(),
            "handled": handled_grid.to_numpy(),
            "aht_s": mean_s,
        }
    )


def _share_outside(contacts: np.ndarray, is_open: np.ndarray) -> float:
    return float(np.nansum(contacts[~is_open])) / max(float(np.nansum(contacts)), 1.0)


def _carried_to_opening(table: pd.DataFrame, is_open: np.ndarray) -> tuple[pd.DataFrame, float]:
    """Move contacts and their work from closed intervals to the next open one; with the share moved."""
    contacts = table["contacts"].to_numpy(dtype=float)
    handled = table["handled"].to_numpy(dtype=float)
    busy_s = np.nan_to_num(handled * table["aht_s"].to_numpy(dtype=float))
    carried = _share_outside(contacts, is_open)
    if not is_open.any() or carried == 0:
        return table, 0.0
    next_open = np.searchsorted(np.flatnonzero(is_open), np.arange(len(is_open)))
    inside = next_open < int(is_open.sum())
    columns = {}
    for name, values in (("contacts", contacts), ("handled", handled), ("busy_s", busy_s)):
        sums = np.bincount(
            next_open[inside], weights=np.nan_to_num(values[inside]), minlength=int(is_open.sum())
        )
        full = np.full(len(values), np.nan)
        full[is_open] = sums
        # An open interval in which nothing was recorded stays missing unless something was carried in.
        full[is_open & np.isnan(values) & (full == 0)] = np.nan
        columns[name] = full
    with np.errstate(invalid="ignore", divide="ignore"):
        aht_s = np.where(columns["handled"] > 0, columns["busy_s"] / columns["handled"], np.nan)
    moved = table.assign(contacts=columns["contacts"], handled=columns["handled"], aht_s=aht_s)
    return moved, carried
