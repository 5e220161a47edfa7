"""Rules about one shift: where it lies, how long it is, and the work that it holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.check.ledger import Ledger
from schedules.demand import Demand
from schedules.shifts import ShiftKind


def clock(minutes: float) -> str:
    """``HH:MM`` of minutes after midnight."""
    return f"{int(minutes // 60):02d}:{int(minutes % 60):02d}"


def check_rows(rows: pd.DataFrame, agents: Sequence[Agent], demand: Demand, ledger: Ledger) -> None:
    """Overlaps, gaps, queues and skills. ``rows`` as from :func:`schedules.check.shifts.gather`."""
    ordered = rows.sort_values(["agent_no", "start_min", "end_min"], kind="stable")
    by_agent = ordered.groupby("agent_no")["end_min"].cummax().groupby(ordered["agent_no"]).shift()
    ledger.record_rows(
        "no overlap",
        ordered,
        (ordered["start_min"] < by_agent).to_numpy(dtype=bool),
        lambda row: f"{row.activity} from {row.start} while another row still runs",
        "one thing at a time",
    )
    by_shift = rows.groupby("shift_no")["end_min"].cummax().groupby(rows["shift_no"]).shift()
    gapped = rows.assign(gap_min=rows["start_min"] - by_shift)
    ledger.record_rows(
        "no gap",
        gapped,
        (gapped["gap_min"] > 0).to_numpy(dtype=bool),
        lambda row: f"{row.gap_min:g} min without activity before {row.start}",
        "work or a break from a shift's start to its end",
    )
    work = rows[rows["work"]]
    ledger.record_rows(
        "work paid",
        work,
        ~work["paid"].to_numpy(dtype=bool),
        "unpaid work",
        "paid work",
    )
    known = work["queue"].isin(demand.queues)
    ledger.record_rows(
        "known queue",
        work,
        ~known,
        lambda row: f"work on queue {row.queue!r}",
        f"one of {', '.join(demand.queues)}",
    )
    work = work[known]
    pairs = work.groupby(["agent_no", "queue"], sort=False).ngroup().to_numpy()
    first = work.loc[~pd.Series(pairs, index=work.index).duplicated(), ["agent_no", "queue"]]
    unskilled = np.array(
        [
            queue not in agents[number].skills
            for number, queue in zip(first["agent_no"], first["queue"], strict=True)
        ],
        dtype=bool,
    )
    ledger.record_rows(
        "skill",
        work,
        unskilled[pairs] if len(work) else np.zeros(0, dtype=bool),
        lambda row: f"work on {row.queue}",
        lambda row: ", ".join(sorted(agents[row.agent_no].skills)),
    )


def check_placement(
    shifts: pd.DataFrame, agents: Sequence[Agent], kinds: Sequence[ShiftKind], demand: Demand, ledger: Ledger
) -> None:
    """Contract, weekday, start grid and length of every shift of a known kind (``kind_no`` >= 0)."""
    shifts = shifts[shifts["kind_no"] >= 0]
    numbers = shifts["kind_no"].to_numpy(dtype=int)
    allowed = [frozenset(agent.contract.shifts) for agent in agents]
    ledger.record_rows(
        "contract kind",
        shifts,
        np.array(
            [
                kinds[kind].name not in allowed[agent]
                for kind, agent in zip(numbers, shifts["agent_no"], strict=True)
            ],
            dtype=bool,
        ),
        lambda shift: f"shift kind {kinds[shift.kind_no].name}",
        lambda shift: ", ".join(agents[shift.agent_no].contract.shifts),
    )
    ledger.record_rows(
        "weekday",
        shifts,
        np.array(
            [day not in kinds[kind].weekdays for kind, day in zip(numbers, shifts["weekday"], strict=True)]
        ),
        lambda shift: f"{kinds[shift.kind_no].name} on a {shift.start:%A}",
        lambda shift: "weekdays " + ", ".join(str(day) for day in kinds[shift.kind_no].weekdays),
    )
    # A shift that would start in a repeated hour starts in the first of the two.
    wall = shifts["start"].dt.tz_localize(None)
    first = wall.dt.tz_localize(demand.starts.tz, ambiguous=np.ones(len(shifts), dtype=bool))
    repeated = (first != shifts["start"]).to_numpy(dtype=bool)
    begin = np.array([kind.start_from_min for kind in kinds], dtype=float)[numbers]
    until = np.array([kind.start_until_min for kind in kinds], dtype=float)[numbers]
    step = np.array([kind.start_every_min for kind in kinds], dtype=float)[numbers]
    minute = shifts["wall_min"].to_numpy(dtype=float)
    ledger.record_rows(
        "start grid",
        shifts.assign(repeated=repeated),
        repeated | (minute < begin) | (minute > until) | ((minute - begin) % step != 0),
        lambda shift: f"start at {shift.start}",
        lambda shift: (
            f"{clock(kinds[shift.kind_no].start_from_min)} to {clock(kinds[shift.kind_no].start_until_min)} "
            f"every {kinds[shift.kind_no].start_every_min} min, the first of a repeated hour"
        ),
    )
    ledger.record_rows(
        "shift length",
        shifts,
        np.array(
            [
                length not in kinds[kind].lengths_min
                for kind, length in zip(numbers, shifts["length_min"], strict=True)
            ],
            dtype=bool,
        ),
        lambda shift: f"{shift.length_min:g} min from start to end",
        lambda shift: " or ".join(str(length) for length in kinds[shift.kind_no].lengths_min) + " min",
    )
