"""Phone, call-back and chat: queues of one kind solved together, whatever their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri

from staffing.queueing.abandonment import erlang_a, erlang_a_line, service_level
from staffing.queueing.chat import chat
from staffing.queueing.chat_requirement import required_agents_chat
from staffing.queueing.erlang import erlang_c
from staffing.queueing.performance import Performance
from staffing.queueing.requirement import LEAST, required_agents_both
from staffing.queueing.targets import FlatTargets, Targets
from staffing.sizing.premium import ClassLevels, class_levels, required_agents_premium
from staffing.sizing.targets import QueueTarget
from staffing.sizing.value import cost_optimal_agents

_OPTIONAL = ("asa_s", "max_occupancy", "max_abandonment", "patience_s")


def same_kind(targets: Sequence[QueueTarget]) -> Iterator[np.ndarray]:
    """Indices of the live queues, those together that one set of formulas serves."""
    kinds: dict[tuple, list[int]] = {}
    for index, target in enumerate(targets):
        if not target.may_wait:
            given = tuple(getattr(target, name) is not None for name in _OPTIONAL)
            ways = (target.channel == "chat", target.definition, target.premium is None, target.size_by)
            kinds.setdefault((ways, target.concurrency, given), []).append(index)
    yield from (np.array(indices) for indices in kinds.values())


@dataclass(frozen=True)
class LiveRows:
    """Intervals with contacts of queues of one kind.

    Parameters
    ----------
    targets
        Targets of all queues.
    code
        Queue of each row.
    contacts, aht_s
        Volume > 0 and handling time per row.
    period_s
        Length of a row's interval in seconds.
    """

    targets: Sequence[QueueTarget]
    code: np.ndarray
    contacts: np.ndarray
    aht_s: np.ndarray
    period_s: float

    def rows(self, chosen: np.ndarray) -> LiveRows:
        """Some of the rows, by their numbers, in that order."""
        return replace(self, code=self.code[chosen], contacts=self.contacts[chosen], aht_s=self.aht_s[chosen])

    def times(self, factor: np.ndarray) -> LiveRows:
        """The same rows with ``factor`` times as many contacts."""
        return replace(self, contacts=self.contacts * factor)

    @property
    def _kind(self) -> QueueTarget:
        return self.targets[int(self.code[0])]

    def _each(self, name: str) -> np.ndarray | None:
        if getattr(self._kind, name) is None:
            return None
        return self._of_queue([getattr(target, name) or 0.0 for target in self.targets])

    def _of_queue(self, values: Sequence[float]) -> np.ndarray:
        return np.array(values, dtype=float)[self.code]

    @property
    def _arrivals_per_s(self) -> np.ndarray:
        return self.contacts / self.period_s

    @property
    def _load(self) -> np.ndarray:
        return self._arrivals_per_s * self.aht_s

    @property
    def _levels(self) -> np.ndarray:
        """Handling time by chats held, shape ``(concurrency, rows)``."""
        out = np.tile(self.aht_s, (self._kind.concurrency, 1))
        for index in np.unique(self.code):
            levels = self.targets[index].aht_s_by_concurrency
            if levels is not None:
                out[:, self.code == index] = np.array(levels, dtype=float)[:, None]
        return out

    def _targets(self, level: np.ndarray | None = None) -> Targets:
        within_s = self._each("answer_within_s")
        assert within_s is not None
        return Targets(
            service_level=self._each("service_level") if level is None else level,
            answer_within_s=within_s,
            asa_s=self._each("asa_s"),
            max_occupancy=self._each("max_occupancy"),
            max_abandonment=self._each("max_abandonment"),
            definition=self._kind.definition,
        )

    def require(self, level: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Whole agents, fractional agents and the binding target.

        ``level`` stands in for the service level of each row's target.
        """
        if self._kind.size_by == "value" and level is None:
            return self._by_value()
        targets, patience_s = self._targets(level), self._each("patience_s")
        if self._kind.channel == "chat":
            whole, real = required_agents_chat(self._arrivals_per_s, self._levels, targets, patience_s)
        elif self._kind.premium is not None:
            return required_agents_premium(self._load, self.aht_s, targets, *self._premium())
        else:
            whole, real = required_agents_both(self._load, self.aht_s, targets, patience_s)
        return whole, real.agents, real.binding_target

    def _by_value(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        whole = np.zeros(self.code.size, dtype=np.int64)
        for index in np.unique(self.code):
            economics, mine = self.targets[index].economics, self.code == index
            assert economics is not None
            whole[mine] = cost_optimal_agents(
                self.contacts[mine], self.aht_s[mine], self.period_s / 60.0, economics
            )
        return whole, whole.astype(float), np.full(self.code.size, "value")

    def _premium(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Share, level and threshold of the premium customers per row."""
        promises = [target.premium for target in self.targets]
        share = self._of_queue([0.0 if promise is None else promise.share for promise in promises])
        level = self._of_queue([0.0 if promise is None else promise.service_level for promise in promises])
        within = self._of_queue([0.0 if promise is None else promise.answer_within_s for promise in promises])
        return share, level, within

    def classes(self, agents: np.ndarray) -> ClassLevels:
        """Premium and standard customers apart, for queues with a premium promise."""
        within_s = self._each("answer_within_s")
        assert within_s is not None
        share, _, premium_within_s = self._premium()
        return class_levels(
            np.asarray(agents, dtype=float), self._load, self.aht_s, within_s, share, premium_within_s
        )

    def perform(self, agents: np.ndarray) -> Performance:
        """What ``agents`` per row give, whole or fractional.

        With a premium promise the service level is the standard customers', the rest is of both.
        """
        within_s, patience_s = self._each("answer_within_s"), self._each("patience_s")
        assert within_s is not None
        kind = self._kind
        if kind.channel == "chat":
            return chat(agents, self._arrivals_per_s, self._levels, patience_s, within_s, kind.definition)
        if kind.premium is not None:
            both = self.classes(agents)
            return Performance(
                wait_probability=both.wait_probability,
                service_level=both.standard.service_level,
                missed=both.standard.missed,
                asa_s=both.asa_s,
                mean_wait_s=both.asa_s,
                abandonment=np.zeros(self.code.size),
                occupancy=both.occupancy,
            )
        if patience_s is None:
            return erlang_c(agents, self._load, self.aht_s, within_s)
        return erlang_a(agents, self._load, self.aht_s, patience_s, within_s, kind.definition)

    def excess(self, agents: np.ndarray) -> np.ndarray:
        """By how much the worst target of each row is missed: > 0 missed, <= 0 kept."""
        worst = FlatTargets.of(self._targets(), self.code.shape).excess(self._limited(agents)).max(axis=0)
        if self._kind.premium is None:
            return worst
        _, level, _ = self._premium()
        missed = np.minimum(self.classes(agents).premium.missed, 1.0)
        with np.errstate(divide="ignore"):
            return np.maximum(worst, ndtri(missed) - ndtri(1.0 - level))

    def _limited(self, agents: np.ndarray) -> dict[str, np.ndarray]:
        """The measures that targets limit, by the target's name."""
        kind, patience_s = self._kind, self._each("patience_s")
        plain = kind.channel != "chat" and kind.premium is None and kind.asa_s is None
        if plain and patience_s is not None:
            # The mean wait is the dearest measure of Erlang A: leave it out where nothing limits it.
            n, within_s = np.maximum(agents, LEAST), self._each("answer_within_s")
            assert within_s is not None
            line = erlang_a_line(n, self._load, self.aht_s, patience_s, within_s, with_asa=False)
            return {
                "service_level": service_level(line, kind.definition)[1],
                "max_occupancy": self._load * line.answered / n,
                "max_abandonment": line.abandoned,
            }
        found = self.perform(agents)
        return {
            "service_level": found.missed,
            "asa_s": found.asa_s,
            "max_occupancy": found.occupancy,
            "max_abandonment": found.abandonment,
        }
