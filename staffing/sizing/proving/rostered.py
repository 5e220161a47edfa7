"""A roster as the closed loop sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import pandas as pd

from staffing.sizing.forecast_rows import require_columns

Staff = TypeVar("Staff")


@dataclass(frozen=True)
class Rostered(Generic[Staff]):
    """What a roster made of a requirement.

    Parameters
    ----------
    staff
        Whatever the simulation takes: a roster, people per skill group and slot. The loop does not look inside.
    coverage
        ``queue, start, scheduled``: people on shift and not on a break per roster slot.
    cost
        Money that is paid. Prices of shortage and surplus do not belong in it: they change with the
        requirement that the loop itself changes.
    agent_hours
        Paid hours.

    Raises
    ------
    ValueError
        On a missing column, or a cost or hours that are negative or not finite.
    """

    staff: Staff
    coverage: pd.DataFrame
    cost: float
    agent_hours: float

    def __post_init__(self) -> None:
        require_columns(self.coverage, ("queue", "start", "scheduled"), "coverage")
        for name in ("cost", "agent_hours"):
            value = getattr(self, name)
            if not (np.isfinite(value) and value >= 0):
                raise ValueError(f"{name} >= 0 expected, got {value!r}")
