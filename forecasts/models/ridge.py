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
    weighted = columns * weights[:, None]
    some = known.any(axis=1)
    whole = columns[some].T @ weighted[some] + penalty
    right = weighted.T @ filled
    # Slots with the same missing days share one factorisation; opening hours make few such patterns.
    for pattern, slots in _patterns(known):
        missing = some & ~pattern
        if missing.sum() < pattern.sum():
            gram = whole - columns[missing].T @ weighted[missing]
        else:
            gram = columns[pattern].T @ weighted[pattern] + penalty
        gram[np.diag_indices_from(gram)] += 1e-9 * max(np.trace(gram) / len(gram), 1e-12)
        result[:, slots] = np.linalg.solve(gram, right[:, slots])
    return result


def _patterns(known: np.ndarray) -> list[tuple[np.ndarray, list[int]]]:
    """Distinct non-empty columns of ``known`` and the slots that have them."""
    slots: dict[bytes, list[int]] = {}
    for slot, bits in enumerate(np.packbits(known.T, axis=1)):
        slots.setdefault(bits.tobytes(), []).append(slot)
    return [(known[:, members[0]], members) for members in slots.values() if known[:, members[0]].any()]


def huber_weights(residual: np.ndarray, limit: float = 2.0) -> np.ndarray:
    """Weights in (0, 1] of days by their residuals, shape ``(days,)``; NaN counts as an ordinary day.

    1 up to ``limit`` robust standard deviations, then falling with the distance.
    """
    distance = np.abs(residual)
    scale = 1.4826 * median(distance[distance == distance])
    if not scale > 0:
        return np.ones(len(residual))
    # fmax takes a missing distance for a short one.
    return np.asarray(limit / np.fmax(distance / scale, limit))


def median(values: np.ndarray) -> float:
    """Median of a vector without missing values, NaN if it is empty; for short ones much faster than numpy's."""
    if len(values) == 0:
        return float("nan")
    upper = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, upper)[upper])
    ordered = np.partition(values, (upper - 1, upper))
    return 0.5 * float(ordered[upper - 1] + ordered[upper])
