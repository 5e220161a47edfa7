"""What a queue promises its customers, and what limits its agents."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

Channel = Literal["phone", "chat", "ticket"]


def _expect(holds: bool, inequality: str, value: object) -> None:
    if not holds:
        raise ValueError(f"{inequality} expected, got {value!r}")


def _finite(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


@dataclass(frozen=True)
class QueueTarget:
    """Service targets and limits of one queue.

    Parameters
    ----------
    queue
        Name of the queue, as in the forecast.
    channel
        ``"phone"``: one contact at a time. ``"chat"``: up to ``concurrency`` at once.
        ``"ticket"``: work that may wait until a deadline on the opening-hours clock.
    service_level
        Share of the contacts to be answered within ``answer_within_s`` (live channels), or resolved
        within ``resolve_within_h`` (tickets), in (0, 1).
    answer_within_s
        Answer threshold in seconds, >= 0.
    asa_s
        Greatest average speed of answer in seconds, > 0; none by default.
    max_occupancy
        Greatest share of their time that agents may be busy, in (0, 1]; none by default.
    max_abandonment
        Greatest share of contacts that may hang up, in (0, 1); needs ``patience_s``.
    patience_s
        Mean patience of a waiting customer in seconds, > 0; None means that nobody hangs up.
    concurrency
        Chats that an agent holds at once, >= 1 (1 for the other channels).
    aht_s_by_concurrency
        Handling time of a chat in seconds when its agent holds 1, 2 … ``concurrency`` chats; by
        default the forecast's handling time at every level.
    resolve_within_h
        Deadline of a ticket in opening hours, > 0.
    shrinkage
        Share of the people on shift who are not available, in [0, 1).
    min_agents
        Fewest agents while the queue is open, a whole number >= 0.

    Raises
    ------
    ValueError
        With the inequality that was expected and the value that was found.
    """

    queue: str
    channel: Channel = "phone"
    service_level: float = 0.8
    answer_within_s: float = 20.0
    asa_s: float | None = None
    max_occupancy: float | None = None
    max_abandonment: float | None = None
    patience_s: float | None = None
    concurrency: int = 1
    aht_s_by_concurrency: Sequence[float] | None = None
    resolve_within_h: float | None = None
    shrinkage: float = 0.0
    min_agents: int = 0

    def __post_init__(self) -> None:
        _expect(isinstance(self.queue, str) and bool(self.queue), "queue: a name", self.queue)
        _expect(self.channel in get_args(Channel), f"channel in {get_args(Channel)}", self.channel)
        _expect(
            _finite(self.service_level) and 0 < self.service_level < 1,
            "0 < service_level < 1",
            self.service_level,
        )
        _expect(
            _finite(self.answer_within_s) and self.answer_within_s >= 0,
            "answer_within_s >= 0",
            self.answer_within_s,
        )
        for name in ("asa_s", "patience_s", "resolve_within_h"):
            value = getattr(self, name)
            _expect(value is None or (_finite(value) and value > 0), f"{name} > 0", value)
        if self.max_occupancy is not None:
            _expect(
                _finite(self.max_occupancy) and 0 < self.max_occupancy <= 1,
                "0 < max_occupancy <= 1",
                self.max_occupancy,
            )
        if self.max_abandonment is not None:
            _expect(
                _finite(self.max_abandonment) and 0 < self.max_abandonment < 1,
                "0 < max_abandonment < 1",
                self.max_abandonment,
            )
            _expect(self.patience_s is not None, "patience_s > 0 with max_abandonment", self.patience_s)
        _expect(_finite(self.shrinkage) and 0 <= self.shrinkage < 1, "0 <= shrinkage < 1", self.shrinkage)
        _expect(
            _finite(self.min_agents) and self.min_agents >= 0 and self.min_agents == int(self.min_agents),
            "a whole min_agents >= 0",
            self.min_agents,
        )
        self._check_channel()

    def _check_channel(self) -> None:
        _expect(
            _finite(self.concurrency) and self.concurrency >= 1 and self.concurrency == int(self.concurrency),
            "a whole concurrency >= 1",
            self.concurrency,
        )
        if self.channel != "chat":
            _expect(self.concurrency == 1, f"concurrency == 1 for {self.channel}", self.concurrency)
        levels = self.aht_s_by_concurrency
        if levels is not None:
            _expect(self.channel == "chat", "aht_s_by_concurrency only for chat", self.channel)
            object.__setattr__(self, "aht_s_by_concurrency", tuple(levels))
            _expect(
                len(levels) == self.concurrency,
                f"len(aht_s_by_concurrency) == concurrency == {self.concurrency}",
                len(levels),
            )
            for value in levels:
                _expect(_finite(value) and value > 0, "aht_s_by_concurrency > 0", value)
        if self.channel == "ticket":
            _expect(self.resolve_within_h is not None, "resolve_within_h > 0 for tickets", None)
