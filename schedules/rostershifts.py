"""The shifts of a roster table: one row per person and shift, whoever made the table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.errors import InvalidSchedule
from schedules.shifts import ShiftKind

_NEEDED = ("agent", "start", "end", "activity", "paid")
_OWN_ID = r"^\d{4}-\d{2}-\d{2}-(?P<kind>.+)-\d{4}-\d+$"


def shifts_of(
    table: pd.DataFrame, agents: Sequence[Agent], kinds: Sequence[ShiftKind], zone: Any
) -> pd.DataFrame:
    """Shifts of a roster table on the local wall clock.

    Parameters
    ----------
    table
        ``agent, start, end, activity, paid`` and perhaps ``shift_id``: a row per stretch of work, break or activity,
        zone-aware times of any zone. Without an id of our own, rows that touch are one shift.
    agents, kinds
        Declarations; a shift without an id of our own is read as the kind of its person's contract with this start and
        length.
    zone
        The plan's time zone.

    Returns
    -------
    ``agent, day, kind, start, end, start_min, end_min, length_min, paid_min``, sorted by person and start. ``day`` is
    the local date of the start; ``start_min`` and ``end_min`` are wall-clock minutes after its midnight; ``kind`` is
    empty where no declared kind fits.

    Raises
    ------
    InvalidSchedule
        If a column is missing or times have no zone.
    """
    missing = [name for name in _NEEDED if name not in table.columns]
    if missing:
        raise InvalidSchedule(
            f"a roster table with columns {', '.join(_NEEDED)} expected, got none of {missing}"
        )
    columns = ["agent", "day", "kind", "start", "end", "start_min", "end_min", "length_min", "paid_min"]
    if not len(table):
        return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    start, end = pd.DatetimeIndex(table["start"]), pd.DatetimeIndex(table["end"])
    if start.tz is None or end.tz is None:
        raise InvalidSchedule("zone-aware times in the roster table expected, got naive ones")
    rows = pd.DataFrame(
        {
            "agent": table["agent"].astype(str).to_numpy(),
            "start": start.tz_convert(zone),
            "end": end.tz_convert(zone),
            "id": table["shift_id"].fillna("").astype(str).to_numpy() if "shift_id" in table else "",
            "paid": table["paid"].to_numpy(dtype=bool),
        }
    ).sort_values(["agent", "start"], kind="stable", ignore_index=True)
    claimed = rows["id"].str.extract(_OWN_ID)["kind"].fillna("")
    own = (claimed != "").to_numpy(dtype=bool)
    follows = (rows["agent"] == rows["agent"].shift()).to_numpy(dtype=bool)
    touches = (rows["start"] == rows["end"].shift()).to_numpy(dtype=bool)
    same_id = (rows["id"] == rows["id"].shift()).to_numpy(dtype=bool)
    begins = ~(follows & np.where(own, same_id, touches))
    rows["shift"] = np.cumsum(begins)
    rows["minutes"] = (rows["end"] - rows["start"]).dt.total_seconds() / 60.0 * rows["paid"]
    rows["claimed"] = claimed
    shifts = (
        rows.groupby("shift", sort=True)
        .agg(
            agent=("agent", "first"),
            kind=("claimed", "first"),
            start=("start", "min"),
            end=("end", "max"),
            paid_min=("minutes", "sum"),
        )
        .reset_index(drop=True)
    )
    wall = shifts["start"].dt.tz_localize(None)
    midnight = wall.dt.normalize()
    minute = pd.Timedelta(minutes=1)
    shifts["day"] = midnight.dt.date.to_numpy(dtype=object)
    shifts["start_min"] = ((wall - midnight) // minute).astype(int)
    shifts["end_min"] = ((shifts["end"].dt.tz_localize(None) - midnight) / minute).round().astype(int)
    shifts["length_min"] = ((shifts["end"] - shifts["start"]).dt.total_seconds() / 60.0).round().astype(int)
    shifts["paid_min"] = shifts["paid_min"].round().astype(int)
    foreign = np.flatnonzero((shifts["kind"] == "").to_numpy())
    if len(foreign):
        contracts = {agent.id: agent.contract.shifts for agent in agents}
        shifts.loc[foreign, "kind"] = [
            _fitting(contracts.get(agent, ()), kinds, int(minute_), int(length))
            for agent, minute_, length in zip(
                shifts["agent"].iloc[foreign],
                shifts["start_min"].iloc[foreign],
                shifts["length_min"].iloc[foreign],
                strict=True,
            )
        ]
    return shifts[columns]


def records(table: pd.DataFrame) -> Iterable[Any]:
    """Rows of a table by the names of its columns."""
    return table.itertuples()


def _fitting(names: Sequence[str], kinds: Sequence[ShiftKind], start_min: int, length_min: int) -> str:
    """Name of the first kind among ``names`` with this start and length, empty without one."""
    for kind in kinds:
        if kind.name in names and length_min in kind.lengths_min and start_min in kind.starts_min():
            return kind.name
    return ""
