"""Which queue each person at work takes, slot by slot: at the lowest price, and hopping no more than it takes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from schedules.presence import Pricing, queue_cost


class _Slot:
    """People at the queues of one slot; changed by moves along chains of people."""

    def __init__(self, pricing: Pricing, slot: int, masks: np.ndarray, queues: int) -> None:
        self.pricing, self.slot, self.masks = pricing, slot, masks
        self.at: list[list[int]] = [[] for _ in range(queues)]
        # How many of each skill set stand at a queue: people are many, skill sets few.
        self.sets: list[dict[int, int]] = [{} for _ in range(queues)]

    def put(self, person: int, queue: int) -> None:
        """Let a person stand at a queue."""
        mask = int(self.masks[person])
        self.at[queue].append(person)
        self.sets[queue][mask] = self.sets[queue].get(mask, 0) + 1

    def _move(self, person: int, source: int, target: int) -> None:
        mask = int(self.masks[person])
        self.at[source].remove(person)
        self.sets[source][mask] -= 1
        self.put(person, target)

    def _step(self, queue: int, change: int) -> float:
        here = len(self.at[queue])
        return float(
            queue_cost(self.pricing, self.slot, queue, here + change)
            - queue_cost(self.pricing, self.slot, queue, here)
        )

    def _edges(self) -> list[int]:
        """For each queue, the bit mask of the queues to which somebody there could move."""
        edges = []
        for sets in self.sets:
            reached = 0
            for mask, people in sets.items():
                if people:
                    reached |= mask
            edges.append(reached)
        return edges

    def improve(self, moved_last: np.ndarray) -> None:
        """Move people along the cheapest chain until the slot cannot get cheaper."""
        queues = range(len(self.at))
        while True:
            edges = self._edges()
            more = [self._step(queue, 1) for queue in queues]
            less = [self._step(queue, -1) if self.at[queue] else np.inf for queue in queues]
            gain, chain = -1e-9, []
            for source in queues:
                if not self.at[source]:
                    continue
                parent = {source: -1}
                line = [source]
                for queue in line:
                    change = less[source] + more[queue]
                    if queue != source and change < gain - 1e-12:
                        gain, chain = change, [queue]
                        while parent[chain[-1]] >= 0:
                            chain.append(parent[chain[-1]])
                    for other in queues:
                        if edges[queue] >> other & 1 and other not in parent:
                            parent[other] = queue
                            line.append(other)
            if not chain:
                return
            for target, source in pairwise(chain):
                able = [person for person in self.at[source] if int(self.masks[person]) >> target & 1]
                # Whoever has just arrived or moved is moved again first: nobody else notices.
                person = max(able, key=lambda who: (moved_last[who], -who))
                self._move(person, source, target)
                moved_last[person] = self.slot


def assign_queues(working: np.ndarray, masks: np.ndarray, pricing: Pricing) -> np.ndarray:
    """Queue of every person in every slot.

    Parameters
    ----------
    working
        Whether a person is at work in a slot of the horizon, shape ``(people, slots)``.
    masks
        Bit mask of the queues that a person can work on, shape ``(people,)``.
    pricing
        Exact prices.

    Returns
    -------
    Index of the queue, -1 where not at work; shape ``(people, slots)``. The price of every slot is the lowest that
    its people allow: the price is convex in the people per queue, so a slot without an improving chain is optimal.
    """
    people, slots = working.shape
    queues = pricing.required.shape[1]
    result = np.full((people, slots), -1, dtype=np.int16)
    if queues == 1:
        result[working] = 0
        return result
    last_queue = np.full(people, -1, dtype=np.int64)
    moved_last = np.full(people, -1, dtype=np.int64)
    before = np.zeros(people, dtype=bool)
    for slot in range(slots):
        now = working[:, slot]
        moved_last[now & ~before] = slot
        state = _Slot(pricing, slot, masks, queues)
        fresh = []
        for person in np.flatnonzero(now).tolist():
            if last_queue[person] >= 0:
                state.put(person, int(last_queue[person]))
            else:
                fresh.append(person)
        # Fewest skills first: they have the least choice.
        for person in sorted(fresh, key=lambda who: (int(masks[who]).bit_count(), who)):
            able = [queue for queue in range(queues) if int(masks[person]) >> queue & 1]
            state.put(person, min(able, key=lambda queue: (state._step(queue, 1), queue)))
        state.improve(moved_last)
        for queue, members in enumerate(state.at):
            for person in members:
                result[person, slot] = queue
                last_queue[person] = queue
        before = now
    return result
