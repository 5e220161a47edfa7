"""What a queue promises its customers, and what limits its agents."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from staffing.queueing.abandonment import Definition
from staffing.sizing.channels import DEFERRED, SYNONYMS, Channel
from staffing.sizing.premium import PremiumPromise
from staffing.sizing.value import Economics
from staffing.sizing.workload import Workload

Over = Literal["interval", "day", "week"]
SizeBy = Literal["targets", "value"]


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
        ``"phone"`` (or ``"voice"``): one contact at a time. ``"chat"``: up to ``concurrency`` at
        once. ``"callback"``: requests to be called back within ``answer_within_s``, in order, nobody
        holding the line. ``"ticket"`` and ``"email"``: work that may wait until a deadline on the
        opening-hours clock. ``"outbound"``: a list to be called by such a deadline; its
        contacts are customers, its handling time the conversation, ``workload.dialling`` the attempts.
    service_level
        Share of the contacts to be answered within ``answer_within_s`` (live channels), or resolved
        within ``resolve_within_h`` (deferred work), in (0, 1).
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
        Deadline of deferred work in opening hours, > 0.
    shrinkage
        Share of the people on shift who are not available, in [0, 1).
    min_agents
        Fewest agents while the queue is open, a whole number >= 0.
    definition
        Of the service level: of all offered contacts, or as ``erlang_a`` names the others.
    target_over
        Whether every interval, or the day or week as a whole, is to reach ``service_level``; the other
        limits hold in every interval.
    least_interval_level
        Service level that each interval keeps when the target is over a day or week, in [0, 1);
        never asked above ``service_level``.
    confidence
        Probability, in (0, 1), with which the target is to be met under the forecast's own
        uncertainty; None sizes for the forecast's mean.
    workload
        What self-service, stages and dialling make of the forecast.
    premium
        Customers who are served first and what they are promised; ``service_level`` is then the
        others'. Patience is not counted, which is on the safe side.
    pool
        Name of a group of agents that serves all live queues of this name together; ``None`` for
        agents of its own.
    economics
        Money behind the queue, for the worth of the next agent.
    size_by
        ``"targets"``, or ``"value"``: as many agents as pay for themselves; needs ``economics``.

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
    definition: Definition = "offered"
    target_over: Over = "interval"
    least_interval_level: float = 0.5
    confidence: float | None = None
    workload: Workload = field(default_factory=Workload)
    premium: PremiumPromise | None = None
    pool: str | None = None
    economics: Economics | None = None
    size_by: SizeBy = "targets"

    @property
    def may_wait(self) -> bool:
        """Whether the work waits for a deadline instead of for the next free agent."""
        return self.channel in DEFERRED

    @property
    def counts_abandonment(self) -> bool:
        """Whether the model knows how many hang up."""
        return self.patience_s is not None and self.premium is None and not self.may_wait

    def __post_init__(self) -> None:
        object.__setattr__(self, "channel", SYNONYMS.get(self.channel, self.channel))
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
        for name, accepted in (("definition", Definition), ("target_over", Over), ("size_by", SizeBy)):
            value = getattr(self, name)
            _expect(value in get_args(accepted), f"{name} in {get_args(accepted)}", value)
        least = self.least_interval_level
        _expect(_finite(least) and 0 <= least < 1, "0 <= least_interval_level < 1", least)
        sure = self.confidence
        _expect(sure is None or (_finite(sure) and 0 < sure < 1), "0 < confidence < 1", sure)
        self._check_channel()
        self._check_ways()

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
        if self.may_wait:
            _expect(self.resolve_within_h is not None, f"resolve_within_h > 0 for {self.channel}", None)
            _expect(
                self.max_abandonment is None, f"no max_abandonment for {self.channel}", self.max_abandonment
            )
        if self.channel == "callback":
            _expect(self.patience_s is None, "no patience_s for callback", self.patience_s)
        if self.channel != "outbound":
            _expect(self.workload.dialling is None, "dialling only for outbound", self.channel)

    def _check_ways(self) -> None:
        """Ways of sizing that do not go together."""
        one_line = self.channel in ("phone", "callback")
        plain = self.target_over == "interval"
        if not plain:
            _expect(not self.may_wait, f"target_over 'interval' for {self.channel}", self.target_over)
            _expect(self.definition == "offered", "definition 'offered' over a day or week", self.definition)
        if self.premium is not None:
            _expect(one_line, "premium only for phone or callback", self.channel)
            _expect(plain, "target_over 'interval' with premium", self.target_over)
            _expect(self.max_abandonment is None, "no max_abandonment with premium", self.max_abandonment)
        if self.pool is not None:
            _expect(not self.may_wait, "pool only for live queues", self.channel)
            _expect(plain, "target_over 'interval' with pool", self.target_over)
            _expect(self.premium is None, "pool without premium", self.pool)
        if self.economics is not None:
            _expect(self.channel == "phone", "economics only for phone", self.channel)
            _expect(self.pool is None, "economics without pool", self.pool)
        if self.size_by == "value":
            _expect(self.economics is not None, "economics with size_by 'value'", None)
            _expect(plain, "target_over 'interval' with size_by 'value'", self.target_over)
            _expect(self.premium is None, "size_by 'value' without premium", self.queue)
