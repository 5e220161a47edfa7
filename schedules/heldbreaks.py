"""Breaks and meetings of shifts that stay: left where they were published unless moving them pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schedules.agents import Agent
from schedules.meetings import attends, place_meetings
from schedules.presence import Presence, Pricing
from schedules.response import lift_tour, net_cost, place_tour, values_of
from schedules.settled import published
from schedules.teamrows import ACTIVITY, FIRST, LAST, LENGTH, TOGETHER, TeamRows
from schedules.teams import Held
from schedules.timegrid import BreakPattern, TimeGrid
from schedules.tourarrays import FIRST_OPTION, FORM, SHIFT, TourSpace

_PASSES = 6
_LEAST_GAIN = 0.005


@dataclass(frozen=True)
class _Stay:
    """A shift that is as published: its breaks then, and as the search would have them (first slots)."""

    day: int
    frozen: bool
    published: np.ndarray
    searched: np.ndarray


def kept_breaks(
    grid: TimeGrid, space: TourSpace, agents: Sequence[Agent], held: Held, tours: np.ndarray
) -> tuple[np.ndarray, list[list[_Stay]]]:
    """Tours in which every shift that is as published has its published breaks, and these shifts.

    A shift whose published breaks are unknown, or not legal any more, is left as it is.
    """
    kept = tours.copy()
    stays: list[list[_Stay]] = [[] for _ in agents]
    dates = grid.dates()
    for number, agent in enumerate(agents):
        form = int(space.people[number, FORM])
        first, after = (int(space.form_first[form + step, FIRST_OPTION]) for step in (0, 1))
        before = published(grid, agent, held, space.options[first:after, SHIFT])
        for day, date in enumerate(dates):
            option = int(tours[number, day, 0])
            minutes = held.breaks.get((agent.id, date))
            if option < 0 or option - first != before[day] or minutes is None:
                continue
            shift = int(space.options[option, SHIFT])
            pattern = grid.patterns[grid.pattern[shift]]
            if not minutes or not legal(pattern, minutes, grid.slot_min):
                continue
            slots = np.array([int(grid.start[shift]) + minute // grid.slot_min for minute in minutes])
            count = 1 + len(slots)
            stays[number].append(_Stay(day, date in held.frozen, slots, tours[number, day, 1:count].copy()))
            kept[number, day, 1:count] = slots
    return kept, stays


def legal(pattern: BreakPattern, minutes: Sequence[int], slot_min: int) -> bool:
    """Whether breaks at these minutes after the shift's start keep their windows, order and spacing."""
    if len(minutes) != len(pattern.length) or any(minute % slot_min for minute in minutes):
        return False
    free_from = 0
    for minute, length, earliest, latest in zip(
        minutes, pattern.length, pattern.earliest, pattern.latest, strict=True
    ):
        slot = minute // slot_min
        if not max(earliest, free_from) <= slot <= latest:
            return False
        free_from = slot + length + pattern.spacing
    return True


def kept_meetings(
    grid: TimeGrid,
    space: TourSpace,
    agents: Sequence[Agent],
    names: Sequence[str],
    held: Held,
    team: TeamRows,
    tours: np.ndarray,
    starts: np.ndarray,
) -> np.ndarray:
    """Starts of the meetings, those published in the place of the search's where the tours can attend them."""
    kept = starts.copy()
    owner = np.repeat(np.arange(len(agents)), np.diff(team.meeting_first))
    slot = {time: index for index, time in enumerate(grid.starts)}
    was = np.full(len(kept), -1, dtype=np.int64)
    for m, agent in enumerate(owner.tolist()):
        then = held.meetings.get((agents[agent].id, names[team.meeting[m, ACTIVITY]]))
        at = -1 if then is None else slot.get(then, -1)
        if team.meeting[m, FIRST] <= at <= team.meeting[m, LAST]:
            was[m] = at

    def attended(m: int, at: int) -> bool:
        agent = int(owner[m])
        form = space.people[agent, FORM]
        return at >= 0 and bool(attends(space, form, tours[agent], at, int(team.meeting[m, LENGTH])))

    for activity in range(len(names)):
        own = np.flatnonzero(team.meeting[:, ACTIVITY] == activity).tolist()
        common = sorted({int(was[m]) for m in own if was[m] >= 0})
        if not own or not common:
            continue
        if not team.meeting[own[0], TOGETHER]:
            for m in own:
                kept[m] = was[m] if attended(m, int(was[m])) else kept[m]
        elif len(common) == 1 and sum(attended(m, common[0]) for m in own) >= sum(
            attended(m, int(starts[m])) for m in own
        ):
            kept[own] = common[0]
    for agent in range(len(agents)):
        mine = range(int(team.meeting_first[agent]), int(team.meeting_first[agent + 1]))
        taken: list[tuple[int, int]] = []
        for m in sorted(mine, key=lambda m: (kept[m] != was[m], m)):  # published ones first
            begin, until = int(kept[m]), int(kept[m] + team.meeting[m, LENGTH])
            if begin >= 0 and any(begin < end and since < until for since, end in taken):
                kept[m] = -1
            elif begin >= 0:
                taken.append((begin, until))
    return kept


def settle_breaks(
    grid: TimeGrid,
    space: TourSpace,
    agents: Sequence[Agent],
    stays: Sequence[Sequence[_Stay]],
    price_per_change: float,
    pricing: Pricing,
    presence: Presence,
    tours: np.ndarray,
) -> None:
    """Move published breaks and meetings where that lowers the whole cost by more than half the price of a change.

    Parameters
    ----------
    presence
        Of ``tours`` at exact ``pricing``; holds the starts of the meetings. Both change in place.

    Notes
    -----
    Person after person is taken out, which makes the price of each placement exact while everybody else stays.
    Breaks of frozen days are never touched; meetings may begin elsewhere, so that a break need not make one missed.
    """
    least = max(price_per_change / 2.0, _LEAST_GAIN)
    slots, values = np.empty(space.extended, np.int64), np.zeros(space.extended + 1)
    team = pricing.team
    order = sorted(range(len(agents)), key=lambda index: agents[index].id)
    for _ in range(_PASSES):
        moved = False
        for number in order:
            own = slice(int(team.meeting_first[number]), int(team.meeting_first[number + 1]))
            meets = own.start < own.stop
            loose = [stay for stay in stays[number] if not stay.frozen]
            if not loose and not (meets and stays[number]):
                continue
            tour = tours[number]
            lift_tour(space, presence, pricing, number, tour, slots)
            values_of(space, presence, pricing, number, values)

            def cost(tour: np.ndarray, number: int = number) -> float:
                return float(net_cost(space, presence, team, number, tour, values, slots))

            now = cost(tour)
            if meets:
                before = presence.starts[own].copy()
                place_meetings(space, presence, team, number, tour, values)
                if (cheaper := cost(tour)) < now - least:
                    now, moved = cheaper, True
                else:
                    presence.starts[own] = before
            for stay in loose:
                places = slice(1, 1 + len(stay.published))
                here = tour[stay.day, places].copy()
                paid_for = 0.0 if (here == stay.published).all() else least
                best, found = now + paid_for, here
                option = int(tour[stay.day, 0])
                for other in (stay.published, stay.searched, _cheapest_places(grid, space, option, values)):
                    if (other == here).all():
                        continue
                    tour[stay.day, places] = other
                    total = cost(tour) + (0.0 if (other == stay.published).all() else least)
                    if total < best - 1e-6:
                        best, found = total, other
                tour[stay.day, places] = found
                if found is not here:
                    now, moved = cost(tour), True
            place_tour(space, presence, pricing, number, tour, slots)
        if not moved:
            return


def _cheapest_places(grid: TimeGrid, space: TourSpace, option: int, values: np.ndarray) -> np.ndarray:
    """First slots of a shift's breaks where the work given up is worth least."""
    shift = int(space.options[option, SHIFT])
    pattern, start = grid.patterns[grid.pattern[shift]], int(grid.start[shift])
    count = len(pattern.length)
    # Cheapest places of this break and those after it, by its earliest slot; from the last break back.
    after: dict[int, tuple[float, tuple[int, ...]]] = {}
    for j in reversed(range(count)):
        best: tuple[float, tuple[int, ...]] = (np.inf, ())
        here: dict[int, tuple[float, tuple[int, ...]]] = {}
        for offset in range(pattern.latest[j], pattern.earliest[j] - 1, -1):
            begin = start + offset
            lost = float(values[begin + pattern.length[j]] - values[begin])
            rest: tuple[float, tuple[int, ...]] = (0.0, ())
            if j + 1 < count:
                follow = max(offset + pattern.length[j] + pattern.spacing, pattern.earliest[j + 1])
                rest = after.get(follow, (np.inf, ()))
            if lost + rest[0] <= best[0]:
                best = (lost + rest[0], (begin, *rest[1]))
            here[offset] = best
        after = here
    return np.array(after[pattern.earliest[0]][1], dtype=np.int64)
