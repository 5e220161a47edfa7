"""What the independent check of a roster found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Violation:
    """One hard rule broken at one place.

    Attributes
    ----------
    rule
        Name of the rule, as in ``CheckReport.rules``.
    agent
        Id of the person, as written in the roster.
    when
        Start of the row or shift concerned; for rules about a week, the week's first midnight.
    found, allowed
        What the roster says, and what the rule would have accepted.
    """

    rule: str
    agent: str
    when: pd.Timestamp | None
    found: str
    allowed: str

    def __str__(self) -> str:
        when = "" if self.when is None else f", {self.when:%a %Y-%m-%d %H:%M}"
        return f"{self.rule}: {self.agent}{when}: found {self.found}; allowed: {self.allowed}"


PRICED = ("rule", "what", "when", "amount")
"""Columns of the table of what a roster pays for beyond wages and coverage."""


@dataclass(frozen=True)
class CheckReport:
    """Verdict on a roster, with everything that the check recomputed.

    Attributes
    ----------
    violations
        Every broken rule, in the order of ``rules``, then by person and time.
    rules
        ``rule, checked, broken``: one row per rule, with the number of things looked at (rows,
        shifts, pairs of shifts, person-weeks …) and of those that break it.
    cost
        Sum of ``cost_parts``, in the plan's money.
    cost_parts
        ``wages, premiums, shortage, surplus, refused_wishes, overtime, shift_fees, target_hours,
        fairness, team_rules, activities, changes``.
    coverage
        ``queue, start, required, scheduled, gap`` per slot of the horizon; ``gap`` is scheduled
        minus required, negative where people are missing.
    wishes
        ``agent, kind, day, time_min, weight, granted, reason``, in the order given; ``weight`` as declared.
    priced
        ``rule, what, when, amount``: each thing allowed at a price, in money. Its rules are ``refused
        wishes``, ``overtime``, ``shift fees``, ``target hours``, ``fairness``, ``presence`` and ``pairs``
        (together the part ``team_rules``), ``activities`` (missed) and ``changes``; what is free of
        charge by its own price is listed with 0.
    """

    violations: tuple[Violation, ...]
    rules: pd.DataFrame
    cost: float
    cost_parts: Mapping[str, float]
    coverage: pd.DataFrame
    wishes: pd.DataFrame
    priced: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(PRICED)))

    @property
    def ok(self) -> bool:
        """Whether every hard rule holds."""
        return not self.violations

    def summary(self) -> str:
        """A few lines for a person: the verdict, the broken rules, the cost and its parts."""
        checked = int(self.rules["checked"].sum())
        if self.ok:
            lines = [f"all {len(self.rules)} rules hold ({checked} checks)"]
        else:
            broken = self.rules[self.rules["broken"] > 0]
            lines = [f"{len(self.violations)} violations of {len(broken)} of {len(self.rules)} rules"]
            lines += [
                f"  {rule}: {count} of {of}"
                for rule, count, of in zip(broken["rule"], broken["broken"], broken["checked"], strict=True)
            ]
        parts = ", ".join(f"{name.replace('_', ' ')} {value:.2f}" for name, value in self.cost_parts.items())
        lines.append(f"cost {self.cost:.2f} ({parts})")
        if len(self.wishes):
            lines.append(f"wishes granted: {int(self.wishes['granted'].sum())} of {len(self.wishes)}")
        return "\n".join(lines)
