"""Activities: who attends them, once, as long as declared, inside the window, together; who misses them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from schedules.check.ledger import Ledger
from schedules.check.priced import Bill
from schedules.demand import Demand
from schedules.errors import InvalidSchedule
from schedules.shifts import ShiftKind
from schedules.teams import Activity


def activity_names(activities: Sequence[Activity], kinds: Sequence[ShiftKind]) -> tuple[str, ...]:
    """Names of the activities.

    Raises
    ------
    InvalidSchedule
        If one is called like work or a break: no reader of a roster could tell them apart.
    """
    taken = {"work", *(pause.name for kind in kinds for pause in kind.breaks)}
    for activity in activities:
        if activity.name in taken:
            raise InvalidSchedule(
                f"activity {activity.name}: a name that is neither work nor a break's expected"
            )
    return tuple(dict.fromkeys(activity.name for activity in activities))


def check_activities(
    rows: pd.DataFrame,
    activities: Sequence[Activity],
    demand: Demand,
    ledger: Ledger,
    bill: Bill,
) -> None:
    """Each attendance against its activity, and the price of every one that is missed.

    Of two activities of one name, a row is the first that its person has still to attend and
    whose window holds it.
    """
    attended = attendance(rows[rows["away"]], activities, ledger)
    for number, activity in enumerate(activities):
        there = attended[attended["activity_no"] == number]
        judge(there, activity, ledger)
        present = set(there["agent"])
        missing = [agent for agent in activity.agents if agent not in present]
        when = activity.start.tz_convert(demand.starts.tz)
        bill.add(
            "activities", [(f"{agent} misses {activity.name}", when, activity.price) for agent in missing]
        )


def attendance(rows: pd.DataFrame, activities: Sequence[Activity], ledger: Ledger) -> pd.DataFrame:
    """Rows at an activity with ``activity_no``; who is not invited or attends again is named and left out."""
    open_to: dict[tuple[str, str], list[int]] = {}
    for number, activity in enumerate(activities):
        for agent in activity.agents:
            open_to.setdefault((agent, activity.name), []).append(number)
    invited = [(agent, name) in open_to for agent, name in zip(rows["agent"], rows["activity"], strict=True)]
    people = {
        name: [a for act in activities if act.name == name for a in act.agents] for name in rows["activity"]
    }
    ledger.record_rows(
        "activity people",
        rows,
        ~np.array(invited, dtype=bool),
        lambda row: f"{row.activity} attended",
        lambda row: "attended by " + ", ".join(people[row.activity]),
    )
    rows = rows[np.array(invited, dtype=bool)]
    chosen: list[int] = []
    listed: Any = rows.itertuples()
    for row in listed:
        left = open_to[row.agent, row.activity]
        fitting = [n for n in left if activities[n].start <= row.start and row.end <= activities[n].end]
        number = next(iter(fitting or left), -1)
        if number >= 0:
            left.remove(number)
        chosen.append(number)
    numbers = np.array(chosen, dtype=int)
    ledger.record_rows(
        "activity once",
        rows,
        numbers < 0,
        lambda row: f"{row.activity} attended once more",
        "once, in one piece",
    )
    return rows.assign(activity_no=numbers)[numbers >= 0]


def judge(there: pd.DataFrame, activity: Activity, ledger: Ledger) -> None:
    """Length, window, pay and common start of the attendances of one activity."""
    minutes = (there["end_min"] - there["start_min"]).to_numpy(dtype=float)
    ledger.record_rows(
        "activity length",
        there.assign(minutes=minutes),
        minutes != activity.length_min,
        lambda row: f"{row.activity} of {row.minutes:g} min",
        f"{activity.length_min} min",
    )
    ledger.record_rows(
        "activity window",
        there,
        ((there["start"] < activity.start) | (there["end"] > activity.end)).to_numpy(dtype=bool),
        lambda row: f"{row.activity} from {row.start} to {row.end}",
        f"inside {activity.start} to {activity.end}",
    )
    ledger.record_rows(
        "activity paid",
        there,
        ~there["paid"].to_numpy(dtype=bool),
        lambda row: f"{row.activity} unpaid",
        "paid as work",
    )
    if activity.together and len(there):
        # The start that most share, the earliest of equals, is the activity's.
        common = there["start_min"].mode().iloc[0]
        when = there.loc[there["start_min"] == common, "start"].iloc[0]
        ledger.record_rows(
            "activity together",
            there,
            (there["start_min"] != common).to_numpy(dtype=bool),
            lambda row: f"{row.activity} at {row.start}",
            f"with the others at {when}",
        )
