"""From a plan's tables to a centre that can be simulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from staffing.sizing.simulation.centre import Centre, Routing, ShiftEnd
from staffing.sizing.simulation.plan_grid import PlanGrid
from staffing.sizing.simulation.plan_staff import staff_of_roster, staff_of_slots
from staffing.sizing.simulation.queues import Redial
from staffing.sizing.simulation.staff import Group, Staff
from staffing.sizing.simulation.times import PatienceTime
from staffing.sizing.targets import QueueTarget


def centre_of(
    forecast: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    interval_min: int,
    *,
    staff: pd.DataFrame | None = None,
    slot_min: int | None = None,
    roster: pd.DataFrame | None = None,
    skills: Mapping[str, Sequence[str]] | None = None,
    samples: Mapping[str, np.ndarray] | None = None,
    handling_variation: float | Mapping[str, float] = 1.0,
    patience: Mapping[str, PatienceTime] | None = None,
    redials: Mapping[str, Redial] | None = None,
    reserve: int = 0,
    routing: Routing = "longest_idle",
    at_shift_end: ShiftEnd = "finish",
    absence: float = 0.0,
) -> Centre:
    """The centre of a plan.

    Parameters
    ----------
    forecast
        As for ``staffing.sizing.size``: ``queue, start, contacts, aht_s`` and, where known, ``open``.
    targets
        Target of each queue: channel, threshold, definition, patience (exponential), concurrency,
        deadline, workload (self-service, stages, dialling), premium customers, pool and shrinkage are used.
    interval_min
        Minutes of a forecast interval.
    staff, slot_min
        ``queue, start, scheduled``: people on shift and not on a break per roster slot, as for
        ``staffing.sizing.evaluate``; the shrinkage of the target is taken off. Each queue has agents of its
        own, the queues of a pool share them. Or
    roster, skills
        Roster table (``agent, start, end, activity, queue``), rows of work being those with a queue, and the
        queues each agent is skilled for: agents serve all their queues all the time, whatever queue the roster
        planned for them; without ``skills`` only the planned one. Shrinkage then thins the people by
        absence: the largest shrinkage of all queues joins ``absence``. Or neither: nobody at work.
    samples
        Paths of counts per queue, ``Forecast.sample``, shape ``(paths, intervals of the queue)`` in the
        forecast's order; Poisson numbers around the forecast for queues without.
    handling_variation
        Coefficient of variation of handling times: 0 constant, 1 exponential, else lognormal.
    patience, redials
        Per queue, in place of the target's mean patience and of nobody calling again.
    reserve
        Free agents kept for live contacts before deferred work is taken.
    routing, at_shift_end, absence
        As for ``Centre``.

    Raises
    ------
    ValueError
        A roster that lies outside the forecast's span, columns that are missing, a queue nobody is skilled for.
    """
    grid = PlanGrid.of(forecast, targets, interval_min)
    names = list(dict.fromkeys(forecast["queue"].astype(str)))
    if staff is not None and roster is not None:
        raise ValueError("either staff or roster expected, got both")
    queues = []
    for code, name in enumerate(names):
        variation = (
            handling_variation if isinstance(handling_variation, int | float) else handling_variation[name]
        )
        queues.append(
            grid.queue(
                code,
                name,
                None if samples is None else samples.get(name),
                float(variation),
                None if patience is None else patience.get(name),
                None if redials is None else redials.get(name),
                reserve,
            )
        )
    thinned = 0.0
    if roster is not None:
        groups, people, thinned = staff_of_roster(grid, names, roster, skills)
    elif staff is not None:
        groups, people = staff_of_slots(grid, names, staff, slot_min)
    else:
        groups = tuple(Group(name, (name,)) for name in names)
        people = Staff.of_slots(np.zeros((len(names), 1)), 60.0)
    return Centre(
        queues=tuple(queues),
        groups=groups,
        staff=people,
        interval_min=interval_min,
        routing=routing,
        at_shift_end=at_shift_end,
        absence=1.0 - (1.0 - absence) * (1.0 - thinned),
        days=grid.days,
        starts=grid.starts,
    )
