"""Questions about a roster, asked of the scheduling package with the week of a plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd

from schedules.explain import (
    Explanation,
    next_agent,
    rule_costs,
    why_infeasible,
    why_shift,
    wish_prices,
)
from staffing.errors import BadInput
from staffing.files.defects import listed
from staffing.plan.rostering import Case

ALL = "all"


def about_shift(case: Case, table: pd.DataFrame, agent: str, day: date) -> Explanation:
    """Why a person works a shift, or is free, on a day.

    Raises
    ------
    BadInput
        A person or day that the plan does not have.
    """
    check_agent(case, agent, "--agent")
    days = [one.date() for one in case.demand.days]
    if day not in days:
        raise BadInput(
            "not a day of the plan's week", field="--day", value=day.isoformat(),
            accepted=f"a date from {days[0]} to {days[-1]}",
        )  # fmt: skip
    return why_shift(*case.declared, table, agent, day, team_rules=case.team_rules)


def about_wishes(case: Case, table: pd.DataFrame, agent: str) -> Explanation:
    """What the wishes of a person, or of ``all``, cost."""
    wishes = case.wishes
    if agent != ALL:
        check_agent(case, agent, "--wish")
    found = wish_prices(*case.declared, table, team_rules=case.team_rules)
    if agent == ALL or not len(wishes):
        return found
    own = found.table[found.table["agent"] == agent].reset_index(drop=True)
    if not len(own):
        return Explanation(f"What the wishes of {agent} cost", own, (f"{agent} has no wish for this week.",))
    lines = tuple(
        f"{str(row.kind).replace('_', ' ')} on {row.day:%a} {row.day:%Y-%m-%d}: {row.reason}."
        for row in own.itertuples()
    )
    return Explanation(f"What the wishes of {agent} cost", own, lines)


def about_feasibility(case: Case) -> Explanation:
    """Who can have no legal week, and which demand nobody can meet."""
    return why_infeasible(*case.declared, team_rules=case.team_rules)


def about_hiring(case: Case, table: pd.DataFrame) -> Explanation:
    """What one more person of each kind would save."""
    return next_agent(*case.declared, table, team_rules=case.team_rules)


def about_rules(
    case: Case, seed: int, time_limit_s: float | None, on_progress: Callable[[str], None]
) -> Explanation:
    """What each rule costs: a roster for each with that rule one notch looser, which takes its time."""
    return rule_costs(
        *case.declared,
        team_rules=case.team_rules,
        seed=seed,
        time_limit_s=time_limit_s,
        on_progress=on_progress,
    )


def check_agent(case: Case, agent: str, option: str) -> None:
    """Raise `BadInput` for somebody whom the plan does not have."""
    known = [one.id for one in case.agents]
    if agent not in known:
        raise BadInput("unknown agent", field=option, value=agent, accepted=listed(known))
