"""The roster as tables: stretches of work and breaks per person, coverage per queue and slot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.demand import Demand
from schedules.timegrid import TimeGrid
from schedules.tourarrays import FORM, SHIFT, TourSpace
from schedules.tours import working_slots

COLUMNS = ("agent", "start", "end", "activity", "paid", "queue", "shift_id")


def working_matrix(space: TourSpace, tours: np.ndarray) -> np.ndarray:
    """Whether each person is at work in each slot of the horizon, shape ``(people, slots)``."""
    working = np.zeros((len(tours), space.slots), dtype=bool)
    found = np.empty(space.extended, np.int64)
    for agent, tour in enumerate(tours):
        count = working_slots(space, space.people[agent, FORM], tour, found)
        working[agent, found[:count]] = True
    return working


def roster_table(
    grid: TimeGrid,
    space: TourSpace,
    agents: Sequence[Agent],
    queues: Sequence[str],
    tours: np.ndarray,
    assignment: np.ndarray,
) -> pd.DataFrame:
    """One row per stretch of work at one queue and per break, sorted by person and start.

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
    """People per queue and slot against the requirement; ``gap`` is scheduled less required."""
    scheduled = np.stack([(assignment == queue).sum(axis=0) for queue in range(len(demand.queues))])
    slots = len(demand.starts)
    return pd.DataFrame(
        {
            "queue": np.repeat(np.array(demand.queues, dtype=object), slots),
            "start": demand.starts.append([demand.starts] * (len(demand.queues) - 1)),
            "required": demand.required.reshape(-1),
            "scheduled": scheduled.reshape(-1).astype(np.int64),
            "gap": scheduled.reshape(-1) - demand.required.reshape(-1),
        }
    ).astype({"queue": "str"})
