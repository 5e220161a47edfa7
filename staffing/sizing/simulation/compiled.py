"""How the kernels are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def kernel(function: Callable[..., Any]) -> Any:
    """Compile at the first call, keep on disk, release the interpreter's lock.

    The kernels get their arrays from outside and make none, so that arrays need no reference counts, which
    would take most of the time: the state of a path is handed from function to function tens of millions of
    times a second. Where Numba no longer knew that option they would be slower, not wrong.
    """
    return _compiled(function, {})


def part(function: Callable[..., Any]) -> Any:
    """A piece of a kernel's loop, to be put in its place there: the state is not even handed over."""
    return _compiled(function, {"forceinline": True})


def _compiled(function: Callable[..., Any], options: dict[str, bool]) -> Any:
    njit: Any = numba.njit
    try:
        return njit(cache=True, nogil=True, error_model="numpy", _nrt=False, **options)(function)
    except KeyError:
        return njit(cache=True, nogil=True, error_model="numpy")(function)
