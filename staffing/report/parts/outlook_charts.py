"""The forecast drawn: by interval with its bands over earlier weeks, and by day after the weeks before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from staffing.report.hover import Hover
from staffing.report.quantities import number
from staffing.report.svg import (
    Axis,
    Frame,
    coordinate,
    element,
    group,
    line_band,
    line_path,
    nice_ticks,
    picture,
)
from staffing.report.week import Week, clock, day_words

WEEKS_SHOWN = 4
DAILY_WEEKS_SHOWN = 8
_YEAR = timedelta(weeks=52)
_WIDTH = 1120


def wall_clock(starts: pd.Series) -> pd.Series:
    """Local times without their zone."""
    return starts.dt.tz_localize(None)


def _shifted(history: pd.Series, wall: pd.Series, back: timedelta) -> np.ndarray:
    """History on the same weekday and wall clock, ``back`` before the planned week."""
    return history.reindex(pd.DatetimeIndex(wall - back)).to_numpy(dtype=float)


@dataclass(frozen=True)
class _Panels:
    """The week as one panel a day, cut to the hours in which any day expects contacts.

    ``slot`` gives each row's place on the axis (-1 outside); a day has ``per_day`` places of
    ``step_min`` minutes.
    """

    low_min: float
    per_day: int
    step_min: float
    slot: np.ndarray
    size: int

    @classmethod
    def of(cls, rows: pd.DataFrame, earlier: np.ndarray, days: int) -> _Panels:
        minute = rows["minute"].to_numpy(float)
        step = float(np.min(np.diff(np.unique(minute)))) if len(np.unique(minute)) > 1 else 60.0
        active = (rows["contacts"].to_numpy(float) > 0) | (np.nan_to_num(earlier) > 0)
        if not active.any():
            active = np.ones(len(rows), dtype=bool)
        low = minute[active].min() // 60 * 60
        high = -(-(minute[active].max() + step) // 60) * 60
        per_day = max(1, round((high - low) / step))
        within = np.floor((minute - low) / step).astype(int)
        slot = np.where(
            (within >= 0) & (within < per_day), rows["day_index"].to_numpy(int) * per_day + within, -1
        )
        return cls(float(low), per_day, step, slot, days * per_day)

    def place(self, values: Any) -> np.ndarray:
        """Values on the axis, NaN where no row lies."""
        placed = np.full(self.size, np.nan)
        kept = self.slot >= 0
        placed[self.slot[kept]] = np.asarray(values, dtype=float)[kept]
        return placed


def _by_day(draw: Callable[..., str], panels: _Panels, xs: np.ndarray, *levels: np.ndarray) -> str:
    """A path per day, so that no line crosses the night that is cut out."""
    cuts = range(0, panels.size, panels.per_day)
    return "".join(
        draw(xs[a : a + panels.per_day], *(v[a : a + panels.per_day] for v in levels)) for a in cuts
    )


def weekly_chart(
    position: int, queue: str, rows: pd.DataFrame, history: pd.Series, week: Week, hover: Hover
) -> tuple[Markup, tuple[tuple[str, str], ...]]:
    """The week by interval with its bands, over earlier weeks; and the legend of what was drawn.

    ``history`` is indexed by the local wall clock.
    """
    wall = wall_clock(rows["start"])
    weeks = [(k, _shifted(history, wall, timedelta(weeks=k))) for k in range(1, 9)]
    weeks = [(k, values) for k, values in weeks if np.isfinite(values).any()][:WEEKS_SHOWN]
    year = _shifted(history, wall, _YEAR)
    earlier = np.max([np.nan_to_num(v) for _, v in weeks], axis=0) if weeks else np.zeros(len(rows))
    panels = _Panels.of(rows, earlier, len(week.days))
    peak = np.nanmax([rows["contacts_p975"].max(), rows["contacts"].max(), earlier.max(), 1.0])
    ticks = nice_ticks(0, float(peak), 5)
    frame = Frame(Axis(0, panels.size, 44, _WIDTH - 8), Axis(0, ticks[-1], 226, 8))
    xs = frame.x(np.arange(panels.size) + 0.5)
    level = {c: frame.y(panels.place(rows[c])) for c in rows.columns if c.startswith("contacts")}
    edges = [(float(i * panels.per_day), "") for i in range(len(week.days) + 1)]
    hours = [
        (
            i * panels.per_day + (minute - panels.low_min) / panels.step_min,
            clock(week.midnights[i] + pd.Timedelta(minutes=minute)),
        )
        for i in range(len(week.days))
        for minute in _inner_hours(panels)
    ]
    names = [
        element(
            "text",
            day_words(day),
            x=frame.x((i + 0.5) * panels.per_day),
            y=257,
            text_anchor="middle",
            class_="strong",
        )
        for i, day in enumerate(week.days)
    ]
    colour = week.colour(queue)
    band95 = _by_day(line_band, panels, xs, level["contacts_p975"], level["contacts_p025"])
    band80 = _by_day(line_band, panels, xs, level["contacts_p90"], level["contacts_p10"])
    parts = [
        frame.horizontal_grid(ticks),
        frame.vertical_marks(hours),
        frame.vertical_marks(edges, "grid day"),
        *names,
        element("path", d=band95, class_=f"band95 q{colour}"),
        element("path", d=band80, class_=f"band80 q{colour}"),
        group(
            *(element("path", d=_by_day(line_path, panels, xs, frame.y(panels.place(v)))) for _, v in weeks),
            class_="before",
        ),
    ]
    legend = [("line", "expected contacts"), ("band80", "80 % band"), ("band95", "95 % band")]
    if weeks:
        legend.append(
            ("before", "1 week before" if len(weeks) == 1 else f"the {len(weeks)} last weeks with history")
        )
    if np.isfinite(year).any():
        parts.append(
            element("path", d=_by_day(line_path, panels, xs, frame.y(panels.place(year))), class_="year")
        )
        legend.append(("year", "same week a year ago"))
    parts.append(
        element("path", d=_by_day(line_path, panels, xs, level["contacts"]), class_=f"mean q{colour}")
    )
    columns = {
        "Expected": "contacts",
        "80 % from": "contacts_p10",
        "80 % to": "contacts_p90",
        "95 % from": "contacts_p025",
        "95 % to": "contacts_p975",
    }
    series = [(name, panels.place(rows[column]), 1, "") for name, column in columns.items()]
    series += [(f"{k} week{'s' if k > 1 else ''} before", panels.place(v), 1, "") for k, v in weeks[:2]]
    if np.isfinite(year).any():
        series.append(("A year ago", panels.place(year), 1, ""))
    labels = [
        f"{day_words(day)}, "
        f"{clock(week.midnights[i] + pd.Timedelta(minutes=panels.low_min + k * panels.step_min))}"
        for i, day in enumerate(week.days)
        for k in range(panels.per_day)
    ]
    chart = hover.add(f"week-{position}", (44, _WIDTH - 8), labels, series)
    words = (
        f"{queue}: contacts expected per interval from {day_words(week.days[0])} to "
        f"{day_words(week.days[-1])}, "
        f"at most {number(rows['contacts'].max(), 1)}, with 80 and 95 per cent bands and earlier weeks behind"
    )
    return picture(_WIDTH, 264, words, *parts, chart=chart), tuple(legend)


def _inner_hours(panels: _Panels) -> list[float]:
    """Two or three round hours inside a day's panel, minutes after midnight."""
    length = panels.per_day * panels.step_min
    every = 180 if length <= 600 else 240 if length <= 1080 else 360
    first = panels.low_min // every * every + every
    last = panels.low_min + length - every / 3
    return [m for m in np.arange(first, last, every) if m - panels.low_min >= every / 3]


def daily_chart(
    position: int, queue: str, rows: pd.DataFrame, history: pd.DataFrame, week: Week, hover: Hover
) -> Markup:
    """Contacts per day: the weeks before, then the planned week with the year before as marks."""
    counts = pd.Series(history["contacts"].to_numpy(float), index=wall_clock(history["start"]).dt.date)
    # a day lacks data when an interval that was open was not recorded
    lacking = pd.Series(
        (history["contacts"].isna() & history["open"].astype(bool)).to_numpy(), index=counts.index
    )
    totals, incomplete = counts.groupby(level=0).sum(min_count=1), lacking.groupby(level=0).any()
    first = week.days[0] - timedelta(weeks=DAILY_WEEKS_SHOWN)
    days = [first + timedelta(days=k) for k in range((week.days[-1] - first).days + 1)]
    planned = rows.groupby("day_index")["contacts"].sum()
    values = np.array(
        [planned.get(week.days.index(d), 0.0) if d in week.days else totals.get(d, np.nan) for d in days],
        dtype=float,
    )
    year = np.array([totals.get(d - _YEAR, np.nan) if d in week.days else np.nan for d in days], dtype=float)
    ticks = nice_ticks(0, float(np.nanmax([*values, *year, 1.0])), 3, whole=True)
    frame = Frame(Axis(0, len(days), 44, _WIDTH - 8), Axis(0, ticks[-1], 126, 8))
    width = frame.x(1) - frame.x(0)
    kinds: dict[str, list[str]] = {"past": [], "partial": [], f"plan q{week.colour(queue)}": []}
    for k, (day, value) in enumerate(zip(days, values, strict=True)):
        if not np.isfinite(value) or value <= 0:
            continue
        kind = list(kinds)[2] if day in week.days else "partial" if incomplete.get(day, False) else "past"
        top = frame.y(value)
        left, bar = coordinate(frame.x(k) + width * 0.12), coordinate(width * 0.76)
        kinds[kind].append(
            f"M{left} {coordinate(frame.base)}V{coordinate(top)}h{bar}V{coordinate(frame.base)}Z"
        )
    marks = [
        (float(k), f"{day.day} {day_words(day).split()[2]}")
        for k, day in enumerate(days)
        if day.weekday() == 0
    ]
    parts = [
        frame.horizontal_grid(ticks),
        element(
            "path",
            d="".join(f"M{coordinate(frame.x(m))} {coordinate(frame.base)}v4" for m, _ in marks),
            class_="grid day",
        ),
        *(element("text", label, x=frame.x(m) + 2, y=frame.base + 15) for m, label in marks),
        *(element("path", d="".join(paths), class_=f"bar {kind}") for kind, paths in kinds.items() if paths),
        element(
            "path",
            d="".join(
                f"M{coordinate(frame.x(k) + width * 0.1)} {coordinate(frame.y(v))}h{coordinate(width * 0.8)}"
                for k, v in enumerate(year)
                if v > 0
            ),
            class_="year-mark",
        ),
    ]
    labels = [day_words(d) + (" (planned)" if d in week.days else "") for d in days]
    series = [("Contacts", values, 0, "")]
    if np.isfinite(year).any():
        series.append(("A year ago", year, 0, ""))
    chart = hover.add(f"days-{position}", (44, _WIDTH - 8), labels, series)
    words = (
        f"{queue}: contacts per day in the last {DAILY_WEEKS_SHOWN} weeks and expected in the planned week"
    )
    return picture(_WIDTH, 148, words, *parts, chart=chart)
