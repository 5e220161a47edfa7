"""Annealed best response: each person in turn takes the best tour against what the others do."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from schedules.presence import add_person, best_more, remove_person
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
    for index in range(working_slots(space, space.people[agent, FORM], tour, slots)):
        change += add_person(presence, pricing, space.skills, slots[index], space.people[agent, GROUP])
    return change


@njit(cache=True)
def lift_tour(
    space: Any, presence: Any, pricing: Any, agent: int, tour: np.ndarray, slots: np.ndarray
) -> float:
    """Take a person's tour out of the presence; returns the change of the (smoothed) price."""
    change = 0.0
    for index in range(working_slots(space, space.people[agent, FORM], tour, slots)):
        change += remove_person(presence, pricing, space.skills, slots[index], space.people[agent, GROUP])
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
def tour_value(value_sum: np.ndarray, slots: np.ndarray, count: int) -> float:
    """Value of the work in a list of slots."""
    total = 0.0
    for index in range(count):
        total += value_sum[slots[index] + 1] - value_sum[slots[index]]
    return total


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
    value_sum = np.zeros(space.extended + 1)
    blocks = np.empty(space.most_blocks)
    costs = np.empty(space.most_options)
    value = np.empty((space.most_nodes, space.most_classes))
    slots = np.empty(space.extended, np.int64)
    tour = np.empty((space.days, tours.shape[2]), np.int64)
    total, changed = 0.0, 0
    for index in range(len(order)):
        agent = order[index]
        held = assigned[agent]
        if held:
            total += lift_tour(space, presence, pricing, agent, tours[agent], slots)
            total -= tour_pay(space, space.people[agent, FORM], tours[agent]) + wish_cost(
                space, agent, tours[agent]
            )
        values_for(space, presence, space.people[agent, GROUP], value_sum)
        cost = price_agent(space, agent, True, value_sum, blocks, costs, value, tour)
        if held:
            count = working_slots(space, space.people[agent, FORM], tours[agent], slots)
            old = (
                tour_pay(space, space.people[agent, FORM], tours[agent])
                + wish_cost(space, agent, tours[agent])
                - tour_value(value_sum, slots, count)
            )
            if cost < old - 1e-7:
                _copy_tour(tour, tours, agent)
                changed += 1
        else:
            _copy_tour(tour, tours, agent)
            assigned[agent] = True
            changed += 1
        total += place_tour(space, presence, pricing, agent, tours[agent], slots)
        total += tour_pay(space, space.people[agent, FORM], tours[agent]) + wish_cost(
            space, agent, tours[agent]
        )
    return total, changed


@njit(cache=True)
def people_cost(space: Any, tours: np.ndarray) -> tuple[float, float]:
    """Pay of all tours, and the weight of the wishes that they refuse."""
    pay, refused = 0.0, 0.0
    for agent in range(len(tours)):
        pay += tour_pay(space, space.people[agent, FORM], tours[agent])
        refused += wish_cost(space, agent, tours[agent])
    return pay, refused


@njit(cache=True)
def evaluate_prices(
    space: Any,
    members: np.ndarray,
    count: np.ndarray,
    with_wishes: bool,
    values: np.ndarray,
    choice: np.ndarray,
    presence: np.ndarray,
    costs_out: np.ndarray,
    tours: np.ndarray,
) -> float:
    """Cheapest tours of representative people at fixed prices.

    Parameters
    ----------
    members, count
        A person of each class, and how many people the class has.
    values
        Value of work per skill group and slot, shape ``(groups, slots)``.
    choice
        Queue at which it is worth that, same shape.
    presence
        Receives people per slot and queue, added to what it holds, shape ``(slots, queues)``.
    costs_out
        Receives the cost of each class's tour.
    tours
        Receives the tours, shape ``(classes, days, 1 + breaks)``.

    Returns
    -------
    Sum of the costs over all people.
    """
    value_sum = np.zeros(space.extended + 1)
    blocks = np.empty(space.most_blocks)
    costs = np.empty(space.most_options)
    value = np.empty((space.most_nodes, space.most_classes))
    slots = np.empty(space.extended, np.int64)
    total = 0.0
    for index in range(len(members)):
        agent = members[index]
        group = space.people[agent, GROUP]
        running = 0.0
        for slot in range(space.extended):
            value_sum[slot] = running
            if slot < space.slots:
                running += values[group, slot]
        value_sum[space.extended] = running
        cost = price_agent(space, agent, with_wishes, value_sum, blocks, costs, value, tours[index])
        costs_out[index] = cost
        total += count[index] * cost
        if cost < 1e17:
            for at in range(working_slots(space, space.people[agent, FORM], tours[index], slots)):
                presence[slots[at], choice[group, slots[at]]] += count[index]
    return total
