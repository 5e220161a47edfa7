"""One integer program over everybody's shifts, breaks and queues: small cases only, exact."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pulp

from schedules.agents import Agent, Wish
from schedules.compact.case import Case
from schedules.compact.rows import Program
from schedules.compact.table import solution_table
from schedules.compact.team import Team
from schedules.compact.work import PersonWork
from schedules.demand import Demand
from schedules.errors import InvalidSchedule, NoFeasibleRoster
from schedules.roster import Roster
from schedules.rules import Premium, Prices, Rules
from schedules.shifts import ShiftKind
from schedules.solver import solve as run
from schedules.teams import Held, TeamRules

_NO_TEAM_RULES = TeamRules()


class TooLarge(InvalidSchedule):
    """A case with more whole-number variables than the compact model is asked to solve."""


def solve(
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
    gap: float = 1e-7,
    nodes: int | None = None,
    clock_guard_s: float | None = None,
    seed: int = 0,
    most_integers: int = 20_000,
) -> Roster:
    """The best roster of a small case, by one program over people, days, shifts, breaks and queues.

    Parameters
    ----------
    gap, nodes, clock_guard_s, seed
        As in :func:`schedules.solver.solve`.
    most_integers
        Most whole-number variables; ten people on slots of 15 minutes have about 20,000.

    Returns
    -------
    A roster; its cost is the program's own objective, its bound the solver's, and its parts, coverage and wishes are
    read from the table by the independent check.

    Raises
    ------
    TooLarge
        If the case has more whole-number variables than ``most_integers``.
    NoFeasibleRoster
        If the rules leave somebody without any legal week.
    RuntimeError
        If a limit ends the search before any roster is found.

    Notes
    -----
    Shift, break and queue are whole numbers; weekly rest picks one stretch per week; rest, successions and start
    spread are rows over cliques of shifts that exclude each other (Aykin 1996 for the places of breaks).
    """
    from schedules.check import check

    case = Case(agents, kinds, rules, premiums, demand, prices, wishes, team_rules, held)
    estimate = sum(len(case.shifts(agent)[0]) for agent in agents)
    _refuse(estimate, most_integers)
    program = Program(pulp.LpProblem("compact"))
    people = []
    for number, agent in enumerate(agents):
        people.append(PersonWork(program, case, number, agent))
        _refuse(program.binaries, most_integers)
    team = Team(program, case, people)
    _refuse(program.binaries, most_integers)
    program.objective()
    result = run(program.problem, gap=gap, nodes=nodes, clock_guard_s=clock_guard_s, seed=seed)
    if not result.has_solution:
        from schedules.explain.infeasible import conflicts_of

        conflicts = conflicts_of(case)
        if conflicts:
            raise NoFeasibleRoster(conflicts)
        raise RuntimeError(f"the compact model found no roster ({result.limit or result.status})")
    table = solution_table(case, team)
    read = check(
        table, agents, kinds, rules, premiums, demand, prices, wishes, team_rules=team_rules, held=held
    )
    cost = result.objective + program.constant
    bound = min(cost, result.bound + program.constant)
    trail = pd.DataFrame([("compact model", cost, bound)], columns=["step", "cost", "bound"])
    status = "optimal" if cost - bound <= 1e-6 * max(abs(cost), 1e-9) else result.status
    notes = (f"{program.binaries} whole-number variables, {result.nodes} nodes",)
    return Roster(table, cost, bound, status, dict(read.cost_parts), read.wishes, read.coverage, trail, notes)


def _refuse(count: int, most: int) -> None:
    if count > most:
        raise TooLarge(
            f"at most {most} whole-number variables expected in the compact model, got at least {count}: "
            "take the roster engine, or fewer people, starts, lengths or break places"
        )
