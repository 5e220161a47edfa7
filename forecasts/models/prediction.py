"""What a model hands back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Prediction:
    """Expected contacts of the days after the origin.

    Parameters
    ----------
    contacts
        Shape ``(days, slots)``, >= 0, finite; values in closed intervals mean nothing.
    notes
        What the model could not do as it should, in words for the planner.
    """

    contacts: np.ndarray
    notes: tuple[str, ...] = ()
