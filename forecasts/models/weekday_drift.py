"""Where the shape of a weekday has drifted in the last weeks: smoothing whose constant each weekday shows itself."""

from __future__ import annotations

import numpy as np

SMOOTHING = np.array([0.0, 0.06, 0.13, 0.27, 0.5])
REMEMBERED_WEEKS = 52
LOOK_AHEAD_WEEKS = (1, 2)
SETTLE_WEEKS = 2
# A candidate with p % more squared error a week counts about 2 p % less for every week of history.
CERTAINTY = 2.0


def weekday_drift(
    left: np.ndarray, weekday: np.ndarray, days_back: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Expected departure from the profile of each weekday, and what was expected of each past day.

    Parameters
    ----------
    left
        Departures of past days from the profile, 0 where unknown, shape ``(rows, slots)``.
    weekday, days_back
        Of each row, shape ``(rows,)``; ``days_back`` is 1 on the day before the origin, at least 1, falling.
    weights
        In [0, 1]: a day that is not to be believed moves the state by its weight only.

    Returns
    -------
    Departures of the days ahead, shape ``(7, slots)``, and one week ahead of each past day, shape ``(rows, slots)``;
    0 beyond the last 52 weeks and below five weeks of history.

    Notes
    -----
    Exponential smoothing from week to week, with the constants weighted by ``loss^(-2 n)``, the loss being the squared
    error one and two weeks ahead over ``n`` past weeks. A constant of 0, the profile alone, is among them: only a
    weekday whose shape does move, like a Saturday that opens at nightfall, is followed.
    """
    slots = left.shape[1]
    past = np.zeros(left.shape)
    back = (days_back - 1) // 7
    recent = np.flatnonzero(back < REMEMBERED_WEEKS)
    weeks = int(back[recent].max()) + 1 if len(recent) else 0
    if weeks < SETTLE_WEEKS + max(LOOK_AHEAD_WEEKS) + 1:
        return np.zeros((7, slots)), past
    place = (weeks - 1 - back[recent], weekday[recent])
    came, known = np.zeros((weeks, 7, slots)), np.zeros((weeks, 7))
    came[place] = left[recent] * weights[recent, None]
    known[place] = 1.0
    # A state is a sum of a (1 - a)^(t - j) x_j: one running sum of growing terms, scaled back.
    keep = (1 - SMOOTHING)[:, None, None, None] ** np.arange(1.0, weeks + 1)[:, None, None]
    states = np.cumsum(came * (SMOOTHING[:, None, None, None] / keep), axis=1)
    states *= keep
    loss, seen = np.zeros((len(SMOOTHING), 7)), np.zeros(7)
    for ahead in LOOK_AHEAD_WEEKS:
        error = states[:, SETTLE_WEEKS:-ahead] - came[SETTLE_WEEKS + ahead :]
        error *= error
        loss += (error.sum(axis=3) * known[SETTLE_WEEKS + ahead :]).sum(axis=1)
        seen += known[SETTLE_WEEKS + ahead :].sum(axis=0)
    loss = np.maximum(loss, 1e-300)
    share = (loss / loss.min(axis=0)) ** (-CERTAINTY * seen / len(LOOK_AHEAD_WEEKS))
    share /= share.sum(axis=0)
    states *= share[:, None, :, None]
    path = states.sum(axis=0)
    past[recent] = np.concatenate([np.zeros((1, 7, slots)), path[:-1]])[place]
    return path[-1], past
