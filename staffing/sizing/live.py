"""Phone and chat: queues of one kind solved together, whatever their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from staffing.queueing.abandonment import erlang_a
from staffing.queueing.chat import chat
from staffing.queueing.chat_requirement import required_agents_chat
from staffing.queueing.erlang import erlang_c
from staffing.queueing.performance import Performance
from staffing.queueing.requirement import required_agents_both
from staffing.queueing.targets import Targets
from staffing.sizing.targets import QueueTarget

_OPTIONAL = ("asa_s", "max_occupancy", "max_abandonment", "patience_s")


def model_name(target: QueueTarget) -> str:
    """The model of a queue in plain words."""
    if target.channel == "ticket":
        return f"tickets within {target.resolve_within_h:g} opening hours, LP"
    patience = "" if target.patience_s is None else f"patience {target.patience_s:g} s"
    if target.channel == "chat":
        return f"chat birth-death, {target.concurrency} at once" + (patience and f", {patience}")
    return f"Erlang A ({patience})" if patience else "Erlang C"


def same_kind(targets: Sequence[QueueTarget]) -> Iterator[np.ndarray]:
    """Indices of the live queues, those together that one set of formulas serves."""
    kinds: dict[tuple, list[int]] = {}
    for index, target in enumerate(targets):
        if target.channel != "ticket":
            given = tuple(getattr(target, name) is not None for name in _OPTIONAL)
            kinds.setdefault((target.channel, target.concurrency, given), []).append(index)
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

    @property
    def _kind(self) -> QueueTarget:
        return self.targets[int(self.code[0])]

    def _each(self, name: str) -> np.ndarray | None:
        if getattr(self._kind, name) is None:
            return None
        wanted = np.unique(self.code)
        table = np.zeros(len(self.targets))
        table[wanted] = [getattr(self.targets[index], name) for index in wanted]
        return table[self.code]

    @property
    def _arrivals_per_s(self) -> np.ndarray:
        return self.contacts / self.period_s

    @property
    def _levels(self) -> np.ndarray:
        """Handling time by chats held, shape ``(concurrency, rows)``."""
        out = np.tile(self.aht_s, (self._kind.concurrency, 1))
        for index in np.unique(self.code):
            levels = self.targets[index].aht_s_by_concurrency
            if levels is not None:
                out[:, self.code == index] = np.array(levels, dtype=float)[:, None]
        return out

    def require(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Whole agents, fractional agents and the binding target."""
        within_s = self._each("answer_within_s")
        assert within_s is not None
        targets = Targets(
            service_level=self._each("service_level"),
            answer_within_s=within_s,
            asa_s=self._each("asa_s"),
            max_occupancy=self._each("max_occupancy"),
            max_abandonment=self._each("max_abandonment"),
        )
        patience_s = self._each("patience_s")
        if self._kind.channel == "chat":
            whole, real = required_agents_chat(self._arrivals_per_s, self._levels, targets, patience_s)
        else:
            load = self._arrivals_per_s * self.aht_s
            whole, real = required_agents_both(load, self.aht_s, targets, patience_s)
        return whole, real.agents, real.binding_target

    def perform(self, agents: np.ndarray) -> Performance:
        """What ``agents`` per row give, whole or fractional."""
        within_s, patience_s = self._each("answer_within_s"), self._each("patience_s")
        assert within_s is not None
        if self._kind.channel == "chat":
            return chat(agents, self._arrivals_per_s, self._levels, patience_s, within_s)
        load = self._arrivals_per_s * self.aht_s
        if patience_s is None:
            return erlang_c(agents, load, self.aht_s, within_s)
        return erlang_a(agents, load, self.aht_s, patience_s, within_s)
