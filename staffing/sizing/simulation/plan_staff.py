"""The people of a plan's staff table or roster, for a simulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from staffing.sizing.forecast_rows import require_columns
from staffing.sizing.simulation.plan_grid import NANOSECONDS, PlanGrid
from staffing.sizing.simulation.staff import Group, Staff


def staff_of_slots(
    grid: PlanGrid, names: Sequence[str], staff: pd.DataFrame, slot_min: int | None
) -> tuple[tuple[Group, ...], Staff]:
    """Teams of a queue or pool, and their people per slot without those that shrinkage takes."""
    require_columns(staff, ("queue", "start", "scheduled"), "staff")
    if slot_min is None or slot_min <= 0 or (grid.length_ns // (60 * NANOSECONDS)) % slot_min:
        raise ValueError(f"slot_min that divides the interval expected with staff, got {slot_min!r}")
    pools: dict[str, list[int]] = {}
    for code, target in enumerate(grid.rows.targets):
        pools.setdefault(f"pool {target.pool}" if target.pool is not None else names[code], []).append(code)
    per = grid.length_ns // (slot_min * 60 * NANOSECONDS)
    people = np.zeros((len(pools), grid.intervals * per))
    place = grid.seconds(staff["start"]) / (60.0 * slot_min)
    inside = (place >= 0) & (place < people.shape[1])
    if (place != np.floor(place)).any():
        at = staff["start"].to_numpy()[place != np.floor(place)][0]
        raise ValueError(f"staff: starts on the grid of {slot_min} min expected, got {at}")
    scheduled = staff["scheduled"].to_numpy(dtype=float)
    if len(staff) and not inside.any():
        raise ValueError(
            f"staff: slots from {grid.starts[0]} to {grid.starts[-1]} expected, got {staff['start'].iloc[0]}"
        )
    for number, codes in enumerate(pools.values()):
        for code in codes:
            mine = inside & (staff["queue"] == names[code]).to_numpy()
            there = scheduled[mine] * (1.0 - grid.rows.targets[code].shrinkage)
            np.add.at(people[number], place[mine].astype(np.int64), there)
    groups = tuple(Group(pool, tuple(names[code] for code in codes)) for pool, codes in pools.items())
    return groups, Staff.of_slots(people, 60.0 * slot_min, slots_per_day=1440 // slot_min)


def staff_of_roster(
    grid: PlanGrid, names: Sequence[str], roster: pd.DataFrame, skills: Mapping[str, Sequence[str]] | None
) -> tuple[tuple[Group, ...], Staff, float]:
    """Groups by skills, the roster's stretches of work, and the share that shrinkage takes of the people."""
    require_columns(roster, ("agent", "start", "end", "queue"), "roster")
    work = roster[roster["queue"].fillna("").astype(str) != ""]
    start, end = grid.seconds(work["start"]), grid.seconds(work["end"])
    horizon = grid.intervals * grid.length_ns / NANOSECONDS
    inside = (end > 0) & (start < horizon)
    if len(work) and not inside.any():
        raise ValueError(
            f"roster: work between {grid.starts[0]} and {grid.starts[-1]} expected, got {work['start'].iloc[0]} first"
        )
    who, _ = pd.factorize(work["agent"].astype(str))
    served: dict[tuple[str, ...], int] = {}
    group = np.zeros(len(work), dtype=np.int64)
    for row, (agent, queue) in enumerate(
        zip(work["agent"].astype(str), work["queue"].astype(str), strict=True)
    ):
        if skills is None:
            able: tuple[str, ...] = (queue,)
        else:
            if agent not in skills:
                raise ValueError(f"skills of every agent in the roster expected, got none for {agent!r}")
            able = tuple(name for name in names if name in set(skills[agent]))
        unknown = [name for name in able if name not in names]
        if unknown or not able:
            raise ValueError(f"roster: queues among {list(names)} expected for {agent!r}, got {queue!r}")
        group[row] = served.setdefault(able, len(served))
    day = pd.DatetimeIndex(work["start"]).tz_localize(None).normalize()
    keep = np.flatnonzero(inside)
    staff = Staff.of_stretches(
        *_joined(group[keep], who[keep], start[keep], np.minimum(end[keep], horizon), day.to_numpy()[keep])
    )
    shrinkage = max((target.shrinkage for target in grid.rows.targets), default=0.0)
    for queues in (skills or {}).values():
        # Skilled people who do not work in this roster: their queues are served by nobody, not unknown.
        able = tuple(name for name in names if name in set(queues))
        if able:
            served.setdefault(able, len(served))
    groups = tuple(Group(" + ".join(able), able) for able in served)
    return groups, staff, float(shrinkage)


def _joined(
    group: np.ndarray, who: np.ndarray, start: np.ndarray, end: np.ndarray, day: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Stretches that follow each other without a gap, with the same skills, made one."""
    order = np.lexsort((start, who))
    group, who, start, end, day = group[order], who[order], start[order], end[order], day[order]
    number = day.astype("datetime64[D]").astype(np.int64)
    if not who.size:
        return group, who, start, end, number
    new = np.ones(who.size, dtype=bool)
    same = (who[1:] == who[:-1]) & (group[1:] == group[:-1]) & (np.abs(start[1:] - end[:-1]) < 1e-6)
    new[1:] = ~same
    first = np.flatnonzero(new)
    return (
        group[first],
        who[first],
        start[first],
        np.maximum.reduceat(end, first),
        number[first] - number.min(),
    )
