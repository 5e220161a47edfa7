"""The roster: who works when, on which queue, at what cost, and how far that can be from the best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from schedules.agents import Agent, Wish
from schedules.cover import shortage_cost
from schedules.demand import Demand
from schedules.errors import InvalidSchedule, NoFeasibleRoster
from schedules.rules import Premium, Prices, Rules
from schedules.shifts import ShiftKind

if TYPE_CHECKING:
    from schedules.timegrid import TimeGrid
    from schedules.tourarrays import TourSpace


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
        granted = (
            f"; {int(self.wishes['granted'].sum())} of {len(self.wishes)} wishes granted"
            if len(self.wishes)
            else ""
        )
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
    passes: int = 15,
    time_limit_s: float | None = None,
    on_progress: Callable[[str], None] | None = None,
) -> Roster:
    """Find a roster that keeps every hard rule, at a cost close to a proven bound.

    Parameters
    ----------
    agents
        The people; none at all is allowed and leaves the demand unmet.
    kinds, rules, premiums, demand, prices, wishes
        As declared in their modules. Times are multiples of the demand's slot.
    seed
        The same seed gives the same roster.
    passes
        Passes of annealed best response per restart, >= 1; more is slower and a little cheaper.
    time_limit_s
        Wall-clock limit in seconds, looked at between passes; where it strikes the status is ``limit``.
        A first complete roster is always finished.
    on_progress
        Receives one line at a time, with cost, bound and gap once they are known.

    Raises
    ------
    NoFeasibleRoster
        If the hard rules leave somebody without any legal week; it names people, rules, days and repairs.
    InvalidSchedule
        If names do not match or times do not fit the slots.

    Notes
    -----
    Work in a queue and slot gets a price. At given prices everybody's best week is found exactly by
    dynamic programming, which proves a bound. Then each person in turn takes the best week against what
    the others do, at prices that sharpen from smooth to exact; the tours seen go into an integer program
    that chooses one for each person.
    """
    # The engine is compiled on first use; importing this module stays cheap.
    from schedules.conflicts import explain_conflicts
    from schedules.eligibility import Eligibility
    from schedules.engine import Search
    from schedules.presence import pricing
    from schedules.queues import assign_queues
    from schedules.rostertable import coverage_table, roster_table, working_matrix
    from schedules.timegrid import premium_share, time_grid
    from schedules.tourarrays import GROUP
    from schedules.tourspace import tour_space
    from schedules.wishes import wish_outcomes

    if passes < 1:
        raise InvalidSchedule(f"passes >= 1 expected, got {passes}")
    _check_names(agents, kinds, demand, wishes)
    grid = time_grid(demand, kinds)
    if rules.max_start_spread_min is not None and grid.days > 7:
        raise InvalidSchedule(f"max_start_spread_min on a horizon of one week expected, got {grid.days} days")
    exact = pricing(demand, prices)
    notes = (
        [f"{len(grid.skipped)} shift starts fall into the clock change and were left out"]
        if grid.skipped
        else []
    )
    if not agents:
        return _nobody(demand, prices, notes)

    share = premium_share(grid, premiums, demand.holidays)
    eligibility = Eligibility(grid, rules)
    space = tour_space(grid, eligibility, rules, agents, demand.queues, share, wishes)
    found = Search(space, exact, seed, passes, on_progress or (lambda _line: None), time_limit_s)
    unable = found.unable()
    if unable:
        raise NoFeasibleRoster(explain_conflicts(grid, rules, agents, unable))
    found.run()
    tours = found.tours
    if tours is None:
        raise RuntimeError("the search ended without a roster")

    assignment = assign_queues(working_matrix(space, tours), space.skills[space.people[:, GROUP]], exact)
    table = roster_table(grid, space, agents, demand.queues, tours, assignment)
    coverage = coverage_table(demand, assignment)
    outcomes = wish_outcomes(grid, space, agents, wishes, tours, found.presence_of(tours), exact)
    parts = _cost_parts(grid, space, tours, share, coverage, prices, outcomes)
    cost = sum(parts.values())
    bound = min(found.bound, cost)
    optimal = cost - bound <= 1e-6 * max(cost, 1e-9)
    status = "optimal" if optimal else "limit" if found.limited else "feasible"
    trail = pd.DataFrame(found.trail, columns=["step", "cost", "bound"])
    return Roster(table, cost, bound, status, parts, outcomes, coverage, trail, (*notes, *found.notes))


def _check_names(
    agents: Sequence[Agent], kinds: Sequence[ShiftKind], demand: Demand, wishes: Sequence[Wish]
) -> None:
    known = {kind.name for kind in kinds}
    ids = [agent.id for agent in agents]
    repeated = sorted({name for name in ids if ids.count(name) > 1}) if len(set(ids)) < len(ids) else []
    if repeated:
        raise InvalidSchedule(f"agents with different ids expected, got {', '.join(repeated)} more than once")
    if len(demand.queues) > 60:
        raise InvalidSchedule(f"at most 60 queues expected, got {len(demand.queues)}")
    for agent in agents:
        strange = sorted(set(agent.contract.shifts) - known)
        if strange:
            raise InvalidSchedule(
                f"contract {agent.contract.name}: shift kinds among {', '.join(sorted(known))} expected, "
                f"got {', '.join(strange)}"
            )
        if not agent.skills & set(demand.queues):
            raise InvalidSchedule(
                f"agent {agent.id}: a skill among {', '.join(demand.queues)} expected, "
                f"got {', '.join(sorted(agent.skills))}"
            )
    unknown = sorted({wish.agent for wish in wishes} - set(ids))
    if unknown:
        raise InvalidSchedule(f"wishes of people in the roster expected, got {', '.join(unknown)}")


def _cost_parts(
    grid: TimeGrid,
    space: TourSpace,
    tours: np.ndarray,
    share: np.ndarray,
    coverage: pd.DataFrame,
    prices: Prices,
    outcomes: pd.DataFrame,
) -> dict[str, float]:
    """The objective, taken apart."""
    from schedules.tourarrays import FORM, SHIFT

    wages = premiums = 0.0
    share_sum = np.concatenate(([0.0], np.cumsum(share)))
    for agent in range(len(tours)):
        wage = float(space.wage[space.people[agent, FORM]])
        for day in range(space.days):
            option = int(tours[agent, day, 0])
            if option < 0:
                continue
            shift = int(space.options[option, SHIFT])
            pattern = grid.patterns[grid.pattern[shift]]
            begin, end = int(grid.start[shift]), int(grid.start[shift] + grid.length[shift])
            wages += wage * (end - begin)
            premiums += wage * float(share_sum[end] - share_sum[begin])
            for j, (length, paid) in enumerate(zip(pattern.length, pattern.paid, strict=True)):
                if not paid:
                    slot = int(tours[agent, day, 1 + j])
                    wages -= wage * length
                    premiums -= wage * float(share_sum[slot + length] - share_sum[slot])
    gap = coverage["gap"].to_numpy(dtype=float)
    required = coverage["required"].to_numpy(dtype=float)
    return {
        "wages": wages,
        "premiums": premiums,
        "shortage": float(shortage_cost(np.maximum(-gap, 0.0), required, prices).sum() * grid.slot_h),
        "surplus": float(np.maximum(gap, 0.0).sum() * prices.surplus_per_hour * grid.slot_h),
        "refused_wishes": float(outcomes.loc[~outcomes["granted"], "weight"].sum()),
    }


def _nobody(demand: Demand, prices: Prices, notes: list[str]) -> Roster:
    """The roster of no people: the whole demand is missing, and that is the best possible."""
    shortage = float(shortage_cost(demand.required, demand.required, prices).sum() * demand.slot_min / 60.0)
    zone = demand.starts.dtype
    table = pd.DataFrame(
        {
            "agent": pd.Series(dtype="str"),
            "start": pd.Series(dtype=zone),
            "end": pd.Series(dtype=zone),
            "activity": pd.Series(dtype="str"),
            "paid": pd.Series(dtype=bool),
            "queue": pd.Series(dtype="str"),
            "shift_id": pd.Series(dtype="str"),
        }
    )
    wishes = pd.DataFrame(columns=["agent", "kind", "day", "time_min", "weight", "granted", "reason"])
    coverage = pd.DataFrame(
        {
            "queue": np.repeat(np.array(demand.queues, dtype=object), len(demand.starts)),
            "start": demand.starts.append([demand.starts] * (len(demand.queues) - 1)),
            "required": demand.required.reshape(-1),
            "scheduled": 0,
            "gap": -demand.required.reshape(-1),
        }
    ).astype({"queue": "str"})
    parts = {"wages": 0.0, "premiums": 0.0, "shortage": shortage, "surplus": 0.0, "refused_wishes": 0.0}
    trail = pd.DataFrame([("nobody", shortage, shortage)], columns=["step", "cost", "bound"])
    return Roster(
        table, shortage, shortage, "optimal", parts, wishes, coverage, trail, (*notes, "no people given")
    )
