"""Random numbers by counter: any draw of any contact is computed alone, in whatever order.

Compiled; imported by the kernels only.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from staffing.sizing.simulation.compiled import kernel

U = np.uint64
STEP = U(0x9E3779B97F4A7C15)  # odd: the 64-bit golden ratio
_A, _B = U(0xBF58476D1CE4E5B9), U(0x94D049BB133111EB)
_30, _27, _31, _12 = U(30), U(27), U(31), U(12)
# Purposes: what a contact draws.
MOMENT, HANDLING, PATIENCE, BALKING, CLASS, AGAIN, DELAY, ACCEPT, NEXT = (
    U(0xD1B54A32D192ED03),
    U(0xABC98388FB8FAC03),
    U(0x8CB92BA72F3D8DD7),
    U(0xDB4F0B9175AE2165),
    U(0xBBE0563303A4615F),
    U(0xA0F2EC75A1FE1575),
    U(0x89E182857D9ED689),
    U(0xE3779B97F4A7C155),
    U(0xC2B2AE3D27D4EB4F),
)


@kernel
def mix(x: Any) -> Any:
    """A bijection of 64 bits whose outputs on a counter pass for random (SplitMix64's finaliser [1]_).

    References
    ----------
    .. [1] G. Steele, D. Lea, C. Flood (2014), Fast splittable pseudorandom number generators, OOPSLA.
    """
    x = (x ^ (x >> _30)) * _A
    x = (x ^ (x >> _27)) * _B
    return x ^ (x >> _31)


@kernel
def uniform(x: Any) -> float:
    """In (0, 1), never 0 or 1."""
    return (np.float64(mix(x) >> _12) + 0.5) * 2.220446049250313e-16


@kernel
def stream(seed: int, path: int, queue: int, interval: int) -> Any:
    """Key of the contacts of one queue, path and interval."""
    key = mix(U(seed) * STEP + MOMENT)
    key = mix(key + U(path) * STEP)
    key = mix(key + U(queue) * STEP)
    return mix(key + U(interval) * STEP)


@kernel
def normal_quantile(p: float) -> float:
    """Standard normal quantile, relative error near 1e-16 (Wichura's PPND16 [1]_).

    References
    ----------
    .. [1] M. J. Wichura (1988), Algorithm AS 241, Applied Statistics 37(3).
    """
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = (
            (
                (
                    (
                        ((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                        + 45921.953931549871457
                    )
                    * r
                    + 13731.693765509461125
                )
                * r
                + 1971.5909503065514427
            )
            * r
            + 133.14166789178437745
        ) * r + 3.387132872796366608
        low = (
            (
                (
                    (
                        ((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                        + 21213.794301586595867
                    )
                    * r
                    + 5394.1960214247511077
                )
                * r
                + 687.1870074920579083
            )
            * r
            + 42.313330701600911252
        ) * r + 1.0
        return q * top / low
    r = math.sqrt(-math.log(min(p, 1.0 - p)))
    if r <= 5.0:
        r -= 1.6
        top = (
            (
                (
                    (
                        (
                            (7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r
                            + 0.24178072517745061177
                        )
                        * r
                        + 1.27045825245236838258
                    )
                    * r
                    + 3.64784832476320460504
                )
                * r
                + 5.7694972214606914055
            )
            * r
            + 4.6303378461565452959
        ) * r + 1.42343711074968357734
        low = (
            (
                (
                    (
                        (
                            (1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r
                            + 0.0151986665636164571966
                        )
                        * r
                        + 0.14810397642748007459
                    )
                    * r
                    + 0.68976733498510000455
                )
                * r
                + 1.6763848301838038494
            )
            * r
            + 2.05319162663775882187
        ) * r + 1.0
    else:
        r -= 5.0
        top = (
            (
                (
                    (
                        (
                            (2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
                            + 0.0012426609473880784386
                        )
                        * r
                        + 0.026532189526576123093
                    )
                    * r
                    + 0.29656057182850489123
                )
                * r
                + 1.7848265399172913358
            )
            * r
            + 5.4637849111641143699
        ) * r + 6.6579046435011037772
        low = (
            (
                (
                    (
                        (
                            (2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r
                            + 1.8463183175100546818e-5
                        )
                        * r
                        + 7.868691311456132591e-4
                    )
                    * r
                    + 0.0148753612908506148525
                )
                * r
                + 0.13692988092273580531
            )
            * r
            + 0.59983220655588793769
        ) * r + 1.0
    return top / low if q > 0 else -top / low


@kernel
def handling_s(times: Any, line: int, interval: int, contact: Any) -> float:
    """Handling time of a contact of a line that arrived in an interval."""
    mean = times.mean_s[line, interval]
    kind = times.handling[line]
    if kind == 0:
        return mean
    u = uniform(contact + HANDLING)
    if kind == 1:
        return -mean * math.log(u)
    if kind == 2:
        sigma = times.sigma[line]
        return mean * math.exp(sigma * (normal_quantile(u) - 0.5 * sigma))
    first, count = times.sample_at[line], times.sample_count[line]
    return mean * times.sample[first + int(u * count)]


@kernel
def patience_s(times: Any, line: int, contact: Any) -> float:
    """How long a contact of a line holds on once it waits; balking aside."""
    kind = times.patience[line]
    if kind == 0:
        return math.inf
    first, count = times.curve_at[line], times.curve_count[line]
    if kind == 2:
        return times.curve_s[first]
    u = uniform(contact + PATIENCE)
    if kind == 1:
        risk = -math.log(u)
        if count > 1:
            low, high = first, first + count - 1
            while low < high:
                middle = (low + high + 1) // 2
                if times.curve_risk[middle] <= risk:
                    low = middle
                else:
                    high = middle - 1
            first = low
        rate = times.curve[first]
        if rate <= 0.0:
            return math.inf
        return times.curve_s[first] + (risk - times.curve_risk[first]) / rate
    low, high = first, first + count
    while low < high:
        middle = (low + high) // 2
        if times.curve[middle] < u:
            low = middle + 1
        else:
            high = middle
    return times.curve_s[low] if low < first + count else math.inf


@kernel
def poisson_counts(u: Any, mean: Any, out: Any) -> None:
    """Quantiles of Poisson distributions with small means, added up from 0; flat arrays."""
    for number in range(u.shape[0]):
        m = mean[number]
        share = math.exp(-m)
        below, k = share, 0
        # Rounding may keep the sum below the last u's.
        most = m + 40.0 * math.sqrt(m) + 40.0
        while below < u[number] and k < most:
            k += 1
            share *= m / k
            below += share
        out[number] = k
