"""What one more person of each kind would save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from schedules.agents import Agent, Contract, Wish
from schedules.check import check
from schedules.compact.case import Case
from schedules.demand import Demand
from schedules.explain.margin import Margin
from schedules.explain.prices import slot_prices
from schedules.explain.result import Explanation
from schedules.explain.week import Week
from schedules.rostershifts import records
from schedules.rules import Premium, Prices, Rules
from schedules.shifts import ShiftKind
from schedules.teams import TeamRules

_NO_TEAM_RULES = TeamRules()


def next_agent(
    agents: Sequence[Agent],
    kinds: Sequence[ShiftKind],
    rules: Rules,
    premiums: Sequence[Premium],
    demand: Demand,
    prices: Prices,
    wishes: Sequence[Wish],
    table: pd.DataFrame,
    *,
    team_rules: TeamRules = _NO_TEAM_RULES,
    with_limit: bool = False,
) -> Explanation:
    """Savings by one more person of each contract and skill set that the team has.

    Parameters
    ----------
    table
        The roster's table.
    with_limit
        Whether the most that a newcomer can save is worked out too, from prices that prove a bound; takes about as long
        as half a roster.

    Returns
    -------
    Table ``contract, skills, people, saves_per_week, coverage_saved, pay, saves_at_most``, best first, money per week.
    ``saves_per_week`` is what is left after the newcomer's own pay when everybody else keeps their shifts: a certain
    saving. ``saves_at_most`` is what no roster with the newcomer can beat, measured from this roster's cost, its own
    gap included; ``nan`` without ``with_limit`` and where presence or pairs are declared, whose prices a newcomer would
    shift. People of the same kind save less one after the other.
    """
    case = Case(agents, kinds, rules, premiums, demand, prices, wishes, team_rules, None)
    margin = Margin(case, table)
    weeks = max(1.0, case.grid.days / 7.0)
    limit = None
    if with_limit and not (team_rules.presence or team_rules.pairs):
        proof = slot_prices(case)
        cost = check(
            table, agents, kinds, rules, premiums, demand, prices, wishes, team_rules=team_rules
        ).cost
        limit = float(cost) - proof.bound, proof.value
    rows = []
    for contract, skills, people in kinds_of_people(case):
        person = Agent(_free_name(case), contract, skills)
        found = Week(case, person, margin.values(person)).best()
        if found is None:
            continue
        most = np.nan
        if limit is not None:
            most = (limit[0] - _cheapest_at(case, person, limit[1])) / weeks
        rows.append(
            (
                contract.name,
                ", ".join(name for name in demand.queues if name in skills),
                people,
                -found.cost / weeks,
                -found.parts["coverage"] / weeks,
                (found.cost - found.parts["coverage"]) / weeks,
                most,
            )
        )
    columns = ["contract", "skills", "people", "saves_per_week", "coverage_saved", "pay", "saves_at_most"]
    result = pd.DataFrame(rows, columns=columns).sort_values(
        "saves_per_week", ascending=False, kind="stable", ignore_index=True
    )
    return Explanation("What one more person would save", result, _sentences(result))


def kinds_of_people(case: Case) -> list[tuple[Contract, frozenset[str], int]]:
    """Every contract of the team with every skill set of the team, and how many people have both."""
    contracts = list(dict.fromkeys(agent.contract for agent in case.agents))
    groups = list(dict.fromkeys(agent.skills & frozenset(case.demand.queues) for agent in case.agents))
    counts: dict[tuple[Contract, frozenset[str]], int] = {}
    for agent in case.agents:
        key = (agent.contract, agent.skills & frozenset(case.demand.queues))
        counts[key] = counts.get(key, 0) + 1
    return [
        (contract, skills, counts.get((contract, skills), 0))
        for contract in contracts
        for skills in sorted(groups, key=lambda group: (len(group), sorted(group)))
    ]


def _free_name(case: Case) -> str:
    name = "newcomer"
    while name in case.by_id:
        name += "+"
    return name


def _cheapest_at(case: Case, person: Agent, value: np.ndarray) -> float:
    """Cost of a person's best week when work is worth what the prices say, at the dearest of their queues."""
    able = [index for index, name in enumerate(case.demand.queues) if name in person.skills]
    plain = replace(case, team_rules=TeamRules())
    found = Week(plain, person, value[able].max(axis=0)).best()
    return 0.0 if found is None else found.cost


def _sentences(table: pd.DataFrame) -> tuple[str, ...]:
    if not len(table):
        return ("No contract of the team has a legal week for a newcomer.",)
    lines = []
    for row in records(table.head(5)):
        who = f"One more {row.contract} for {row.skills}"
        most = (
            ""
            if np.isnan(row.saves_at_most)
            else f"; no roster with such a person saves more than {row.saves_at_most:.2f}"
        )
        saved, pay = row.coverage_saved, f"{row.pay:.2f} of pay"
        if row.saves_per_week > 0.005:
            lines.append(
                f"{who} saves {row.saves_per_week:.2f} a week: {saved:.2f} less shortage for {pay}{most}."
            )
        elif saved > 0.005:
            lines.append(
                f"{who} costs {-row.saves_per_week:.2f} a week: {pay} for {saved:.2f} less shortage{most}."
            )
        else:
            lines.append(f"{who} costs {-row.saves_per_week:.2f} a week: {pay}, and nobody is missing{most}.")
    return tuple(lines)
