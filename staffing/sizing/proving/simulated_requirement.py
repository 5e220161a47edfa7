"""A requirement that simulation itself holds in every interval, before anybody is rostered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from staffing.sizing.path_service import PathService
from staffing.sizing.proving.goals import USUAL, ProofRules
from staffing.sizing.proving.loop import Proved, prove
from staffing.sizing.proving.rostered import Rostered
from staffing.sizing.targets import QueueTarget


def size_by_simulation(
    simulate: Callable[[pd.DataFrame], PathService],
    requirement: pd.DataFrame,
    forecast: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    interval_min: int,
    *,
    rules: ProofRules = USUAL,
    cost_per_hour: float = 1.0,
    on_progress: Callable[[str], None] = lambda _: None,
) -> Proved[pd.DataFrame]:
    """Iterative staffing: people per interval corrected until simulation holds every target.

    Parameters
    ----------
    simulate
        Service of people per queue and interval (``queue, start, scheduled``), with the same random numbers every time.
    requirement
        Where to begin: a table of ``size``, ``size_iteratively`` or ``size_pooled``.
    forecast, targets, interval_min
        As for ``size``.
    rules
        Tolerance and budget; goals are the intervals unless ``rules.over`` names another period.
    cost_per_hour
        Of a person on shift, >= 0.
    on_progress
        Called with a line per round.

    Returns
    -------
    Proved
        ``requirement`` is the answer; its ``scheduled`` holds, the other columns are as given.

    References
    ----------
    .. [1] Z. Feldman, A. Mandelbaum, W. A. Massey, W. Whitt (2008), Staffing of time-varying queues to achieve
       time-stable performance, Management Science 54(2).
    """

    def as_asked(table: pd.DataFrame) -> Rostered[pd.DataFrame]:
        staff = table[["queue", "start", "scheduled"]]
        hours = float(staff["scheduled"].sum()) * interval_min / 60.0
        return Rostered(staff, staff, cost=cost_per_hour * hours, agent_hours=hours)

    return prove(
        as_asked, lambda made: simulate(made.staff), requirement, forecast, targets, interval_min, interval_min,
        rules=replace(rules, over=rules.over or "interval"), on_progress=on_progress,
    )  # fmt: skip
