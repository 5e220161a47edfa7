"""Which rule costs most: the roster made again with each rule one notch looser."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from schedules.agents import Agent, Contract, Wish
from schedules.demand import Demand
from schedules.errors import InvalidSchedule
from schedules.explain.result import Explanation
from schedules.roster import Roster, roster
from schedules.rostershifts import records
from schedules.rules import Premium, Prices, Rules
from schedules.shifts import ShiftKind
from schedules.teams import Held, TeamRules

_NO_TEAM_RULES = TeamRules()
_COLUMNS = ("rule", "change", "saves", "saves_at_least", "saves_at_most", "bound_falls_by", "cost", "bound")


def rule_costs(
    agents: Sequence[Agent],
    kinds: Sequence[ShiftKind],
    rules: Rules,
    premiums: Sequence[Premium],
    demand: Demand,
    prices: Prices,
    wishes: Sequence[Wish],
    *,
    team_rules: TeamRules = _NO_TEAM_RULES,
    held: Held | None = None,
    only: Sequence[str] | None = None,
    make: Callable[..., Roster] = roster,
    seed: int = 0,
    passes: int = 4,
    time_limit_s: float | None = None,
    on_progress: Callable[[str], None] | None = None,
) -> Explanation:
    """What each rule costs, by a roster with that rule one notch looser for everybody.

    Parameters
    ----------
    only
        Names of the rules to try, as in the table; all that are declared by default.
    make
        What makes a roster; :func:`schedules.compact.solve` makes the answer exact in small cases.
    passes, time_limit_s
        Budget of each roster; with the ``time_limit_s`` of each the whole takes that times the rules tried.

    Returns
    -------
    Table ``rule, change, saves, saves_at_least, saves_at_most, bound_falls_by, cost, bound``, money of the horizon,
    dearest rule first.
    ``saves`` is the difference between the two rosters found, an estimate; the true saving lies between
    ``saves_at_least`` and ``saves_at_most``, which follow from costs and bounds of both. ``bound_falls_by`` is the
    difference of the two bounds, an estimate too.

    Notes
    -----
    Savings of several rules do not add up.
    """
    rest: dict[str, Any] = {"team_rules": team_rules, "held": held, "seed": seed}
    if make is roster:
        rest |= {"passes": passes, "time_limit_s": time_limit_s}
    base = make(agents, kinds, rules, premiums, demand, prices, wishes, **rest)
    rows = []
    for name, change, (people, looser, team) in variants(agents, rules, team_rules, len(demand.days)):
        if only is not None and name not in only:
            continue
        if on_progress is not None:
            on_progress(f"{name}: {change}")
        found = make(people, kinds, looser, premiums, demand, prices, wishes, **{**rest, "team_rules": team})
        # A roster under the stricter rule is one under the looser rule too.
        cost, bound = min(found.cost, base.cost), min(found.bound, base.cost)
        rows.append(
            (
                name,
                change,
                round(base.cost - cost, 6),
                round(max(0.0, base.bound - cost), 6),
                round(max(base.cost - cost, base.cost - bound), 6),
                round(base.bound - bound, 6),
                cost,
                bound,
            )
        )
    table = pd.DataFrame(rows, columns=list(_COLUMNS)).sort_values(
        ["saves", "saves_at_most"], ascending=False, kind="stable", ignore_index=True
    )
    return Explanation("Which rule costs most", table, _sentences(table, base))


def variants(
    agents: Sequence[Agent], rules: Rules, team_rules: TeamRules, days: int
) -> Iterator[tuple[str, str, tuple[list[Agent], Rules, TeamRules]]]:
    """Name of each rule that is declared somewhere, what is changed, and the changed declarations."""
    everybody = list(agents)
    sets = [rules, *dict.fromkeys(agent.contract.rules for agent in agents if agent.contract.rules)]
    for name, words, loosen in _RULES:
        changed = {one: loosen(one, days) for one in sets}
        if any(new is not None for new in changed.values()):
            yield name, words, (_with_rules(everybody, changed), changed[rules] or rules, team_rules)
    for name, words, ease in _CONTRACT:
        eased = {contract: ease(contract) for contract in dict.fromkeys(agent.contract for agent in agents)}
        if any(new is not None for new in eased.values()):
            people = [replace(agent, contract=eased[agent.contract] or agent.contract) for agent in agents]
            yield name, words, (people, rules, team_rules)
    for number, presence in enumerate(team_rules.presence):
        left = tuple(one for index, one in enumerate(team_rules.presence) if index != number)
        yield f"presence {presence.name}", "left out", (everybody, rules, replace(team_rules, presence=left))
    for number, pair in enumerate(team_rules.pairs):
        rest = tuple(one for index, one in enumerate(team_rules.pairs) if index != number)
        name = f"{pair.first} and {pair.second} {'together' if pair.together else 'apart'}"
        yield name, "left out", (everybody, rules, replace(team_rules, pairs=rest))


def _with_rules(agents: list[Agent], changed: dict[Rules, Rules | None]) -> list[Agent]:
    result = []
    for agent in agents:
        own = agent.contract.rules
        new = changed.get(own) if own is not None else None
        result.append(
            replace(agent, contract=replace(agent.contract, rules=new)) if new is not None else agent
        )
    return result


def _if_valid(make: Callable[[], Rules]) -> Rules | None:
    try:
        return make()
    except InvalidSchedule:
        return None


Loosen = Callable[[Rules, int], Rules | None]
_RULES: tuple[tuple[str, str, Loosen], ...] = (
    (
        "minimum rest",
        "1 h less",
        lambda one, _: replace(one, min_rest_h=max(0.0, one.min_rest_h - 1)) if one.min_rest_h > 0 else None,
    ),
    (
        "consecutive days",
        "1 more",
        lambda one, days: (
            replace(one, max_consecutive_days=one.max_consecutive_days + 1)
            if one.max_consecutive_days < days
            else None
        ),
    ),
    (
        "start spread",
        "60 min more",
        lambda one, _: (
            replace(one, max_start_spread_min=one.max_start_spread_min + 60)
            if one.max_start_spread_min is not None
            else None
        ),
    ),
    (
        "shortest run of days worked",
        "1 less",
        lambda one, _: (
            replace(one, min_consecutive_days=one.min_consecutive_days - 1)
            if one.min_consecutive_days > 1
            else None
        ),
    ),
    (
        "shortest run of free days",
        "1 less",
        lambda one, _: (
            replace(one, min_consecutive_days_off=one.min_consecutive_days_off - 1)
            if one.min_consecutive_days_off > 1
            else None
        ),
    ),
    (
        "weekly rest",
        "left out",
        lambda one, _: replace(one, weekly_rest_h=None) if one.weekly_rest_h is not None else None,
    ),
    (
        "nights in a row",
        "1 more",
        lambda one, _: (
            replace(one, max_nights_in_a_row=one.max_nights_in_a_row + 1)
            if one.max_nights_in_a_row is not None
            else None
        ),
    ),
    (
        "weekends",
        "1 more",
        lambda one, _: (
            replace(one, max_weekends=one.max_weekends + 1) if one.max_weekends is not None else None
        ),
    ),
    (
        "complete weekends",
        "left out",
        lambda one, _: replace(one, complete_weekends=False) if one.complete_weekends else None,
    ),
    (
        "forbidden successions",
        "left out",
        lambda one, _: replace(one, forbidden_successions=()) if one.forbidden_successions else None,
    ),
    (
        "longest shift",
        "1 h more",
        lambda one, _: (
            _if_valid(lambda: replace(one, max_shift_h=(one.max_shift_h or 0.0) + 1))
            if one.max_shift_h is not None
            else None
        ),
    ),
)

Ease = Callable[[Contract], Contract | None]
_CONTRACT: tuple[tuple[str, str, Ease], ...] = (
    (
        "maximum hours",
        "1 h more a week",
        lambda one: _keep_leave(one, max_hours=min(168.0, one.max_hours + 1)),
    ),
    (
        "minimum hours",
        "1 h less a week",
        lambda one: replace(one, min_hours=max(0.0, one.min_hours - 1)) if one.min_hours > 0 else None,
    ),
    (
        "maximum days",
        "1 more a week",
        lambda one: _keep_leave(one, max_days=one.max_days + 1) if one.max_days < 7 else None,
    ),
    (
        "minimum days",
        "1 less a week",
        lambda one: replace(one, min_days=one.min_days - 1) if one.min_days > 0 else None,
    ),
    (
        "maximum hours of the period",
        "1 h more",
        lambda one: (
            replace(one, max_period_hours=one.max_period_hours + 1)
            if one.max_period_hours is not None
            else None
        ),
    ),
    (
        "minimum hours of the period",
        "1 h less",
        lambda one: (
            replace(one, min_period_hours=max(0.0, one.min_period_hours - 1))
            if one.min_period_hours
            else None
        ),
    ),
)


def _keep_leave(contract: Contract, **changes: float) -> Contract:
    """A changed contract whose day of leave still counts for what it did."""
    return replace(contract, leave_day_h=contract.hours_per_leave_day, **changes)  # type: ignore[arg-type]


def _sentences(table: pd.DataFrame, base: Roster) -> tuple[str, ...]:
    if not len(table):
        return ("No rule could be loosened.",)
    lines = [
        f"The roster of this comparison costs {base.cost:.2f}, proven to within {base.gap:.2%}; "
        "a saving smaller than that gap is not proven."
    ]
    for row in records(table):
        if row.saves_at_most <= 0.005:
            lines.append(f"{row.rule} ({row.change}) costs nothing.")
        else:
            least = f"between {row.saves_at_least:.2f} and {row.saves_at_most:.2f}"
            lines.append(f"{row.rule} ({row.change}) would save about {row.saves:.2f}, {least}.")
    return tuple(lines)
