"""People per group that hold every queue's target in simulation: cover rows first, then cuts where it falls short."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.sizing.skills.group_program import Cut, cheapest_groups

LevelsOf = Callable[[np.ndarray], np.ndarray]

_STEPS = (1, 2, 4, 8)


@dataclass(frozen=True)
class StaffedGroups:
    """People per group, and how they were found.

    Attributes
    ----------
    people
        Per group, in the order given.
    levels
        Service level per queue by the simulation that was used.
    held
        Whether every target holds within the tolerance.
    cost
        Of the people.
    rounds
        ``round, cost, people, worst_queue, shortfall, cuts``.
    simulations
        Number of simulations.
    """

    people: np.ndarray
    levels: np.ndarray
    held: bool
    cost: float
    rounds: pd.DataFrame
    simulations: int


def staff_groups(
    levels_of: LevelsOf,
    rows: Sequence[Cut],
    cost: np.ndarray,
    queues: Sequence[str],
    target_levels: np.ndarray,
    *,
    most: np.ndarray | None = None,
    tolerance: float = 0.005,
    max_rounds: int = 15,
) -> StaffedGroups:
    """The cheapest people per group with which simulation holds every queue's target.

    Parameters
    ----------
    levels_of
        Service level per queue of whole people per group, by simulation with the same random numbers every time.
    rows
        Cover rows to start from, see ``rows_of_interval``.
    cost
        Of a person of each group, > 0.
    queues, target_levels
        Names and wanted service levels.
    most
        People there are of each group.
    tolerance
        Points by which a level may stay below its target, in [0, 0.5].
    max_rounds
        Programs solved at most, >= 1.

    Returns
    -------
    StaffedGroups
        The cheapest people who hold, thinned out one by one at the end; else the closest.

    Raises
    ------
    ValueError
        On values out of range, or rows and cuts that the people there are cannot satisfy.

    Notes
    -----
    Where a queue misses its target, its level is differentiated by one more person of each group (more people
    where one changes nothing) and the tangent becomes a row: the level is concave in the people where it is near its
    target. A tangent that would keep the people as they are is raised by one person.

    References
    ----------
    .. [1] J. Atlason, M. A. Epelman, S. G. Henderson (2004), Call center staffing with simulation and cutting plane
       methods, Annals of Operations Research 127.
    .. [2] M. T. Cezik, P. L'Ecuyer (2008), Management Science 54(2).
    """
    if not 0 <= tolerance <= 0.5:
        raise ValueError(f"0 <= tolerance <= 0.5 expected, got {tolerance!r}")
    if max_rounds < 1:
        raise ValueError(f"max_rounds >= 1 expected, got {max_rounds!r}")
    wanted = np.asarray(target_levels, dtype=float) - tolerance
    seen = _Seen(levels_of)
    cuts, trail = list(rows), []
    best: tuple[float, float, np.ndarray] | None = None
    for turn in range(1, max_rounds + 1):
        people = cheapest_groups(cost, cuts, most)
        levels = seen(people)
        short = np.maximum(wanted - levels, 0.0)
        worst = int(short.argmax())
        score = (float(short.sum()), float(cost @ people), people)
        if best is None or score[:2] < best[:2]:
            best = score
        fresh = [
            _tangent(seen, people, queue, float(wanted[queue]), queues[queue])
            for queue in np.flatnonzero(short).tolist()
        ]
        trail.append(
            (turn, float(cost @ people), people.tolist(), queues[worst], float(short[worst]), len(fresh))
        )
        if not fresh:
            break
        cuts.extend(fresh)
    assert best is not None
    people = best[2]
    if best[0] <= 0:
        people = _thinned(seen, people, cost, wanted)
    levels = seen(people)
    columns = ["round", "cost", "people", "worst_queue", "shortfall", "cuts"]
    return StaffedGroups(
        people=people,
        levels=levels,
        held=bool((levels >= wanted - 1e-12).all()),
        cost=float(cost @ people),
        rounds=pd.DataFrame(trail, columns=columns),
        simulations=seen.count,
    )


def rows_of_interval(
    sets: Sequence[Sequence[int]],
    agents: np.ndarray,
    queues: Sequence[str],
    groups: Mapping[str, Sequence[str]],
) -> list[Cut]:
    """Cover rows of one interval as rows on people per group.

    Parameters
    ----------
    sets, agents
        Of ``CoverRows``, ``agents`` of one interval.
    queues, groups
        Queue names, and the queues of each group in the order of the people.
    """
    found = []
    for members, least in zip(sets, agents, strict=True):
        names = {queues[member] for member in members}
        skilled = np.array([float(bool(names & set(served))) for served in groups.values()])
        found.append(Cut(skilled, float(least), " + ".join(sorted(names))))
    return found


class _Seen:
    """A simulation that is asked about the same people only once."""

    def __init__(self, levels_of: LevelsOf) -> None:
        self.levels_of, self.known = levels_of, dict[tuple[int, ...], np.ndarray]()

    @property
    def count(self) -> int:
        return len(self.known)

    def __call__(self, people: np.ndarray) -> np.ndarray:
        key = tuple(int(number) for number in people)
        if key not in self.known:
            self.known[key] = np.asarray(self.levels_of(people), dtype=float)
        return self.known[key]


def _tangent(seen: _Seen, people: np.ndarray, queue: int, wanted: float, name: str) -> Cut:
    """A row that the people here do not satisfy, from what one more of each group would change."""
    level = seen(people)[queue]
    slopes = np.zeros(people.size)
    for step in _STEPS:
        for group in range(people.size):
            more = people.copy()
            more[group] += step
            slopes[group] = max(seen(more)[queue] - level, 0.0) / step
        if slopes.max() > 1e-4:
            break
    if slopes.max() <= 0:
        # Flat as far as one can see: somebody has to come, whoever it is.
        slopes = np.ones(people.size)
        return Cut(slopes, float(slopes @ people) + 1.0, name)
    least = float(slopes @ people) + (wanted - level)
    # Rounded noise must not keep the same people feasible.
    return Cut(slopes, max(least, float(slopes @ people) + 0.5 * float(slopes[slopes > 0].min())), name)


def _thinned(seen: _Seen, people: np.ndarray, cost: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Send home, or put a cheaper one in place of, a person at a time as long as every target holds."""
    while True:
        moves: list[np.ndarray] = []
        for group in np.flatnonzero(people):
            fewer = people.copy()
            fewer[group] -= 1
            moves.append(fewer)
            for other in range(people.size):
                if cost[other] < cost[group] - 1e-12:
                    swapped = fewer.copy()
                    swapped[other] += 1
                    moves.append(swapped)
        moves.sort(key=lambda move: float(cost @ move))
        for move in moves:
            if (seen(move) >= wanted).all():
                people = move
                break
        else:
            return people
