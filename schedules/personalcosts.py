"""What a person's days cost beyond the shifts themselves: terms of the contract, fairness, weights of wishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from schedules.agents import Agent, Wish
from schedules.teams import Fairness
from schedules.tourstates import TourStates

_NEVER = 1e12


class Terms(NamedTuple):
    """Minutes and money per minute, in the order of the columns of ``TourSpace.terms``."""

    overtime_from: float
    overtime_price: float
    daily_from: float
    shift_fee: float
    target_price: float
    weekend_price: float
    weekend_brought: float
    late_price: float
    late_brought: float


class FairShares:
    """What each person brings of weekends, late shifts and refused wishes above the least that anybody brings."""

    def __init__(self, agents: Sequence[Agent], fairness: Fairness) -> None:
        self.fairness = fairness
        before = [agent.before for agent in agents]
        self.weekends = min((brought.weekends for brought in before), default=0)
        self.late_shifts = min((brought.late_shifts for brought in before), default=0)
        least = min((brought.refused_wishes for brought in before), default=0)
        self._refused = {agent.id: agent.before.refused_wishes - least for agent in agents}

    def terms(self, agent: Agent) -> Terms:
        """What counts for one person."""
        contract, fairness = agent.contract, self.fairness
        wage_min = contract.cost_per_hour / 60.0
        weekly, daily = contract.overtime_after_hours, contract.daily_overtime_after_hours
        priced = contract.overtime_share * wage_min if (weekly is not None or daily is not None) else 0.0
        return Terms(
            _NEVER if weekly is None else weekly * 60.0,
            priced,
            _NEVER if daily is None else daily * 60.0,
            contract.cost_per_shift,
            contract.target_price_per_hour / 60.0 if contract.target_hours is not None else 0.0,
            fairness.weekend,
            float(agent.before.weekends - self.weekends) if fairness.weekend else 0.0,
            fairness.late_shift,
            float(agent.before.late_shifts - self.late_shifts) if fairness.late_shift else 0.0,
        )

    def weigh(self, wishes: Sequence[Wish], _agents: Sequence[Agent] = ()) -> list[Wish]:
        """Wishes with the weight that counts: more for those whose wishes were refused before."""
        extra = self.fairness.refused_wish
        return [
            replace(wish, weight=wish.weight * (1.0 + extra * self._refused.get(wish.agent, 0)))
            if extra
            else wish
            for wish in wishes
        ]


def target_minutes(agent: Agent, leave_days: Sequence[int]) -> tuple[float, ...]:
    """Paid minutes aimed at in each week: less for leave, and in the first for the hours already ahead."""
    contract = agent.contract
    if contract.target_hours is None or not contract.target_price_per_hour:
        return tuple(0.0 for _ in leave_days)
    hours = [contract.target_hours - contract.hours_per_leave_day * days for days in leave_days]
    hours[0] -= agent.before.hours_balance
    return tuple(max(0.0, value) * 60.0 for value in hours)


def tariff_prices(
    states: TourStates, codes: np.ndarray, terms: Terms, target: Sequence[float], weekends_at_root: int
) -> np.ndarray:
    """Money of each tariff of a graph for people of these terms."""
    money = np.zeros(len(codes))
    for at, code in enumerate(codes.tolist()):
        week, units, weekend, late = states.tariff(code)
        if units >= 0:
            minutes = units * states.unit_min
            money[at] += max(0.0, minutes - terms.overtime_from) * terms.overtime_price
            money[at] += abs(minutes - target[week]) * terms.target_price
        if weekend:
            money[at] += terms.weekend_price * (terms.weekend_brought + weekend - weekends_at_root - 1)
        if late:
            money[at] += terms.late_price * (terms.late_brought + late - 1)
    return money
