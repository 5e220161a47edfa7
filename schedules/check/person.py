"""Rules about one person's shifts among each other: a day, the rest, the week's hours and days."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.check.ledger import Ledger
from schedules.check.report import Violation
from schedules.demand import Demand
from schedules.rules import Rules

WEEK_DAYS = 7
TOLERANCE_H = 1e-6  # paid hours are sums of thirds and quarters


def check_days(
    shifts: pd.DataFrame, agents: Sequence[Agent], rules: Rules, demand: Demand, ledger: Ledger
) -> None:
    """One shift a day, and the days worked in a row with those before the horizon."""
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
    worked = np.zeros((len(agents), day_count(demand)), dtype=bool)
    worked[shifts["agent_no"], shifts["day"]] = True
    run = np.array([agent.days_worked_before for agent in agents], dtype=int)
    crossed: list[tuple[int, int]] = []
    for day in range(worked.shape[1]):
        before = run
        run = np.where(worked[:, day], run + 1, 0)
        # A run is named once: where it crosses the limit, or on the first day if it already had.
        first = (run > rules.max_consecutive_days) & ((before <= rules.max_consecutive_days) | (day == 0))
        crossed += [(int(agent), day) for agent in np.flatnonzero(first)]
    ledger.record(
        "consecutive days",
        int(worked.any(axis=1).sum()),
        [
            Violation(
                "consecutive days",
                agents[agent].id,
                first_slot(demand, day),
                f"{run_length(worked[agent], day, agents[agent].days_worked_before)} days worked in a row",
                f"at most {rules.max_consecutive_days}",
            )
            for agent, day in crossed
        ],
    )


def run_length(worked: np.ndarray, day: int, before: int) -> int:
    """Whole length of the run of days worked that ``day`` belongs to, those before included."""
    begin, end = day, day
    while begin > 0 and worked[begin - 1]:
        begin -= 1
    while end + 1 < len(worked) and worked[end + 1]:
        end += 1
    return end - begin + 1 + (before if begin == 0 else 0)


def check_rest(shifts: pd.DataFrame, agents: Sequence[Agent], rules: Rules, ledger: Ledger) -> None:
    """Elapsed rest before every shift that follows another, the last before the horizon included."""
    last = pd.Series([agent.last_shift_end for agent in agents], dtype=object)
    previous = shifts.groupby("agent_no")["end"].shift().astype(object)
    opening = previous.isna()
    previous[opening] = shifts.loc[opening, "agent_no"].map(last)
    followed = shifts[previous.notna()]
    ended = pd.to_datetime(previous[previous.notna()], utc=True)
    rest_h = (followed["start"] - ended) / pd.Timedelta(hours=1)
    ledger.record_rows(
        "rest",
        followed.assign(rest_h=rest_h, ended=ended),
        (rest_h < rules.min_rest_h - TOLERANCE_H).to_numpy(dtype=bool),
        lambda shift: f"{shift.rest_h:.4g} h after a shift to {shift.ended.tz_convert(shift.start.tz)}",
        f"at least {rules.min_rest_h:g} h",
    )


def check_weeks(
    shifts: pd.DataFrame, agents: Sequence[Agent], rules: Rules, demand: Demand, ledger: Ledger
) -> None:
    """Paid hours, days and the spread of starts in each week of each person.

    Weeks are counted in sevens from the horizon's first day; a shift belongs to the day on which it
    starts. Every person is checked, also one who is not in the roster.
    """
    weeks = -(-day_count(demand) // WEEK_DAYS)
    shape = (len(agents), weeks)
    person, week = shifts["agent_no"].to_numpy(dtype=int), shifts["day"].to_numpy(dtype=int) // WEEK_DAYS
    hours, days = np.zeros(shape), np.zeros(shape)
    np.add.at(hours, (person, week), shifts["paid_h"].to_numpy(dtype=float))
    started = np.unique(np.stack([person, shifts["day"].to_numpy(dtype=int)]), axis=1)
    np.add.at(days, (started[0], started[1] // WEEK_DAYS), 1)

    begins = [first_slot(demand, at * WEEK_DAYS) for at in range(weeks)]
    first_date = demand.starts[0].date()
    leave = np.zeros(shape)
    for number, agent in enumerate(agents):
        for day in agent.leave:
            offset = (day - first_date).days
            if 0 <= offset < day_count(demand):
                leave[number, offset // WEEK_DAYS] += 1

    contracts = [agent.contract for agent in agents]
    credit_h = np.array([contract.hours_per_leave_day for contract in contracts])[:, None] * leave
    limits_h = [(contract.min_hours, contract.max_hours) for contract in contracts]
    limits_days = [(contract.min_days, contract.max_days) for contract in contracts]
    bounds = {
        "week hours": (hours, credit_h, np.array(limits_h, dtype=float), TOLERANCE_H, "paid h"),
        "week days": (days, leave, np.array(limits_days, dtype=float), 0.0, "days"),
    }
    for rule, (found, credit, limits, tolerance, unit) in bounds.items():
        limit = limits.reshape(-1, 2)
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
                    begins[at],
                    f"{found[number, at]:g} {unit}",
                    f"{low[number, at]:g} to {high[number, at]:g} {unit}{after_leave(leave[number, at])}",
                )
                for number, at in broken
            ],
        )
    if rules.max_start_spread_min is not None:
        check_spread(shifts.assign(week=week), rules.max_start_spread_min, ledger)


def check_spread(shifts: pd.DataFrame, max_start_spread_min: int, ledger: Ledger) -> None:
    """Largest difference of wall-clock starts in a person's week."""
    spans = shifts.groupby(["agent_no", "week"], as_index=False).agg(
        agent=("agent", "first"), start=("start", "first"), low=("wall_min", "min"), high=("wall_min", "max")
    )
    ledger.record_rows(
        "start spread",
        spans,
        (spans["high"] - spans["low"] > max_start_spread_min).to_numpy(dtype=bool),
        lambda span: f"starts {span.high - span.low:g} min apart in a week",
        f"at most {max_start_spread_min} min",
    )


def after_leave(days: float) -> str:
    """What leave has to do with a bound."""
    return f" after {days:g} days of leave" if days else ""


def day_count(demand: Demand) -> int:
    """Local days of the horizon."""
    return (demand.starts[-1].date() - demand.starts[0].date()).days + 1


def first_slot(demand: Demand, day: int) -> pd.Timestamp:
    """First slot of a day of the horizon."""
    wall = demand.starts.tz_localize(None)
    midnight = wall[0] + pd.Timedelta(days=day)
    return demand.starts[int((wall >= midnight).argmax())]
