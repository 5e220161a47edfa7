"""Checked numbers: what a formula accepts, said as an inequality with the value that broke it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def _first_bad(name: str, value: ArrayLike, inequality: str, holds: np.ndarray, array: np.ndarray) -> None:
    if not holds.all():
        bad = array[~holds].flat[0] if array.ndim else value
        raise ValueError(f"{name} {inequality} expected, got {bad}")


def _numbers(name: str, value: ArrayLike) -> np.ndarray:
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: numbers expected, got {value!r}") from None


def not_negative(name: str, value: ArrayLike) -> np.ndarray:
    """``value`` as a float array, finite and >= 0."""
    array = _numbers(name, value)
    _first_bad(name, value, ">= 0", np.isfinite(array) & (array >= 0), array)
    return array


def positive(name: str, value: ArrayLike) -> np.ndarray:
    """``value`` as a float array, finite and > 0."""
    array = _numbers(name, value)
    _first_bad(name, value, "> 0", np.isfinite(array) & (array > 0), array)
    return array


def share(name: str, value: ArrayLike, *, closed_above: bool = False) -> np.ndarray:
    """``value`` as a float array in (0, 1), or in (0, 1] with ``closed_above``."""
    array = _numbers(name, value)
    if closed_above:
        _first_bad(name, value, "in (0, 1]", (array > 0) & (array <= 1), array)
    else:
        _first_bad(name, value, "in (0, 1)", (array > 0) & (array < 1), array)
    return array
