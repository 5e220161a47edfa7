"""The number present in a queue on its way through the slots of a schedule, and what happens meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import psi

from staffing.queueing.abandonment import Definition
from staffing.sizing.transient_kernel import advance, leave
from staffing.sizing.transient_wait import InTime, in_time

MOST_STATES = 12_000
_TAIL = 1e-9
_GAUSS = 0.5 * (np.polynomial.legendre.leggauss(4)[0] + 1.0)
_WEIGHTS = 0.5 * np.polynomial.legendre.leggauss(4)[1]


@dataclass(frozen=True)
class TransientService:
    """Expected counts per path and slot; every array has the shape ``(paths, slots)``.

    Attributes
    ----------
    offered
        Contacts that arrive.
    counted, in_time
        Denominator and numerator of the service level by its definition, by slot of arrival.
    abandoned
        Contacts that hang up in the slot.
    wait_s
        Seconds waited in the slot by contacts that will be answered.
    busy_s, present_s
        Seconds of work, and of agents at work; who finishes a contact after leaving counts as both.
    waiting
        Mean number waiting.
    limited
        Whether the line outgrew ``MOST_STATES`` and arrivals beyond it were turned away (they count as late).
    """

    offered: np.ndarray
    counted: np.ndarray
    in_time: np.ndarray
    abandoned: np.ndarray
    wait_s: np.ndarray
    busy_s: np.ndarray
    present_s: np.ndarray
    waiting: np.ndarray
    limited: bool

    @property
    def service_level(self) -> np.ndarray:
        """Per path and slot; NaN where nothing arrives."""
        return _ratio(self.in_time, self.counted)

    @property
    def occupancy(self) -> np.ndarray:
        """Per path and slot; NaN where nobody is there."""
        return _ratio(self.busy_s, self.present_s)


class TransientRun:
    """The law of the number present while it moves through the slots; arguments as for ``transient``.

    ``agents`` may be written to ahead of the slot that is entered next: who looks for the fewest agents of a
    slot takes a ``mark``, tries a number and goes ``back``.
    """

    def __init__(
        self,
        contacts: np.ndarray,
        agents: np.ndarray,
        aht_s: np.ndarray,
        slot_s: float,
        within_s: float,
        patience_s: float | None,
    ) -> None:
        self.contacts, self.agents, self.aht_s = contacts, agents, aht_s
        self.slot_s, self.within_s, self.patience_s = slot_s, within_s, patience_s
        self.law = np.zeros((contacts.shape[0], self._first_states()))
        self.law[:, 0] = 1.0
        self.finishing = np.zeros(contacts.shape[0])
        self.limited = False
        names = ("answered", "virtual", "gone", "abandoned", "wait_s", "busy_s", "present_s", "waiting")
        self.out = {name: np.zeros(contacts.shape) for name in names}

    def mark(self) -> tuple[np.ndarray, np.ndarray]:
        """What ``back`` needs."""
        return self.law, self.finishing

    def back(self, slot: int, mark: tuple[np.ndarray, np.ndarray]) -> None:
        """Forget ``slot`` and what came of it."""
        self.law, self.finishing = mark
        for values in self.out.values():
            values[:, slot] = 0.0

    def _first_states(self) -> int:
        """Room for the fluid line and some spread; grown where it turns out too small."""
        most = 0.0
        line = 0.0
        for slot in range(self.agents.size):
            work = self.contacts[:, slot].max() * self.aht_s[slot] / self.slot_s
            line = max(line + (work - self.agents[slot]) * self.slot_s / self.aht_s[slot], 0.0)
            if self.patience_s is not None:
                line = min(
                    line, max(work - self.agents[slot], 0.0) * self.patience_s / self.aht_s[slot] + 1.0
                )
            present = max(self.agents[slot], min(work, self.agents[slot] + line)) + line
            most = max(most, present)
        return int(min(most + 6.0 * np.sqrt(most + 1.0) + 20.0, MOST_STATES))

    def slot(self, slot: int, finish: bool) -> None:
        """Move through one slot."""
        if slot and self.agents[slot] < self.agents[slot - 1] - 1e-12:
            self.law, taken = leave(self.law, self.agents[slot - 1], self.agents[slot])
            self.finishing += taken if finish else 0.0
        edge = slot * self.slot_s
        last = min(self.within_s, self.slot_s) if self._changes_ahead(slot) else 0.0
        before = self.slot_s - last
        if before > 0:
            mean = self._advance(slot, before)
            # Nobody in this part sees another staff within the threshold.
            self._arrivals(slot, mean, edge, before / self.slot_s, constant=True)
        done = before
        for place, weight in zip(before + last * _GAUSS, _WEIGHTS, strict=True):
            if last > 0:
                self._advance(slot, place - done)
                self._arrivals(slot, self.law, edge + place, weight * last / self.slot_s)
                done = place
        if last > 0:
            self._advance(slot, self.slot_s - done)
        rate = 1.0 / self.aht_s[slot]
        still = self.finishing * -np.expm1(-rate * self.slot_s) / rate
        self.finishing = self.finishing * np.exp(-rate * self.slot_s)
        self.out["busy_s"][:, slot] += still
        self.out["present_s"][:, slot] += still + self.agents[slot] * self.slot_s

    def _changes_ahead(self, slot: int) -> bool:
        """Whether the staff or its speed differs within the threshold after this slot."""
        until = slot + int(np.ceil(self.within_s / self.slot_s - 1e-9))
        ahead = slice(slot, min(until + 1, self.agents.size))
        return bool(np.ptp(self.agents[ahead]) > 1e-12 or np.ptp(self.aht_s[ahead]) > 1e-12)

    def _advance(self, slot: int, seconds: float) -> np.ndarray:
        """Move the law on, count what happens meanwhile, and return its mean."""
        if seconds <= 0:
            return self.law
        while True:
            states = self.law.shape[1]
            present = np.arange(states, dtype=float)
            agents, rate = self.agents[slot], 1.0 / self.aht_s[slot]
            busy, line = np.minimum(present, agents), np.maximum(present - agents, 0.0)
            fall = rate * busy + (0.0 if self.patience_s is None else line / self.patience_s)
            up = np.repeat(self.contacts[:, slot, None] / self.slot_s, states, axis=1)
            law, mean = advance(self.law, up, np.repeat(fall[None], up.shape[0], axis=0), seconds)
            if law[:, -2:].max() <= _TAIL or states >= MOST_STATES:
                break
            more = min(states // 2 + 20, MOST_STATES - states)
            self.law = np.pad(self.law, ((0, 0), (0, more)))
        self.limited |= bool(law[:, -2:].max() > _TAIL)
        self.law = law
        waiting = mean @ line
        out = self.out
        out["waiting"][:, slot] += waiting * seconds / self.slot_s
        out["busy_s"][:, slot] += (mean @ busy) * seconds
        share = np.ones(waiting.size)
        if self.patience_s is not None:
            out["abandoned"][:, slot] += waiting * seconds / self.patience_s
            share = self._answered_share(mean, present, agents, rate)
        out["wait_s"][:, slot] += waiting * seconds * share
        return mean

    def _answered_share(self, law: np.ndarray, present: np.ndarray, agents: float, rate: float) -> np.ndarray:
        """Share of the waiting that is done by contacts that get an answer, were this slot to go on."""
        assert self.patience_s is not None
        place = np.maximum(present - agents + 1.0, 0.0)
        speed = agents * rate * self.patience_s
        answered = (
            speed / (speed + place) * (psi(speed + 1.0 + place) - psi(speed + 1.0))
            if speed > 0
            else 0.0 * place
        )
        everybody = np.where(place > 0, place / (speed + place + 1e-300), 0.0)
        return np.nan_to_num(_ratio(law @ answered, law @ everybody))

    def _arrivals(
        self, slot: int, law: np.ndarray, moment_s: float, weight: float, *, constant: bool = False
    ) -> None:
        """Count contacts that find ``law`` at ``moment_s``, with the staff to come or as if it stayed."""
        agents = self.agents[slot]
        present = np.arange(law.shape[1], dtype=float)
        served, come = self.agents[slot] / self.aht_s[slot] * self.within_s, 0.0
        if not constant:
            served, come = self._ahead(slot, moment_s)
        found: InTime = in_time(present - agents + 1.0 - come, served, self.within_s, self.patience_s)
        if self.within_s == 0:
            free = (present + 1.0 <= agents + 1e-9).astype(float)
            found = InTime(free, free, np.zeros_like(free))
        for name, chance in zip(("answered", "virtual", "gone"), found, strict=True):
            self.out[name][:, slot] += weight * (law @ chance)

    def _ahead(self, slot: int, moment_s: float) -> tuple[float, float]:
        """Contacts that busy agents finish, and agents who come, within the threshold after a moment."""
        until = moment_s + self.within_s
        last = min(int(np.ceil(until / self.slot_s - 1e-9)) - 1, self.agents.size - 1)
        if last <= slot:
            return self.agents[slot] / self.aht_s[slot] * self.within_s, 0.0
        here = np.arange(slot, last + 1)
        edges = np.append(np.maximum(here * self.slot_s, moment_s), until)
        served = (self.agents[here] / self.aht_s[here] * np.diff(edges)).sum()
        return float(served), float(np.maximum(np.diff(self.agents[here]), 0.0).sum())

    def result(self, definition: Definition) -> TransientService:
        """The counts by a definition of the service level."""
        offered, out = self.contacts, self.out
        counted, kept = offered, "answered"
        if definition == "virtual":
            kept = "virtual"
        elif definition == "answered":
            counted = np.maximum(offered - out["abandoned"], 0.0)
        elif definition == "excluding_short_abandons":
            counted = offered * (1.0 - out["gone"])
        timely = np.minimum(offered * np.clip(out[kept], 0.0, 1.0), counted)
        return TransientService(
            offered=offered.astype(float),
            counted=counted.astype(float),
            in_time=timely,
            abandoned=out["abandoned"],
            wait_s=out["wait_s"],
            busy_s=out["busy_s"],
            present_s=out["present_s"],
            waiting=out["waiting"],
            limited=self.limited,
        )


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0, part / whole, np.nan)
