"""One roster problem with everything that is derived from it once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from schedules.agents import Agent, Wish
from schedules.compact.charges import Behind, Charges, behind, charges
from schedules.compact.choices import Wall, frozen, legal
from schedules.demand import Demand
from schedules.rules import Premium, Prices, Rules
from schedules.shifts import ShiftKind
from schedules.teams import Held, TeamRules
from schedules.timegrid import TimeGrid, premium_share, time_grid


@dataclass(frozen=True)
class Case:
    """The arguments of ``roster``."""

    agents: Sequence[Agent]
    kinds: Sequence[ShiftKind]
    rules: Rules
    premiums: Sequence[Premium]
    demand: Demand
    prices: Prices
    wishes: Sequence[Wish]
    team_rules: TeamRules = field(default_factory=TeamRules)
    held: Held | None = None

    @cached_property
    def grid(self) -> TimeGrid:
        """Every shift that can be placed."""
        return time_grid(self.demand, self.kinds)

    @cached_property
    def wall(self) -> Wall:
        """What the wall clock says about them."""
        return Wall(self.grid)

    @cached_property
    def share_sum(self) -> np.ndarray:
        """Cumulative premium share per extended slot, shape ``(extended + 1,)``."""
        share = premium_share(self.grid, self.premiums, self.demand.holidays)
        return np.concatenate(([0.0], np.cumsum(share)))

    @cached_property
    def behind(self) -> dict[str, Behind]:
        """Counts for fairness."""
        return behind(self.agents)

    @cached_property
    def by_id(self) -> dict[str, Agent]:
        """The people by their ids."""
        return {agent.id: agent for agent in self.agents}

    @cached_property
    def wishes_of(self) -> dict[str, list[Wish]]:
        """The wishes by person."""
        found: dict[str, list[Wish]] = {}
        for wish in self.wishes:
            found.setdefault(wish.agent, []).append(wish)
        return found

    def shifts(self, agent: Agent) -> tuple[np.ndarray, set[int]]:
        """Indices of the shifts that a person may choose from, and the days on which one of them must be."""
        allowed = legal(self.wall, agent, agent.rules(self.rules))
        kept, must = frozen(self.wall, agent, allowed, self.held)
        return np.flatnonzero(kept), must

    def charges(self, agent: Agent, shifts: np.ndarray, without: Wish | None = None) -> Charges:
        """What a person's shifts cost besides their coverage, as if the wish ``without`` had not been made."""
        return charges(
            self.wall,
            agent,
            shifts,
            self.share_sum,
            [wish for wish in self.wishes_of.get(agent.id, ()) if wish is not without],
            self.team_rules.fairness,
            self.behind.get(agent.id, Behind()),
            self.held,
        )
