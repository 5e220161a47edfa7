"""Targets and scenarios against their cost: the page for the person who decides the target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from staffing.report.document import document
from staffing.report.quantities import DASH, finite, hours, money, number, percent
from staffing.report.svg import Axis, Frame, coordinate, element, group, line_path, nice_ticks, picture
from staffing.report.tables import Table, records, table
from staffing.report.week import QUEUE_COLOURS

_ALL = "all"
_WIDTH, _HEIGHT = 1120, 380


def render_comparison(table: pd.DataFrame, *, name: str, currency: str, notes: Sequence[str] = ()) -> str:
    """The comparison of targets and scenarios as one HTML document.

    Parameters
    ----------
    table
        ``scenario, target, queue, agents, paid_hours, cost, service_level, abandonment,
        price_of_next_point``; one row per scenario, target and queue, the totals with queue
        ``all``. NaN where a measure has no meaning. With a further column ``plan_level``, the
        service level at the plan's own answer threshold, levels of different thresholds are drawn
        and priced on that one scale.
    name, currency, notes
        Heading, the money's symbol or code, sentences that the reader must know.

    Returns
    -------
    Text of a self-contained page; the same table gives the same bytes.
    """
    common = "plan_level" in table
    table = table.assign(level=table["plan_level"] if common else table["service_level"])
    totals = table[table["queue"].astype(str) == _ALL]
    parts = table[table["queue"].astype(str) != _ALL]
    scenarios = list(dict.fromkeys(str(s) for s in table["scenario"]))
    return document(
        "comparison.html",
        name=name,
        notes=tuple(dict.fromkeys(str(note) for note in notes)),
        cost_chart=_cost_chart(totals, scenarios, currency, common),
        agents_chart=_agents_chart(totals, scenarios),
        scenarios=[(s, k % QUEUE_COLOURS, _marker(k, 7, 7)) for k, s in enumerate(scenarios)],
        totals=_table(totals, "All queues together", currency, with_queue=False, common=common),
        parts=_table(parts, "Per queue", currency, with_queue=True, common=common) if len(parts) else None,
        reading=_reading(totals, currency),
        hover={},
    )


def _table(rows: pd.DataFrame, caption: str, currency: str, *, with_queue: bool, common: bool) -> Table:
    why = "no meaning for this kind of queue"
    head = [
        "Scenario",
        "Target",
        "People",
        "Paid hours",
        "Cost",
        "Service level at its target",
        *(["At the plan’s target"] if common else []),
        "Abandoned",
        "Price of the next point",
    ]
    cells: list[list[Any]] = []
    for row in records(rows):
        cells.append(
            [
                str(row.scenario),
                str(row.target),
                number(row.agents, 0 if _whole(row.agents) else 1),
                hours(row.paid_hours),
                money(row.cost, currency),
                percent(row.service_level, reason=why),
                *([percent(row.level, reason=why)] if common else []),
                percent(row.abandonment, reason=why),
                money(
                    row.price_of_next_point, currency, reason="no higher target of this scenario was compared"
                ),
            ]
        )
        if with_queue:
            cells[-1].insert(2, str(row.queue))
    if with_queue:
        head.insert(2, "Queue")
    first = 3 if with_queue else 2
    return table(
        caption,
        head,
        cells,
        numeric=range(first, len(head)),
        foot="Price of the next point: extra cost per further point of expected service level"
        + (", measured at the plan’s own answer time," if common else "")
        + " up to the next better target of the same scenario. A dash: no better target to compare with, "
        "or a measure without meaning.",
    )


def _whole(value: Any) -> bool:
    return finite(value) and float(value).is_integer()


def _usable(rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
    numbers = rows[list(columns)].astype(float).to_numpy()
    return rows[np.isfinite(numbers).all(axis=1)]


def _cost_chart(totals: pd.DataFrame, scenarios: Sequence[str], currency: str, common: bool) -> Markup | None:
    """Cost against service level: a line per scenario, a labelled point per target."""
    usable = _usable(totals, "cost", "level")
    if not len(usable):
        return None
    levels, costs = usable["level"].to_numpy(float) * 100, usable["cost"].to_numpy(float)
    margin = max(float(np.ptp(costs)) * 0.12, float(costs.max()) * 0.01, 1.0)
    x_ticks = nice_ticks(max(0.0, float(levels.min()) - 1), min(100.0, float(levels.max()) + 1), 8)
    y_ticks = nice_ticks(max(0.0, float(costs.min()) - margin), float(costs.max()) + margin, 5)
    frame = Frame(
        Axis(x_ticks[0], x_ticks[-1], 96, _WIDTH - 60), Axis(y_ticks[0], y_ticks[-1], _HEIGHT - 46, 14)
    )
    digits = 0 if all(float(t).is_integer() for t in x_ticks) else 1
    drawn: list[object] = []
    for k, scenario in enumerate(scenarios):
        own = usable[usable["scenario"].astype(str) == scenario].sort_values(["level", "cost"], kind="stable")
        xs, ys = frame.x(own["level"].to_numpy(float) * 100), frame.y(own["cost"].to_numpy(float))
        colour = f"q{k % QUEUE_COLOURS}"
        drawn.append(element("path", d=line_path(xs, ys), class_=f"mean {colour}"))
        for row, x, y in zip(records(own), xs, ys, strict=True):
            said = f"{scenario}, target {row.target}: {money(row.cost, currency)}, {percent(row.level)}"
            drawn.append(
                group(
                    element("title", said),
                    _marker(k, float(x), float(y)),
                    element("text", str(row.target), x=x + 9, y=y + (16 if k % 2 else -8)),
                    class_=f"point {colour}",
                )
            )
    return picture(
        _WIDTH,
        _HEIGHT,
        f"Cost of the week against expected service level, {len(usable)} combinations of scenario and target",
        element(
            "path", d="".join(f"M96 {coordinate(frame.y(t))}H{_WIDTH - 60}" for t in y_ticks), class_="grid"
        ),
        *(element("text", money(t, currency), x=88, y=frame.y(t) + 3, text_anchor="end") for t in y_ticks),
        frame.vertical_marks([(t, f"{number(t, digits)} %") for t in x_ticks]),
        element(
            "text",
            "expected service level"
            + (" at the plan’s own answer time" if common else "")
            + ", all queues together",
            x=_WIDTH - 60,
            y=_HEIGHT - 10,
            text_anchor="end",
        ),
        *drawn,
    )


def _marker(k: int, x: float, y: float) -> Markup:
    """A shape per scenario, so that lines can be told apart without colour."""
    shapes = (
        "m-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0",
        "m-5-5h10v10h-10Z",
        "m0-6l6 10.5h-12Z",
        "m0-6.5l6.5 6.5l-6.5 6.5l-6.5-6.5Z",
    )
    return element("path", d=f"M{coordinate(x)} {coordinate(y)}{shapes[k % len(shapes)]}", class_="marker")


def _agents_chart(totals: pd.DataFrame, scenarios: Sequence[str]) -> Markup | None:
    """People needed: a bar per scenario and target, with its number."""
    usable = _usable(totals, "agents")
    if not len(usable):
        return None
    row_px, left = 24, 300
    top = max(float(usable["agents"].max()), 1.0)
    x = Axis(0, top, left, _WIDTH - 90)
    drawn: list[object] = []
    for k, row in enumerate(records(usable)):
        colour = scenarios.index(str(row.scenario)) % QUEUE_COLOURS
        y = k * row_px
        label = f"{row.scenario} · {row.target}"
        drawn += [
            element(
                "text",
                label if len(label) <= 46 else f"{label[:45]}…",
                x=left - 10,
                y=y + 16,
                text_anchor="end",
            ),
            element(
                "rect",
                x=left,
                y=y + 4,
                width=x(float(row.agents)) - left,
                height=row_px - 8,
                class_=f"fill q{colour}",
            ),
            element(
                "text",
                number(row.agents, 0 if _whole(row.agents) else 1),
                x=x(float(row.agents)) + 7,
                y=y + 16,
                class_="strong",
            ),
        ]
    words = "People needed per scenario and target: " + "; ".join(
        f"{row.scenario} {row.target}: {number(row.agents)}" for row in records(usable)
    )
    return picture(_WIDTH, len(usable) * row_px + 4, words, *drawn)


def _reading(totals: pd.DataFrame, currency: str) -> tuple[str, ...]:
    """One sentence per scenario: from its cheapest to its dearest target."""
    sentences = []
    for scenario in dict.fromkeys(str(s) for s in totals["scenario"]):
        own = _usable(totals[totals["scenario"].astype(str) == scenario], "cost", "level").sort_values(
            "cost", kind="stable"
        )
        if len(own) < 2:
            continue
        low, high = own.iloc[0], own.iloc[-1]
        extra, points = (
            float(high["cost"] - low["cost"]),
            float(high["level"] - low["level"]) * 100,
        )
        price = money(extra / points, currency) if points > 0.05 else DASH
        sentences.append(
            f"{scenario}: from {low['target']} to {high['target']} costs {money(extra, currency)} more "
            f"a week "
            f"({percent(extra / low['cost'] if low['cost'] else np.nan)}) and brings "
            f"{number(points, 1)} points of service level, "
            f"{price} per point on average."
        )
    return tuple(sentences)
