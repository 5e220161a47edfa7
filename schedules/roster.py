"""The roster: who works when, on which queue, at what cost, and how far that can be from the best."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from schedules.agents import Agent, Wish
from schedules.demand import Demand
from schedules.errors import InvalidSchedule, NoFeasibleRoster
from schedules.rules import Premium, Prices, Rules
from schedules.shifts import ShiftKind
from schedules.teams import Held, TeamRules

if TYPE_CHECKING:
    from schedules.presence import Pricing
    from schedules.tourarrays import TourSpace

_MOST_DAYS = 56


@dataclass(frozen=True)
class Roster:
    """A roster of named people with its cost and a bound that no roster can undercut.

    Attributes
    ----------
    table
        ``agent, start, end, activity, paid, queue, shift_id``: one row per stretch of work or
        break, zone-aware local times, sorted by agent and start. ``activity`` is ``work`` or the
        name of the break or of an activity attended; ``queue`` is empty on both; ``shift_id`` is
        ``<YYYY-MM-DD>-<kind>-<HHMM>-<minutes>``.
    cost, bound
        Money of the roster, and what no roster under the same hard rules can undercut.
    status
        ``optimal`` (gap <= 1e-6), ``feasible`` (a proven gap is left) or ``limit`` (interrupted).
    cost_parts
        ``wages, premiums, shortage, surplus, refused_wishes, overtime, shift_fees, target_hours, fairness,
        team_rules`` (presence and pairs), ``activities`` (missed) and ``changes`` (of a published roster);
        they add up to ``cost``.
    wishes
        ``agent, kind, day, time_min, weight, granted, reason``.
    coverage
        ``queue, start, required, scheduled, gap``; gap is scheduled less required, and people of shifts that
        began before the horizon are scheduled.
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
        parts = ", ".join(
            f"{name.replace('_', ' ')} {value:.2f}" for name, value in self.cost_parts.items() if value
        )
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
    team_rules: TeamRules | None = None,
    held: Held | None = None,
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
    team_rules
        Presence, pairs, activities and fairness.
    held
        A published roster to stay close to; the search begins with it, and shifts that stay keep their breaks.
    seed
        The same seed gives the same roster.
    passes
        Passes of annealed best response per restart, >= 1; more is slower and a little cheaper.
    time_limit_s
        Wall-clock limit in seconds, compilation at first use apart; where it strikes the status is ``limit``
        and the roster the best until then.
    on_progress
        Receives one line at a time, with cost, bound and gap once they are known.

    Raises
    ------
    NoFeasibleRoster
        If the hard rules leave somebody without any legal tour; it names people, rules, days and repairs.
    InvalidSchedule
        If names do not match or times do not fit the slots.

    Notes
    -----
    Work in a queue and slot gets a price, and so does every team rule. At given prices everybody's best tour
    is found exactly by dynamic programming, which proves a bound. Then each person in turn takes the best tour
    against what the others do, at prices that sharpen from smooth to exact; the tours seen go into an integer program
    that chooses one for each person.
    """
    # The engine is compiled on first use; importing this module stays cheap.
    from schedules.conflicts import explain_conflicts
    from schedules.eligibility import Eligibility
    from schedules.engine import Search
    from schedules.heldbreaks import kept_breaks, kept_meetings, settle_breaks
    from schedules.personalcosts import FairShares
    from schedules.presence import pricing
    from schedules.published import published_tours
    from schedules.queues import assign_queues
    from schedules.rostercost import PARTS, coverage_parts, pay_parts
    from schedules.rostertable import attended, coverage_table, roster_table, working_matrix
    from schedules.teamrows import rows_cost, team_rows
    from schedules.timegrid import premium_share, time_grid
    from schedules.tourarrays import GROUP
    from schedules.tourparts import people_parts
    from schedules.tourspace import tour_space
    from schedules.wishes import wish_outcomes

    begun = time.monotonic()
    team = team_rules or TeamRules()
    if passes < 1:
        raise InvalidSchedule(f"passes >= 1 expected, got {passes}")
    _check_names(agents, kinds, demand, wishes)
    grid = time_grid(demand, kinds)
    if grid.days > _MOST_DAYS:
        raise InvalidSchedule(f"a horizon of at most {_MOST_DAYS // 7} weeks expected, got {grid.days} days")
    notes = (
        [f"{len(grid.skipped)} shift starts fall into the clock change and were left out"]
        if grid.skipped
        else []
    )
    breaks = frozenset(pause.name for kind in kinds for pause in kind.breaks)
    rows = team_rows(team, agents, demand, len(grid.starts), breaks)
    exact = pricing(demand, prices, rows)
    if not agents:
        return _nobody(demand, prices, exact, notes)

    share = premium_share(grid, premiums, demand.holidays)
    eligibility = Eligibility(grid, rules)
    wishes = FairShares(agents, team.fairness).weigh(wishes, agents)

    def search(thawed: frozenset[str]) -> tuple[TourSpace, Search, list[int]]:
        space = tour_space(
            grid,
            eligibility,
            rules,
            agents,
            demand.queues,
            share,
            wishes,
            fairness=team.fairness,
            held=held,
            thawed=thawed,
        )
        found = Search(space, exact, seed, passes, on_progress or (lambda _line: None), time_limit_s)
        compiled_s = found.compile()
        found.begin_clock(time.monotonic() - begun - compiled_s)
        return space, found, found.unable()

    space, found, unable = search(frozenset())
    if unable and held is not None and held.frozen:
        # Whoever cannot keep all their frozen days, for an absence or a new rule, is planned anew.
        thawed = [agents[number].id for number in unable]
        notes.append(f"frozen days cannot be kept by {', '.join(thawed)}")
        space, found, unable = search(frozenset(thawed))
    if unable:
        raise NoFeasibleRoster(explain_conflicts(grid, rules, agents, unable))
    if held is not None:
        found.begin_with(published_tours(grid, space, agents, held))
    found.run()
    tours, starts = found.tours, found.starts
    if tours is None or starts is None:
        raise RuntimeError("the search ended without a roster")

    names = [activity.name for activity in team.activities]
    if held is not None and held.breaks:
        tours, stays = kept_breaks(grid, space, agents, held, tours)
        starts = kept_meetings(grid, space, agents, names, held, rows, tours, starts)
        settled = found.presence_of(tours, starts)
        settle_breaks(grid, space, agents, stays, held.price_per_change, exact, settled, tours)
        starts = settled.starts
    presence = found.presence_of(tours, starts)
    masks = space.skills[space.people[:, GROUP]]
    assignment = assign_queues(working_matrix(space, presence, rows, tours), masks, exact)
    meetings = attended(space, presence, rows, tours)
    table = roster_table(grid, space, agents, demand.queues, tours, assignment, meetings, names)
    coverage = coverage_table(demand, assignment)
    outcomes = wish_outcomes(grid, space, agents, wishes, tours, presence, exact)
    costs = {
        **pay_parts(grid, space, tours, share),
        **coverage_parts(coverage, prices, grid.slot_h),
        **people_parts(space, tours),
        "team_rules": float(rows_cost(rows, presence.rows)),
        "activities": float(rows.missed.sum()) - _attended_price(team, meetings),
    }
    parts = {name: costs[name] for name in PARTS}
    cost = sum(parts.values())
    bound = min(found.bound, cost)
    optimal = cost - bound <= 1e-6 * max(cost, 1e-9)
    status = "optimal" if optimal else "limit" if found.limited else "feasible"
    trail = pd.DataFrame(found.trail, columns=["step", "cost", "bound"])
    return Roster(table, cost, bound, status, parts, outcomes, coverage, trail, (*notes, *found.notes))


def _attended_price(team: TeamRules, meetings: Sequence[Sequence[tuple[int, int, int]]]) -> float:
    return sum(team.activities[index].price for own in meetings for _, _, index in own)


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


def _nobody(demand: Demand, prices: Prices, exact: Pricing, notes: list[str]) -> Roster:
    """The roster of no people: the whole demand is missing, and that is the best possible."""
    from schedules.presence import empty_presence
    from schedules.rostercost import PARTS, coverage_parts
    from schedules.rostertable import coverage_table
    from schedules.teamrows import rows_cost

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
    coverage = coverage_table(demand, np.zeros((0, len(demand.starts)), dtype=np.int16))
    parts = dict.fromkeys(PARTS, 0.0) | coverage_parts(coverage, prices, demand.slot_min / 60.0)
    parts["team_rules"] = float(rows_cost(exact.team, empty_presence(exact, 0).rows))
    cost = sum(parts.values())
    trail = pd.DataFrame([("nobody", cost, cost)], columns=["step", "cost", "bound"])
    return Roster(table, cost, cost, "optimal", parts, wishes, coverage, trail, (*notes, "no people given"))
