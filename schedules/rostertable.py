"""The roster as tables: stretches of work and breaks per person, coverage per queue and slot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.demand import Demand
from schedules.meetings import attends, present_slots
from schedules.presence import Presence
from schedules.teamrows import ACTIVITY, LENGTH, TeamRows
from schedules.timegrid import TimeGrid
from schedules.tourarrays import FORM, SHIFT, TourSpace

COLUMNS = ("agent", "start", "end", "activity", "paid", "queue", "shift_id")


def working_matrix(space: TourSpace, presence: Presence, team: TeamRows, tours: np.ndarray) -> np.ndarray:
    """Whether each person is at work on a queue in each slot of the horizon, shape ``(people, slots)``."""
    working = np.zeros((len(tours), space.slots), dtype=bool)
    found = np.empty(space.extended, np.int64)
    for agent, tour in enumerate(tours):
        count = present_slots(space, presence, team, agent, tour, found)
        working[agent, found[:count]] = True
    return working


def attended(
    space: TourSpace, presence: Presence, team: TeamRows, tours: np.ndarray
) -> list[list[tuple[int, int, int]]]:
    """Meetings that each person attends: start slot, length in slots, index of the activity."""
    found: list[list[tuple[int, int, int]]] = [[] for _ in tours]
    owner = np.repeat(np.arange(len(tours)), np.diff(team.meeting_first))
    for agent, begin, meeting in zip(owner.tolist(), presence.starts.tolist(), team.meeting, strict=True):
        length = int(meeting[LENGTH])
        form = space.people[agent, FORM]
        if begin >= 0 and attends(space, form, tours[agent], begin, length):
            found[agent].append((begin, length, int(meeting[ACTIVITY])))
    return found


def roster_table(
    grid: TimeGrid,
    space: TourSpace,
    agents: Sequence[Agent],
    queues: Sequence[str],
    tours: np.ndarray,
    assignment: np.ndarray,
    meetings: Sequence[Sequence[tuple[int, int, int]]],
    activities: Sequence[str],
) -> pd.DataFrame:
    """One row per stretch of work at one queue, per break and per activity attended, sorted by person and start.

    A stretch after the horizon keeps the queue that came before it.
    """
    rows: dict[str, list] = {name: [] for name in COLUMNS}

    def put(agent: str, first: int, until: int, activity: str, paid: bool, queue: str, shift: str) -> None:
        for name, value in zip(COLUMNS, (agent, first, until, activity, paid, queue, shift), strict=True):
            rows[name].append(value)

    position = {name: index for index, name in enumerate(queues)}
    for number in sorted(range(len(agents)), key=lambda index: agents[index].id):
        agent = agents[number]
        fallback = min((position[skill] for skill in agent.skills if skill in position), default=0)
        line = assignment[number]
        for day in range(space.days):
            option = int(tours[number, day, 0])
            if option < 0:
                continue
            shift = int(space.options[option, SHIFT])
            name = grid.shift_id(shift)
            kind = grid.kinds[grid.kind[shift]]
            pattern = grid.patterns[grid.pattern[shift]]
            pauses = {
                int(tours[number, day, 1 + j]): (length, pause.name, pause.paid)
                for j, (length, pause) in enumerate(zip(pattern.length, kind.breaks, strict=True))
            }
            pauses |= {begin: (length, activities[index], True) for begin, length, index in meetings[number]}
            slot, end = int(grid.start[shift]), int(grid.start[shift] + grid.length[shift])
            begun, queue = slot, -1
            while slot < end:
                if slot in pauses:
                    if begun < slot:
                        put(agent.id, begun, slot, "work", True, queues[queue], name)
                    length, activity, paid = pauses[slot]
                    put(agent.id, slot, slot + length, activity, paid, "", name)
                    slot += length
                    begun = slot
                    continue
                here = int(line[slot]) if slot < space.slots else queue if queue >= 0 else fallback
                if here != queue:
                    if begun < slot:
                        put(agent.id, begun, slot, "work", True, queues[queue], name)
                    begun, queue = slot, here
                slot += 1
            if begun < end:
                put(agent.id, begun, end, "work", True, queues[queue], name)
    edges = pd.date_range(
        grid.starts[0], periods=len(grid.starts) + 1, freq=pd.Timedelta(minutes=grid.slot_min)
    )
    return pd.DataFrame(
        {
            "agent": pd.Series(rows["agent"], dtype="str"),
            "start": edges[np.array(rows["start"], dtype=np.int64)],
            "end": edges[np.array(rows["end"], dtype=np.int64)],
            "activity": pd.Series(rows["activity"], dtype="str"),
            "paid": np.array(rows["paid"], dtype=bool),
            "queue": pd.Series(rows["queue"], dtype="str"),
            "shift_id": pd.Series(rows["shift_id"], dtype="str"),
        }
    )


def coverage_table(demand: Demand, assignment: np.ndarray) -> pd.DataFrame:
    """People per queue and slot, those carried in with them, against the requirement.

    ``gap`` is scheduled less required.
    """
    scheduled = np.stack([(assignment == queue).sum(axis=0) for queue in range(len(demand.queues))])
    if demand.carried is not None:
        whole = (demand.carried == np.round(demand.carried)).all()
        scheduled = scheduled + (demand.carried.astype(np.int64) if whole else demand.carried)
    slots = len(demand.starts)
    return pd.DataFrame(
        {
            "queue": np.repeat(np.array(demand.queues, dtype=object), slots),
            "start": demand.starts.append([demand.starts] * (len(demand.queues) - 1)),
            "required": demand.required.reshape(-1),
            "scheduled": scheduled.reshape(-1),
            "gap": scheduled.reshape(-1) - demand.required.reshape(-1),
        }
    ).astype({"queue": "str"})
