"""What the scheduling package refuses, and why."""

from __future__ import annotations

from dataclasses import dataclass


class InvalidSchedule(ValueError):
    """A shift, rule, contract, agent or demand that contradicts itself."""


@dataclass(frozen=True)
class Conflict:
    """One person who can have no roster, and the rules that together forbid it.

    ``rules`` is a smallest set: drop any one of them and a roster exists for this person,
    unless ``repair`` says otherwise.
    """

    agent: str
    rules: tuple[str, ...]
    days: tuple[str, ...]
    repair: str

    def __str__(self) -> str:
        days = f" on {', '.join(self.days)}" if self.days else ""
        return f"{self.agent}{days}: {' + '.join(self.rules)} cannot hold together; cheapest repair: {self.repair}"


class NoFeasibleRoster(Exception):
    """The hard rules leave at least one person without any tour.

    Attributes
    ----------
    conflicts
        One entry per person concerned.
    """

    def __init__(self, conflicts: tuple[Conflict, ...]) -> None:
        self.conflicts = conflicts
        super().__init__("\n".join(str(conflict) for conflict in conflicts))
