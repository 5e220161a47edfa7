"""Several queues served by one group of agents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from staffing.queueing.rounding import on_shift
from staffing.sizing.targets import QueueTarget

_ALIKE = ("channel", "concurrency", "shrinkage", "patience_s")


@dataclass(frozen=True)
class Pools:
    """Who is served together with whom, row by row.

    Attributes
    ----------
    group
        Number of the pool and interval that a row belongs to, -1 for a queue with agents of its own.
    contacts, aht_s
        Volume and mean handling time of all that the row's agents serve: of its pool
        in its interval, or its own.
    share
        Share of the row in that work; 1 for a queue of its own.
    """

    group: np.ndarray
    contacts: np.ndarray
    aht_s: np.ndarray
    share: np.ndarray

    @classmethod
    def of(
        cls,
        targets: Sequence[QueueTarget],
        code: np.ndarray,
        instant: np.ndarray,
        contacts: np.ndarray,
        aht_s: np.ndarray,
        is_open: np.ndarray,
    ) -> Pools:
        """Put the rows of pooled queues together; without any work the open ones share alike.

        Raises
        ------
        ValueError
            Queues of one pool that differ in channel, concurrency, shrinkage or patience.
        """
        names = list(dict.fromkeys(target.pool for target in targets if target.pool is not None))
        for name in names:
            _check(name, [target for target in targets if target.pool == name])
        number = np.array(
            [names.index(t.pool) if t.pool is not None else -1 for t in targets], dtype=np.int64
        )
        pool = number[code] if code.size else np.zeros(0, dtype=np.int64)
        group = np.full(code.size, -1, dtype=np.int64)
        joint, mean_s, share = contacts.copy(), aht_s.copy(), np.ones(code.size)
        pooled = np.flatnonzero(pool >= 0)
        if pooled.size:
            _, moment = np.unique(instant[pooled], return_inverse=True)
            _, group[pooled] = np.unique(moment * len(names) + pool[pooled], return_inverse=True)
            mine = group[pooled]
            volume = np.bincount(mine, contacts[pooled])[mine]
            work = np.bincount(mine, contacts[pooled] * aht_s[pooled])[mine]
            with np.errstate(invalid="ignore", divide="ignore"):
                joint[pooled] = volume
                mean_s[pooled] = np.where(volume > 0, work / volume, aht_s[pooled])
                own = contacts[pooled] * aht_s[pooled]
                doors = np.bincount(mine, is_open[pooled])[mine]
                alike = np.where(is_open[pooled] & (doors > 0), 1.0 / doors, 0.0)
                share[pooled] = np.where(work > 0, own / work, alike)
        return cls(group, joint, mean_s, share)

    @property
    def pooled(self) -> np.ndarray:
        """Numbers of the rows that belong to a pool."""
        return np.flatnonzero(self.group >= 0)

    def largest(self, values: np.ndarray) -> np.ndarray:
        """The greatest value of each row's group; a row of its own keeps its value."""
        out, rows = values.copy(), self.pooled
        if rows.size:
            top = np.zeros(self.group.max() + 1, dtype=values.dtype)
            np.maximum.at(top, self.group[rows], values[rows])
            out[rows] = top[self.group[rows]]
        return out

    def added(self, values: np.ndarray) -> np.ndarray:
        """The sum over each row's group; a row of its own keeps its value."""
        out, rows = values.astype(float), self.pooled
        if rows.size:
            out[rows] = np.bincount(self.group[rows], values[rows])[self.group[rows]]
        return out

    def shared_out(self, totals: np.ndarray) -> np.ndarray:
        """Whole people of each group, given on its rows, as whole people per row, by work."""
        out, rows = totals.copy(), self.pooled
        if not rows.size:
            return out
        fair = totals[rows] * self.share[rows]
        base = np.floor(fair + 1e-9).astype(np.int64)
        # The largest remainders get what is left; of equals the first row.
        order = np.lexsort((rows, -(fair - base), self.group[rows]))
        group = self.group[rows][order]
        first = np.searchsorted(group, group, side="left")
        rank = np.arange(rows.size) - first
        left = (totals[rows] - np.bincount(self.group[rows], base)[self.group[rows]])[order]
        extra = ((rank < left) & (self.share[rows][order] > 0)).astype(np.int64)
        base[order] += extra
        out[rows] = base
        return out

    def on_shift(self, agents: np.ndarray, shrinkage: np.ndarray) -> np.ndarray:
        """People on shift per row for the ``agents`` of each row's group, rounded up once a group."""
        return self.shared_out(on_shift(agents, shrinkage))


def _check(name: str | None, members: Sequence[QueueTarget]) -> None:
    for field in _ALIKE:
        values = [getattr(member, field) for member in members]
        if any(value != values[0] for value in values):
            said = ", ".join(f"{member.queue} {getattr(member, field)}" for member in members)
            raise ValueError(f"pool {name!r}: one {field} for all its queues expected, got {said}")
