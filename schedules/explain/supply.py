"""Who could be at work at all, slot by slot, and where that is less than the demand asks for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from schedules.agents import Agent
from schedules.compact.case import Case
from schedules.compact.choices import contract_refuses, refusals

_EACH_SUBSET = 7


@dataclass(frozen=True)
class Shortfall:
    """A stretch of a day in which some queues are short however people are rostered.

    ``required`` and ``at_most`` are people in the worst slot; ``hours`` is missing work of the stretch.
    """

    queues: tuple[str, ...]
    first: int
    until: int
    required: float
    at_most: float
    hours: float


class Supply:
    """People who may be at work per slot: each one counts wherever some legal shift covers the slot."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.queue = {name: index for index, name in enumerate(case.demand.queues)}
        self.masks = [
            sum(1 << index for name, index in self.queue.items() if name in one.skills) for one in case.agents
        ]
        known: dict[bytes, np.ndarray] = {}
        self.able = np.zeros((len(case.agents), case.grid.slots), dtype=bool)
        for number, agent in enumerate(case.agents):
            allowed = self.allowed(agent)
            key = np.packbits(allowed).tobytes()
            if key not in known:
                known[key] = self.covered(allowed)
            self.able[number] = known[key]

    def allowed(self, agent: Agent, without: str = "") -> np.ndarray:
        """Shifts that no rule about a single shift refuses, those named ``without…`` left aside."""
        refused = contract_refuses(self.case.wall, agent)
        for name, mask in refusals(self.case.wall, agent, agent.rules(self.case.rules)).items():
            if not without or not name.startswith(without):
                refused = refused | mask
        return ~refused

    def covered(self, allowed: np.ndarray) -> np.ndarray:
        """Slots of the horizon that some of the shifts cover."""
        grid = self.case.grid
        change = np.zeros(len(grid.starts) + 1, dtype=np.int64)
        np.add.at(change, grid.start[allowed], 1)
        np.add.at(change, (grid.start + grid.length)[allowed], -1)
        return np.asarray(np.cumsum(change)[: grid.slots] > 0)

    def subsets(self) -> list[int]:
        """Bit masks of sets of queues: all of them for few queues, single ones and the whole otherwise."""
        queues = len(self.queue)
        sizes = range(1, queues + 1) if queues <= _EACH_SUBSET else (1, queues)
        return [
            sum(1 << index for index in chosen)
            for size in sizes
            for chosen in combinations(range(queues), size)
        ]

    def shortfalls(self) -> list[Shortfall]:
        """Stretches in which a set of queues asks for more people than could ever be there (Hall's condition)."""
        demand = self.case.demand
        carried = np.zeros_like(demand.required) if demand.carried is None else demand.carried
        required = np.maximum(0.0, demand.required - carried)
        masks = np.array(self.masks, dtype=np.int64)
        slots = demand.required.shape[1]
        worst, which = np.zeros(slots), np.zeros(slots, dtype=np.int64)
        asked, there = np.zeros(slots), np.zeros(slots)
        for subset in self.subsets():
            members = [index for index in range(len(demand.queues)) if subset >> index & 1]
            wanted = required[members].sum(axis=0)
            able = self.able[(masks & subset) > 0].sum(axis=0)
            short = wanted - able
            more = short > worst + 1e-9
            worst, which = np.where(more, short, worst), np.where(more, subset, which)
            asked, there = np.where(more, wanted, asked), np.where(more, able, there)
        found = []
        day_of = np.searchsorted(self.case.grid.day_slot, np.arange(slots), side="right") - 1
        slot = 0
        while slot < slots:
            if worst[slot] <= 0:
                slot += 1
                continue
            end = slot
            while (
                end < slots and which[end] == which[slot] and worst[end] > 0 and day_of[end] == day_of[slot]
            ):
                end += 1
            peak = slot + int(worst[slot:end].argmax())
            names = tuple(name for name, index in self.queue.items() if int(which[slot]) >> index & 1)
            hours = float(worst[slot:end].sum() * self.case.grid.slot_h)
            found.append(Shortfall(names, slot, end, float(asked[peak]), float(there[peak]), hours))
            slot = end
        return found

    def blocked(self, short: Shortfall) -> dict[str, list[str]]:
        """Rule to the skilled people who could come in this stretch if that rule alone gave way for them."""
        slot = (short.first + short.until) // 2
        found: dict[str, list[str]] = {}
        for number, agent in enumerate(self.case.agents):
            if not agent.skills & set(short.queues) or self.able[number, slot]:
                continue
            for rule in (
                "availability",
                "day off",
                "rotation",
                "leave",
                "absence",
                "rest after the last shift",
            ):
                allowed = self.allowed(agent, rule)
                if self.covered(allowed)[slot]:
                    found.setdefault(rule, []).append(agent.id)
                    break
        return found

    def others(self, short: Shortfall) -> list[str]:
        """People without the skills who may be at work in the whole stretch."""
        return [
            agent.id
            for number, agent in enumerate(self.case.agents)
            if not agent.skills & set(short.queues) and self.able[number, short.first : short.until].all()
        ]

    def week_hours(self) -> list[tuple[tuple[str, ...], int, float, float]]:
        """Sets of queues, week, hours of work asked for and the most that the contracts allow, where that is less."""
        case, grid, demand = self.case, self.case.grid, self.case.demand
        carried = np.zeros_like(demand.required) if demand.carried is None else demand.carried
        required = np.maximum(0.0, demand.required - carried)
        most = np.array([self._most_hours(agent) for agent in case.agents]).reshape(len(case.agents), -1)
        masks = np.array(self.masks, dtype=np.int64)
        found = []
        for week, days in enumerate(case.wall.weeks()):
            first, until = int(grid.day_slot[days[0]]), int(grid.day_slot[days[-1] + 1])
            worst: tuple[float, tuple[str, ...], float, float] | None = None
            for subset in self.subsets():
                members = [index for index in range(len(demand.queues)) if subset >> index & 1]
                asked = float(required[members, first:until].sum() * grid.slot_h)
                there = float(most[(masks & subset) > 0, week].sum()) if len(most) else 0.0
                if asked - there > max(1e-6, worst[0] if worst else 0.0):
                    names = tuple(demand.queues[index] for index in members)
                    worst = asked - there, names, asked, there
            if worst:
                found.append((worst[1], week, worst[2], worst[3]))
        return found

    def _most_hours(self, agent: Agent) -> list[float]:
        """Most hours of work per week: the contract's maximum, less breaks, and the longest shift of each day."""
        grid, contract = self.case.grid, agent.contract
        allowed = np.flatnonzero(self.allowed(agent))
        work_h = np.array(
            [
                (int(grid.length[shift]) - sum(grid.patterns[grid.pattern[shift]].length)) * grid.slot_h
                for shift in allowed
            ]
        )
        paid_h = grid.paid_min[allowed] / 60.0
        share = float((work_h / np.maximum(paid_h, 1e-9)).max()) if len(allowed) else 0.0
        result = []
        for days in self.case.wall.weeks():
            leave = self.case.wall.leave_days(agent, days)
            hours = max(0.0, contract.max_hours - contract.hours_per_leave_day * leave) * min(1.0, share)
            longest = sorted(
                (float(work_h[grid.day[allowed] == day].max(initial=0.0)) for day in days), reverse=True
            )
            result.append(min(hours, sum(longest[: max(0, contract.max_days - leave)])))
        return result
