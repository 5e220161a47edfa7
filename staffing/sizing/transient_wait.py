"""Who is answered in time, seen from the number present on arrival, while the staff may change."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import betainc, gammainc


class InTime(NamedTuple):
    """Chances of a contact by the number present when it arrives.

    Attributes
    ----------
    answered
        Answered within the threshold.
    virtual
        Would be answered within it if it held on for ever.
    gone
        Hangs up within it.
    """

    answered: np.ndarray
    virtual: np.ndarray
    gone: np.ndarray


def in_time(ahead: np.ndarray, served_s: float, within_s: float, patience_s: float | None) -> InTime:
    """Chances of contacts that wait for ``ahead`` contacts to get out of their way.

    Parameters
    ----------
    ahead
        Contacts that have to finish or hang up before it is this one's turn, itself counted: number present
        less agents plus one, less those whom agents who come within the threshold take at once. Fractions
        allowed; <= 0 is answered at once.
    served_s
        Contacts that the agents finish within the threshold when all are busy.
    within_s, patience_s
        Threshold in seconds; mean patience, ``None`` for endless.

    Notes
    -----
    Waiting customers leave the line one by one, the agents' finishes at a constant rate and each one ahead by hanging
    up: the wait is a sum of exponential times whose rates fall by the hazard, which an incomplete beta function
    adds up. Endlessly patient, finishes are Poisson, and this is exact for any staff that changes within the
    threshold; with patience the staff's mean over the threshold stands for its course.
    """
    waits = ahead > 0
    place = np.where(waits, ahead, 1.0)
    if patience_s is None:
        virtual = gammainc(place, served_s) if served_s > 0 else np.zeros_like(place)
        virtual = np.where(waits, virtual, 1.0)
        return InTime(virtual, virtual, np.zeros_like(virtual))
    if within_s <= 0 or served_s <= 0:
        # Nobody finishes: nobody who waits is answered.
        late = np.where(waits, 1.0, 0.0)
        return InTime(1.0 - late, 1.0 - late, late * -np.expm1(-within_s / patience_s))
    left = np.exp(-within_s / patience_s)
    rate = served_s / within_s * patience_s
    virtual = betainc(place, rate, 1.0 - left)
    answered = rate / (rate + place) * betainc(place, rate + 1.0, 1.0 - left)
    gone = np.maximum(1.0 - left * (1.0 - virtual) - answered, 0.0)
    return InTime(np.where(waits, answered, 1.0), np.where(waits, virtual, 1.0), np.where(waits, gone, 0.0))
