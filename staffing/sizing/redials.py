"""How many of those who hung up call again, and how many of the answered do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.queueing.inputs import positive


@dataclass(frozen=True)
class RedialEstimate:
    """Repeated calls of a log.

    Attributes
    ----------
    abandoned, redialled
        Calls that hung up and whose window lies inside the log, and those that were
        followed by another call of the same caller within it.
    median_delay_s
        Median time from hanging up to the next call; NaN without any.
    answered, repeated
        The same for calls that were answered: what a first contact did not resolve.
    """

    abandoned: int
    redialled: int
    median_delay_s: float
    answered: int
    repeated: int

    @property
    def share(self) -> float:
        """Share of those who hung up that call again: ``redial`` of ``erlang_x``; NaN without any."""
        return self.redialled / self.abandoned if self.abandoned else float("nan")

    @property
    def repeat_share(self) -> float:
        """Share of the answered that call again; NaN without any."""
        return self.repeated / self.answered if self.answered else float("nan")


def estimate_redials(calls: pd.DataFrame, within_min: float = 60.0) -> RedialEstimate:
    """Share of calls that the same caller repeats.

    Parameters
    ----------
    calls
        ``caller`` (any identifier; blank ones are left out), ``start`` (times) and ``abandoned`` (flag).
    within_min
        A later call counts as a repetition within so many minutes, > 0.

    Notes
    -----
    Calls in the last ``within_min`` of the log are not judged: their repetition may come after its end.

    Raises
    ------
    ValueError
        On a missing column, a missing time or a window of 0.
    """
    within_s = 60.0 * float(positive("within_min", within_min))
    for name in ("caller", "start", "abandoned"):
        if name not in calls.columns:
            raise ValueError(f"calls: a column {name!r} expected, got {list(calls.columns)}")
    known = calls[calls["caller"].notna() & (calls["caller"].astype(str) != "")]
    start = pd.DatetimeIndex(known["start"])
    if start.hasnans:
        raise ValueError("calls: a time in every row of start expected, got a missing one")
    seconds = (start - start.min()).total_seconds().to_numpy() if len(start) else np.zeros(0)
    code = pd.factorize(known["caller"])[0]
    order = np.lexsort((seconds, code))
    code, seconds = code[order], seconds[order]
    gone = known["abandoned"].to_numpy(dtype=bool)[order]
    delay = np.full(seconds.size, np.inf)
    if seconds.size:
        follows = np.flatnonzero(np.diff(code) == 0)
        delay[follows] = seconds[follows + 1] - seconds[follows]
    again = delay <= within_s
    judged = seconds <= (seconds.max() - within_s if seconds.size else 0.0)
    hung_up = gone & judged
    delays = delay[hung_up & again]
    return RedialEstimate(
        abandoned=int(hung_up.sum()),
        redialled=int((hung_up & again).sum()),
        median_delay_s=float(np.median(delays)) if delays.size else float("nan"),
        answered=int((~gone & judged).sum()),
        repeated=int((~gone & judged & again).sum()),
    )
