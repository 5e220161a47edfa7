"""Why no roster exists or no roster can meet the demand: who, which rules, which hours, and the cheapest repair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from schedules.agents import Agent, Wish
from schedules.compact.case import Case
from schedules.demand import Demand
from schedules.errors import Conflict
from schedules.explain.repair import cheapest_repair, smallest_conflict
from schedules.explain.result import Explanation
from schedules.explain.supply import Shortfall, Supply
from schedules.explain.week import Week
from schedules.rules import Premium, Prices, Rules
from schedules.shifts import ShiftKind
from schedules.teams import Held, TeamRules

_NO_TEAM_RULES = TeamRules()
_COLUMNS = ("about", "who", "when", "rules", "required", "at_most", "missing_h", "repair")


def why_infeasible(
    agents: Sequence[Agent],
    kinds: Sequence[ShiftKind],
    rules: Rules,
    premiums: Sequence[Premium],
    demand: Demand,
    prices: Prices,
    wishes: Sequence[Wish] = (),
    *,
    team_rules: TeamRules = _NO_TEAM_RULES,
    held: Held | None = None,
) -> Explanation:
    """People without a legal week, and demand that nobody can meet.

    Returns
    -------
    Table ``about, who, when, rules, required, at_most, missing_h, repair``. ``about`` is ``person`` (hard rules that
    cannot hold together), ``hours of the day`` (more people asked for than may be there, however they are rostered) or
    ``hours of the week`` (more work than contracts allow). ``at_most`` is an upper bound, so an empty table proves
    nothing about the cost of a roster, while each row is a proof that something is missing. Only ``person`` keeps a
    roster from existing; the others are paid as shortage.
    """
    case = Case(agents, kinds, rules, premiums, demand, prices, wishes, team_rules, held)
    rows: list[tuple] = []
    lines: list[str] = []
    for one in conflicts_of(case):
        named = " + ".join(one.rules)
        rows.append(("person", one.agent, ", ".join(one.days), named, np.nan, np.nan, np.nan, one.repair))
        when = f" on {', '.join(one.days)}" if one.days else ""
        lines.append(
            f"{one.agent} has no legal week: {named}{when} cannot hold together. Cheapest repair: {one.repair}."
        )
    supply = Supply(case)
    for stretches in _alike(case, supply.shortfalls()):
        found = [_hours_of_the_day(case, supply, short) for short in stretches]
        rows += [row for row, _ in found]
        worst = max(range(len(found)), key=lambda index: stretches[index].required - stretches[index].at_most)
        lines.append(found[worst][1] + _also(case, stretches, worst))
    rows.sort(key=lambda row: row[0], reverse=True)
    for queues, week, asked, there in supply.week_hours():
        row, line = _hours_of_the_week(case, queues, week, asked, there)
        rows.append(row)
        lines.append(line)
    if not rows:
        lines.append(
            "Everybody has a legal week, and in every slot enough people may be there. Shortage that is left comes "
            "from hours and shifts that cannot be everywhere at once."
        )
    table = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(
        {"required": float, "at_most": float, "missing_h": float}
    )
    return Explanation("What stands in the way of a full roster", table, tuple(lines))


def conflicts_of(case: Case) -> tuple[Conflict, ...]:
    """For everybody without a legal week the rules that cannot hold together, the days, and the cheapest repair."""
    known: dict[Agent, Conflict] = {}
    found = []
    for number in people_without_a_week(case):
        agent = case.agents[number]
        alike = replace(agent, id="", skills=frozenset({"any"}), levels=(), team="", site="")
        if alike not in known:
            named, days = smallest_conflict(case, agent)
            way = cheapest_repair(case, agent)
            words = " and ".join(dict.fromkeys(one.words for one in way)) if way else ""
            known[alike] = Conflict("", named or ("frozen days",), days, words or "give up a frozen day")
        found.append(replace(known[alike], agent=agent.id))
    return tuple(found)


def people_without_a_week(case: Case) -> list[int]:
    """Positions of the people whose own hard rules leave no legal week."""
    known: dict[tuple, bool] = {}
    unable = []
    for number, agent in enumerate(case.agents):
        shifts, must = case.shifts(agent)
        key = (
            agent.contract,
            shifts.tobytes(),
            tuple(sorted(must)),
            agent.days_worked_before,
            agent.last_shift_end,
            agent.before,
            len(agent.leave) and agent.leave,
        )
        if key not in known:
            known[key] = Week(case, agent, np.zeros(case.grid.slots)).best() is not None
        if not known[key]:
            unable.append(number)
    return unable


def _alike(case: Case, found: list[Shortfall]) -> list[list[Shortfall]]:
    """Stretches of the same queues at the same hours of different days, together."""
    groups: dict[tuple, list[Shortfall]] = {}
    for short in found:
        begin, end = case.grid.time(short.first), case.grid.time(short.until)
        groups.setdefault((short.queues, f"{begin:%H:%M}{end:%H:%M}"), []).append(short)
    return list(groups.values())


def _also(case: Case, stretches: list[Shortfall], named: int) -> str:
    days = [case.grid.time(one.first) for index, one in enumerate(stretches) if index != named]
    if not days:
        return ""
    return " Likewise on " + ", ".join(f"{day:%a} {day.day} {day:%b}" for day in days) + "."


def _hours_of_the_day(case: Case, supply: Supply, short: Shortfall) -> tuple[tuple, str]:
    grid = case.grid
    begin, end = grid.time(short.first), grid.time(short.until)
    when = f"{begin:%a} {begin.day} {begin:%b} {begin:%H:%M}–{end:%H:%M}"
    queues = " and ".join(short.queues)
    missing = int(np.ceil(short.required - short.at_most - 1e-9))
    repairs = _repairs(case, supply, short, missing, when)
    words = ", or ".join(repairs)
    row = ("hours of the day", queues, when, "", short.required, short.at_most, short.hours, words)
    line = (
        f"{queues}, {when}: {short.required:g} asked for, at most {short.at_most:g} may be there "
        f"({short.hours:.4g} h of work missing). Cheapest repair: {words}."
    )
    return row, line


def _repairs(case: Case, supply: Supply, short: Shortfall, missing: int, when: str) -> list[str]:
    """Up to three repairs, the least trouble first."""
    if not supply.covered(np.ones(len(case.grid.start), dtype=bool))[short.first : short.until].all():
        declare = f"declare a shift that covers {when}: no shift kind of these days reaches it"
        first_day = case.grid.time(short.first).date() == case.grid.time(0).date()
        return ["bring in the shifts that began on the day before", declare] if first_day else [declare]
    found = []
    words = {
        "day off": "take back the day off of",
        "rotation": "leave the rotation of",
        "availability": "ask for wider availability of",
        "rest after the last shift": "allow less rest after the last shift of",
        "absence": "do without the absence of",
        "leave": "take back the leave of",
    }
    blocked = supply.blocked(short)
    for rule, text in words.items():
        people = blocked.get(rule, [])
        if people:
            named = ", ".join(people[: min(missing, 3)]) + (" …" if min(missing, len(people)) > 3 else "")
            found.append(f"{text} {min(missing, len(people))} of {len(people)} ({named})")
            break
    others = supply.others(short)
    if others:
        named = ", ".join(others[: min(missing, 3)])
        found.append(
            f"train {min(missing, len(others))} of {len(others)} others for {short.queues[0]} ({named})"
        )
    hired = _hire(case, supply, short)
    if hired:
        found.append(f"hire {missing} {hired} with {short.queues[0]}")
    return found or [f"hire {missing} whose contract has a shift at {when}"]


def _hire(case: Case, supply: Supply, short: Shortfall) -> str:
    """Cheapest contract by the week whose shifts cover the stretch."""
    slot = (short.first + short.until) // 2
    contracts = {agent.contract.name: agent for agent in case.agents}
    able = []
    for name, agent in contracts.items():
        blank = Agent("newcomer", agent.contract, agent.skills)
        if supply.covered(supply.allowed(blank))[slot]:
            able.append((agent.contract.min_hours * agent.contract.cost_per_hour, name))
    return min(able)[1] if able else ""


def _hours_of_the_week(
    case: Case, queues: tuple[str, ...], week: int, asked: float, there: float
) -> tuple[tuple, str]:
    missing = asked - there
    names = " and ".join(queues)
    contracts = [agent.contract for agent in case.agents if agent.skills & set(queues)]
    when = f"week {week + 1}"
    if contracts:
        contract = max(contracts, key=lambda one: one.max_hours)
        count = int(np.ceil(missing / max(contract.max_hours, 1e-9)))
        words = f"allow {missing:.4g} h of overtime, or hire {count} {contract.name} with {queues[0]}"
    else:
        words = f"hire or train people for {names}: nobody has the skill"
    row = ("hours of the week", names, when, "", asked, there, missing, words)
    line = (
        f"{names}, {when}: {asked:.4g} h of work are asked for, the contracts of those who can do it allow "
        f"{there:.4g} h. Cheapest repair: {words}."
    )
    return row, line
