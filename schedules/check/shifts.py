"""Rows put together into shifts, each with the kind that it claims or that fits it best."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.check.ledger import Ledger
from schedules.demand import Demand
from schedules.shifts import ShiftKind

SHIFT_ID = re.compile(r"\d{4}-\d{2}-\d{2}-(?P<kind>.+)-\d{4}-\d+")
"""Our own shift ids; any other text there is a foreign roster's and says nothing about a kind."""

SPLIT_MIN = 12 * 60
"""A gap as long as this ends a shift, whatever id its rows carry."""


def gather(rows: pd.DataFrame, demand: Demand, ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Group rows into shifts and keep those that start inside the horizon.

    Rows of a person with the same id of our own make one shift. Rows without such an id make one
    shift as long as they touch.

    Returns
    -------
    rows
        The rows kept, with ``shift_no``.
    shifts
        Sorted by person and start; row ``i`` is shift ``i``: ``agent, agent_no, shift_id, claimed``
        (kind named by the id, or empty), ``start, end, start_min, end_min, length_min, paid_h``,
        ``day`` (local start day, 0 = first of the horizon), ``date``, ``weekday``, ``wall_min`` and
        ``wall_end_min`` (wall clock, minutes after the midnight of the start day).
    """
    claims = {
        text: match["kind"] for text in rows["shift_id"].unique() if (match := SHIFT_ID.fullmatch(text))
    }
    own = rows["shift_id"].map(lambda text: text if text in claims else "").astype(object)
    group = pd.factorize(rows["agent_no"].astype(str) + "\x1f" + own)[0]
    ordered = rows.assign(own=own, group=group).sort_values(["group", "start_min", "end_min"], kind="stable")
    reached = ordered.groupby("group")["end_min"].cummax().groupby(ordered["group"]).shift()
    gap = ordered["start_min"] - reached
    limit = np.where(ordered["own"] == "", 0.0, SPLIT_MIN)
    ordered["shift_no"] = (reached.isna() | (gap > limit)).cumsum()

    shifts = ordered.groupby("shift_no", as_index=False).agg(
        agent=("agent", "first"),
        agent_no=("agent_no", "first"),
        shift_id=("own", "first"),
        start=("start", "first"),
        end=("end", "max"),
        start_min=("start_min", "first"),
        end_min=("end_min", "max"),
    )
    paid_min = (ordered["end_min"] - ordered["start_min"]).where(ordered["paid"], 0.0)
    shifts["paid_h"] = paid_min.groupby(ordered["shift_no"]).sum().to_numpy() / 60.0
    shifts["length_min"] = shifts["end_min"] - shifts["start_min"]
    shifts["claimed"] = [claims.get(text, "") for text in shifts["shift_id"]]

    slots = len(demand.starts) * demand.slot_min
    inside = ((shifts["start_min"] >= 0) & (shifts["start_min"] < slots)).to_numpy(dtype=bool)
    horizon_end = demand.starts[-1] + pd.Timedelta(minutes=demand.slot_min)
    ledger.record_rows(
        "horizon",
        shifts,
        ~inside,
        lambda shift: f"a shift that starts {shift.start}",
        f"starts from {demand.starts[0]} to before {horizon_end}",
    )
    shifts = shifts[inside].sort_values(["agent_no", "start_min"], kind="stable", ignore_index=True)
    number = pd.Series(shifts.index, index=shifts["shift_no"])
    kept = ordered[ordered["shift_no"].isin(number.index)]
    kept = kept.assign(shift_no=kept["shift_no"].map(number).astype(int))
    return kept.sort_values(["shift_no", "start_min"], kind="stable", ignore_index=True), on_the_wall(
        shifts, demand
    )


def on_the_wall(shifts: pd.DataFrame, demand: Demand) -> pd.DataFrame:
    """Add what the wall clock says about each shift."""
    wall = shifts["start"].dt.tz_localize(None)
    midnight = wall.dt.normalize()
    minute = pd.Timedelta(minutes=1)
    return shifts.drop(columns="shift_no").assign(
        date=midnight.dt.date.to_numpy(dtype=object),
        day=((midnight - demand.starts[0].tz_localize(None)) // pd.Timedelta(days=1)).to_numpy(dtype=int),
        weekday=wall.dt.day_of_week.to_numpy(dtype=int),
        wall_min=((wall - midnight) / minute).to_numpy(dtype=float),
        wall_end_min=((shifts["end"].dt.tz_localize(None) - midnight) / minute).to_numpy(dtype=float),
    )


def fits(kind: ShiftKind, weekday: int, wall_min: float, length_min: float, breaks: tuple[str, ...]) -> int:
    """How many of a kind's declarations a shift meets, for shifts that name none."""
    on_grid = kind.start_from_min <= wall_min <= kind.start_until_min
    on_grid = on_grid and (wall_min - kind.start_from_min) % kind.start_every_min == 0
    names = tuple(pause.name for pause in kind.breaks)
    return 2 * (length_min in kind.lengths_min) + 2 * (names == breaks) + on_grid + (weekday in kind.weekdays)


def pause_names(rows: pd.DataFrame, shifts: int) -> list[tuple[str, ...]]:
    """Names of the breaks of each shift, in their order in time; ``rows`` as from :func:`gather`."""
    pauses = rows[rows["pause"]]
    edges = np.searchsorted(pauses["shift_no"].to_numpy(dtype=int), np.arange(shifts + 1)).tolist()
    names = pauses["activity"].tolist()
    return [tuple(names[first:until]) for first, until in pairwise(edges)]


def recognise(
    shifts: pd.DataFrame,
    rows: pd.DataFrame,
    agents: Sequence[Agent],
    kinds: Sequence[ShiftKind],
    ledger: Ledger,
) -> np.ndarray:
    """Position of each shift's kind in ``kinds``, -1 where its id names a kind that does not exist.

    A shift without an id of our own is read as the kind of its person's contract that it fits best.
    """
    numbers = {kind.name: number for number, kind in enumerate(kinds)}
    kind_no = np.array([numbers.get(claim, -1) for claim in shifts["claimed"]], dtype=int)
    foreign = (shifts["claimed"] == "").to_numpy(dtype=bool)
    if foreign.any():
        pauses = pause_names(rows, len(shifts))
        unnamed: Iterable[Any] = shifts[foreign].itertuples()
        for shift in unnamed:
            contract = agents[shift.agent_no].contract
            known = [numbers[name] for name in contract.shifts if name in numbers] or list(numbers.values())
            breaks = pauses[shift.Index]
            scores = [
                fits(kinds[number], shift.weekday, shift.wall_min, shift.length_min, breaks)
                for number in known
            ]
            kind_no[shift.Index] = known[int(np.argmax(scores))] if known else -1
    names = ", ".join(numbers)
    ledger.record_rows(
        "known kind",
        shifts,
        kind_no < 0,
        lambda shift: f"shift kind {shift.claimed!r}",
        f"one of {names}",
    )
    written = [
        f"{day}-{claim}-{int(wall // 60):02d}{int(wall % 60):02d}-{length:g}"
        for day, claim, wall, length in zip(
            shifts["date"], shifts["claimed"], shifts["wall_min"], shifts["length_min"], strict=True
        )
    ]
    claiming = shifts.assign(expected=written)[~foreign]
    ledger.record_rows(
        "shift id",
        claiming,
        (claiming["shift_id"] != claiming["expected"]).to_numpy(dtype=bool),
        lambda shift: f"shift id {shift.shift_id}",
        lambda shift: f"{shift.expected}, as its rows say",
    )
    return kind_no
