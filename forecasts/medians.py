"""Medians of many rows or columns at once, missing values left out."""

from __future__ import annotations

import numpy as np


def known_median(values: np.ndarray) -> np.ndarray:
    """Median of the known values along the last axis; NaN where there are none."""
    ordered = np.sort(values, axis=-1)
    # Sorting puts the unknown last: the middle of the known is found by their number.
    known = ordered.shape[-1] - np.isnan(ordered).sum(axis=-1)
    low, high = np.maximum(known - 1, 0) // 2, np.minimum(known // 2, ordered.shape[-1] - 1)
    flat = ordered.reshape(-1, ordered.shape[-1])
    row = np.arange(len(flat)).reshape(known.shape)
    # Where nothing is known, the first of the sorted is NaN itself.
    return np.asarray(0.5 * (flat[row, low] + flat[row, high]))


def rolling_median(values: np.ndarray, length: int) -> np.ndarray:
    """Median of the known values among the ``length`` rows around each row, column by column.

    Parameters
    ----------
    values
        Shape ``(rows, columns)``; NaN is unknown.
    length
        Rows in a window, odd, >= 1; shorter at both ends.

    Returns
    -------
    Same shape; NaN where the window holds nothing known.
    """
    edge = np.full((length // 2, values.shape[1]), np.nan)
    wide = np.vstack([edge, values, edge])
    return known_median(np.lib.stride_tricks.sliding_window_view(wide, length, axis=0))
