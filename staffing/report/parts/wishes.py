"""Wishes: what was asked, what was granted, and for each refusal its reason and price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from staffing.report.quantities import finite, money, number, percent
from staffing.report.tables import Table, records, table
from staffing.report.week import clock_of_minutes, day_words

if TYPE_CHECKING:
    from staffing.plan.result import PlanResult

KIND_WORDS = {
    "day_off": "day off", "work": "work", "start_from": "start from", "start_until": "start until",
    "shift": "a shift", "not_shift": "not a shift",
}  # fmt: skip


@dataclass(frozen=True)
class Wishes:
    """The part's content."""

    total: int
    granted: int
    summary: Table | None
    refused_table: Table | None
    granted_table: Table | None


def wish_words(kind: str, time_min: Any, shift: Any = "") -> str:
    """``day off``, ``start at 09:00 or later``, ``shift early``."""
    if kind in ("shift", "not_shift") and isinstance(shift, str) and shift:
        return f"shift {shift}" if kind == "shift" else f"no shift {shift}"
    time = clock_of_minutes(float(time_min)) if finite(time_min) else "any time"
    return {"start_from": f"start at {time} or later", "start_until": f"start at {time} or earlier"}.get(
        kind, KIND_WORDS.get(kind, kind.replace("_", " "))
    )


def wishes(result: PlanResult) -> Wishes:
    """Tables of the wishes, in the roster's order; refusals with the dearest first."""
    asked = result.roster.wishes
    if not len(asked):
        return Wishes(0, 0, None, None, None)
    granted = asked["granted"].astype(bool)
    head = ("Person", "Day", "Wish", "Weight", "Reason")

    def rows(part: pd.DataFrame) -> list[tuple[object, ...]]:
        return [
            (
                row.agent,
                day_words(pd.Timestamp(str(row.day)[:10])),
                wish_words(str(row.kind), row.time_min, getattr(row, "shift", "")),
                money(row.weight, result.currency, 2),
                row.reason if isinstance(row.reason, str) else "",
            )
            for row in records(part)
        ]

    summary = []
    for kind in dict.fromkeys(asked["kind"]):
        of_kind = asked["kind"] == kind
        yes, all_of = int((granted & of_kind).sum()), int(of_kind.sum())
        price = float(asked.loc[of_kind & ~granted, "weight"].sum())
        words = KIND_WORDS.get(str(kind), str(kind).replace("_", " "))
        summary.append(
            (
                words,
                number(all_of),
                number(yes),
                number(all_of - yes),
                percent(yes / all_of, 0),
                money(price, result.currency, 2),
            )
        )
    refused = asked[~granted].sort_values("weight", ascending=False, kind="stable")
    return Wishes(
        len(asked),
        int(granted.sum()),
        table(
            "Wishes by kind",
            ("Wish", "Asked", "Granted", "Refused", "Share granted", "Weight refused"),
            summary,
            numeric=(1, 2, 3, 4, 5),
        ),
        table(
            "Wishes refused",
            head,
            rows(refused),
            numeric=(3,),
            foot="The weight is the price at which the plan refuses a wish: it was refused because "
            "granting it costs more, "
            "or because a rule forbids it.",
        )
        if len(refused)
        else None,
        table("Wishes granted", head, rows(asked[granted]), numeric=(3,)) if granted.any() else None,
    )
