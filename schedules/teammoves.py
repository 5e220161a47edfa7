"""Moves that one person cannot make alone: pairs who change shifts together, meetings that all attend at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from schedules.meetings import reachable
from schedules.presence import Presence, Pricing, presence_cost
from schedules.response import joint_values, lift_tour, people_cost, place_tour, respond, values_of
from schedules.teamrows import ACTIVITY, FIRST, LAST, LENGTH, TOGETHER
from schedules.tourarrays import FORM, TourSpace
from schedules.tours import price_agent

# Starts of a common meeting that are tried in full after all have been priced: at least so many, and more of a
# small one.
_STARTS_TRIED, _ANSWERS = 4, 64
# Other restarts aim at other times, this many steps down the list of all.
_AIMS = 8

Move = Callable[[Presence, np.ndarray], bool]


class TeamMoves:
    """Joint moves of a roster at exact prices; each keeps what it found only if the whole gets cheaper."""

    def __init__(self, space: TourSpace, pricing: Pricing) -> None:
        self.space, self.pricing = space, pricing
        team = pricing.team
        owner = np.repeat(np.arange(len(space.people)), np.diff(team.first))
        self.pairs = [
            tuple(owner[team.row == row].tolist())
            for row in np.flatnonzero((team.low == 0) & (team.high == 0))
            if (team.row == row).sum() == 2 and team.sign[team.row == row].sum() == 0
        ]
        self.owner = np.repeat(np.arange(len(space.people)), np.diff(team.meeting_first))
        common = team.meeting[:, TOGETHER] == 1
        self.common = [
            np.flatnonzero(common & (team.meeting[:, ACTIVITY] == activity))
            for activity in np.unique(team.meeting[common, ACTIVITY])
        ]
        self._slots = np.empty(space.extended, np.int64)
        self._reach = [self._reach_of(int(meeting)) for meetings in self.common for meeting in meetings]
        self._reach_at = {
            int(meeting): index
            for index, meeting in enumerate(m for meetings in self.common for m in meetings)
        }

    def _reach_of(self, meeting: int) -> np.ndarray:
        reach = np.zeros(self.space.extended + 1, dtype=np.int64)
        reachable(self.space, self.owner[meeting], self.pricing.team.meeting[meeting, LENGTH], reach)
        return reach > 0

    def compile(self, presence: Presence, tours: np.ndarray) -> None:
        """Compile or load what the moves call."""
        if self.pairs:
            self._price(0, np.zeros(self.space.extended + 1), tours[0].copy())
            joint_values(self.space, presence, self.pricing, 0, 0, np.zeros(self.space.extended + 1))
        if self.pairs or self.common:
            values_of(self.space, presence, self.pricing, 0, np.zeros(self.space.extended + 1))

    def all(self) -> Iterator[Move]:
        """Every move once."""
        for first, second in self.pairs:
            for leader, follower in ((first, second), (second, first)):
                yield partial(self._lead, leader, follower)
        for meetings in self.common:
            yield partial(self._meet, meetings)

    def aim(self, presence: Presence, values: np.ndarray, profile: np.ndarray, restart: int = 0) -> None:
        """First times of common meetings: where work lost and people missing cost least at ``values``.

        Later restarts aim at dearer times.
        """
        sums = np.zeros((len(values), self.space.extended + 1))
        sums[:, 1 : values.shape[1] + 1] = np.cumsum(values, axis=1)
        sums[:, values.shape[1] + 1 :] = sums[:, values.shape[1] : values.shape[1] + 1]
        for meetings in self.common:
            lines = {int(meeting): sums[profile[self.owner[meeting]]] for meeting in meetings}
            starts, costs = self._start_costs(presence, meetings, lines)
            if len(starts):
                order = np.argsort(costs, kind="stable")
                step = restart * max(1, len(order) // _AIMS)
                self._set(presence, meetings, int(starts[order[step % len(order)]]))

    def _start_costs(
        self, presence: Presence, meetings: np.ndarray, lines: dict[int, np.ndarray]
    ) -> tuple[np.ndarray, np.ndarray]:
        team = self.pricing.team
        length = int(team.meeting[meetings[0], LENGTH])
        starts = np.arange(int(team.meeting[meetings[0], FIRST]), int(team.meeting[meetings[0], LAST]) + 1)
        costs = np.zeros(len(starts))
        for meeting in meetings.tolist():
            lost = lines[meeting][starts + length] - lines[meeting][starts]
            able = self._reach[self._reach_at[meeting]][starts]
            costs += np.where(able, np.minimum(lost, team.missed[meeting]), team.missed[meeting])
        return starts, costs

    def _set(self, presence: Presence, meetings: np.ndarray, begin: int) -> None:
        """One start for all who have nothing else then."""
        team = self.pricing.team
        until = begin + int(team.meeting[meetings[0], LENGTH])
        for meeting in meetings.tolist():
            agent = self.owner[meeting]
            others = [
                m
                for m in range(int(team.meeting_first[agent]), int(team.meeting_first[agent + 1]))
                if m != meeting and presence.starts[m] >= 0
            ]
            free = all(
                until <= presence.starts[m] or presence.starts[m] + team.meeting[m, LENGTH] <= begin
                for m in others
            )
            presence.starts[meeting] = begin if free else -1

    def _cost(self, presence: Presence, tours: np.ndarray) -> float:
        personal = people_cost(self.space, presence, self.pricing.team, tours)
        return float(personal + presence_cost(presence, self.pricing))

    def _keep_if_better(
        self, presence: Presence, tours: np.ndarray, people: list[int], change: Callable[[], None]
    ) -> bool:
        """Make a change that touches the tours of ``people``; take it back unless the roster got cheaper."""
        before = self._cost(presence, tours)
        saved, old = [part.copy() for part in presence], tours[people].copy()
        change()
        if self._cost(presence, tours) < before - 1e-6:
            return True
        for part, copy in zip(presence, saved, strict=True):
            part[...] = copy
        tours[people] = old
        return False

    def _lift(self, presence: Presence, agent: int, tour: np.ndarray) -> None:
        lift_tour(self.space, presence, self.pricing, agent, tour, self._slots)

    def _place(self, presence: Presence, agent: int, tour: np.ndarray) -> None:
        place_tour(self.space, presence, self.pricing, agent, tour, self._slots)

    def _respond(self, presence: Presence, tours: np.ndarray, people: list[int]) -> None:
        order = np.array(people, dtype=np.int64)
        assigned = np.ones(len(tours), dtype=np.bool_)
        respond(self.space, presence, self.pricing, order, tours, assigned)

    def _price(self, agent: int, value_sum: np.ndarray, tour: np.ndarray) -> None:
        space = self.space
        price_agent(
            space,
            agent,
            True,
            value_sum,
            np.empty(space.most_blocks),
            np.empty(space.most_options),
            np.empty((space.most_nodes, space.most_classes)),
            tour,
        )

    def _lead(self, leader: int, follower: int, presence: Presence, tours: np.ndarray) -> bool:
        """The leader takes the tour that is best for two, then both in turn what is best for each."""
        space = self.space

        def change() -> None:
            for agent in (leader, follower):
                self._lift(presence, agent, tours[agent])
            both = np.zeros(space.extended + 1)
            joint_values(space, presence, self.pricing, leader, follower, both)
            wage = float(space.wage[space.people[follower, FORM]])
            self._price(leader, both - wage * space.pay_sum, tours[leader])
            self._place(presence, leader, tours[leader])
            self._place(presence, follower, tours[follower])
            self._respond(presence, tours, [follower, leader, follower])

        return self._keep_if_better(presence, tours, [leader, follower], change)

    def _meet(self, meetings: np.ndarray, presence: Presence, tours: np.ndarray) -> bool:
        """Try the most promising starts of a common meeting in full."""
        people = [int(agent) for agent in self.owner[meetings]]
        lines = {}
        for meeting, agent in zip(meetings.tolist(), people, strict=True):
            self._lift(presence, agent, tours[agent])
            lines[meeting] = np.zeros(self.space.extended + 1)
            values_of(self.space, presence, self.pricing, agent, lines[meeting])
            self._place(presence, agent, tours[agent])
        starts, costs = self._start_costs(presence, meetings, lines)
        better = False
        tried = max(_STARTS_TRIED, _ANSWERS // len(people))
        for begin in starts[np.argsort(costs, kind="stable")][:tried].tolist():

            def change(begin: int = begin) -> None:
                for agent in people:
                    self._lift(presence, agent, tours[agent])
                self._set(presence, meetings, begin)
                for agent in people:
                    self._place(presence, agent, tours[agent])
                self._respond(presence, tours, people)
                self._respond(presence, tours, people)

            better |= self._keep_if_better(presence, tours, people, change)
        return better
