"""A lower bound that no roster can undercut, by Lagrangian prices of work per queue and slot."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from schedules.presence import Pricing
from schedules.tourarrays import FORM, GROUP, WISH_ROW, TourSpace
from schedules.tours import INFINITE

_DRIFT, _SPREAD = 0.95, 0.999


class Prices(NamedTuple):
    """Where the bound stands.

    Attributes
    ----------
    bound
        Money; valid whatever the prices are.
    guide
        Value of one more person at work, shape ``(slots, queues)``, money per slot.
    aim
        People that the relaxation puts there on average, same shape.
    """

    bound: float
    guide: np.ndarray
    aim: np.ndarray


class Relaxation:
    """The Lagrangian dual: everybody works the tour that pays best, and every queue staffs itself at the same prices.

    ``L(u) = sum over people of min over tours (pay + wishes - work valued at u)
    + sum over slots and queues of min over whole y of (price of y people + u y)``.

    Each person may stand at the dearest queue of their skills in every slot, so the pooling of skills is exact, and
    ``y`` runs over whole numbers, so that fractions of a requirement are priced as they must be paid.
    """

    def __init__(self, space: TourSpace, pricing: Pricing, personal_up_to: int = 400) -> None:
        self.space = space
        self.pricing = pricing
        agents = len(space.people)
        keys: dict[tuple[int, int, int], int] = {}
        classes = np.zeros(agents, dtype=np.int64)
        distinct = {tuple(row) for row in space.people.tolist()}
        self.with_wishes = len(distinct) <= personal_up_to
        members: list[int] = []
        for agent in range(agents):
            row = int(space.people[agent, WISH_ROW]) if self.with_wishes else -1
            key = (int(space.people[agent, FORM]), int(space.people[agent, GROUP]), row)
            if key not in keys:
                keys[key] = len(members)
                members.append(agent)
            classes[agent] = keys[key]
        self.members = np.array(members, dtype=np.int64)
        self.count = np.bincount(classes, minlength=len(members)).astype(np.int64)
        self.classes = classes
        self._candidates()
        slots, queues = pricing.required.shape
        self.work = np.zeros((slots, queues))
        self.class_costs = np.zeros(len(members))
        self.tours = np.full((len(members), space.days, 1 + space.most_breaks), -1, dtype=np.int64)

    def _candidates(self) -> None:
        """Whole numbers at which the best ``y`` can lie: around the bends of the price, and both ends."""
        required = self.pricing.required
        skilled = np.array(
            [
                sum(1 for group in self.space.people[:, GROUP] if self.space.skills[group] >> queue & 1)
                for queue in range(required.shape[1])
            ],
            dtype=np.float64,
        )
        below = [required * (1.0 - share) for share in self.pricing.tier_share]
        bends = [required, *below]
        stack = [np.zeros_like(required), np.broadcast_to(skilled, required.shape)]
        for bend in bends:
            stack += [np.floor(bend), np.ceil(bend)]
        self.people = np.clip(np.stack(stack), 0.0, skilled)
        missing = np.maximum(required - self.people, 0.0)
        cost = np.maximum(self.people - required, 0.0) * self.pricing.surplus
        start = 0.0
        for share, price in zip(self.pricing.tier_share, self.pricing.tier_price, strict=True):
            cost += np.clip(missing - start * required, 0.0, (share - start) * required) * price
            start = share
        self.people_cost = cost

    def values(self, guide: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Value of work per skill group and slot, and the queue where it is highest."""
        groups = len(self.space.skills)
        value = np.zeros((groups, guide.shape[0]))
        choice = np.zeros((groups, guide.shape[0]), dtype=np.int64)
        for group, mask in enumerate(self.space.skills):
            queues = [queue for queue in range(guide.shape[1]) if int(mask) >> queue & 1]
            local = guide[:, queues]
            best = local.argmax(axis=1)
            choice[group] = np.array(queues)[best]
            value[group] = local[np.arange(len(local)), best]
        return value, choice

    def evaluate(self, guide: np.ndarray) -> tuple[float, np.ndarray]:
        """The dual's value and a subgradient at prices ``guide``; ``work`` and ``tours`` keep what people did."""
        from schedules.response import evaluate_prices

        value, choice = self.values(guide)
        self.work[:] = 0.0
        total = evaluate_prices(
            self.space,
            self.members,
            self.count,
            self.with_wishes,
            value,
            choice,
            self.work,
            self.class_costs,
            self.tours,
        )
        priced = self.people_cost + guide * self.people
        pick = priced.argmin(axis=0)[None]
        staffed = np.take_along_axis(self.people, pick, axis=0)[0]
        return total + float(priced.min(axis=0).sum()), staffed - self.work

    def personal(self, guide: np.ndarray) -> float:
        """The dual's value with everybody's own wishes counted."""
        if self.with_wishes:
            return self.evaluate(guide)[0]
        saved = (self.members, self.count, self.with_wishes, self.class_costs, self.tours)
        agents = len(self.space.people)
        self.members, self.count, self.with_wishes = np.arange(agents), np.ones(agents, np.int64), True
        self.class_costs = np.zeros(agents)
        self.tours = np.full((agents, *saved[4].shape[1:]), -1, dtype=np.int64)
        value = self.evaluate(guide)[0]
        self.members, self.count, self.with_wishes, self.class_costs, self.tours = saved
        return value

    def unable(self, agents: int) -> list[int]:
        """People without any legal tour, by the costs of the last evaluation."""
        return [agent for agent in range(agents) if self.class_costs[self.classes[agent]] > INFINITE / 2]


def raise_bound(
    relaxation: Relaxation,
    iterations: int,
    on_step: Callable[[int, float, np.ndarray], bool],
    start: np.ndarray | None = None,
) -> Prices:
    """Raise the bound by supergradient steps with per-price step sizes that shrink geometrically.

    Parameters
    ----------
    iterations
        Number of evaluations.
    on_step
        Receives the iteration, the best bound and the tours of the classes; true ends the search.
    start
        Prices to begin from, shape ``(slots, queues)``.

    References
    ----------
    Kingma, Ba (2015), Adam, for the steps; Fisher (1981), Management Science 27(1), for the bound.
    """
    pricing = relaxation.pricing
    low, high = -pricing.surplus, float(pricing.tier_price[-1])
    first, last = (0.16, 0.0004) if start is None else (0.02, 0.0004)
    if start is None:
        start = np.where(pricing.required > 0, 0.25 * high, low)
    guide = np.clip(start, low, high)
    drift, spread = np.zeros_like(guide), np.zeros_like(guide)
    best, best_guide = -np.inf, guide
    aim, weight = np.zeros_like(guide), 0.0
    for iteration in range(iterations):
        value, gradient = relaxation.evaluate(guide)
        if value > best:
            best, best_guide = value, guide
        if 2 * iteration >= iterations:
            aim, weight = aim + relaxation.work, weight + 1.0
        if on_step(iteration, best, relaxation.tours):
            break
        drift = _DRIFT * drift + (1.0 - _DRIFT) * gradient
        spread = _SPREAD * spread + (1.0 - _SPREAD) * gradient * gradient
        pace = high * first * (last / first) ** (iteration / max(1, iterations))
        mean = drift / (1.0 - _DRIFT ** (iteration + 1))
        size = np.sqrt(spread / (1.0 - _SPREAD ** (iteration + 1)))
        guide = np.clip(
            guide + pace * mean / (size + 0.05 * np.sqrt(np.mean(size * size)) + 1e-12), low, high
        )
    return Prices(best, best_guide, aim / max(weight, 1.0))
