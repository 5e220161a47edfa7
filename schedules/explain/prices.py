"""Prices of work per queue and slot that prove a bound on every roster."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from schedules.compact.case import Case


class SlotPrices(NamedTuple):
    """A bound and what proves it.

    Attributes
    ----------
    bound
        Money that no roster can undercut.
    value
        Money that one more person is worth per queue and slot, shape ``(queues, slots)``.
    """

    bound: float
    value: np.ndarray


def slot_prices(case: Case, iterations: int = 400) -> SlotPrices:
    """Raise a bound for a case and keep its prices.

    Parameters
    ----------
    iterations
        Steps, each of which asks everybody for their best tour.
    """
    # The engine is compiled on first use.
    from schedules.bound import Relaxation, raise_bound
    from schedules.eligibility import Eligibility
    from schedules.presence import pricing
    from schedules.teamrows import team_rows
    from schedules.timegrid import premium_share
    from schedules.tourspace import tour_space

    grid, demand = case.grid, case.demand
    breaks = frozenset(pause.name for kind in case.kinds for pause in kind.breaks)
    rows = team_rows(case.team_rules, case.agents, demand, len(grid.starts), breaks)
    space = tour_space(
        grid,
        Eligibility(grid, case.rules),
        case.rules,
        case.agents,
        demand.queues,
        premium_share(grid, case.premiums, demand.holidays),
        case.wishes,
        fairness=case.team_rules.fairness,
    )
    relaxation = Relaxation(space, pricing(demand, case.prices, rows))
    found = raise_bound(relaxation, iterations, lambda _iteration, _bound, _tours: False)
    bound = max(found.bound, relaxation.personal(found.guide))
    return SlotPrices(float(bound), np.ascontiguousarray(found.guide[:, : len(demand.queues)].T))
