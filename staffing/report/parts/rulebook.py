"""Rules honoured and broken, as the independent check found them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from staffing.report.quantities import DASH, count, finite, hours, listed, money, number
from staffing.report.tables import Table, badge, records, table
from staffing.report.week import clock, day_words

if TYPE_CHECKING:
    from schedules.rules import Rules
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


def limits(rules: Rules) -> tuple[str, ...]:
    """The rules for everybody in words, those that are not declared left out."""
    successions = listed([f"{after} after {before}" for before, after in rules.forbidden_successions])
    said = {
        f"at least {hours(rules.min_rest_h, 1)} of rest between shifts": True,
        f"one rest of {hours(rules.weekly_rest_h, 1)} in every week": rules.weekly_rest_h is not None,
        f"at most {number(rules.max_consecutive_days)} days in a row": True,
        f"at least {number(rules.min_consecutive_days)} days in a row": rules.min_consecutive_days > 1,
        f"at least {number(rules.min_consecutive_days_off)} free days in a row": rules.min_consecutive_days_off
        > 1,
        f"at most {number(rules.max_nights_in_a_row)} nights in a row": rules.max_nights_in_a_row is not None,
        f"at most {number(rules.max_weekends)} weekends": rules.max_weekends is not None,
        "weekends worked whole or not at all": rules.complete_weekends,
        f"no {successions} on the next day": bool(rules.forbidden_successions),
        f"shifts of at most {hours(rules.max_shift_h, 1)} paid": rules.max_shift_h is not None,
        f"shift starts of one person within {number(rules.max_start_spread_min)} minutes over the week": (
            rules.max_start_spread_min is not None
        ),
    }
    return tuple(words for words, holds in said.items() if holds)


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
        limits(rules),
        max(int(check.rules["broken"].sum()), len(check.violations)),
        int(((check.rules["broken"] == 0) & (check.rules["checked"] > 0)).sum()),
        int((check.rules["broken"] > 0).sum()),
        int(check.rules["checked"].sum()),
        agrees,
    )
