"""The search for a roster: prices and bound, annealed best responses, the integer program over the tours seen."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from schedules.bound import Prices as Guide
from schedules.bound import Relaxation, raise_bound
from schedules.pool import TourPool, solve_pool, tours_cost
from schedules.presence import Presence, Pricing, empty_presence, presence_cost, refresh
from schedules.response import place_tour, respond
from schedules.tourarrays import FIRST_BAND, FIRST_OPTION, FORM, TourSpace

_SOFT, _SHARP = 0.03, 6.0
_EXACT_PASSES = 12
# The integer program over tours stays small: a part of the people at a time, the others as they are.
_POOL_PEOPLE = 24
_POOL_ROUNDS = 2
_POOL_TOURS = 8
_POOL_NODES = 4
_POOL_GAP = 0.002
_POOL_CLOCK_GUARD_S = 20.0
_POOL_AGENTS = 200


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
    cost: float = float("inf")
    bound: float = float("-inf")
    trail: list[tuple[str, float, float]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    limited: bool = False

    def __post_init__(self) -> None:
        self._begin = time.monotonic()
        self.relaxation = Relaxation(self.space, self.pricing)
        self.pool = TourPool(len(self.space.people), _POOL_TOURS)

    def unable(self) -> list[int]:
        """People without any legal tour."""
        self.relaxation.evaluate(np.zeros_like(self.pricing.required))
        return self.relaxation.unable(len(self.space.people))

    def run(self) -> None:
        """Search; Ctrl-C ends it with the best roster so far, if there is one."""
        try:
            guide = self._prices()
            restarts = self._restarts()
            for restart in range(restarts):
                if self.tours is not None and self._late():
                    break
                self._anneal(guide, restart, restarts)
            self._pool()
        except KeyboardInterrupt:
            if self.tours is None:
                raise
            self.limited = True
            self.notes.append("interrupted: this is the best roster found until then")
        self.bound = min(self.bound, self.cost)

    def _late(self) -> bool:
        if self.time_limit_s is None or time.monotonic() - self._begin < self.time_limit_s:
            return False
        if not self.limited:
            self.limited = True
            self.notes.append(f"the time limit of {self.time_limit_s:g} s ended the search")
        return True

    def _work(self) -> float:
        """Size of one evaluation of all people, in steps of the dynamic programme; the same on every machine."""
        space = self.space
        nodes = space.layer[:, -1] - space.layer[:, 0]
        options = np.diff(space.form_first[:, FIRST_OPTION])
        bands = np.diff(space.form_first[:, FIRST_BAND])
        per_form = nodes[space.graph] * options * np.minimum(bands, 6) / max(1, space.days) + 40 * options
        return float(per_form[space.people[:, FORM]].sum())

    def _restarts(self) -> int:
        return int(np.clip(0.9e9 / (max(1.0, self._work()) * (self.passes + 4)), 1, 16))

    def _record(self, step: str) -> None:
        self.trail.append((step, self.cost, self.bound))
        if np.isfinite(self.cost):
            gap = max(0.0, self.cost - self.bound) / self.cost if self.cost > 0 else 0.0
            self.tell(f"{step}: cost {self.cost:.2f}, bound {self.bound:.2f}, gap {gap:.2%}")
        else:
            self.tell(f"{step}: bound {self.bound:.2f}")

    def _prices(self) -> Guide:
        classes = len(self.relaxation.members) / max(1, len(self.space.people))
        iterations = int(np.clip(8e9 / max(1.0, self._work() * classes), 350, 700))

        def on_step(iteration: int, bound: float, tours: np.ndarray) -> bool:
            # Tours near the final prices are those that a roster close to the bound is made of.
            if (
                len(self.space.people) <= _POOL_AGENTS
                and iteration % 8 == 0
                and 3 * iteration > 2 * iterations
            ):
                for agent, kind in enumerate(self.relaxation.classes):
                    self.pool.add(agent, tours[kind])
            # Without everybody's own wishes the value is a bound too: wishes only add costs.
            self.bound = max(self.bound, bound)
            if iteration % 50 == 49:
                self._record(f"prices {iteration + 1}/{iterations}")
            return self._late()

        guide = raise_bound(self.relaxation, iterations, on_step)
        self.bound = max(self.bound, self.relaxation.personal(guide.guide))
        self._record("prices")
        return guide

    def _fresh(self) -> Presence:
        slots, queues = self.pricing.required.shape
        return empty_presence(slots, len(self.space.skills), queues)

    def _anneal(self, guide: Guide, restart: int, restarts: int) -> None:
        space, exact = self.space, self.pricing
        agents = len(space.people)
        chance = np.random.default_rng([self.seed, restart])
        presence = self._fresh()
        tours = np.full((agents, space.days, 1 + space.most_breaks), -1, dtype=np.int64)
        assigned = np.zeros(agents, dtype=np.bool_)
        # A queue whose price has fallen to nothing still needs some pull while the others settle.
        floor = -exact.surplus + 0.02 * float(exact.tier_price[-1])
        pull = np.maximum(guide.guide, floor)
        for turn in range(self.passes):
            if self.tours is not None and self._late():
                return
            sharpness = _SOFT * (_SHARP / _SOFT) ** (turn / max(1, self.passes - 1))
            smooth = exact._replace(guide=pull, aim=exact.required, sharpness=sharpness)
            refresh(presence, smooth, space.skills)
            respond(space, presence, smooth, chance.permutation(agents), tours, assigned)
            if self.tours is None:
                self.tell(
                    f"roster {restart + 1}/{restarts}: pass {turn + 1}/{self.passes}, bound {self.bound:.2f}"
                )
        self._settle(presence, tours, chance)
        self.pool.add_all(tours)
        self._offer(tours, presence)
        self._record(f"roster {restart + 1}/{restarts}")

    def _settle(self, presence: Presence, tours: np.ndarray, chance: np.random.Generator) -> None:
        """Best responses at exact prices until nobody changes."""
        agents = len(tours)
        assigned = np.ones(agents, dtype=np.bool_)
        refresh(presence, self.pricing, self.space.skills)
        for _ in range(_EXACT_PASSES):
            _, changed = respond(
                self.space, presence, self.pricing, chance.permutation(agents), tours, assigned
            )
            if changed == 0:
                return
            self.pool.add_all(tours)

    def _offer(self, tours: np.ndarray, presence: Presence) -> None:
        pay, refused = tours_cost(self.space, tours)
        cost = pay + refused + float(presence_cost(presence, self.pricing))
        if cost < self.cost - 1e-7:
            self.cost, self.tours = cost, tours.copy()

    def presence_of(self, tours: np.ndarray) -> Presence:
        """People per slot and queue of a roster, at exact prices."""
        presence = self._fresh()
        refresh(presence, self.pricing, self.space.skills)
        slots = np.empty(self.space.extended, np.int64)
        for agent, tour in enumerate(tours):
            place_tour(self.space, presence, self.pricing, agent, tour, slots)
        return presence

    def _pool(self) -> None:
        """Integer program over the tours seen; for many people over drawn parts of them."""
        if self.tours is None or self.cost - self.bound <= _POOL_GAP * self.cost or self._late():
            return
        agents = len(self.space.people)
        chance = np.random.default_rng([self.seed, 1_000_003])
        order = chance.permutation(agents)
        rounds = 1 if agents <= _POOL_PEOPLE else _POOL_ROUNDS
        for turn in range(rounds):
            people = np.sort(order[turn * _POOL_PEOPLE : (turn + 1) * _POOL_PEOPLE])
            tours, result = solve_pool(
                self.space,
                self.pricing,
                self.pool,
                self.tours,
                [int(agent) for agent in people],
                nodes=_POOL_NODES,
                seed=self.seed,
                clock_guard_s=_POOL_CLOCK_GUARD_S,
            )
            if result.limit == "clock guard":
                self.notes.append(
                    "the clock guard ended the integer program over the tours; another run may differ"
                )
            presence = self.presence_of(tours)
            self._settle(presence, tours, chance)
            self._offer(tours, presence)
            self._record(f"integer program over the tours of {len(people)} people")
