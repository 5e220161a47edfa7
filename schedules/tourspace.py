"""All tours of all people, packed into flat arrays that the compiled kernels walk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from schedules.agents import Agent, Wish
from schedules.eligibility import Eligibility
from schedules.rules import Rules
from schedules.timegrid import TimeGrid
from schedules.tourarrays import CLASSES, STARTS, TourSpace
from schedules.wishcosts import wish_costs
from schedules.workweeks import WeekLimits, Workweeks, week_limits, workweeks

FAR = 1 << 40


class FormKey(NamedTuple):
    """What makes two people's sets of legal tours equal."""

    shifts: tuple[str, ...]
    wage: float
    limits: tuple[WeekLimits, ...]
    days_before: int
    mask: bytes


class _Form(NamedTuple):
    block_start: np.ndarray
    block_pattern: np.ndarray
    order: np.ndarray
    option_block: np.ndarray
    rank: np.ndarray
    ready: np.ndarray
    paid_ptr: np.ndarray
    paid_minutes: tuple[int, ...]
    starts: np.ndarray
    bands: list[tuple[int, int]]


def _form(grid: TimeGrid, rules: Rules, mask: np.ndarray) -> _Form:
    chosen = np.flatnonzero(mask)
    paid_minutes = tuple(int(value) for value in np.unique(grid.paid_min[chosen]))
    paid_class = np.searchsorted(np.array(paid_minutes, dtype=np.int64), grid.paid_min[chosen])
    order = chosen[np.lexsort((chosen, grid.start[chosen], paid_class, grid.day[chosen]))]
    paid_class = np.searchsorted(np.array(paid_minutes, dtype=np.int64), grid.paid_min[order])
    # A block's best breaks serve every length that shares the pattern.
    blocks, option_block = np.unique(
        np.stack([grid.start[order], grid.pattern[order]], axis=1), axis=0, return_inverse=True
    )
    per_day = [np.unique(grid.start[order][grid.day[order] == day]) for day in range(grid.days)]
    rank = np.zeros(len(order), dtype=np.int64)
    ready = np.zeros(len(order), dtype=np.int64)
    rest_slots = -(-round(rules.min_rest_h * 3600) // (grid.slot_min * 60))
    free = grid.start[order] + grid.length[order] + rest_slots
    paid_ptr = np.zeros((grid.days, len(paid_minutes) + 1), dtype=np.int64)
    for day in range(grid.days):
        today = grid.day[order] == day
        rank[today] = np.searchsorted(per_day[day], grid.start[order][today])
        following = [per_day[later] for later in (day + 1, day + 2) if later < grid.days]
        ready[today] = sum(np.searchsorted(starts, free[today]) for starts in following) if following else 0
        paid_ptr[day, 0] = int(np.searchsorted(grid.day[order], day))
        for index in range(len(paid_minutes)):
            paid_ptr[day, index + 1] = paid_ptr[day, index] + int((today & (paid_class == index)).sum())
    bands: list[tuple[int, int]] = []
    minutes = np.unique(grid.start_min[order])
    if rules.max_start_spread_min is None or not len(minutes):
        bands.append((-FAR, FAR))
    else:
        highest = -FAR
        for low in minutes.tolist():
            high = int(minutes[minutes <= low + rules.max_start_spread_min].max())
            if high > highest:
                bands.append((low, high))
                highest = high
    return _Form(
        blocks[:, 0] if len(order) else np.zeros(0, np.int64),
        blocks[:, 1] if len(order) else np.zeros(0, np.int64),
        order,
        option_block.reshape(-1),
        rank,
        ready,
        paid_ptr,
        paid_minutes,
        np.array([len(starts) for starts in per_day], dtype=np.int64),
        bands,
    )


def form_key(eligibility: Eligibility, agent: Agent, mask: np.ndarray) -> FormKey:
    """Key of a person's legal tours under a mask of shifts."""
    limits = week_limits(agent.contract, eligibility.leave_days(agent))
    return FormKey(
        agent.contract.shifts,
        agent.contract.cost_per_hour,
        limits,
        agent.days_worked_before,
        np.packbits(mask).tobytes(),
    )


def _flat(parts: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    pointer = np.concatenate(([0], np.cumsum([len(part) for part in parts]))).astype(np.int64)
    data = np.concatenate(parts) if parts else np.zeros(0)
    return pointer, np.ascontiguousarray(data)


def tour_space(
    grid: TimeGrid,
    eligibility: Eligibility,
    rules: Rules,
    agents: Sequence[Agent],
    queues: Sequence[str],
    share: np.ndarray,
    wishes: Sequence[Wish],
    masks: Sequence[np.ndarray] | None = None,
) -> TourSpace:
    """Pack the tours of ``agents``.

    Parameters
    ----------
    masks
        Shifts allowed per agent; by default what ``eligibility`` says.
    share
        Premium share per extended slot.
    """
    forms: dict[FormKey, int] = {}
    built: list[_Form] = []
    graphs: dict[tuple, int] = {}
    graph_list: list[Workweeks] = []
    form_graph: list[int] = []
    wages: list[float] = []
    agent_form = np.zeros(len(agents), dtype=np.int64)
    shapes: dict[bytes, _Form] = {}
    for number, agent in enumerate(agents):
        mask = eligibility.mask(agent) if masks is None else masks[number]
        key = form_key(eligibility, agent, mask)
        if key not in forms:
            forms[key] = len(built)
            if key.mask not in shapes:
                shapes[key.mask] = _form(grid, rules, mask)
            form = shapes[key.mask]
            built.append(form)
            graph_key = (form.paid_minutes, key.limits, key.days_before)
            if graph_key not in graphs:
                graphs[graph_key] = len(graph_list)
                graph_list.append(
                    workweeks(
                        form.paid_minutes, grid.days, key.limits, rules.max_consecutive_days, key.days_before
                    )
                )
            form_graph.append(graphs[graph_key])
            wages.append(agent.contract.cost_per_hour * grid.slot_h)
        agent_form[number] = forms[key]
    return _pack(grid, built, graph_list, form_graph, wages, agent_form, agents, queues, share, wishes)


def _pack(
    grid: TimeGrid,
    built: list[_Form],
    graph_list: list[Workweeks],
    form_graph: list[int],
    wages: list[float],
    agent_form: np.ndarray,
    agents: Sequence[Agent],
    queues: Sequence[str],
    share: np.ndarray,
    wishes: Sequence[Wish],
) -> TourSpace:
    days = grid.days
    most_paid = max([len(form.paid_minutes) for form in built], default=0) or 1
    first_block, block_rows = _flat(
        [np.stack([form.block_start, form.block_pattern], axis=1) for form in built]
    )
    first_option, option_shift = _flat([form.order for form in built])
    first_band, bands = _flat([np.array(form.bands, dtype=np.int64).reshape(-1, 2) for form in built])
    options = np.stack(
        [
            _flat([form.option_block for form in built])[1],
            grid.length[option_shift],
            _flat([form.rank for form in built])[1],
            _flat([form.ready for form in built])[1],
            grid.start_min[option_shift],
            option_shift,
        ],
        axis=1,
    )
    paid_ptr = np.zeros((len(built), days, most_paid + 1), dtype=np.int64)
    day_info = np.zeros((len(built), days + 1, 2), dtype=np.int64)
    for index, form in enumerate(built):
        width = form.paid_ptr.shape[1]
        paid_ptr[index, :, :width] = form.paid_ptr + first_option[index]
        paid_ptr[index, :, width:] = paid_ptr[index, :, width - 1 : width]
        day_info[index, :days, STARTS] = form.starts
        day_info[index, :, CLASSES] = _ready_classes(grid, form)

    nodes_before = np.concatenate(([0], np.cumsum([len(graph.off) for graph in graph_list]))).astype(np.int64)
    layer = np.array(
        [graph.layer + nodes_before[index] for index, graph in enumerate(graph_list)], dtype=np.int64
    )
    after = np.full((int(nodes_before[-1]), 1 + most_paid), -1, dtype=np.int64)
    for index, graph in enumerate(graph_list):
        moves = np.concatenate([graph.off[:, None], graph.work], axis=1)
        shifted = np.where(moves >= 0, moves + nodes_before[index], -1)
        after[nodes_before[index] : nodes_before[index + 1], : shifted.shape[1]] = shifted

    position = {name: index for index, name in enumerate(queues)}
    skill_bits = [
        sum(1 << position[skill] for skill in agent.skills if skill in position) for agent in agents
    ]
    groups = {bits: index for index, bits in enumerate(sorted(set(skill_bits)))}
    rows, wish_ptr, wish_cost, wish_off = wish_costs(
        grid, agents, agent_form, first_option, option_shift, wishes
    )
    first_break, _ = _flat([np.array(pattern.length, dtype=np.int64) for pattern in grid.patterns])
    spacing = [pattern.spacing for pattern in grid.patterns] + [0]
    breaks = [
        row
        for pattern in grid.patterns
        for row in zip(pattern.length, pattern.earliest, pattern.latest, pattern.paid, strict=True)
    ]
    return TourSpace(
        slots=grid.slots,
        extended=len(grid.starts),
        days=days,
        most_nodes=int(max(len(graph.off) for graph in graph_list)),
        most_classes=int(day_info[:, :, CLASSES].max()),
        most_blocks=int(np.diff(first_block).max()),
        most_options=int(np.diff(first_option).max()),
        most_breaks=max([len(pattern.length) for pattern in grid.patterns], default=0),
        most_starts=int(day_info[:, :, STARTS].max()),
        breaks=np.array(breaks, dtype=np.int64).reshape(-1, 4),
        patterns=np.stack([first_break, np.array(spacing, dtype=np.int64)], axis=1),
        blocks=block_rows,
        options=np.ascontiguousarray(options),
        form_first=np.stack([first_block, first_option, first_band], axis=1),
        paid_ptr=paid_ptr,
        day_info=day_info,
        bands=bands,
        graph=np.array(form_graph, dtype=np.int64),
        wage=np.array(wages, dtype=np.float64),
        layer=layer,
        after=after,
        pay_sum=np.concatenate(([0.0], np.cumsum(1.0 + share))),
        people=np.stack(
            [agent_form, np.array([groups[bits] for bits in skill_bits], dtype=np.int64), rows], axis=1
        ),
        skills=np.array(sorted(groups), dtype=np.int64),
        wish_ptr=wish_ptr,
        wish_cost=wish_cost,
        wish_off=wish_off,
    )


def _ready_classes(grid: TimeGrid, form: _Form) -> np.ndarray:
    """Number of ready classes before each day, shape ``(days + 1,)``."""
    classes = np.ones(grid.days + 1, dtype=np.int64)
    days_of = grid.day[form.order]
    for day in range(grid.days):
        today = days_of == day
        if today.any():
            classes[day + 1] = int(form.ready[today].max()) + 1
    for day in range(grid.days):  # a free day hands on what reaches beyond it
        classes[day + 1] = max(classes[day + 1], classes[day] - form.starts[day])
    return classes
