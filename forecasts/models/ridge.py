"""Ridge regression of many intervals on the same days, each interval with its own missing days."""

from __future__ import annotations

import numpy as np


def ridge(columns: np.ndarray, penalty: np.ndarray, targets: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Coefficients that minimise weighted squares plus penalty, one column of targets at a time.

    Parameters
    ----------
    columns
        Shape ``(days, terms)``, shared by all targets.
    penalty
        Positive semi-definite, shape ``(terms, terms)``.
    targets
        Shape ``(days, slots)``; NaN is missing.
    weights
        Weight of each day, >= 0, shape ``(days,)``.

    Returns
    -------
    Shape ``(terms, slots)``; zero for a slot without any value.
    """
    known = ~np.isnan(targets)
    filled = np.where(known, targets, 0.0)
    result = np.zeros((columns.shape[1], targets.shape[1]))
    # Slots with the same missing days share one factorisation; opening hours make few such patterns.
    patterns, member = np.unique(known.T, axis=0, return_inverse=True)
    member = member.reshape(-1)
    for number, pattern in enumerate(patterns):
        if not pattern.any():
            continue
        slots = member == number
        used = columns[pattern]
        weighted = used * weights[pattern, None]
        gram = used.T @ weighted + penalty
        gram[np.diag_indices_from(gram)] += 1e-9 * max(np.trace(gram) / len(gram), 1e-12)
        result[:, slots] = np.linalg.solve(gram, weighted.T @ filled[np.ix_(pattern, slots)])
    return result


def huber_weights(residual: np.ndarray, limit: float = 2.0) -> np.ndarray:
    """Weights in (0, 1] of days by their residuals, shape ``(days,)``; NaN counts as an ordinary day.

    1 up to ``limit`` robust standard deviations, then falling with the distance.
    """
    known = ~np.isnan(residual)
    if not known.any():
        return np.ones(len(residual))
    scale = 1.4826 * np.median(np.abs(residual[known]))
    if scale <= 0:
        return np.ones(len(residual))
    distance = np.where(known, np.abs(residual) / scale, 0.0)
    return limit / np.maximum(distance, limit)
