"""One queue under a given schedule, in time: what the queue carries over and staff changes do, without simulation."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.abandonment import Definition
from staffing.queueing.inputs import not_negative, positive
from staffing.sizing.transient_run import TransientRun, TransientService

ShiftEnd = Literal["finish", "drop"]


def transient(
    contacts: ArrayLike,
    agents: ArrayLike,
    aht_s: ArrayLike,
    slot_s: float,
    *,
    patience_s: float | None = None,
    answer_within_s: float = 20.0,
    definition: Definition = "offered",
    at_shift_end: ShiftEnd = "finish",
) -> TransientService:
    """Erlang C or A in time, with a rate and a staff that change from slot to slot; begins empty.

    Parameters
    ----------
    contacts
        Expected contacts per slot, shape ``(slots,)`` or ``(paths, slots)``, >= 0, arriving evenly over the slot.
    agents
        Agents at work per slot, shape ``(slots,)``, >= 0; fractions work at their share of the speed.
    aht_s
        Mean handling time per slot, shape ``()`` or ``(slots,)``, > 0.
    slot_s
        Seconds of a slot, > 0.
    patience_s
        Mean patience, > 0; ``None`` for endless patience.
    answer_within_s, definition
        Threshold and definition of the service level, as in ``erlang_a``.
    at_shift_end
        What leaving agents do with the contact in their hands: ``"finish"`` it, then leave; ``"drop"`` it.
        Either way it is off the queue, so that only the work done differs.

    Returns
    -------
    TransientService

    Raises
    ------
    ValueError
        On a value outside its range or shapes that do not fit.

    Notes
    -----
    Exact for exponential handling times and patience but for: the staff's course within the
    threshold with patience (its mean), agents who return from a break while still finishing (they count as free),
    a handling time that changes between slots (it changes for contacts in hand), and waits and hang-ups,
    which are counted in the slot in which they happen. Handling times of another shape are taken as exponential: over
    days of two peaks that kept the mean service level of an interval within a point for lognormal times with a
    coefficient of variation of 1, and two to four points off for constant times, which settle within one handling
    time.

    References
    ----------
    .. [1] W. A. Massey, W. Whitt (1998), Uniform acceleration expansions for Markov chains with time-varying
       rates, Annals of Applied Probability 8(4): why the stationary formulas fail where rates change.
    """
    rates, staff, handling = _checked(contacts, agents, aht_s)
    length = float(positive("slot_s", slot_s))
    within = float(not_negative("answer_within_s", answer_within_s))
    patience = None if patience_s is None else float(positive("patience_s", patience_s))
    for name, value, accepted in (
        ("definition", definition, Definition),
        ("at_shift_end", at_shift_end, ShiftEnd),
    ):
        if value not in get_args(accepted):
            raise ValueError(f"{name} in {get_args(accepted)} expected, got {value!r}")
    run = TransientRun(rates, staff, handling, length, within, patience)
    for slot in range(staff.size):
        run.slot(slot, at_shift_end == "finish")
    return run.result(definition)


def _checked(
    contacts: ArrayLike, agents: ArrayLike, aht_s: ArrayLike
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rates = np.atleast_2d(not_negative("contacts", contacts))
    staff = not_negative("agents", agents)
    if staff.ndim != 1 or rates.ndim != 2 or rates.shape[1] != staff.size or not staff.size:
        raise ValueError(
            "contacts (slots,) or (paths, slots) and agents (slots,) expected, "
            f"got {np.shape(contacts)} and {staff.shape}"
        )
    if not rates.shape[0]:
        raise ValueError("paths >= 1 expected, got 0")
    handling = positive("aht_s", aht_s)
    if handling.shape not in ((), staff.shape):
        raise ValueError(f"aht_s of shape () or {staff.shape} expected, got {handling.shape}")
    return rates, staff, np.broadcast_to(handling, staff.shape)
