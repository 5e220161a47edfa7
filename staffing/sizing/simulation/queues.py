"""The queues of a simulated centre: who comes, how long it takes, how long they hold on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from staffing.queueing.abandonment import Definition
from staffing.queueing.inputs import not_negative, positive
from staffing.sizing.simulation.times import HandlingTime, PatienceTime

Given = Literal["rates", "counts"]


def _share(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"0 <= {name} <= 1 expected, got {value!r}")


@dataclass(frozen=True)
class Premium:
    """Customers of a queue who are served before its others.

    Parameters
    ----------
    share
        Of the contacts, in (0, 1).
    answer_within_s
        Their own threshold, >= 0.
    """

    share: float
    answer_within_s: float

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ValueError(f"0 < premium share < 1 expected, got {self.share!r}")
        not_negative("premium answer_within_s", self.answer_within_s)


@dataclass(frozen=True)
class Redial:
    """Customers who call again.

    Parameters
    ----------
    abandoned
        Share of those who hung up that call again, each time, in [0, 1].
    answered
        The same of those who were answered: what the contact did not resolve.
    delay_s
        Mean seconds until then, > 0, exponential.
    """

    abandoned: float = 0.0
    answered: float = 0.0
    delay_s: float = 600.0

    def __post_init__(self) -> None:
        _share("redial abandoned", self.abandoned)
        _share("redial answered", self.answered)
        positive("redial delay_s", self.delay_s)


@dataclass(frozen=True)
class CallBackOffer:
    """Waiting customers who may hang up and be called back.

    Parameters
    ----------
    queue
        Name of the queue that holds the requests; contacts of its own are allowed (all zero is usual).
    accept
        Share of the customers who take the offer, in [0, 1].
    after_s
        Offered to whoever has waited so long, >= 0; or
    expected_wait_s
        offered on arrival where the expected wait (waiting contacts + 1, over the agents at work for the
        queue, times the mean handling time) is longer than this, >= 0.
    """

    queue: str
    accept: float
    after_s: float | None = None
    expected_wait_s: float | None = None

    def __post_init__(self) -> None:
        _share("call-back accept", self.accept)
        if (self.after_s is None) == (self.expected_wait_s is None):
            raise ValueError(f"either after_s or expected_wait_s expected, got {self}")
        chosen = self.after_s if self.after_s is not None else self.expected_wait_s
        not_negative("call-back wait", chosen if chosen is not None else 0.0)


@dataclass(frozen=True)
class SimulatedQueue:
    """One queue.

    Parameters
    ----------
    name
        As in the plan.
    contacts
        Per interval, >= 0: shape ``(intervals,)``, the same for every path, or ``(paths, intervals)``.
    handling
        Handling time; a mean per interval belongs to the interval of arrival.
    given
        ``"rates"``: expected contacts, of which Poisson numbers are drawn. ``"counts"``: the numbers
        themselves (``Forecast.sample`` gives such paths; Poisson chance is in them already). Either way
        the contacts of an interval arrive at independent uniform moments inside it.
    patience
        How long customers hold on; endless by default.
    answer_within_s
        Answer threshold, >= 0.
    definition
        Of the service level, as for ``QueueTarget``.
    priority
        Queues of lower numbers are served first by agents who can choose; a whole number.
    premium
        Customers of this queue who are served before its others.
    redial
        Customers who call again.
    concurrency, aht_s_by_concurrency
        Chats that an agent holds at once, and mean handling seconds of a chat when its agent holds 1, 2 …;
        by default the handling time's own mean whatever the number. A chat goes on at the speed of the
        moment's level. An agent holds chats of one queue at a time.
    background
        ``None`` for live work. A number r >= 0: work that waits, taken only by an agent in whose group
        more than r agents are free (himself included), after all live work.
    resolve_within_h
        Deadline of background work in opening hours, > 0; the service level is then the share finished by it.
    is_open
        Opening hours per interval, shape ``(intervals,)``, for that clock; always open by default.
    call_back
        Offer to waiting customers.

    Raises
    ------
    ValueError
        With the inequality that was expected and the value found.
    """

    name: str
    contacts: np.ndarray
    handling: HandlingTime
    given: Given = "rates"
    patience: PatienceTime = field(default_factory=PatienceTime.endless)
    answer_within_s: float = 20.0
    definition: Definition = "offered"
    priority: int = 1
    premium: Premium | None = None
    redial: Redial | None = None
    concurrency: int = 1
    aht_s_by_concurrency: Sequence[float] | None = None
    background: int | None = None
    resolve_within_h: float | None = None
    is_open: np.ndarray | None = None
    call_back: CallBackOffer | None = None

    @property
    def paths(self) -> int | None:
        """Number of paths given, ``None`` where one row serves any number."""
        return int(self.contacts.shape[0]) if self.contacts.ndim == 2 else None

    @property
    def intervals(self) -> int:
        """Number of intervals."""
        return int(self.contacts.shape[-1])

    def __post_init__(self) -> None:
        here = f"queue {self.name!r}"
        contacts = not_negative(f"{here}: contacts", self.contacts)
        object.__setattr__(self, "contacts", contacts)
        if contacts.ndim not in (1, 2) or contacts.shape[-1] < 1:
            raise ValueError(
                f"{here}: contacts (intervals,) or (paths, intervals) expected, got {contacts.shape}"
            )
        if contacts.shape[0] < 1:
            raise ValueError(f"{here}: at least one sample path expected, got 0")
        if self.given not in get_args(Given):
            raise ValueError(f"{here}: given in {get_args(Given)} expected, got {self.given!r}")
        if self.given == "counts" and (contacts != np.floor(contacts)).any():
            bad = contacts[contacts != np.floor(contacts)][0]
            raise ValueError(f"{here}: whole counts expected, got {bad:g}")
        if self.definition not in get_args(Definition):
            raise ValueError(
                f"{here}: definition in {get_args(Definition)} expected, got {self.definition!r}"
            )
        not_negative(f"{here}: answer_within_s", self.answer_within_s)
        self._check_handling(here)
        self._check_channel(here)

    def _check_handling(self, here: str) -> None:
        means = self.handling.mean_s
        if means.size not in (1, self.intervals):
            raise ValueError(
                f"{here}: one handling mean or {self.intervals} (one per interval) expected, got {means.size}"
            )
        if means.size > 1:
            unknown = np.isnan(means) & (self.contacts.reshape(-1, self.intervals) > 0).any(axis=0)
            if unknown.any():
                at = int(np.flatnonzero(unknown)[0])
                raise ValueError(
                    f"{here}: a handling time where contacts arrive expected, got none in interval {at}"
                )

    def _check_channel(self, here: str) -> None:
        if self.concurrency < 1 or self.concurrency != int(self.concurrency):
            raise ValueError(f"{here}: a whole concurrency >= 1 expected, got {self.concurrency!r}")
        if self.aht_s_by_concurrency is not None:
            levels = positive(f"{here}: aht_s_by_concurrency", self.aht_s_by_concurrency).reshape(-1)
            if levels.size != self.concurrency:
                raise ValueError(
                    f"{here}: len(aht_s_by_concurrency) == concurrency == {self.concurrency} expected, "
                    f"got {levels.size}"
                )
        if self.background is not None:
            if self.background < 0 or self.background != int(self.background):
                raise ValueError(f"{here}: a whole background >= 0 expected, got {self.background!r}")
            if self.concurrency > 1:
                raise ValueError(
                    f"{here}: concurrency == 1 for background work expected, got {self.concurrency}"
                )
        if self.resolve_within_h is not None:
            positive(f"{here}: resolve_within_h", self.resolve_within_h)
        if self.is_open is not None and np.asarray(self.is_open).shape != (self.intervals,):
            raise ValueError(
                f"{here}: is_open of shape ({self.intervals},) expected, got {np.asarray(self.is_open).shape}"
            )
        if self.priority != int(self.priority) or not math.isfinite(self.priority):
            raise ValueError(f"{here}: a whole priority expected, got {self.priority!r}")
