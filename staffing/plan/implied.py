"""What follows from a plan for a roster made elsewhere whose file says less."""

from __future__ import annotations

from collections.abc import Sequence

from schedules.agents import Agent
from schedules.shifts import ShiftKind
from schedules.teams import Activity
from staffing.files.roster_file import WORK, Implied


def implied(
    agents: Sequence[Agent],
    kinds: Sequence[ShiftKind],
    queues: Sequence[str],
    activities: Sequence[Activity] = (),
) -> Implied:
    """Work and activities are paid, a break as all breaks of its name are; who has one skill works on it."""
    told: dict[str, set[bool]] = {WORK: {True}, **{activity.name: {True} for activity in activities}}
    for kind in kinds:
        for pause in kind.breaks:
            told.setdefault(pause.name, set()).add(pause.paid)
    only = {agent.id: agent.skills & set(queues) for agent in agents}
    return Implied(
        paid={name: next(iter(paid)) for name, paid in told.items() if len(paid) == 1},
        queue={name: next(iter(skills)) for name, skills in only.items() if len(skills) == 1},
    )
