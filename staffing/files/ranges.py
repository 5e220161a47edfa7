"""Stretches of local time in a file: a start and, where wanted, an end; dates or times of day."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from staffing.errors import BadInput
from staffing.files.defects import Defects, listed
from staffing.files.local_time import day_end, day_start, is_day, parse_day, parse_local


def check_queue(defects: Defects, queue: str, queues: Sequence[str], line: int) -> None:
    """Note a queue that the plan does not have; a blank one stands for all."""
    if queue and queue not in queues:
        accepted = f"{listed(queues)}, or blank for all"
        defects.add("unknown queue", line=line, field="queue", value=queue, accepted=accepted)


def range_start(text: str, zone: str) -> pd.Timestamp:
    """First instant of a date, or a local time (of two showings of an hour, the first).

    Raises
    ------
    BadInput
        For what is neither; without a file and line.
    """
    return day_start(parse_day(text), zone) if is_day(text) else parse_local(text, zone, "first")


def range_end(text: str, start: pd.Timestamp, zone: str, what: str = "a range") -> pd.Timestamp:
    """Instant at which a range ends: after an end date, at an end time, after the day of the start if blank.

    Raises
    ------
    BadInput
        For what is neither a date nor a time, or is not after the start; without a file and line.
    """
    if not text:
        return day_end(start.date(), zone)
    end = day_end(parse_day(text), zone) if is_day(text) else parse_local(text, zone, "second")
    if not start < end:
        raise BadInput(
            f"{what} that ends before it starts", value=text, accepted=f"an end after {start.isoformat()}"
        )
    return end
