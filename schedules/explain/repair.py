"""The cheapest way to give one person a legal week: every rule may give way at a price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pulp

from schedules.agents import Agent
from schedules.compact.case import Case
from schedules.compact.charges import Behind
from schedules.compact.choices import contract_refuses, refusals
from schedules.compact.person import PersonRows
from schedules.compact.rows import Program
from schedules.solver import solve
from schedules.teams import Fairness

# Rough hours of trouble: what a planner gives up last costs most. Per hour, day, pair of days or shift.
TROUBLE = {
    "minimum hours": 1.0,
    "maximum hours": 1.2,
    "minimum hours of the period": 1.0,
    "maximum hours of the period": 1.2,
    "minimum days": 4.0,
    "maximum days": 8.0,
    "shortest run of days worked": 6.0,
    "shortest run of free days": 6.0,
    "complete weekends": 8.0,
    "weekends": 10.0,
    "start spread": 4.0,
    "forbidden succession": 8.0,
    "nights in a row": 10.0,
    "minimum rest": 14.0,
    "consecutive days": 14.0,
    "weekly rest": 20.0,
    "longest shift": 5.0,
    "day off": 7.0,
    "rotation": 8.0,
    "availability": 10.0,
    "fixed shift": 12.0,
    "rest after the last shift": 14.0,
    "absence": 20.0,
    "leave": 24.0,
}


@dataclass(frozen=True)
class GivingWay:
    """One rule that gives way: where and by how much, in the rule's own unit (hours, days, shifts)."""

    rule: str
    where: str
    amount: float
    words: str


def cheapest_repair(
    case: Case, agent: Agent, worked: dict[int, np.ndarray] | None = None
) -> list[GivingWay] | None:
    """The least that must give way for a person to have a legal week.

    Parameters
    ----------
    worked
        Day to a mask over the shifts of the grid: one of them must be worked on that day.

    Returns
    -------
    What gives way, nothing where a legal week exists, ``None`` where not even this helps.
    """
    found = _Elastic(case, agent, TROUBLE, worked or {})
    return found.giving_way() if found.feasible else None


def smallest_conflict(case: Case, agent: Agent) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Rules that together leave a person no legal week, each of them needed for that, and the days they name.

    Both are empty where a legal week exists. A deletion filter: each rule is left aside in turn, those that a planner
    gives up last first, and stays aside where the conflict remains.
    """
    names = sorted(TROUBLE, key=lambda name: -TROUBLE[name])
    aside: list[str] = []
    if _Elastic(case, agent, {}, {}).feasible:
        return (), ()
    for name in names:
        if not _Elastic(case, agent, dict.fromkeys((*aside, name), 0.0), {}).feasible:
            aside.append(name)
    core = [name for name in names if name not in aside]
    masks = refusals(case.wall, agent, agent.rules(case.rules))
    words = [text for name in core for text in _rule_words(name, agent, case, list(masks))]
    days: set[int] = set()
    able = ~contract_refuses(case.wall, agent)
    for name, mask in masks.items():
        if any(name.startswith(rule) for rule in core) and name not in ("rotation", "longest shift"):
            days |= set(case.grid.day[able].tolist()) - set(case.grid.day[able & ~mask].tolist())
    return tuple(words), tuple(_day(case, day) for day in sorted(days))


class _Elastic:
    """One person's week in which the rules of ``prices`` may give way."""

    def __init__(
        self, case: Case, agent: Agent, prices: Mapping[str, float], worked: dict[int, np.ndarray]
    ) -> None:
        self.case, self.agent = case, agent
        rules = agent.rules(case.rules)
        shifts = np.flatnonzero(~contract_refuses(case.wall, agent))
        for day, mask in worked.items():
            shifts = shifts[(case.grid.day[shifts] != day) | mask[shifts]]
        masks = refusals(case.wall, agent, rules)
        for name, mask in masks.items():
            if _price(name, prices) is None:
                shifts = shifts[~mask[shifts]]
        self.shifts = shifts
        self.masks = {name: mask[shifts] for name, mask in masks.items() if mask[shifts].any()}
        self.program = Program(pulp.LpProblem("repair"), prices)
        self.choose = [self.program.binary(f"x{shift}") for shift in shifts]
        # Only rules count here, so nothing else may have a price.
        free = replace(agent, contract=replace(agent.contract, target_price_per_hour=0.0, overtime_share=0.0))
        rows = PersonRows(self.program, "", case.wall, free, rules, shifts, self.choose, set(worked))
        rows.add(Fairness(), Behind())
        for name, mask in self.masks.items():
            for index in np.flatnonzero(mask):
                self.program.price(self.choose[index], _price(name, prices) or 0.0)
        for fixed in agent.fixed:
            if fixed.day in case.wall.index:
                day = case.wall.index[fixed.day]
                today = [self.choose[index] for index in np.flatnonzero(case.grid.day[shifts] == day)]
                self.program.at_least(today, [1.0] * len(today), 1.0, "fixed shift", _day(case, day))
        self.program.objective()
        self.feasible = solve(self.program.problem, gap=1e-6).has_solution

    def giving_way(self) -> list[GivingWay]:
        """Rules that the solution breaks."""
        case, found = self.case, []
        for index, variable in enumerate(self.choose):
            if variable.varValue and variable.varValue > 0.5:
                day = int(case.grid.day[self.shifts[index]])
                for name, mask in self.masks.items():
                    if mask[index]:
                        words = _mask_words(name, case.wall.dates[day])
                        found.append(GivingWay(name, _day(case, day), 1.0, words))
        totals: dict[tuple[str, str], float] = {}
        for rule, where, slack in self.program.slack:
            amount = slack.varValue or 0.0
            if amount > 1e-5:
                totals[rule, where] = max(totals.get((rule, where), 0.0), amount)
        for (rule, where), amount in totals.items():
            words = _row_words(rule, where, amount, self.agent, case)
            found.append(GivingWay(rule, where, amount, words))
        return found


def _day(case: Case, day: int) -> str:
    date = case.wall.dates[day]
    return f"{date:%a} {date.day} {date:%b}"


def _price(name: str, prices: Mapping[str, float]) -> float | None:
    """Price of a rule about a single shift, by the beginning of its name; ``None`` where it is hard."""
    return next((price for rule, price in prices.items() if name.startswith(rule)), None)


def _rule_words(name: str, agent: Agent, case: Case, masks: list[str]) -> list[str]:
    """A rule of a conflict with its figures."""
    contract, rules = agent.contract, agent.rules(case.rules)
    single = [mask for mask in masks if mask.startswith(name)]
    if single:
        return single
    return [
        {
            "minimum hours": f"minimum of {contract.min_hours:g} h",
            "maximum hours": f"maximum of {contract.max_hours:g} h",
            "minimum days": f"minimum of {contract.min_days} days",
            "maximum days": f"maximum of {contract.max_days} days",
            "minimum hours of the period": f"minimum of {contract.min_period_hours or 0:g} h in the period",
            "maximum hours of the period": f"maximum of {contract.max_period_hours or 0:g} h in the period",
            "minimum rest": f"rest of {rules.min_rest_h:g} h",
            "consecutive days": f"at most {rules.max_consecutive_days} days in a row",
            "start spread": f"starts within {rules.max_start_spread_min} min",
            "weekly rest": f"weekly rest of {rules.weekly_rest_h or 0:g} h",
            "nights in a row": f"at most {rules.max_nights_in_a_row} nights in a row",
            "weekends": f"at most {rules.max_weekends} weekends",
            "shortest run of days worked": f"at least {rules.min_consecutive_days} days worked in a row",
            "shortest run of free days": f"at least {rules.min_consecutive_days_off} free days in a row",
            "forbidden succession": "forbidden successions",
        }.get(name, name)
    ]


def _mask_words(name: str, day: object) -> str:
    when = f"{day:%a} {day.day} {day:%b}"  # type: ignore[attr-defined]
    if name.startswith("day off"):
        return f"drop the {name}"
    if name == "availability":
        return f"widen the availability on {when}"
    if name.startswith("absence"):
        return f"drop the {name} on {when}"
    if name == "rest after the last shift":
        return f"allow less rest before {when}"
    return {
        "leave": f"drop the leave around {when}",
        "longest shift": f"allow a longer shift on {when}",
        "rotation": f"leave the rotation on {when}",
        "forbidden succession": f"allow the forbidden succession on {when}",
        "fixed shift": f"give up the fixed shift on {when}",
    }.get(name, f"let {name} give way on {when}")


def _row_words(rule: str, where: str, amount: float, agent: Agent, case: Case) -> str:
    contract, rules = agent.contract, agent.rules(case.rules)
    number = f"{amount:.4g}"
    return {
        "minimum hours": f"allow {number} h less than the contract's {contract.min_hours:g} h in {where}",
        "maximum hours": f"allow {number} h more than the contract's {contract.max_hours:g} h in {where}",
        "minimum hours of the period": f"allow {number} h less in the period",
        "maximum hours of the period": f"allow {number} h more in the period",
        "minimum days": f"allow {number} days fewer than {contract.min_days} in {where}",
        "maximum days": f"allow {number} days more than {contract.max_days} in {where}",
        "minimum rest": f"allow less than {rules.min_rest_h:g} h of rest before {where}",
        "consecutive days": f"allow more than {rules.max_consecutive_days} days in a row up to {where}",
        "weekly rest": f"drop the weekly rest of {rules.weekly_rest_h or 0:g} h in {where}",
        "weekends": f"allow {number} more weekends than {rules.max_weekends}",
        "complete weekends": f"allow a single day of the weekend of {where}",
        "start spread": f"allow starts more than {rules.max_start_spread_min} min apart on {where}",
        "nights in a row": f"allow more than {rules.max_nights_in_a_row} nights in a row up to {where}",
        "forbidden succession": f"allow the forbidden succession on {where}",
        "fixed shift": f"give up the fixed shift on {where}",
    }.get(rule, f"let the {rule} give way on {where}")
