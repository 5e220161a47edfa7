"""Call-backs: the same agents, a promise in minutes instead of seconds."""

from __future__ import annotations

from numpy.typing import ArrayLike

from staffing.queueing.erlang import erlang_c
from staffing.queueing.inputs import positive
from staffing.queueing.performance import Performance
from staffing.queueing.requirement import Requirement, required_agents
from staffing.queueing.targets import Targets


def callback(
    agents: ArrayLike, load_erlangs: ArrayLike, aht_s: ArrayLike, within_min: ArrayLike
) -> Performance:
    """Performance of a call-back list served in order: an Erlang C line in which nobody holds on.

    Parameters
    ----------
    agents, load_erlangs, aht_s
        As in ``erlang_c``; the handling time includes dialling.
    within_min
        Promise in minutes from the request to the call, > 0.

    Returns
    -------
    Performance
        ``service_level`` is the share called back within the promise.
    """
    return erlang_c(agents, load_erlangs, aht_s, 60.0 * positive("within_min", within_min))


def required_agents_callback(
    load_erlangs: ArrayLike, aht_s: ArrayLike, within_min: ArrayLike, kept: ArrayLike = 0.95
) -> Requirement:
    """Fewest whole agents that keep a share ``kept`` of the promises to call back ``within_min``.

    Parameters
    ----------
    load_erlangs, aht_s
        As in ``required_agents``.
    within_min
        Promise in minutes, > 0.
    kept
        Least share of the promises that are kept, in (0, 1).

    Examples
    --------
    >>> required_agents_callback(20.0, 300.0, [1, 5, 15, 60]).agents.tolist()
    [26, 23, 21, 21]
    """
    within_s = 60.0 * positive("within_min", within_min)
    return required_agents(load_erlangs, aht_s, Targets(service_level=kept, answer_within_s=within_s))
