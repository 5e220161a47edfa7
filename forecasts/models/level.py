"""Where a level goes: exponential smoothing that fades towards the mean, averaged over its constants."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

MEMORY_DAYS = 260
SMOOTHED_DAYS = 400
LEAST_DAYS = 35
RECENT_DAYS = 14
SETTLE_DAYS = 14
LOOK_AHEAD_DAYS = (1, 3, 5, 7, 10)
SMOOTHING = np.array([0.0, 0.03, 0.06, 0.1, 0.15, 0.22, 0.3, 0.4])
STAYING = np.array([1.0, 0.97, 0.93, 0.85])


def level_path(path: np.ndarray, days: int) -> np.ndarray:
    """Expected level of the next open days, shape ``(days,)``.

    Parameters
    ----------
    path
        Level of each past open day, calendar effects taken out. Its mean is that of the last 260.

    Notes
    -----
    Below 35 days the mean of the last 14. Else the level departs from its mean by a smoothed departure that fades
    with the days ahead (see :func:`smoothed_ahead`).
    """
    if len(path) < LEAST_DAYS:
        return np.full(days, float(path[-RECENT_DAYS:].mean()))
    mean = float(path[-MEMORY_DAYS:].mean())
    return mean + smoothed_ahead((path - mean)[:, None], days)[:, 0]


def smoothed_ahead(paths: np.ndarray, days: int) -> np.ndarray:
    """Expected departures from 0 of the next open days, shape ``(days, paths)``.

    Parameters
    ----------
    paths
        Past departures, one path a column, shape ``(past days, paths)``, at least 35 days; the last 400 are used.

    Notes
    -----
    A candidate is a smoothing constant (0 … 0.4) and a share that stays from day to day (0.85 … 1): its forecast
    ``h`` days ahead is ``state × staying^h``. Candidates are averaged with weights ``loss^(-n/4)``, where the loss
    is the mean squared error 1 to 10 days ahead over the past: near the best single candidate where the past is
    clear, and a compromise where it is not.
    """
    recent = np.ascontiguousarray(paths[-SMOOTHED_DAYS:].T)
    past = recent.shape[1]
    plan = _smoothing_plan(past)
    states = np.cumsum(recent[:, None, :] * plan.growth, axis=2) * plan.decay
    came = np.append(recent, np.zeros((len(recent), 1)), axis=1)[:, plan.came]
    # Mean of (came - stay · state)², multiplied out: the sums do not depend on the share that stays.
    cross = (states @ came)[:, :, None]
    square = ((states**2) @ plan.counted)[:, :, None]
    level = (recent**2 @ plan.counted_came)[:, None, None]
    loss = ((level - 2 * plan.stay * cross + plan.stay**2 * square) / plan.counted.sum(axis=0)).sum(axis=3)
    flat = np.maximum(loss.reshape(len(recent), -1), 1e-300)
    weights = (flat / flat.min(axis=1, keepdims=True)) ** (-past / 4)
    weights = (weights / weights.sum(axis=1, keepdims=True)).reshape(loss.shape)
    by_staying = (weights * states[:, :, -1:]).sum(axis=1)
    return np.asarray(STAYING ** np.arange(1, days + 1)[:, None] @ by_staying.T)


@dataclass(frozen=True, eq=False)
class _SmoothingPlan:
    """What smoothing a path of a given length needs, whatever the path.

    A state is a sum of ``a (1 - a)^(t - j) x_j``: one running sum of growing terms, scaled back by ``decay``.
    ``came`` holds, for each day and each look ahead, the place of the day that came (``past`` where none did).
    """

    growth: np.ndarray
    decay: np.ndarray
    came: np.ndarray
    counted: np.ndarray
    counted_came: np.ndarray
    stay: np.ndarray


@lru_cache(maxsize=512)
def _smoothing_plan(past: int) -> _SmoothingPlan:
    day, ahead = np.arange(past), np.array(LOOK_AHEAD_DAYS)
    keep = (1 - SMOOTHING)[:, None]
    came = day[:, None] + ahead
    counted = (day[:, None] >= SETTLE_DAYS) & (came < past)
    reached = (day[:, None] >= SETTLE_DAYS + ahead).astype(float)
    return _SmoothingPlan(
        SMOOTHING[:, None] * keep ** -(day + 1.0),
        keep ** (day + 1.0),
        np.where(counted, came, past),
        counted.astype(float),
        reached,
        STAYING[:, None] ** ahead,
    )
