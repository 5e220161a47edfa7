"""How properties are searched, and that no compiled kernel is older than the code it was made from."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import settings

# In continuous integration the same examples each time; at a desk new ones each time, to find more.
settings.register_profile("answers", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("answers")

_COMPILED = ("schedules", "staffing/sizing")


def pytest_configure() -> None:
    """Drop stale kernels: the compiler looks at the date of a kernel's own file, not of those it calls."""
    root = Path(__file__).parent.parent
    for package in _COMPILED:
        kernels = (
            path for path in (root / package).rglob("*.py") if "njit" in path.read_text(encoding="utf-8")
        )
        newest = max(path.stat().st_mtime for path in kernels)
        for kept in (root / package).rglob("__pycache__/*.nb[ic]"):
            if kept.stat().st_mtime < newest:
                kept.unlink(missing_ok=True)
