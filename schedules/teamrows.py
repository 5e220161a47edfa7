"""Rules that tie people together, as arrays: each row is a convex price of a signed number of people per slot.

Presence counts its people, a pair that should meet the first less the second, a pair that should not both; a row costs
nothing from ``low`` to ``high`` and its price per person beyond. Meetings take people off their queues.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numba import njit

from schedules.agents import Agent
from schedules.demand import Demand
from schedules.errors import InvalidSchedule
from schedules.teams import Activity, Pair, Presence, TeamRules

FREE = 1 << 30  # a limit that never binds
# Columns of the meetings.
LENGTH, FIRST, LAST, ACTIVITY, TOGETHER = 0, 1, 2, 3, 4


class TeamRows(NamedTuple):
    """``R`` rows, ``A`` people, ``M`` memberships and ``E`` meetings, both sorted by person.

    With ``blend`` 1 prices are exact; below that the rest is the slope of ``guide``.
    """

    price: np.ndarray  # (R,) money per slot and person
    low: np.ndarray  # (R,)
    high: np.ndarray  # (R,)
    active: np.ndarray  # (R, slots)
    first: np.ndarray  # (A + 1,) first membership
    row: np.ndarray  # (M,)
    sign: np.ndarray  # (M,) +1 or -1
    guide: np.ndarray  # (R, slots) slope of the price
    blend: float
    meeting_first: np.ndarray  # (A + 1,) first meeting
    meeting: np.ndarray  # (E, 5): length in slots, first and last start, activity, 1 if together
    missed: np.ndarray  # (E,) price of a missed meeting


def team_rows(
    team: TeamRules, agents: Sequence[Agent], demand: Demand, extended: int, taken: frozenset[str]
) -> TeamRows:
    """Arrays of all rules between people.

    Parameters
    ----------
    extended
        Slots of the horizon with those after it that a last shift can reach.
    taken
        Names that an activity cannot have: those of breaks.

    Raises
    ------
    InvalidSchedule
        Where a rule names somebody unknown, or an activity does not fit the slots.
    """
    number = {agent.id: index for index, agent in enumerate(agents)}
    slots, slot_h = len(demand.starts), demand.slot_min / 60.0
    price: list[float] = []
    limits: list[tuple[int, int]] = []
    active: list[np.ndarray] = []
    members: list[tuple[int, int, int]] = []
    for rule in team.presence:
        _known(f"presence {rule.name}", rule.agents, number)
        row = len(price)
        price.append(rule.price_per_hour * slot_h)
        limits.append((rule.at_least or -FREE, FREE if rule.at_most is None else rule.at_most))
        active.append(_window(rule, demand.starts))
        members += [(index, row, 1) for index, agent in enumerate(agents) if rule.counts(agent)]
    for pair in team.pairs:
        _known(_pair_name(pair), (pair.first, pair.second), number)
        row = len(price)
        price.append(pair.price_per_hour * slot_h)
        limits.append((0, 0) if pair.together else (-FREE, 1))
        active.append(np.ones(slots, dtype=bool))
        members += [(number[pair.first], row, 1), (number[pair.second], row, -1 if pair.together else 1)]
    meetings: list[tuple[int, int, int, int, int, int, float]] = []
    for index, activity in enumerate(team.activities):
        name = f"activity {activity.name}"
        if activity.name in taken or activity.name == "work":
            raise InvalidSchedule(f"{name}: a name that is neither work nor a break's expected")
        _known(name, activity.agents, number)
        length, first, last = _placement(activity, demand, extended)
        shape = (length, first, last, index, int(activity.together))
        meetings += [(number[who], *shape, activity.price) for who in activity.agents]
    members.sort()
    meetings.sort(key=lambda row: row[:6])
    return TeamRows(
        np.array(price, dtype=np.float64),
        np.array([low for low, _ in limits], dtype=np.int64),
        np.array([high for _, high in limits], dtype=np.int64),
        np.array(active, dtype=np.bool_).reshape(len(price), slots),
        _first([who for who, _, _ in members], len(agents)),
        np.array([row for _, row, _ in members], dtype=np.int64),
        np.array([sign for _, _, sign in members], dtype=np.int64),
        np.zeros((len(price), slots)),
        1.0,
        _first([row[0] for row in meetings], len(agents)),
        np.array([row[1:6] for row in meetings], dtype=np.int64).reshape(-1, 5),
        np.array([row[6] for row in meetings], dtype=np.float64),
    )


def _first(owners: Sequence[int], people: int) -> np.ndarray:
    count = np.bincount(np.array(owners, dtype=np.int64), minlength=people)
    return np.concatenate(([0], np.cumsum(count))).astype(np.int64)


def _pair_name(pair: Pair) -> str:
    return f"pair {pair.first}, {pair.second}"


def _known(rule: str, names: Sequence[str] | frozenset[str], number: dict[str, int]) -> None:
    strange = sorted(set(names) - number.keys())
    if strange:
        raise InvalidSchedule(f"{rule}: people of the roster expected, got {', '.join(strange)}")


def _window(rule: Presence, starts: pd.DatetimeIndex) -> np.ndarray:
    minute = (starts.hour * 60 + starts.minute).to_numpy()
    if rule.from_min <= rule.until_min:
        inside = (minute >= rule.from_min) & (minute < rule.until_min)
    else:
        inside = (minute >= rule.from_min) | (minute < rule.until_min)
    return np.asarray(inside & np.isin(starts.day_of_week.to_numpy(), rule.weekdays))


def _placement(activity: Activity, demand: Demand, extended: int) -> tuple[int, int, int]:
    """Length, first and last start in slots; a last start before the first where the window lies outside."""
    slot = pd.Timedelta(minutes=demand.slot_min)
    if activity.length_min % demand.slot_min:
        raise InvalidSchedule(
            f"activity {activity.name}: length_min in multiples of the roster slot of {demand.slot_min} min "
            f"expected, got {activity.length_min}"
        )
    if activity.start.tzinfo is None or activity.end.tzinfo is None:
        raise InvalidSchedule(f"activity {activity.name}: a zone-aware window expected, got {activity.start}")
    length = activity.length_min // demand.slot_min
    first = max(0, -int((demand.starts[0] - activity.start) // slot))
    until = min(extended, int((activity.end - demand.starts[0]) // slot))
    return length, first, until - length


@njit(cache=True)
def row_price(team: Any, row: int, count: int) -> float:
    """Exact price of a count in one slot."""
    return team.price[row] * (max(0, team.low[row] - count) + max(0, count - team.high[row]))


@njit(cache=True)
def _change(team: Any, row: int, slot: int, count: int, change: int) -> float:
    exact = row_price(team, row, count + change) - row_price(team, row, count)
    if team.blend >= 1.0:
        return exact
    return (1.0 - team.blend) * change * team.guide[row, slot] + team.blend * exact


@njit(cache=True)
def rows_more(team: Any, rows: np.ndarray, agent: int, slot: int) -> float:
    """Change of all rows' price by this person at work in a slot."""
    total = 0.0
    for index in range(team.first[agent], team.first[agent + 1]):
        row = team.row[index]
        if team.active[row, slot]:
            total += _change(team, row, slot, rows[row, slot], team.sign[index])
    return total


@njit(cache=True)
def rows_put(team: Any, rows: np.ndarray, agent: int, slot: int, people: int) -> float:
    """Count this person in (``people`` 1) or out (-1) in a slot; returns the change of price."""
    total = 0.0
    for index in range(team.first[agent], team.first[agent + 1]):
        row = team.row[index]
        change = people * team.sign[index]
        if team.active[row, slot]:
            total += _change(team, row, slot, rows[row, slot], change)
        rows[row, slot] += change
    return total


@njit(cache=True)
def rows_cost(team: Any, rows: np.ndarray) -> float:
    """Exact price of all rows."""
    total = 0.0
    for row in range(rows.shape[0]):
        for slot in range(rows.shape[1]):
            if team.active[row, slot]:
                total += row_price(team, row, rows[row, slot])
    return total
