"""How much demand a contact that hung up stands for."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.inputs import not_negative


def weighted_demand(
    offered: ArrayLike,
    abandoned: ArrayLike,
    short_abandoned: ArrayLike = 0.0,
    *,
    abandoned_weight: float = 1.0,
    short_abandoned_weight: float = 1.0,
) -> np.ndarray:
    """Demand behind offered contacts, those that hung up counted by a weight.

    ``offered - (1 - w) (abandoned - short) - (1 - w_short) short``. With both weights 1 everything
    that was offered is demand, which counts a customer who called three times three times; with
    ``short_abandoned_weight = 0`` misdials and those who hung up in the announcement do not count.

    Parameters
    ----------
    offered, abandoned, short_abandoned
        Contacts per interval, >= 0, ``short_abandoned <= abandoned <= offered``; NaN where an
        interval is unknown. A count of abandoned that is NaN beside a known offer counts as none.
    abandoned_weight, short_abandoned_weight
        In [0, 1].

    Returns
    -------
    Demand per interval, >= 0.

    Raises
    ------
    ValueError
        With the inequality that was expected and the value that was found.
    """
    for name, weight in (
        ("abandoned_weight", abandoned_weight),
        ("short_abandoned_weight", short_abandoned_weight),
    ):
        if not not_negative(name, weight) <= 1:
            raise ValueError(f"{name} <= 1 expected, got {weight:g}")
    total = np.asarray(offered, dtype=float)
    gone = np.nan_to_num(np.asarray(abandoned, dtype=float))
    short = np.nan_to_num(np.asarray(short_abandoned, dtype=float))
    for name, low, high in (
        ("0 <= short_abandoned", 0.0, short),
        ("short_abandoned <= abandoned", short, gone),
        ("abandoned <= offered", gone, total),
    ):
        broken = low > np.asarray(high) + 1e-9
        if np.any(broken):
            row = int(np.flatnonzero(np.broadcast_to(broken, np.broadcast(low, high).shape))[0])
            value = np.broadcast_to(short if "short" in name else gone, np.shape(broken)).flat[row]
            raise ValueError(f"{name} expected, got {value:g} in row {row}")
    return total - (1.0 - abandoned_weight) * (gone - short) - (1.0 - short_abandoned_weight) * short
