"""The roster as a grid: people down, days across, with leave, days off and wishes marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup, escape

from staffing.report.quantities import hours, money, number
from staffing.report.tables import Table, records, table
from staffing.report.tours import WorkedShift
from staffing.report.week import Week, day_words

if TYPE_CHECKING:
    from schedules.agents import Agent
    from staffing.plan.result import PlanResult


@dataclass(frozen=True)
class GridRow:
    """One person; cells are ready to write."""

    agent: str
    contract: str
    cells: tuple[Markup, ...]
    hours: str
    hours_words: str


@dataclass(frozen=True)
class Grid:
    """The part's content."""

    days: tuple[str, ...]
    rows: tuple[GridRow, ...]
    working: tuple[str, ...]
    contracts: Table


def _wish_marks(result: PlanResult) -> dict[tuple[str, date], str]:
    marks: dict[tuple[str, date], str] = {}
    for row in records(result.roster.wishes):
        day = pd.Timestamp(str(row.day)[:10]).date()
        sign, state, word = ("✓", "good", "granted") if bool(row.granted) else ("✗", "bad", "refused")
        key = (str(row.agent), day)
        mark = Markup('<span class="wish {0}" title="wish {1}">{2}<span class="sr"> wish {1}</span></span>')
        marks[key] = f"{marks.get(key, '')} {mark.format(state, word, sign)}"
    return marks


def _idle(agent: Agent | None, day: date, midnight: pd.Timestamp, after: pd.Timestamp) -> str:
    if agent is None:
        return '<span class="free">–</span>'
    if day in agent.leave:
        return '<span class="leave">leave</span>'
    if any(absence.start < after and absence.end > midnight for absence in agent.absences):
        reasons = ", ".join(
            dict.fromkeys(a.reason for a in agent.absences if a.start < after and a.end > midnight)
        )
        return f'<span class="leave">{escape(reasons)}</span>'
    if day in agent.days_off:
        return '<span class="off">day off</span>'
    return '<span class="free" title="not scheduled">–</span>'


def _contract_hours(agent: Agent, days: Sequence[date]) -> tuple[float, float]:
    """Least and most paid hours over the planned weeks, leave taken off."""
    low = high = 0.0
    for first in range(0, len(days), 7):
        leave = sum(day in agent.leave for day in days[first : first + 7])
        credit = agent.contract.hours_per_leave_day * leave
        low += max(0.0, agent.contract.min_hours - credit)
        high += max(0.0, agent.contract.max_hours - credit)
    return low, high


def grid(result: PlanResult, week: Week, shifts: Sequence[WorkedShift]) -> Grid:
    """Rows in the plan's order of people; people only the roster knows come last."""
    known: dict[str, Any] = {agent.id: agent for agent in result.agents}
    order = list(dict.fromkeys([*known, *(shift.agent for shift in shifts)]))
    worked = {(shift.agent, shift.day_index): shift for shift in shifts}
    paid: Counter[str] = Counter()
    for shift in shifts:
        paid[shift.agent] += shift.paid_h  # type: ignore[assignment]
    marks = _wish_marks(result)
    rows = []
    for name in order:
        agent = known.get(name)
        cells = []
        for index, day in enumerate(week.days):
            at_work = worked.get((name, index))
            inside = (
                str(escape(at_work.words))
                if at_work
                else _idle(agent, day, *week.midnights[index : index + 2])
            )
            cells.append(
                Markup(f"<td{'' if at_work else ' class=i'}>{inside}{marks.get((name, day), '')}</td>")
            )
        low, high = _contract_hours(agent, week.days) if agent else (None, None)
        limits = (
            f"of {number(low, 1)} to {number(high, 1)}"
            if agent and low != high
            else f"of {number(high, 1)}"
            if agent
            else ""
        )
        rows.append(
            GridRow(
                name,
                agent.contract.name if agent else "not in the plan",
                tuple(cells),
                number(paid[name], 1),
                limits,
            )
        )
    per_day = Counter(shift.day_index for shift in shifts)
    by_contract = []
    for contract in dict.fromkeys(agent.contract.name for agent in result.agents):
        people = [agent for agent in result.agents if agent.contract.name == contract]
        total = sum(paid[agent.id] for agent in people)
        terms = people[0].contract
        by_contract.append(
            (
                contract,
                number(len(people)),
                f"{number(terms.min_hours, 1)} to {number(terms.max_hours, 1)} h",
                f"{terms.min_days} to {terms.max_days}",
                money(terms.cost_per_hour, result.currency, 2),
                hours(total),
                hours(total / len(people)),
            )
        )
    return Grid(
        tuple(day_words(day) for day in week.days),
        tuple(rows),
        tuple(number(per_day[index]) for index in range(len(week.days))),
        table(
            "People and hours per contract",
            (
                "Contract",
                "People",
                "Paid hours a week",
                "Days a week",
                "Wage per hour",
                "Paid hours planned",
                "Mean per person",
            ),
            by_contract,
            numeric=(1, 2, 3, 4, 5, 6),
        ),
    )
