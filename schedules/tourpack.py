"""Forms, graphs and people packed into the flat arrays of a ``TourSpace``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from schedules.agents import Agent, Wish
from schedules.personalcosts import Terms, tariff_prices
from schedules.rules import Rules
from schedules.settled import published
from schedules.teams import Held
from schedules.timegrid import TimeGrid
from schedules.tourarrays import CLASSES, OPEN_CLASSES, STARTS, TourSpace
from schedules.tourforms import Options
from schedules.tourgraph import TourGraph, View, tour_graph
from schedules.tourstates import TourStates
from schedules.toursweep import INFINITE
from schedules.wishcosts import wish_costs
from schedules.workweeks import WeekLimits


class FormKey(NamedTuple):
    """What makes two people's sets of legal tours, and their costs, equal."""

    mask: bytes
    rules: Rules
    wage: float
    must: frozenset[int]
    last_end_min: float
    limits: tuple[WeekLimits, ...]
    states: TourStates
    root: tuple[int, ...]
    weekends_at_root: int
    terms: Terms
    target: tuple[float, ...]


@dataclass
class Built:
    """Forms so far, with what they share."""

    forms: dict[FormKey, int] = field(default_factory=dict)
    options: list[Options] = field(default_factory=list)
    shapes: dict[tuple, Options] = field(default_factory=dict)
    roots: dict[TourStates, set[tuple[int, ...]]] = field(default_factory=dict)


def _flat(parts: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    pointer = np.concatenate(([0], np.cumsum([len(part) for part in parts]))).astype(np.int64)
    data = np.concatenate(parts) if parts else np.zeros(0)
    return pointer, np.ascontiguousarray(data)


def pack(
    grid: TimeGrid,
    built: Built,
    agent_form: np.ndarray,
    agents: Sequence[Agent],
    queues: Sequence[str],
    share: np.ndarray,
    wishes: Sequence[Wish],
    held: Held | None,
) -> TourSpace:
    days, forms, keys = grid.days, built.options, list(built.forms)
    most_labels = max(len(form.labels) for form in forms)
    first_block, block_rows = _flat(
        [np.stack([form.block_start, form.block_pattern], axis=1) for form in forms]
    )
    first_option, shifts = _flat([form.order for form in forms])
    first_band, bands = _flat([np.array(form.bands, dtype=np.int64).reshape(-1, 2) for form in forms])
    first_label = np.concatenate(([0], np.cumsum([len(form.labels) for form in forms]))).astype(np.int64)
    options = np.stack(
        [
            _flat([form.block for form in forms])[1],
            grid.length[shifts],
            _flat([form.rank for form in forms])[1],
            _flat([form.ready for form in forms])[1],
            grid.start_min[shifts],
            shifts,
            _flat([form.ready_long for form in forms])[1],
            grid.paid_min[shifts],
            _flat([form.late for form in forms])[1],
        ],
        axis=1,
    ).astype(np.int64)
    label_ptr = np.zeros((len(forms), days, most_labels + 1), dtype=np.int64)
    day_info = np.zeros((len(forms), days + 1, 3), dtype=np.int64)
    for index, form in enumerate(forms):
        width = form.label_ptr.shape[1]
        label_ptr[index, :, :width] = form.label_ptr + first_option[index]
        label_ptr[index, :, width:] = label_ptr[index, :, width - 1 : width]
        day_info[index, :days, STARTS] = form.starts
        day_info[index, :, CLASSES] = form.classes
        day_info[index, :, OPEN_CLASSES] = form.open_classes

    graphs = {states: tour_graph(states, sorted(roots)) for states, roots in built.roots.items()}
    moves, place = _moves(list(graphs.values()), 1 + most_labels)
    begins = dict(zip(graphs, place, strict=True))
    views, view_rows, layer, nodes = _views(graphs, begins, keys)

    price = np.zeros((len(forms), max(len(graph.codes) for graph in graphs.values())))
    for index, key in enumerate(keys):
        codes = graphs[key.states].codes
        price[index, : len(codes)] = tariff_prices(
            key.states, codes, key.terms, key.target, key.weekends_at_root
        )
    free_fee = np.zeros((len(forms), days))
    for index, key in enumerate(keys):
        free_fee[index, sorted(key.must)] = INFINITE

    position = {name: index for index, name in enumerate(queues)}
    skill_bits = [
        sum(1 << position[skill] for skill in agent.skills if skill in position) for agent in agents
    ]
    groups = {bits: index for index, bits in enumerate(sorted(set(skill_bits)))}
    priced = held is not None and held.price_per_change > 0
    rows, wish_ptr, wish_cost, wish_off = wish_costs(
        grid, agents, agent_form, first_option, shifts, wishes, row_for_all=priced
    )
    kept = np.zeros((0, days), dtype=np.int64)
    if held is not None and priced:
        kept = np.array(
            [
                published(grid, agent, held, forms[form].order)
                for agent, form in zip(agents, agent_form, strict=True)
            ]
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
        most_nodes=max(len(graph.moves) for graph in graphs.values()) or 1,
        most_classes=int(day_info[:, :, CLASSES].max()),
        most_blocks=int(np.diff(first_block).max()),
        most_options=int(np.diff(first_option).max()),
        most_daily=int((label_ptr[:, :, -1] - label_ptr[:, :, 0]).max()),
        most_breaks=max([len(pattern.length) for pattern in grid.patterns], default=0),
        most_starts=int(day_info[:, :, STARTS].max()),
        most_places=max([1, *(last - first + 1 for _, first, last, _ in breaks)]),
        breaks=np.array(breaks, dtype=np.int64).reshape(-1, 4),
        patterns=np.stack([first_break, np.array(spacing, dtype=np.int64)], axis=1),
        blocks=block_rows.astype(np.int64),
        options=np.ascontiguousarray(options),
        form_first=np.stack([first_block, first_option, first_band, first_label], axis=1),
        label_ptr=label_ptr,
        day_info=day_info,
        bands=bands,
        graph=np.array([views[key.states, key.root] for key in keys], dtype=np.int64),
        wage=np.array([key.wage * grid.slot_h for key in keys], dtype=np.float64),
        views=view_rows,
        layer=layer,
        nodes=nodes,
        moves=moves,
        price=price,
        jump=np.array([form.jump for form in forms], dtype=np.int64),
        free_fee=free_fee,
        terms=np.array([key.terms for key in keys], dtype=np.float64),
        target=np.array([key.target for key in keys], dtype=np.float64),
        weekend=grid.weekends(),
        pay_sum=np.concatenate(([0.0], np.cumsum(1.0 + share))),
        people=np.stack(
            [agent_form, np.array([groups[bits] for bits in skill_bits], dtype=np.int64), rows], axis=1
        ),
        skills=np.array(sorted(groups), dtype=np.int64),
        wish_ptr=wish_ptr,
        wish_cost=wish_cost,
        wish_off=wish_off,
        held=kept,
        change_price=float(held.price_per_change) if held is not None else 0.0,
    )


def _moves(graphs: Sequence[TourGraph], width: int) -> tuple[np.ndarray, np.ndarray]:
    """Moves of all graphs in one array, and the first node of each graph."""
    first = np.concatenate(([0], np.cumsum([len(graph.moves) for graph in graphs]))).astype(np.int64)
    moves = np.full((int(first[-1]), width, 3), -1, dtype=np.int32)
    moves[:, :, 2] = 0
    for begin, graph in zip(first, graphs, strict=False):
        shifted = graph.moves.copy()
        targets = shifted[:, :, :2]
        targets[targets >= 0] += begin
        moves[begin : begin + len(shifted), : shifted.shape[1]] = shifted
    return moves, first[:-1]


def _views(
    graphs: dict[TourStates, TourGraph], begins: dict[TourStates, np.integer], keys: Sequence[FormKey]
) -> tuple[dict[tuple[TourStates, tuple[int, ...]], int], np.ndarray, np.ndarray, np.ndarray]:
    """Views that the forms need: their number, first node and root, entries by layer, nodes."""
    number: dict[tuple[TourStates, tuple[int, ...]], int] = {}
    found: list[View] = []
    rows: list[tuple[int, int]] = []
    for key in keys:
        if (key.states, key.root) in number:
            continue
        number[key.states, key.root] = len(found)
        graph, begin = graphs[key.states], int(begins[key.states])
        view = graph.view(key.root)
        root = graph.roots[key.root]
        found.append(View(view.layer, view.nodes + np.array([begin, 0])))
        rows.append((begin, begin + root if root >= 0 else -1))
    first, nodes = _flat([view.nodes for view in found])
    layer = np.array([view.layer + begin for view, begin in zip(found, first, strict=False)], dtype=np.int64)
    return number, np.array(rows, dtype=np.int64), layer, nodes.astype(np.int32)
