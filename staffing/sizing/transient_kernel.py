"""Birth–death processes in time: the law of the number present after any while, and its mean until then.

The exponential of the tridiagonal generator acts on a law through its resolvent on a parabola around the
negative real axis; a dozen tridiagonal solves do for a while of any length, where uniformization takes as
many products as there are events in it. The parabola fails where the number present runs one way only (a line
that does little but grow, a hall that empties); negative probabilities show it, and uniformization steps in.

References
----------
.. [1] J. A. C. Weideman, L. N. Trefethen (2007), Parabolic and hyperbolic contours for computing the Bromwich
   integral, Mathematics of Computation 76(259).
"""

from __future__ import annotations

import numpy as np
from scipy.linalg.lapack import zgtsv
from scipy.special import gammaln, pdtrc, xlogy

_NODES = 24  # the error falls as 2.85 to the power of minus this
_ANGLES = np.pi * (2.0 * np.arange(_NODES // 2) + 1.0) / _NODES
# Points and their slopes on the upper half; the lower half is its mirror image.
_POINT = _NODES * (0.1309 - 0.1194 * _ANGLES**2 + 0.25j * _ANGLES)
_SLOPE = _NODES * (-0.2388 * _ANGLES + 0.25j)
_LAW = 2.0 * np.exp(_POINT) * _SLOPE / (1j * _NODES)
_MEAN = _LAW / _POINT

# Negative probability in a law from which on it is not trusted: laws that are off by 1e-5 show it.
_FAILED = 1e-9


def advance(
    law: np.ndarray, up: np.ndarray, down: np.ndarray, seconds: float
) -> tuple[np.ndarray, np.ndarray]:
    """Law after ``seconds``, and its mean over them.

    Parameters
    ----------
    law
        Probability of each number present, shape ``(paths, states)``.
    up, down
        Rates per second out of each state, upwards and downwards, shape ``(paths, states)``; ``up`` of the
        last state and ``down`` of the first are taken as 0.
    seconds
        >= 0; 0 gives the law back twice.

    Returns
    -------
    Two arrays of the shape of ``law``, each row adding up to what its law did; absolute error below 1e-8.
    """
    if seconds <= 0:
        return law, law
    rise, fall = up * seconds, down * seconds
    rise[:, -1], fall[:, 0] = 0.0, 0.0
    after, mean = _by_contour(law, rise, fall)
    failed = np.flatnonzero(-np.minimum(after, 0.0).sum(axis=1) - np.minimum(mean, 0.0).sum(axis=1) > _FAILED)
    if failed.size:
        after[failed], mean[failed] = _by_uniformization(law[failed], rise[failed], fall[failed])
    total = law.sum(axis=1, keepdims=True)
    return _tidied(after, total), _tidied(mean, total)


def _by_contour(law: np.ndarray, rise: np.ndarray, fall: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    paths, states = law.shape
    # All poles of all paths in one long tridiagonal system; the zeros at the seams keep them apart.
    shape = (_POINT.size, paths, states)
    diagonal = np.empty(shape, dtype=complex)
    diagonal[:] = (rise + fall)[None]
    diagonal += _POINT[:, None, None]
    lower = np.empty(shape, dtype=complex)
    lower[:] = -rise[None]
    upper = np.zeros(shape, dtype=complex)
    upper[:, :, :-1] = -fall[None, :, 1:]
    right = np.empty(shape, dtype=complex)
    right[:] = law[None]
    solved = zgtsv(
        lower.reshape(-1)[:-1], diagonal.reshape(-1), upper.reshape(-1)[:-1], right.reshape(-1),
        overwrite_dl=True, overwrite_d=True, overwrite_du=True, overwrite_b=True,
    )  # fmt: skip
    found = solved[3].reshape(_POINT.size, paths * states)
    return _real_sum(_LAW, found).reshape(law.shape), _real_sum(_MEAN, found).reshape(law.shape)


def _by_uniformization(law: np.ndarray, rise: np.ndarray, fall: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Steps of a chain as often as a Poisson number of events; every term is positive."""
    events = float((rise + fall).max())
    up, down = rise / events, fall / events
    stay = 1.0 - up - down
    after, mean = np.zeros_like(law), np.zeros_like(law)
    now = law
    counts = np.arange(int(events + 8.0 * np.sqrt(events) + 20.0))
    exactly = np.exp(xlogy(counts, events) - events - gammaln(counts + 1.0))
    more = pdtrc(counts, events) / events
    for chance, longer in zip(exactly.tolist(), more.tolist(), strict=True):
        if chance > 0.0:
            after += chance * now
        mean += longer * now
        moved = stay * now
        moved[:, 1:] += up[:, :-1] * now[:, :-1]
        moved[:, :-1] += down[:, 1:] * now[:, 1:]
        now = moved
    return after, mean


def _real_sum(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    # Not a matrix product: its threads cost more than so short a sum on a busy machine.
    both = np.einsum("p,pn->n", weights.real, values.real)
    both -= np.einsum("p,pn->n", weights.imag, values.imag)
    return both


def _tidied(law: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Without the contour's last digits: nothing negative, nothing lost."""
    kept = np.maximum(law, 0.0)
    return kept * (total / kept.sum(axis=1, keepdims=True))


def leave(law: np.ndarray, before: float, after: float) -> tuple[np.ndarray, np.ndarray]:
    """Agents go and take the contacts with them that they hold.

    Parameters
    ----------
    law
        Law of the number present, shape ``(paths, states)``.
    before, after
        Contacts that the agents can hold at once, ``before > after >= 0``.

    Returns
    -------
    The law of those who stay, and the mean number taken along per path. Who goes is drawn among all agents, so that
    the number taken is hypergeometric; of fractional agents the next whole numbers are mixed.
    """
    states = law.shape[1]
    gone = before - after
    fewer, share = int(np.floor(gone + 1e-9)), float(gone - np.floor(gone + 1e-9))
    out = np.zeros_like(law)
    for count, weight in ((fewer, 1.0 - share), (fewer + 1, share)):
        if weight > 1e-9:
            out += weight * _without(law, int(np.ceil(before - 1e-9)), count)
    present = np.arange(states)
    return out, (law - out) @ present


def _without(law: np.ndarray, agents: int, gone: int) -> np.ndarray:
    gone = min(gone, agents)
    if gone == 0:
        return law
    states = law.shape[1]
    out = np.zeros_like(law)
    full = min(agents, states)
    out[:, full - gone : states - gone] += law[:, full:] if full < states else 0.0
    busy = np.arange(full)[:, None]
    taken = np.arange(gone + 1)[None, :]
    logs = _log_factorials(max(agents, states))
    possible = (taken <= busy) & (gone - taken <= agents - busy)
    held = np.where(possible, taken, 0)
    idle = np.where(possible, gone - taken, 0)
    chance = np.exp(
        logs[busy] - logs[held] - logs[np.maximum(busy - held, 0)]
        + logs[agents - busy] - logs[idle] - logs[np.maximum(agents - busy - idle, 0)]
        - logs[agents] + logs[gone] + logs[agents - gone]
    ) * possible  # fmt: skip
    for number in range(gone + 1):
        out[:, : full - number] += law[:, number:full] * chance[number:, number]
    return out


def _log_factorials(largest: int) -> np.ndarray:
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1.0, largest + 1.0)))])
