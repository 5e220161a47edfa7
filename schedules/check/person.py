"""Rules about one person's shifts among each other: a day, the rest, the week, the period."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.check.horizon import WEEK_DAYS, Horizon, days_worked, leave_days, paid_hours
from schedules.check.ledger import Ledger
from schedules.check.limits import TOLERANCE_H, limits
from schedules.check.report import Violation
from schedules.demand import Demand
from schedules.rules import Rules


def check_day(shifts: pd.DataFrame, rules: Sequence[Rules], ledger: Ledger) -> None:
    """One shift a day, and none longer than its person's longest."""
    per_day = shifts.groupby(["agent_no", "day"], as_index=False).agg(
        agent=("agent", "first"), start=("start", "first"), shifts=("start", "size")
    )
    ledger.record_rows(
        "one shift a day",
        per_day,
        (per_day["shifts"] > 1).to_numpy(dtype=bool),
        lambda day: f"{day.shifts} shifts that start on {day.start:%Y-%m-%d}",
        "1",
    )
    longest = limits(rules, "max_shift_h", np.inf)[shifts["agent_no"].to_numpy(dtype=int)]
    ledger.record_rows(
        "shift hours",
        shifts.assign(longest=longest)[np.isfinite(longest)],
        (shifts["paid_h"].to_numpy(dtype=float) > longest + TOLERANCE_H)[np.isfinite(longest)],
        lambda shift: f"{shift.paid_h:g} paid h in a shift",
        lambda shift: f"at most {shift.longest:g} h",
    )


def check_rest(
    shifts: pd.DataFrame,
    agents: Sequence[Agent],
    rules: Sequence[Rules],
    demand: Demand,
    ledger: Ledger,
) -> None:
    """Elapsed rest before every shift that follows another, the last before the horizon included."""
    first, minute = demand.starts[0], pd.Timedelta(minutes=1)
    ends = [agent.last_shift_end for agent in agents]
    last = np.array([np.nan if end is None else (end - first) / minute for end in ends])
    previous = shifts.groupby("agent_no")["end_min"].shift().to_numpy(dtype=float)
    person = shifts["agent_no"].to_numpy(dtype=int)
    previous = np.where(np.isnan(previous), last[person], previous)
    rest_h = (shifts["start_min"].to_numpy(dtype=float) - previous) / 60.0
    least = limits(rules, "min_rest_h", 0.0)[person]
    follows = ~np.isnan(previous)
    ledger.record_rows(
        "rest",
        shifts.assign(rest_h=rest_h, ended_min=previous, least=least)[follows],
        (rest_h < least - TOLERANCE_H)[follows],
        lambda shift: f"{shift.rest_h:.4g} h after a shift to {first + shift.ended_min * minute}",
        lambda shift: f"at least {shift.least:g} h",
    )


def check_weeks(
    shifts: pd.DataFrame,
    agents: Sequence[Agent],
    rules: Sequence[Rules],
    horizon: Horizon,
    ledger: Ledger,
) -> None:
    """Paid hours and days of each week of each person, the hours of the period, the spread of starts.

    A shift belongs to the day on which it starts. Every person is checked, also one who is not in
    the roster.
    """
    people = len(agents)
    hours = paid_hours(shifts, people, horizon)
    worked = days_worked(shifts, people, horizon)
    days = np.add.reduceat(worked, np.arange(0, horizon.days, WEEK_DAYS), axis=1, dtype=float)
    leave = leave_days(agents, horizon)

    contracts = [agent.contract for agent in agents]
    credit_h = np.array([contract.hours_per_leave_day for contract in contracts])[:, None] * leave
    limits_h = [(contract.min_hours, contract.max_hours) for contract in contracts]
    limits_days = [(contract.min_days, contract.max_days) for contract in contracts]
    bounds = {
        "week hours": (hours, credit_h, np.array(limits_h, dtype=float), TOLERANCE_H, "paid h"),
        "week days": (days, leave, np.array(limits_days, dtype=float), 0.0, "days"),
    }
    for rule, (found, credit, bound, tolerance, unit) in bounds.items():
        limit = bound.reshape(-1, 2)
        low = np.maximum(0.0, limit[:, :1] - credit)
        high = np.maximum(0.0, limit[:, 1:] - credit)
        broken = np.argwhere((found < low - tolerance) | (found > high + tolerance))
        ledger.record(
            rule,
            found.size,
            [
                Violation(
                    rule,
                    agents[number].id,
                    horizon.week_begin(at),
                    f"{found[number, at]:g} {unit}",
                    f"{low[number, at]:g} to {high[number, at]:g} {unit}{after_leave(leave[number, at])}",
                )
                for number, at in broken
            ],
        )
    check_period(agents, hours.sum(axis=1), leave.sum(axis=1), horizon, ledger)
    check_spread(shifts, rules, ledger)


def check_period(
    agents: Sequence[Agent], hours: np.ndarray, leave: np.ndarray, horizon: Horizon, ledger: Ledger
) -> None:
    """Paid hours of the horizon with those brought from before, for contracts that bound them.

    Who brings more than the most already is told only for what this roster adds.
    """
    for number, agent in enumerate(agents):
        contract = agent.contract
        if contract.min_period_hours is None and contract.max_period_hours is None:
            continue
        credit = contract.hours_per_leave_day * leave[number]
        low = max(0.0, (contract.min_period_hours or 0.0) - credit)
        high = np.inf if contract.max_period_hours is None else max(0.0, contract.max_period_hours - credit)
        found = agent.before.hours + hours[number]
        over = hours[number] > max(0.0, high - agent.before.hours) + TOLERANCE_H
        allowed = f"{low:g} to {high:g} paid h" if np.isfinite(high) else f"at least {low:g} paid h"
        brought = f", {agent.before.hours:g} of them from before" if agent.before.hours else ""
        broken = [
            Violation(
                "period hours",
                agent.id,
                horizon.begins[0],
                f"{found:g} paid h in the period{brought}",
                allowed + after_leave(leave[number]),
            )
        ]
        ledger.record("period hours", 1, broken if over or found < low - TOLERANCE_H else ())


def check_spread(shifts: pd.DataFrame, rules: Sequence[Rules], ledger: Ledger) -> None:
    """Largest difference of wall-clock starts in a person's week."""
    most = limits(rules, "max_start_spread_min", np.inf)[shifts["agent_no"].to_numpy(dtype=int)]
    concerned = shifts.assign(week=shifts["day"] // WEEK_DAYS, most=most)[np.isfinite(most)]
    spans = concerned.groupby(["agent_no", "week"], as_index=False).agg(
        agent=("agent", "first"),
        start=("start", "first"),
        low=("wall_min", "min"),
        high=("wall_min", "max"),
        most=("most", "first"),
    )
    ledger.record_rows(
        "start spread",
        spans,
        (spans["high"] - spans["low"] > spans["most"]).to_numpy(dtype=bool),
        lambda span: f"starts {span.high - span.low:g} min apart in a week",
        lambda span: f"at most {span.most:g} min",
    )


def after_leave(days: float) -> str:
    """What leave has to do with a bound."""
    return f" after {days:g} days of leave" if days else ""
