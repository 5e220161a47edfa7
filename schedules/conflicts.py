"""Why a person can have no roster: a smallest set of rules in conflict, and the cheapest repair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from schedules.agents import Agent
from schedules.conflictcase import Case, day_name
from schedules.eligibility import REST_BEFORE, Eligibility
from schedules.errors import Conflict
from schedules.repairs import repairs_of
from schedules.rules import Rules
from schedules.settled import fixed_days
from schedules.timegrid import TimeGrid

_DETAILED = 40


def _rule_names(case: Case, eligibility: Eligibility) -> list[str]:
    """Rules that can be left aside, those that a planner gives up last first."""
    contract, rules = case.agent.contract, case.rules
    masks = eligibility.rule_masks(case.agent)
    days = case.grid.days
    names = [
        name
        for name in ("leave", "absences", "availability", REST_BEFORE, "longest shift", "rotation")
        if name in masks
    ]
    names += [
        f"day off on {day_name(day)}" for day in sorted(case.agent.days_off) if day in eligibility.dates
    ]
    names += [
        f"fixed shift on {day_name(eligibility.dates[day])}" for day in fixed_days(case.grid, case.agent)
    ]
    names.append("minimum rest")
    binding = {
        "weekly rest": rules.weekly_rest_h is not None,
        "nights in a row": rules.max_nights_in_a_row is not None,
        "successions": bool(rules.forbidden_successions),
        "weekends": rules.max_weekends is not None,
        "complete weekends": rules.complete_weekends,
        "start spread": rules.max_start_spread_min is not None,
        "minimum days in a row": rules.min_consecutive_days > 1,
        "minimum free days in a row": rules.min_consecutive_days_off > 1,
        "consecutive days": case.agent.days_worked_before + days > rules.max_consecutive_days,
        "maximum days": True,
        "maximum hours": True,
        "maximum of the period": contract.max_period_hours is not None,
        "minimum days": contract.min_days > 0,
        "minimum hours": contract.min_hours > 0,
        "minimum of the period": bool(contract.min_period_hours),
    }
    return names + [name for name, binds in binding.items() if binds]


def _smallest(case: Case, names: Sequence[str]) -> list[str]:
    """Deletion filter: leave each rule aside in turn, and keep it aside if the conflict remains."""
    dropped: frozenset[str] = frozenset()
    for name in names:
        trial = dropped | {name}
        if not case.feasible(trial):
            dropped = trial
    return [name for name in names if name not in dropped]


def explain_conflicts(
    grid: TimeGrid, rules: Rules, agents: Sequence[Agent], unable: Sequence[int]
) -> tuple[Conflict, ...]:
    """Name for each person without a tour the rules that together forbid one, the days, and the cheapest repair.

    A rule of the set is needed for the conflict: without it a tour exists. People whose declarations are the same share
    one analysis.
    """
    eligibility = Eligibility(grid, rules)
    known: dict[Agent, tuple[tuple[str, ...], tuple[str, ...], str]] = {}
    conflicts = []
    for index in unable:
        agent = agents[index]
        key = replace(agent, id="", skills=frozenset({""}), levels=(), team="", site="")
        if key not in known:
            if len(known) >= _DETAILED:
                known[key] = (("rules not analysed one by one",), (), "repair the others first")
            else:
                known[key] = _explain(Case(grid, agent.rules(rules), agent), eligibility)
        found_rules, days, repair = known[key]
        conflicts.append(Conflict(agent.id, found_rules, days, repair))
    return tuple(conflicts)


def _explain(case: Case, eligibility: Eligibility) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    agent, contract = case.agent, case.agent.contract
    core = _smallest(case, _rule_names(case, eligibility))
    found = sorted(repairs_of(case, core))
    repair = found[0][1] if found else "change two of these rules together"
    masks = eligibility.rule_masks(agent)
    open_days = np.zeros(len(eligibility.dates), dtype=bool)
    open_days[np.unique(case.grid.day[eligibility.contract_mask(agent)])] = True
    blocked: set[int] = set()
    for name in core:
        if name in masks:
            left = np.unique(case.grid.day[eligibility.contract_mask(agent) & masks[name]])
            blocked |= set(np.flatnonzero(open_days).tolist()) - set(left.tolist())
    days = {day_name(eligibility.dates[day]): day for day in blocked}
    for position, day in enumerate(eligibility.dates):
        if f"day off on {day_name(day)}" in core or f"fixed shift on {day_name(day)}" in core:
            days[day_name(day)] = position
    rules = case.rules
    detail = {
        "minimum hours": f"minimum of {contract.min_hours:g} h",
        "maximum hours": f"maximum of {contract.max_hours:g} h",
        "minimum days": f"minimum of {contract.min_days} days",
        "maximum days": f"maximum of {contract.max_days} days",
        "minimum of the period": f"minimum of {contract.min_period_hours} h in the period",
        "maximum of the period": f"maximum of {contract.max_period_hours} h in the period",
        "minimum rest": f"rest of {rules.min_rest_h:g} h",
        "weekly rest": f"weekly rest of {rules.weekly_rest_h:g} h" if rules.weekly_rest_h else "",
        "consecutive days": f"at most {rules.max_consecutive_days} days in a row",
        "minimum days in a row": f"at least {rules.min_consecutive_days} days in a row",
        "minimum free days in a row": f"at least {rules.min_consecutive_days_off} free days in a row",
        "nights in a row": f"at most {rules.max_nights_in_a_row} nights in a row",
        "weekends": f"at most {rules.max_weekends} weekends",
        "complete weekends": "complete weekends",
        "successions": "no " + ", no ".join(f"{b} after {a}" for a, b in rules.forbidden_successions),
        "start spread": f"starts within {rules.max_start_spread_min} min",
        "longest shift": f"shifts of at most {rules.max_shift_h} h",
        "rotation": "the shift kinds of the rotation",
    }
    named = tuple(detail.get(name, name) for name in core) or ("the shift kinds of the contract",)
    if not open_days.all():
        some = ", ".join(day_name(eligibility.dates[day]) for day in np.flatnonzero(open_days)) or "no day"
        named += (f"shifts of contract {contract.name} that start on {some} only",)
    return named, tuple(sorted(days, key=lambda text: days[text])), repair
