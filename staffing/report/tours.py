"""The roster read as shifts: one object per person and day, with its stretches of work and breaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from staffing.report.week import Week, clock, in_zone

if TYPE_CHECKING:
    from staffing.plan.result import PlanResult


@dataclass(frozen=True)
class Stretch:
    """Work or a break: elapsed minutes after the midnight of the shift's day, and the wall clock."""

    from_min: float
    until_min: float
    activity: str
    queue: str
    paid: bool
    clock: str


@dataclass(frozen=True)
class WorkedShift:
    """One shift of one person."""

    agent: str
    day_index: int
    kind: str
    words: str
    stretches: tuple[Stretch, ...]

    @property
    def from_min(self) -> float:
        """Start, elapsed minutes after midnight."""
        return self.stretches[0].from_min

    @property
    def until_min(self) -> float:
        """End, elapsed minutes after midnight."""
        return self.stretches[-1].until_min

    @property
    def paid_h(self) -> float:
        """Paid hours, paid breaks included."""
        return sum(s.until_min - s.from_min for s in self.stretches if s.paid) / 60

    def sentence(self) -> str:
        """``08:00–16:30; break 10:00–10:15; …`` for a tooltip."""
        breaks = [f"{s.activity} {s.clock}" for s in self.stretches if s.activity != "work"]
        queues = dict.fromkeys(s.queue for s in self.stretches if s.queue)
        return "; ".join([f"{self.agent}: {self.words}", *([", ".join(queues)] if queues else []), *breaks])


def _kind(shift_id: str) -> str:
    """Kind inside ``<YYYY-MM-DD>-<kind>-<HHMM>-<minutes>``; the kind itself may contain hyphens."""
    parts = shift_id.split("-")
    return "-".join(parts[3:-2]) if len(parts) > 5 else shift_id


def worked_shifts(result: PlanResult, week: Week) -> list[WorkedShift]:
    """Shifts that start inside the week, in the roster's order."""
    rows = result.roster.table
    if not len(rows):
        return []
    start, end = in_zone(rows["start"], week.zone), in_zone(rows["end"], week.zone)
    keys = [rows["agent"], rows["shift_id"]]
    first = start.groupby([k.to_numpy() for k in keys], sort=False).transform("min")
    days = week.day_index(first)
    from_min, until_min = (week.minutes_after(days, times).tolist() for times in (start, end))
    groups: dict[tuple[str, str], list[int]] = {}
    agents, ids = rows["agent"].tolist(), rows["shift_id"].tolist()
    for k in range(len(rows)):
        if 0 <= days[k] < len(week.days):
            groups.setdefault((agents[k], ids[k]), []).append(k)
    starts, first_dates = _told(start)
    ends, last_dates = _told(end)
    activity, queue, paid = (
        rows["activity"].tolist(),
        rows["queue"].fillna("").tolist(),
        rows["paid"].tolist(),
    )
    found = []
    for (agent, shift_id), members in groups.items():
        members.sort(key=lambda k: from_min[k])
        over = " (+1)" if last_dates[members[-1]] > first_dates[members[0]] else ""
        found.append(
            WorkedShift(
                str(agent),
                int(days[members[0]]),
                _kind(str(shift_id)),
                f"{starts[members[0]]}–{ends[members[-1]]}{over}",
                tuple(
                    Stretch(
                        float(from_min[k]),
                        float(until_min[k]),
                        str(activity[k]),
                        str(queue[k]),
                        bool(paid[k]),
                        f"{starts[k]}–{ends[k]}",
                    )
                    for k in members
                ),
            )
        )
    return found


def _told(times: pd.Series) -> tuple[list[str], list[date]]:
    """Wall clock and date of each time, found out once for all rows that share it."""
    codes, instants = pd.factorize(times)
    clocks, dates = [clock(t) for t in instants], [t.date() for t in instants]
    return [clocks[code] for code in codes], [dates[code] for code in codes]
