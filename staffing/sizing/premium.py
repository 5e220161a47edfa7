"""Premium customers ahead of the others, sized so that both classes meet their promise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffing.queueing.priority import ClassService, priority
from staffing.queueing.requirement import required_agents_both
from staffing.queueing.targets import Targets

_STEPS = 60


@dataclass(frozen=True)
class PremiumPromise:
    """The customers who are served first and what they are promised.

    Parameters
    ----------
    share
        Share of the contacts that are premium, in (0, 1).
    service_level, answer_within_s
        Share of them, in (0, 1), answered within so many seconds, >= 0.
    """

    share: float
    service_level: float
    answer_within_s: float

    def __post_init__(self) -> None:
        for name in ("share", "service_level"):
            value = getattr(self, name)
            if not 0 < value < 1:
                raise ValueError(f"0 < premium_{name} < 1 expected, got {value:g}")
        if not 0 <= self.answer_within_s < np.inf:
            raise ValueError(f"premium_answer_within_s >= 0 expected, got {self.answer_within_s:g}")


@dataclass(frozen=True)
class ClassLevels:
    """Service levels of both classes, each at its own threshold, with the mean wait over both.

    ``wait_probability`` and ``occupancy`` are the same for both.
    """

    premium: ClassService
    standard: ClassService
    asa_s: np.ndarray
    wait_probability: np.ndarray
    occupancy: np.ndarray


def class_levels(
    agents: np.ndarray,
    load_erlangs: np.ndarray,
    aht_s: np.ndarray,
    within_s: np.ndarray,
    premium_share: np.ndarray,
    premium_within_s: np.ndarray,
) -> ClassLevels:
    """Service of both classes for arrays of one shape; loads > 0, times in seconds."""
    first, second = load_erlangs * premium_share, load_erlangs * (1.0 - premium_share)
    standard = priority(agents, first, second, aht_s, within_s)
    ahead = priority(agents, first, second, aht_s, premium_within_s)
    with np.errstate(invalid="ignore"):
        asa = premium_share * ahead.premium.asa_s + (1.0 - premium_share) * standard.standard.asa_s
    return ClassLevels(ahead.premium, standard.standard, asa, standard.wait_probability, standard.occupancy)


def required_agents_premium(
    load_erlangs: np.ndarray,
    aht_s: np.ndarray,
    targets: Targets,
    premium_share: np.ndarray,
    premium_level: np.ndarray,
    premium_within_s: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fewest agents that meet ``targets`` for the standard class and the promise to the premium one.

    Parameters
    ----------
    load_erlangs, aht_s
        Flat arrays, > 0.
    targets
        With a service level, which is the standard customers'; the other limits hold over both classes.
    premium_share, premium_level, premium_within_s
        Of each row, as in ``PremiumPromise``.

    Returns
    -------
    Whole agents (int64), agents on the reals, and the binding target, in which
    ``"premium_service_level"`` is the promise to the premium class.

    Notes
    -----
    Served in plain order the standard class would be better off and all limits over both classes the
    same, so that the search starts from the plain requirement and only ever adds. Nobody hangs up
    in this model, which is on the safe side.
    """
    assert targets.service_level is not None
    least, plain = required_agents_both(load_erlangs, aht_s, targets)
    within = np.broadcast_to(np.asarray(targets.answer_within_s, dtype=float), load_erlangs.shape)
    promised = np.broadcast_to(np.asarray(targets.service_level, dtype=float), load_erlangs.shape)
    noise = 1e-9

    def kept(n: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found = class_levels(
            n, load_erlangs[rows], aht_s[rows], within[rows], premium_share[rows], premium_within_s[rows]
        )
        return (
            found.standard.missed <= 1.0 - promised[rows] + noise,
            found.premium.missed <= 1.0 - premium_level[rows] + noise,
        )

    whole = least.astype(np.int64)
    rows = np.arange(whole.size)
    while rows.size:
        standard, premium = kept(whole[rows].astype(float), rows)
        rows = rows[~(standard & premium)]
        whole[rows] += 1
    binding = plain.binding_target.astype(object)
    added = np.flatnonzero(whole > least)
    real = plain.agents.copy()
    # On the reals: between one agent fewer, where something is missed, and the whole answer.
    everything = np.arange(whole.size)
    low, high = np.maximum(plain.agents, whole - 1.0), whole.astype(float)
    enough = np.logical_and(*kept(low, everything))
    high = np.where(enough, low, high)
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        good = np.logical_and(*kept(middle, everything))
        low, high = np.where(good, low, middle), np.where(good, middle, high)
        if (high - low <= 1e-9 * high).all():
            break
    real = high
    if added.size:
        _, premium = kept(np.maximum(real[added] * (1.0 - 1e-6), 1e-9), added)
        binding[added] = np.where(premium, "service_level", "premium_service_level")
    return whole, real, binding.astype(str)
