"""Rules honoured and broken, as the independent check found them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from staffing.report.quantities import DASH, count, finite, hours, money, number
from staffing.report.tables import Table, badge, records, table
from staffing.report.week import clock, day_words

if TYPE_CHECKING:
    from staffing.plan.result import PlanResult


@dataclass(frozen=True)
class Rulebook:
    """Rules, honoured and broken."""

    rules: Table
    violations: Table | None
    limits: tuple[str, ...]
    broken: int
    kept: int
    failed: int
    checked: int
    agrees: Markup


def _when(moment: Any) -> str:
    return (
        f"{day_words(moment)}, {clock(moment)}" if isinstance(moment, pd.Timestamp) else str(moment or DASH)
    )


def rulebook(result: PlanResult) -> Rulebook:
    """What the independent check verified."""
    check = result.check
    rows = []
    for row in records(check.rules):
        if int(row.broken):
            state = badge("bad", f"broken {count(row.broken, 'time')}")
        elif int(row.checked):
            state = badge("good", "kept")
        else:
            state = badge("none", "nothing to check")
        rows.append((row.rule, number(row.checked), number(row.broken), state))
    shown = [(v.rule, v.agent, _when(v.when), str(v.found), str(v.allowed)) for v in check.violations[:500]]
    rest = len(check.violations) - len(shown)
    difference = abs(float(check.cost) - float(result.roster.cost)) if finite(check.cost) else math.nan
    agrees = (
        badge(
            "good",
            f"cost recomputed independently: the same to the cent, {money(check.cost, result.currency, 2)}",
        )
        if difference < 0.005
        else badge(
            "bad",
            f"cost recomputed independently: {money(check.cost, result.currency, 2)}, "
            f"against {money(result.roster.cost, result.currency, 2)} stated",
        )
    )
    rules = result.rules
    limits = [
        f"at least {hours(rules.min_rest_h, 1)} of rest between shifts",
        f"at most {number(rules.max_consecutive_days)} days in a row",
        "shift starts of one person free within the week"
        if rules.max_start_spread_min is None
        else f"shift starts of one person within {number(rules.max_start_spread_min)} minutes over the week",
    ]
    return Rulebook(
        table("Rules checked", ("Rule", "Times checked", "Times broken", "Result"), rows, numeric=(1, 2)),
        table(
            "Rules broken",
            ("Rule", "Who", "When", "Found", "Allowed"),
            shown,
            foot=f"and {number(rest)} more" if rest else "",
        )
        if shown
        else None,
        tuple(limits),
        max(int(check.rules["broken"].sum()), len(check.violations)),
        int(((check.rules["broken"] == 0) & (check.rules["checked"] > 0)).sum()),
        int((check.rules["broken"] > 0).sum()),
        int(check.rules["checked"].sum()),
        agrees,
    )
