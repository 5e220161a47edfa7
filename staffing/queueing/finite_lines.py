"""A limited number of telephone lines: who finds them all taken hears the busy tone and is lost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, gammainc, gammaincc

from staffing.queueing.blocking_kernel import inverse_blocking
from staffing.queueing.inputs import not_negative, positive
from staffing.queueing.performance import Performance


class LimitedLines(NamedTuple):
    """Measures with a limited number of lines.

    ``performance`` counts blocked contacts as missed; its waits are over the contacts that get a
    line; ``blocked`` is the share that gets none.
    """

    performance: Performance
    blocked: np.ndarray


def finite_lines(
    agents: ArrayLike,
    load_erlangs: ArrayLike,
    aht_s: ArrayLike,
    lines: ArrayLike,
    patience_s: ArrayLike | None = None,
    answer_within_s: ArrayLike = 20.0,
) -> LimitedLines:
    """Performance of M/M/n/N, or M/M/n/N+M with patience: at most N contacts inside.

    Parameters
    ----------
    agents
        Whole agents, shape ``(...)``, >= 1.
    load_erlangs, aht_s, answer_within_s
        As in ``erlang_c``; any load has an equilibrium.
    lines
        Whole lines N >= agents; those past the agents hold who waits.
    patience_s
        Mean patience in seconds, > 0; None for endless patience.

    Returns
    -------
    LimitedLines
        The service level is the share of all contacts, blocked ones included, answered in time.
        Time and memory grow with the number of waiting places.

    Raises
    ------
    ValueError
        On a value outside its range.

    References
    ----------
    .. [1] O. Garnett, A. Mandelbaum, M. Reiman (2002), Designing a call center with impatient
       customers, Manufacturing & Service Operations Management 4(3).
    """
    given = [
        positive("agents", agents),
        not_negative("load_erlangs", load_erlangs),
        positive("aht_s", aht_s),
        positive("lines", lines),
        not_negative("answer_within_s", answer_within_s),
    ]
    for name, value in (("agents", given[0]), ("lines", given[3])):
        if (value != np.floor(value)).any():
            raise ValueError(f"whole {name} expected, got {value[value != np.floor(value)].flat[0]}")
    if patience_s is not None:
        given.append(positive("patience_s", patience_s))
    n, a, aht, total, within, *patience = np.broadcast_arrays(*given)
    if (total < n).any():
        raise ValueError(f"lines >= agents expected, got {total[total < n].flat[0]:g} lines")
    out = np.empty((8, n.size))
    flat = [value.reshape(-1).tolist() for value in (n, a, aht, total, within, *patience)]
    for index, row in enumerate(zip(*flat, strict=True)):
        out[:, index] = _one(*row)
    rows = [row.reshape(n.shape) for row in out]
    return LimitedLines(Performance(*rows[:7]), rows[7])


def _one(
    n: float, a: float, aht_s: float, lines: float, within_s: float, patience_s: float | None = None
) -> tuple[float, ...]:
    if a == 0:
        return 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    rate, leave = n / aht_s, 0.0 if patience_s is None else 1.0 / patience_s
    places = int(lines - n)
    behind = np.arange(1, places + 1)
    # States past n per state n, in logarithms: an overload raises them beyond any float.
    log_states = np.concatenate([[0.0], np.cumsum(np.log(a / aht_s) - np.log(rate + behind * leave))])
    scale = float(log_states.max())
    states = np.exp(log_states - scale)
    u = float(inverse_blocking(np.array([n]), np.array([a]))[0])
    below = (u - 1.0) * np.exp(-scale)
    norm = below + states.sum() if np.isfinite(u) else np.inf
    joined = states[:-1] / norm  # found n + j, that is j ahead in line, and a line free
    blocked = float(states[-1] / norm)
    no_wait = below / norm if np.isfinite(u) else 1.0
    served = rate / (rate + behind * leave)  # of those with j = behind - 1 ahead
    if patience_s is None:
        in_time, late = gammainc(behind, rate * within_s), gammaincc(behind, rate * within_s)
    else:
        # exp(-wait / patience) of a contact that is served is Beta(x + 1, j + 1) distributed.
        x = rate * patience_s
        in_time = betainc(behind, x + 1.0, -np.expm1(-within_s / patience_s))
        late = betainc(x + 1.0, behind, np.exp(-within_s / patience_s))
    stage_s = np.cumsum(1.0 / (rate + behind * leave))
    abandoned = float((joined * (1.0 - served)).sum())
    answered = no_wait + float((joined * served).sum())
    asa_s = float((joined * served * stage_s).sum()) / answered
    inside = no_wait + float(joined.sum())
    wait_s = float((joined * stage_s).sum()) if patience_s is None else abandoned * patience_s
    return (
        float(joined.sum()),
        no_wait + float((joined * served * in_time).sum()),
        blocked + abandoned + float((joined * served * late).sum()),
        asa_s,
        wait_s / inside,
        abandoned,
        a * answered / n,
        blocked,
    )
