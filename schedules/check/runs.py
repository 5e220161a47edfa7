"""Rules about days in a row: work days, free days, nights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.check.horizon import Horizon, days_worked
from schedules.check.ledger import Ledger
from schedules.check.limits import limits
from schedules.check.report import Violation
from schedules.rules import Rules


def runs(days: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Person, first day and day after the last of every run of true days, by person and day.

    Parameters
    ----------
    days
        Shape ``(people, days)``, bool.
    """
    closed = np.zeros((len(days), days.shape[1] + 2), dtype=np.int8)
    closed[:, 1:-1] = days
    step = np.diff(closed, axis=1)
    person, begin = np.nonzero(step == 1)
    return person, begin, np.nonzero(step == -1)[1]


def check_runs(
    shifts: pd.DataFrame,
    agents: Sequence[Agent],
    rules: Sequence[Rules],
    horizon: Horizon,
    ledger: Ledger,
) -> None:
    """Work days and nights in a row at most, work days and free days in a row at least."""
    people = len(agents)
    worked = days_worked(shifts, people, horizon)
    before = np.array([agent.days_worked_before for agent in agents], dtype=float)
    most = limits(rules, "max_consecutive_days", np.inf)
    longest("consecutive days", "days worked in a row", worked, before, most, agents, horizon, ledger)
    nights = days_worked(shifts[shifts["night"]], people, horizon)
    before = np.array([agent.before.nights_in_a_row for agent in agents], dtype=float)
    most = limits(rules, "max_nights_in_a_row", np.inf)
    longest("nights in a row", "nights in a row", nights, before, most, agents, horizon, ledger)
    for rule, name, days in (
        ("shortest run of work days", "min_consecutive_days", worked),
        ("shortest run of free days", "min_consecutive_days_off", ~worked),
    ):
        shortest(rule, days, limits(rules, name, 1.0), agents, horizon, ledger)


def longest(
    rule: str,
    told: str,
    days: np.ndarray,
    before: np.ndarray,
    most: np.ndarray,
    agents: Sequence[Agent],
    horizon: Horizon,
    ledger: Ledger,
) -> None:
    """Runs no longer than ``most``, each named once, on the day on which it gets too long.

    A run from the horizon's first day goes on from the ``before`` days that came before.
    """
    person, begin, until = runs(days)
    carried = np.where(begin == 0, before[person], 0.0)
    length = until - begin + carried
    crossed = begin + np.maximum(0.0, most[person] - carried)
    ledger.record(
        rule,
        int((days.any(axis=1) & np.isfinite(most)).sum()),
        [
            Violation(
                rule,
                agents[person[at]].id,
                horizon.begins[int(crossed[at])],
                f"{length[at]:g} {told}",
                f"at most {most[person[at]]:g}",
            )
            for at in np.flatnonzero(length > most[person])
        ],
    )


def shortest(
    rule: str,
    days: np.ndarray,
    least: np.ndarray,
    agents: Sequence[Agent],
    horizon: Horizon,
    ledger: Ledger,
) -> None:
    """Runs no shorter than ``least``; those at the horizon's edges go on outside and are left alone."""
    person, begin, until = runs(days)
    inner = (begin > 0) & (until < horizon.days) & (least[person] > 1)
    person, begin, until = person[inner], begin[inner], until[inner]
    ledger.record(
        rule,
        len(person),
        [
            Violation(
                rule,
                agents[person[at]].id,
                horizon.begins[begin[at]],
                f"{until[at] - begin[at]} in a row",
                f"at least {least[person[at]]:g}",
            )
            for at in np.flatnonzero(until - begin < least[person])
        ],
    )
