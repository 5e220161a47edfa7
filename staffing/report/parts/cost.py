"""What the week costs: the money that is paid, and the prices that the plan only weighs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from markupsafe import Markup

from staffing.plan.money import paid
from staffing.report.quantities import finite, money, percent
from staffing.report.tables import Table, table

if TYPE_CHECKING:
    from staffing.plan.result import PlanResult

PART_WORDS = {
    "wages": ("Wages", "paid"),
    "premiums": ("Premiums (night, weekend, holiday)", "paid"),
    "shortage": ("Missing people, at the plan’s price", "weighed"),
    "surplus": ("People above the requirement, at the plan’s price", "weighed"),
    "refused_wishes": ("Refused wishes, at their weight", "weighed"),
    "overtime": ("Overtime supplements", "paid"),
    "shift_fees": ("Fees per shift", "paid"),
    "target_hours": ("Hours off target, at their price", "weighed"),
    "fairness": ("Unfair shares, at their price", "weighed"),
    "team_rules": ("Presence and pairs not kept, at their price", "weighed"),
    "activities": ("Missed activities, at their price", "weighed"),
    "changes": ("Changed shifts, at the price of a change", "weighed"),
}
ALWAYS = ("wages", "premiums", "shortage", "surplus", "refused_wishes")


def payroll(parts: dict[str, float]) -> float:
    """Money that is really paid: wages, premiums, overtime and fees per shift."""
    return paid(parts)


def cost_table(result: PlanResult) -> Table:
    """Cost parts: paid money first, then what the plan only weighs."""
    parts, rows = result.roster.cost_parts, []
    total = result.roster.cost
    for name, amount in parts.items():
        if name not in ALWAYS and abs(amount) < 0.005:
            continue
        words, kind = PART_WORDS.get(name, (name.replace("_", " ").capitalize(), "weighed"))
        share = percent(amount / total if finite(total) and total else math.nan, reason="the total is zero")
        rows.append(
            (
                words,
                "paid" if kind == "paid" else "weighed, not paid",
                money(amount, result.currency, 2),
                share,
            )
        )
    rows.append((Markup("<b>Paid in all</b>"), "paid", money(payroll(parts), result.currency, 2), ""))
    rows.append(
        (
            Markup("<b>All that the plan keeps low</b>"),
            "paid and weighed",
            money(total, result.currency, 2),
            "",
        )
    )
    tiers, low = [], 0.0
    for tier in result.prices.shortage:
        price = money(tier.price_per_hour, result.currency)
        tiers.append(
            f"{percent(low, 0)} to {percent(tier.up_to_share, 0)} of the requirement: {price} per hour"
        )
        low = tier.up_to_share
    return table(
        "Cost of the week",
        ("Part", "Kind", "Amount", "Share of all"),
        rows,
        numeric=(2, 3),
        foot=f"A missing person is priced in steps ({'; '.join(tiers)}), one above the requirement at "
        f"{money(result.prices.surplus_per_hour, result.currency, 2)} per hour. These prices steer the "
        f"plan; nobody pays them.",
    )
