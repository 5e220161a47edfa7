"""Erlang X: customers who hang up, or find every line taken, and call again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.abandonment import Definition, erlang_a
from staffing.queueing.finite_lines import finite_lines
from staffing.queueing.inputs import not_negative, positive
from staffing.queueing.performance import Performance


@dataclass(frozen=True)
class RedialPerformance:
    """Performance per call, and the load that redials make of the fresh one.

    Attributes
    ----------
    performance
        Measures over all calls, fresh and repeated.
    load_erlangs
        Offered load with redials.
    calls_per_customer
        Mean number of calls of a customer, >= 1.
    lost_customers
        Share of the customers who give up in the end.
    blocked
        Share of the calls that find every line taken; 0 where lines are without limit.
    """

    performance: Performance
    load_erlangs: np.ndarray
    calls_per_customer: np.ndarray
    lost_customers: np.ndarray
    blocked: np.ndarray


def erlang_x(
    agents: ArrayLike,
    fresh_load_erlangs: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike,
    redial: ArrayLike,
    answer_within_s: ArrayLike = 20.0,
    definition: Definition = "offered",
    lines: ArrayLike | None = None,
) -> RedialPerformance:
    """Erlang A where a share ``redial`` of those who hang up, or are blocked, calls again.

    The load solves ``load = fresh / (1 - redial * lost(load))``, ``lost`` being the share of the calls
    that abandon or find every line taken.

    Parameters
    ----------
    agents, aht_s, patience_s, answer_within_s, definition
        As in ``erlang_a``.
    fresh_load_erlangs
        Load of first calls, shape ``(...)``, >= 0.
    redial
        Share of the callers who were not served and call again, in [0, 1].
    lines
        Whole telephone lines >= agents, those of waiting callers included; None for no limit. With
        lines the agents must be whole and the definition ``"offered"``.

    Raises
    ------
    ValueError
        On a value outside its range, or ``redial == 1`` with a fresh load that reaches the agents:
        then the calls grow without limit.

    Limitations
    -----------
    A repeated call is taken to come as a fresh one would: right for slow redials, 0.02 to 0.06 too
    good a service level when callers try again within a minute.

    References
    ----------
    .. [1] M. S. Aguir, O. Z. Aksin, F. Karaesmen, Y. Dallery (2008), On the interaction between
       retrials and sizing of call centers, European Journal of Operational Research 191(2).
    """
    if lines is not None and definition != "offered":
        raise ValueError(f"definition 'offered' with lines expected, got {definition!r}")
    n, fresh, aht, patience, share, within, total = np.broadcast_arrays(
        not_negative("agents", agents),
        not_negative("fresh_load_erlangs", fresh_load_erlangs),
        positive("aht_s", aht_s),
        positive("patience_s", patience_s),
        not_negative("redial", redial),
        not_negative("answer_within_s", answer_within_s),
        np.inf if lines is None else positive("lines", lines),
    )
    if (share > 1).any():
        raise ValueError(f"redial <= 1 expected, got {share.max()}")
    endless = (share == 1) & (fresh >= n) & (fresh > 0)
    if endless.any():
        row = np.argwhere(endless)[0]
        raise ValueError(
            f"fresh_load_erlangs < agents with redial == 1 expected, got {fresh[tuple(row)]} "
            f"for {n[tuple(row)]} agents"
        )

    def perform(load: np.ndarray) -> tuple[Performance, np.ndarray]:
        load = load.reshape(fresh.shape)
        if lines is None:
            return erlang_a(n, load, aht, patience, within, definition), np.zeros(fresh.shape)
        limited = finite_lines(n, load, aht, total, patience, within)
        return limited.performance, limited.blocked

    def lost(load: np.ndarray) -> np.ndarray:
        found, blocked = perform(load)
        return (found.abandonment + blocked).reshape(-1)

    load = _load_with_redials(lost, fresh.reshape(-1), share.reshape(-1), n.reshape(-1))
    found, blocked = perform(load)
    load = load.reshape(fresh.shape)
    unserved = np.where(fresh > 0, found.abandonment + blocked, 0.0)
    calls = 1.0 / (1.0 - share * unserved)
    return RedialPerformance(found, load, calls, (1 - share) * unserved * calls, blocked)


def _load_with_redials(
    lost: Callable[[np.ndarray], np.ndarray], fresh: np.ndarray, share: np.ndarray, n: np.ndarray
) -> np.ndarray:
    """Root of ``load (1 - redial lost(load)) - fresh``, which rises with the load, by a kept bracket."""

    def lacking(load: np.ndarray) -> np.ndarray:
        return load * (1.0 - share * lost(load)) - fresh

    low, high = fresh.astype(float), np.where(share < 1, fresh / np.maximum(1 - share, 1e-300), 2.0 * fresh)
    high = np.minimum(high, 4.0 * (fresh + n))
    for _ in range(200):
        short = lacking(high) < 0
        if not short.any():
            break
        high = np.where(short, 2.0 * high, high)
    at_low, at_high = lacking(low), lacking(high)
    kept = np.zeros(fresh.shape)
    for turn in range(200):
        near = np.minimum(np.abs(at_low), np.abs(at_high)) <= 1e-15 * fresh
        if ((high - low <= 4e-15 * high) | near).all():
            break
        with np.errstate(invalid="ignore", divide="ignore"):
            guess = low - at_low * (high - low) / (at_high - at_low)
        middle = 0.5 * (low + high)
        inside = np.isfinite(guess) & (guess > low) & (guess < high) & (turn % 8 < 7)
        guess = np.where(inside, guess, middle)
        value = lacking(guess)
        above = value >= 0
        # Illinois: an end that stays twice has its value halved, or the secant would creep.
        at_low = np.where(above & (kept > 0), 0.5 * at_low, at_low)
        at_high = np.where(~above & (kept < 0), 0.5 * at_high, at_high)
        kept = np.where(above, 1.0, -1.0)
        high, at_high = np.where(above, guess, high), np.where(above, value, at_high)
        low, at_low = np.where(above, low, guess), np.where(above, at_low, value)
    return np.where(np.abs(at_low) < np.abs(at_high), low, high)
