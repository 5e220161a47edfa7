"""A queue without a history of its own: the forecast of a similar one, at a share of its volume."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from forecasts.errors import ForecastError
from forecasts.grid import regular
from forecasts.opening_hours import OpeningHours
from forecasts.result import Forecast

# The planner's share counts as if the new queue had shown it on this many contacts.
PRIOR_CONTACTS = 100.0
# What a guess of a share is worth: one standard deviation of 20 %, less as contacts come in.
GUESS_DISPERSION = 0.2**2


def borrow(
    like: Forecast,
    share: float,
    *,
    opening_hours: OpeningHours | None = None,
    own: pd.Series | None = None,
    like_history: pd.Series | None = None,
) -> Forecast:
    """Forecast of a new queue with the profile of a similar one.

    Parameters
    ----------
    like
        Forecast of the similar queue.
    share
        Volume of the new queue over that of the similar one, > 0.
    opening_hours
        Of the new queue; those of the similar one if omitted. Nothing is forecast where the similar queue is closed.
    own, like_history
        What the new queue and the similar one have recorded so far: the share moves from the planner's to what the
        intervals that both have recorded show, as their contacts grow.

    Raises
    ------
    ForecastError
        A share that is not a number > 0; an own history that cannot be used.
    """
    if not (np.isfinite(share) and share > 0):
        raise ForecastError(f"share > 0 expected, got {share}")
    seen, beside = _recorded(own, like_history)
    learned = (seen + PRIOR_CONTACTS) / (beside + PRIOR_CONTACTS / share)
    doubt = GUESS_DISPERSION * PRIOR_CONTACTS / (PRIOR_CONTACTS + seen)
    index = pd.DatetimeIndex(like.mean.index)
    is_open = like.open.to_numpy()
    if opening_hours is not None:
        is_open = is_open & opening_hours.mask(index)
    mean = np.where(is_open, like.mean.to_numpy() * learned, 0.0)
    note = f"a new queue: {learned:.1%} of the similar queue's forecast"
    if seen:
        note += f", learned from the planner's {share:.1%} and {seen:,.0f} contacts"
    # A wrong share is wrong all day: it widens the day effect.
    spread = replace(like.spread, dispersion_day=(1 + like.spread.dispersion_day) * (1 + doubt) - 1)
    return replace(
        like,
        mean=pd.Series(mean, index=index, name="contacts"),
        open=pd.Series(is_open, index=index, name="open"),
        model="similar queue",
        members=like.members,
        reason=f"too little history of its own; {note}",
        backtest=like.backtest.iloc[:0],
        tell_findings=partial(_nothing_of, like.tell_findings),
        tell_effects=partial(_nothing_of, like.tell_effects),
        spread=spread,
        notes=(note,),
    )


def _nothing_of(tell: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    return tell().iloc[:0]


def _recorded(own: pd.Series | None, like_history: pd.Series | None) -> tuple[float, float]:
    """Contacts of both queues in the intervals that both have recorded."""
    if own is None or like_history is None or not own.notna().any():
        return 0.0, 0.0
    mine = regular(own)
    theirs = regular(like_history).reindex(mine.index)
    both = mine.notna() & theirs.notna()
    return float(mine[both].sum()), float(theirs[both].sum())
