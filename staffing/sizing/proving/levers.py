"""What one person more or fewer in an interval would change, seen from the service that was simulated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from staffing.sizing.live import LiveRows
from staffing.sizing.path_service import PathService
from staffing.sizing.proving.goals import Verdict
from staffing.sizing.proving.week_grid import WeekGrid
from staffing.sizing.targets import QueueTarget

LevelOf = Callable[[np.ndarray, np.ndarray], np.ndarray]

_LONGEST_ASA = 20.0  # times its limit: a queue that only grows has no slope beyond
_NEARLY_ALL = (
    0.999  # a level of exactly 1 has no agents that give it, and few paths cannot tell the two apart
)


@dataclass(frozen=True)
class Lever:
    """Service of goals of one queue that hang on the same measure, as a function of people added or taken away.

    Attributes
    ----------
    interval, goal
        Interval and number of the goal of each row, shape ``(rows,)``; intervals without contacts are left out.
    weight
        What each row counts: contacts, or answered contacts for the speed of answer.
    level_of
        Level of people (steps, may be negative) in given rows; never falls with people.
    goals
        Number of goals.
    """

    interval: np.ndarray
    goal: np.ndarray
    weight: np.ndarray
    level_of: LevelOf
    goals: int

    def levels(self, people: np.ndarray) -> np.ndarray:
        """Level of each goal with so many people more or fewer per row; NaN for a goal without rows."""
        level = self.level_of(people.astype(float), np.arange(people.size))
        weight = np.bincount(self.goal, self.weight, minlength=self.goals)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.bincount(self.goal, self.weight * level, minlength=self.goals) / weight


def lever(verdicts: Sequence[Verdict], service: PathService, grid: WeekGrid, trust: np.ndarray) -> Lever:
    """The lever of goals of one queue that the same measure decides.

    Parameters
    ----------
    verdicts
        How the goals fared; of each, its adverse paths are looked at.
    service
        The simulated service.
    grid
        The forecast.
    trust
        What a person has done so far in each goal, as a multiple of what was expected, > 0.

    Notes
    -----
    The agents with which the queue's formula gives what was simulated (the effective agents) stand for the
    roster, with its breaks, its carried-over queue and the help of other queues' people; a person
    moves along the formula's curve from there. That is the tangent of the simulated service without a
    simulation per interval.
    """
    queue, measure = service.queue(verdicts[0].goal.queue), verdicts[0].measure
    target = grid.targets[queue]
    seen = [_seen(verdict, service, queue) for verdict in verdicts]
    counts = {name: np.concatenate([one[name] for one in seen]) for name in seen[0]}
    goal = np.repeat(np.arange(len(verdicts)), [verdict.goal.intervals.size for verdict in verdicts])
    interval = np.concatenate([verdict.goal.intervals for verdict in verdicts])
    busy = (counts["offered"] > 0) & (counts["levelled"] > 0)
    goal, interval = goal[busy], interval[busy]
    counts = {name: values[busy] for name, values in counts.items()}
    offered = counts["offered"]
    measured = _measured(measure, target, counts)
    weight = counts["answered"] if measure == "asa_s" else counts["levelled"]
    at_work = trust[goal] * (1.0 - target.shrinkage)
    if target.may_wait:
        share = grid.interval_h * 3600.0 / (grid.aht_s[queue, interval] * offered)

        def deferred(steps: np.ndarray, rows: np.ndarray) -> np.ndarray:
            return np.clip(measured[rows] + steps * at_work[rows] * share[rows], 0.0, 1.0)

        return Lever(interval, goal, weight, deferred, len(verdicts))
    live = LiveRows(
        grid.targets,
        np.full(interval.size, queue),
        offered,
        grid.aht_s[queue, interval],
        3600.0 * grid.interval_h,
    )

    def formula(agents: np.ndarray, rows: np.ndarray) -> np.ndarray:
        if not rows.size:
            return np.zeros(0)
        return _formula(measure, target, live.rows(rows), np.maximum(agents, 0.0))

    effective = _inverted(formula, measured) if interval.size else np.zeros(0)

    def level_of(steps: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return formula(effective[rows] + steps * at_work[rows], rows)

    return Lever(interval, goal, weight, level_of, len(verdicts))


def _seen(verdict: Verdict, service: PathService, queue: int) -> dict[str, np.ndarray]:
    """Mean counts per interval of a goal over its adverse paths."""
    some = verdict.goal.intervals

    def mean(values: np.ndarray) -> np.ndarray:
        return values[verdict.adverse][:, queue, some].mean(axis=0)

    found = {
        "offered": mean(service.offered),
        "levelled": mean(service.levelled),
        "in_time": mean(service.in_time),
        "abandoned": mean(service.abandoned),
        "wait_s": mean(service.wait_s),
        "busy_h": mean(service.busy_h),
        "staffed_h": mean(service.staffed_h),
    }
    found["answered"] = np.maximum(found["offered"] - found["abandoned"], 1e-9)
    return found


def _measured(measure: str, target: QueueTarget, counts: dict[str, np.ndarray]) -> np.ndarray:
    """What was simulated per interval, as a level that rises with people."""
    if measure == "max_abandonment":
        return 1.0 - counts["abandoned"] / counts["offered"]
    if measure == "asa_s":
        assert target.asa_s is not None
        return -np.minimum(counts["wait_s"] / counts["answered"] / target.asa_s, _LONGEST_ASA)
    if measure == "max_occupancy":
        return 1.0 - np.minimum(counts["busy_h"] / np.maximum(counts["staffed_h"], 1e-9), 1.0)
    return counts["in_time"] / counts["levelled"]


def _formula(measure: str, target: QueueTarget, live: LiveRows, agents: np.ndarray) -> np.ndarray:
    found = live.perform(agents)
    if measure == "max_abandonment":
        return 1.0 - found.abandonment
    if measure == "asa_s":
        assert target.asa_s is not None
        # NaN: nobody is ever answered.
        return -np.minimum(np.nan_to_num(found.asa_s / target.asa_s, nan=_LONGEST_ASA), _LONGEST_ASA)
    if measure == "max_occupancy":
        return 1.0 - np.minimum(found.occupancy, 1.0)
    return np.asarray(found.service_level)


def _inverted(formula: LevelOf, measured: np.ndarray) -> np.ndarray:
    """Agents, on the reals, with which the formula gives what was measured."""
    rows = np.arange(measured.size)
    wanted = np.where(measured > 0, np.minimum(measured, _NEARLY_ALL), measured)
    low, high = np.zeros(measured.size), np.ones(measured.size)
    for _ in range(20):
        short = formula(high, rows) < wanted
        if not short.any():
            break
        low = np.where(short, high, low)
        high = np.where(short, 2.0 * high, high)
    for _ in range(20):
        middle = 0.5 * (low + high)
        short = formula(middle, rows) < wanted
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return 0.5 * (low + high)
