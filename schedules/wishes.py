"""What became of each wish, and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schedules.agents import Agent, Wish
from schedules.presence import Presence, Pricing
from schedules.response import lift_tour, net_cost, place_tour, values_of
from schedules.timegrid import TimeGrid
from schedules.tourarrays import FIRST_OPTION, FORM, SHIFT, TourSpace
from schedules.tours import agent_costs, best_tour
from schedules.toursweep import INFINITE
from schedules.wishcosts import refused_by


def wish_outcomes(
    grid: TimeGrid,
    space: TourSpace,
    agents: Sequence[Agent],
    wishes: Sequence[Wish],
    tours: np.ndarray,
    presence: Presence,
    pricing: Pricing,
) -> pd.DataFrame:
    """Granted or refused, with the reason; a refusal names what granting would cost.

    The wishes carry the weights that count, as in the tours' costs.

    That price is exact: the person is taken out, the cheapest tour that grants the wish is put back while
    everybody else stays, and the whole cost is compared.
    """
    number = {agent.id: index for index, agent in enumerate(agents)}
    outcomes = [_outcome(grid, space, number[wish.agent], wish, tours, presence, pricing) for wish in wishes]
    return pd.DataFrame(
        {
            "agent": pd.Series([wish.agent for wish in wishes], dtype="str"),
            "kind": pd.Series([wish.kind for wish in wishes], dtype="str"),
            "day": pd.Series([wish.day for wish in wishes], dtype=object),
            "time_min": pd.array([wish.time_min for wish in wishes], dtype="Int64"),
            "weight": np.array([wish.weight for wish in wishes], dtype=np.float64),
            "granted": np.array([granted for granted, _ in outcomes], dtype=bool),
            "reason": pd.Series([reason for _, reason in outcomes], dtype="str"),
        }
    )


def _outcome(
    grid: TimeGrid,
    space: TourSpace,
    agent: int,
    wish: Wish,
    tours: np.ndarray,
    presence: Presence,
    pricing: Pricing,
) -> tuple[bool, str]:
    dates = grid.dates()
    if wish.day not in dates:
        return True, "granted: the day lies outside the horizon"
    form = int(space.people[agent, FORM])
    first = int(space.form_first[form, FIRST_OPTION])
    shifts = space.options[first : int(space.form_first[form + 1, FIRST_OPTION]), SHIFT]
    refused, free_refuses = refused_by(grid, wish, shifts)
    option = int(tours[agent, dates.index(wish.day), 0])
    if not (free_refuses if option < 0 else refused[option - first]):
        return True, "granted"

    slots = np.empty(space.extended, np.int64)
    values = np.zeros(space.extended + 1)
    lift_tour(space, presence, pricing, agent, tours[agent], slots)
    values_of(space, presence, pricing, agent, values)
    team = pricing.team
    now = float(net_cost(space, presence, team, agent, tours[agent], values, slots)) - wish.weight
    costs = np.empty(space.most_options)
    free = np.empty(space.days)
    agent_costs(space, agent, True, values, np.empty(space.most_blocks), costs, free)
    costs[: len(shifts)][refused] = INFINITE
    if free_refuses:
        free[dates.index(wish.day)] = INFINITE
    tour = np.empty_like(tours[agent])
    found = best_tour(
        space, form, costs, free, values, np.empty((space.most_nodes, space.most_classes)), tour
    )
    possible = float(found) < INFINITE / 2
    granted = float(net_cost(space, presence, team, agent, tour, values, slots)) if possible else INFINITE
    place_tour(space, presence, pricing, agent, tours[agent], slots)
    if not possible:
        return False, "refused: no legal week of this person grants it"
    extra = granted - now
    reason = f"refused: granting it would cost {extra:.2f}, its weight is {wish.weight:.2f}"
    if extra < wish.weight - 1e-6:
        reason += "; the search ended before it was granted"
    return False, reason
