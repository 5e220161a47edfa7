"""The distribution of handling times in a log, and what it means for Erlang's assumption."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.inputs import not_negative

SHORT_S = 10.0


@dataclass(frozen=True)
class HandlingTimes:
    """Handling times of a log, in seconds.

    Attributes
    ----------
    count
        Contacts handled.
    mean_s, median_s, p90_s
        Mean, median and the time that one in ten exceeds.
    variation
        Coefficient of variation; Erlang's formulas take 1.
    log_mean, log_sd
        Mean and standard deviation of the logarithms: the lognormal that fits.
    short_share
        Share below 10 s: often misdials or agents who hang up.
    """

    count: int
    mean_s: float
    median_s: float
    p90_s: float
    variation: float
    log_mean: float
    log_sd: float
    short_share: float

    @property
    def wait_factor(self) -> float:
        """About how many times Erlang C's mean wait is to be expected: ``(1 + variation**2) / 2``."""
        return 0.5 * (1.0 + self.variation**2)

    def summary(self) -> str:
        """A few lines for a person."""
        return (
            f"{self.count:,} contacts: mean {self.mean_s:.0f} s, median {self.median_s:.0f} s, "
            f"one in ten above {self.p90_s:.0f} s, coefficient of variation {self.variation:.2f}\n"
            f"lognormal: mean of logs {self.log_mean:.3f}, deviation {self.log_sd:.3f}\n"
            f"{self.short_share:.1%} below {SHORT_S:g} s; mean waits about {self.wait_factor:.2f} times Erlang C's"
        )


def describe_handling(service_s: ArrayLike) -> HandlingTimes:
    """Describe the handling times of answered contacts.

    Parameters
    ----------
    service_s
        Seconds from answer to the end of the wrap-up, shape ``(contacts,)``, >= 0; at least two above 0.

    Raises
    ------
    ValueError
        On missing, negative or infinite times, or fewer than two above 0.

    References
    ----------
    .. [1] L. Brown, N. Gans, A. Mandelbaum et al. (2005), Statistical analysis of a telephone call
       center, section 4: handling times are close to lognormal.
    .. [2] A. O. Allen (1990), Probability, Statistics and Queueing Theory: the factor on the wait,
       after Cunneen, an approximation.
    """
    times = not_negative("service_s", service_s).reshape(-1)
    some = times[times > 0]
    if some.size < 2:
        raise ValueError(f"at least 2 handling times > 0 expected, got {some.size}")
    logs = np.log(some)
    mean = float(times.mean())
    return HandlingTimes(
        count=int(times.size),
        mean_s=mean,
        median_s=float(np.median(times)),
        p90_s=float(np.quantile(times, 0.9)),
        variation=float(times.std(ddof=1) / mean),
        log_mean=float(logs.mean()),
        log_sd=float(logs.std(ddof=1)),
        short_share=float((times < SHORT_S).mean()),
    )
