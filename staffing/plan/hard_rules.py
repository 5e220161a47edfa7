"""The hard rules of a plan: everybody's, and those of the contracts that differ."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from schedules.errors import InvalidSchedule
from schedules.laws import Law
from schedules.rules import NightWindow, Rules
from staffing.files.clock import parse_clock
from staffing.plan.labour_law import rules_of_law
from staffing.plan.loading import Plan
from staffing.plan.roster_settings import ContractRulesSection, RulesSection

_RULES = frozenset(field.name for field in fields(Rules))


def everybodys_rules(plan: Plan, law: Law | None = None) -> Rules:
    """The rules of ``[rules]``; a key that it does not give is the law's, or else the default.

    Raises
    ------
    BadInput
        Rules that contradict each other, with the line of their table.
    """
    section = plan.settings.rules
    base = replace(Rules(), **rules_of_law(law, section.model_fields_set))
    return _changed(plan, base, section, section.model_fields_set, "rules")


def contract_rules(plan: Plan, name: str, everybody: Rules) -> Rules | None:
    """Everybody's rules with what ``[contracts.NAME.rules]`` says otherwise; ``None`` if it says nothing.

    Raises
    ------
    BadInput
        As :func:`everybodys_rules`.
    """
    section = plan.settings.contracts[name].rules
    if not section.model_fields_set:
        return None
    return _changed(plan, everybody, section, section.model_fields_set, "contracts", name, "rules")


def _values(section: RulesSection | ContractRulesSection, keys: set[str]) -> dict[str, Any]:
    """Keys of a table as the fields of `Rules`."""
    values: dict[str, Any] = {}
    for key in keys:
        value = getattr(section, key)
        if value == "none":
            value = None
        if key == "max_start_spread_h":
            values["max_start_spread_min"] = None if value is None else round(value * 60)
        elif key == "night":
            values["night"] = NightWindow(
                parse_clock(value.start, end=True),
                parse_clock(value.end, end=True),
                round(value.at_least_h * 60),
            )
        elif key in _RULES:
            values[key] = value
    return values


def _changed(
    plan: Plan, rules: Rules, section: RulesSection | ContractRulesSection, keys: set[str], *table: str
) -> Rules:
    try:
        return replace(rules, **_values(section, keys))
    except InvalidSchedule as error:
        raise plan.defect(str(error), *table, accepted="rules that do not contradict each other") from None
