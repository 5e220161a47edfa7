"""A simulation as the closed loop wants it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from staffing.sizing.path_service import PathService
from staffing.sizing.proving.rostered import Rostered
from staffing.sizing.simulation.centre import Centre
from staffing.sizing.simulation.plan_centre import centre_of
from staffing.sizing.simulation.result import Simulated
from staffing.sizing.simulation.run import simulate
from staffing.sizing.targets import QueueTarget


def path_service(simulated: Simulated) -> PathService:
    """The counts of a simulation per path, queue and interval.

    Raises
    ------
    ValueError
        On a centre without interval starts, or a simulation that its contact limit ended before every path was
        complete.

    Notes
    -----
    With premium customers the service level is the standard customers'. People who serve several queues
    count in the occupancy of each.
    """
    centre = simulated.centre
    if centre.starts is None:
        raise ValueError("a centre with interval starts expected, got none")
    if simulated.limited:
        raise ValueError(
            "a complete simulation expected, got one ended by its contact limit: " + " ".join(simulated.notes)
        )
    names = tuple(queue.name for queue in centre.queues)

    def each(counts: np.ndarray) -> np.ndarray:
        return np.stack([simulated.of(name, counts) for name in names], axis=1).astype(float)

    levels = [
        simulated.level_parts(queue.name, "all" if queue.premium is None else "standard")
        for queue in centre.queues
    ]
    there = [simulated.occupancy_parts(name) for name in names]
    offered, answered = each(simulated.offered), each(simulated.answered)
    handling = np.stack([_handling(centre, index) for index in range(len(names))])
    wait_s = each(simulated.wait_answered_s)
    return PathService(
        queues=names,
        starts=pd.DatetimeIndex(centre.starts),
        offered=offered,
        counted=np.stack([whole for _, whole in levels], axis=1).astype(float),
        in_time=np.stack([part for part, _ in levels], axis=1).astype(float),
        # Whoever is still in line at the end of the week was not served.
        abandoned=each(simulated.abandoned),
        wait_s=wait_s,
        busy_h=np.stack([busy for busy, _ in there], axis=1) / 3600.0,
        staffed_h=np.stack([present for _, present in there], axis=1) / 3600.0,
        resolution_s=wait_s + answered * handling[None],
        rates=_rates(centre, simulated.paths, offered),
        engine=f"simulation, {simulated.paths} paths, seed {simulated.seed}",
    )


def roster_simulation(
    forecast: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    interval_min: int,
    skills: Mapping[str, Sequence[str]],
    *,
    samples: Mapping[str, np.ndarray] | None = None,
    paths: int | None = None,
    seed: int = 0,
    workers: int = 1,
    **house: Any,
) -> Callable[[Rostered[pd.DataFrame]], PathService]:
    """The function that simulates a roster table, with common random numbers for every roster.

    Parameters
    ----------
    forecast, targets, interval_min, samples
        As for ``centre_of``.
    skills
        Queues of each agent.
    paths, seed, workers
        As for ``simulate``.
    house
        Further arguments of ``centre_of``: ``handling_variation, patience, redials, reserve, routing,
        at_shift_end, absence``.

    Returns
    -------
    A function for ``prove``; ``Rostered.staff`` is the roster's table.
    """

    def run(made: Rostered[pd.DataFrame]) -> PathService:
        centre = centre_of(
            forecast, targets, interval_min, roster=made.staff, skills=skills, samples=samples, **house
        )
        return path_service(simulate(centre, paths=paths, seed=seed, workers=workers))

    return run


def _handling(centre: Centre, queue: int) -> np.ndarray:
    means = np.nan_to_num(centre.queues[queue].handling.mean_s)
    return np.broadcast_to(means, (centre.intervals,))


def _rates(centre: Centre, paths: int, offered: np.ndarray) -> np.ndarray:
    """Expected contacts per path where the centre was given rates, else what came."""
    out = offered.copy()
    for index, queue in enumerate(centre.queues):
        if queue.given == "rates":
            out[:, index] = (
                np.broadcast_to(queue.contacts, (paths, centre.intervals))
                if queue.contacts.ndim == 1
                else queue.contacts[:paths]
            )
    return out
