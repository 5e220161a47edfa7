"""How close to the cheapest: costs, proven bounds, gaps in plain words, and how the search went."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from staffing.report.quantities import finite, missing, money, number, percent
from staffing.report.svg import Axis, Frame, element, nice_ticks, picture, step_path
from staffing.report.tables import Table, table

if TYPE_CHECKING:
    from staffing.plan.result import PlanResult

STATUS_WORDS = {
    "optimal": "Proven: nothing cheaper exists under these rules and prices.",
    "feasible": "Valid, with a proven limit on what a better one could save.",
    "limit": "Valid, but a limit or an interruption ended the search before it was done.",
}


def above_cheapest(cost: float, bound: float) -> float:
    """Largest possible excess over the cheapest, ``cost / bound - 1``; NaN without a positive bound."""
    return max(0.0, cost / bound - 1.0) if finite(cost) and finite(bound) and bound > 0 else math.nan


def gap_words(cost: float, bound: float, what: str = "roster") -> str:
    """The proven gap as a sentence's end; rounded up, so that "at most" stays true."""
    excess = above_cheapest(cost, bound)
    if not finite(excess):
        return "no bound was proven: how close it is to the cheapest is not known"
    if excess <= 1e-6:
        return f"proven the cheapest possible {what}"
    digits = 1 if excess >= 0.01 else 2
    steps = 10.0 ** (2 + digits)
    return f"at most {percent(math.ceil(excess * steps - 1e-6) / steps, digits)} above the cheapest possible {what}"


def bounds_table(result: PlanResult) -> Table:
    """Cost, bound, gap and status of the two solves."""
    rows = []
    for words, what, solved in (
        ("Shift design (anonymous)", "set of shifts", result.design),
        ("Roster (named people)", "roster", result.roster),
    ):
        said = gap_words(solved.cost, solved.bound, what)
        rows.append(
            (
                words,
                money(solved.cost, result.currency, 2),
                money(solved.bound, result.currency, 2, "no bound was proven"),
                percent(solved.gap, 2, "no bound was proven")
                if finite(solved.bound)
                else missing("no bound was proven"),
                said[0].upper() + said[1:],
                STATUS_WORDS.get(solved.status, f"Status: {solved.status}"),
            )
        )
    return table(
        "How close to the cheapest",
        ("Step", "Cost", "Proven lower bound", "Gap", "In words", "Status"),
        rows,
        numeric=(1, 2, 3),
        foot="No solution under the same rules, prices and requirement can cost less than the bound. "
        "Gap: the share of the cost that is not proven necessary. The design names nobody and so may "
        "cost less than the roster.",
    )


def trail(result: PlanResult) -> Markup | None:
    """Cost and bound over the steps of the search; ``None`` where there were fewer than two steps."""
    steps = result.roster.trail
    if len(steps) < 2:
        return None
    cost, bound = steps["cost"].to_numpy(float), steps["bound"].to_numpy(float)
    final = float(result.roster.cost)
    # the first steps can be far off; beyond a fifth around the result nothing is to be read
    cost = np.where(np.isfinite(cost) & (cost <= 1.2 * final), cost, np.nan)
    bound = np.where(np.isfinite(bound) & (bound >= 0.8 * final), bound, np.nan)
    seen = np.concatenate([cost, bound])
    seen = seen[np.isfinite(seen)]
    if not len(seen):
        return None
    ticks = nice_ticks(float(seen.min()), float(seen.max()), 4)
    frame = Frame(Axis(0, len(steps), 84, 1112), Axis(ticks[0], ticks[-1], 150, 8))
    edges = frame.x(np.arange(len(steps) + 1, dtype=float))
    marks = [(0.0, "first step"), (float(len(steps)), "last step")]
    words = (
        f"Cost found and bound proven over {len(steps)} steps of the search, ending at "
        f"{number(final, 2)} and "
        f"{number(result.roster.bound, 2)}"
    )
    return picture(
        1120,
        172,
        words,
        frame.horizontal_grid(ticks),
        element("path", d="M84 150H1112", class_="grid day"),
        element("text", marks[0][1], x=84, y=166),
        element("text", marks[1][1], x=1112, y=166, text_anchor="end"),
        element("path", d=step_path(edges, frame.y(bound)), class_="bound"),
        element("path", d=step_path(edges, frame.y(cost)), class_="mean q0"),
    )
