"""The dynamic programme over the days: cheapest legal sequence of shifts and free days at given costs.

Ready classes: before a day, class ``j`` says that the rest of the last shift ends in time for the day's starts of rank
``j`` and later. With ``J`` starts that day, class ``J + i`` allows none of them, and on the next day those of rank
``i`` and later; and so on over as many days as a rest lasts, so this is exact.

The weekly rest is one stretch that the programme names in advance: after some shift it takes a ready class by that long
rest and its week is settled, or the stretch that opens the week is long enough. Costs do not depend on which is named.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from schedules.tourarrays import (
    CLASSES,
    FIRST_BAND,
    FIRST_LABEL,
    FIRST_OPTION,
    GRAPH_FIRST,
    IS_OPEN,
    LONG,
    MINUTE,
    NEXT,
    NO_WEEKLY_REST,
    NODE,
    OPEN_CLASSES,
    RANK,
    READY,
    READY_LONG,
    ROOT,
    STARTS,
    TARIFF,
)

INFINITE = 1e18
# For functions that compiled code alone calls: an entry from Python unpacks the whole space and costs compile time.
INNER: dict[str, Any] = {"cache": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
# Lists of a day's options: before days whose weekly rest is had or open, after them the ordinary rest or the long one.
_HAD_NEXT, _HAD_LONG, _OPEN_NEXT, _OPEN_LONG = 0, 1, 2, 3


@njit(**INNER)
def band_range(space: Any, begin: int, end: int, low: int, high: int) -> tuple[int, int]:
    """Part of ``[begin, end)`` whose starts lie inside the band; options are sorted by start."""
    while begin < end and space.options[begin, MINUTE] < low:
        begin += 1
    while end > begin and space.options[end - 1, MINUTE] > high:
        end -= 1
    return begin, end


@njit(**INNER)
def _unbeaten(
    space: Any,
    first: int,
    begin: int,
    end: int,
    costs: np.ndarray,
    top: int,
    column: int,
    which: int,
    at: int,
    rank: np.ndarray,
    ready: np.ndarray,
    cost: np.ndarray,
) -> int:
    """Append the options that no other beats in earliest use, readiness after it and cost; returns the new end.

    Ranks from ``top`` on serve every class alike, so they count as ``top``.
    """
    opened = at
    for option in range(begin, end):
        after = space.options[option, column]
        price = costs[option - first]
        if after < 0 or price >= 0.5 * INFINITE:
            continue
        use = min(space.options[option, RANK], top)
        beaten = False
        for k in range(opened, at):
            if rank[which, k] >= use and ready[which, k] <= after and cost[which, k] <= price:
                beaten = True
                break
        if beaten:
            continue
        kept = opened
        for k in range(opened, at):
            if use < rank[which, k] or after > ready[which, k] or price > cost[which, k]:
                rank[which, kept] = rank[which, k]
                ready[which, kept] = ready[which, k]
                cost[which, kept] = cost[which, k]
                kept += 1
        rank[which, kept] = use
        ready[which, kept] = after
        cost[which, kept] = price
        at = kept + 1
    return at


@njit(**INNER)
def sweep(
    space: Any,
    form: int,
    costs: np.ndarray,
    free: np.ndarray,
    low: int,
    high: int,
    first_day: int,
    end_day: int,
    value: np.ndarray,
) -> None:
    """Cost-to-go of every node and ready class of the days ``[first_day, end_day)``, backwards from the day after."""
    view = space.graph[form]
    base = space.views[view, GRAPH_FIRST]
    first = space.form_first[form, FIRST_OPTION]
    labels = space.form_first[form + 1, FIRST_LABEL] - space.form_first[form, FIRST_LABEL]
    weekly = space.jump[form, 0] != NO_WEEKLY_REST
    best = np.empty(space.most_starts + 1)
    rank = np.empty((4, space.most_daily + 1), np.int64)
    ready = np.empty((4, space.most_daily + 1), np.int64)
    cost = np.empty((4, space.most_daily + 1))
    ptr = np.zeros((4, labels + 1), np.int64)
    for day in range(end_day - 1, first_day - 1, -1):
        starts = space.day_info[form, day, STARTS]
        for which in range(4 if weekly else 1):
            classes = space.day_info[form, day, CLASSES if which < _OPEN_NEXT else OPEN_CLASSES]
            column = READY if which in (_HAD_NEXT, _OPEN_NEXT) else READY_LONG
            skip = which == _HAD_LONG and day % 7 != 6
            at = 0
            for label in range(labels):
                begin, end = band_range(
                    space, space.label_ptr[form, day, label], space.label_ptr[form, day, label + 1], low, high
                )
                if not skip:
                    top = min(classes - 1, starts)
                    at = _unbeaten(space, first, begin, end, costs, top, column, which, at, rank, ready, cost)
                ptr[which, label + 1] = at
        for entry in range(space.layer[view, day], space.layer[view, day + 1]):
            node = space.nodes[entry, NODE]
            row = node - base
            which = _OPEN_NEXT if space.nodes[entry, IS_OPEN] else _HAD_NEXT
            classes = space.day_info[form, day, OPEN_CLASSES if which == _OPEN_NEXT else CLASSES]
            top = min(classes - 1, starts)
            for j in range(top + 1):
                best[j] = INFINITE
            for label in range(labels):
                begin, end = ptr[which, label], ptr[which, label + 1]
                target = space.moves[node, 1 + label, NEXT]
                if target >= 0 and begin < end:
                    later = target - base
                    fee = space.price[form, space.moves[node, 1 + label, TARIFF]]
                    for k in range(begin, end):
                        total = cost[which, k] + fee + value[later, ready[which, k]]
                        if total < best[rank[which, k]]:
                            best[rank[which, k]] = total
                target = space.moves[node, 1 + label, LONG]
                if target >= 0:
                    later = target - base
                    fee = space.price[form, space.moves[node, 1 + label, TARIFF]]
                    for k in range(ptr[which + 1, label], ptr[which + 1, label + 1]):
                        total = cost[which + 1, k] + fee + value[later, ready[which + 1, k]]
                        if total < best[rank[which + 1, k]]:
                            best[rank[which + 1, k]] = total
            target = space.moves[node, 0, NEXT]
            running = INFINITE
            if target >= 0:
                idle = free[day] + space.price[form, space.moves[node, 0, TARIFF]]
                running = idle + value[target - base, 0]
                for j in range(starts + 1, classes):
                    value[row, j] = idle + value[target - base, j - starts]
            else:
                for j in range(starts + 1, classes):
                    value[row, j] = INFINITE
            for j in range(top, -1, -1):
                running = min(running, best[j])
                value[row, j] = running
            twin = space.moves[node, 0, LONG]
            if twin >= 0:
                opening = space.jump[form, day // 7]
                if opening >= 0:
                    for j in range(classes):
                        value[row, j] = min(value[row, j], value[twin - base, max(j, opening)])


@njit(**INNER)
def walk(
    space: Any,
    form: int,
    costs: np.ndarray,
    free: np.ndarray,
    low: int,
    high: int,
    first_day: int,
    end_day: int,
    node: int,
    ready: int,
    value: np.ndarray,
    tour: np.ndarray,
) -> tuple[int, int]:
    """Follow the cost-to-go forward from a node and class; options into ``tour[:, 0]``. Returns where it ends."""
    base = space.views[space.graph[form], GRAPH_FIRST]
    first = space.form_first[form, FIRST_OPTION]
    labels = space.form_first[form + 1, FIRST_LABEL] - space.form_first[form, FIRST_LABEL]
    for day in range(first_day, end_day):
        twin = space.moves[node, 0, LONG]
        if twin >= 0 and space.jump[form, day // 7] >= 0:
            opened = max(ready, space.jump[form, day // 7])
            if value[twin - base, opened] <= value[node - base, ready]:
                node, ready = twin, opened
        starts = space.day_info[form, day, STARTS]
        rested = ready - starts if ready > starts else 0
        cheapest, chosen, following, then = INFINITE, -1, -1, rested
        target = space.moves[node, 0, NEXT]
        if target >= 0:
            fee = space.price[form, space.moves[node, 0, TARIFF]]
            cheapest = free[day] + fee + value[target - base, rested]
            following = target
        for label in range(labels):
            fee = space.price[form, space.moves[node, 1 + label, TARIFF]]
            begin, end = band_range(
                space, space.label_ptr[form, day, label], space.label_ptr[form, day, label + 1], low, high
            )
            for rest in range(2):
                target = space.moves[node, 1 + label, NEXT if rest == 0 else LONG]
                if target < 0:
                    continue
                for option in range(begin, end):
                    after = space.options[option, READY if rest == 0 else READY_LONG]
                    if after < 0 or space.options[option, RANK] < ready:
                        continue
                    total = costs[option - first] + fee + value[target - base, after]
                    if total < cheapest:
                        cheapest, chosen, following, then = total, option, target, after
        tour[day, 0] = chosen
        node, ready = following, then
    return node, ready


@njit(**INNER)
def cheapest_days(
    space: Any, form: int, costs: np.ndarray, free: np.ndarray, value: np.ndarray, tour: np.ndarray
) -> float:
    """Cheapest legal sequence; the options into ``tour[:, 0]``. At least ``INFINITE / 2`` if there is none.

    Where starts must lie close together, every band of starts is tried in every week.
    """
    view = space.graph[form]
    root = space.views[view, ROOT]
    if root < 0:
        return INFINITE
    base = space.views[view, GRAPH_FIRST]
    begin, end = space.form_first[form, FIRST_BAND], space.form_first[form + 1, FIRST_BAND]
    several = end - begin > 1
    value[space.nodes[space.layer[view, space.days], NODE] - base, 0] = 0.0
    length = 7 if several else space.days
    spans = (space.days + length - 1) // length
    widest = 0
    for span in range(spans):
        widest = max(widest, space.layer[view, length * span + 1] - space.layer[view, length * span])
    kept = np.empty((widest, space.most_classes))
    chosen = np.empty((spans, widest, space.most_classes), np.int64)
    node, ready, total = root, 0, INFINITE
    # Backwards over the spans, then forwards; one loop, because the compiler copies the sweep into every call.
    for step in range(2 * spans):
        forward = step >= spans
        span = step - spans if forward else spans - 1 - step
        first_day, end_day = length * span, min(length * span + length, space.days)
        opened, closed = space.layer[view, first_day], space.layer[view, first_day + 1]
        classes = space.day_info[form, first_day, CLASSES]
        low_band, high_band = begin, end
        if forward:
            if step == spans and value[root - base, 0] >= 0.5 * INFINITE:
                return INFINITE
            if several:
                entry = 0
                while space.nodes[opened + entry, NODE] != node:
                    entry += 1
                low_band = chosen[span, entry, ready]
                high_band = low_band + 1
        for band in range(low_band, high_band):
            low, high = space.bands[band, 0], space.bands[band, 1]
            if several or not forward:
                sweep(space, form, costs, free, low, high, first_day, end_day, value)
            if forward:
                node, ready = walk(
                    space, form, costs, free, low, high, first_day, end_day, node, ready, value, tour
                )
            elif several:
                for entry in range(closed - opened):
                    row = space.nodes[opened + entry, NODE] - base
                    for j in range(classes):
                        if band == begin or value[row, j] < kept[entry, j]:
                            kept[entry, j] = value[row, j]
                            chosen[span, entry, j] = band
        if several and not forward:
            for entry in range(closed - opened):
                for j in range(classes):
                    value[space.nodes[opened + entry, NODE] - base, j] = kept[entry, j]
        if not forward and span == 0:
            total = value[root - base, 0]
    return total
