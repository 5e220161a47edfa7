"""Which shifts and free days refuse a wish, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from schedules.agents import Agent, Wish
from schedules.timegrid import TimeGrid


def refused_by(grid: TimeGrid, wish: Wish, shifts: np.ndarray) -> tuple[np.ndarray, bool]:
    """Which shifts refuse a wish, and whether a free day refuses it."""
    dates = grid.dates()
    if wish.day not in dates:
        return np.zeros(len(shifts), dtype=bool), False
    on_day = grid.day[shifts] == dates.index(wish.day)
    if wish.kind == "day_off":
        return on_day, False
    if wish.kind == "work":
        return np.zeros(len(shifts), dtype=bool), True
    if wish.kind in ("shift", "not_shift"):
        named = np.array([kind.name == wish.shift for kind in grid.kinds], dtype=bool)[grid.kind[shifts]]
        return (on_day & ~named, True) if wish.kind == "shift" else (on_day & named, False)
    minute = wish.time_min if wish.time_min is not None else 0
    late = grid.start_min[shifts] < minute if wish.kind == "start_from" else grid.start_min[shifts] > minute
    return on_day & late, False


def wish_costs(
    grid: TimeGrid,
    agents: Sequence[Agent],
    agent_form: np.ndarray,
    option_ptr: np.ndarray,
    option_shift: np.ndarray,
    wishes: Sequence[Wish],
    row_for_all: bool = False,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Row per person, first entry per row, price per option, price per free day; see ``TourSpace``.

    ``row_for_all`` gives everybody a row, those without wishes one without entries.
    """
    by_agent: dict[str, list[Wish]] = {}
    for wish in wishes:
        by_agent.setdefault(wish.agent, []).append(wish)
    rows = np.full(len(agents), -1, dtype=np.int64)
    costs: list[np.ndarray] = []
    free: list[np.ndarray] = []
    dates = grid.dates()
    for number, agent in enumerate(agents):
        if agent.id not in by_agent and not row_for_all:
            continue
        form = agent_form[number]
        shifts = option_shift[option_ptr[form] : option_ptr[form + 1]]
        cost, off = np.zeros(len(shifts)), np.zeros(grid.days)
        for wish in by_agent.get(agent.id, ()):
            refused, free_refuses = refused_by(grid, wish, shifts)
            cost[refused] += wish.weight
            if free_refuses:
                off[dates.index(wish.day)] += wish.weight
        priced = cost.any()
        if priced or off.any() or row_for_all:
            rows[number] = len(costs)
            costs.append(cost if priced or off.any() else cost[:0])
            free.append(off)
    pointer = np.concatenate(([0], np.cumsum([len(cost) for cost in costs]))).astype(np.int64)
    flat = np.concatenate(costs) if costs else np.zeros(0)
    table = np.array(free, dtype=np.float64).reshape(-1, grid.days)
    return rows, pointer, np.asarray(flat, dtype=np.float64), table
