"""The published roster as tours: where a replan begins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from schedules.agents import Agent
from schedules.settled import published
from schedules.teams import Held
from schedules.timegrid import TimeGrid
from schedules.tourarrays import FIRST_OPTION, FORM, KEPT_FREE, NOT_KEPT, SHIFT, TourSpace
from schedules.tours import agent_costs, best_tour

# Worth more than all other costs of a day together.
_KEEP = 1e7


def published_tours(grid: TimeGrid, space: TourSpace, agents: Sequence[Agent], held: Held) -> np.ndarray:
    """For each person the legal tour that keeps most of the published days, cheapest among these.

    Returns
    -------
    Tours of everybody, shape ``(agents, days, 1 + breaks)``; breaks lie where unpaid time is dearest.
    """
    tours = np.full((len(agents), space.days, 1 + space.most_breaks), -1, dtype=np.int64)
    values = np.zeros(space.extended + 1)
    blocks, costs, free = np.empty(space.most_blocks), np.empty(space.most_options), np.empty(space.days)
    table = np.empty((space.most_nodes, space.most_classes))
    for number, agent in enumerate(agents):
        form = int(space.people[number, FORM])
        agent_costs(space, number, True, values, blocks, costs, free)
        own = space.options[space.form_first[form, FIRST_OPTION] : space.form_first[form + 1, FIRST_OPTION]]
        for day, option in enumerate(published(grid, agent, held, own[:, SHIFT])):
            if option == KEPT_FREE:
                free[day] -= _KEEP
            elif option != NOT_KEPT:
                costs[option] -= _KEEP
        best_tour(space, form, costs, free, values, table, tours[number])
    return tours
