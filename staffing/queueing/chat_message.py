"""How long a chat customer waits for each reply, which is what limits the chats at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.inputs import positive


def chat_message_response(
    concurrency: int, customer_think_s: ArrayLike, agent_message_s: ArrayLike
) -> np.ndarray:
    """Mean time until the agent's reply in an agent's ``concurrency`` chats (finite source, M/M/1//K).

    Each customer thinks and writes for ``customer_think_s`` on average, then waits while the agent
    answers the messages one after the other, ``agent_message_s`` each on average. A per-message
    target therefore sets the concurrency; a first-response target sets the number of agents.

    Parameters
    ----------
    concurrency
        Chats that the agent holds at once, a whole number >= 1.
    customer_think_s, agent_message_s
        Mean times in seconds, shape ``(...)``, > 0.

    Returns
    -------
    Mean seconds from a customer's message to the end of the reply, shape ``(...)``.

    Raises
    ------
    ValueError
        On a value outside its range.

    References
    ----------
    .. [1] M. Reiser, S. S. Lavenberg (1980), Mean-value analysis of closed multichain queuing
       networks, Journal of the ACM 27(2): exact for exponential replies, whatever the thinking.

    Examples
    --------
    >>> [round(float(chat_message_response(k, 60.0, 30.0)), 1) for k in (1, 2, 3, 4)]
    [30.0, 40.0, 54.0, 72.6]
    """
    if isinstance(concurrency, bool) or not isinstance(concurrency, (int, np.integer)) or concurrency < 1:
        raise ValueError(f"a whole concurrency >= 1 expected, got {concurrency!r}")
    think_s, message_s = (
        positive("customer_think_s", customer_think_s),
        positive("agent_message_s", agent_message_s),
    )
    think_s, message_s = np.broadcast_arrays(think_s, message_s)
    waiting = np.zeros(think_s.shape)  # mean messages before the agent, itself included
    response_s = message_s.astype(float)
    for chats in range(1, int(concurrency) + 1):
        # A message finds what the others would have left without its own chat.
        response_s = message_s * (1.0 + waiting)
        waiting = chats * response_s / (think_s + response_s)
    return response_s


def most_chats_at_once(
    customer_think_s: float, agent_message_s: float, respond_within_s: float, limit: int = 20
) -> int:
    """Most chats per agent whose mean reply takes at most ``respond_within_s`` seconds; 0 if none.

    Parameters
    ----------
    customer_think_s, agent_message_s, respond_within_s
        Seconds, > 0.
    limit
        Most chats to consider, >= 1.
    """
    respond = float(positive("respond_within_s", respond_within_s))
    best = 0
    for chats in range(1, limit + 1):
        if float(chat_message_response(chats, customer_think_s, agent_message_s)) > respond:
            break
        best = chats
    return best
