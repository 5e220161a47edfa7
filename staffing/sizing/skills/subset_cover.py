"""Cover rows over sets of queues: whoever serves any queue of a set, together, must carry all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.queueing.requirement import required_agents_both
from staffing.queueing.targets import Targets
from staffing.sizing.confident_rate import confident_factor
from staffing.sizing.forecast_rows import ForecastRows
from staffing.sizing.targets import QueueTarget

MOST_SETS = 4096


@dataclass(frozen=True)
class CoverRows:
    """People that each set of queues needs in each interval.

    Attributes
    ----------
    queues, starts
        Names of the live queues and interval starts, in order.
    sets
        The sets, as indices into ``queues``, the smallest first.
    agents
        Fractional agents at work, shape ``(sets, intervals)``: the people who are skilled for any queue of the
        set have to be at least so many.
    load_erlangs
        Of each queue, shape ``(queues, intervals)``.
    shrinkage
        Share of each set's people who are away, weighted by work, shape ``(sets, intervals)``.
    """

    queues: tuple[str, ...]
    starts: pd.DatetimeIndex
    sets: tuple[tuple[int, ...], ...]
    agents: np.ndarray
    load_erlangs: np.ndarray
    shrinkage: np.ndarray

    @property
    def scheduled(self) -> np.ndarray:
        """Fractional people on shift per set and interval."""
        return self.agents / (1.0 - self.shrinkage)

    def table(self) -> pd.DataFrame:
        """``queues`` (names joined by +), ``start, agents, scheduled``, a row per set and interval."""
        names = [" + ".join(self.queues[queue] for queue in members) for members in self.sets]
        count = len(self.starts)
        return pd.DataFrame(
            {
                "queues": np.repeat(np.array(names, dtype=object), count),
                "start": self.starts.append([self.starts] * (len(names) - 1)) if names else self.starts[:0],
                "agents": self.agents.reshape(-1),
                "scheduled": self.scheduled.reshape(-1),
            }
        )


def connected_sets(queues: Sequence[str], groups: Mapping[str, Sequence[str]]) -> tuple[tuple[int, ...], ...]:
    """Sets of queues that people with several skills tie together, the smallest first.

    A set that falls into parts which nobody shares needs no row of its own: its parts' rows say more.

    Parameters
    ----------
    queues
        Names.
    groups
        Queues of each group of people; other queues are ignored.

    Returns
    -------
    Indices into ``queues``. Where there would be more than 4,096, the largest sets are left out, all queues
    together excepted.

    Raises
    ------
    ValueError
        On a queue that nobody is skilled for.
    """
    near = _near(queues, groups)
    found = [1 << number for number in range(len(queues))]
    seen = set(found)
    for mask in found:
        if len(found) >= MOST_SETS:
            break
        reach = 0
        for number in range(len(queues)):
            if mask >> number & 1:
                reach |= near[number]
        for number in range(len(queues)):
            grown = mask | 1 << number
            if reach >> number & 1 and grown not in seen:
                seen.add(grown)
                found.append(grown)
    found = found[:MOST_SETS]
    for part in _components(near):
        if part not in found:
            found.append(part)
    return tuple(tuple(number for number in range(len(queues)) if mask >> number & 1) for mask in found)


def connected_parts(
    queues: Sequence[str], groups: Mapping[str, Sequence[str]]
) -> tuple[tuple[int, ...], ...]:
    """The largest connected sets: parts of the centre that share nobody.

    Parameters and errors as for ``connected_sets``.
    """
    parts = _components(_near(queues, groups))
    return tuple(tuple(number for number in range(len(queues)) if mask >> number & 1) for mask in parts)


def _near(queues: Sequence[str], groups: Mapping[str, Sequence[str]]) -> list[int]:
    """For each queue, the bit mask of the queues that somebody serves together with it."""
    index = {queue: number for number, queue in enumerate(queues)}
    near = [0] * len(queues)
    for members in groups.values():
        mask = sum(1 << index[queue] for queue in set(members) if queue in index)
        for queue in members:
            if queue in index:
                near[index[queue]] |= mask
    for queue, mask in zip(queues, near, strict=True):
        if not mask:
            raise ValueError(f"queue {queue!r}: a group that is skilled for it expected, got none")
    return near


def _components(near: Sequence[int]) -> list[int]:
    parts: list[int] = []
    left = (1 << len(near)) - 1
    while left:
        part = left & -left
        while True:
            grown = part
            for number, mask in enumerate(near):
                if part >> number & 1:
                    grown |= mask
            if grown == part:
                break
            part = grown
        parts.append(part)
        left &= ~part
    return parts


def can_be_pooled(target: QueueTarget) -> bool:
    """Whether a queue's contacts can be added to another's: one at a time, no classes, a target in every interval."""
    alone = target.premium is None and target.pool is None and target.size_by == "targets"
    return alone and target.channel in ("phone", "callback") and target.target_over == "interval"


def cover_rows(
    forecast: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    interval_min: int,
    groups: Mapping[str, Sequence[str]],
) -> CoverRows:
    """The people that every connected set of queues needs in every interval, by Erlang C or A.

    Only queues for which ``can_be_pooled`` holds.

    Parameters
    ----------
    forecast, targets, interval_min
        As for ``size``; the queues share their interval starts.
    groups
        Queues of each group of people.

    Raises
    ------
    ValueError
        On a queue that nobody is skilled for, no queue that can be pooled, or input that ``size`` refuses.

    Notes
    -----
    A set is sized as one queue with its contacts and mean handling time; targets, thresholds and hazards of hanging
    up that differ are weighted by contacts. Necessary rows in a stationary interval, not sufficient ones: routing
    costs one to six points, which cuts from simulation give back.

    References
    ----------
    .. [1] M. T. Cezik, P. L'Ecuyer (2008), Staffing multiskill call centers via linear programming and simulation,
       Management Science 54(2).
    """
    rows = ForecastRows.of(forecast, targets, interval_min)
    live = [number for number, target in enumerate(rows.targets) if can_be_pooled(target)]
    if not live:
        raise ValueError("a phone queue with its targets in every interval expected, got none")
    grids = []
    for number in live:
        mine = np.flatnonzero(rows.code == number)
        grids.append(mine[np.argsort(rows.instant[mine], kind="stable")])
    if any(not np.array_equal(rows.instant[grid], rows.instant[grids[0]]) for grid in grids):
        raise ValueError("queues with the same interval starts expected, got different ones")
    contacts, aht_s = rows.contacts[np.array(grids)], rows.aht_s[np.array(grids)]
    chosen = [rows.targets[number] for number in live]
    sized = contacts * [
        confident_factor(rows, target, grid) for target, grid in zip(chosen, grids, strict=True)
    ]
    queues = tuple(target.queue for target in chosen)
    sets = connected_sets(queues, groups)
    agents, shrinkage = np.zeros((len(sets), contacts.shape[1])), np.zeros((len(sets), contacts.shape[1]))
    for row, members in enumerate(sets):
        some = [chosen[member] for member in members]
        agents[row], shrinkage[row] = _together(
            some, sized[list(members)], aht_s[list(members)], 60.0 * interval_min
        )
        is_open = rows.is_open[np.array(grids)[list(members)]]
        least = (is_open * np.array([target.min_agents for target in some])[:, None]).max(axis=0)
        agents[row] = np.maximum(agents[row], least)
    starts = pd.DatetimeIndex(rows.start[grids[0]])
    return CoverRows(queues, starts, sets, agents, contacts * aht_s / (60.0 * interval_min), shrinkage)


def _together(
    targets: Sequence[QueueTarget], contacts: np.ndarray, aht_s: np.ndarray, interval_s: float
) -> tuple[np.ndarray, np.ndarray]:
    """Fractional agents and shrinkage of queues taken as one, per interval."""
    volume = contacts.sum(axis=0)
    work = (contacts * aht_s).sum(axis=0)
    busy = volume > 0
    agents = np.zeros(volume.size)
    share = np.where(busy, contacts / np.where(busy, volume, 1.0), 1.0 / len(targets))

    def weighted(values: Sequence[float]) -> np.ndarray:
        return np.asarray((np.array(values, dtype=float)[:, None] * share).sum(axis=0)[busy])

    hazard = weighted([0.0 if target.patience_s is None else 1.0 / target.patience_s for target in targets])
    shrinkage = (np.array([target.shrinkage for target in targets])[:, None] * share).sum(axis=0)
    if not busy.any():
        return agents, shrinkage
    limits = {
        name: _limit([getattr(target, name) for target in targets])
        for name in ("asa_s", "max_occupancy", "max_abandonment")
    }
    wanted = Targets(
        service_level=weighted([target.service_level for target in targets]),
        answer_within_s=weighted([target.answer_within_s for target in targets]),
        definition=targets[0].definition,
        **limits,
    )
    patient = hazard <= 0
    handling = work[busy] / volume[busy]
    load = work[busy] / interval_s
    if patient.all():
        _, found = required_agents_both(load, handling, wanted)
    else:
        # A set of which only some hang up: its mean hazard, as if all did a little.
        _, found = required_agents_both(load, handling, wanted, 1.0 / np.maximum(hazard, 1e-6))
    agents[busy] = found.agents
    return agents, shrinkage


def _limit(values: Sequence[float | None]) -> float | None:
    """A limit that all queues of a set have, at its widest; others are the queues' own rows'."""
    given = [value for value in values if value is not None]
    return max(given) if given and len(given) == len(values) else None
