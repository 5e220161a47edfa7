"""The kernel of every formula here: the inverse of the Erlang B blocking probability.

``U(n, a) = 1 / B(n, a) = Gamma(n + 1, a) exp(a) a**-n`` for real n >= 0. For whole n it obeys
``U(k) = 1 + (k / a) U(k - 1)`` from ``U(0) = 1``, which never cancels but costs n steps. No single
closed form keeps its digits everywhere, so four routes share the plane, each where it is exact.
"""

from __future__ import annotations

import numpy as np
from scipy.special import erfcx, gamma, gammaincc

from staffing.queueing.temme import correction, gamma_star, half_eta_squared, signed_eta

SMALL = 20.0  # from here on the uniform expansion has its full accuracy
CHUNK = 16_384  # rows worked on at a time: temporaries stay in the cache and memory stays flat


def inverse_blocking(agents: np.ndarray, load_erlangs: np.ndarray) -> np.ndarray:
    """``1 / B(n, a)``, inf where the blocking probability is below 1e-308.

    Parameters
    ----------
    agents
        Real n >= 0, broadcasting against ``load_erlangs``.
    load_erlangs
        Offered load a > 0.

    Returns
    -------
    Array >= 1, with a relative error below 1e-12 for loads from 1e-6 to 1e6.

    References
    ----------
    .. [1] D. L. Jagerman (1974), Some properties of the Erlang loss function, BSTJ 53(3).
    .. [2] N. M. Temme (1979), SIAM Journal on Mathematical Analysis 10(4).
    """
    agents, load_erlangs = np.broadcast_arrays(
        np.asarray(agents, dtype=float), np.asarray(load_erlangs, dtype=float)
    )
    out = np.empty(agents.shape)
    flat_n, flat_a, flat_out = agents.reshape(-1), load_erlangs.reshape(-1), out.reshape(-1)
    for begin in range(0, flat_out.size, CHUNK):
        part = slice(begin, begin + CHUNK)
        flat_out[part] = _inverse_blocking(flat_n[part], flat_a[part])
    return out


def _inverse_blocking(n: np.ndarray, a: np.ndarray) -> np.ndarray:
    out = np.empty(n.shape)
    small = n < SMALL
    if small.any():
        out[small] = _by_recursion(n[small], a[small])
    if small.all():
        return out
    big = ~small
    n, a = n[big], a[big]
    eta = signed_eta(n, a)
    value = np.empty(n.shape)
    near = np.abs(eta) < 1.0
    value[near] = _near_diagonal(n[near], eta[near])
    left = eta <= -1.0
    if left.any():
        value[left] = inverse_poisson(n[left], a[left]) - lower_series(n[left], a[left])
    right = eta >= 1.0
    if right.any():
        value[right] = _falling_factorials(n[right], a[right])
    out[big] = value
    return out


def _by_recursion(n: np.ndarray, a: np.ndarray) -> np.ndarray:
    steps = np.floor(n)
    fraction = n - steps
    u = np.ones_like(n)
    odd = fraction > 0
    if odd.any():
        u[odd] = _below_one_agent(fraction[odd], a[odd])
    for step in range(1, int(steps.max()) + 1):
        go = steps >= step
        with np.errstate(over="ignore"):
            u = np.where(go, 1.0 + (fraction + step) / a * u, u)
    return u


def _below_one_agent(f: np.ndarray, a: np.ndarray) -> np.ndarray:
    """``U(f, a)`` for 0 < f < 1."""
    u = np.empty_like(a)
    light, heavy = a < 2.0, a > 50.0
    if light.any():
        x, y = f[light], a[light]
        u[light] = gamma(x + 1.0) * np.exp(y) * y**-x - lower_series(x, y)
    middle = ~(light | heavy)
    if middle.any():
        x, y = f[middle], a[middle]
        u[middle] = gamma(x + 1.0) * gammaincc(x + 1.0, y) * np.exp(y) * y**-x
    if heavy.any():
        x, y = f[heavy], a[heavy]
        total, term = np.ones_like(y), np.ones_like(y)
        for k in range(20):
            term = term * (x - k) / y
            total += term
        u[heavy] = total
    return u


def _near_diagonal(n: np.ndarray, eta: np.ndarray) -> np.ndarray:
    root = np.sqrt(0.5 * n)
    with np.errstate(over="ignore"):
        tail = np.sqrt(np.pi) * root * erfcx(eta * root)
    return 1.0 + gamma_star(n) * (tail + correction(n, eta))


def inverse_poisson(n: np.ndarray, a: np.ndarray) -> np.ndarray:
    """``1 / P(N = n)`` for a Poisson N of mean a: ``Gamma(n + 1) exp(a) a**-n``, n >= 20."""
    with np.errstate(over="ignore"):
        return np.sqrt(2.0 * np.pi * n) * gamma_star(n) * np.exp(n * half_eta_squared(n, a))


def lower_series(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """``sum over k >= 1 of y**k / ((x + 1) ... (x + k))``, for y well below x or y small."""
    total, term = np.zeros_like(y), np.ones_like(y)
    for k in range(1, 400):
        term = term * (y / (x + k))
        total += term
        if (term <= 1e-17 * total).all():
            break
    return total


def _falling_factorials(n: np.ndarray, a: np.ndarray) -> np.ndarray:
    """``1 + n/a + n (n-1)/a**2 + ...`` for a well above n >= 20."""
    total, term = np.ones_like(a), np.ones_like(a)
    for k in range(400):
        # For fractional n the terms past n only alternate around nothing; stop there.
        term = term * np.maximum(n - k, 0.0) / a
        total += term
        if (term <= 1e-17 * total).all():
            break
    return total
