"""What a requirement must meet, for one queue or for arrays of queues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from staffing.queueing.abandonment import Definition
from staffing.queueing.inputs import not_negative, positive, share

# A target counts as met when the excess, on a scale of about one per sqrt(load) agents, is noise.
TOLERANCE = 1e-12


@dataclass(frozen=True)
class Targets:
    """Targets of a requirement; every field may be an array that broadcasts with the loads.

    Parameters
    ----------
    service_level
        Least share of contacts served within ``answer_within_s``, in (0, 1).
    answer_within_s
        Answer threshold in seconds, >= 0.
    asa_s
        Greatest average speed of answer in seconds, > 0.
    max_occupancy
        Greatest share of busy time, in (0, 1].
    max_wait_probability
        Greatest share of contacts that wait at all, in (0, 1).
    max_abandonment
        Greatest share of contacts that hang up, in (0, 1); only with patience.
    definition
        Of the service level, as in ``erlang_a``; without patience all four agree.

    Raises
    ------
    ValueError
        On a value outside its range, or when no target is given.
    """

    service_level: ArrayLike | None = None
    answer_within_s: ArrayLike = 20.0
    asa_s: ArrayLike | None = None
    max_occupancy: ArrayLike | None = None
    max_wait_probability: ArrayLike | None = None
    max_abandonment: ArrayLike | None = None
    definition: Definition = "offered"

    def __post_init__(self) -> None:
        not_negative("answer_within_s", self.answer_within_s)
        if self.definition not in get_args(Definition):
            raise ValueError(f"definition in {get_args(Definition)} expected, got {self.definition!r}")
        for name in ("service_level", "max_wait_probability", "max_abandonment"):
            if getattr(self, name) is not None:
                share(name, getattr(self, name))
        if self.max_occupancy is not None:
            share("max_occupancy", self.max_occupancy, closed_above=True)
        if self.asa_s is not None:
            positive("asa_s", self.asa_s)
        if not self.names:
            raise ValueError("at least one target expected, got none")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the targets that are given, in the order in which ties are named."""
        fields = ("service_level", "asa_s", "max_wait_probability", "max_abandonment", "max_occupancy")
        return tuple(name for name in fields if getattr(self, name) is not None)


@dataclass(frozen=True)
class FlatTargets:
    """The same, as flat arrays of the length of the loads (internal to the searches)."""

    names: tuple[str, ...]
    limits: dict[str, np.ndarray]
    answer_within_s: np.ndarray
    definition: Definition

    @classmethod
    def of(cls, targets: Targets, shape: tuple[int, ...]) -> FlatTargets:
        """Broadcast ``targets`` to ``shape`` and flatten."""

        def flat(value: ArrayLike) -> np.ndarray:
            return np.broadcast_to(np.asarray(value, dtype=float), shape).reshape(-1)

        limits = {name: flat(getattr(targets, name)) for name in targets.names}
        if "service_level" in limits:
            limits["service_level"] = 1.0 - limits["service_level"]  # as a greatest share missed
        return cls(targets.names, limits, flat(targets.answer_within_s), targets.definition)

    def rows(self, chosen: np.ndarray | slice) -> FlatTargets:
        """The targets of some of the rows."""
        limits = {name: limit[chosen] for name, limit in self.limits.items()}
        return FlatTargets(self.names, limits, self.answer_within_s[chosen], self.definition)

    def excess(self, found: dict[str, np.ndarray]) -> np.ndarray:
        """How far each target is missed: > 0 missed, <= 0 met; shape ``(targets, rows)``.

        Shares of waiting contacts go through the normal quantile and the rest through the
        logarithm, which makes them nearly straight lines in the number of agents.
        """
        out = []
        with np.errstate(divide="ignore", invalid="ignore"):
            for name in self.names:
                value, limit = found[name], self.limits[name]
                if name in ("service_level", "max_wait_probability"):
                    out.append(ndtri(np.minimum(value, 1.0)) - ndtri(limit))
                elif name == "max_occupancy":
                    # A limit of 1 always holds; its noise must not stop the search for the others.
                    out.append(np.where(limit < 1.0, np.log(value / limit), -np.inf))
                else:
                    out.append(np.where(value > 0, np.log(value / limit), -np.inf))
        return np.nan_to_num(np.array(out), nan=np.inf, posinf=np.inf, neginf=-np.inf)
