"""Annealed best response: each person in turn takes the best tour against what the others do."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from schedules.meetings import (
    attractive,
    cheapest_start,
    missed_price,
    place_meetings,
    present_slots,
    reachable,
)
from schedules.presence import add_person, best_more, remove_person
from schedules.teamrows import FIRST, LAST, LENGTH, TOGETHER, rows_more, rows_put
from schedules.tourarrays import FORM, GROUP
from schedules.tours import price_agent, tour_pay, wish_cost, working_slots


@njit(cache=True)
def _copy_tour(source: np.ndarray, target: np.ndarray, row: int) -> None:
    """``target[row] = source``, element by element: slices take the compiler seconds."""
    for day in range(source.shape[0]):
        for j in range(source.shape[1]):
            target[row, day, j] = source[day, j]


@njit(cache=True)
def place_tour(
    space: Any, presence: Any, pricing: Any, agent: int, tour: np.ndarray, slots: np.ndarray
) -> float:
    """Put a person's tour into the presence; returns the change of the (smoothed) price."""
    change = 0.0
    for index in range(present_slots(space, presence, pricing.team, agent, tour, slots)):
        change += add_person(presence, pricing, space.skills, slots[index], space.people[agent, GROUP])
        change += rows_put(pricing.team, presence.rows, agent, slots[index], 1)
    return change


@njit(cache=True)
def lift_tour(
    space: Any, presence: Any, pricing: Any, agent: int, tour: np.ndarray, slots: np.ndarray
) -> float:
    """Take a person's tour out of the presence; returns the change of the (smoothed) price."""
    change = 0.0
    for index in range(present_slots(space, presence, pricing.team, agent, tour, slots)):
        change += remove_person(presence, pricing, space.skills, slots[index], space.people[agent, GROUP])
        change += rows_put(pricing.team, presence.rows, agent, slots[index], -1)
    return change


@njit(cache=True)
def values_for(space: Any, presence: Any, group: int, value_sum: np.ndarray) -> None:
    """Cumulative value of one more person of a group per slot; nothing after the horizon."""
    mask = space.skills[group]
    running = 0.0
    for slot in range(space.slots):
        value_sum[slot] = running
        running -= best_more(presence, mask, slot)
    for slot in range(space.slots, space.extended + 1):
        value_sum[slot] = running


@njit(cache=True)
def values_of(space: Any, presence: Any, pricing: Any, agent: int, value_sum: np.ndarray) -> None:
    """Cumulative value per slot of this person at work, the rows between people included."""
    values_for(space, presence, space.people[agent, GROUP], value_sum)
    if pricing.team.first[agent] == pricing.team.first[agent + 1]:
        return
    lost = 0.0
    for slot in range(space.slots):
        value_sum[slot] -= lost
        lost += rows_more(pricing.team, presence.rows, agent, slot)
    for slot in range(space.slots, space.extended + 1):
        value_sum[slot] -= lost


@njit(cache=True)
def joint_values(space: Any, presence: Any, pricing: Any, first: int, second: int, both: np.ndarray) -> None:
    """Cumulative value per slot of two people at work at once, exact for their skills and rows."""
    more = np.zeros(space.extended + 1)
    values_of(space, presence, pricing, first, both)
    for slot in range(space.slots):
        add_person(presence, pricing, space.skills, slot, space.people[first, GROUP])
        rows_put(pricing.team, presence.rows, first, slot, 1)
    values_of(space, presence, pricing, second, more)
    for slot in range(space.slots):
        remove_person(presence, pricing, space.skills, slot, space.people[first, GROUP])
        rows_put(pricing.team, presence.rows, first, slot, -1)
    for slot in range(space.extended + 1):
        both[slot] += more[slot]


@njit(cache=True)
def tour_value(value_sum: np.ndarray, slots: np.ndarray, count: int) -> float:
    """Value of the work in a list of slots."""
    total = 0.0
    for index in range(count):
        total += value_sum[slots[index] + 1] - value_sum[slots[index]]
    return total


@njit(cache=True)
def personal_cost(space: Any, presence: Any, team: Any, agent: int, tour: np.ndarray) -> float:
    """What a tour costs whatever the others do: pay, wishes, meetings missed."""
    return (
        tour_pay(space, space.people[agent, FORM], tour)
        + wish_cost(space, agent, tour)
        + missed_price(space, presence, team, agent, tour)
    )


@njit(cache=True)
def net_cost(
    space: Any,
    presence: Any,
    team: Any,
    agent: int,
    tour: np.ndarray,
    value_sum: np.ndarray,
    slots: np.ndarray,
) -> float:
    """Personal cost less the value of the work."""
    count = present_slots(space, presence, team, agent, tour, slots)
    return personal_cost(space, presence, team, agent, tour) - tour_value(value_sum, slots, count)


@njit(cache=True)
def _copy_starts(source: np.ndarray, target: np.ndarray, begin: int, end: int) -> None:
    for m in range(begin, end):
        target[m] = source[m]


@njit(cache=True)
def respond(
    space: Any,
    presence: Any,
    pricing: Any,
    order: np.ndarray,
    tours: np.ndarray,
    assigned: np.ndarray,
) -> tuple[float, int]:
    """One pass of best responses over the people in ``order``.

    Parameters
    ----------
    tours
        Tours of all people, shape ``(agents, days, 1 + breaks)``; changed in place.
    assigned
        Whether a person has a tour already.

    Returns
    -------
    Change of the (smoothed) cost of everybody who had a tour, and the number of tours that changed.
    """
    team = pricing.team
    value_sum = np.zeros(space.extended + 1)
    wanted = np.zeros(space.extended + 1)
    reach = np.zeros(space.extended + 1, np.int64)
    blocks = np.empty(space.most_blocks)
    costs = np.empty(space.most_options)
    value = np.empty((space.most_nodes, space.most_classes))
    slots = np.empty(space.extended, np.int64)
    found = np.empty((1, space.days, tours.shape[2]), np.int64)
    tour = found[0]
    other = np.empty((1, space.days, tours.shape[2]), np.int64)
    starts, aims = presence.starts.copy(), presence.starts.copy()
    total, changed = 0.0, 0
    for index in range(len(order)):
        agent = order[index]
        held = assigned[agent]
        begin, end = team.meeting_first[agent], team.meeting_first[agent + 1]
        if held:
            total += lift_tour(space, presence, pricing, agent, tours[agent], slots)
            total -= personal_cost(space, presence, team, agent, tours[agent])
        values_of(space, presence, pricing, agent, value_sum)
        if begin == end:
            cost = price_agent(space, agent, True, value_sum, blocks, costs, value, tour)
        else:
            for m in range(begin, end):
                if not held and presence.starts[m] < 0 and not team.meeting[m, TOGETHER]:
                    reachable(space, agent, team.meeting[m, LENGTH], reach)
                    presence.starts[m] = cheapest_start(
                        presence,
                        team,
                        agent,
                        m,
                        team.meeting[m, FIRST],
                        team.meeting[m, LAST] + 1,
                        reach,
                        value_sum,
                    )
            # Once as if the meetings came first, once as if there were none; whichever is cheaper.
            _copy_starts(presence.starts, starts, begin, end)
            attractive(space, presence, team, agent, value_sum, wanted)
            price_agent(space, agent, True, wanted, blocks, costs, value, other[0])
            place_meetings(space, presence, team, agent, other[0], value_sum)
            cost = net_cost(space, presence, team, agent, other[0], value_sum, slots)
            _copy_starts(presence.starts, aims, begin, end)
            price_agent(space, agent, True, value_sum, blocks, costs, value, tour)
            place_meetings(space, presence, team, agent, tour, value_sum)
            plain = net_cost(space, presence, team, agent, tour, value_sum, slots)
            if plain < cost - 1e-7:
                cost = plain
            else:
                _copy_starts(aims, presence.starts, begin, end)
                _copy_tour(other[0], found, 0)
        if held:
            if begin < end:  # the tour so far, with its own meetings placed best
                for m in range(begin, end):
                    presence.starts[m], starts[m] = starts[m], presence.starts[m]
                place_meetings(space, presence, team, agent, tours[agent], value_sum)
            old = net_cost(space, presence, team, agent, tours[agent], value_sum, slots)
            if cost < old - 1e-7:
                _copy_starts(starts, presence.starts, begin, end)
                _copy_tour(tour, tours, agent)
                changed += 1
        else:
            _copy_tour(tour, tours, agent)
            assigned[agent] = True
            changed += 1
        total += place_tour(space, presence, pricing, agent, tours[agent], slots)
        total += personal_cost(space, presence, team, agent, tours[agent])
    return total, changed


@njit(cache=True)
def attend(space: Any, presence: Any, pricing: Any, people: np.ndarray, tours: np.ndarray, parts: int) -> int:
    """Best responses of people with meetings of their own, with several times tried for each meeting.

    A meeting's window is cut into ``parts``; the cheapest start of each that some shift reaches is tried, with the
    tour that fits it best. Returns the number of people who changed.
    """
    team = pricing.team
    value_sum = np.zeros(space.extended + 1)
    wanted = np.zeros(space.extended + 1)
    reach = np.zeros(space.extended + 1, np.int64)
    blocks = np.empty(space.most_blocks)
    costs = np.empty(space.most_options)
    value = np.empty((space.most_nodes, space.most_classes))
    slots = np.empty(space.extended, np.int64)
    tour = np.empty((1, space.days, tours.shape[2]), np.int64)
    best = np.empty((1, space.days, tours.shape[2]), np.int64)
    starts = presence.starts.copy()
    changed = 0
    for index in range(len(people)):
        agent = people[index]
        begin, end = team.meeting_first[agent], team.meeting_first[agent + 1]
        lift_tour(space, presence, pricing, agent, tours[agent], slots)
        values_of(space, presence, pricing, agent, value_sum)
        before = net_cost(space, presence, team, agent, tours[agent], value_sum, slots)
        place_meetings(space, presence, team, agent, tours[agent], value_sum)
        least = net_cost(space, presence, team, agent, tours[agent], value_sum, slots)
        _copy_tour(tours[agent], best, 0)
        _copy_starts(presence.starts, starts, begin, end)
        for m in range(begin, end):
            if team.meeting[m, TOGETHER]:
                continue
            reachable(space, agent, team.meeting[m, LENGTH], reach)
            low, high = team.meeting[m, FIRST], team.meeting[m, LAST] + 1
            width = max(1, -(-(high - low) // parts))
            while low < high:
                _copy_starts(starts, presence.starts, begin, end)
                at = cheapest_start(presence, team, agent, m, low, min(low + width, high), reach, value_sum)
                low += width
                if at < 0:
                    continue
                presence.starts[m] = at
                attractive(space, presence, team, agent, value_sum, wanted)
                price_agent(space, agent, True, wanted, blocks, costs, value, tour[0])
                place_meetings(space, presence, team, agent, tour[0], value_sum)
                cost = net_cost(space, presence, team, agent, tour[0], value_sum, slots)
                if cost < least - 1e-7:
                    least = cost
                    _copy_tour(tour[0], best, 0)
                    _copy_starts(presence.starts, starts, begin, end)
        _copy_starts(starts, presence.starts, begin, end)
        if least < before - 1e-7:
            _copy_tour(best[0], tours, agent)
            changed += 1
        place_tour(space, presence, pricing, agent, tours[agent], slots)
    return changed


@njit(cache=True)
def people_cost(space: Any, presence: Any, team: Any, tours: np.ndarray) -> float:
    """Personal costs of all tours."""
    total = 0.0
    for agent in range(len(tours)):
        total += personal_cost(space, presence, team, agent, tours[agent])
    return total


@njit(cache=True)
def evaluate_prices(
    space: Any,
    members: np.ndarray,
    count: np.ndarray,
    with_wishes: bool,
    batch: np.ndarray,
    profile: np.ndarray,
    values: np.ndarray,
    worked: np.ndarray,
    costs_out: np.ndarray,
    tours: np.ndarray,
    known: np.ndarray,
) -> None:
    """Cheapest tours of representative people at fixed prices.

    Parameters
    ----------
    members, count
        A person of each class, and how many people the class has.
    batch
        Classes to evaluate.
    profile, values
        Profile of each class, and the value of work per profile and slot.
    worked
        People at work per profile and slot; what a class of the batch did before is replaced.
    costs_out, tours
        Receive the cost and the tour of each class, shape ``(classes, days, 1 + breaks)``.
    known
        Whether ``tours`` holds what a class did before.
    """
    value_sum = np.zeros(space.extended + 1)
    blocks = np.empty(space.most_blocks)
    costs = np.empty(space.most_options)
    value = np.empty((space.most_nodes, space.most_classes))
    slots = np.empty(space.extended, np.int64)
    for at in range(len(batch)):
        index = batch[at]
        agent = members[index]
        form = space.people[agent, FORM]
        kind = profile[index]
        if known[index]:
            for place in range(working_slots(space, form, tours[index], slots)):
                worked[kind, slots[place]] -= count[index]
        running = 0.0
        for slot in range(space.extended):
            value_sum[slot] = running
            if slot < space.slots:
                running += values[kind, slot]
        value_sum[space.extended] = running
        cost = price_agent(space, agent, with_wishes, value_sum, blocks, costs, value, tours[index])
        costs_out[index] = cost
        known[index] = cost < 1e17
        if known[index]:
            for place in range(working_slots(space, form, tours[index], slots)):
                worked[kind, slots[place]] += count[index]
