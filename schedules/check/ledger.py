"""The ledger of a check: which rules were looked at, how often, and where they are broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from schedules.check.report import Violation

RULES = (
    "row times",
    "known agent",
    "known activity",
    "horizon",
    "no overlap",
    "no gap",
    "known kind",
    "shift id",
    "contract kind",
    "weekday",
    "start grid",
    "shift length",
    "breaks",
    "break window",
    "break length",
    "break paid",
    "work between breaks",
    "work paid",
    "known queue",
    "skill",
    "one shift a day",
    "shift hours",
    "rest",
    "weekly rest",
    "consecutive days",
    "shortest run of work days",
    "shortest run of free days",
    "nights in a row",
    "weekends",
    "complete weekends",
    "forbidden succession",
    "rotation",
    "start spread",
    "week hours",
    "week days",
    "period hours",
    "availability",
    "days off",
    "leave",
    "absence",
    "fixed shift",
    "frozen day",
    "activity people",
    "activity once",
    "activity length",
    "activity window",
    "activity paid",
    "activity together",
)
"""Every hard rule, in the order of the report."""


class Ledger:
    """Collects what was checked and what was broken, rule by rule."""

    def __init__(self) -> None:
        self._checked = dict.fromkeys(RULES, 0)
        self._broken: dict[str, list[Violation]] = {rule: [] for rule in RULES}

    def record(self, rule: str, checked: int, broken: Iterable[Violation]) -> None:
        """Add ``checked`` things looked at for ``rule`` and those of them that break it."""
        self._checked[rule] += int(checked)
        self._broken[rule].extend(broken)

    def record_rows(
        self,
        rule: str,
        rows: pd.DataFrame,
        bad: np.ndarray | pd.Series,
        found: Callable[[Any], str] | str,
        allowed: Callable[[Any], str] | str,
    ) -> None:
        """The same for a table with ``agent`` and ``start``: all rows looked at, ``bad`` a mask.

        Texts are written for broken rows only, so that a good roster of thousands costs nothing.
        """
        mask = np.asarray(bad, dtype=bool)
        broken: Iterable[Any] = rows[mask].itertuples() if mask.any() else ()

        def told(text: Callable[[Any], str] | str, row: Any) -> str:
            return text if isinstance(text, str) else text(row)

        self.record(
            rule,
            len(rows),
            [Violation(rule, row.agent, row.start, told(found, row), told(allowed, row)) for row in broken],
        )

    def violations(self) -> tuple[Violation, ...]:
        """All violations, in the order of the rules, then by person and time."""

        def place(violation: Violation) -> tuple[str, int, str]:
            when = violation.when
            # NaT and None come first: a row without a time has no place in time.
            return violation.agent, -1 if when is None or pd.isna(when) else when.value, violation.found

        return tuple(violation for rule in RULES for violation in sorted(self._broken[rule], key=place))

    def table(self) -> pd.DataFrame:
        """``rule, checked, broken``."""
        return pd.DataFrame(
            {
                "rule": list(RULES),
                "checked": [self._checked[rule] for rule in RULES],
                "broken": [len(self._broken[rule]) for rule in RULES],
            }
        )
