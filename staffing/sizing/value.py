"""What the next agent is worth, and the number of agents at which another one stops paying."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.abandonment import erlang_a
from staffing.queueing.general_patience import mmn_g
from staffing.queueing.inputs import not_negative, positive
from staffing.sizing.loss import LossModel


@dataclass(frozen=True)
class Economics:
    """Money behind a queue.

    Parameters
    ----------
    value_per_contact
        What a contact that is lost while waiting costs, > 0.
    cost_per_agent_hour
        Cost of an agent at work for an hour, > 0; shrinkage included where it is paid.
    loss
        How waiting loses contacts.
    """

    value_per_contact: float
    cost_per_agent_hour: float
    loss: LossModel

    def __post_init__(self) -> None:
        positive("value_per_contact", self.value_per_contact)
        positive("cost_per_agent_hour", self.cost_per_agent_hour)

    def lost_share(self, agents: ArrayLike, load_erlangs: ArrayLike, aht_s: ArrayLike) -> np.ndarray:
        """Share of the contacts that leave unanswered, shape ``(...)`` of the inputs, in [0, 1]."""
        if self.loss.mean_s is not None:
            return erlang_a(agents, load_erlangs, aht_s, self.loss.mean_s).abandonment
        return mmn_g(agents, load_erlangs, aht_s, self.loss.patience).abandonment


@dataclass(frozen=True)
class NextAgent:
    """Worth of one agent more in an interval; all arrays of one shape.

    Attributes
    ----------
    agents
        Agents before.
    lost, saved
        Contacts lost with ``agents``, and how many fewer one agent more would lose.
    worth, cost
        Money that the next agent saves and costs in the interval.
    """

    agents: np.ndarray
    lost: np.ndarray
    saved: np.ndarray
    worth: np.ndarray
    cost: np.ndarray

    @property
    def pays(self) -> np.ndarray:
        """Whether the next agent saves more than he or she costs."""
        return self.worth > self.cost


def next_agent(
    agents: ArrayLike, contacts: ArrayLike, aht_s: ArrayLike, interval_min: float, economics: Economics
) -> NextAgent:
    """Marginal value of the next agent in each interval.

    Parameters
    ----------
    agents
        Agents at work, real, shape ``(...)``, >= 0.
    contacts, aht_s
        Contacts of the interval, >= 0, and their mean handling time in seconds, > 0.
    interval_min
        Length of the interval in minutes, > 0.
    economics
        The money.
    """
    n, volume, aht = np.broadcast_arrays(
        not_negative("agents", agents), not_negative("contacts", contacts), positive("aht_s", aht_s)
    )
    load = volume * aht / (60.0 * float(positive("interval_min", interval_min)))
    before = economics.lost_share(n, load, aht)
    saved = volume * np.maximum(before - economics.lost_share(n + 1.0, load, aht), 0.0)
    cost = np.full(n.shape, economics.cost_per_agent_hour * interval_min / 60.0)
    return NextAgent(n, volume * before, saved, saved * economics.value_per_contact, cost)


def cost_optimal_agents(
    contacts: ArrayLike, aht_s: ArrayLike, interval_min: float, economics: Economics
) -> np.ndarray:
    """Whole agents per interval at which the contacts lost and the agents together cost least.

    Parameters
    ----------
    contacts, aht_s, interval_min, economics
        As in ``next_agent``.

    Returns
    -------
    Whole numbers (int64); 0 where no agent would pay. At the answer the next agent costs more than
    the contacts he or she would save, and the last one saves at least his or her cost.

    Notes
    -----
    The search counts on diminishing returns (each agent saves less than the one before), as
    waiting lines with abandonment show; a bisection on the next agent's worth then suffices.
    """
    volume, aht = np.broadcast_arrays(not_negative("contacts", contacts), positive("aht_s", aht_s))
    shape = volume.shape
    volume, aht = volume.reshape(-1), aht.reshape(-1)
    mean_s = economics.loss.mean_s
    start = np.zeros(volume.size, dtype=np.int64)
    if mean_s is None:
        # A hazard of another shape costs an integral per look: start from the constant one that
        # loses as much in the first 20 s.
        left = float(economics.loss.patience.survival(np.array([20.0]))[0])
        alike = LossModel.exponential(-20.0 / np.log(np.clip(left, 1e-6, 1.0 - 1e-6)))
        start = cost_optimal_agents(volume, aht, interval_min, replace(economics, loss=alike))

    def pays(n: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return next_agent(n.astype(float), volume[rows], aht[rows], interval_min, economics).pays

    return _first_that_does_not(pays, start, volume > 0).reshape(shape)


def _first_that_does_not(
    pays: Callable[[np.ndarray, np.ndarray], np.ndarray], start: np.ndarray, busy: np.ndarray
) -> np.ndarray:
    """Smallest n >= 0 for which ``pays(n)`` is false, where it is true for all below; by galloping."""
    # Every n < low pays and high does not; both ends start unknown.
    low = np.zeros(start.size, dtype=np.int64)
    high = np.where(busy, np.iinfo(np.int64).max // 4, 0)
    step = np.ones(start.size, dtype=np.int64)
    guess = start.copy()
    unbounded = np.iinfo(np.int64).max // 4
    while True:
        rows = np.flatnonzero(low < high)
        if not rows.size:
            return low
        more = pays(guess[rows], rows)
        up, down = rows[more], rows[~more]
        low[up], high[down] = guess[up] + 1, guess[down]
        # Gallop away from the guess until it is bracketed, then halve the bracket.
        away_up = up[high[up] == unbounded]
        away_down = down[low[down] == 0]
        guess = (low + np.where(high == unbounded, low, high)) // 2
        guess[away_up] = low[away_up] + step[away_up] - 1
        guess[away_down] = np.maximum(high[away_down] - step[away_down], 0)
        step[rows] *= 2
