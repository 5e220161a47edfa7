"""Rules about weekends, and how many of them each person works."""

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

SATURDAY, SUNDAY = 5, 6


def weekends(horizon: Horizon) -> list[tuple[int, ...]]:
    """Days of each weekend; one that the horizon cuts has one day."""
    found: list[tuple[int, ...]] = []
    for day, begin in enumerate(horizon.begins):
        if begin.weekday() == SATURDAY:
            found.append((day,))
        elif begin.weekday() == SUNDAY:
            if day and found and found[-1] == (day - 1,):
                found[-1] = (day - 1, day)
            else:
                found.append((day,))
    return found


def weekends_worked(shifts: pd.DataFrame, people: int, horizon: Horizon) -> np.ndarray:
    """Weekends on which a shift of each person starts, shape ``(people,)``."""
    worked = days_worked(shifts, people, horizon)
    count = np.zeros(people, dtype=int)
    for days in weekends(horizon):
        count += worked[:, days].any(axis=1)
    return count


def check_weekends(
    shifts: pd.DataFrame,
    agents: Sequence[Agent],
    rules: Sequence[Rules],
    horizon: Horizon,
    ledger: Ledger,
) -> None:
    """Weekends worked at most, those from before included, and weekends worked whole or not at all.

    Who brings more than the most already is told only where this roster adds a weekend.
    """
    most = limits(rules, "max_weekends", np.inf)
    here = weekends_worked(shifts, len(agents), horizon)
    before = np.array([agent.before.weekends for agent in agents], dtype=int)
    ledger.record(
        "weekends",
        int(np.isfinite(most).sum()),
        [
            Violation(
                "weekends",
                agents[number].id,
                horizon.begins[0],
                f"{here[number] + before[number]} weekends worked"
                + (f", {before[number]} of them before" if before[number] else ""),
                f"at most {most[number]:g}",
            )
            for number in np.flatnonzero((here > 0) & (here + before > most)).tolist()
        ],
    )
    whole = np.array([own.complete_weekends for own in rules], dtype=bool)
    if not whole.any():
        return
    worked = days_worked(shifts, len(agents), horizon)
    for days in weekends(horizon):
        if len(days) < 2:
            continue
        half = worked[:, days].sum(axis=1) == 1
        ledger.record(
            "complete weekends",
            int(whole.sum()),
            [
                Violation(
                    "complete weekends",
                    agents[number].id,
                    horizon.begins[days[0]],
                    f"a shift on {'Saturday' if worked[number, days[0]] else 'Sunday'} alone",
                    "both days of a weekend or none",
                )
                for number in np.flatnonzero(half & whole).tolist()
            ],
        )
