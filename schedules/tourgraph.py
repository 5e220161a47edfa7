"""The layered graph of all legal sequences of days, as small as it can be, and what of it each person can reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schedules.tourarrays import LONG, NEXT, TARIFF
from schedules.tourstates import HAD, NOT_YET, REST, TourStates


@dataclass(frozen=True)
class View:
    """What can be reached from one root: nodes by layer, those whose weekly rest is still open last.

    Attributes
    ----------
    layer
        First entry of each layer in ``nodes``, shape ``(days + 2,)``.
    nodes
        ``(entries, 2)``: node of the graph, 1 where the weekly rest is open.
    """

    layer: np.ndarray
    nodes: np.ndarray


@dataclass(frozen=True)
class TourGraph:
    """Nodes with their moves.

    Attributes
    ----------
    moves
        ``(nodes, 1 + labels, 3)``: for a free day and for each label the node after it by the ordinary rest, the
        node after it by a rest that counts for the week, and the tariff; nodes are -1 where nothing legal follows. A
        free day has no rest of its own: its second node is the one *before this day* that takes the stretch that
        opens the week as its rest.
    codes
        Code of each tariff; the first costs nothing.
    layer
        First node of each layer, shape ``(days + 2,)``.
    roots
        Node of each root state, -1 where nothing legal follows it.
    open
        Whether a node's week still needs its rest.
    """

    moves: np.ndarray
    codes: np.ndarray
    layer: np.ndarray
    roots: dict[tuple[int, ...], int]
    open: np.ndarray

    def view(self, root: tuple[int, ...]) -> View:
        """Nodes that can be reached from a root state."""
        days = len(self.layer) - 2
        layers: list[np.ndarray] = []
        node = self.roots[root]
        here = np.array([node] if node >= 0 else [], dtype=np.int64)
        for _ in range(days + 1):
            jumps = self.moves[here, 0, LONG]
            here = np.union1d(here, jumps[jumps >= 0]).astype(np.int64)
            here = here[np.lexsort((here, self.open[here]))]
            layers.append(here)
            after = np.concatenate([self.moves[here, :, NEXT].ravel(), self.moves[here, 1:, LONG].ravel()])
            here = np.unique(after[after >= 0]).astype(np.int64)
        nodes = np.concatenate(layers)
        layer = np.concatenate(([0], np.cumsum([len(part) for part in layers])))
        return View(layer, np.stack([nodes, self.open[nodes]], axis=1))


def tour_graph(states: TourStates, roots: Sequence[tuple[int, ...]]) -> TourGraph:
    """Every state that a root can reach and from which a legal end can be reached; equal ones are one node."""
    layers, targets = _forward(states, roots)
    moves: list[np.ndarray] = []
    shown: list[np.ndarray] = []
    number = [np.zeros(0, dtype=np.int64)] * (
        states.days + 1
    )  # node within its layer of each state, -1: dead
    number[states.days] = np.zeros(len(layers[states.days]), dtype=np.int64)
    choices = 1 + len(states.labels)
    end = np.full((min(1, len(layers[states.days])), choices, 3), -1, dtype=np.int64)
    end[:, :, TARIFF] = 0
    moves.append(end)
    shown.append(np.zeros(len(end), dtype=bool))
    for day in reversed(range(states.days)):
        table = targets[day]
        for column in (NEXT, LONG):
            known = table[:, :, column] >= 0
            table[:, :, column][known] = number[day + 1][table[:, :, column][known]]
        table[:, 0, LONG] = -1
        table[:, :, TARIFF][(table[:, :, NEXT] < 0) & (table[:, :, LONG] < 0)] = 0
        state = layers[day]
        is_open = (state[:, REST] != HAD) if states.weekly_rest else np.zeros(len(state), dtype=bool)
        number[day] = np.full(len(state), -1, dtype=np.int64)
        kept: list[np.ndarray] = []
        flags: list[np.ndarray] = []
        _merge(table, ~is_open, number[day], kept, flags, False)
        if is_open.any():
            twins = _twins(state, is_open & (state[:, REST] == NOT_YET)) if day % 7 == 0 else None
            if twins is not None:
                has = twins >= 0
                table[has, 0, LONG] = number[day][twins[has]]
            _merge(table, is_open, number[day], kept, flags, True)
        moves.append(np.concatenate(kept) if kept else np.zeros((0, choices, 3), dtype=np.int64))
        shown.append(np.concatenate(flags) if flags else np.zeros(0, dtype=bool))
    moves.reverse()
    shown.reverse()
    layer = np.concatenate(([0], np.cumsum([len(part) for part in moves]))).astype(np.int64)
    for day, part in enumerate(moves[:-1]):
        following = part[:, :, NEXT]
        following[following >= 0] += layer[day + 1]
        resting = part[:, 1:, LONG]
        resting[resting >= 0] += layer[day + 1]
        jump = part[:, 0, LONG]
        jump[jump >= 0] += layer[day]
    packed = np.concatenate(moves)
    codes, ids = np.unique(np.concatenate([[0], packed[:, :, TARIFF].ravel()]), return_inverse=True)
    packed[:, :, TARIFF] = ids[1:].reshape(packed.shape[:2])
    position = {tuple(state): at for at, state in enumerate(layers[0].tolist())}
    starts = {root: int(number[0][position[root]]) for root in roots}
    return TourGraph(packed, codes, layer, starts, np.concatenate(shown))


def _forward(
    states: TourStates, roots: Sequence[tuple[int, ...]]
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """States of each layer, and per layer the positions that each move leads to in the next."""
    width = len(roots[0])
    here = np.unique(np.array(roots, dtype=np.int64).reshape(-1, width), axis=0)
    layers: list[np.ndarray] = []
    targets: list[np.ndarray] = []
    for day in range(states.days):
        if states.weekly_rest and day % 7 == 0:
            here = _with_twins(here)
        layers.append(here)
        reached: list[np.ndarray] = []
        places: list[tuple[int, int, np.ndarray]] = []
        table = np.full((len(here), 1 + len(states.labels), 3), -1, dtype=np.int64)
        for choice, label in enumerate((None, *states.labels)):
            moved = states.advance(day, here, label)
            table[:, choice, TARIFF] = moved.tariff
            for column, state, legal in (
                (NEXT, moved.state, moved.legal),
                (LONG, moved.rested, moved.rested_legal),
            ):
                rows = np.flatnonzero(legal)
                if len(rows):
                    reached.append(state[rows])
                    places.append((choice, column, rows))
        if reached:
            here, position = _distinct(np.concatenate(reached))
        else:
            here, position = np.zeros((0, width), dtype=np.int64), np.zeros(0, dtype=np.int64)
        at = 0
        for choice, column, rows in places:
            table[rows, choice, column] = position[at : at + len(rows)]
            at += len(rows)
        targets.append(table)
    layers.append(here)
    return layers, targets


def _distinct(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct rows and the position of each row among them; by one number per row, which is far faster than rows."""
    low = rows.min(axis=0)
    span = rows.max(axis=0) - low + 1
    if np.prod(span.astype(np.float64)) >= 2.0**62:
        found, position = np.unique(rows, axis=0, return_inverse=True)
        return found, position.reshape(-1)
    weight = np.concatenate(([1], np.cumprod(span[:-1])))
    _, first, position = np.unique((rows - low) @ weight, return_index=True, return_inverse=True)
    return rows[first], position.reshape(-1)


def _with_twins(state: np.ndarray) -> np.ndarray:
    """Behind the states the twins of those whose weekly rest is to come: the stretch that opens the week is theirs."""
    twins = state[state[:, REST] == NOT_YET].copy()
    twins[:, REST] = HAD
    if not len(twins):
        return state
    _, position = _distinct(np.concatenate([state, twins]))
    fresh = ~np.isin(position[len(state) :], position[: len(state)])
    return np.concatenate([state, twins[fresh]])


def _twins(state: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Position of the twin of each wanted state, -1 for the others."""
    other = state.copy()
    other[:, REST] = HAD
    _, position = _distinct(np.concatenate([state, other]))
    last = np.full(len(position), -1, dtype=np.int64)
    last[position[: len(state)]] = np.arange(len(state))
    return np.where(wanted, last[position[len(state) :]], -1)


def _merge(
    table: np.ndarray,
    chosen: np.ndarray,
    number: np.ndarray,
    kept: list[np.ndarray],
    flags: list[np.ndarray],
    is_open: bool,
) -> None:
    """Number the chosen states that reach a legal end; states with the same moves share a number."""
    ends = (table[:, :, NEXT] >= 0).any(axis=1) | (table[:, :, LONG] >= 0).any(axis=1)
    rows = np.flatnonzero(chosen & ends)
    if not len(rows):
        return
    flat = table[rows].reshape(len(rows), -1)
    _, first, position = _by_rows(flat)
    begin = sum(len(part) for part in kept)
    number[rows] = begin + position
    kept.append(table[rows[first]])
    flags.append(np.full(len(first), is_open))


def _by_rows(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First of each group of equal rows, and the group of each row, in the order of the rows' columns."""
    codes = np.zeros(len(rows), dtype=np.int64)
    for column in rows.T:
        if (column == column[0]).all():
            continue
        _, values = np.unique(column, return_inverse=True)
        _, codes = np.unique(codes * (values.max() + 1) + values, return_inverse=True)
    found, first, position = np.unique(codes, return_index=True, return_inverse=True)
    return found, first, position
