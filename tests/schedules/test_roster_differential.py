"""Three independent ways to the same optimum: enumeration, one compact integer program, and the engine."""

from __future__ import annotations

import itertools
from datetime import timedelta

import numpy as np
import pulp
import pytest
from small_rosters import MONDAY, demand, week

from schedules.agents import Agent, Contract, Wish
from schedules.roster import roster
from schedules.rules import Prices, Rules
from schedules.shifts import Break, ShiftKind
from schedules.solver import linear, solve

DAYS = (0, 1, 2)


def instance(seed: int) -> tuple:
    """Three people, Monday to Wednesday, two starts, one break with two places, two queues."""
    chance = np.random.default_rng(seed)
    kind = ShiftKind("day", (360, 420), 420, 660, 240, (Break("pause", 60, 120, 180, bool(seed % 2)),), DAYS)
    contract = Contract("c", ("day",), 10, 14, 2, 3, 12.0)
    skills = [frozenset({"p"}), frozenset({"q"}), frozenset({"p", "q"})]
    agents = [Agent(f"a{index}", contract, skills[(index + seed) % 3]) for index in range(3)]
    blocks = {
        queue: {
            (day, hour, hour + 1): float(chance.integers(0, 3)) + 0.5 * (seed % 3 == 0)
            for day in DAYS
            for hour in range(7, 18)
        }
        for queue in ("p", "q")
    }
    needed = demand(week(), blocks)
    wishes = [
        Wish("a0", "day_off", MONDAY, 20.0),
        Wish("a1", "start_until", MONDAY + timedelta(days=1), 15.0, 500),
    ]
    return agents, [kind], Rules(min_rest_h=16.0), [], needed, Prices(), wishes


def shifts_of_day(kind: ShiftKind, day: int) -> list[tuple[int, int, tuple[int, ...], int]]:
    """(start hour, hours, working slots, paid hours) of every shift and break place; slots of an hour since Monday."""
    found = []
    for start, length, pause in itertools.product((7, 11), (6, 7), (2, 3)):
        slots = tuple(24 * day + start + hour for hour in range(length) if hour != pause)
        found.append((start, length, slots, kind.paid_min(60 * length) // 60))
    return found


def tours(agent: Agent, kinds: list, rules: Rules, wishes: list) -> list[tuple[float, frozenset[int]]]:
    """Every legal week of a person: its pay and refused wishes, and its working slots."""
    contract = agent.contract
    legal = []
    for days in itertools.product(*([None, *shifts_of_day(kinds[0], day)] for day in DAYS)):
        worked = [(day, shift) for day, shift in zip(DAYS, days, strict=True) if shift is not None]
        paid = sum(shift[3] for _, shift in worked)
        if (
            not contract.min_days <= len(worked) <= contract.max_days
            or not contract.min_hours <= paid <= contract.max_hours
        ):
            continue
        ends = [(24 * day + shift[0], 24 * day + shift[0] + shift[1]) for day, shift in worked]
        if any(later[0] - earlier[1] < rules.min_rest_h for earlier, later in itertools.pairwise(ends)):
            continue
        cost = paid * contract.cost_per_hour
        for wish in wishes:
            if wish.agent == agent.id:
                shift = days[(wish.day - MONDAY).days]
                refused = shift is not None and (wish.kind == "day_off" or 60 * shift[0] > wish.time_min)
                cost += wish.weight * refused
        legal.append((cost, frozenset(slot for _, shift in worked for slot in shift[2])))
    return legal


def price(people: int, required: float, prices: Prices) -> float:
    """Price of a slot of an hour at one queue, by its definition."""
    missing, cost, below = max(0.0, required - people), 0.0, 0.0
    for tier in prices.shortage:
        cost += (
            min(max(0.0, missing - below * required), (tier.up_to_share - below) * required)
            * tier.price_per_hour
        )
        below = tier.up_to_share
    return cost + max(0.0, people - required) * prices.surplus_per_hour


def slot_tables(agents: list, needed: object, prices: Prices, slots: int) -> np.ndarray:
    """Lowest price of each slot for each set of people at work (bit mask), over all ways to spread them on queues."""
    table = np.empty((slots, 2 ** len(agents)))
    for mask in range(2 ** len(agents)):
        here = [agent for index, agent in enumerate(agents) if mask >> index & 1]
        choices = [[queue for queue in needed.queues if queue in agent.skills] for agent in here]
        for slot in range(slots):
            table[slot, mask] = min(
                sum(
                    price(chosen.count(queue), needed.required[row, slot], prices)
                    for row, queue in enumerate(needed.queues)
                )
                for chosen in itertools.product(*choices)
            )
    return table


def enumerate_optimum(
    agents: list, kinds: list, rules: Rules, _: list, needed: object, prices: Prices, wishes: list
) -> float:
    """Optimum over every combination of legal weeks."""
    slots = 24 * len(DAYS)
    table = slot_tables(agents, needed, prices, slots)
    options = [tours(agent, kinds, rules, wishes) for agent in agents]
    present = [
        np.array([[slot in working for slot in range(slots)] for _, working in legal]) for legal in options
    ]
    pay = [np.array([cost for cost, _ in legal]) for legal in options]
    best = np.inf
    rows = np.arange(slots)
    for first in range(len(pay[0])):
        for second in range(len(pay[1])):
            mask = present[0][first] + 2 * present[1][second] + 4 * present[2].astype(np.int64)
            cover = table[rows, mask].sum(axis=1)
            best = min(best, float((pay[0][first] + pay[1][second] + pay[2] + cover).min()))
    return best


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
    exact = enumerate_optimum(*case)
    assert compact_optimum(*case) == pytest.approx(exact)
    found = roster(*case)
    assert found.bound <= exact + 1e-6
    assert found.cost == pytest.approx(exact)


@pytest.mark.parametrize("seed", range(4, 10))
def test_bound_and_cost_enclose_the_optimum(seed: int) -> None:
    case = instance(seed)
    exact = enumerate_optimum(*case)
    found = roster(*case, passes=4)
    assert found.bound <= exact + 1e-6
    assert exact - 1e-6 <= found.cost <= 1.03 * exact
