"""The history drawn as cleaning left it: contacts a day, and below them a lane for each kind of finding."""

from __future__ import annotations

import numpy as np
import pandas as pd
from markupsafe import Markup

from staffing.report.hover import Hover
from staffing.report.svg import Axis, Frame, coordinate, element, line_path, nice_ticks, picture, runs
from staffing.report.week import MONTH_NAMES, day_words

DAYS_SHOWN = 400
# In the order of the lanes, with the words that name them.
LANES = {
    "gap": "missing",
    "outage": "outage",
    "closed day": "closed",
    "outlier": "outlier",
    "excluded": "excluded",
    "unusual day": "unusual",
    "level shift": "new level",
    "holiday": "holiday",
}
_WIDTH, _LEFT, _TOP, _HEIGHT, _LANE = 1120, 72, 8, 104, 14
_LEAST_MARK = 2.0


def cleaning_chart(
    position: int, queue: str, colour: int, days: pd.DataFrame, hover: Hover
) -> tuple[Markup, tuple[tuple[str, str], ...]] | None:
    """Contacts a day, recorded and used, with the findings of each day; and the legend.

    Parameters
    ----------
    position, queue, colour
        Number of the chart on the page, and the queue's name and colour.
    days
        ``day``, ``contacts``, ``used``, ``mark`` and ``holiday`` of one queue as `forecasts.by_day` gives them; the
        last 400 are drawn.

    Returns
    -------
    ``None`` where no day was recorded.
    """
    rows = days.sort_values("day", kind="stable").tail(DAYS_SHOWN)
    contacts, used = rows["contacts"].to_numpy(float), rows["used"].to_numpy(float)
    if not np.isfinite(contacts).any():
        return None
    mark = np.where(rows["mark"] != "", rows["mark"], np.where(rows["holiday"] != "", "holiday", ""))
    lanes = [kind for kind in LANES if (mark == kind).any()]
    ticks = nice_ticks(0, float(np.nanmax(np.append(contacts, 1.0))), 3, whole=True)
    frame = Frame(Axis(0, len(rows), _LEFT, _WIDTH - 8), Axis(0, ticks[-1], _TOP + _HEIGHT, _TOP))
    middle = frame.x(np.arange(len(rows)) + 0.5)
    dates = [pd.Timestamp(day).date() for day in rows["day"]]
    months = [
        (
            float(place),
            MONTH_NAMES[day.month - 1][:3] + (f" {day.year}" if day.month == 1 or place == 0 else ""),
        )
        for place, day in enumerate(dates)
        if day.day == 1 or place == 0
    ]
    # The first month's name gives way where the next one would cover it.
    if len(months) > 1 and frame.x(months[1][0]) - frame.x(0) < 60:
        months = months[1:]
    low = frame.base + 6
    parts = [
        frame.horizontal_grid(ticks),
        element("path", d=line_path(middle, frame.y(contacts)), class_="year"),
        element("path", d=line_path(middle, frame.y(used)), class_=f"mean q{colour}"),
    ]
    for lane, kind in enumerate(lanes):
        top = low + lane * _LANE
        marks = "".join(_mark(frame, first, after, top) for first, after in runs(mark == kind))
        parts.append(element("text", LANES[kind], x=_LEFT - 6, y=top + _LANE - 4, text_anchor="end"))
        parts.append(element("path", d=marks, class_=f"fill q{colour}" if kind != "holiday" else "bar past"))
    bottom = low + len(lanes) * _LANE
    parts += [
        element(
            "path",
            d="".join(f"M{coordinate(frame.x(at))} {coordinate(bottom)}v4" for at, _ in months),
            class_="grid day",
        ),
        *(element("text", name, x=frame.x(at) + 2, y=bottom + 15) for at, name in months),
    ]
    labels = [
        ", ".join(part for part in (day_words(day), *_found(kind, name)) if part)
        for day, kind, name in zip(dates, rows["mark"], rows["holiday"], strict=True)
    ]
    series = [("Recorded", contacts, 0, ""), ("Used", used, 0, "")]
    chart = hover.add(f"cleaning-{position}", (_LEFT, _WIDTH - 8), labels, series)
    counts = [f"{int((mark == kind).sum())} {LANES[kind]}" for kind in lanes]
    words = (
        f"{queue}: contacts of each day from {day_words(dates[0])} {dates[0].year} to {day_words(dates[-1])} "
        f"{dates[-1].year}; {', '.join(counts) if counts else 'nothing found'}"
    )
    legend = [("line", "contacts used by the forecast"), ("year", "contacts recorded")]
    return picture(_WIDTH, int(bottom + 20), words, *parts, chart=chart), tuple(legend)


def _mark(frame: Frame, first: int, after: int, top: float) -> str:
    """A rectangle over the days ``[first, after)``, wide enough to be seen."""
    left = frame.x(first)
    width = max(frame.x(after) - left, _LEAST_MARK)
    return f"M{coordinate(left)} {coordinate(top + 2)}h{coordinate(width)}v{_LANE - 5}h{coordinate(-width)}Z"


def _found(mark: str, holiday: str) -> tuple[str, ...]:
    return tuple(text for text in (LANES.get(mark, mark), holiday) if text)
