"""The search for a roster: prices and bound, annealed best responses, the integer program over the tours seen."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from schedules.bound import Prices as Guide
from schedules.bound import Relaxation, raise_bound
from schedules.budget import Budget
from schedules.pool import TourPool, solve_pool
from schedules.presence import Presence, Pricing, empty_presence, presence_cost, refresh
from schedules.response import attend, lift_tour, people_cost, place_tour, respond
from schedules.teammoves import TeamMoves
from schedules.tourarrays import TourSpace

_SOFT, _SHARP = 0.03, 6.0
# The integer program over tours stays small: a part of the people at a time, the others as they are.
_POOL_PEOPLE = 24
_POOL_ROUNDS = 2
_POOL_TOURS = 8
_POOL_NODES = 4
_POOL_GAP = 0.002
_POOL_CLOCK_GUARD_S = 20.0
_POOL_LEAST_S = 1.0
_POOL_AGENTS = 200
# People who respond before the clock is looked at.
_AT_ONCE = 16
# Share of a time limit after which the bound gives way to the roster, and the least and most that is left for tables.
_BOUND_SHARE = 0.4
_LEAST_CLOSING, _MOST_CLOSING = 0.05, 0.3


class _Late(Exception):
    """The time limit struck inside a pass."""


@dataclass
class Search:
    """State of a search; ``tours`` is the best roster so far, ``None`` before the first one is complete."""

    space: TourSpace
    pricing: Pricing
    seed: int
    passes: int
    tell: Callable[[str], None]
    time_limit_s: float | None = None
    tours: np.ndarray | None = None
    starts: np.ndarray | None = None
    cost: float = float("inf")
    bound: float = float("-inf")
    trail: list[tuple[str, float, float]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    limited: bool = False

    def __post_init__(self) -> None:
        self._deadline = float("inf")
        self._share = 1.0
        self.begin_clock(0.0)
        self.relaxation = Relaxation(self.space, self.pricing, stop=self._bound_late)
        agents = len(self.space.people)
        self.pool = TourPool(agents, _POOL_TOURS)
        order = np.random.default_rng([self.seed, 1_000_003]).permutation(agents)
        own = np.diff(self.pricing.team.meeting_first)
        self._drawn = order[own[order] == 0][: _POOL_PEOPLE * _POOL_ROUNDS]
        self.moves = TeamMoves(self.space, self.pricing)
        self._with_meetings = np.flatnonzero(own)
        self._partial: tuple[np.ndarray, np.ndarray, Presence] | None = None
        self.budget = Budget.of(self.space, self.relaxation.members, self.passes)
        self.published: np.ndarray | None = None

    def begin_clock(self, spent_s: float) -> None:
        """Start the time limit, of which ``spent_s`` are gone."""
        self._begin = time.monotonic() - spent_s
        if self.time_limit_s is not None:
            # The tables at the end take somewhat longer than the preparations.
            closing_s = np.clip(
                1.5 * spent_s, _LEAST_CLOSING * self.time_limit_s, _MOST_CLOSING * self.time_limit_s
            )
            self._deadline = self._begin + self.time_limit_s - float(closing_s)

    def begin_with(self, tours: np.ndarray) -> None:
        """Search around a published roster first; the fresh ones are fewer then."""
        self.published = tours
        self.budget = self.budget.near_published()

    def compile(self) -> float:
        """Compile or load what runs later; returns the seconds that took."""
        begun = time.monotonic()
        nobody = np.zeros(0, dtype=np.int64)
        presence, agents = self._fresh(), len(self.space.people)
        tours, assigned = self._no_tours(), np.zeros(agents, dtype=np.bool_)
        slots = np.empty(self.space.extended, np.int64)
        respond(self.space, presence, self.pricing, nobody, tours, assigned)
        place_tour(self.space, presence, self.pricing, 0, tours[0], slots)
        lift_tour(self.space, presence, self.pricing, 0, tours[0], slots)
        presence_cost(presence, self.pricing)
        people_cost(self.space, presence, self.pricing.team, tours[:0])
        if len(self._with_meetings):
            attend(self.space, presence, self.pricing, nobody, tours, 1)
        self.moves.compile(presence, tours)
        self.relaxation.evaluate(np.zeros((self.space.slots, self._columns())), nobody)
        return time.monotonic() - begun

    def _columns(self) -> int:
        return self.pricing.required.shape[1] + len(self.pricing.team.price)

    def _no_tours(self) -> np.ndarray:
        space = self.space
        return np.full((len(space.people), space.days, 1 + space.most_breaks), -1, dtype=np.int64)

    def unable(self) -> list[int]:
        """People without any legal tour."""
        self.relaxation.stop = lambda: False
        value, _ = self.relaxation.evaluate(np.zeros((self.space.slots, self._columns())))
        self.relaxation.stop = self._bound_late
        self.bound = value
        return self.relaxation.unable(len(self.space.people))

    def run(self) -> None:
        """Search; Ctrl-C ends it with the best roster so far."""
        try:
            try:
                guide = self._prices()
                if self.published is not None:
                    self._from_published(self.published, guide)
                for restart in range(self.budget.restarts):
                    if self.tours is not None and self._late():
                        break
                    self._anneal(guide, restart, self.budget.restarts)
                self._pool()
            except _Late:
                self._take_partial()
        except KeyboardInterrupt:
            self.limited = True
            self.notes.append("interrupted: this is the best roster found until then")
            self._take_partial()
        self.bound = min(self.bound, self.cost)

    def _over(self, share: float) -> bool:
        if self.time_limit_s is None:
            return False
        return time.monotonic() >= self._begin + share * (self._deadline - self._begin)

    def _bound_late(self) -> bool:
        if self._over(_BOUND_SHARE):
            self._limit()
            return True
        return False

    def _late(self) -> bool:
        if self._over(1.0):
            self._limit()
            return True
        return False

    def _limit(self) -> None:
        if not self.limited:
            self.limited = True
            self.notes.append(f"the time limit of {self.time_limit_s:g} s ended the search")

    def _record(self, step: str) -> None:
        self.trail.append((step, self.cost, self.bound))
        if np.isfinite(self.cost):
            gap = max(0.0, self.cost - self.bound) / self.cost if self.cost > 0 else 0.0
            self.tell(f"{step}: cost {self.cost:.2f}, bound {self.bound:.2f}, gap {gap:.2%}")
        else:
            self.tell(f"{step}: bound {self.bound:.2f}")

    def _prices(self) -> Guide:
        iterations = self.budget.iterations

        def on_step(iteration: int, bound: float, tours: np.ndarray) -> bool:
            # Tours near the final prices are those that a roster close to the bound is made of.
            if (
                len(self.space.people) <= _POOL_AGENTS
                and iteration % 8 == 0
                and 3 * iteration > 2 * iterations
            ):
                for agent in self._drawn:
                    self.pool.add(agent, tours[self.relaxation.classes[agent]])
            # Without everybody's own wishes the value is a bound too: wishes only add costs.
            self.bound = max(self.bound, bound)
            if iteration % 50 == 49:
                self._record(f"prices {iteration + 1}/{iterations}")
            return self._bound_late()

        guide = raise_bound(self.relaxation, iterations, on_step, parts=self.budget.parts)
        if not self.relaxation.with_wishes:
            self.bound = max(self.bound, self.relaxation.personal(guide.guide))
        self._record("prices")
        return guide

    def _fresh(self) -> Presence:
        return empty_presence(self.pricing, len(self.space.skills))

    def _pass(
        self,
        presence: Presence,
        pricing: Pricing,
        order: np.ndarray,
        tours: np.ndarray,
        assigned: np.ndarray,
    ) -> int:
        """One pass of best responses; returns how many changed."""
        changed = 0
        for begin in range(0, len(order), _AT_ONCE):
            if self._late():
                self._partial = (tours, assigned, presence)
                raise _Late
            part = order[begin : begin + _AT_ONCE]
            changed += respond(self.space, presence, pricing, part, tours, assigned)[1]
        return changed

    def _smooth(self, guide: Guide, progress: float, blend: float) -> Pricing:
        """Prices on the way from smooth (``progress`` 0) to sharp (1)."""
        exact = self.pricing
        sharpness = _SOFT * (_SHARP / _SOFT) ** progress
        queues = exact.required.shape[1]
        # A queue whose price has fallen to nothing still needs some pull while the others settle.
        floor = -exact.surplus + 0.02 * float(exact.tier_price[-1])
        pull = np.ascontiguousarray(np.maximum(guide.guide[:, :queues], floor))
        slopes = np.ascontiguousarray(guide.guide[:, queues:].T)
        team = exact.team._replace(guide=slopes, blend=blend)
        return exact._replace(guide=pull, aim=exact.required, sharpness=sharpness, team=team)

    def _anneal(self, guide: Guide, restart: int, restarts: int) -> None:
        space = self.space
        agents = len(space.people)
        chance = np.random.default_rng([self.seed, restart])
        presence = self._fresh()
        tours, assigned = self._no_tours(), np.zeros(agents, dtype=np.bool_)
        self._partial = (tours, assigned, presence)
        values = self.relaxation.values(guide.guide)[0]
        self.moves.aim(presence, values, self.relaxation.profile_of, restart)
        passes, turn = self.budget.passes, 0
        while turn < passes:
            begun = time.monotonic()
            progress = turn / max(1, passes - 1)
            smooth = self._smooth(guide, progress, (turn + 1) / passes)
            refresh(presence, smooth, space.skills)
            self._pass(presence, smooth, chance.permutation(agents), tours, assigned)
            if turn == 0:
                passes = self._passes_left(time.monotonic() - begun, passes)
            turn += 1
            if self.tours is None:
                self.tell(f"roster {restart + 1}/{restarts}: pass {turn}/{passes}, bound {self.bound:.2f}")
        self._settle(presence, tours, chance)
        self._offer(tours, presence)
        self._record(f"roster {restart + 1}/{restarts}")

    def _passes_left(self, pass_s: float, passes: int) -> int:
        """Passes that a time limit leaves room for, some exact ones at the end included."""
        if self.time_limit_s is None:
            return passes
        room = int((self._deadline - time.monotonic()) / max(pass_s, 1e-9))
        fit = max(1, int(0.75 * room))
        if fit < passes:
            self._limit()
        return min(passes, fit)

    def _settle(self, presence: Presence, tours: np.ndarray, chance: np.random.Generator) -> None:
        """Best responses at exact prices until nobody changes."""
        agents = len(tours)
        assigned = np.ones(agents, dtype=np.bool_)
        self._partial = (tours, assigned, presence)
        refresh(presence, self.pricing, self.space.skills)
        for _ in range(self.budget.exact_passes):
            changed = self._pass(presence, self.pricing, chance.permutation(agents), tours, assigned)
            changed += self._team_pass(presence, tours)
            for agent in self._drawn:
                self.pool.add(agent, tours[agent])
            if changed == 0:
                return

    def _team_pass(self, presence: Presence, tours: np.ndarray) -> int:
        """Moves that several people must make together, and other times for meetings."""
        changed = 0
        for begin in range(0, len(self._with_meetings), _AT_ONCE):
            if self._late():
                raise _Late
            part = self._with_meetings[begin : begin + _AT_ONCE]
            changed += attend(self.space, presence, self.pricing, part, tours, self.budget.meeting_parts)
        for move in self.moves.all():
            if self._late():
                raise _Late
            changed += int(move(presence, tours))
        return changed

    def _offer(self, tours: np.ndarray, presence: Presence) -> None:
        cost = float(
            people_cost(self.space, presence, self.pricing.team, tours)
            + presence_cost(presence, self.pricing)
        )
        if cost < self.cost - 1e-7:
            self.cost, self.tours, self.starts = cost, tours.copy(), presence.starts.copy()

    def _take_partial(self) -> None:
        """Offer what a limit left; whoever has no tour yet takes the one that fitted the prices best."""
        tours, assigned, presence = self._partial or (
            self._no_tours(),
            np.zeros(len(self.space.people), dtype=np.bool_),
            self._fresh(),
        )
        if self.tours is not None and not assigned.all():
            return
        for agent in np.flatnonzero(~assigned):
            tours[agent] = self.relaxation.tours[self.relaxation.classes[agent]]
        self._offer(tours, self.presence_of(tours, presence.starts))
        self._record("what the limit left")

    def presence_of(self, tours: np.ndarray, starts: np.ndarray) -> Presence:
        """People per slot and queue of a roster with its meetings, at exact prices."""
        presence = self._fresh()
        presence.starts[:] = starts
        refresh(presence, self.pricing, self.space.skills)
        slots = np.empty(self.space.extended, np.int64)
        for agent, tour in enumerate(tours):
            place_tour(self.space, presence, self.pricing, agent, tour, slots)
        return presence

    def _from_published(self, published: np.ndarray, guide: Guide) -> None:
        """The published roster as it is, then best responses around it from half-sharp prices on."""
        tours = published.copy()
        presence = self._fresh()
        self.moves.aim(presence, self.relaxation.values(guide.guide)[0], self.relaxation.profile_of)
        presence = self.presence_of(tours, presence.starts)
        self._offer(tours, presence)
        self._record("published roster")
        chance = np.random.default_rng([self.seed, 1_000_007])
        assigned = np.ones(len(tours), dtype=np.bool_)
        passes = self.budget.passes
        for turn in range(passes // 2, passes):
            smooth = self._smooth(guide, turn / max(1, passes - 1), (turn + 1) / passes)
            refresh(presence, smooth, self.space.skills)
            self._pass(presence, smooth, chance.permutation(len(tours)), tours, assigned)
        self._settle(presence, tours, chance)
        self._offer(tours, presence)
        self._record("around the published roster")

    def _pool(self) -> None:
        """Integer program over the tours seen; for many people over drawn parts of them."""
        if self.tours is None or self.starts is None or self.cost - self.bound <= _POOL_GAP * self.cost:
            return
        chance = np.random.default_rng([self.seed, 1_000_009])
        for begin in range(0, min(len(self._drawn), self.budget.pool_rounds * _POOL_PEOPLE), _POOL_PEOPLE):
            if self._late():
                return
            people = np.sort(self._drawn[begin : begin + _POOL_PEOPLE])
            guard_s = min(_POOL_CLOCK_GUARD_S, self._deadline - time.monotonic())
            if guard_s < _POOL_LEAST_S:
                self._limit()
                return
            tours, result = solve_pool(
                self.space,
                self.pricing,
                self.presence_of(self.tours, self.starts),
                self.pool,
                self.tours,
                [int(agent) for agent in people],
                nodes=_POOL_NODES,
                seed=self.seed,
                clock_guard_s=guard_s,
            )
            if result.limit == "clock guard":
                self.notes.append(
                    "the clock guard ended the integer program over the tours; another run may differ"
                )
            presence = self.presence_of(tours, self.starts)
            self._settle(presence, tours, chance)
            self._offer(tours, presence)
            self._record(f"integer program over the tours of {len(people)} people")
