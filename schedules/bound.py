"""A lower bound that no roster can undercut, by Lagrangian prices of work per queue and slot and of team rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from schedules.presence import Pricing
from schedules.teamrows import FIRST, FREE, LAST, LENGTH
from schedules.tourarrays import FORM, GROUP, WISH_ROW, TourSpace
from schedules.tours import INFINITE

_DRIFT, _SPREAD = 0.95, 0.999
# Where only a part of the people answers each step, everybody answers this often for a valid bound.
_CHECKS = 6
# The clock and Ctrl-C get their turn after so many classes.
_AT_ONCE = 64


class Prices(NamedTuple):
    """Where the bound stands.

    Attributes
    ----------
    bound
        Money; valid whatever the prices are.
    guide
        Value of one more person at work, shape ``(slots, queues)``, money per slot; then one column
        per team row, the slope of its price.
    """

    bound: float
    guide: np.ndarray


class _Meeting(NamedTuple):
    """Meetings that look the same to the bound: who works at the same value, when, for how long, at what price."""

    profile: int
    length: int
    starts: np.ndarray
    price: float
    people: int


class Relaxation:
    """The Lagrangian dual: everybody works the tour that pays best, and every queue staffs itself at the same prices.

    ``L(u, g) = sum over people of min over tours (pay + wishes - work valued at u + sum of g over own rows)
    + sum over slots and queues of min over whole y of (price of y people + u y)
    + sum over slots and rows of min over whole n of (price of the row at n - g n)
    + sum over meetings of min(price of missing it, least value of work over its windows)``.

    Each person may stand at the dearest queue of their skills in every slot, so the pooling of skills is exact, and
    ``y`` runs over whole numbers, so that fractions of a requirement are priced as they must be paid. A meeting is
    let loose from the tour: whoever attends loses the work of some window, whatever tour they have.
    """

    def __init__(
        self,
        space: TourSpace,
        pricing: Pricing,
        personal_up_to: int = 400,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self.space = space
        self.stop = stop
        self.pricing = pricing
        agents = len(space.people)
        self._profiles()
        distinct = {(*row, kind) for row, kind in zip(space.people.tolist(), self.profile_of, strict=True)}
        self.with_wishes = len(distinct) <= personal_up_to
        keys: dict[tuple[int, int, int], int] = {}
        classes = np.zeros(agents, dtype=np.int64)
        members: list[int] = []
        for agent in range(agents):
            row = int(space.people[agent, WISH_ROW]) if self.with_wishes else -1
            key = (int(space.people[agent, FORM]), int(self.profile_of[agent]), row)
            if key not in keys:
                keys[key] = len(members)
                members.append(agent)
            classes[agent] = keys[key]
        self.classes = classes
        self._represent(np.array(members, dtype=np.int64), np.bincount(classes, minlength=len(members)))
        self._candidates()
        self._row_candidates()
        self._meetings()

    def _represent(self, members: np.ndarray, count: np.ndarray) -> None:
        """Forget what was done, and let ``members`` stand for ``count`` people each."""
        self.members, self.count = members, count.astype(np.int64)
        self.class_costs = np.zeros(len(members))
        self.tours = np.full((len(members), self.space.days, 1 + self.space.most_breaks), -1, dtype=np.int64)
        self.known = np.zeros(len(members), dtype=np.bool_)
        self.worked = np.zeros((len(self.profile_group), self.space.slots))

    def _profiles(self) -> None:
        """People of the same skills and the same part in team rows see the same value of work."""
        team = self.pricing.team
        kinds: dict[tuple, int] = {}
        profile = []
        for agent in range(len(self.space.people)):
            own = slice(int(team.first[agent]), int(team.first[agent + 1]))
            part = tuple(zip(team.row[own].tolist(), team.sign[own].tolist(), strict=True))
            key = (int(self.space.people[agent, GROUP]), part)
            profile.append(kinds.setdefault(key, len(kinds)))
        self.profile_of = np.array(profile, dtype=np.int64)
        self.profile_group = np.array([group for group, _ in kinds], dtype=np.int64)
        self.signs = np.zeros((len(team.price), len(kinds)))
        for (_, part), kind in kinds.items():
            for row, sign in part:
                self.signs[row, kind] += sign

    def _candidates(self) -> None:
        """Whole numbers at which the best ``y`` can lie: around the bends of the price, and both ends."""
        required, carried = self.pricing.required, self.pricing.carried
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
            stack += [np.floor(bend - carried), np.ceil(bend - carried)]
        self.people = np.clip(np.stack(stack), 0.0, skilled)
        here = self.people + carried
        missing = np.maximum(required - here, 0.0)
        cost = np.maximum(here - required, 0.0) * self.pricing.surplus
        start = 0.0
        for share, price in zip(self.pricing.tier_share, self.pricing.tier_price, strict=True):
            cost += np.clip(missing - start * required, 0.0, (share - start) * required) * price
            start = share
        self.people_cost = cost

    def _row_candidates(self) -> None:
        """Counts at which the best ``n`` of a row can lie, shape ``(4, rows)``, and their prices."""
        team = self.pricing.team
        people = np.bincount(self.profile_of, minlength=self.signs.shape[1])
        most = np.where(self.signs > 0, self.signs, 0.0) @ people
        least = np.where(self.signs < 0, self.signs, 0.0) @ people
        self.row_count = np.clip(np.stack([least, most, team.low, team.high]), least, most)
        self.row_cost = team.price * (
            np.maximum(team.low - self.row_count, 0.0) + np.maximum(self.row_count - team.high, 0.0)
        )

    def _meetings(self) -> None:
        from schedules.meetings import reachable

        team = self.pricing.team
        groups: dict[tuple, list] = {}
        reach = np.zeros(self.space.extended + 1, dtype=np.int64)
        for agent in np.flatnonzero(np.diff(team.meeting_first)).tolist():
            for number in range(int(team.meeting_first[agent]), int(team.meeting_first[agent + 1])):
                length, first, last = (int(team.meeting[number, k]) for k in (LENGTH, FIRST, LAST))
                key = (int(self.profile_of[agent]), length, first, last, float(team.missed[number]))
                reachable(self.space, agent, length, reach)
                able = np.zeros(self.space.extended + 1, dtype=bool)
                able[first : last + 1] = reach[first : last + 1] > 0
                if key in groups:
                    groups[key][0] |= able
                    groups[key][1] += 1
                else:
                    groups[key] = [able, 1]
        self.meetings = [
            _Meeting(key[0], key[1], np.flatnonzero(able), key[4], count)
            for key, (able, count) in groups.items()
        ]

    def values(self, guide: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Value of work per profile and slot, and the queue where a skill group's is highest."""
        queues = self.pricing.required.shape[1]
        groups = len(self.space.skills)
        value = np.zeros((groups, guide.shape[0]))
        choice = np.zeros((groups, guide.shape[0]), dtype=np.int64)
        for group, mask in enumerate(self.space.skills):
            able = [queue for queue in range(queues) if int(mask) >> queue & 1]
            local = guide[:, able]
            best = local.argmax(axis=1)
            choice[group] = np.array(able)[best]
            value[group] = local[np.arange(len(local)), best]
        own = value[self.profile_group]
        if len(self.signs):
            own = own - (guide[:, queues:] @ self.signs).T
        return own, choice

    def evaluate(self, guide: np.ndarray, batch: np.ndarray | None = None) -> tuple[float, np.ndarray]:
        """The dual's value and a subgradient at prices ``guide``; ``tours`` keeps what the classes did.

        With a ``batch`` of classes only these answer the new prices; the value is then no bound. Where ``stop`` says
        so the value is -inf.
        """
        from schedules.response import evaluate_prices

        slots, queues = self.pricing.required.shape
        value, choice = self.values(guide)
        asked = np.arange(len(self.members)) if batch is None else batch
        profile = self.profile_of[self.members]
        for begin in range(0, len(asked), _AT_ONCE):
            if self.stop():
                return -np.inf, np.zeros_like(guide)
            evaluate_prices(
                self.space,
                self.members,
                self.count,
                self.with_wishes,
                asked[begin : begin + _AT_ONCE],
                profile,
                value,
                self.worked,
                self.class_costs,
                self.tours,
                self.known,
            )
        total = float(self.class_costs @ self.count)
        worked = self.worked
        if self.meetings:
            worked = worked.copy()
            total += self._attend(value, worked)
        work = np.zeros((slots, queues))
        rows = np.arange(slots)
        by_group = np.zeros((len(self.space.skills), slots))
        np.add.at(by_group, self.profile_group, worked)
        for group in range(len(by_group)):
            work[rows, choice[group]] += by_group[group]
        u, g = guide[:, :queues], guide[:, queues:]
        priced = self.people_cost + u * self.people
        pick = priced.argmin(axis=0)[None]
        staffed = np.take_along_axis(self.people, pick, axis=0)[0]
        total += float(priced.min(axis=0).sum())
        gradient = staffed - work
        if g.shape[1]:
            active = self.pricing.team.active.T
            balance = self.row_cost[:, None, :] - self.row_count[:, None, :] * g
            total += float(np.where(active, balance.min(axis=0), 0.0).sum())
            counted = np.take_along_axis(
                np.broadcast_to(self.row_count[:, None, :], balance.shape),
                balance.argmin(axis=0)[None],
                axis=0,
            )[0]
            gradient = np.hstack([gradient, np.where(active, (self.signs @ worked).T - counted, 0.0)])
        return total, gradient

    def _attend(self, value: np.ndarray, worked: np.ndarray) -> float:
        """Least cost of all meetings at a value of work; takes their work out of ``worked``."""
        slots = self.space.slots
        total = 0.0
        sums = np.zeros((len(value), self.space.extended + 1))
        sums[:, 1 : slots + 1] = np.cumsum(value, axis=1)
        sums[:, slots + 1 :] = sums[:, slots : slots + 1]
        for meeting in self.meetings:
            line = sums[meeting.profile]
            lost = line[meeting.starts + meeting.length] - line[meeting.starts]
            at = int(lost.argmin()) if len(lost) else -1
            if at < 0 or lost[at] >= meeting.price:
                total += meeting.people * meeting.price
                continue
            total += meeting.people * float(lost[at])
            begin = int(meeting.starts[at])
            worked[meeting.profile, begin : begin + meeting.length] -= meeting.people
        return total

    def personal(self, guide: np.ndarray) -> float:
        """The dual's value with everybody's own wishes counted."""
        if self.with_wishes:
            return self.evaluate(guide)[0]
        saved = (self.members, self.count, self.class_costs, self.tours, self.known, self.worked)
        agents = len(self.space.people)
        self.with_wishes = True
        self._represent(np.arange(agents), np.ones(agents))
        value = self.evaluate(guide)[0]
        self.members, self.count, self.class_costs, self.tours, self.known, self.worked = saved
        self.with_wishes = False
        return value

    def unable(self, agents: int) -> list[int]:
        """People without any legal tour, by the costs of the last evaluation."""
        return [agent for agent in range(agents) if self.class_costs[self.classes[agent]] > INFINITE / 2]


def raise_bound(
    relaxation: Relaxation,
    iterations: int,
    on_step: Callable[[int, float, np.ndarray], bool],
    start: np.ndarray | None = None,
    parts: int = 1,
) -> Prices:
    """Raise the bound by supergradient steps with per-price step sizes that shrink geometrically.

    Parameters
    ----------
    iterations
        Number of steps.
    on_step
        Receives the iteration, the best bound and the tours of the classes; true ends the search.
    start
        Prices to begin from, shape ``(slots, queues + rows)``.
    parts
        Each step asks one part of the classes only; what the others did last stands for them.

    References
    ----------
    Kingma, Ba (2015), Adam, for the steps; Fisher (1981), Management Science 27(1), for the bound;
    Le Roux, Schmidt, Bach (2012), for gradients that are renewed in parts.
    """
    pricing = relaxation.pricing
    team = pricing.team
    slots, queues = pricing.required.shape
    dearest = float(pricing.tier_price[-1])
    # A row's slope never leaves what its price can rise or fall by.
    steepest = np.where(team.active.T, team.price, 0.0)
    low = np.hstack([np.full((slots, queues), -pricing.surplus), np.where(team.low > -FREE, -steepest, 0.0)])
    high = np.hstack([np.full((slots, queues), dearest), np.where(team.high < FREE, steepest, 0.0)])
    scale = np.concatenate([np.full(queues, dearest), team.price])
    first, last = (0.16, 0.0004) if start is None else (0.02, 0.0004)
    if start is None:
        begin = np.where(pricing.required > pricing.carried, 0.25 * dearest, -pricing.surplus)
        start = np.hstack([begin, np.zeros((slots, len(team.price)))])
    guide = np.clip(start, low, high)
    drift, spread = np.zeros_like(guide), np.zeros_like(guide)
    best, best_guide = -np.inf, guide
    classes = len(relaxation.members)
    every = max(1, iterations // _CHECKS)
    for iteration in range(iterations):
        whole = parts == 1 or iteration == 0 or iteration % every == every - 1 or iteration == iterations - 1
        batch = None if whole else np.arange(iteration % parts, classes, parts)
        value, gradient = relaxation.evaluate(guide, batch)
        if whole and value > best:
            best, best_guide = value, guide
        if on_step(iteration, best, relaxation.tours):
            break
        drift = _DRIFT * drift + (1.0 - _DRIFT) * gradient
        spread = _SPREAD * spread + (1.0 - _SPREAD) * gradient * gradient
        pace = scale * first * (last / first) ** (iteration / max(1, iterations))
        mean = drift / (1.0 - _DRIFT ** (iteration + 1))
        size = np.sqrt(spread / (1.0 - _SPREAD ** (iteration + 1)))
        usual = np.full(guide.shape[1], np.sqrt(np.mean(size[:, :queues] ** 2)))
        usual[queues:] = np.sqrt(np.mean(size[:, queues:] ** 2, axis=0))
        guide = np.clip(guide + pace * mean / (size + 0.05 * usual + 1e-12), low, high)
    return Prices(best, best_guide)
