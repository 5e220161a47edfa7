"""Erlang B and C: loss and delay without abandonment, for arrays and real-valued agents."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.blocking_kernel import inverse_blocking
from staffing.queueing.inputs import not_negative, positive
from staffing.queueing.performance import Performance
from staffing.queueing.waiting_line import patient_line


def erlang_b(agents: ArrayLike, load_erlangs: ArrayLike) -> np.ndarray:
    """Probability that a contact finds every line taken in an M/M/n/n queue (Erlang B).

    Parameters
    ----------
    agents
        Lines or agents, real, shape ``(...)``, >= 0. Broadcasts against ``load_erlangs``.
    load_erlangs
        Offered load, arrival rate times mean handling time, shape ``(...)``, >= 0.

    Returns
    -------
    Array of shape ``(...)`` in [0, 1]; 0 without load.

    Raises
    ------
    ValueError
        On a negative, infinite or missing input.

    References
    ----------
    .. [1] D. L. Jagerman (1974), Some properties of the Erlang loss function,
       Bell System Technical Journal 53(3), for real ``agents``.

    Examples
    --------
    >>> float(erlang_b(2, 1.0))
    0.2
    """
    agents = not_negative("agents", agents)
    load_erlangs = not_negative("load_erlangs", load_erlangs)
    idle = load_erlangs == 0
    u = inverse_blocking(agents, np.where(idle, 1.0, load_erlangs))
    return np.where(idle, 0.0, 1.0 / u)


def erlang_c(
    agents: ArrayLike,
    load_erlangs: ArrayLike,
    aht_s: ArrayLike,
    answer_within_s: ArrayLike = 20.0,
) -> Performance:
    """Performance of an M/M/n queue where everybody waits (Erlang C).

    With C the probability of waiting, the wait of those who wait is exponential with rate
    ``(agents - load) / aht_s``.

    Parameters
    ----------
    agents
        Agents on duty, real, shape ``(...)``, >= 0.
    load_erlangs
        Offered load in erlangs, shape ``(...)``, >= 0.
    aht_s
        Mean handling time in seconds, > 0.
    answer_within_s
        Answer threshold in seconds, >= 0.

    Returns
    -------
    Performance
        Where the load reaches the agents there is no equilibrium: everybody waits, the service
        level is 0, the waits are inf and the occupancy 1. Nobody abandons in this model.

    Raises
    ------
    ValueError
        On a negative, infinite or missing input or a handling time of 0.

    References
    ----------
    .. [1] N. Gans, G. Koole, A. Mandelbaum (2003), Telephone call centers,
       Manufacturing & Service Operations Management 5(2), section 4.

    Examples
    --------
    >>> round(float(erlang_c(14, 10.0, 180.0, 19.8).service_level), 3)
    0.888
    """
    agents, load, aht_s, answer_within_s = np.broadcast_arrays(
        not_negative("agents", agents),
        not_negative("load_erlangs", load_erlangs),
        positive("aht_s", aht_s),
        not_negative("answer_within_s", answer_within_s),
    )
    idle, stable = load == 0, load < agents
    # Placeholders keep the arithmetic finite where there is no load or no equilibrium.
    n = np.where(stable & ~idle, agents, 2.0)
    a = np.where(stable & ~idle, load, 1.0)
    line = patient_line(inverse_blocking(n, a), a / aht_s, n / aht_s, answer_within_s)

    def known(value: np.ndarray, without_load: float, unstable: float) -> np.ndarray:
        return np.where(idle, without_load, np.where(stable, value, unstable))

    mean_wait = known(line.mean_wait_s, 0.0, np.inf)
    return Performance(
        wait_probability=known(line.waits, 0.0, 1.0),
        service_level=known(line.answered_in_time, 1.0, 0.0),
        missed=known(line.answered_late, 0.0, 1.0),
        asa_s=mean_wait,
        mean_wait_s=mean_wait.copy(),
        abandonment=np.zeros(mean_wait.shape),
        occupancy=known(a / n, 0.0, 1.0),
    )
