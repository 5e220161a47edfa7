"""The rounds of a closed loop, a row each."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from staffing.sizing.path_service import PathService
from staffing.sizing.proving.correction import Correction
from staffing.sizing.proving.goals import Verdict
from staffing.sizing.proving.rostered import Rostered
from staffing.sizing.proving.week_grid import WeekGrid

TRAIL_COLUMNS = (
    "iteration", "agent_hours", "cost", "missed", "worst_excess", "worst", "met_probability", "service_level",
    "raised_h", "lowered_h", "changed", "best",
)  # fmt: skip
_NAMED = 3


@dataclass
class Trail:
    """Collects the rounds."""

    rows: list[dict[str, object]] = field(default_factory=list)

    def add(
        self,
        turn: int,
        made: Rostered,
        verdicts: tuple[Verdict, ...],
        corrections: list[Correction],
        service: PathService,
        grid: WeekGrid,
        better: bool,
    ) -> None:
        """Note a round and what it changes for the next."""
        worst = max(verdicts, key=lambda verdict: verdict.excess)
        hours = [grid.interval_h * change.people for change in corrections]
        everything = np.arange(len(service.starts))
        self.rows.append(
            {
                "iteration": turn,
                "agent_hours": made.agent_hours,
                "cost": made.cost,
                "missed": sum(verdict.excess > 1e-9 for verdict in verdicts),
                "worst_excess": worst.excess,
                "worst": f"{worst.goal.queue} {worst.goal.period}: {worst.measure}",
                "met_probability": min(verdict.met_probability for verdict in verdicts),
                "service_level": {
                    queue: service.together(index, everything)["service_level"]
                    for index, queue in enumerate(service.queues)
                },
                "raised_h": float(sum(value[value > 0].sum() for value in hours)),
                "lowered_h": float(sum(-value[value < 0].sum() for value in hours)),
                "changed": _words(corrections, grid),
                "best": better,
            }
        )

    def table(self) -> pd.DataFrame:
        """One row a round; ``best`` marks the round that was kept.

        ``iteration, agent_hours, cost``; ``missed``, the goals that miss a target, ``worst_excess`` and ``worst``,
        the goal furthest from its target and by how much (> 0 missed); ``met_probability``, the lowest of all
        goals; ``service_level`` per queue over the whole horizon, in words; ``raised_h, lowered_h``, people-hours by
        which the requirement of the next round was changed, and ``changed``, where most.
        """
        table = pd.DataFrame(self.rows, columns=list(TRAIL_COLUMNS))
        kept = table.index[table["best"].astype(bool)]
        table["best"] = table.index == kept[-1] if len(kept) else False
        table["service_level"] = [
            "; ".join(f"{queue} {level:.1%}" for queue, level in levels.items())
            for levels in table["service_level"]
        ]
        return table


def _words(corrections: list[Correction], grid: WeekGrid) -> str:
    """``calls Mon 09:30 +2, calls Mon 10:00 +1, … (12 more)``."""
    changes = [
        (change.verdict.goal.queue, int(interval), int(people))
        for change in corrections
        for interval, people in zip(change.intervals, change.people, strict=True)
    ]
    changes.sort(key=lambda change: -abs(change[2]))
    named = [
        f"{queue} {grid.starts[interval].strftime('%a %H:%M')} {people:+d}"
        for queue, interval, people in changes[:_NAMED]
    ]
    more = len(changes) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")
