"""The roster: who works when, on which queue, at what cost, and how far that can be from the best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from schedules.agents import Agent, Wish
from schedules.demand import Demand
from schedules.design import Design
from schedules.rules import Premium, Prices, Rules
from schedules.shifts import ShiftKind


@dataclass(frozen=True)
class Roster:
    """A roster of named people with its cost and a bound that no roster can undercut.

    Attributes
    ----------
    table
        ``agent, start, end, activity, paid, queue, shift_id``: one row per stretch of work or
        break, zone-aware local times, sorted by agent and start. ``activity`` is ``work`` or the
        break's name; ``queue`` is empty on breaks; ``shift_id`` is
        ``<YYYY-MM-DD>-<kind>-<HHMM>-<minutes>``.
    cost, bound
        Money of the roster, and what no roster under the same hard rules can undercut.
    status
        ``optimal`` (gap <= 1e-6), ``feasible`` (a proven gap is left) or ``limit`` (interrupted).
    cost_parts
        ``wages, premiums, shortage, surplus, refused_wishes``; they add up to ``cost``.
    wishes
        ``agent, kind, day, time_min, weight, granted, reason``.
    coverage
        ``queue, start, required, scheduled, gap``; gap is scheduled less required.
    trail
        ``step, cost, bound``: how the search went.
    notes
        Sentences that the reader must know.
    """

    table: pd.DataFrame
    cost: float
    bound: float
    status: str
    cost_parts: dict[str, float]
    wishes: pd.DataFrame
    coverage: pd.DataFrame
    trail: pd.DataFrame
    notes: tuple[str, ...] = field(default=())

    @property
    def gap(self) -> float:
        """Share of the cost that is not proven necessary, ``(cost - bound) / cost``."""
        return max(0.0, (self.cost - self.bound) / self.cost) if self.cost > 0 else 0.0

    def summary(self) -> str:
        """A few sentences for a person."""
        parts = ", ".join(f"{name.replace('_', ' ')} {value:.2f}" for name, value in self.cost_parts.items())
        granted = f"; {int(self.wishes['granted'].sum())} of {len(self.wishes)} wishes granted" if len(self.wishes) else ""
        return (
            f"{self.table['agent'].nunique()} people on {self.table.groupby(['agent', 'shift_id']).ngroups} shifts; "
            f"cost {self.cost:.2f} ({parts}), bound {self.bound:.2f}, gap {self.gap:.2%} ({self.status}){granted}"
        )


def roster(
    agents: Sequence[Agent],
    kinds: Sequence[ShiftKind],
    rules: Rules,
    premiums: Sequence[Premium],
    demand: Demand,
    prices: Prices,
    wishes: Sequence[Wish],
    *,
    seed: int = 0,
    passes: int = 16,
    on_progress: Callable[[str], None] | None = None,
    design: Design | None = None,
) -> Roster:
    raise NotImplementedError
