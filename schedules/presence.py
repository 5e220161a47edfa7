"""Who stands at which queue in each slot, kept at the lowest price while people come and go.

The price of a slot depends only on the number of people per queue and is convex in it, so one more person costs
least at some queue that can be reached by a chain of moves between queues; chains are found on bit masks of queues.
This holds for any number of queues and skill groups.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from schedules.demand import Demand
from schedules.rules import Prices
from schedules.teamrows import TeamRows, rows_cost


class Pricing(NamedTuple):
    """What people at a queue cost, exactly or smoothed.

    With ``sharpness`` 0 prices are exact. Otherwise one more person is worth
    ``(guide + surplus) exp(-sharpness (people + 1/2 - aim)) - surplus``, never more than the dearest shortage.
    """

    required: np.ndarray  # (slots, queues)
    tier_share: np.ndarray
    tier_price: np.ndarray  # money per slot
    surplus: float  # money per slot
    guide: np.ndarray  # (slots, queues)
    aim: np.ndarray  # (slots, queues)
    sharpness: float
    carried: np.ndarray  # (slots, queues) people who are there whatever the roster says
    team: TeamRows


class Presence(NamedTuple):
    """People per slot, skill group and queue, with what one more or one less costs; counts of team rows."""

    people: np.ndarray  # (slots, groups, queues)
    total: np.ndarray  # (slots, queues)
    more: np.ndarray  # (slots, queues)
    less: np.ndarray  # (slots, queues)
    edge: np.ndarray  # (slots, queues): queues that somebody at this queue could move to, bit mask
    rows: np.ndarray  # (rows, slots) signed counts
    starts: np.ndarray  # (meetings,) slot at which each should begin, -1 for none


def pricing(demand: Demand, prices: Prices, team: TeamRows) -> Pricing:
    """Exact prices of a demand and of the rows between people."""
    slot_h = demand.slot_min / 60.0
    required = np.ascontiguousarray(demand.required.T, dtype=np.float64)
    return Pricing(
        required,
        np.array([tier.up_to_share for tier in prices.shortage], dtype=np.float64),
        np.array([tier.price_per_hour for tier in prices.shortage], dtype=np.float64) * slot_h,
        float(prices.surplus_per_hour * slot_h),
        np.zeros_like(required),
        required.copy(),
        0.0,
        np.zeros_like(required)
        if demand.carried is None
        else np.ascontiguousarray(demand.carried.T, dtype=np.float64),
        team,
    )


def empty_presence(pricing: Pricing, groups: int) -> Presence:
    """Nobody at work; ``refresh`` it before use."""
    slots, queues = pricing.required.shape
    return Presence(
        np.zeros((slots, groups, queues), np.int32),
        np.zeros((slots, queues), np.int32),
        np.zeros((slots, queues)),
        np.zeros((slots, queues)),
        np.zeros((slots, queues), np.int64),
        np.zeros(pricing.team.active.shape, np.int64),
        np.full(len(pricing.team.meeting), -1, np.int64),
    )


@njit(cache=True)
def queue_cost(pricing: Any, slot: int, queue: int, people: int) -> float:
    """Exact price of a number of people at a queue in a slot, on top of those carried in."""
    required = pricing.required[slot, queue]
    here = people + pricing.carried[slot, queue]
    if here >= required:
        return (here - required) * pricing.surplus
    missing = required - here
    cost, below = 0.0, 0.0
    for tier in range(len(pricing.tier_share)):
        width = (pricing.tier_share[tier] - below) * required
        cost += max(0.0, min(missing - below * required, width)) * pricing.tier_price[tier]
        below = pricing.tier_share[tier]
    return cost


@njit(cache=True)
def _one_more(pricing: Any, slot: int, queue: int, people: int) -> float:
    """Change of the (smoothed) price from ``people`` to ``people + 1``."""
    if pricing.sharpness > 0.0:
        dearest = pricing.tier_price[-1]
        if pricing.required[slot, queue] <= 0.0:
            return pricing.surplus
        lift = min(
            40.0, pricing.sharpness * (pricing.aim[slot, queue] - pricing.carried[slot, queue] - people - 0.5)
        )
        worth = (pricing.guide[slot, queue] + pricing.surplus) * np.exp(lift) - pricing.surplus
        return -min(worth, dearest)
    return queue_cost(pricing, slot, queue, people + 1) - queue_cost(pricing, slot, queue, people)


@njit(cache=True)
def _update(presence: Any, pricing: Any, skills: np.ndarray, slot: int, queue: int) -> None:
    people = presence.total[slot, queue]
    presence.more[slot, queue] = _one_more(pricing, slot, queue, people)
    presence.less[slot, queue] = -_one_more(pricing, slot, queue, people - 1) if people > 0 else np.inf
    mask = 0
    for group in range(len(skills)):
        if presence.people[slot, group, queue] > 0:
            mask |= skills[group]
    presence.edge[slot, queue] = mask


@njit(cache=True)
def best_more(presence: Any, mask: int, slot: int) -> float:
    """Change of the slot's price by one more person with the skills of ``mask``."""
    queues = presence.total.shape[1]
    reached = mask
    frontier = mask
    best = np.inf
    while frontier:
        following = 0
        for queue in range(queues):
            if frontier >> queue & 1:
                best = min(best, presence.more[slot, queue])
                following |= presence.edge[slot, queue]
        frontier = following & ~reached
        reached |= frontier
    return best


@njit(cache=True)
def _shift_person(presence: Any, skills: np.ndarray, slot: int, source: int, target: int) -> None:
    """Move somebody who can from ``source`` to ``target``."""
    for group in range(len(skills)):
        if presence.people[slot, group, source] > 0 and skills[group] >> target & 1:
            presence.people[slot, group, source] -= 1
            presence.people[slot, group, target] += 1
            presence.total[slot, source] -= 1
            presence.total[slot, target] += 1
            return


@njit(cache=True)
def add_person(presence: Any, pricing: Any, skills: np.ndarray, slot: int, group: int) -> float:
    """Put one person of a group where the slot's price ends lowest; returns the change."""
    queues = presence.total.shape[1]
    parent = np.full(queues, -1, np.int64)
    order = np.empty(queues, np.int64)
    head, tail = 0, 0
    reached = skills[group]
    for queue in range(queues):
        if reached >> queue & 1:
            order[tail] = queue
            tail += 1
    best, goal = np.inf, -1
    while head < tail:
        queue = order[head]
        head += 1
        if presence.more[slot, queue] < best - 1e-12:
            best, goal = presence.more[slot, queue], queue
        for other in range(queues):
            if presence.edge[slot, queue] >> other & 1 and not reached >> other & 1:
                reached |= 1 << other
                parent[other] = queue
                order[tail] = other
                tail += 1
    # The chain ends at the goal: everybody on it moves one queue on, the new person takes the first.
    queue = goal
    while parent[queue] >= 0:
        _shift_person(presence, skills, slot, parent[queue], queue)
        queue = parent[queue]
    presence.people[slot, group, queue] += 1
    presence.total[slot, queue] += 1
    for other in range(queues):
        if reached >> other & 1:
            _update(presence, pricing, skills, slot, other)
    return best


@njit(cache=True)
def remove_person(presence: Any, pricing: Any, skills: np.ndarray, slot: int, group: int) -> float:
    """Take one person of a group away where the slot's price ends lowest; returns the change."""
    queues = presence.total.shape[1]
    begin = -1
    for queue in range(queues):
        if presence.people[slot, group, queue] > 0:
            begin = queue
            break
    parent = np.full(queues, -1, np.int64)
    order = np.empty(queues, np.int64)
    order[0] = begin
    reached = 1 << begin
    head, tail = 0, 1
    best, goal = np.inf, begin
    while head < tail:
        queue = order[head]
        head += 1
        if presence.less[slot, queue] < best - 1e-12:
            best, goal = presence.less[slot, queue], queue
        for other in range(queues):
            if presence.edge[slot, other] >> queue & 1 and not reached >> other & 1:
                reached |= 1 << other
                parent[other] = queue
                order[tail] = other
                tail += 1
    presence.people[slot, group, begin] -= 1
    presence.total[slot, begin] -= 1
    # Whoever leaves the goal fills the gap, queue by queue back to where the person stood.
    queue = begin
    chain = np.empty(queues, np.int64)
    length = 0
    queue = goal
    while queue != begin:
        chain[length] = queue
        length += 1
        queue = parent[queue]
    for index in range(length - 1, -1, -1):
        target = parent[chain[index]]
        _shift_person(presence, skills, slot, chain[index], target)
    for other in range(queues):
        if reached >> other & 1:
            _update(presence, pricing, skills, slot, other)
    return best


@njit(cache=True)
def refresh(presence: Any, pricing: Any, skills: np.ndarray) -> None:
    """Recompute all marginal prices after the pricing changed, and move people until no slot gets cheaper."""
    slots, queues = presence.total.shape
    for slot in range(slots):
        for queue in range(queues):
            _update(presence, pricing, skills, slot, queue)
        if queues == 1:
            continue
        moved = True
        rounds = 0
        while moved and rounds < 100000:
            moved = False
            rounds += 1
            for source in range(queues):
                if presence.total[slot, source] == 0:
                    continue
                for group in range(len(skills)):
                    if presence.people[slot, group, source] == 0:
                        continue
                    if presence.less[slot, source] + best_more(presence, skills[group], slot) < -1e-9:
                        # Out and in again along the best chain; the convex price falls, so this ends.
                        presence.people[slot, group, source] -= 1
                        presence.total[slot, source] -= 1
                        _update(presence, pricing, skills, slot, source)
                        add_person(presence, pricing, skills, slot, group)
                        moved = True
                        break


@njit(cache=True)
def presence_cost(presence: Any, pricing: Any) -> float:
    """Exact price of shortage and surplus, and of the rows between people."""
    slots, queues = presence.total.shape
    cost = rows_cost(pricing.team, presence.rows)
    for slot in range(slots):
        for queue in range(queues):
            cost += queue_cost(pricing, slot, queue, presence.total[slot, queue])
    return cost
