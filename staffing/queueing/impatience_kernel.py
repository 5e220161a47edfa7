"""The sums behind Erlang A: Kummer's function M(1; x + 1; y) and two relatives, without cancellation.

With ``t_k = y**k / ((x + 1) ... (x + k))``, ``x`` the full service rate and ``y`` the arrival rate,
both per patience,

    L = sum t_k = M(1; x+1; y) - 1,   J = sum k t_k,   K = sum t_k (1/(x+1) + ... + 1/(x+k)),

all for k >= 1. ``L`` carries the probability of waiting, ``J`` the mean queue, ``K = -dL/dx`` the
mean wait of those who are answered. Textbook forms subtract nearly equal numbers as soon as x is
large; here every route adds positive terms or subtracts small corrections.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import digamma, erfc, erfcx

from staffing.queueing.blocking_kernel import SMALL
from staffing.queueing.temme import (
    correction,
    correction_beyond_first,
    correction_slopes,
    gamma_star,
    gamma_star_minus_one,
    gamma_star_slope,
    signed_eta,
)


class Sums(NamedTuple):
    """``L``, and ``J`` and ``K`` where asked for, each times ``exp(-scale)``."""

    total: np.ndarray
    queue: np.ndarray | None
    slope: np.ndarray | None
    scale: np.ndarray


def impatience_sums(
    x: np.ndarray, y: np.ndarray, *, with_queue: bool = True, with_slope: bool = False
) -> Sums:
    """``L``, ``J`` and ``K`` for flat arrays ``x >= 0`` and ``y > 0`` of the same length."""
    # Below the reach of the expansion, start higher and come down by the sums' own recurrence.
    low = np.flatnonzero(x < SMALL)
    lifted = x.copy()
    lifted[low] += SMALL
    sums = _raised(lifted, y, with_queue, with_slope)
    if not low.size:
        return sums
    x, y, one = x[low], y[low], np.exp(-sums.scale[low])
    total = sums.total[low]
    queue = sums.queue[low] if sums.queue is not None else None
    slope = sums.slope[low] if sums.slope is not None else None
    for step in range(int(SMALL), 0, -1):
        above = x + step
        factor = y / above
        total += one
        if slope is not None:
            slope += total / above
            slope *= factor
        if queue is not None:
            queue += total
            queue *= factor
        total *= factor
    for column, values in ((sums.total, total), (sums.queue, queue), (sums.slope, slope)):
        if column is not None and values is not None:
            column[low] = values
    return sums


def _raised(x: np.ndarray, y: np.ndarray, with_queue: bool, with_slope: bool) -> Sums:
    mu = (y - x) / x
    eta = signed_eta(x, y)
    out = Sums(
        np.empty_like(x),
        np.empty_like(x) if with_queue else None,
        np.empty_like(x) if with_slope else None,
        np.zeros_like(x),
    )
    for rows, route in ((eta <= -1.0, _far_below), (np.abs(eta) < 1.0, _near), (eta >= 1.0, _far_above)):
        if rows.any():
            found = route(x[rows], y[rows], mu[rows], eta[rows], with_queue, with_slope)
            for column, values in zip(out, found, strict=True):
                if column is not None:
                    column[rows] = values
    return out


def _far_below(
    x: np.ndarray, y: np.ndarray, mu: np.ndarray, eta: np.ndarray, with_queue: bool, with_slope: bool
) -> Sums:
    total, queue, slope = np.zeros_like(x), np.zeros_like(x), np.zeros_like(x)
    term, harmonic = np.ones_like(x), np.zeros_like(x)
    for k in range(1, 400):
        term = term * (y / (x + k))
        total += term
        queue += k * term
        if with_slope:
            harmonic += 1.0 / (x + k)
            slope += harmonic * term
        if (k * term <= 1e-17 * total).all():
            break
    return Sums(total, queue, slope if with_slope else None, np.zeros_like(x))


def _gap(z: np.ndarray) -> np.ndarray:
    """``1 - sqrt(pi) z erfcx(z)`` for z >= 0, to full relative accuracy also where it is tiny."""
    out = 1.0 - np.sqrt(np.pi) * z * erfcx(z)
    far = z > 7.0
    if far.any():
        inverse = 0.5 / z[far] ** 2
        series = np.zeros_like(inverse)
        for k in range(21, 0, -1):
            series = inverse * (2 * k - 1) * (1.0 - series)
        out[far] = series
    return out


def _near(
    x: np.ndarray, y: np.ndarray, mu: np.ndarray, eta: np.ndarray, with_queue: bool, with_slope: bool
) -> Sums:
    root = np.sqrt(0.5 * x)
    z = -eta * root
    above = eta > 0
    scale = np.where(above, z * z, 0.0)
    one = np.exp(-scale)
    bell = np.sqrt(np.pi) * root * np.where(above, erfc(z), erfcx(np.maximum(z, 0.0)))
    star = gamma_star(x)
    whole = star * (bell - correction(x, eta) * one)  # M(1; x+1; y)
    if not (with_queue or with_slope):
        return Sums(whole - one, None, None, scale)
    tilt = np.where(eta == 0.0, 1.0, mu / np.where(eta == 0.0, 1.0, eta))
    gap = np.where(above, one + eta * bell, _gap(np.maximum(z, 0.0)))
    # Left of the diagonal x + (y - x) M cancels to its 1/x-th part: use the expansion's own rest.
    queue = np.where(
        above,
        x * (mu * whole + one),
        star * (tilt * x * gap - mu * x * correction_beyond_first(x, eta)) - x * gamma_star_minus_one(x),
    )
    slope = None
    if with_slope:
        by_eta, by_x = correction_slopes(x, eta)
        inner = gap * (tilt - 0.5 * eta) - bell / (2.0 * x) + (by_x - by_eta * tilt / x) * one
        slope = star * inner - gamma_star_slope(x) * whole
    return Sums(whole - one, queue, slope, scale)


def _far_above(
    x: np.ndarray, y: np.ndarray, mu: np.ndarray, eta: np.ndarray, with_queue: bool, with_slope: bool
) -> Sums:
    scale = 0.5 * x * eta * eta
    one = np.exp(-scale)
    peak = np.sqrt(2.0 * np.pi * x) * gamma_star(x)  # Gamma(x+1) exp(y) y**-x, scaled
    upper, upper_slope = np.ones_like(x), np.zeros_like(x)
    term, term_slope = np.ones_like(x), np.zeros_like(x)
    for k in range(400):
        rest = np.maximum(x - k, 0.0)
        term_slope = (term_slope * rest + np.where(rest > 0, term, 0.0)) / y
        term = term * rest / y
        upper += term
        upper_slope += term_slope
        if (np.maximum(term, np.abs(term_slope)) <= 1e-17 * upper).all():
            break
    total = peak - upper * one
    queue = x * (mu * (total + one) + one)
    slope = peak * (np.log(y) - digamma(x + 1.0)) + upper_slope * one if with_slope else None
    return Sums(total, queue, slope, scale)
