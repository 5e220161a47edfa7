"""Required against scheduled, interval by interval: one small chart per queue and day, and the worst gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from markupsafe import Markup

from staffing.report.hover import Hover
from staffing.report.quantities import finite, hours, number, percent
from staffing.report.svg import Axis, Frame, element, nice_ticks, picture, runs, step_area, step_path
from staffing.report.tables import Table, queue_name, table
from staffing.report.week import Week, clock, day_words

if TYPE_CHECKING:
    from staffing.plan.result import PlanResult

_WIDTH, _HEIGHT, _STRIP = 560, 212, 34


@dataclass(frozen=True)
class DayChart:
    """One queue on one day."""

    title: str
    words: str
    picture: Markup | None


@dataclass(frozen=True)
class QueueCoverage:
    """One queue over the week; ``level_words`` says what the lower strip shows, or why there is none."""

    queue: str
    colour: int
    days: tuple[DayChart, ...]
    level_words: str


@dataclass(frozen=True)
class Coverage:
    """The part's content, with the week's staff-hours for the headline."""

    queues: tuple[QueueCoverage, ...]
    days: Table
    worst: Table | None
    required_h: float
    short_h: float
    surplus_h: float


def hour_marks(
    midnight: pd.Timestamp, low_min: float, high_min: float, wanted: int = 9
) -> list[tuple[float, str]]:
    """Elapsed minutes since midnight with the wall clock there, on whole local hours.

    Elapsed, so that a day of 23 or 25 hours is as long as it is; labelled by the wall clock.
    """
    every = next((h for h in (1, 2, 3, 4, 6) if (high_min - low_min) / 60 / h <= wanted), 12)
    marks = []
    for minute in range(int(low_min // 30) * 30, int(high_min) + 1, 30):
        local = midnight + pd.Timedelta(minutes=minute)
        if minute >= low_min and local.minute == 0 and local.hour % every == 0:
            marks.append((float(minute), "24:00" if minute and local.hour == 0 else clock(local)))
    return marks


def _span(minutes: np.ndarray, active: np.ndarray, slot_min: int) -> tuple[float, float]:
    if not active.any():
        return 0.0, 1440.0
    low, high = minutes[active].min(), minutes[active].max() + slot_min
    return float(low // 60 * 60), float(-(-high // 60) * 60)


def _day_chart(
    chart: str,
    title: str,
    day: pd.DataFrame,
    midnight: pd.Timestamp,
    span: tuple[float, float],
    top: float,
    target: float,
    colour: int,
    slot_min: int,
    with_level: bool,
    hover: Hover,
) -> Markup:
    width, low, high = _WIDTH, *span
    strip = _STRIP if with_level else 0
    ticks = nice_ticks(0, top, 4, whole=True)
    x = Axis(low, high, 54, width - 16)
    frame = Frame(x, Axis(0, ticks[-1], _HEIGHT - 24 - (strip + 12 if strip else 0), 8))
    shown = day[(day["minute"] >= low) & (day["minute"] < high)]
    edges = x(np.append(shown["minute"].to_numpy(float), shown["minute"].iloc[-1] + slot_min))
    required, scheduled = (shown[c].to_numpy(float) for c in ("required", "scheduled"))
    y_required, y_scheduled, base = frame.y(required), frame.y(scheduled), np.full(len(shown), frame.base)
    # pixels grow downwards: the larger y is the smaller staff
    parts: list[object] = [
        frame.horizontal_grid(ticks),
        frame.vertical_marks(hour_marks(midnight, low, high)),
        element(
            "path", d=step_area(edges, np.maximum(y_required, y_scheduled), base), class_=f"covered q{colour}"
        ),
        element(
            "path",
            d=step_area(edges, y_scheduled, np.where(y_scheduled < y_required, y_required, np.nan)),
            class_="surplus",
        ),
        element(
            "path",
            d=step_area(edges, y_required, np.where(y_required < y_scheduled, y_scheduled, np.nan)),
            class_="short",
        ),
        element("path", d=step_path(edges, y_scheduled), class_=f"scheduled q{colour}"),
        element("path", d=step_path(edges, y_required), class_="required"),
    ]
    series = [
        ("Required", required, 1, ""),
        ("Scheduled", scheduled, 1, ""),
        ("Difference", scheduled - required, 1, "+"),
    ]
    if strip:
        level = np.where(required > 0, shown["service_level"].to_numpy(float), np.nan)
        small = Axis(0, 1, _HEIGHT - 2, _HEIGHT - strip)
        below = np.where(level < target, small(target), np.nan)
        parts += [
            element("text", "0–100 %", x=48, y=_HEIGHT - strip / 2 + 3, text_anchor="end"),
            element("path", d=step_area(edges, below, small(np.minimum(level, target))), class_="short"),
            element("path", d=f"M{x.start} {small(target):.1f}H{x.end}", class_="target-line"),
            element("path", d=step_path(edges, small(level)), class_="level"),
        ]
        series.append(("Service level", level * 100, 1, "%"))
    labels = [f"{clock(t)}–{clock(t + pd.Timedelta(minutes=slot_min))}" for t in shown["start"]]
    hover.add(chart, (x.start, float(edges[-1])), labels, series)
    words = (
        f"{title}: required at most {number(required.max(), 1)}, scheduled at most "
        f"{number(scheduled.max(), 1)}, "
        f"shortage at most {number(max(0.0, float((required - scheduled).max())), 1)}"
    )
    return picture(width, _HEIGHT, words, *parts, chart=chart)


def _stretches(
    queue: Markup, day: pd.DataFrame, title: str, slot_min: int
) -> list[tuple[float, tuple[object, ...]]]:
    gap = (day["required"] - day["scheduled"]).to_numpy(float)
    found: list[tuple[float, tuple[object, ...]]] = []
    for first, after in runs(gap > 0.005):
        missing_h = float(gap[first:after].sum()) * slot_min / 60
        end = day["start"].iloc[after - 1] + pd.Timedelta(minutes=slot_min)
        level = day["service_level"].iloc[first:after].astype(float).min()
        found.append(
            (
                missing_h,
                (
                    queue,
                    title,
                    f"{clock(day['start'].iloc[first])}–{clock(end)}",
                    number(gap[first:after].max(), 1),
                    hours(missing_h),
                    percent(level, reason="not defined per interval for this queue"),
                ),
            )
        )
    return found


def coverage(result: PlanResult, week: Week, hover: Hover) -> Coverage:
    """Charts, sums per day and the largest shortages."""
    inside = week.inside(result.coverage)
    slot_h = result.slot_min / 60
    queues, sums, worst = [], [], []
    totals = np.zeros(3)
    for position, queue in enumerate(week.queues):
        mine = inside[inside["queue"] == queue]
        name, colour, target = (
            queue_name(queue, week.colour(queue)),
            week.colour(queue),
            result.targets[queue],
        )
        active = ((mine["required"] > 0) | (mine["scheduled"] > 0)).to_numpy()
        span = _span(mine["minute"].to_numpy(float), active, result.slot_min)
        top = float(np.nanmax(mine[["required", "scheduled"]].to_numpy(float))) if len(mine) else 0.0
        level = mine["service_level"].astype(float) if "service_level" in mine else pd.Series(dtype=float)
        with_level = bool(np.isfinite(level).any())
        charts = []
        for index, date in enumerate(week.days):
            title = day_words(date)
            day = mine[mine["day_index"] == index]
            gap = (day["scheduled"] - day["required"]).to_numpy(float)
            short, over = -gap[gap < 0].sum() * slot_h, gap[gap > 0].sum() * slot_h
            need, have = day["required"].sum() * slot_h, day["scheduled"].sum() * slot_h
            totals += (need, short, over)
            if not len(day) or (need == 0 and have == 0):
                charts.append(DayChart(title, "closed", None))
                sums.append((name, title, *["0.0 h"] * 4, "closed"))
                continue
            drawn = _day_chart(
                f"cover-{position}-{index}",
                f"{queue}, {title}",
                day,
                week.midnights[index],
                span,
                top,
                float(target.service_level),
                colour,
                result.slot_min,
                with_level,
                hover,
            )
            words = f"short {hours(short)} · surplus {hours(over)}"
            charts.append(DayChart(title, words, drawn))
            covered = percent((need - short) / need if need else 1.0)
            sums.append((name, title, hours(need), hours(have), hours(short), hours(over), covered))
            worst += _stretches(name, day, title, result.slot_min)
        words = (
            f"lower strip: service level expected, with the target of "
            f"{percent(target.service_level, 0)} dashed"
            if with_level
            else "no service level per interval: work that may wait is judged over the day"
        )
        queues.append(QueueCoverage(queue, colour, tuple(charts), words))
    worst.sort(key=lambda entry: -entry[0])
    return Coverage(
        tuple(queues),
        table(
            "Staff-hours per queue and day",
            ("Queue", "Day", "Required", "Scheduled", "Short", "Surplus", "Requirement covered"),
            sums,
            numeric=(2, 3, 4, 5, 6),
            foot="People at work, breaks taken off. Short and surplus never offset each other.",
        ),
        table(
            f"Largest shortages ({min(len(worst), 12)} of {len(worst)} stretches)",
            ("Queue", "Day", "Time", "Most people short", "Staff-hours short", "Lowest service level"),
            [row for _, row in worst[:12]],
            numeric=(3, 4, 5),
        )
        if worst
        else None,
        *(float(v) if finite(v) else 0.0 for v in totals),
    )
