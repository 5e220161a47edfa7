"""Seconds and open hours booked to the intervals in which they fall. Compiled."""

from __future__ import annotations

from typing import Any

from staffing.sizing.simulation.compiled import kernel


@kernel
def spread(row: Any, begin: float, end: float, length_s: float, share: float) -> None:
    """Add ``share`` of the seconds from ``begin`` to ``end`` to the intervals in which they fall."""
    at = int(begin / length_s)
    last = row.shape[0]
    while at < last:
        edge = (at + 1) * length_s
        if end <= edge:
            row[at] += share * (end - begin)
            return
        row[at] += share * (edge - begin)
        begin = edge
        at += 1


@kernel
def open_clock(edges_s: Any, moment: float, length_s: float) -> float:
    """Open seconds until ``moment``, from those until each interval edge."""
    at = int(moment / length_s)
    last = edges_s.shape[0] - 1
    if at >= last:
        return edges_s[last]
    return edges_s[at] + (edges_s[at + 1] - edges_s[at]) * (moment / length_s - at)
