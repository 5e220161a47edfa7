"""What a queue gives its customers and asks of its agents, for arrays of situations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Performance:
    """Measures of a queue in equilibrium; every field has the broadcast shape of the inputs.

    Attributes
    ----------
    wait_probability
        Share of the arriving contacts that find no agent free, in [0, 1].
    service_level
        Share served within the answer threshold, by the formula's definition.
    missed
        ``1 - service_level``, computed on its own so that a tiny share keeps its digits.
    asa_s
        Average speed of answer: mean wait in seconds of the contacts that are answered; inf where
        the queue grows without limit, NaN where nobody is ever answered.
    mean_wait_s
        Mean wait in seconds of all contacts, those that hang up included.
    abandonment
        Share of the contacts that hang up before an answer.
    occupancy
        Share of their time that the agents are busy; 1 where nobody is on duty for a load.
    """

    wait_probability: np.ndarray
    service_level: np.ndarray
    missed: np.ndarray
    asa_s: np.ndarray
    mean_wait_s: np.ndarray
    abandonment: np.ndarray
    occupancy: np.ndarray
