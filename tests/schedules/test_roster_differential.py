"""Three independent ways to the same optimum: enumeration, one compact integer program, and the engine."""

from __future__ import annotations

import itertools

import pulp
import pytest
from every_roster import instance, optimum, shifts_of_day
from small_rosters import MONDAY

from schedules.roster import roster
from schedules.rules import Prices, Rules
from schedules.solver import linear, solve

DAYS = (0, 1, 2)


def compact_optimum(
    agents: list, kinds: list, rules: Rules, _: list, needed: object, prices: Prices, wishes: list
) -> float:
    """Optimum of one program over people x days x shifts, queues included."""
    problem = pulp.LpProblem("compact")
    terms: list = []
    weights: list[float] = []
    at: dict[tuple[int, int, int], object] = {}
    for index, agent in enumerate(agents):
        contract = agent.contract
        chosen: list = []
        for day in DAYS:
            for number, shift in enumerate(shifts_of_day(kinds[0], day)):
                variable = problem.add_variable(f"x{index}_{day}_{number}", 0, 1, "Integer")
                cost = shift[3] * contract.cost_per_hour
                for wish in wishes:
                    if wish.agent == agent.id and (wish.day - MONDAY).days == day:
                        cost += wish.weight * (wish.kind == "day_off" or 60 * shift[0] > wish.time_min)
                terms.append(variable)
                weights.append(cost)
                chosen.append((variable, day, shift))
            today = [variable for variable, other, _ in chosen if other == day]
            problem += (linear(today, [1.0] * len(today)) <= 1, f"one{index}_{day}")
        for (left, day, early), (right, later, late) in itertools.combinations(chosen, 2):
            rest = 24 * later + late[0] - 24 * day - early[0] - early[1]
            if later > day and rest < rules.min_rest_h:
                problem += (linear([left, right], [1.0, 1.0]) <= 1, f"rest{left.name}_{right.name}")
        all_of = [variable for variable, _, _ in chosen]
        hours = [float(shift[3]) for _, _, shift in chosen]
        problem += (linear(all_of, hours) >= contract.min_hours, f"low{index}")
        problem += (linear(all_of, hours) <= contract.max_hours, f"high{index}")
        problem += (linear(all_of, [1.0] * len(all_of)) >= contract.min_days, f"few{index}")
        problem += (linear(all_of, [1.0] * len(all_of)) <= contract.max_days, f"many{index}")
        for slot in range(24 * len(DAYS)):
            working = [variable for variable, _, shift in chosen if slot in shift[2]]
            if not working:
                continue
            queues = [row for row, queue in enumerate(needed.queues) if queue in agent.skills]
            stands = [problem.add_variable(f"q{index}_{slot}_{row}", 0, 1, "Integer") for row in queues]
            at.update({(index, slot, row): stand for row, stand in zip(queues, stands, strict=True)})
            signs = [1.0] * len(stands) + [-1.0] * len(working)
            problem += (linear(stands + working, signs) == 0, f"at{index}_{slot}")
    for slot in range(24 * len(DAYS)):
        for row in range(len(needed.queues)):
            required = float(needed.required[row, slot])
            over = problem.add_variable(f"o{slot}_{row}", 0)
            line, signs, below = [over], [-1.0], 0.0
            for number, tier in enumerate(prices.shortage):
                short = problem.add_variable(
                    f"s{slot}_{row}_{number}", 0, (tier.up_to_share - below) * required
                )
                terms.append(short)
                weights.append(tier.price_per_hour)
                line.append(short)
                signs.append(1.0)
                below = tier.up_to_share
            stands = [stand for (_, when, queue), stand in at.items() if when == slot and queue == row]
            terms.append(over)
            weights.append(prices.surplus_per_hour)
            problem += (linear(line + stands, signs + [1.0] * len(stands)) == required, f"cover{slot}_{row}")
    problem += linear(terms, weights)
    result = solve(problem, gap=1e-7, clock_guard_s=60.0)
    assert result.status == "optimal"
    return result.objective


@pytest.mark.parametrize("seed", range(4))
def test_enumeration_compact_program_and_engine_agree(seed: int) -> None:
    case = instance(seed)
    exact = optimum(case, DAYS)
    assert compact_optimum(*case) == pytest.approx(exact)
    found = roster(*case)
    assert found.bound <= exact + 1e-6
    assert found.cost == pytest.approx(exact)


@pytest.mark.parametrize("seed", range(4, 10))
def test_bound_and_cost_enclose_the_optimum(seed: int) -> None:
    case = instance(seed)
    exact = optimum(case, DAYS)
    found = roster(*case, passes=4)
    assert found.bound <= exact + 1e-6
    assert exact - 1e-6 <= found.cost <= 1.03 * exact
