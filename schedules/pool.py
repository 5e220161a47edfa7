"""The integer program over a pool of tours: one tour per person, coverage at its price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pulp

from schedules.meetings import present_slots
from schedules.presence import Presence, Pricing
from schedules.solver import Solved, linear, solve
from schedules.teamrows import FREE
from schedules.tourarrays import FORM, GROUP, TourSpace
from schedules.tours import tour_pay, wish_cost, working_slots

# Without these the solver spends its time on sub-problems that find nothing here (measured).
_QUIET: dict[str, Any] = {"mip_heuristic_run_rins": False, "mip_heuristic_run_root_reduced_cost": False}


class TourPool:
    """Tours seen per person, the latest kept; each once."""

    def __init__(self, agents: int, most_per_agent: int) -> None:
        self.most = most_per_agent
        self.tours: list[dict[bytes, np.ndarray]] = [{} for _ in range(agents)]

    def add(self, agent: int, tour: np.ndarray) -> None:
        """Keep a tour as the latest of a person; the oldest makes room."""
        known = self.tours[agent]
        key = tour.tobytes()
        known.pop(key, None)
        known[key] = tour.copy()
        if len(known) > self.most:
            del known[next(iter(known))]

    def add_all(self, tours: np.ndarray) -> None:
        """Keep one tour of everybody."""
        for agent, tour in enumerate(tours):
            self.add(agent, tour)


def solve_pool(
    space: TourSpace,
    pricing: Pricing,
    presence: Presence,
    pool: TourPool,
    tours: np.ndarray,
    people: Sequence[int],
    *,
    nodes: int,
    seed: int,
    clock_guard_s: float,
) -> tuple[np.ndarray, Solved]:
    """Choose one tour of the pool for each of ``people``; everybody else keeps theirs.

    The incumbent ``tours``, with its meetings as in ``presence``, is the start of the search, so the result is never
    dearer. Nobody of ``people`` may have a meeting: the program would not know where it takes place.

    Returns
    -------
    The chosen tours of everybody, and what the solver said.
    """
    slots, queues = pricing.required.shape
    groups = len(space.skills)
    problem = pulp.LpProblem("tour_pool")
    start: dict[str, float] = {}
    terms: list = []
    weights: list[float] = []
    found = np.empty(space.extended, np.int64)
    columns: list[list[list]] = [[[] for _ in range(slots)] for _ in range(groups)]
    fixed = np.zeros((groups, slots))
    chosen = set(people)
    team = pricing.team
    counted = [_Counted(slots) for _ in team.price]

    def parts(agent: int) -> list[tuple[int, int]]:
        own = slice(int(team.first[agent]), int(team.first[agent + 1]))
        return list(zip(team.row[own].tolist(), team.sign[own].tolist(), strict=True))

    for agent in range(len(space.people)):
        if agent not in chosen:
            count = present_slots(space, presence, team, agent, tours[agent], found)
            fixed[space.people[agent, GROUP], found[:count]] += 1
            for line, sign in parts(agent):
                counted[line].fixed[found[:count]] += sign
    picks: list[tuple[int, np.ndarray, object]] = []
    for agent in people:
        row = []
        own = parts(agent)
        pool.add(agent, tours[agent])
        current = tours[agent].tobytes()
        for index, (key, tour) in enumerate(pool.tours[agent].items()):
            variable = problem.add_variable(f"x{agent}_{index}", 0, 1, "Integer")
            if key == current:
                start[variable.name] = 1.0
            row.append(variable)
            picks.append((agent, tour, variable))
            terms.append(variable)
            weights.append(tour_pay(space, space.people[agent, FORM], tour) + wish_cost(space, agent, tour))
            for slot in found[: working_slots(space, space.people[agent, FORM], tour, found)]:
                columns[space.people[agent, GROUP]][slot].append(variable)
                for line, sign in own:
                    counted[line].add(slot, variable, sign)
        problem += (linear(row, [1.0] * len(row)) == 1, f"one{agent}")
    for slot in range(slots):
        at_queue: list[list] = [[] for _ in range(queues)]
        constant = pricing.carried[slot].copy()
        for group in range(groups):
            mask = int(space.skills[group])
            able = [queue for queue in range(queues) if mask >> queue & 1]
            here = columns[group][slot]
            if not here and not fixed[group, slot]:
                continue
            if len(able) == 1:
                at_queue[able[0]] += here
                constant[able[0]] += fixed[group, slot]
                continue
            flows = [problem.add_variable(f"z{slot}_{group}_{queue}", 0) for queue in able]
            for queue, flow in zip(able, flows, strict=True):
                at_queue[queue].append(flow)
            signs = [1.0] * len(flows) + [-1.0] * len(here)
            problem += (linear(flows + here, signs) == float(fixed[group, slot]), f"group{slot}_{group}")
        for queue in range(queues):
            required = float(pricing.required[slot, queue])
            if not at_queue[queue] and constant[queue] == 0 and required == 0:
                continue
            over = problem.add_variable(f"o{slot}_{queue}", 0)
            terms.append(over)
            weights.append(pricing.surplus)
            row, signs = [*at_queue[queue], over], [1.0] * len(at_queue[queue]) + [-1.0]
            below = 0.0
            for tier, (share, price) in enumerate(zip(pricing.tier_share, pricing.tier_price, strict=True)):
                if required <= 0:
                    break
                short = problem.add_variable(f"s{slot}_{queue}_{tier}", 0, float((share - below) * required))
                terms.append(short)
                weights.append(float(price))
                row.append(short)
                signs.append(1.0)
                below = share
            problem += (linear(row, signs) == required - float(constant[queue]), f"cover{slot}_{queue}")
    for line, counts in enumerate(counted):
        for slot in np.flatnonzero(team.active[line]).tolist():
            _price_count(problem, pricing, line, slot, counts, terms, weights)
    problem += linear(terms, weights)
    result = solve(
        problem, nodes=nodes, seed=seed, clock_guard_s=clock_guard_s, start=start, gap=1e-6, **_QUIET
    )
    better = tours.copy()
    if result.has_solution:
        for agent, tour, variable in picks:
            if variable.varValue > 0.5:  # type: ignore[attr-defined]
                better[agent] = tour
    return better, result


class _Counted:
    """The signed count of one team row: what is settled, and what hangs on the choice."""

    def __init__(self, slots: int) -> None:
        self.fixed = np.zeros(slots)
        self.variables: list[list] = [[] for _ in range(slots)]
        self.signs: list[list[float]] = [[] for _ in range(slots)]

    def add(self, slot: int, variable: object, sign: int) -> None:
        self.variables[slot].append(variable)
        self.signs[slot].append(float(sign))


def _price_count(
    problem: pulp.LpProblem,
    pricing: Pricing,
    line: int,
    slot: int,
    counts: _Counted,
    terms: list,
    weights: list[float],
) -> None:
    """Price a count below ``low`` or above ``high``; one that no choice changes costs what it costs."""
    if not counts.variables[slot]:
        return
    team = pricing.team
    for name, limit, sign in (("u", team.low, 1.0), ("v", team.high, -1.0)):
        if abs(int(limit[line])) < FREE:
            beyond = problem.add_variable(f"{name}{line}_{slot}", 0)
            terms.append(beyond)
            weights.append(float(team.price[line]))
            row = [*counts.variables[slot], beyond]
            signs = [sign * value for value in counts.signs[slot]] + [1.0]
            least = sign * (float(limit[line]) - counts.fixed[slot])
            problem += (linear(row, signs) >= least, f"{name}row{line}_{slot}")
