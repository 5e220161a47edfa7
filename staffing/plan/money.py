"""The money and the hours of a roster: what is paid, and what the plan only weighs."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

# Part of the cost → what a person calls it.
PAID = {
    "wages": "wages",
    "premiums": "premiums",
    "overtime": "overtime",
    "shift_fees": "fees per shift",
}
WEIGHED = {
    "shortage": "missing staff",
    "surplus": "staff too many",
    "refused_wishes": "refused wishes",
    "target_hours": "hours off target",
    "fairness": "unfair shares",
    "team_rules": "presence and pairs",
    "activities": "missed activities",
    "changes": "changed shifts",
}
ALWAYS_TOLD = ("shortage", "surplus", "refused_wishes")


def paid(parts: Mapping[str, float]) -> float:
    """Money that is really paid."""
    return float(sum(parts.get(name, 0.0) for name in PAID))


def paid_hours(table: pd.DataFrame) -> float:
    """Paid hours of a roster table, in elapsed time."""
    rows = table[table["paid"].astype(bool)]
    return float((rows["end"] - rows["start"]).dt.total_seconds().sum() / 3600.0)


def weighed_words(parts: Mapping[str, float]) -> str:
    """``0.00 for missing staff, …``: the usual parts and those that are not zero."""
    return ", ".join(
        f"{parts.get(name, 0.0):,.2f} for {words}"
        for name, words in WEIGHED.items()
        if name in ALWAYS_TOLD or abs(parts.get(name, 0.0)) >= 0.005
    )


def paid_words(parts: Mapping[str, float]) -> str:
    """``wages and premiums``, with overtime and fees where there are any."""
    named = [
        words
        for name, words in PAID.items()
        if name in ("wages", "premiums") or parts.get(name, 0.0) >= 0.005
    ]
    return f"{', '.join(named[:-1])} and {named[-1]}"
