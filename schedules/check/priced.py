"""What a roster is allowed at a price: one line each, and the sums."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from schedules.check.report import PRICED

RULES = (
    "refused wishes",
    "overtime",
    "shift fees",
    "target hours",
    "fairness",
    "presence",
    "pairs",
    "activities",
    "changes",
)
"""Everything with a price of its own, in the order of the table."""


class Bill:
    """Collects what is paid for, rule by rule."""

    def __init__(self) -> None:
        self._lines: dict[str, list[tuple[str, pd.Timestamp, float]]] = {rule: [] for rule in RULES}

    def add(self, rule: str, lines: Iterable[tuple[str, pd.Timestamp, float]]) -> None:
        """Add lines of what, when and how much."""
        self._lines[rule].extend((what, when, float(amount)) for what, when, amount in lines)

    def total(self, *rules: str) -> float:
        """Money of some rules."""
        return float(sum(amount for rule in rules for _, _, amount in self._lines[rule]))

    def table(self) -> pd.DataFrame:
        """``rule, what, when, amount``, in the order of the rules, then as found."""
        records = [(rule, *line) for rule in RULES for line in self._lines[rule]]
        table = pd.DataFrame(records, columns=list(PRICED))
        return table.astype({"rule": "str", "what": "str", "amount": float})
