"""Why this person works this shift: the day against its alternatives, with everything that hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from schedules.agents import Agent, Wish
from schedules.compact.case import Case
from schedules.compact.choices import contract_refuses, refusals
from schedules.demand import Demand
from schedules.errors import InvalidSchedule
from schedules.explain.margin import Margin
from schedules.explain.repair import cheapest_repair
from schedules.explain.result import Explanation
from schedules.explain.week import Tour, Week, shift_text
from schedules.rostershifts import records, shifts_of
from schedules.rules import Premium, Prices, Rules
from schedules.shifts import ShiftKind
from schedules.teams import Held, TeamRules

_NO_TEAM_RULES = TeamRules()
_COLUMNS = (
    "alternative",
    "shift",
    "extra_cost",
    "wages",
    "premiums",
    "coverage",
    "wishes",
    "other",
    "other_days_changed",
    "possible",
    "reason",
)


def why_shift(
    agents: Sequence[Agent],
    kinds: Sequence[ShiftKind],
    rules: Rules,
    premiums: Sequence[Premium],
    demand: Demand,
    prices: Prices,
    wishes: Sequence[Wish],
    table: pd.DataFrame,
    agent: str,
    day: date,
    *,
    team_rules: TeamRules = _NO_TEAM_RULES,
    held: Held | None = None,
) -> Explanation:
    """A person's day in the roster against a free day and against every other kind of shift.

    Parameters
    ----------
    table
        The roster's table.
    agent, day
        Id of the person and local date.

    Returns
    -------
    Table ``alternative, shift, extra_cost, wages, premiums, coverage, wishes, other, other_days_changed, possible,
    reason``. Money is the difference to the week as it is, everybody else's work unchanged and re-arranged over the
    queues; ``coverage`` is shortage and surplus with what team rules say. Each alternative is the best legal week of
    this person with that day.

    Raises
    ------
    InvalidSchedule
        If the person or the day is not in the plan.
    """
    case = Case(agents, kinds, rules, premiums, demand, prices, wishes, team_rules, held)
    person, number = _find(case, agent, day)
    margin = Margin(case, table)
    week = Week(case, person, margin.values(person), margin.activities.get(agent))
    current = current_shifts(case, table).get(agent, {})
    now = stay(week, current)
    base = now if now is not None else week.best()
    here = current.get(number)
    name = f"{day:%A} {day.day} {day:%B}"
    if base is None:
        return Explanation(
            f"Why {agent} has no legal week",
            pd.DataFrame(columns=list(_COLUMNS)),
            ("no week of this person is legal",),
        )
    rows = [_row("as it is", case, base, base, number, "")]
    best = week.best()
    if best is not None and best.cost < base.cost - 0.005:
        rows.append(
            _row("best week", case, best, base, number, "cheaper: the search ended before it was found")
        )
    rows += _alternatives(case, week, base, number, here, person)
    result = pd.DataFrame(rows, columns=list(_COLUMNS))
    return Explanation(
        f"Why {agent} has {shift_text(case.grid, here)} on {name}",
        result,
        _sentences(result, agent, name, now),
    )


def _find(case: Case, agent: str, day: date) -> tuple[Agent, int]:
    if agent not in case.by_id:
        raise InvalidSchedule(f"a person of the plan expected, got {agent!r}")
    if day not in case.wall.index:
        first, last = case.wall.dates[0], case.wall.dates[-1]
        raise InvalidSchedule(f"a day from {first} to {last} expected, got {day}")
    return case.by_id[agent], case.wall.index[day]


def current_shifts(case: Case, table: pd.DataFrame) -> dict[str, dict[int, int]]:
    """Person to day to the shift's index on the grid, -1 for a shift that no declaration knows."""
    found: dict[str, dict[int, int]] = {}
    shifts = shifts_of(table, case.agents, case.kinds, case.demand.starts.tz)
    for row in records(shifts):
        number = case.wall.index.get(row.day)
        if number is not None:
            same = np.flatnonzero(
                case.wall.find(number, str(row.kind), int(row.start_min), int(row.length_min))
            )
            found.setdefault(str(row.agent), {})[number] = int(same[0]) if len(same) else -1
    return found


def stay(week: Week, current: dict[int, int]) -> Tour | None:
    """The week as it is, or ``None`` where it breaks a rule."""
    refused = np.zeros(len(week.shifts), dtype=bool)
    days = week.case.grid.days
    for number in range(days):
        refused |= week.matching(number, current.get(number))
    worked = tuple(number for number in range(days) if number in current)
    return week.best(refused, worked=worked)


def _row(
    alternative: str, case: Case, tour: Tour, base: Tour, number: int, reason: str
) -> tuple[str, str, float, float, float, float, float, float, int, bool, str]:
    parts = {name: tour.parts[name] - base.parts[name] for name in base.parts}
    other = (
        parts["overtime"] + parts["shift_fees"] + parts["changes"] + parts["balance"] + parts["activities"]
    )
    days = set(tour.shifts) | set(base.shifts)
    moved = sum(tour.shifts.get(day) != base.shifts.get(day) for day in days if day != number)
    money = [
        round(value, 6) + 0.0
        for value in (
            tour.cost - base.cost,
            parts["wages"],
            parts["premiums"],
            parts["coverage"],
            parts["refused_wishes"],
            other,
        )
    ]
    shift = shift_text(case.grid, tour.shifts.get(number))
    return (alternative, shift, *money, moved, True, reason)  # type: ignore[return-value]


def _alternatives(
    case: Case, week: Week, base: Tour, number: int, here: int | None, person: Agent
) -> list[tuple]:
    grid = case.grid
    today = week.day == number
    found: list[tuple] = []
    if here is not None:
        tour = week.best(free=(number,))
        if tour is None:
            found.append(_impossible("free", "free", _why_not_free(case, week, person)))
        else:
            found.append(_row("free", case, tour, base, number, ""))
    kind_of = grid.kind[week.shifts]
    for index, kind in enumerate(grid.kinds):
        of_kind = today & (kind_of == index)
        own = here is not None and here >= 0 and int(grid.kind[here]) == index
        spans = [(f"another {kind.name}", week.shifts != here)] if own else [(kind.name, np.ones_like(today))]
        for name, wanted in spans:
            able = of_kind & wanted
            tour = week.best(today & ~able, worked=(number,)) if able.any() else None
            if tour is not None:
                found.append(_row(name, case, tour, base, number, ""))
            elif not own or of_kind.sum() > 1:
                found.append(_impossible(name, kind.name, why_not(case, person, number, index)))
    return found


def _impossible(alternative: str, shift: str, reason: str) -> tuple:
    return (alternative, shift, *[np.nan] * 6, 0, False, reason)


def _why_not_free(case: Case, week: Week, person: Agent) -> str:
    contract = person.contract
    return (
        "no legal week without a shift that day: "
        f"the other days do not reach {contract.min_hours:g} h on {contract.min_days} days under the rules, "
        "or the day is fixed or frozen"
    )


def why_not(case: Case, person: Agent, number: int, kind: int) -> str:
    """Rules that forbid a person a kind of shift on a day, in words."""
    grid = case.grid
    shifts = (grid.day == number) & (grid.kind == kind)
    if not shifts.any():
        return "does not start on this weekday"
    if contract_refuses(case.wall, person)[shifts].all():
        return f"not in contract {person.contract.name}"
    masks = refusals(case.wall, person, person.rules(case.rules))
    alone = [name for name, mask in masks.items() if mask[shifts].all()]
    if alone:
        return "forbidden by " + " and by ".join(alone)
    way = cheapest_repair(case, person, {number: shifts})
    if not way:
        return "frozen or fixed otherwise" if way is not None else "no week of this person holds it"
    return "no legal week holds it; it would take: " + "; ".join(dict.fromkeys(one.words for one in way))


def _sentences(table: pd.DataFrame, agent: str, name: str, now: Tour | None) -> tuple[str, ...]:
    lines = []
    if now is None:
        lines.append(
            "The week in this roster breaks a rule; alternatives are compared with the best legal week."
        )
    words = {
        "wages": "wages",
        "premiums": "premiums",
        "coverage": "coverage",
        "wishes": "wishes",
        "other": "other",
    }
    for row in records(table.iloc[1:]):
        what = f"{row.alternative} ({row.shift})" if row.alternative != row.shift else str(row.shift)
        if not row.possible:
            lines.append(f"{what}: {row.reason}.")
            continue
        parts = ", ".join(
            f"{text} {getattr(row, part):+.2f}"
            for part, text in words.items()
            if abs(getattr(row, part)) >= 0.005
        )
        cost = float(row.extra_cost)
        change = (
            f"would cost {cost:.2f} more"
            if cost > 0.005
            else "costs the same"
            if cost > -0.005
            else f"would save {-cost:.2f}"
        )
        count = f"{row.other_days_changed} other day{'s' if row.other_days_changed > 1 else ''}"
        days = f"; {count} of {agent} would change" if row.other_days_changed else ""
        lines.append(f"{what} {change}" + (f" ({parts})" if parts else "") + days + ".")
    if not lines:
        lines.append(f"There is no alternative for {agent} on {name}.")
    return tuple(lines)
