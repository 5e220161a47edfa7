"""Why a person can have no roster: a smallest set of rules in conflict, and the cheapest repair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from schedules.agents import Agent
from schedules.eligibility import Eligibility
from schedules.errors import Conflict
from schedules.rules import Rules
from schedules.timegrid import TimeGrid
from schedules.tourarrays import SHIFT
from schedules.tours import INFINITE, best_tour
from schedules.tourspace import tour_space

_DETAILED = 40


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _hours(minutes: float) -> str:
    return f"{minutes / 60:.4g} h"


def _each(price: float) -> Callable[[np.ndarray], np.ndarray]:
    """The same price for every shift."""
    return lambda shifts: np.full(len(shifts), price)


@dataclass(frozen=True)
class _Case:
    """One person's problem with some rules left aside."""

    grid: TimeGrid
    rules: Rules
    agent: Agent

    def tour(self, dropped: frozenset[str], price: Callable[[np.ndarray], np.ndarray]) -> np.ndarray | None:
        """Shifts (grid indices) of the cheapest tour at a price per shift, or ``None`` without any."""
        contract, rules, agent = self.agent.contract, self.rules, self.agent
        changes: dict[str, float] = {}
        if "minimum hours" in dropped:
            changes["min_hours"] = 0.0
        if "maximum hours" in dropped:
            changes["max_hours"] = 168.0
        if "minimum days" in dropped:
            changes["min_days"] = 0
        if "maximum days" in dropped:
            changes["max_days"] = 7
        # What a day of leave counts for stays what the contract says.
        contract = replace(contract, leave_day_h=contract.hours_per_leave_day, **changes)  # type: ignore[arg-type]
        agent = replace(agent, contract=contract)
        if "consecutive days" in dropped:
            rules = replace(rules, max_consecutive_days=10_000)
        if "minimum rest" in dropped:
            rules = replace(rules, min_rest_h=0.0)
        if "start spread" in dropped:
            rules = replace(rules, max_start_spread_min=None)
        kept_off = frozenset(day for day in agent.days_off if f"day off on {_day(day)}" not in dropped)
        agent = replace(agent, days_off=kept_off)
        eligibility = Eligibility(self.grid, rules)
        mask = eligibility.mask(agent, dropped)
        if not mask.any() and contract.min_days == 0 and contract.min_hours == 0:
            return np.zeros(0, dtype=np.int64)
        share = np.zeros(len(self.grid.starts))
        space = tour_space(self.grid, eligibility, rules, [agent], ["any"], share, (), [mask])
        shifts = space.options[:, SHIFT]
        costs = np.asarray(price(shifts), dtype=np.float64)
        tour = np.empty((space.days, 1 + space.most_breaks), np.int64)
        values = np.zeros(space.extended + 1)
        table = np.empty((space.most_nodes, space.most_classes))
        cost = best_tour(space, 0, costs, np.zeros(space.days), values, table, tour)
        if cost >= INFINITE / 2:
            return None
        return shifts[tour[:, 0][tour[:, 0] >= 0]]

    def feasible(self, dropped: frozenset[str]) -> bool:
        """Whether a tour exists without the dropped rules."""
        return self.tour(dropped, lambda shifts: np.zeros(len(shifts))) is not None


def _rule_names(case: _Case, eligibility: Eligibility) -> list[str]:
    """Rules that can be left aside, those that a planner gives up last first."""
    contract = case.agent.contract
    names = ["leave", "absences", "availability", "rest after the last shift"]
    masks = eligibility.rule_masks(case.agent)
    names = [name for name in names if name in masks]
    names += [f"day off on {_day(day)}" for day in sorted(case.agent.days_off) if day in eligibility.dates]
    names.append("minimum rest")
    if case.rules.max_start_spread_min is not None:
        names.append("start spread")
    names += ["consecutive days", "maximum days", "maximum hours"]
    if contract.min_days > 0:
        names.append("minimum days")
    if contract.min_hours > 0:
        names.append("minimum hours")
    return names


def _smallest(case: _Case, names: Sequence[str]) -> list[str]:
    """Deletion filter: leave each rule aside in turn, and keep it aside if the conflict remains."""
    dropped: frozenset[str] = frozenset()
    for name in names:
        trial = dropped | {name}
        if not case.feasible(trial):
            dropped = trial
    return [name for name in names if name not in dropped]


def _repairs(case: _Case, core: Sequence[str]) -> list[tuple[float, str]]:
    """Single changes that make a tour exist, with a rough price in hours."""
    grid, contract = case.grid, case.agent.contract
    leave = sum(Eligibility(grid, case.rules).leave_days(case.agent))
    credit = contract.hours_per_leave_day * leave * 60
    weeks = -(-grid.days // 7)
    repairs: list[tuple[float, str]] = []

    def paid(shifts: np.ndarray) -> np.ndarray:
        return grid.paid_min[shifts].astype(np.float64)

    if "minimum hours" in core:
        tour = case.tour(frozenset({"minimum hours"}), lambda shifts: -paid(shifts))
        if tour is not None:
            reached = float(paid(tour).sum()) + credit
            lacking = contract.min_hours * 60 * weeks - reached
            if weeks == 1:
                repairs.append(
                    (lacking / 60, f"allow {_hours(reached)} instead of {_hours(contract.min_hours * 60)}")
                )
            else:
                repairs.append((lacking / 60, f"allow {_hours(lacking)} less than the contract's minimum"))
    if "maximum hours" in core:
        tour = case.tour(frozenset({"maximum hours"}), paid)
        if tour is not None:
            reached = float(paid(tour).sum()) + credit
            excess = reached - contract.max_hours * 60 * weeks
            repairs.append(
                (excess / 60, f"allow {_hours(reached)} instead of {_hours(contract.max_hours * 60 * weeks)}")
            )
    for name, sign, limit in (
        ("minimum days", -1.0, contract.min_days),
        ("maximum days", 1.0, contract.max_days),
    ):
        if name in core:
            tour = case.tour(frozenset({name}), _each(sign))
            if tour is not None:
                days = len(tour) + leave
                repairs.append(
                    (8.0 * abs(days - limit * weeks), f"allow {days} days instead of {limit * weeks}")
                )
    words = {
        "availability": (10.0, "widen the availability"),
        "minimum rest": (14.0, f"allow less rest than {case.rules.min_rest_h:g} h"),
        "start spread": (9.0, f"allow starts further apart than {case.rules.max_start_spread_min} min"),
        "consecutive days": (14.0, f"allow more than {case.rules.max_consecutive_days} days in a row"),
        "rest after the last shift": (14.0, "allow less rest after the last shift before the week"),
        "absences": (20.0, "drop the absence"),
        "leave": (24.0, "drop the leave"),
    }
    for name in core:
        if name.startswith("day off on ") and case.feasible(frozenset({name})):
            repairs.append((7.0, f"drop the {name}"))
        elif name in words and case.feasible(frozenset({name})):
            repairs.append(words[name])
    if not repairs and {"minimum hours", "minimum days"} & set(core):
        # Neither alone is enough where few days are left: both minima give way.
        tour = case.tour(frozenset({"minimum hours", "minimum days"}), lambda shifts: -paid(shifts))
        if tour is not None:
            hours = _hours(float(paid(tour).sum()) + credit)
            words_of_both = (
                f"allow {hours} on {len(tour) + leave} days instead of {_hours(contract.min_hours * 60 * weeks)} "
                f"on {contract.min_days * weeks}"
            )
            repairs.append((contract.min_hours * weeks, words_of_both))
    return repairs


def explain_conflicts(
    grid: TimeGrid, rules: Rules, agents: Sequence[Agent], unable: Sequence[int]
) -> tuple[Conflict, ...]:
    """Name for each person without a tour the rules that together forbid one, the days, and the cheapest repair.

    A rule of the set is needed for the conflict: without it a tour exists. People whose declarations are the same share
    one analysis.
    """
    eligibility = Eligibility(grid, rules)
    known: dict[tuple, tuple[tuple[str, ...], tuple[str, ...], str]] = {}
    conflicts = []
    for index in unable:
        agent = agents[index]
        key = (
            agent.contract,
            agent.availability,
            agent.days_off,
            agent.leave,
            agent.absences,
            agent.last_shift_end,
            agent.days_worked_before,
        )
        if key not in known:
            if len(known) >= _DETAILED:
                known[key] = (("rules not analysed one by one",), (), "repair the others first")
            else:
                known[key] = _explain(_Case(grid, rules, agent), eligibility)
        found_rules, days, repair = known[key]
        conflicts.append(Conflict(agent.id, found_rules, days, repair))
    return tuple(conflicts)


def _explain(case: _Case, eligibility: Eligibility) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    agent, contract = case.agent, case.agent.contract
    core = _smallest(case, _rule_names(case, eligibility))
    repairs = sorted(_repairs(case, core))
    repair = repairs[0][1] if repairs else "change two of these rules together"
    masks = eligibility.rule_masks(agent)
    open_days = np.zeros(len(eligibility.dates), dtype=bool)
    open_days[np.unique(case.grid.day[eligibility.contract_mask(agent)])] = True
    blocked: set[int] = set()
    for name in core:
        if name in masks and name not in ("minimum rest",):
            left = np.unique(case.grid.day[eligibility.contract_mask(agent) & masks[name]])
            blocked |= set(np.flatnonzero(open_days).tolist()) - set(left.tolist())
    days = {_day(eligibility.dates[day]): day for day in blocked}
    for position, day in enumerate(eligibility.dates):
        if f"day off on {_day(day)}" in core:
            days[_day(day)] = position
    detail = {
        "minimum hours": f"minimum of {contract.min_hours:g} h",
        "maximum hours": f"maximum of {contract.max_hours:g} h",
        "minimum days": f"minimum of {contract.min_days} days",
        "maximum days": f"maximum of {contract.max_days} days",
        "minimum rest": f"rest of {case.rules.min_rest_h:g} h",
        "consecutive days": f"at most {case.rules.max_consecutive_days} days in a row",
        "start spread": f"starts within {case.rules.max_start_spread_min} min",
    }
    named = tuple(detail.get(name, name) for name in core) or ("the shift kinds of the contract",)
    if not open_days.all():
        some = ", ".join(_day(eligibility.dates[day]) for day in np.flatnonzero(open_days)) or "no day"
        named += (f"shifts of contract {contract.name} that start on {some} only",)
    return named, tuple(sorted(days, key=lambda text: days[text])), repair
