"""The limits of each person's rules as arrays, so that a rule is one comparison for everybody."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from schedules.rules import Rules

TOLERANCE_H = 1e-6  # paid hours are sums of thirds and quarters


def limits(rules: Sequence[Rules], name: str, absent: float) -> np.ndarray:
    """Value of one rule for each person, ``absent`` where it is ``None``; shape ``(people,)``."""
    values = [getattr(own, name) for own in rules]
    return np.array([absent if value is None else value for value in values], dtype=float)
