"""Requirement from the modified offered load: the work in hand in time, not the work that arrives."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from staffing.sizing.forecast_rows import ForecastRows
from staffing.sizing.requirement import size
from staffing.sizing.targets import QueueTarget


def offered_load(
    contacts: np.ndarray, aht_s: np.ndarray, interval_s: float, start_erlangs: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Mean contacts in hand if everybody were served at once (M(t)/M/∞).

    Parameters
    ----------
    contacts
        Per interval, in order of time, shape ``(intervals,)``, arriving evenly over each.
    aht_s
        Mean handling time of each interval, same shape, > 0.
    interval_s
        Seconds of an interval.
    start_erlangs
        In hand when the first interval begins.

    Returns
    -------
    At the end of each interval, and the largest within each.

    References
    ----------
    .. [1] S. G. Eick, W. A. Massey, W. Whitt (1993), The physics of the Mt/G/∞ queue, Operations Research 41(4).
    """
    at_end, largest = np.zeros(contacts.size), np.zeros(contacts.size)
    now = start_erlangs
    for index, (volume, handling) in enumerate(zip(contacts, aht_s, strict=True)):
        level = volume * handling / interval_s
        after = level + (now - level) * np.exp(-interval_s / handling)
        # Towards a constant rate it only rises or only falls.
        at_end[index], largest[index] = after, max(now, after)
        now = after
    return at_end, largest


def size_by_offered_load(
    forecast: pd.DataFrame, targets: Mapping[str, QueueTarget], interval_min: int
) -> pd.DataFrame:
    """Requirement whose intervals are sized for the largest modified offered load within them.

    Parameters, errors and columns as for ``size``. ``contacts`` and ``aht_s`` are the forecast's, ``load_erlangs``
    is the modified offered load; the predicted measures are those of a stationary interval under that load. Work
    with a deadline is sized as by ``size``. It errs on the side of too many people: the interval's largest load
    stands for all of it.

    References
    ----------
    .. [1] O. B. Jennings, A. Mandelbaum, W. A. Massey, W. Whitt (1996), Server staffing to meet time-varying
       demand, Management Science 42(10).
    """
    rows = ForecastRows.of(forecast, targets, interval_min)
    interval_s = 60.0 * interval_min
    factor = np.ones(rows.code.size)
    largest = rows.contacts * rows.aht_s / interval_s
    for queue, target in enumerate(rows.targets):
        if target.may_wait:
            continue
        mine = np.flatnonzero(rows.code == queue)
        mine = mine[np.argsort(rows.instant[mine], kind="stable")]
        _, most = offered_load(rows.contacts[mine], rows.aht_s[mine] / target.concurrency, interval_s)
        work = rows.contacts[mine] * rows.aht_s[mine] / target.concurrency / interval_s
        with np.errstate(invalid="ignore", divide="ignore"):
            factor[mine] = np.where(work > 0, most / work, 1.0)
        largest[mine] = np.where(work > 0, most * target.concurrency, largest[mine])
    contacts = forecast["contacts"].to_numpy(dtype=float) * factor
    found = size(forecast.assign(contacts=contacts), targets, interval_min)
    return found.assign(
        contacts=rows.contacts,
        load_erlangs=largest,
        model=np.where(factor != 1.0, found["model"] + "; offered load in time", found["model"]),
    )
