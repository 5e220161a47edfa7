"""At most so many distinct shifts and start times: chosen from relaxations, then proved by an integer program.

A distinct shift is a kind, a start on the wall clock and a length; the same one on several days counts once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from schedules.errors import InvalidSchedule
from schedules.implicit_breaks import DesignModel
from schedules.solver import Solved, linear, solve
from schedules.timegrid import TimeGrid
from schedules.whole_shifts import CLOCK_GUARD_S, Covering, WholeShifts, read_whole, relax, round_whole

_DROP = 0.3
_ROUNDS = 6
_CANDIDATES = 4
_PEOPLE = 1e-6
_PROOF_SIZE = 2_000
_PROOF_NODES = 2_000
_PROOF_WORK = 200_000
_ROUNDING_NODES = 60


@dataclass(frozen=True)
class ShiftLimits:
    """How many distinct shifts and start times a design may use; ``None`` sets no limit."""

    max_shifts: int | None = None
    max_starts: int | None = None

    def __post_init__(self) -> None:
        for name in ("max_shifts", "max_starts"):
            value = getattr(self, name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
                raise InvalidSchedule(f"{name}: a whole number >= 1 expected, got {value!r}")

    @property
    def given(self) -> bool:
        """Whether there is any limit."""
        return self.max_shifts is not None or self.max_starts is not None


@dataclass(frozen=True)
class Limited:
    """The best design found within the limits; ``bound`` holds for every design within them."""

    whole: WholeShifts
    bound: float
    relaxed: bool


class _Types:
    """Distinct shifts of a grid: ``of`` numbers them per shift, ``start``, ``kind`` and ``length`` describe them."""

    def __init__(self, grid: TimeGrid) -> None:
        described = np.stack([grid.kind, grid.start_min, grid.length], axis=1)
        rows, self.of = np.unique(described, axis=0, return_inverse=True)
        self.of = self.of.reshape(-1)
        self.kind, self.start, self.length = rows.T
        self.steps = [kind.start_every_min for kind in grid.kinds]

    def __len__(self) -> int:
        return len(self.kind)

    def neighbours(self, chosen: np.ndarray, reach: int) -> np.ndarray:
        """Types of the chosen starts and lengths moved by up to ``reach`` steps, the chosen ones included."""
        near = np.zeros(len(self), dtype=bool)
        for one in chosen.tolist():
            lengths = np.unique(self.length[self.kind == self.kind[one]])
            place = int(np.searchsorted(lengths, self.length[one]))
            close = lengths[max(0, place - reach) : place + reach + 1]
            step = reach * self.steps[int(self.kind[one])]
            moved = (np.abs(self.start - self.start[one]) <= step) & np.isin(self.length, close)
            near |= (self.kind == self.kind[one]) & moved
            # The same hours as another kind differ in their breaks.
            near |= (self.start == self.start[one]) & (self.length == self.length[one])
        return np.flatnonzero(near)


def part_of(grid: TimeGrid, chosen: np.ndarray) -> TimeGrid:
    """The grid with only the shifts at some places."""
    names = ("day", "kind", "start", "length", "start_min", "paid_min", "pattern")
    return replace(grid, **{name: getattr(grid, name)[chosen] for name in names})


class _Search:
    """Relaxations over few distinct shifts, from all that are useful down to as many as allowed."""

    def __init__(self, grid: TimeGrid, covering: Covering, limits: ShiftLimits, seed: int) -> None:
        self.grid, self.covering, self.limits, self.seed = grid, covering, limits, seed
        self.types = _Types(grid)

    def solve(self, chosen: np.ndarray) -> tuple[TimeGrid, DesignModel, Solved, np.ndarray]:
        """Relaxation over the chosen types, with the slots worked by each type."""
        grid = part_of(self.grid, np.flatnonzero(np.isin(self.types.of, chosen)))
        model = self.covering.model(grid)
        solved = relax(model, self.seed)
        return grid, model, solved, self.used(model, grid, np.isin(self.types.of, chosen))

    def used(self, model: DesignModel, grid: TimeGrid, which: np.ndarray) -> np.ndarray:
        """Slots worked per type in the solution of a model over the shifts at ``which``."""
        people = np.array([variable.varValue or 0.0 for variable in model.shifts])
        people[people < _PEOPLE] = 0.0
        return np.bincount(self.types.of[which], people * grid.length, minlength=len(self.types))

    def reduce(self, used: np.ndarray) -> np.ndarray:
        """Drop the least used starts and types until the limits hold; at the end whichever costs least to miss."""
        chosen = np.flatnonzero(used > 0)
        while len(chosen):
            starts, place = np.unique(self.types.start[chosen], return_inverse=True)
            by_start = np.bincount(place, used[chosen])
            keep_starts = _next_size(len(starts), self.limits.max_starts)
            keep_types = _next_size(len(chosen), self.limits.max_shifts)
            if keep_starts < len(starts):
                order = starts[np.argsort(-by_start, kind="stable")]
                tried = [
                    chosen[np.isin(self.types.start[chosen], kept)] for kept in _shorter(order, keep_starts)
                ]
            elif keep_types < len(chosen):
                order = chosen[np.argsort(-used[chosen], kind="stable")]
                tried = [np.sort(kept) for kept in _shorter(order, keep_types)]
            else:
                break
            found = [(one, self.solve(one)) for one in tried]
            chosen, (_, _, _, fresh) = min(found, key=lambda pair: pair[1][2].objective)
            used = np.where(fresh > 0, fresh, 0.0)
            chosen = np.flatnonzero(used > 0)
        return chosen

    def improve(self, chosen: np.ndarray, cost: float) -> np.ndarray:
        """Move the chosen starts and lengths a little while the relaxation gets cheaper."""
        reach = 1
        for _ in range(_ROUNDS):
            around = self.types.neighbours(chosen, reach)
            moved = self.reduce(self.solve(around)[3])
            now = self.solve(moved)[2].objective
            if now < cost * (1.0 - 1e-6):
                chosen, cost = moved, now
            elif reach == 1:
                reach = 3
            else:
                break
        return chosen


def _next_size(now: int, allowed: int | None) -> int:
    """How many to keep next: the nearer to the limit, the fewer are dropped on one relaxation's word."""
    if allowed is None or now <= allowed:
        return now
    return max(allowed, now - max(1, int(_DROP * (now - allowed))))


def _shorter(order: np.ndarray, keep: int) -> list[np.ndarray]:
    """The first ``keep``; where one has to go, all without one of the last few."""
    if keep < len(order) - 1:
        return [order[:keep]]
    return [np.delete(order, place) for place in range(max(0, len(order) - _CANDIDATES), len(order))]


def limited_design(
    grid: TimeGrid,
    covering: Covering,
    limits: ShiftLimits,
    seed: int,
    tell: Callable[[str], None],
) -> Limited:
    """A design within the limits and a bound on all of them.

    The relaxation over all shifts is a bound already. Its least used shifts are dropped until the limits hold, those
    left are moved to neighbouring starts and lengths while that pays, and the result is rounded to whole people.
    A program with one binary variable per distinct shift or start then improves both, where it is small enough.

    Parameters
    ----------
    grid, covering
        The shifts, and what they have to cover.
    limits
        Limits, at least one of them.
    seed
        Seed of the solver.
    tell
        Receives one line per stage.
    """
    search = _Search(grid, covering, limits, seed)
    everything = covering.model(grid)
    relaxed = relax(everything, seed)
    bound, known = (relaxed.objective, True) if relaxed.status == "optimal" else (0.0, False)
    if known:
        tell(f"shift design: relaxation {bound:.2f}")
        used = search.used(everything, grid, np.ones(len(grid.start), dtype=bool))
    else:
        used = np.bincount(search.types.of, grid.length).astype(float)
    chosen = search.reduce(used)
    if len(chosen) < np.count_nonzero(used):
        chosen = search.improve(chosen, search.solve(chosen)[2].objective)
    few, model, ended, _ = search.solve(chosen)
    tell(f"shift design: {len(chosen)} distinct shifts chosen, relaxation {ended.objective:.2f}")
    whole = round_whole(few, model, ended, covering.peak, seed, _ROUNDING_NODES)
    whole = replace(whole, clock=whole.clock or ended.status != "optimal")
    size = len(grid.start) + len(everything.breaks)
    if size <= _PROOF_SIZE and whole.objective - bound > 1e-6 * whole.objective:
        nodes = min(_PROOF_NODES, _PROOF_WORK // size)
        tell(f"shift design: proof over {nodes} nodes, cost so far {whole.objective:.2f}")
        proved, struck, found = _prove(grid, covering, limits, whole, nodes, seed)
        bound = max(bound, proved)
        if found is not None and found.objective < whole.objective:
            whole = found
        whole = replace(whole, clock=whole.clock or struck)
    return Limited(whole, bound, known)


def most_useful(grid: TimeGrid, covering: Covering) -> np.ndarray:
    """People of one shift beyond whom no optimum needs any, shape ``(shifts,)``.

    A person pays only by working in a slot with no more people than it asks for, R at most. Of x people on one
    shift with B slots of breaks, every such slot sees R at most at work and so x - R on a break; T such slots take
    ``T (x - R) <= x B``, or ``x <= R T`` where T is small. Hence ``x <= R (B + 1)``.
    """
    wanted = np.zeros(len(covering.slot_cost))
    wanted[: grid.slots] = covering.required
    if covering.minimum is not None:
        wanted[: grid.slots] = np.maximum(wanted[: grid.slots], covering.minimum)
    rest = [sum(pattern.length) + 1 for pattern in grid.patterns]
    most = [
        np.ceil(wanted[start : start + length].max() - 1e-9) * rest[pattern]
        for start, length, pattern in zip(
            grid.start.tolist(), grid.length.tolist(), grid.pattern.tolist(), strict=True
        )
    ]
    return np.array(most)


def _prove(
    grid: TimeGrid, covering: Covering, limits: ShiftLimits, whole: WholeShifts, nodes: int, seed: int
) -> tuple[float, bool, WholeShifts | None]:
    """The program with a binary variable per distinct shift and start.

    Returns its bound, whether the clock guard struck, and the best design.
    """
    model = covering.model(grid)
    problem, types, most = model.problem, _Types(grid), most_useful(grid, covering)
    starts, of_start = np.unique(types.start, return_inverse=True)
    shift_on = [problem.add_variable(f"y{index}", 0, 1, "Integer") for index in range(len(types))]
    start_on = [problem.add_variable(f"z{index}", 0, 1, "Integer") for index in range(len(starts))]
    for index, variable in enumerate(model.shifts):
        one = shift_on[int(types.of[index])]
        problem += (linear([variable, one], [1.0, -most[index]]) <= 0, f"used{index}")
    for index, one in enumerate(shift_on):
        problem += (linear([one, start_on[int(of_start[index])]], [1.0, -1.0]) <= 0, f"begins{index}")
    if limits.max_shifts is not None:
        problem += (linear(shift_on, [1.0] * len(shift_on)) <= limits.max_shifts, "shifts")
    if limits.max_starts is not None:
        problem += (linear(start_on, [1.0] * len(start_on)) <= limits.max_starts, "starts")
    start = _complete(model, grid, whole, seed)
    solved = solve(problem, nodes=nodes, seed=seed, clock_guard_s=CLOCK_GUARD_S, start=start)
    bound = solved.bound if np.isfinite(solved.bound) else 0.0
    struck = solved.limit == "clock guard"
    return bound, struck, read_whole(grid, model, solved) if solved.has_solution else None


def _complete(model: DesignModel, grid: TimeGrid, whole: WholeShifts, seed: int) -> dict[str, float] | None:
    """Values of all variables for the shifts of a known design."""
    place = {grid_key: index for index, grid_key in enumerate(_keys(grid))}
    known = {place[key]: int(people) for key, people in zip(_keys(whole.grid), whole.agents, strict=True)}
    for index, variable in enumerate(model.shifts):
        variable.lowBound = variable.upBound = known.get(index, 0)
    solved = solve(model.problem, nodes=1, seed=seed, clock_guard_s=CLOCK_GUARD_S)
    start = None
    if solved.has_solution:
        start = {variable.name: variable.varValue or 0.0 for variable in model.problem.variables()}
    for variable in model.shifts:
        variable.lowBound, variable.upBound = 0, None
    return start


def _keys(grid: TimeGrid) -> list[tuple[int, ...]]:
    return list(
        zip(grid.day.tolist(), grid.kind.tolist(), grid.start.tolist(), grid.length.tolist(), strict=True)
    )
