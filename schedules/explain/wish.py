"""What each wish costs: granted or refused, with the reason and its price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from schedules.agents import Agent, Wish
from schedules.compact.case import Case
from schedules.compact.charges import refuses
from schedules.demand import Demand
from schedules.explain.margin import Margin
from schedules.explain.result import Explanation
from schedules.explain.shift import current_shifts, stay
from schedules.explain.week import Tour, Week
from schedules.rostershifts import records
from schedules.rules import Premium, Prices, Rules
from schedules.shifts import ShiftKind
from schedules.teams import Held, TeamRules

_NO_TEAM_RULES = TeamRules()
_PART_WORDS = {
    "coverage": "coverage",
    "wages": "wages",
    "premiums": "premiums",
    "overtime": "overtime",
    "shift_fees": "fees per shift",
    "refused_wishes": "other wishes",
    "changes": "changes of the published roster",
    "balance": "target hours, overtime of the week and fairness",
    "activities": "missed activities",
}


def wish_prices(
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
    held: Held | None = None,
) -> Explanation:
    """Every wish of the horizon with what it costs at the margin.

    Returns
    -------
    Table ``agent, kind, day, time_min, shift, weight, granted, price, reason``. The price of a refused wish is what
    granting it would cost: the cheapest legal week of that person that grants it less the week as it is, everybody
    else's work unchanged, its weight left aside; ``nan`` where no legal week grants it. The price of a granted wish is
    what its person's cheapest week without it would save.
    """
    case = Case(agents, kinds, rules, premiums, demand, prices, wishes, team_rules, held)
    margin = Margin(case, table)
    current = current_shifts(case, table)
    rows = []
    weeks: dict[str, tuple[Week, Tour | None]] = {}
    for wish in wishes:
        if wish.day not in case.wall.index:
            continue
        person = case.by_id[wish.agent]
        if wish.agent not in weeks:
            week = Week(case, person, margin.values(person), margin.activities.get(wish.agent))
            weeks[wish.agent] = week, stay(week, current.get(wish.agent, {}))
        week, now = weeks[wish.agent]
        granted, price, reason = _judge(case, margin, wish, person, week, now, current.get(wish.agent, {}))
        rows.append(
            (wish.agent, wish.kind, wish.day, wish.time_min, wish.shift, wish.weight, granted, price, reason)
        )
    columns = ["agent", "kind", "day", "time_min", "shift", "weight", "granted", "price", "reason"]
    types: dict[str, Any] = {
        "time_min": "Int64",
        "shift": object,
        "weight": float,
        "granted": bool,
        "price": float,
    }
    result = pd.DataFrame(rows, columns=columns, dtype=object).astype(types)
    return Explanation("What the wishes cost", result, _sentences(result))


def _judge(
    case: Case,
    margin: Margin,
    wish: Wish,
    person: Agent,
    week: Week,
    now: Tour | None,
    current: dict[int, int],
) -> tuple[bool, float, str]:
    number = case.wall.index[wish.day]
    refused, free_refuses = refuses(case.wall, wish, week.shifts)
    here = current.get(number)
    granted = not free_refuses if here is None else not bool(refuses(case.wall, wish, np.array([here]))[0][0])
    if now is None:
        return granted, np.nan, "the week in this roster breaks a rule, so nothing is compared"
    if granted:
        plain = Week(case, person, margin.values(person), margin.activities.get(person.id), without=wish)
        best = plain.best()
        saved = max(0.0, now.cost - best.cost) if best is not None else 0.0
        if saved < 0.005:
            return True, 0.0, "granted: it costs nothing"
        return True, saved, f"granted: without it {saved:.2f} could be saved, its weight is {wish.weight:.2f}"
    with_it = week.best(refused, worked=(number,) if free_refuses else ())
    if with_it is None:
        return False, np.nan, "refused: no legal week of this person grants it"
    weight = _weight(case, person, wish)
    price = with_it.cost - now.cost + weight
    change = {part: with_it.parts[part] - now.parts[part] for part in now.parts}
    change["refused_wishes"] += weight
    dearest = max(change, key=lambda part: change[part])
    reason = (
        f"refused: granting it would cost {price:.2f}, above all {_PART_WORDS[dearest]} "
        f"({change[dearest]:+.2f}); it counts {weight:.2f}"
    )
    if price < weight - 0.005:
        reason += "; the search ended before it was granted"
    return False, price, reason


def _weight(case: Case, person: Agent, wish: Wish) -> float:
    fair = case.team_rules.fairness.refused_wish
    return wish.weight * (1.0 + fair * case.behind[person.id].refused_wishes)


def _sentences(table: pd.DataFrame) -> tuple[str, ...]:
    if not len(table):
        return ("There are no wishes.",)
    granted = table[table["granted"]]
    lines = [
        f"{len(granted)} of {len(table)} wishes are granted; they cost {granted['price'].sum():.2f} one by one "
        "at the margin."
    ]
    refused = table[~table["granted"]].sort_values("price", kind="stable")
    for row in records(refused.head(10)):
        lines.append(
            f"{row.agent}, {row.kind.replace('_', ' ')} on {row.day:%a} {row.day.day} {row.day:%b}: {row.reason}."
        )
    if len(refused) > 10:
        lines.append(f"{len(refused) - 10} more refused wishes are in the table.")
    return tuple(lines)
