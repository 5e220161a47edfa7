"""Which intervals a missed or overshot goal raises or lowers: each person where it changes most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from staffing.sizing.path_service import PathService
from staffing.sizing.period import allocate
from staffing.sizing.proving.goals import ProofRules, Verdict
from staffing.sizing.proving.levers import Lever, lever
from staffing.sizing.proving.week_grid import WeekGrid
from staffing.sizing.targets import QueueTarget

# An overshot goal is lowered until this share of the allowed overshoot is left.
_LEFT_OVER = 1.0 / 3.0

# A day may be checked as a whole although its target is meant for every interval: none of them is then
# lowered to more than this below it.
_INTERVAL_SLACK = 0.1


@dataclass(frozen=True)
class Correction:
    """Whole people to add (> 0) or take away (< 0) for one goal.

    Attributes
    ----------
    verdict
        How the goal fared.
    intervals, people
        Where, and how many people on shift.
    expected
        Change of the deciding measure that this should bring, > 0 better.
    """

    verdict: Verdict
    intervals: np.ndarray
    people: np.ndarray
    expected: float


def correct(
    verdicts: Sequence[Verdict],
    service: PathService,
    grid: WeekGrid,
    scheduled: np.ndarray,
    covered: np.ndarray,
    rules: ProofRules,
    trust: np.ndarray,
) -> list[Correction]:
    """The fewest people that bring goals to their targets, and the most that overshot ones can spare.

    Parameters
    ----------
    verdicts
        How the goals fared; those within tolerance and overshoot are left alone.
    service, grid
        The simulated service and the forecast.
    scheduled, covered
        People on shift asked for and got, per queue and interval.
    rules
        How far one round goes.
    trust
        Of each verdict, see ``lever``.

    Returns
    -------
    A correction for each goal that changes anything.

    Notes
    -----
    A day's or week's shortfall goes to the intervals with the largest gain per agent-hour, along the concave hull
    of each interval's curve (the steps of a cutting plane for the whole period). An interval that the roster left
    short already is raised last: there the people are missing, not the requirement. One that has more people than
    were asked for is not lowered: they are there for other reasons.

    References
    ----------
    .. [1] J. Atlason, M. A. Epelman, S. G. Henderson (2008), Optimizing call center staffing using simulation and
       analytic center cutting-plane methods, Management Science 54(2).
    """
    alike: dict[tuple[str, str, bool], list[int]] = {}
    for number, verdict in enumerate(verdicts):
        missed = verdict.excess > rules.tolerance
        if missed or (rules.overshoot is not None and verdict.excess < -rules.overshoot):
            alike.setdefault((verdict.goal.queue, verdict.measure, missed), []).append(number)
    found: list[Correction] = []
    for (queue, _, missed), numbers in alike.items():
        some = [verdicts[number] for number in numbers]
        curve = lever(some, service, grid, trust[numbers])
        row = service.queue(queue)
        asked = scheduled[row, curve.interval]
        excess = np.clip([verdict.excess for verdict in some], -1.0, 1.0)
        largest = np.maximum(np.ceil(rules.largest_step * asked), 1.0).astype(np.int64)
        now = curve.levels(np.zeros(asked.size))
        if missed:
            people = _raised(curve, now + excess, largest, covered[row, curve.interval] < asked - 0.5)
        else:
            assert rules.overshoot is not None
            open_now = grid.is_open[row, curve.interval]
            spare = _spare(curve, grid.targets[row], open_now, largest, asked, some[0].measure)
            # Where more people are there than asked for, asking for fewer sends nobody home.
            spare = np.where(covered[row, curve.interval] > asked + 0.5, 0, spare)
            wanted = now + excess + _LEFT_OVER * rules.overshoot
            people = _bought(curve, -spare, np.zeros_like(spare), wanted)
        gain = curve.levels(people) - now
        for number, verdict in enumerate(some):
            mine = (curve.goal == number) & (people != 0)
            if mine.any():
                found.append(Correction(verdict, curve.interval[mine], people[mine], float(gain[number])))
    return found


def _raised(curve: Lever, wanted: np.ndarray, largest: np.ndarray, short: np.ndarray) -> np.ndarray:
    nobody = np.zeros_like(largest)
    people = _bought(curve, nobody, np.where(short, 0, largest), wanted)
    with np.errstate(invalid="ignore"):
        unreached = curve.levels(people) < wanted - 1e-6
    if not (short & unreached[curve.goal]).any():
        return people
    everywhere = _bought(curve, nobody, largest, wanted)
    return np.where(unreached[curve.goal], everywhere, people)


def _bought(curve: Lever, least: np.ndarray, most: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    if not curve.interval.size:
        return np.zeros(0, dtype=np.int64)
    return allocate(
        weight=curve.weight,
        period=curve.goal,
        least=least,
        most=most,
        target=np.nan_to_num(wanted),
        level_of=curve.level_of,
    )


def _spare(
    curve: Lever,
    target: QueueTarget,
    is_open: np.ndarray,
    largest: np.ndarray,
    asked: np.ndarray,
    measure: str,
) -> np.ndarray:
    """People whom each row can lose and still keep its interval's own least."""
    floor = np.where(is_open, target.min_agents / (1.0 - target.shrinkage), 0.0)
    spare = np.minimum(largest, np.maximum(np.floor(asked - floor + 1e-9), 0.0).astype(np.int64))
    if measure != "service_level":
        return spare
    alone = target.target_over == "interval"
    least = target.service_level - _INTERVAL_SLACK if alone else target.least_interval_level
    rows = np.arange(spare.size)
    kept = np.zeros_like(spare)
    for fewer in range(1, int(spare.max(initial=0)) + 1):
        rows = rows[spare[rows] >= fewer]
        rows = rows[curve.level_of(np.full(rows.size, -float(fewer)), rows) >= least]
        kept[rows] = fewer
    return kept
