"""What people owe each other: presence of some of them, pairs together or apart, each at its price."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.check.cost import in_window
from schedules.check.priced import Bill
from schedules.demand import Demand
from schedules.errors import InvalidSchedule
from schedules.teams import Pair, Presence, TeamRules


def check_people(team: TeamRules, agents: Sequence[Agent]) -> None:
    """Refuse rules between people that name somebody unknown.

    Raises
    ------
    InvalidSchedule
        With the rule and the names.
    """
    known = {agent.id for agent in agents}
    named: list[tuple[str, Iterable[str]]] = [
        (f"presence {rule.name}", rule.agents) for rule in team.presence
    ]
    named += [(f"pair {pair.first}, {pair.second}", (pair.first, pair.second)) for pair in team.pairs]
    named += [(f"activity {activity.name}", activity.agents) for activity in team.activities]
    for rule, people in named:
        strange = sorted(set(people) - known)
        if strange:
            raise InvalidSchedule(f"{rule}: people of the plan expected, got {', '.join(strange)}")


def at_work(rows: pd.DataFrame, demand: Demand) -> pd.DataFrame:
    """Whole slots of the horizon that each person works through: ``agent_no, first, until``.

    Rows of work that touch make one stretch, whatever their queues; a slot counts when the
    stretch fills it.
    """
    work = rows[rows["work"]].sort_values(["agent_no", "start_min", "end_min"], kind="stable")
    reached = work.groupby("agent_no")["end_min"].cummax().groupby(work["agent_no"]).shift()
    stretch = (reached.isna() | (work["start_min"] > reached)).cumsum().rename("stretch")
    stretches = work.groupby(stretch).agg(
        agent_no=("agent_no", "first"), start_min=("start_min", "min"), end_min=("end_min", "max")
    )
    slots = len(demand.starts)
    first = np.ceil(stretches["start_min"].to_numpy(dtype=float) / demand.slot_min).clip(0, slots)
    until = np.floor(stretches["end_min"].to_numpy(dtype=float) / demand.slot_min).clip(0, slots)
    found = stretches.assign(first=first.astype(int), until=until.astype(int))
    return found.loc[until > first, ["agent_no", "first", "until"]]


def count_at_work(stretches: pd.DataFrame, people: np.ndarray, slots: int) -> np.ndarray:
    """How many of some people work through each slot; ``people`` is a mask, shape ``(agents,)``."""
    meant = stretches[people[stretches["agent_no"].to_numpy(dtype=int)]]
    change = np.zeros(slots + 1, dtype=int)
    np.add.at(change, meant["first"].to_numpy(dtype=int), 1)
    np.add.at(change, meant["until"].to_numpy(dtype=int), -1)
    return np.cumsum(change)[:slots]


def equal_stretches(values: np.ndarray) -> list[tuple[int, int, int]]:
    """First slot, number of slots and value of every stretch of one value other than 0."""
    edges = np.flatnonzero(np.append(True, values[1:] != values[:-1]))
    lengths = np.diff(np.append(edges, len(values)))
    return [
        (int(edge), int(length), int(values[edge]))
        for edge, length in zip(edges, lengths, strict=True)
        if values[edge]
    ]


def price_presence(
    stretches: pd.DataFrame,
    agents: Sequence[Agent],
    presences: Sequence[Presence],
    demand: Demand,
    bill: Bill,
) -> None:
    """People too few or too many at work, by stretches of the same number."""
    hours = demand.slot_min / 60.0
    for presence in presences:
        meant = np.array([presence.counts(agent) for agent in agents], dtype=bool)
        count = count_at_work(stretches, meant, len(demand.starts))
        off = np.minimum(0, count - (presence.at_least or 0))
        if presence.at_most is not None:
            off = off + np.maximum(0, count - presence.at_most)
        holds = in_window(demand.starts, presence.from_min, presence.until_min)
        holds &= np.isin(np.asarray(demand.starts.day_of_week), presence.weekdays)
        bill.add(
            "presence",
            [
                (
                    f"{presence.name}: {abs(people)} too {'few' if people < 0 else 'many'} "
                    f"for {length * hours:g} h",
                    demand.starts[slot],
                    abs(people) * length * hours * presence.price_per_hour,
                )
                for slot, length, people in equal_stretches(np.where(holds, off, 0))
            ],
        )


def price_pairs(
    stretches: pd.DataFrame, agents: Sequence[Agent], pairs: Sequence[Pair], demand: Demand, bill: Bill
) -> None:
    """Hours in which a pair is at work one without the other, or both although apart."""
    numbers = {agent.id: number for number, agent in enumerate(agents)}
    hours, slots = demand.slot_min / 60.0, len(demand.starts)
    for pair in pairs:
        first, second = (
            count_at_work(stretches, np.arange(len(agents)) == numbers[name], slots)
            for name in (pair.first, pair.second)
        )
        wrong = (first != second) if pair.together else (first + second == 2)
        told = "one without the other" if pair.together else "at work at the same time"
        bill.add(
            "pairs",
            [
                (
                    f"{pair.first} and {pair.second} {told} for {length * hours:g} h",
                    demand.starts[slot],
                    length * hours * pair.price_per_hour,
                )
                for slot, length, _ in equal_stretches(wrong.astype(int))
            ],
        )
