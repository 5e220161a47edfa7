"""Rules that tie people together, activities, fairness and what a change costs, declared once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from schedules.agents import Agent
from schedules.errors import InvalidSchedule


@dataclass(frozen=True)
class Presence:
    """How many of some people are at work, on no break and at no activity, in a weekly window.

    A person or a seat too few or too many costs ``price_per_hour``. Who counts is the
    intersection of what is given; nothing given is everybody.

    Parameters
    ----------
    name
        What the report calls it.
    at_least, at_most
        People at work at the same time; ``at_most`` says seats.
    agents
        Ids.
    team, site
        As in :class:`schedules.agents.Agent`.
    skill, level
        A queue, and the least level in it.
    from_min, until_min, weekdays
        Window by the local start of a slot; ``from_min > until_min`` runs over midnight.
    price_per_hour
        Money per missing or surplus person and hour, > 0.
    """

    name: str
    at_least: int | None = None
    at_most: int | None = None
    agents: frozenset[str] = frozenset()
    team: str = ""
    site: str = ""
    skill: str = ""
    level: int = 1
    from_min: int = 0
    until_min: int = 24 * 60
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    price_per_hour: float = 500.0

    def __post_init__(self) -> None:
        if self.at_least is None and self.at_most is None:
            raise InvalidSchedule(f"presence {self.name}: at_least or at_most expected, got neither")
        if (self.at_least or 0) < 0 or (self.at_most is not None and self.at_most < (self.at_least or 0)):
            raise InvalidSchedule(
                f"presence {self.name}: 0 <= at_least <= at_most expected, "
                f"got {self.at_least} and {self.at_most}"
            )
        if self.price_per_hour <= 0:
            raise InvalidSchedule(
                f"presence {self.name}: price_per_hour > 0 expected, got {self.price_per_hour}"
            )
        if not (0 <= self.from_min <= 24 * 60 and 0 <= self.until_min <= 24 * 60):
            raise InvalidSchedule(f"presence {self.name}: window inside 00:00–24:00 expected")

    def counts(self, agent: Agent) -> bool:
        """Whether a person is one of those meant."""
        return (
            (not self.agents or agent.id in self.agents)
            and (not self.team or agent.team == self.team)
            and (not self.site or agent.site == self.site)
            and (not self.skill or agent.level(self.skill) >= self.level)
        )


@dataclass(frozen=True)
class Pair:
    """Two people who work at the same times, or never at the same time.

    Every hour in which one of them is at work without the other (``together``), or in which both are
    (apart), costs ``price_per_hour``.
    """

    first: str
    second: str
    together: bool
    price_per_hour: float = 500.0

    def __post_init__(self) -> None:
        if self.first == self.second:
            raise InvalidSchedule(f"pair: two people expected, got {self.first} twice")
        if self.price_per_hour <= 0:
            raise InvalidSchedule(
                f"pair {self.first}, {self.second}: price_per_hour > 0 expected, got {self.price_per_hour}"
            )


@dataclass(frozen=True)
class Activity:
    """A meeting, a training or a talk that takes people away from their queues, once each.

    Each of ``agents`` attends it inside ``[start, end)``, in one piece, inside the work of one shift
    and on no break; paid as work. ``together`` means all at the same time. A window as long as the
    activity fixes it; otherwise it is placed where it costs least. A person who does not work long enough inside the
    window misses it, which costs ``price`` and is reported.
    """

    name: str
    agents: tuple[str, ...]
    length_min: int
    start: pd.Timestamp
    end: pd.Timestamp
    together: bool = False
    price: float = 500.0

    def __post_init__(self) -> None:
        if self.length_min <= 0:
            raise InvalidSchedule(f"activity {self.name}: length_min > 0 expected, got {self.length_min}")
        if self.end - self.start < pd.Timedelta(minutes=self.length_min):
            raise InvalidSchedule(
                f"activity {self.name}: a window of at least {self.length_min} min expected, "
                f"got {self.start} to {self.end}"
            )
        if not self.agents or len(set(self.agents)) < len(self.agents):
            raise InvalidSchedule(f"activity {self.name}: different people expected")
        if self.price < 0:
            raise InvalidSchedule(f"activity {self.name}: price >= 0 expected, got {self.price}")


@dataclass(frozen=True)
class Fairness:
    """What an unfair share costs; 0 leaves it out of the objective, and the report shows the balance all the same.

    With ``b`` the count that a person brings from before less the least that anybody brings:

    * ``k`` weekends worked in the horizon cost ``weekend * (b k + k (k - 1) / 2)``;
    * ``k`` late shifts in a week cost ``late_shift * (b k + k (k - 1) / 2)``, week by week;
    * the weight of a wish is multiplied by ``1 + refused_wish * b``.

    A shift is late when it ends after ``late_after_min`` on the wall clock of its start day; minutes may
    pass 1440.
    """

    weekend: float = 0.0
    late_shift: float = 0.0
    refused_wish: float = 0.0
    late_after_min: int = 20 * 60

    def __post_init__(self) -> None:
        for name in ("weekend", "late_shift", "refused_wish"):
            if getattr(self, name) < 0:
                raise InvalidSchedule(f"fairness: {name} >= 0 expected, got {getattr(self, name)}")


@dataclass(frozen=True)
class TeamRules:
    """All that ties people together."""

    presence: tuple[Presence, ...] = ()
    pairs: tuple[Pair, ...] = ()
    activities: tuple[Activity, ...] = ()
    fairness: Fairness = Fairness()


@dataclass(frozen=True)
class Held:
    """A published roster that a new one should differ from as little as it pays.

    Parameters
    ----------
    shifts
        Person and day to the shift that was published: kind, local start minute, length; a day without an
        entry was free.
    frozen
        Days that may not change; people who cannot keep theirs (a new absence) are replanned on that day.
    price_per_change
        Money per person and day whose shift is another, added, or gone.
    breaks
        Person and day to the minutes after the shift's start at which its breaks were published to begin. A shift that
        stays keeps them: always on a frozen day, elsewhere unless moving them saves more than half of
        ``price_per_change``. Breaks of shifts without an entry may move for nothing.
    meetings
        Person and name of an activity to its published start, which stays where it can.
    """

    shifts: Mapping[tuple[str, date], tuple[str, int, int]] = field(default_factory=dict)
    frozen: frozenset[date] = frozenset()
    price_per_change: float = 0.0
    breaks: Mapping[tuple[str, date], tuple[int, ...]] = field(default_factory=dict)
    meetings: Mapping[tuple[str, str], pd.Timestamp] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.price_per_change < 0:
            raise InvalidSchedule(f"price_per_change >= 0 expected, got {self.price_per_change}")
