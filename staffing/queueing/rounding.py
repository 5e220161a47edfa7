"""Whole people from fractions of people, without paying for the last digit of a float."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

# A quotient of two numbers typed in decimals is off by a few units in the sixteenth digit.
RELATIVE_TOLERANCE = 1e-12


def whole_people(required: ArrayLike) -> np.ndarray:
    """Smallest whole number that reaches ``required``, up to the noise of floating point.

    ``21 / (1 - 0.3)`` is 30 in truth and 30.000000000000004 in floating point; this gives 30.

    Parameters
    ----------
    required
        People, real, finite, >= 0.

    Returns
    -------
    Array of whole numbers (dtype int64) of the same shape.
    """
    required = np.asarray(required, dtype=float)
    nearest = np.rint(required)
    noise = np.abs(required - nearest) <= RELATIVE_TOLERANCE * np.maximum(np.abs(nearest), 1e-300)
    return np.where(noise, nearest, np.ceil(required)).astype(np.int64)


def on_shift(required: ArrayLike, shrinkage: ArrayLike) -> np.ndarray:
    """People to schedule so that ``required`` are available after ``shrinkage``.

    Parameters
    ----------
    required
        People at work, >= 0.
    shrinkage
        Share of the people on shift who are away from work, in [0, 1).
    """
    shrinkage = np.asarray(shrinkage, dtype=float)
    if not ((shrinkage >= 0) & (shrinkage < 1)).all():
        raise ValueError(f"0 <= shrinkage < 1 expected, got {shrinkage}")
    return whole_people(np.asarray(required, dtype=float) / (1.0 - shrinkage))
