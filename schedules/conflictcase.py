"""One person's problem with some rules left aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from schedules.agents import Agent
from schedules.eligibility import Eligibility
from schedules.rules import Rules
from schedules.timegrid import TimeGrid
from schedules.tourarrays import SHIFT
from schedules.tours import best_tour
from schedules.tourspace import tour_space
from schedules.toursweep import INFINITE

_CONTRACT_NEUTRAL: dict[str, dict[str, Any]] = {
    "minimum hours": {"min_hours": 0.0},
    "maximum hours": {"max_hours": 168.0},
    "minimum days": {"min_days": 0},
    "maximum days": {"max_days": 7},
    "minimum of the period": {"min_period_hours": None},
    "maximum of the period": {"max_period_hours": None},
}
_RULES_NEUTRAL: dict[str, dict[str, Any]] = {
    "consecutive days": {"max_consecutive_days": 10_000},
    "minimum rest": {"min_rest_h": 0.0},
    "start spread": {"max_start_spread_min": None},
    "weekly rest": {"weekly_rest_h": None},
    "nights in a row": {"max_nights_in_a_row": None},
    "successions": {"forbidden_successions": ()},
    "weekends": {"max_weekends": None},
    "complete weekends": {"complete_weekends": False},
    "minimum days in a row": {"min_consecutive_days": 1},
    "minimum free days in a row": {"min_consecutive_days_off": 1},
}


def day_name(day: date) -> str:
    """A day in words."""
    return f"{day:%a} {day.day} {day:%b}"


def each(price: float) -> Callable[[np.ndarray], np.ndarray]:
    """The same price for every shift."""
    return lambda shifts: np.full(len(shifts), price)


@dataclass(frozen=True)
class Case:
    """One person's problem with some rules left aside."""

    grid: TimeGrid
    rules: Rules  # those that hold for this person
    agent: Agent

    def tour(self, dropped: frozenset[str], price: Callable[[np.ndarray], np.ndarray]) -> np.ndarray | None:
        """Shifts (grid indices) of the cheapest tour at a price per shift, or ``None`` without any."""
        contract, agent = self.agent.contract, self.agent
        changes: dict[str, Any] = {}
        for name in dropped & _CONTRACT_NEUTRAL.keys():
            changes |= _CONTRACT_NEUTRAL[name]
        neutral: dict[str, Any] = {}
        for name in dropped & _RULES_NEUTRAL.keys():
            neutral |= _RULES_NEUTRAL[name]
        # What a day of leave counts for stays what the contract says; costs play no part here.
        contract = replace(
            contract,
            leave_day_h=contract.hours_per_leave_day,
            target_price_per_hour=0.0,
            overtime_share=0.0,
            cost_per_shift=0.0,
            rules=replace(self.rules, **neutral),
            **changes,
        )
        agent = replace(
            agent,
            contract=contract,
            days_off=frozenset(day for day in agent.days_off if f"day off on {day_name(day)}" not in dropped),
            fixed=tuple(
                fixed for fixed in agent.fixed if f"fixed shift on {day_name(fixed.day)}" not in dropped
            ),
        )
        eligibility = Eligibility(self.grid, self.rules)
        mask = eligibility.mask(agent, dropped)
        share = np.zeros(len(self.grid.starts))
        space = tour_space(self.grid, eligibility, self.rules, [agent], ["any"], share, (), [mask])
        shifts = space.options[:, SHIFT]
        costs = np.asarray(price(shifts), dtype=np.float64)
        tour = np.empty((space.days, 1 + space.most_breaks), np.int64)
        values = np.zeros(space.extended + 1)
        table = np.empty((space.most_nodes, space.most_classes))
        cost = best_tour(space, 0, costs, space.free_fee[0].copy(), values, table, tour)
        if cost >= INFINITE / 2:
            return None
        return shifts[tour[:, 0][tour[:, 0] >= 0]]

    def feasible(self, dropped: frozenset[str]) -> bool:
        """Whether a tour exists without the dropped rules."""
        return self.tour(dropped, lambda shifts: np.zeros(len(shifts))) is not None
