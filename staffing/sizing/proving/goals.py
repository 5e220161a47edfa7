"""What a roster has to hold for its plan to count as proved."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.sizing.path_service import PathService
from staffing.sizing.targets import Over, QueueTarget

# Limits from above besides the service level, by the name of the target's field.
_LIMITS = {"asa_s": "asa_s", "max_occupancy": "occupancy", "max_abandonment": "abandonment"}


@dataclass(frozen=True)
class ProofRules:
    """When a target counts as held, and how far the loop goes.

    Parameters
    ----------
    over
        ``"interval"``, ``"day"`` or ``"week"`` (all of the horizon): what each target is to hold over; ``None``
        takes each target's own ``target_over``.
    tolerance
        Points of service level, abandonment and occupancy by which a target may be missed, and the share
        by which a speed of answer may be longer; in [0, 0.5].
    overshoot
        Points above the target from which on the requirement is lowered, >= 0; ``None`` never lowers.
    confidence
        Share of the paths that have to hold a target, in (0, 1). ``None`` takes each target's own
        ``confidence`` and, without one, the mean over all paths.
    max_iterations
        Rosters made at most, >= 1.
    largest_step
        Share of the requirement by which one round raises or lowers an interval at most (at least one
        person), > 0.

    Raises
    ------
    ValueError
        On a value outside its range.
    """

    over: Over | None = None
    tolerance: float = 0.02
    overshoot: float | None = 0.03
    confidence: float | None = None
    max_iterations: int = 6
    largest_step: float = 0.3

    def __post_init__(self) -> None:
        if self.over not in (None, "interval", "day", "week"):
            raise ValueError(f"over in ('interval', 'day', 'week') expected, got {self.over!r}")
        if not 0 <= self.tolerance <= 0.5:
            raise ValueError(f"0 <= tolerance <= 0.5 expected, got {self.tolerance!r}")
        if self.overshoot is not None and not self.overshoot >= 0:
            raise ValueError(f"overshoot >= 0 expected, got {self.overshoot!r}")
        if self.confidence is not None and not 0 < self.confidence < 1:
            raise ValueError(f"0 < confidence < 1 expected, got {self.confidence!r}")
        if self.max_iterations < 1 or self.max_iterations != int(self.max_iterations):
            raise ValueError(f"a whole max_iterations >= 1 expected, got {self.max_iterations!r}")
        if not self.largest_step > 0:
            raise ValueError(f"largest_step > 0 expected, got {self.largest_step!r}")

    def confidence_of(self, target: QueueTarget) -> float | None:
        """Share of the paths that have to hold this target; ``None`` for the mean."""
        return self.confidence if self.confidence is not None else target.confidence


USUAL = ProofRules()


@dataclass(frozen=True)
class Goal:
    """One queue and one period in which its targets have to hold.

    Attributes
    ----------
    queue, period
        The queue, and the period's name: an interval's start, a local day, ``"week"``.
    intervals
        Indices of its intervals.
    """

    queue: str
    period: str
    intervals: np.ndarray


@dataclass(frozen=True)
class Verdict:
    """How one goal fared.

    Attributes
    ----------
    goal
        The goal.
    measure
        The target that decides: ``service_level`` or the name of a limit.
    excess
        By how much it is missed (> 0) or kept (<= 0): points, a share for the speed of answer. With a confidence
        that of the path at this place.
    level, met_probability
        Mean service level over the paths, and the share of the paths that hold all targets.
    adverse
        Paths that decide: all of them, or with a confidence those at or beyond its place.
    """

    goal: Goal
    measure: str
    excess: float
    level: float
    met_probability: float
    adverse: np.ndarray


def goals_of(
    service: PathService, targets: Mapping[str, QueueTarget], rules: ProofRules = USUAL
) -> tuple[Goal, ...]:
    """The goals of all queues, those without any contact left out."""
    found: list[Goal] = []
    days = service.local_days()
    for index, queue in enumerate(service.queues):
        busy = np.flatnonzero(service.offered[:, index, :].sum(axis=0) > 0)
        over = rules.over or targets[queue].target_over
        found.extend(Goal(queue, name, some) for name, some in periods(service.starts, days, busy, over))
    return tuple(found)


def periods(
    starts: pd.DatetimeIndex, days: np.ndarray, busy: np.ndarray, over: Over
) -> list[tuple[str, np.ndarray]]:
    """Name and intervals of each period that has one of the ``busy`` intervals."""
    if over == "interval":
        return [(starts[one].strftime("%Y-%m-%d %H:%M"), np.array([one])) for one in busy]
    if over == "week":
        return [("week", busy)] if busy.size else []
    return [(str(day), busy[days[busy] == day]) for day in dict.fromkeys(days[busy])]


def excesses(target: QueueTarget, found: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """By how much each of a queue's targets is missed; nothing is missed where there were no contacts."""
    out = {"service_level": target.service_level - found["service_level"]}
    for name, measure in _LIMITS.items():
        limit = getattr(target, name)
        if limit is not None:
            over = found[measure] - limit
            out[name] = over / limit if name == "asa_s" else over
    nobody = ~(found["contacts"] > 0)
    # NaN with contacts: nobody was answered or nobody was there, which is no way to keep a limit.
    return {
        name: np.where(nobody, -np.inf, np.where(np.isnan(value), np.inf, value))
        for name, value in out.items()
    }


def judge(
    service: PathService,
    targets: Mapping[str, QueueTarget],
    goals: Sequence[Goal],
    rules: ProofRules = USUAL,
) -> tuple[Verdict, ...]:
    """How every goal fared on the paths."""
    return tuple(_judge(service, targets[goal.queue], goal, rules) for goal in goals)


def _judge(service: PathService, target: QueueTarget, goal: Goal, rules: ProofRules) -> Verdict:
    queue = service.queue(goal.queue)
    apart = excesses(target, service.measures(queue, goal.intervals))
    everywhere = np.arange(service.paths)
    joint = service.measures(queue, goal.intervals, everywhere)
    worst = np.max(list(apart.values()), axis=0)
    confidence = rules.confidence_of(target)
    adverse = everywhere
    if confidence is None:
        decides = {name: float(value[0]) for name, value in excesses(target, joint).items()}
    else:
        order = np.argsort(worst, kind="stable")
        place = min(max(math.ceil(confidence * service.paths - 1e-9) - 1, 0), service.paths - 1)
        adverse = np.sort(order[place:])
        decides = {name: float(value[order[place]]) for name, value in apart.items()}
    measure = max(decides, key=lambda name: decides[name])
    return Verdict(
        goal=goal,
        measure=measure,
        excess=decides[measure],
        level=float(joint["service_level"][0]),
        met_probability=float((worst <= 1e-9).mean()),
        adverse=adverse,
    )
