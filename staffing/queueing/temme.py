"""Coefficients of Temme's uniform expansion of the incomplete gamma function, and its variable eta.

With ``lam = z / s`` and ``eta**2 / 2 = lam - 1 - ln(lam)`` (eta has the sign of lam - 1),

    Q(s, z) = erfc(eta sqrt(s/2)) / 2 + exp(-s eta**2 / 2) / sqrt(2 pi s) * S(s, eta),
    S(s, eta) = C_0(eta) + C_1(eta) / s + C_2(eta) / s**2 + ...

The functions ``C_k`` are analytic for ``|eta| < 2 sqrt(pi)``; their power series follow from exact
rational recursions, so no table is typed in.

References
----------
.. [1] N. M. Temme (1979), The asymptotic expansion of the incomplete gamma functions,
   SIAM Journal on Mathematical Analysis 10(4), 757-766.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import numpy as np

TERMS = 8
DEGREE = 24


def _lambda_series(order: int) -> list[Fraction]:
    """Coefficients of ``lam - 1`` in powers of eta, from ``eta (1 + mu) = mu mu'``."""
    mu = [Fraction(0), Fraction(1)]
    for power in range(2, order + 1):
        # The coefficient of eta**power in mu mu' is (power + 1) mu_1 mu_power plus known terms.
        known = sum(
            (mu[i] * (power + 1 - i) * mu[power + 1 - i] for i in range(2, power)),
            Fraction(0),
        )
        mu.append((mu[power - 1] - known) / (power + 1))
    return mu


@lru_cache(maxsize=1)
def coefficients() -> tuple[np.ndarray, np.ndarray]:
    """Power series of the ``C_k`` and the Stirling numbers that belong to them.

    Returns
    -------
    ``(c, gamma)``: ``c[k, m]`` multiplies ``eta**m`` in ``C_k``, shape ``(TERMS, DEGREE + 1)``;
    ``gamma[k]`` are the coefficients of ``Gamma*(s) = sum gamma_k s**-k``, where
    ``Gamma(s) = Gamma*(s) sqrt(2 pi / s) (s / e)**s``, shape ``(TERMS + 1,)``.
    """
    order = DEGREE + 2 * TERMS + 2
    mu = _lambda_series(order + 1)
    # ratio = eta / (lam - 1), the reciprocal of the series mu_1 + mu_2 eta + ...
    ratio = [Fraction(1)]
    for power in range(1, order + 1):
        ratio.append(-sum((mu[1 + i] * ratio[power - i] for i in range(1, power + 1)), Fraction(0)))
    current = ratio[1:]  # C_0 = 1 / (lam - 1) - 1 / eta
    rows, gamma = [current], [Fraction(1)]
    for _ in range(TERMS):
        derivative = [(m + 1) * value for m, value in enumerate(current[1:])]
        stirling = -derivative[0]  # the only value that leaves C_k without a pole at eta = 0
        following = [derivative[m] + stirling * ratio[m] for m in range(len(derivative))][1:]
        sign = -1 if len(gamma) % 2 else 1
        gamma.append(sign * stirling)
        rows.append(following)
        current = following
    c = np.array([[float(value) for value in row[: DEGREE + 1]] for row in rows[:TERMS]])
    return c, np.array([float(value) for value in gamma])


def correction(s: np.ndarray, eta: np.ndarray) -> np.ndarray:
    """``S(s, eta)`` for s >= 20 and |eta| <= 1, with a relative error near 1e-15 of ``Q``.

    Parameters
    ----------
    s, eta
        Of the same shape.
    """
    return _sum_of_terms(s, eta, coefficients()[0], first=0)


def _sum_of_terms(s: np.ndarray, eta: np.ndarray, c: np.ndarray, first: int) -> np.ndarray:
    """``sum of c_k(eta) / s**k`` from ``k = first``, by Horner's rule in both variables."""
    inverse = 1.0 / s
    total = np.zeros_like(eta)
    for k in range(TERMS - 1, first - 1, -1):
        degree = _DEGREES[k]
        inner = np.full_like(eta, c[k, degree])
        for power in range(degree - 1, -1, -1):
            inner *= eta
            inner += c[k, power]
        total += inner
        if k:
            total *= inverse
    return total


# Later terms carry 1/s**k <= 1/20**k and need fewer powers of eta.
_DEGREES = (DEGREE, 20, 17, 14, 12, 10, 8, 6)


def gamma_star(s: np.ndarray) -> np.ndarray:
    """``Gamma(s) / (sqrt(2 pi / s) (s/e)**s)`` for s >= 20."""
    return np.exp(_log_gamma_star(s))


def gamma_star_minus_one(s: np.ndarray) -> np.ndarray:
    """``gamma_star(s) - 1`` without cancellation, for s >= 20."""
    return np.expm1(_log_gamma_star(s))


def _log_gamma_star(s: np.ndarray) -> np.ndarray:
    inverse = 1.0 / s
    square = inverse * inverse
    return inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))))


def half_eta_squared(s: np.ndarray, z: np.ndarray) -> np.ndarray:
    """``lam - 1 - ln(lam)`` at ``lam = z / s``, to full relative accuracy also near ``lam = 1``."""
    mu = (z - s) / s
    near = np.abs(mu) < 0.5
    out = np.asarray(mu - np.log(z / s))  # log1p(mu) would have lost a tiny lam
    if near.any():
        m = mu[near]
        # ln(1 + mu) = 2 artanh(r), r = mu / (2 + mu); then mu - 2 r = r mu.
        r = m / (2.0 + m)
        square = r * r
        series = np.zeros_like(r)
        for power in range(27, 1, -2):
            series = square * (series + 1.0 / power)
        out[near] = r * m - 2.0 * r * series
    return out


def signed_eta(s: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Temme's eta at ``lam = z / s``."""
    return np.copysign(np.sqrt(2.0 * half_eta_squared(s, z)), z - s)


def gamma_star_slope(s: np.ndarray) -> np.ndarray:
    """``d ln gamma_star / ds`` for s >= 20."""
    square = 1.0 / (s * s)
    return -square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))))


def correction_beyond_first(s: np.ndarray, eta: np.ndarray) -> np.ndarray:
    """``S(s, eta) - C_0(eta)``, on its own because the first term often cancels."""
    return _sum_of_terms(s, eta, coefficients()[0], first=1)


def correction_slopes(s: np.ndarray, eta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Partial derivatives of ``S(s, eta)`` by eta and by s."""
    c, _ = coefficients()
    by_eta = np.zeros_like(c)
    by_eta[:, :-1] = c[:, 1:] * np.arange(1, c.shape[1])
    by_s = -c * np.arange(c.shape[0])[:, None]
    return _sum_of_terms(s, eta, by_eta, first=0), _sum_of_terms(s, eta, by_s, first=1) / s
