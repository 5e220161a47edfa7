"""The labour law that a plan names: defaults for keys that it does not give, and where it is weaker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schedules.agents import Contract
from schedules.errors import InvalidSchedule
from schedules.laws import Law, against, law, laws
from schedules.laws.law import RULE_KEYS
from schedules.rules import Rules
from schedules.shifts import ShiftKind
from staffing.plan.loading import Plan
from staffing.plan.roster_settings import ContractSection

OVERTIME_KEYS = ("overtime_after_hours", "overtime_share", "daily_overtime_after_hours")


def law_of(plan: Plan) -> Law | None:
    """The law of ``[rules] law``; ``None`` where none is named.

    Raises
    ------
    BadInput
        A law that is not known here.
    """
    code = plan.settings.rules.law
    if not code:
        return None
    try:
        return law(code)
    except InvalidSchedule:
        known = ", ".join(preset.code for preset in laws())
        raise plan.defect("unknown law", "rules", "law", value=code, accepted=known) from None


def rules_of_law(preset: Law | None, given: set[str]) -> dict[str, Any]:
    """Fields of `schedules.rules.Rules` that a law sets and the plan does not give."""
    if preset is None:
        return {}
    return {
        entry.key: entry.value
        for entry in preset.entries
        if entry.key in RULE_KEYS and entry.key not in given
    }


def overtime_of_law(preset: Law | None, section: ContractSection) -> dict[str, float]:
    """Overtime of a contract that says nothing of it, as far as the law does."""
    if preset is None or section.model_fields_set & set(OVERTIME_KEYS):
        return {}
    values = {key: getattr(preset.caps, key) for key in OVERTIME_KEYS}
    return {key: value for key, value in values.items() if value is not None}


def law_notes(
    preset: Law | None, rules: Rules, contracts: Sequence[Contract], kinds: Sequence[ShiftKind]
) -> tuple[str, ...]:
    """Where the plan is weaker than its law, a sentence each, and that this is no legal advice."""
    if preset is None:
        return ()
    findings = against(preset, rules, contracts, kinds)
    found = f"{len(findings)} places" if len(findings) != 1 else "one place"
    verdict = (
        f"allows less than it asks for in {found}" if findings else "is weaker in nothing that is looked at"
    )
    return (
        f"Law {preset.code} ({preset.name}): the plan {verdict}. {preset.notice} "
        f"What is not covered: `staffing config laws {preset.code}`.",
        *(f"Law {preset.code}: {finding}." for finding in findings),
    )
