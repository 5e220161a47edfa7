"""Every roster of a tiny instance, priced by the definitions: what the engine is compared with."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import timedelta

import numpy as np
from small_rosters import MONDAY, demand, week

from schedules.agents import Agent, Contract, Wish
from schedules.demand import Demand
from schedules.rules import Prices, Rules
from schedules.shifts import Break, ShiftKind
from schedules.teams import Activity

Tour = tuple[float, frozenset[int]]


def instance(seed: int, days: tuple[int, ...] = (0, 1, 2), people: int = 3) -> tuple:
    """A few people, Monday to Wednesday, two starts, one break with two places, two queues; slots of an hour."""
    chance = np.random.default_rng(seed)
    kind = ShiftKind("day", (360, 420), 420, 660, 240, (Break("pause", 60, 120, 180, bool(seed % 2)),), days)
    contract = Contract("c", ("day",), 5 * (len(days) - 1), 14, len(days) - 1, len(days), 12.0)
    skills = [frozenset({"p"}), frozenset({"q"}), frozenset({"p", "q"})]
    agents = [Agent(f"a{index}", contract, skills[(index + seed) % 3]) for index in range(people)]
    blocks = {
        queue: {
            (day, hour, hour + 1): float(chance.integers(0, 3)) + 0.5 * (seed % 3 == 0)
            for day in days
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


def tours(agent: Agent, kinds: list, rules: Rules, wishes: list, days: tuple[int, ...]) -> list[Tour]:
    """Every legal week of a person: its pay and refused wishes, and its working slots."""
    contract = agent.contract
    legal = []
    for choice in itertools.product(*([None, *shifts_of_day(kinds[0], day)] for day in days)):
        worked = [(day, shift) for day, shift in zip(days, choice, strict=True) if shift is not None]
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
                shift = dict(zip(days, choice, strict=True)).get((wish.day - MONDAY).days)
                refused = shift is not None and (wish.kind == "day_off" or 60 * shift[0] > wish.time_min)
                cost += wish.weight * refused
        legal.append((cost, frozenset(slot for _, shift in worked for slot in shift[2])))
    return legal


def price(people: float, required: float, prices: Prices) -> float:
    """Price of a slot of an hour at one queue, by its definition."""
    missing, cost, below = max(0.0, required - people), 0.0, 0.0
    for tier in prices.shortage:
        cost += (
            min(max(0.0, missing - below * required), (tier.up_to_share - below) * required)
            * tier.price_per_hour
        )
        below = tier.up_to_share
    return cost + max(0.0, people - required) * prices.surplus_per_hour


def slot_tables(agents: list, needed: Demand, prices: Prices, slots: int) -> np.ndarray:
    """Lowest price of each slot for each set of people at work (bit mask), over all ways to spread them on queues."""
    table = np.empty((slots, 2 ** len(agents)))
    carried = np.zeros_like(needed.required) if needed.carried is None else needed.carried
    for mask in range(2 ** len(agents)):
        here = [agent for index, agent in enumerate(agents) if mask >> index & 1]
        choices = [[queue for queue in needed.queues if queue in agent.skills] for agent in here]
        for slot in range(slots):
            table[slot, mask] = min(
                sum(
                    price(chosen.count(queue) + carried[row, slot], needed.required[row, slot], prices)
                    for row, queue in enumerate(needed.queues)
                )
                for chosen in itertools.product(*choices)
            )
    return table


def attending(tour: Tour, activity: Activity, starts: Sequence[int]) -> list[Tour]:
    """A tour with an activity missed, and attended at each of ``starts`` where it is at work throughout."""
    cost, slots = tour
    length = activity.length_min // 60
    places = [frozenset(range(start, start + length)) for start in starts]
    return [(cost + activity.price, slots), *((cost, slots - place) for place in places if place <= slots)]


def cheapest(table: np.ndarray, options: Sequence[Sequence[Tour]], people: Sequence[int]) -> float:
    """Optimum over every combination of tours of ``people`` (their bits in the columns of ``table``)."""
    slots = len(table)
    rows = np.arange(slots)
    work = [np.array([[slot in own for slot in range(slots)] for _, own in legal]) for legal in options]
    pay = [np.array([cost for cost, _ in legal]) for legal in options]
    best = np.inf
    for chosen in itertools.product(*(range(len(one)) for one in pay[:-1])):
        mask = (1 << people[-1]) * work[-1].astype(np.int64)
        cost = pay[-1].copy()
        for person, own, paid, index in zip(people, work, pay, chosen, strict=False):
            mask = mask + (1 << person) * own[index]
            cost = cost + paid[index]
        best = min(best, float((cost + table[rows, mask].sum(axis=1)).min()))
    return best


def optimum(
    case: tuple, days: tuple[int, ...], extra: Callable[[int, int], float] = lambda _slot, _mask: 0.0
) -> float:
    """Cheapest roster of all; ``extra`` prices the set of people at work (bit mask) in a slot."""
    agents, kinds, rules, _, needed, prices, wishes = case
    slots = 24 * (max(days) + 1)
    table = slot_tables(agents, needed, prices, slots)
    table += [[extra(slot, mask) for mask in range(table.shape[1])] for slot in range(slots)]
    options = [tours(agent, kinds, rules, wishes, days) for agent in agents]
    return cheapest(table, options, range(len(agents))) + outside(case, slots, extra)


def outside(case: tuple, slots: int, extra: Callable[[int, int], float] = lambda _slot, _mask: 0.0) -> float:
    """Price of the slots after those that anybody can work in."""
    needed, prices = case[4], case[5]
    table = slot_tables([], needed, prices, len(needed.starts))
    return float(table[slots:].sum()) + sum(extra(slot, 0) for slot in range(slots, len(needed.starts)))
