"""Best tours at given prices: breaks placed best in each shift, then the dynamic programme over the days.

Compiled on first use and cached. A *tour* is an array of shape ``(days, 1 + breaks)``: the option of each day (-1 for
a free day) and the first slot of each break.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from schedules.tourarrays import (
    BLOCK,
    BREAK_FIRST,
    BREAK_LAST,
    BREAK_LEN,
    BREAK_PAID,
    DAILY_FROM,
    FIRST_BLOCK,
    FIRST_BREAK,
    FIRST_OPTION,
    FORM,
    KEPT_FREE,
    LENGTH,
    OVERTIME_PRICE,
    PAID,
    PATTERN,
    SHIFT_FEE,
    SPACING,
    START,
    WISH_ROW,
)
from schedules.tourparts import PART_NAMES, tour_parts
from schedules.toursweep import INFINITE, INNER, cheapest_days

_PARTS = len(PART_NAMES)


@njit(**INNER)
def _place_breaks(space: Any, block: int, wage: float, value_sum: np.ndarray, placed: np.ndarray) -> None:
    """Slots of the breaks of a block that change the cost least, into ``placed``.

    A break gives up the value of its slots; an unpaid one saves their pay.
    """
    pattern = space.blocks[block, PATTERN]
    start = space.blocks[block, START]
    first, last = space.patterns[pattern, FIRST_BREAK], space.patterns[pattern + 1, FIRST_BREAK]
    count = last - first
    if count == 0:
        return
    pay = space.pay_sum
    spacing = space.patterns[pattern, SPACING]
    best = np.empty((count, space.most_places))
    where = np.empty((count, space.most_places), np.int64)
    for j in range(count):
        k = first + j
        low, high, length = (
            space.breaks[k, BREAK_FIRST],
            space.breaks[k, BREAK_LAST],
            space.breaks[k, BREAK_LEN],
        )
        running, at = INFINITE, -1
        for offset in range(low, high + 1):
            slot = start + offset
            cost = value_sum[slot + length] - value_sum[slot]
            if space.breaks[k, BREAK_PAID] == 0:
                cost -= wage * (pay[slot + length] - pay[slot])
            if j > 0:
                before = offset - spacing - space.breaks[k - 1, BREAK_LEN] - space.breaks[k - 1, BREAK_FIRST]
                cap = space.breaks[k - 1, BREAK_LAST] - space.breaks[k - 1, BREAK_FIRST]
                cost += best[j - 1, min(before, cap)]
            if cost < running:
                running, at = cost, offset
            best[j, offset - low] = running
            where[j, offset - low] = at
    k = last - 1
    column = space.breaks[k, BREAK_LAST] - space.breaks[k, BREAK_FIRST]
    for j in range(count - 1, -1, -1):
        k = first + j
        offset = where[j, column]
        placed[j] = start + offset
        if j > 0:
            before = offset - spacing - space.breaks[k - 1, BREAK_LEN] - space.breaks[k - 1, BREAK_FIRST]
            column = min(before, space.breaks[k - 1, BREAK_LAST] - space.breaks[k - 1, BREAK_FIRST])


@njit(cache=True)
def option_costs(space: Any, form: int, value_sum: np.ndarray, blocks: np.ndarray, costs: np.ndarray) -> None:
    """Cost of every option of a form, pay less the value of its work, with the best breaks.

    ``value_sum`` is the cumulative value of one more person at work per slot, shape ``(extended + 1,)``.
    """
    wage = space.wage[form]
    worth = np.empty(space.extended + 1)  # of work
    gain = np.empty(space.extended + 1)  # of work less its pay
    for slot in range(space.extended + 1):
        worth[slot] = value_sum[slot]
        gain[slot] = value_sum[slot] - wage * space.pay_sum[slot]
    best = np.empty(space.most_places)
    before = np.empty(space.most_places)
    low_block = space.form_first[form, FIRST_BLOCK]
    for block in range(low_block, space.form_first[form + 1, FIRST_BLOCK]):
        pattern = space.blocks[block, PATTERN]
        begin = space.blocks[block, START]
        first, last = space.patterns[pattern, FIRST_BREAK], space.patterns[pattern + 1, FIRST_BREAK]
        spacing = space.patterns[pattern, SPACING]
        least = 0.0
        for k in range(first, last):
            low, length = space.breaks[k, BREAK_FIRST], space.breaks[k, BREAK_LEN]
            places = space.breaks[k, BREAK_LAST] - low + 1
            given = worth if space.breaks[k, BREAK_PAID] else gain
            at = begin + low
            least = INFINITE
            if k == first:
                for place in range(places):
                    least = min(least, given[at + place + length] - given[at + place])
                    best[place] = least
            else:
                # The break before starts early enough for the work between; best holds its running minimum.
                ahead = low - spacing - space.breaks[k - 1, BREAK_LEN] - space.breaks[k - 1, BREAK_FIRST]
                cap = space.breaks[k - 1, BREAK_LAST] - space.breaks[k - 1, BREAK_FIRST]
                for place in range(cap + 1):
                    before[place] = best[place]
                for place in range(places):
                    cost = given[at + place + length] - given[at + place] + before[min(ahead + place, cap)]
                    least = min(least, cost)
                    best[place] = least
        blocks[block - low_block] = least
    first_option = space.form_first[form, FIRST_OPTION]
    for option in range(first_option, space.form_first[form + 1, FIRST_OPTION]):
        block = space.options[option, BLOCK]
        begin = space.blocks[low_block + block, START]
        end = begin + space.options[option, LENGTH]
        costs[option - first_option] = gain[begin] - gain[end] + blocks[block]


@njit(cache=True)
def best_tour(
    space: Any,
    form: int,
    costs: np.ndarray,
    free: np.ndarray,
    value_sum: np.ndarray,
    value: np.ndarray,
    tour: np.ndarray,
) -> float:
    """Cheapest legal tour of a form at given option costs and prices of free days; the tour with its breaks.

    Returns its cost, at least ``INFINITE / 2`` if there is none.
    """
    cheapest = cheapest_days(space, form, costs, free, value, tour)
    if cheapest >= INFINITE / 2:
        return cheapest
    placed = np.empty(space.most_breaks, np.int64)
    for day in range(space.days):
        option = tour[day, 0]
        for j in range(1, tour.shape[1]):
            tour[day, j] = -1
        if option >= 0:
            block = space.form_first[form, FIRST_BLOCK] + space.options[option, BLOCK]
            _place_breaks(space, block, space.wage[form], value_sum, placed)
            pattern = space.blocks[block, PATTERN]
            for j in range(space.patterns[pattern + 1, FIRST_BREAK] - space.patterns[pattern, FIRST_BREAK]):
                tour[day, 1 + j] = placed[j]
    return cheapest


@njit(cache=True)
def working_slots(space: Any, form: int, tour: np.ndarray, found: np.ndarray) -> int:
    """Slots of the horizon in which a tour is at work, ascending, into ``found``; returns how many."""
    count = 0
    for day in range(space.days):
        option = tour[day, 0]
        if option < 0:
            continue
        block = space.form_first[form, FIRST_BLOCK] + space.options[option, BLOCK]
        pattern = space.blocks[block, PATTERN]
        first = space.patterns[pattern, FIRST_BREAK]
        breaks = space.patterns[pattern + 1, FIRST_BREAK] - first
        slot = space.blocks[block, START]
        end = slot + space.options[option, LENGTH]
        j = 0
        while slot < end:
            if j < breaks and slot == tour[day, 1 + j]:
                slot += space.breaks[first + j, BREAK_LEN]
                j += 1
                continue
            if slot < space.slots:
                found[count] = slot
                count += 1
            slot += 1
    return count


@njit(cache=True)
def tour_pay(space: Any, form: int, tour: np.ndarray) -> float:
    """Wages and premiums of a tour."""
    pay = 0.0
    for day in range(space.days):
        option = tour[day, 0]
        if option < 0:
            continue
        block = space.form_first[form, FIRST_BLOCK] + space.options[option, BLOCK]
        pattern = space.blocks[block, PATTERN]
        start = space.blocks[block, START]
        pay += space.pay_sum[start + space.options[option, LENGTH]] - space.pay_sum[start]
        first = space.patterns[pattern, FIRST_BREAK]
        for j in range(space.patterns[pattern + 1, FIRST_BREAK] - first):
            if space.breaks[first + j, BREAK_PAID] == 0:
                slot = tour[day, 1 + j]
                pay -= space.pay_sum[slot + space.breaks[first + j, BREAK_LEN]] - space.pay_sum[slot]
    return pay * space.wage[form]


@njit(cache=True)
def wish_cost(space: Any, agent: int, tour: np.ndarray) -> float:
    """All personal costs of a tour besides pay: refused wishes, overtime, fees, target, fairness, changes."""
    parts = np.zeros(_PARTS)
    tour_parts(space, agent, tour, parts)
    return parts.sum()


@njit(cache=True)
def agent_costs(
    space: Any,
    agent: int,
    personal: bool,
    value_sum: np.ndarray,
    blocks: np.ndarray,
    costs: np.ndarray,
    free: np.ndarray,
) -> None:
    """Cost of every option and free day of a person; wishes and what was published count if ``personal``.

    What depends on several days, such as weekly overtime, is added by the graph of tours.
    """
    form = space.people[agent, FORM]
    option_costs(space, form, value_sum, blocks, costs)
    first = space.form_first[form, FIRST_OPTION]
    count = space.form_first[form + 1, FIRST_OPTION] - first
    # Element by element: assignments of whole slices take the compiler seconds.
    for day in range(space.days):
        free[day] = space.free_fee[form, day]
    fee, overtime = space.terms[form, SHIFT_FEE], space.terms[form, OVERTIME_PRICE]
    if fee > 0.0 or overtime > 0.0:
        daily = space.terms[form, DAILY_FROM]
        for index in range(count):
            costs[index] += fee + overtime * max(0.0, space.options[first + index, PAID] - daily)
    row = space.people[agent, WISH_ROW]
    if not personal or row < 0:
        return
    begin = space.wish_ptr[row]
    for index in range(space.wish_ptr[row + 1] - begin):
        costs[index] += space.wish_cost[begin + index]
    for day in range(space.days):
        free[day] += space.wish_off[row, day]
    if len(space.held) > 0:
        price = space.change_price
        for index in range(count):
            costs[index] += price
        for day in range(space.days):
            kept = space.held[row, day]
            if kept != KEPT_FREE:
                free[day] += price
            if kept >= 0:
                costs[kept] -= price


@njit(cache=True)
def price_agent(
    space: Any,
    agent: int,
    with_wishes: bool,
    value_sum: np.ndarray,
    blocks: np.ndarray,
    costs: np.ndarray,
    value: np.ndarray,
    tour: np.ndarray,
) -> float:
    """Cheapest tour of one person at a value of work per slot.

    Wishes and the published roster count only if asked for; without them the result is a lower bound.
    """
    free = np.empty(space.days)
    agent_costs(space, agent, with_wishes, value_sum, blocks, costs, free)
    return best_tour(space, space.people[agent, FORM], costs, free, value_sum, value, tour)
