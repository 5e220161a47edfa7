"""One person's shifts as options: sorted by day and label, with when each start can follow each end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from schedules.rules import NightWindow, Rules
from schedules.shiftnature import night_shifts, wall_end_min
from schedules.timegrid import TimeGrid
from schedules.tourarrays import NO_WEEKLY_REST, REST_TOO_LONG
from schedules.tourstates import Label

FAR = 1 << 40


class Options(NamedTuple):
    """Options of a form as arrays; see ``TourSpace``."""

    block_start: np.ndarray
    block_pattern: np.ndarray
    order: np.ndarray  # shift on the grid of each option
    block: np.ndarray
    rank: np.ndarray
    ready: np.ndarray
    ready_long: np.ndarray
    late: np.ndarray
    label_ptr: np.ndarray
    labels: tuple[Label, ...]
    starts: np.ndarray  # distinct starts of each day
    jump: np.ndarray  # ready class of each week after the stretch that opens it
    classes: np.ndarray
    open_classes: np.ndarray
    bands: tuple[tuple[int, int], ...]


class ShiftTraits:
    """Traits of all shifts of a grid that some rule may ask for, each computed once."""

    def __init__(self, grid: TimeGrid, late_after_min: int | None, names: Sequence[str] = ()) -> None:
        self.grid = grid
        self.unit_min = int(np.gcd.reduce(grid.paid_min)) if len(grid.paid_min) else 1
        none = np.zeros(len(grid.start), dtype=bool)
        self.late = none if late_after_min is None else wall_end_min(grid) > late_after_min
        self.none = none
        self._nights: dict[NightWindow, np.ndarray] = {}
        # Kinds that only the past knows take part in successions too.
        known = [kind.name for kind in grid.kinds]
        self.kind_number = {name: at + 1 for at, name in enumerate(dict.fromkeys([*known, *names]))}

    def night(self, rules: Rules) -> np.ndarray:
        """Which shifts are nights."""
        if rules.night not in self._nights:
            self._nights[rules.night] = night_shifts(self.grid, rules.night)
        return self._nights[rules.night]

    def successions(self, rules: Rules) -> tuple[tuple[int, int], ...]:
        """Forbidden pairs by number of the kind; pairs with a second that no shift has are left out."""
        kinds = {kind.name for kind in self.grid.kinds}
        return tuple(
            sorted(
                {
                    (self.kind_number[first], self.kind_number[second])
                    for first, second in rules.forbidden_successions
                    if second in kinds and first in self.kind_number
                }
            )
        )


def tour_options(traits: ShiftTraits, rules: Rules, mask: np.ndarray, last_end_min: float) -> Options:
    """Options of whoever may work the shifts of ``mask``; the shift before the horizon ended at ``last_end_min``."""
    grid = traits.grid
    chosen = np.flatnonzero(mask)
    ends = grid.start[chosen] + grid.length[chosen]
    weekly = rules.weekly_rest_h is not None
    week_of = grid.day[chosen] // 7
    weeks = -(-grid.days // 7)
    week_end = grid.day_slot[np.minimum(7 * np.arange(1, weeks + 2), grid.days)]
    crossing = (ends > week_end[week_of]) & (week_of < weeks - 1) if weekly else np.zeros(len(chosen), bool)
    labels, label_of = _labels(traits, rules, chosen, crossing)
    sequence = np.lexsort((chosen, grid.start[chosen], label_of, grid.day[chosen]))
    order, label_of, crossing = chosen[sequence], label_of[sequence], crossing[sequence]
    # A block's best breaks serve every length that shares the pattern.
    blocks, block = np.unique(
        np.stack([grid.start[order], grid.pattern[order]], axis=1), axis=0, return_inverse=True
    )
    day, end = grid.day[order], grid.start[order] + grid.length[order]
    # Days are apart in time, so that one list of starts serves all.
    distinct = np.unique(np.stack([grid.start[order], day], axis=1), axis=0)
    moments, begin = distinct[:, 0], np.searchsorted(distinct[:, 1], np.arange(grid.days + 1))
    rank = np.searchsorted(moments, grid.start[order]) - begin[day]

    def ready_by(slot: np.ndarray) -> np.ndarray:
        return np.maximum(np.searchsorted(moments, slot) - begin[day + 1], 0)

    ready = ready_by(end + _slots(rules.min_rest_h, grid))
    ready_long = np.full(len(order), REST_TOO_LONG, dtype=np.int64)
    jump = np.full(weeks, NO_WEEKLY_REST, dtype=np.int64)
    if rules.weekly_rest_h is not None:
        rested = end + _slots(rules.weekly_rest_h, grid)
        within = rested <= week_end[day // 7 + crossing]
        ready_long[within] = np.maximum(ready_by(rested), ready)[within]
        for week in range(weeks):
            begins_min = max(
                int(grid.day_slot[7 * week]) * grid.slot_min, last_end_min if week == 0 else -FAR
            )
            free_until = begins_min + rules.weekly_rest_h * 60
            fits = free_until <= week_end[week] * grid.slot_min + 1e-6
            first = int(np.searchsorted(moments * grid.slot_min, free_until - 1e-6))
            jump[week] = max(0, first - int(begin[7 * week])) if fits else REST_TOO_LONG
    starts = np.diff(begin)
    label_ptr = np.searchsorted(
        day * (len(labels) + 1) + label_of,
        (np.arange(grid.days)[:, None] * (len(labels) + 1) + np.arange(len(labels) + 1)).ravel(),
    ).reshape(grid.days, len(labels) + 1)
    return Options(
        blocks[:, 0].copy() if len(order) else np.zeros(0, np.int64),
        blocks[:, 1].copy() if len(order) else np.zeros(0, np.int64),
        order,
        block.reshape(-1),
        rank,
        ready,
        ready_long,
        traits.late[order].astype(np.int64),
        label_ptr,
        labels,
        starts,
        jump,
        _classes(grid, day, starts, np.maximum(ready, ready_long), jump),
        _classes(grid, day, starts, ready, None),
        _bands(grid, rules, order),
    )


def _slots(hours: float, grid: TimeGrid) -> int:
    return -(-round(hours * 3600) // (grid.slot_min * 60))


def _labels(
    traits: ShiftTraits, rules: Rules, chosen: np.ndarray, crossing: np.ndarray
) -> tuple[tuple[Label, ...], np.ndarray]:
    """Distinct labels in order, and the label of each shift."""
    grid = traits.grid
    units = grid.paid_min[chosen] // traits.unit_min
    night = traits.none if rules.max_nights_in_a_row is None else traits.night(rules)
    kind = np.zeros(len(chosen), dtype=np.int64)
    if rules.forbidden_successions:
        spoken = {name for pair in rules.forbidden_successions for name in pair}
        number = np.array([traits.kind_number[k.name] if k.name in spoken else 0 for k in grid.kinds])
        kind = number[grid.kind[chosen]]
    table = np.stack([units, night[chosen], kind, traits.late[chosen], crossing], axis=1).astype(np.int64)
    found, label_of = np.unique(table, axis=0, return_inverse=True)
    labels = tuple(Label(int(row[0]), bool(row[1]), int(row[2]), bool(row[3]), bool(row[4])) for row in found)
    return labels, label_of.reshape(-1)


def _bands(grid: TimeGrid, rules: Rules, order: np.ndarray) -> tuple[tuple[int, int], ...]:
    """Ranges of wall-clock starts that one week may use, none inside another."""
    minutes = np.unique(grid.start_min[order])
    if rules.max_start_spread_min is None or not len(minutes):
        return ((-FAR, FAR),)
    bands, highest = [], -FAR
    for low in minutes.tolist():
        high = int(minutes[minutes <= low + rules.max_start_spread_min].max())
        if high > highest:
            bands.append((low, high))
            highest = high
    return tuple(bands)


def _classes(
    grid: TimeGrid, day: np.ndarray, starts: np.ndarray, ready: np.ndarray, jump: np.ndarray | None
) -> np.ndarray:
    """Number of ready classes before each day, shape ``(days + 1,)``."""
    classes = np.ones(grid.days + 1, dtype=np.int64)
    np.maximum.at(classes, day + 1, ready + 1)
    if jump is not None:
        for week, opening in enumerate(jump.tolist()):
            classes[7 * week] = max(classes[7 * week], opening + 1)
    for today in range(grid.days):  # a free day hands on what reaches beyond it
        classes[today + 1] = max(classes[today + 1], classes[today] - starts[today])
    return classes
