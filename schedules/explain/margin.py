"""What one person at work is worth in each slot, everybody else's work as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.compact.case import Case
from schedules.cover import slot_cost
from schedules.errors import InvalidSchedule


class Margin:
    """Everybody's work of a roster, and the price of one more or one less.

    Attributes
    ----------
    at
        Queue of each person in each slot of the horizon, -1 off work, shape ``(people, slots)``.
    activities
        Person to ``(name, first slot, slot after the last)`` of the activities attended.
    """

    def __init__(self, case: Case, table: pd.DataFrame) -> None:
        self.case = case
        demand, grid = case.demand, case.grid
        self.queue = {name: index for index, name in enumerate(demand.queues)}
        self.number = {agent.id: index for index, agent in enumerate(case.agents)}
        self.masks = np.array([self.mask(agent.skills) for agent in case.agents], dtype=np.int64)
        self.at = np.full((len(case.agents), grid.slots), -1, dtype=np.int16)
        self.activities: dict[str, list[tuple[str, int, int]]] = {}
        step = pd.Timedelta(minutes=grid.slot_min)
        names = {activity.name for activity in case.team_rules.activities}
        if len(table):
            first = ((pd.DatetimeIndex(table["start"]) - demand.starts[0]) / step).to_numpy()
            until = ((pd.DatetimeIndex(table["end"]) - demand.starts[0]) / step).to_numpy()
            rows: Iterable[Any] = zip(
                table["agent"], table["activity"], table["queue"], first.round(), until.round(), strict=True
            )
            for agent, activity, queue, begin, end in rows:
                number = self.number.get(agent)
                if number is None:
                    continue
                if activity == "work":
                    if queue not in self.queue:
                        raise InvalidSchedule(
                            f"roster of {agent}: a queue among {', '.join(self.queue)} expected, got {queue!r}"
                        )
                    self.at[number, max(0, int(begin)) : max(0, int(end))] = self.queue[queue]
                elif activity in names:
                    self.activities.setdefault(agent, []).append((activity, int(begin), int(end)))
        self._count()

    def mask(self, skills: frozenset[str]) -> int:
        """Bit mask of the queues of a set of skills."""
        return sum(1 << index for name, index in self.queue.items() if name in skills)

    def _count(self) -> None:
        demand = self.case.demand
        queues, slots = demand.required.shape
        edge = np.zeros((queues, slots), dtype=np.int64)
        total = np.zeros((queues, slots))
        for mask in np.unique(self.masks):
            members = self.at[self.masks == mask]
            for queue in range(queues):
                here = (members == queue).sum(axis=0)
                total[queue] += here
                edge[queue] |= np.where(here > 0, int(mask), 0)
        carried = np.zeros_like(total) if demand.carried is None else demand.carried
        people = total + carried
        hours = demand.slot_min / 60.0
        cost = slot_cost(people, demand.required, self.case.prices) * hours
        self.edge = edge
        self.more = slot_cost(people + 1, demand.required, self.case.prices) * hours - cost
        less = slot_cost(np.maximum(people - 1, 0), demand.required, self.case.prices) * hours - cost
        self.less = np.where(total > 0, less, np.inf)
        self.people = people

    def values(self, agent: Agent) -> np.ndarray:
        """Money that a person's work saves in each slot, shape ``(slots,)``; negative where it is surplus.

        The people who are there re-arrange themselves over the queues in the cheapest way, by chains of moves, as they
        do in the roster. A person of the roster is taken out first; anybody else comes on top.
        """
        number = self.number.get(agent.id)
        mask = self.mask(agent.skills)
        queues, slots = self.more.shape
        reached = np.array([np.full(slots, bool(mask >> queue & 1)) for queue in range(queues)])
        value = -self._cheapest(self._spread(reached), self.more)
        if number is not None:
            working = self.at[number] >= 0
            if working.any():
                stands = np.array([self.at[number] == queue for queue in range(queues)])
                value = np.where(working, self._cheapest(self._gather(stands), self.less), value)
        return value + self._presence(agent, number) + self._pairs(agent)

    def _spread(self, reached: np.ndarray) -> np.ndarray:
        """Queues to which a chain of moves can pass somebody on."""
        queues = len(reached)
        for _ in range(queues - 1):
            for source in range(queues):
                for target in range(queues):
                    if source != target:
                        reached[target] |= reached[source] & ((self.edge[source] >> target & 1) > 0)
        return reached

    def _gather(self, reached: np.ndarray) -> np.ndarray:
        """Queues from which a chain of moves can fill the place that becomes free."""
        queues = len(reached)
        for _ in range(queues - 1):
            for source in range(queues):
                for target in range(queues):
                    if source != target:
                        reached[source] |= reached[target] & ((self.edge[source] >> target & 1) > 0)
        return reached

    @staticmethod
    def _cheapest(reached: np.ndarray, price: np.ndarray) -> np.ndarray:
        return np.where(reached, price, np.inf).min(axis=0)

    def _presence(self, agent: Agent, number: int | None) -> np.ndarray:
        starts, hours = self.case.demand.starts, self.case.demand.slot_min / 60.0
        minute, weekday = np.asarray(starts.hour * 60 + starts.minute), np.asarray(starts.day_of_week)
        value = np.zeros(len(starts))
        for rule in self.case.team_rules.presence:
            if not rule.counts(agent):
                continue
            members = [
                index for index, one in enumerate(self.case.agents) if rule.counts(one) and index != number
            ]
            others = (self.at[members] >= 0).sum(axis=0)
            most = np.inf if rule.at_most is None else rule.at_most
            least = rule.at_least or 0

            def missed(people: np.ndarray, least: int = least, most: float = most) -> np.ndarray:
                return np.maximum(0.0, least - people) + np.maximum(0.0, people - most)

            if rule.from_min <= rule.until_min:
                inside = (minute >= rule.from_min) & (minute < rule.until_min)
            else:
                inside = (minute >= rule.from_min) | (minute < rule.until_min)
            inside &= np.isin(weekday, rule.weekdays)
            value += inside * (missed(others) - missed(others + 1)) * rule.price_per_hour * hours
        return value

    def _pairs(self, agent: Agent) -> np.ndarray:
        value = np.zeros(self.at.shape[1])
        for pair in self.case.team_rules.pairs:
            if agent.id not in (pair.first, pair.second):
                continue
            partner = self.number.get(pair.second if agent.id == pair.first else pair.first)
            if partner is None:
                continue
            there = (self.at[partner] >= 0).astype(float)
            price = pair.price_per_hour * self.case.demand.slot_min / 60.0
            value += price * (2.0 * there - 1.0) if pair.together else -price * there
        return value
