"""Who is really at work: a roster's rows with the planned shrinkage taken out in turns."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd


def with_turns(roster: pd.DataFrame, planned: Mapping[str, float], slot_min: int) -> pd.DataFrame:
    """Take meetings, training and short absences out of a roster's work.

    Parameters
    ----------
    roster
        ``agent, start, end, activity, queue``; rows with a queue are work.
    planned
        Share of the people on shift, per queue, who are away for planned reasons, in [0, 1).
    slot_min
        A turn lasts as long; turns begin at multiples of it after midnight.

    Returns
    -------
    The rows of work that are left, ``agent, start, end, activity, queue``, in order of agent and start.

    Notes
    -----
    In every slot as many people are away as the plan counts on, up to half a person, the fractions carried
    over to the next slot; those go who have been away least so far. So the number at work is what
    the requirement assumed, and its spread over chance is left to unplanned absence.
    """
    work = roster[roster["queue"].fillna("").astype(str) != ""]
    pieces = _pieces(work, slot_min).sort_values(["slot", "queue", "agent"], kind="stable", ignore_index=True)
    agents, queues = pieces["agent"].astype(str).tolist(), pieces["queue"].astype(str).tolist()
    away = np.zeros(len(pieces), dtype=bool)
    been: dict[str, int] = {}
    due = dict.fromkeys(planned, 0.0)
    fresh = (pieces["slot"] != pieces["slot"].shift()) | (pieces["queue"] != pieces["queue"].shift())
    edges = [*np.flatnonzero(fresh).tolist(), len(pieces)]
    for first, after in itertools.pairwise(edges):
        queue = queues[first]
        if not planned.get(queue):
            continue
        due[queue] += planned[queue] * (after - first)
        go = min(int(np.floor(due[queue] + 0.5)), after - first)
        due[queue] -= go
        if go:
            turns = sorted(range(first, after), key=lambda at: (been.get(agents[at], 0), agents[at]))
            for at in turns[:go]:
                away[at] = True
                been[agents[at]] = been.get(agents[at], 0) + 1
    return _joined(pieces[~away])


def _pieces(work: pd.DataFrame, slot_min: int) -> pd.DataFrame:
    """Work cut at the slots' edges; ``slot`` numbers them in absolute time."""
    width = slot_min * 60_000_000_000
    start = work["start"].dt.as_unit("ns")
    end = work["end"].dt.as_unit("ns")
    first, last = start.astype("int64").to_numpy(), end.astype("int64").to_numpy()
    count = -(-last // width) - first // width
    row = np.repeat(np.arange(len(work)), count)
    slot = np.concatenate(
        [np.arange(a, a + n) for a, n in zip(first // width, count, strict=True)] or [np.zeros(0)]
    )
    slot = slot.astype(np.int64)
    return pd.DataFrame(
        {
            "agent": work["agent"].to_numpy()[row],
            "activity": work["activity"].to_numpy()[row],
            "queue": work["queue"].to_numpy()[row],
            "slot": slot,
            "begin": np.maximum(first[row], slot * width),
            "finish": np.minimum(last[row], (slot + 1) * width),
        }
    ).assign(zone=str(start.dt.tz))


def _joined(pieces: pd.DataFrame) -> pd.DataFrame:
    """Pieces that touch, of one person on one queue, as one row."""
    rows = pieces.sort_values(["agent", "begin"], kind="stable", ignore_index=True)
    goes_on = (
        (rows["agent"] == rows["agent"].shift())
        & (rows["queue"] == rows["queue"].shift())
        & (rows["begin"] == rows["finish"].shift())
    )
    number = (~goes_on).cumsum()
    table = rows.groupby(number, as_index=False).agg(
        agent=("agent", "first"),
        begin=("begin", "first"),
        finish=("finish", "last"),
        activity=("activity", "first"),
        queue=("queue", "first"),
    )
    zone = pieces["zone"].iloc[0] if len(pieces) else "UTC"
    times = {
        name: pd.to_datetime(table[column], utc=True).dt.tz_convert(zone)
        for name, column in (("start", "begin"), ("end", "finish"))
    }
    return table.assign(**times)[["agent", "start", "end", "activity", "queue"]]
