"""Best tours at given prices: breaks placed best in each shift, then a dynamic programme over the days.

Compiled on first use and cached. A *tour* is an array of shape ``(days, 1 + breaks)``: the option of each day (-1 for
a free day) and the first slot of each break.

Ready classes: before a day, class ``j`` says that the rest of the last shift ends in time for the day's starts of rank
``j`` and later. With ``J`` starts that day, class ``J + i`` allows none of them, and on the next day those of rank
``i`` and later. A shift and its rest end before the second next day, so this is exact.
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
    CLASSES,
    FIRST_BAND,
    FIRST_BLOCK,
    FIRST_BREAK,
    FIRST_OPTION,
    FORM,
    LENGTH,
    MINUTE,
    PATTERN,
    RANK,
    READY,
    SPACING,
    START,
    STARTS,
    WISH_ROW,
)

INFINITE = 1e18


@njit(cache=True)
def _place_breaks(space: Any, block: int, wage: float, value_sum: np.ndarray, placed: np.ndarray) -> float:
    """Lowest cost change by the breaks of a block, their slots into ``placed``.

    A break gives up the value of its slots; an unpaid one saves their pay.
    """
    pattern = space.blocks[block, PATTERN]
    start = space.blocks[block, START]
    first, last = space.patterns[pattern, FIRST_BREAK], space.patterns[pattern + 1, FIRST_BREAK]
    count = last - first
    if count == 0:
        return 0.0
    pay = space.pay_sum
    spacing = space.patterns[pattern, SPACING]
    width = 0
    for j in range(first, last):
        width = max(width, space.breaks[j, BREAK_LAST] - space.breaks[j, BREAK_FIRST] + 1)
    best = np.empty((count, width))
    where = np.empty((count, width), np.int64)
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
    total = best[count - 1, column]
    for j in range(count - 1, -1, -1):
        k = first + j
        offset = where[j, column]
        placed[j] = start + offset
        if j > 0:
            before = offset - spacing - space.breaks[k - 1, BREAK_LEN] - space.breaks[k - 1, BREAK_FIRST]
            column = min(before, space.breaks[k - 1, BREAK_LAST] - space.breaks[k - 1, BREAK_FIRST])
    return total


@njit(cache=True)
def option_costs(space: Any, form: int, value_sum: np.ndarray, blocks: np.ndarray, costs: np.ndarray) -> None:
    """Cost of every option of a form, pay less the value of its work, with the best breaks.

    ``value_sum`` is the cumulative value of one more person at work per slot, shape ``(extended + 1,)``.
    """
    placed = np.empty(space.most_breaks, np.int64)
    wage = space.wage[form]
    low = space.form_first[form, FIRST_BLOCK]
    for block in range(low, space.form_first[form + 1, FIRST_BLOCK]):
        blocks[block - low] = _place_breaks(space, block, wage, value_sum, placed)
    first = space.form_first[form, FIRST_OPTION]
    for option in range(first, space.form_first[form + 1, FIRST_OPTION]):
        block = space.options[option, BLOCK]
        start = space.blocks[low + block, START]
        end = start + space.options[option, LENGTH]
        costs[option - first] = (
            wage * (space.pay_sum[end] - space.pay_sum[start])
            - (value_sum[end] - value_sum[start])
            + blocks[block]
        )


@njit(cache=True)
def _band_range(space: Any, begin: int, end: int, low: int, high: int) -> tuple[int, int]:
    """Part of ``[begin, end)`` whose starts lie inside the band; options are sorted by start."""
    while begin < end and space.options[begin, MINUTE] < low:
        begin += 1
    while end > begin and space.options[end - 1, MINUTE] > high:
        end -= 1
    return begin, end


@njit(cache=True)
def _sweep(
    space: Any, form: int, costs: np.ndarray, free: np.ndarray, low: int, high: int, value: np.ndarray
) -> float:
    """Cost-to-go of every node and ready class, backwards over the days; returns that of the root."""
    graph = space.graph[form]
    first = space.form_first[form, FIRST_OPTION]
    root = space.layer[graph, 0]
    kinds = space.after.shape[1] - 1
    best = np.empty(space.most_starts + 1)
    begin = np.empty(kinds, np.int64)
    end = np.empty(kinds, np.int64)
    if space.layer[graph, space.days] == space.layer[graph, space.days + 1]:
        return INFINITE  # no week at all is legal
    value[space.layer[graph, space.days] - root, 0] = 0.0
    for day in range(space.days - 1, -1, -1):
        starts = space.day_info[form, day, STARTS]
        classes = space.day_info[form, day, CLASSES]
        for kind in range(kinds):
            begin[kind], end[kind] = _band_range(
                space, space.paid_ptr[form, day, kind], space.paid_ptr[form, day, kind + 1], low, high
            )
        for node in range(space.layer[graph, day], space.layer[graph, day + 1]):
            for rank in range(starts + 1):
                best[rank] = INFINITE
            for kind in range(kinds):
                target = space.after[node, 1 + kind]
                if target < 0:
                    continue
                later = target - root
                for option in range(begin[kind], end[kind]):
                    cost = costs[option - first] + value[later, space.options[option, READY]]
                    rank = space.options[option, RANK]
                    if cost < best[rank]:
                        best[rank] = cost
            target = space.after[node, 0]
            rest = INFINITE
            if target >= 0:
                rest = free[day] + value[target - root, 0]
                for ready in range(starts + 1, classes):
                    value[node - root, ready] = free[day] + value[target - root, ready - starts]
            else:
                for ready in range(starts + 1, classes):
                    value[node - root, ready] = INFINITE
            running = rest
            for rank in range(starts, -1, -1):
                if rank < starts and best[rank] < running:
                    running = best[rank]
                if rank < classes:
                    value[node - root, rank] = running
    return value[0, 0]


@njit(cache=True)
def _walk(
    space: Any,
    form: int,
    costs: np.ndarray,
    free: np.ndarray,
    low: int,
    high: int,
    value: np.ndarray,
    tour: np.ndarray,
) -> None:
    """Follow the cost-to-go forward from the root; options into ``tour[:, 0]``."""
    graph = space.graph[form]
    first = space.form_first[form, FIRST_OPTION]
    root = space.layer[graph, 0]
    node, ready = root, 0
    for day in range(space.days):
        starts = space.day_info[form, day, STARTS]
        cheapest, chosen = INFINITE, -1
        target = space.after[node, 0]
        if target >= 0:
            cheapest = free[day] + value[target - root, ready - starts if ready > starts else 0]
        for kind in range(space.after.shape[1] - 1):
            after = space.after[node, 1 + kind]
            if after < 0:
                continue
            begin, end = _band_range(
                space, space.paid_ptr[form, day, kind], space.paid_ptr[form, day, kind + 1], low, high
            )
            for option in range(begin, end):
                if space.options[option, RANK] < ready:
                    continue
                cost = costs[option - first] + value[after - root, space.options[option, READY]]
                if cost < cheapest:
                    cheapest, chosen, target = cost, option, after
        tour[day, 0] = chosen
        rested = ready - starts if ready > starts else 0
        ready = space.options[chosen, READY] if chosen >= 0 else rested
        node = target


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
    cheapest, band = INFINITE, -1
    for index in range(space.form_first[form, FIRST_BAND], space.form_first[form + 1, FIRST_BAND]):
        cost = _sweep(space, form, costs, free, space.bands[index, 0], space.bands[index, 1], value)
        if cost < cheapest:
            cheapest, band = cost, index
    if cheapest >= INFINITE / 2:
        return cheapest
    if space.form_first[form + 1, FIRST_BAND] - space.form_first[form, FIRST_BAND] > 1:
        _sweep(space, form, costs, free, space.bands[band, 0], space.bands[band, 1], value)
    _walk(space, form, costs, free, space.bands[band, 0], space.bands[band, 1], value, tour)
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
    """Weight of the wishes that a tour refuses."""
    row = space.people[agent, WISH_ROW]
    if row < 0:
        return 0.0
    first = space.form_first[space.people[agent, FORM], FIRST_OPTION]
    total = 0.0
    for day in range(space.days):
        option = tour[day, 0]
        total += (
            space.wish_off[row, day] if option < 0 else space.wish_cost[space.wish_ptr[row] + option - first]
        )
    return total


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
    """Cheapest tour of one person at a value of work per slot; wishes counted if asked for."""
    form = space.people[agent, FORM]
    option_costs(space, form, value_sum, blocks, costs)
    free = np.empty(space.days)
    row = space.people[agent, WISH_ROW]
    for day in range(space.days):
        # Element by element: assignments of whole slices take the compiler seconds.
        free[day] = space.wish_off[row, day] if with_wishes and row >= 0 else 0.0
    if with_wishes and row >= 0:
        begin = space.wish_ptr[row]
        for index in range(space.wish_ptr[row + 1] - begin):
            costs[index] += space.wish_cost[begin + index]
    return best_tour(space, form, costs, free, value_sum, value, tour)
