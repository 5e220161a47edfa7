"""The solution of the compact model as a roster table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from schedules.compact.case import Case
from schedules.compact.team import Team

_COLUMNS = ("agent", "start", "end", "activity", "paid", "queue", "shift_id")


def solution_table(case: Case, team: Team) -> pd.DataFrame:
    """``agent, start, end, activity, paid, queue, shift_id``, sorted by person and start."""
    grid, queues = case.grid, case.demand.queues
    attended = [_attended(case, team, number) for number in range(len(team.people))]
    at = _queues(case, team, attended)
    labels: list[tuple] = []
    for number, one in enumerate(team.people):
        busy = attended[number]
        fallback = next(name for name in queues if name in one.agent.skills)
        for shift, pauses in one.found():
            kind = grid.kinds[grid.kind[shift]]
            pattern = grid.patterns[grid.pattern[shift]]
            slots: list[tuple[str, bool, str]] = []
            last = ""
            for slot in range(int(grid.start[shift]), int(case.wall.end[shift])):
                pause = [j for j, first in enumerate(pauses) if first <= slot < first + pattern.length[j]]
                if pause:
                    slots.append((kind.breaks[pause[0]].name, kind.breaks[pause[0]].paid, ""))
                elif slot in busy:
                    slots.append((busy[slot], True, ""))
                else:
                    last = at.get((number, slot), last or fallback)
                    slots.append(("work", True, last))
            begun = int(grid.start[shift])
            edges = [index for index in range(1, len(slots)) if slots[index] != slots[index - 1]]
            for first, until in zip([0, *edges], [*edges, len(slots)], strict=True):
                labels.append(
                    (one.agent.id, begun + first, begun + until, *slots[first], grid.shift_id(shift))
                )
    labels.sort(key=lambda row: (row[0], row[1]))
    table = pd.DataFrame(labels, columns=list(_COLUMNS))
    moments = pd.date_range(
        grid.starts[0], periods=len(grid.starts) + 1, freq=pd.Timedelta(minutes=grid.slot_min)
    )
    for name in ("start", "end"):
        table[name] = moments[table[name].to_numpy(dtype=np.int64)]
    return table.astype({"agent": "str", "activity": "str", "paid": bool, "queue": "str", "shift_id": "str"})


def _attended(case: Case, team: Team, number: int) -> dict[int, str]:
    """Slot to the activity that a person attends in it."""
    busy = {}
    for (activity, person), mine in team.attends.items():
        if person == number:
            one = case.team_rules.activities[activity]
            for first, variable in mine.items():
                if (variable.varValue or 0.0) > 0.5:
                    for slot in range(first, first + one.length_min // case.grid.slot_min):
                        busy[slot] = one.name
    return busy


def _queues(case: Case, team: Team, busy: list[dict[int, str]]) -> dict[tuple[int, int], str]:
    """Queue of each person in each slot; people stay where they are if the numbers allow it."""
    found: dict[tuple[int, int], str] = {}
    for slot in range(case.grid.slots):
        groups: dict[frozenset[str], list[int]] = {}
        for number, one in enumerate(team.people):
            if slot not in busy[number] and one.value(slot):
                groups.setdefault(one.agent.skills & frozenset(case.demand.queues), []).append(number)
        for skills, members in groups.items():
            flows = team.flows.get((slot, skills))
            if flows is None:
                found.update({(number, slot): next(iter(skills)) for number in members})
                continue
            left = {queue: round(variable.varValue or 0.0) for queue, variable in flows.items()}
            # Who can stay at the queue of the slot before does; the others take what is left.
            for number in sorted(members, key=lambda who: left.get(found.get((who, slot - 1), ""), 0) == 0):
                stay = found.get((number, slot - 1), "")
                queue = (
                    stay if left.get(stay, 0) > 0 else next(name for name, count in left.items() if count > 0)
                )
                left[queue] -= 1
                found[number, slot] = queue
    return found
