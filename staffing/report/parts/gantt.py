"""The roster as a picture: every day's shifts with their breaks on the time axis, under the demand curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from staffing.report.hover import Hover
from staffing.report.parts.coverage import hour_marks
from staffing.report.quantities import count
from staffing.report.svg import Axis, Frame, coordinate, element, nice_ticks, picture, step_area, step_path
from staffing.report.tours import WorkedShift
from staffing.report.week import Week, clock, day_words

if TYPE_CHECKING:
    from staffing.plan.result import PlanResult

_WIDTH, _LEFT, _RIGHT, _CURVE = 1120, 168, 1102, 112
# heights that fit a landscape A4 page: below the day's curve, and on a page of its own
_BELOW_CURVE, _OWN_PAGE = 484, 680
_ONE_PAGE_ROWS, _DENSE_ROW = 54, 11.0
_UNIT_MIN = 5  # bars are drawn in five-minute units: short integers keep thousands of rows small
_LABEL_CHARS = 24
_MOST_DRAWN = 5000  # people a day; with more, a browser takes minutes for a picture nobody can take in


@dataclass(frozen=True)
class GanttDay:
    """One day: its heading, its demand curve, its blocks of rows, or why there are none."""

    title: str
    words: str
    curve: Markup | None
    blocks: tuple[Markup, ...]
    undrawn: str = ""


def _curve(
    chart: str, title: str, slots: pd.DataFrame, x: Axis, midnight: pd.Timestamp, slot_min: int, hover: Hover
) -> Markup:
    minute, required, scheduled = (slots[c].to_numpy(float) for c in ("minute", "required", "scheduled"))
    ticks = nice_ticks(0, float(max(required.max(), scheduled.max(), 1.0)), 3, whole=True)
    frame = Frame(x, Axis(0, ticks[-1], _CURVE - 20, 8))
    edges = x(np.append(minute, minute[-1] + slot_min))
    labels = [f"{clock(t)}–{clock(t + pd.Timedelta(minutes=slot_min))}" for t in slots["start"]]
    hover.add(
        chart,
        (float(edges[0]), float(edges[-1])),
        labels,
        [("Required, all queues", required, 1, ""), ("At work", scheduled, 1, "")],
    )
    words = (
        f"{title}: required and scheduled people over the day, all queues together, required at "
        f"most {required.max():.1f}"
    )
    return picture(
        _WIDTH,
        _CURVE,
        words,
        frame.horizontal_grid(ticks),
        frame.vertical_marks(hour_marks(midnight, x.low, x.high, 16)),
        element("text", "people at work", x=8, y=18),
        element("text", "all queues", x=8, y=32),
        element(
            "path",
            d=step_area(edges, frame.y(scheduled), np.full(len(edges) - 1, frame.base)),
            class_="covered",
        ),
        element("path", d=step_path(edges, frame.y(scheduled)), class_="scheduled"),
        element("path", d=step_path(edges, frame.y(required)), class_="required"),
        chart=chart,
    )


def _row(shift: WorkedShift, y: float, low: float, week: Week) -> str:
    paths: dict[str, str] = {}
    for stretch in shift.stretches:
        at, length = (stretch.from_min - low) / _UNIT_MIN, (stretch.until_min - stretch.from_min) / _UNIT_MIN
        if stretch.activity == "work":
            key = f"q{week.colour(stretch.queue)}"
        else:
            key = "rest paid" if stretch.paid else "rest"
        paths[key] = f"{paths.get(key, '')}M{coordinate(at)} {coordinate(y)}h{coordinate(length)}"
    drawn = "".join(f'<path class="{key}" d="{d}"/>' for key, d in paths.items())
    return f"<g><title>{escape(shift.sentence())}</title>{drawn}</g>"


def _cuts(people: int) -> tuple[float, list[tuple[int, int]]]:
    """Height of a row, and the stretches of rows that are drawn together: one for a page's worth of people."""
    if people <= _ONE_PAGE_ROWS:
        return min(14.0, _BELOW_CURVE / people), [(0, people)]
    first, more = int(_BELOW_CURVE / _DENSE_ROW), int(_OWN_PAGE / _DENSE_ROW)
    starts = [0, *range(first, people, more)]
    return _DENSE_ROW, list(zip(starts, [*starts[1:], people], strict=True))


def _block(
    title: str, shifts: Sequence[WorkedShift], row: float, x: Axis, midnight: pd.Timestamp, week: Week
) -> Markup:
    height = len(shifts) * row + 20
    frame = Frame(x, Axis(0, 1, height - 18, 0))
    names, bars = [], []
    for k, shift in enumerate(shifts):
        name = shift.agent if len(shift.agent) <= _LABEL_CHARS else f"{shift.agent[: _LABEL_CHARS - 1]}…"
        names.append(f'<text x="{_LEFT - 8}" y="{coordinate((k + 0.78) * row)}">{escape(name)}</text>')
        bars.append(_row(shift, (k + 0.5) * row, x.low, week))
    scale = (x.end - x.start) / (x.high - x.low) * _UNIT_MIN
    return picture(
        _WIDTH,
        height,
        f"{title}: shifts of {count(len(shifts), 'person', 'people')}, from {shifts[0].words} to "
        f"{shifts[-1].words}",
        frame.vertical_marks(hour_marks(midnight, x.low, x.high, 16)),
        Markup('<g class="names" style="font-size:{:.1f}px">{}</g>').format(
            min(10.5, row - 1), Markup("".join(names))
        ),
        Markup('<g class="bars" style="--w:{}" transform="translate({} 0) scale({:.4f} 1)">{}</g>').format(
            coordinate(row * 0.65), _LEFT, scale, Markup("".join(bars))
        ),
    )


def gantt(
    result: PlanResult, week: Week, shifts: Sequence[WorkedShift], hover: Hover
) -> tuple[GanttDay, ...]:
    """Pictures per day; people in the order in which their shifts start."""
    inside = week.inside(result.coverage)
    pooled = inside.groupby(["day_index", "start", "minute"], as_index=False)[["required", "scheduled"]].sum()
    found = []
    for index, date in enumerate(week.days):
        title, midnight = day_words(date, long=True), week.midnights[index]
        today = sorted(
            (s for s in shifts if s.day_index == index), key=lambda s: (s.from_min, s.until_min, s.agent)
        )
        if not today:
            found.append(GanttDay(title, "nobody works", None, ()))
            continue
        slots = pooled[pooled["day_index"] == index]
        needed = slots.loc[slots["required"] > 0, "minute"].to_numpy(float)
        low = min([s.from_min for s in today] + list(needed)) // 60 * 60
        high = -(-max([s.until_min for s in today] + [m + result.slot_min for m in needed]) // 60) * 60
        x = Axis(low, high, _LEFT, _RIGHT)
        curve = None
        shown = slots[(slots["minute"] >= low) & (slots["minute"] < high)]
        if len(shown):
            curve = _curve(f"gantt-{index}", title, shown, x, midnight, result.slot_min, hover)
        drawn = len(today) <= _MOST_DRAWN
        row, cuts = _cuts(len(today)) if drawn else (0.0, [])
        blocks = [_block(title, today[a:b], row, x, midnight, week) for a, b in cuts]
        away = [stretch.activity for s in today for stretch in s.stretches if stretch.activity != "work"]
        attended = sum(1 for name in away if name in result.activities)
        breaks = len(away) - attended
        words = (
            f"{count(len(today), 'person', 'people')}, {sum(s.paid_h for s in today):,.1f} paid hours, "
            f"{count(breaks, 'break')}" + (f", {count(attended, 'attendance')}" if attended else "")
        )
        undrawn = (
            ""
            if drawn
            else f"The shifts of {count(len(today), 'person', 'people')} are too many to draw; roster.xlsx has them "
            "all, with their breaks."
        )
        found.append(GanttDay(title, words, curve, tuple(blocks), undrawn))
    return tuple(found)
