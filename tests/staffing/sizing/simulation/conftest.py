"""Small centres in one line each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from staffing.sizing.simulation import Centre, Group, HandlingTime, SimulatedQueue, Staff


def one_queue(
    agents: float, contacts_per_h: float, hours: int, handling: HandlingTime | None = None, **queue: Any
) -> Centre:
    """One queue with constant load and staff, in intervals of an hour; 300 s exponential by default."""
    phone = SimulatedQueue(
        "phone",
        np.full(hours, float(contacts_per_h)),
        HandlingTime.exponential(300.0) if handling is None else handling,
        **queue,
    )
    return Centre((phone,), (Group("team", ("phone",)),), Staff.of_slots([[agents] * hours], 3600.0), 60)


@pytest.fixture(scope="session")
def make_queue() -> Callable[..., Centre]:
    """The function that makes a centre of one queue."""
    return one_queue
