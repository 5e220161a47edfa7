"""The rows of a roster as the check reads them: any order, any maker, one clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.check.ledger import Ledger
from schedules.demand import Demand
from schedules.errors import InvalidSchedule

COLUMNS = ("agent", "start", "end", "activity", "paid", "queue", "shift_id")
WORK = "work"
MINUTE = pd.Timedelta(minutes=1)
LONGEST_ROW_MIN = 24 * 60


def local_times(column: pd.Series, name: str, demand: Demand) -> pd.Series:
    """Zone-aware times of a column, in the zone of the demand.

    Raises
    ------
    InvalidSchedule
        If a time is naive: its offset would have to be guessed.
    """
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        aware = column
    else:
        present = column.dropna()
        if any(getattr(time, "tzinfo", None) is None for time in present):
            raise InvalidSchedule(f"roster column {name}: zone-aware times expected, got {column.dtype}")
        aware = pd.to_datetime(column, utc=True)
    return aware.dt.tz_convert(demand.starts.tz).dt.as_unit("ns")


def elapsed_min(times: pd.Series, demand: Demand) -> np.ndarray:
    """Minutes of elapsed time since the horizon's first slot, shape of ``times``."""
    return ((times - demand.starts[0]) / MINUTE).to_numpy(dtype=float)


def flags(column: pd.Series) -> np.ndarray:
    """The ``paid`` column as booleans."""
    if not column.isin([True, False]).all():
        odd = column[~column.isin([True, False])].iloc[0]
        raise InvalidSchedule(f"roster column paid: true or false expected, got {odd!r}")
    return column.astype(bool).to_numpy()


def read_rows(
    table: pd.DataFrame,
    agents: Mapping[str, int],
    breaks: Collection[str],
    activities: Collection[str],
    demand: Demand,
    ledger: Ledger,
) -> pd.DataFrame:
    """Rows with usable times and a known person, sorted by person and start.

    Parameters
    ----------
    table
        A roster, columns ``COLUMNS``; ``shift_id`` may be missing or empty.
    agents
        Position of each agent id.
    breaks, activities
        Names of the breaks of all shift kinds, and of the activities.

    Returns
    -------
    The columns of the table and ``agent_no``, ``start_min`` and ``end_min`` (elapsed since the
    horizon's start), and what the row is: ``work``, ``pause`` or ``away`` (at an activity); none of them
    where its name is unknown.

    Raises
    ------
    InvalidSchedule
        If a column is missing, a time is naive or ``paid`` is not a truth value.
    """
    missing = [name for name in COLUMNS if name not in table.columns and name != "shift_id"]
    if missing:
        raise InvalidSchedule(f"roster columns {', '.join(COLUMNS)} expected, missing {', '.join(missing)}")
    table = table.reset_index(drop=True)

    def text(name: str) -> np.ndarray:
        return table[name].astype(object).fillna("").astype(str).to_numpy(dtype=object)

    rows = pd.DataFrame(
        {
            "agent": text("agent"),
            "start": local_times(table["start"], "start", demand),
            "end": local_times(table["end"], "end", demand),
            "activity": text("activity"),
            "paid": flags(table["paid"]),
            "queue": text("queue"),
            "shift_id": text("shift_id") if "shift_id" in table.columns else "",
        }
    )
    rows["start_min"] = elapsed_min(rows["start"], demand)
    rows["end_min"] = elapsed_min(rows["end"], demand)
    rows["work"] = (rows["activity"] == WORK).to_numpy(dtype=bool)
    rows["pause"] = rows["activity"].isin(breaks).to_numpy(dtype=bool)
    rows["away"] = rows["activity"].isin(activities).to_numpy(dtype=bool)

    length = rows["end_min"] - rows["start_min"]
    timed = ((length > 0) & (length <= LONGEST_ROW_MIN)).to_numpy()  # false for a missing time as well
    ledger.record_rows(
        "row times",
        rows,
        ~timed,
        lambda row: f"{row.start} to {row.end}",
        "an end after the start, at most 24 h later",
    )
    rows = rows[timed]
    number = rows["agent"].map(agents)
    people = rows.sort_values("start_min", kind="stable").drop_duplicates("agent")
    ledger.record_rows(
        "known agent",
        people,
        ~people["agent"].isin(agents),
        lambda row: f"agent {row.agent!r}",
        "an agent of the plan",
    )
    rows = rows[number.notna()].assign(agent_no=number.dropna().astype(int))
    ledger.record_rows(
        "known activity",
        rows,
        ~(rows["work"] | rows["pause"] | rows["away"]).to_numpy(dtype=bool),
        lambda row: f"activity {row.activity!r}",
        ", ".join(dict.fromkeys([WORK, *breaks, *activities])),
    )
    return rows.sort_values(["agent_no", "start_min", "end_min"], kind="stable", ignore_index=True)


def agent_numbers(agents: tuple[Agent, ...]) -> dict[str, int]:
    """Position of each agent id.

    Raises
    ------
    InvalidSchedule
        If two people share an id.
    """
    numbers = {agent.id: number for number, agent in enumerate(agents)}
    if len(numbers) < len(agents):
        seen: set[str] = set()
        twice = next(agent.id for agent in agents if agent.id in seen or seen.add(agent.id))  # type: ignore[func-returns-value]
        raise InvalidSchedule(f"unique agent ids expected, got {twice!r} twice")
    return numbers
