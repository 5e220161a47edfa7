"""One roster that obeys every rule, small enough to check by hand, and ways to change it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from schedules.agents import Agent, Contract, Wish
from schedules.check import CheckReport, check
from schedules.demand import Demand
from schedules.rules import Premium, Prices, Rules
from schedules.shifts import Break, ShiftKind
from schedules.teams import Held, TeamRules

ZONE = "Europe/Berlin"
MONDAY = date(2024, 3, 4)
DAY = ShiftKind(
    "day",
    (480,),
    8 * 60,
    10 * 60,
    30,
    (Break("tea", 15, 60, 180, paid=True), Break("lunch", 30, 180, 300, paid=False)),
    min_between_breaks_min=60,
)
NIGHT = ShiftKind("night-late", (480,), 22 * 60, 22 * 60, 30, weekdays=(0, 1, 2, 3, 4))
FULL = Contract("full", ("day", "night-late"), 14, 40, 2, 5, 20.0)
PART = Contract("part", ("day",), 7, 24, 1, 3, 30.0)
BREAKS = (("tea", 120, 15, True), ("lunch", 240, 30, False))


def at(day: int, minutes: float, zone: str = ZONE) -> pd.Timestamp:
    """Wall-clock time of a day of the week that starts on Monday 4 March 2024."""
    return (pd.Timestamp(MONDAY) + pd.Timedelta(days=day, minutes=minutes)).tz_localize(zone)


def shift(
    agent: str,
    day: int,
    start_min: int,
    queue: str,
    kind: str = "day",
    length: int = 480,
    breaks: tuple[tuple[str, int, int, bool], ...] = BREAKS,
) -> list[dict[str, Any]]:
    """Rows of one shift: work between the breaks, in elapsed time from the start."""
    start = at(day, start_min)
    name = f"{start:%Y-%m-%d}-{kind}-{start:%H%M}-{length}"
    rows, reached = [], 0

    def row(begin: int, end: int, activity: str, paid: bool) -> dict[str, Any]:
        return {
            "agent": agent,
            "start": start + pd.Timedelta(minutes=begin),
            "end": start + pd.Timedelta(minutes=end),
            "activity": activity,
            "paid": paid,
            "queue": queue if activity == "work" else "",
            "shift_id": name,
        }

    for activity, offset, minutes, paid in breaks:
        rows += [row(reached, offset, "work", True), row(offset, offset + minutes, activity, paid)]
        reached = offset + minutes
    return [*rows, row(reached, length, "work", True)]


@dataclass(frozen=True)
class Case:
    """Everything that the check reads."""

    table: pd.DataFrame
    agents: tuple[Agent, ...]
    kinds: tuple[ShiftKind, ...]
    rules: Rules
    premiums: tuple[Premium, ...]
    demand: Demand
    prices: Prices
    wishes: tuple[Wish, ...]
    team_rules: TeamRules = field(default_factory=TeamRules)
    held: Held | None = None

    def check(self) -> CheckReport:
        return check(
            self.table,
            self.agents,
            self.kinds,
            self.rules,
            self.premiums,
            self.demand,
            self.prices,
            self.wishes,
            team_rules=self.team_rules,
            held=self.held,
        )

    def with_rules(self, **rules: Any) -> Case:
        return replace(self, rules=replace(self.rules, **rules))

    def with_agent(self, number: int, **changes: Any) -> Case:
        agents = list(self.agents)
        agents[number] = replace(agents[number], **changes)
        return replace(self, agents=tuple(agents))

    def with_contract(self, number: int, **changes: Any) -> Case:
        return self.with_agent(number, contract=replace(self.agents[number].contract, **changes))

    def with_rows(self, *rows: dict[str, Any]) -> Case:
        return replace(self, table=pd.concat([self.table, pd.DataFrame(rows)], ignore_index=True))

    def edited(self, row: int, **values: Any) -> Case:
        records = self.table.to_dict("records")
        records[row] = {**records[row], **values}
        return replace(self, table=pd.DataFrame(records))

    def away(self, agent: str, day: int, begin_min: int, minutes: int, name: str = "coaching") -> Case:
        """A stretch of a person's work given to an activity; it must lie inside one row."""
        begin, end = at(day, begin_min), at(day, begin_min + minutes)
        records: list[dict[str, Any]] = []
        for row in self.table.to_dict("records"):
            if row["agent"] == agent and row["start"] <= begin and end <= row["end"]:
                pieces = [
                    {**row, "end": begin},
                    {**row, "start": begin, "end": end, "activity": name, "queue": ""},
                    {**row, "start": end},
                ]
                records += [piece for piece in pieces if piece["start"] < piece["end"]]
            else:
                records.append(row)
        return replace(self, table=pd.DataFrame(records))


def good() -> Case:
    """Anna works Monday and Tuesday 08:00–16:00 on the phone, Ben Wednesday 09:00–17:00 on chat.

    Each shift pays 7.5 h. Wages 15 × 20 + 7.5 × 30 = 525. Ben's hour from 16:00 earns half more:
    30 × 0.5 = 15. Of 2 chatters asked for on Wednesday 09:00–10:00 one is missing: 5 % of 2 at 60,
    the next 10 % at 90, the rest of 0.7 at 150, for an hour: 6 + 18 + 105 = 129. At work are
    3 × 7.25 h, asked for and there 2 h phone on Monday and 1 h chat: 18.75 h of surplus at 5 = 93.75.
    Anna's wish for a free Tuesday costs 12. Together 774.75.
    """
    starts = pd.date_range(at(0, 0), at(7, 0), freq="15min", inclusive="left")
    required = np.zeros((2, len(starts)))
    required[0, (starts >= at(0, 480)) & (starts < at(0, 600))] = 1.0
    required[1, (starts >= at(2, 540)) & (starts < at(2, 600))] = 2.0
    rows = shift("Anna", 0, 480, "phone") + shift("Anna", 1, 480, "phone") + shift("Ben", 2, 540, "chat")
    return Case(
        pd.DataFrame(rows),
        (Agent("Anna", FULL, frozenset({"phone"})), Agent("Ben", PART, frozenset({"phone", "chat"}))),
        (DAY, NIGHT),
        Rules(),
        (Premium("evening", 0.5, 16 * 60, 20 * 60, (0, 1, 2, 3, 4, 5, 6)),),
        Demand(("phone", "chat"), starts, required),
        Prices(),
        (
            Wish("Anna", "day_off", date(2024, 3, 5), 12.0),
            Wish("Ben", "start_from", date(2024, 3, 6), 8.0, 540),
        ),
    )


def replaced(case: Case, agent: str, day: int, rows: list[dict[str, Any]]) -> Case:
    """The roster with a person's shift of a day exchanged."""
    gone = (case.table["agent"] == agent) & (case.table["start"].dt.day == 4 + day)
    return replace(case, table=pd.concat([case.table[~gone], pd.DataFrame(rows)], ignore_index=True))


ANNA_NIGHT: dict[str, Any] = {"kind": "night-late", "breaks": ()}
