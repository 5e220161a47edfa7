"""What contracts add to wages: overtime, fees for shifts, hours away from the target."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.check.horizon import Horizon, leave_days, paid_hours
from schedules.check.priced import Bill


def price_overtime(shifts: pd.DataFrame, agents: Sequence[Agent], horizon: Horizon, bill: Bill) -> None:
    """Paid hours of a week, and of a shift, beyond those after which a contract pays overtime."""
    contracts = [agent.contract for agent in agents]
    supplement = np.array([contract.cost_per_hour * contract.overtime_share for contract in contracts])
    weekly = [contract.overtime_after_hours for contract in contracts]
    after = np.array([np.inf if hours is None else hours for hours in weekly])
    over = np.maximum(0.0, paid_hours(shifts, len(agents), horizon) - after[:, None])
    over *= supplement[:, None] > 0
    bill.add(
        "overtime",
        [
            (
                f"{agents[number].id}: {over[number, week]:g} h of the week beyond {after[number]:g} h",
                horizon.week_begin(week),
                over[number, week] * supplement[number],
            )
            for number, week in np.argwhere(over > 0)
        ],
    )
    daily = [contract.daily_overtime_after_hours for contract in contracts]
    number = shifts["agent_no"].to_numpy(dtype=int)
    after = np.array([np.inf if hours is None else hours for hours in daily])[number]
    over = np.maximum(0.0, shifts["paid_h"].to_numpy(dtype=float) - after) * (supplement[number] > 0)
    bill.add(
        "overtime",
        [
            (
                f"{agents[number[at]].id}: {over[at]:g} h of a shift beyond {after[at]:g} h",
                shifts["start"].iloc[at],
                over[at] * supplement[number[at]],
            )
            for at in np.flatnonzero(over > 0)
        ],
    )


def price_shift_fees(shifts: pd.DataFrame, agents: Sequence[Agent], horizon: Horizon, bill: Bill) -> None:
    """The fee of each shift of those whose contract has one, a line per person."""
    count = np.bincount(shifts["agent_no"].to_numpy(dtype=int), minlength=len(agents))
    bill.add(
        "shift fees",
        [
            (
                f"{agent.id}: {shifts_worked} shifts at {agent.contract.cost_per_shift:g}",
                horizon.begins[0],
                shifts_worked * agent.contract.cost_per_shift,
            )
            for agent, shifts_worked in zip(agents, count, strict=True)
            if shifts_worked and agent.contract.cost_per_shift
        ],
    )


def price_targets(shifts: pd.DataFrame, agents: Sequence[Agent], horizon: Horizon, bill: Bill) -> None:
    """Paid hours of each week away from the contract's target, either way.

    Leave lowers the target by its credit, and the balance from before lowers that of the first week;
    never below zero.
    """
    contracts = [agent.contract for agent in agents]
    aimed = np.array(
        [0.0 if contract.target_hours is None else contract.target_hours for contract in contracts]
    )
    price = np.array(
        [0.0 if contract.target_hours is None else contract.target_price_per_hour for contract in contracts]
    )
    if not price.any():
        return
    hours = paid_hours(shifts, len(agents), horizon)
    credit_h = np.array([contract.hours_per_leave_day for contract in contracts])
    target = aimed[:, None] - credit_h[:, None] * leave_days(agents, horizon)
    target[:, 0] -= [agent.before.hours_balance for agent in agents]
    target = np.maximum(0.0, target)
    away = (hours - target) * (price[:, None] > 0)
    bill.add(
        "target hours",
        [
            (
                f"{agents[number].id}: {hours[number, week]:g} h in the week, "
                f"{abs(away[number, week]):g} h {'above' if away[number, week] > 0 else 'below'} the target",
                horizon.week_begin(week),
                abs(away[number, week]) * price[number],
            )
            for number, week in np.argwhere(np.abs(away) > 1e-9)
        ],
    )
