"""Who is at work when: groups of agents with the same skills, and their stretches of work."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.inputs import not_negative, positive

_STRATA = 20  # a fraction of a person is there in so many twentieths of the paths


@dataclass(frozen=True)
class Group:
    """Agents with the same skills.

    Parameters
    ----------
    name
        Of the group.
    queues
        Names of the queues that it serves; where the centre routes by preference, in order of it.
    """

    name: str
    queues: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "queues", tuple(self.queues))
        if not self.queues:
            raise ValueError(f"group {self.name!r}: at least one queue expected, got none")
        if len(set(self.queues)) < len(self.queues):
            raise ValueError(f"group {self.name!r}: each queue once expected, got {list(self.queues)}")


@dataclass(frozen=True)
class Staff:
    """Stretches of work between arrival, breaks and the end of the shift, one row each.

    Attributes
    ----------
    group, agent, day
        Number of the group, of the person and of the working day, shape ``(stretches,)``.
    start_s, end_s
        Seconds from the start of the first interval; ``start_s < end_s``.
    least, most
        The stretch takes place where the share point u in [0, 1) of the path and day has ``least <= u <
        most``: whole people are 0 and 1, and 2.4 people are two at work and, in 40 % of the paths, a third.
    person
        Number by which absences are drawn: the agent, or for people without names the group, first slot and
        rank among those who start together, so that one person more changes nobody else's luck.
    """

    group: np.ndarray
    agent: np.ndarray
    day: np.ndarray
    start_s: np.ndarray
    end_s: np.ndarray
    least: np.ndarray
    most: np.ndarray
    person: np.ndarray

    @property
    def agents(self) -> int:
        """Number of different people."""
        return int(self.agent.max()) + 1 if self.agent.size else 0

    @property
    def resume_s(self) -> np.ndarray:
        """When the person of each stretch starts the next one; inf after the last."""
        out = np.full(self.start_s.size, np.inf)
        order = np.lexsort((self.start_s, self.agent))
        follows = np.flatnonzero(self.agent[order][1:] == self.agent[order][:-1])
        out[order[follows]] = self.start_s[order[follows + 1]]
        return out

    @classmethod
    def of_slots(cls, people: ArrayLike, slot_s: float, slots_per_day: int | None = None) -> Staff:
        """From people at work per group and slot.

        Parameters
        ----------
        people
            Shape ``(groups, slots)``, >= 0; fractions are a person who is there in that share of the paths.
        slot_s
            Seconds of a slot, > 0.
        slots_per_day
            For absences: who starts later is drawn anew; by default a person counts once.

        Notes
        -----
        Numbers have no names: who came first leaves first, which makes stretches about as long as shifts.
        """
        levels = not_negative("people", people)
        length = float(positive("slot_s", slot_s))
        if levels.ndim != 2:
            raise ValueError(f"people of shape (groups, slots) expected, got {levels.shape}")
        rows: list[tuple[int, int, float, float, float, float]] = []
        for group in range(levels.shape[0]):
            whole = np.floor(levels[group] + 1e-9)
            part = np.round(np.maximum(levels[group] - whole, 0.0) * _STRATA) / _STRATA
            steps = _points(part)
            for least, most in pairwise(steps.tolist()):
                # The further person is at work where the path's u < part.
                here = (whole + (part > 0.5 * (least + most))).astype(np.int64)
                rows += [
                    (group, day, begin, end, least, most) for begin, end, day in _first_in_first_out(here)
                ]
        return cls._of_rows(rows, length, slots_per_day)

    @classmethod
    def of_stretches(
        cls,
        group: ArrayLike,
        agent: ArrayLike,
        start_s: ArrayLike,
        end_s: ArrayLike,
        day: ArrayLike | None = None,
    ) -> Staff:
        """From a roster: who works on queues from when to when; a break lies between two stretches.

        Parameters
        ----------
        group, agent
            Numbers, shape ``(stretches,)``; a person may change the group between stretches.
        start_s, end_s
            Seconds from the start of the first interval, ``start_s < end_s``; before 0 is cut off.
        day
            Working day of each stretch, for absences; by default the day (86,400 s) of its start.
        """
        groups, agents = np.asarray(group, dtype=np.int64), np.asarray(agent, dtype=np.int64)
        start, end = np.asarray(start_s, dtype=float), np.asarray(end_s, dtype=float)
        if not groups.shape == agents.shape == start.shape == end.shape or groups.ndim != 1:
            raise ValueError(
                f"stretches of one length expected, got {groups.shape}, {agents.shape}, {start.shape}, {end.shape}"
            )
        if not (np.isfinite(start).all() and np.isfinite(end).all()):
            raise ValueError("stretches: finite start_s and end_s expected, got others")
        if (start >= end).any():
            at = int(np.flatnonzero(start >= end)[0])
            raise ValueError(f"start_s < end_s expected, got {start[at]:g} and {end[at]:g} in stretch {at}")
        if (groups < 0).any() or (agents < 0).any():
            raise ValueError("group >= 0 and agent >= 0 expected, got a negative one")
        days = np.floor(start / 86_400.0).astype(np.int64) if day is None else np.asarray(day, dtype=np.int64)
        order = np.lexsort((agents, start))
        found = cls(
            groups[order],
            agents[order],
            days[order],
            start[order],
            end[order],
            np.zeros(start.size),
            np.ones(start.size),
            agents[order],
        )
        found._check_overlaps()
        keep = found.end_s > 0
        return cls(
            *(
                np.maximum(value[keep], 0.0) if name == "start_s" else value[keep]
                for name, value in vars(found).items()
            )
        )

    def changed(self, keep: np.ndarray) -> Staff:
        """The stretches for which ``keep`` is true."""
        return Staff(*(value[keep] for value in vars(self).values()))

    def _check_overlaps(self) -> None:
        order = np.lexsort((self.start_s, self.agent))
        agent, start, end = self.agent[order], self.start_s[order], self.end_s[order]
        clash = (agent[1:] == agent[:-1]) & (start[1:] < end[:-1] - 1e-9)
        if clash.any():
            at = int(np.flatnonzero(clash)[0])
            raise ValueError(
                f"stretches of one agent that do not overlap expected, got {start[at]:g}–{end[at]:g} s and "
                f"{start[at + 1]:g}–{end[at + 1]:g} s of agent {agent[at]}"
            )

    @classmethod
    def _of_rows(
        cls,
        rows: Sequence[tuple[int, int, float, float, float, float]],
        slot_s: float,
        slots_per_day: int | None,
    ) -> Staff:
        table = np.array(rows, dtype=float).reshape(-1, 6)
        start = table[:, 2] * slot_s
        day = np.floor(table[:, 2] / slots_per_day) if slots_per_day else np.zeros(len(table))
        order = np.lexsort((np.arange(len(table)), start))
        # Who starts together lies together: rows of a group and share come by their start.
        together = np.ones(len(table), dtype=bool)
        together[1:] = (np.diff(table[:, [0, 2, 4]], axis=0) != 0).any(axis=1)
        first = np.flatnonzero(together)
        rank = np.arange(len(table)) - np.repeat(first, np.diff(np.append(first, len(table))))
        person = ((table[:, 0] * 2.0**24 + table[:, 2]) * 2.0**16).astype(np.int64) + rank
        return cls(
            group=table[order, 0].astype(np.int64),
            agent=order.astype(np.int64),
            day=day[order].astype(np.int64),
            start_s=start[order],
            end_s=table[order, 3] * slot_s,
            least=table[order, 4],
            most=table[order, 5],
            person=person[order],
        )


def _points(part: np.ndarray) -> np.ndarray:
    """Borders between the shares of paths that see different whole numbers of people, in twentieths."""
    return np.unique(np.concatenate([[0.0, 1.0], part]))


def _first_in_first_out(level: np.ndarray) -> list[tuple[int, int, int]]:
    """Stretches (first slot, slot after the last, order of coming) that add up to ``level``."""
    present: deque[tuple[int, int]] = deque()
    out: list[tuple[int, int, int]] = []
    coming, before = 0, 0
    for slot in (np.flatnonzero(np.diff(np.concatenate([[0], level, [0]])))).tolist():
        now = int(level[slot]) if slot < level.size else 0
        for _ in range(now - before):
            present.append((slot, coming))
            coming += 1
        for _ in range(before - now):
            begin, order = present.popleft()
            out.append((begin, slot, order))
        before = now
    return out
