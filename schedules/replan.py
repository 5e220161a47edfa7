"""A published roster under new circumstances: as few changes as it pays, each one named with its reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from schedules.agents import Agent, Wish
from schedules.demand import Demand
from schedules.errors import InvalidSchedule
from schedules.roster import Roster, roster
from schedules.rostershifts import records, shifts_of
from schedules.rules import Premium, Prices, Rules
from schedules.shifts import ShiftKind
from schedules.teams import Held, TeamRules

if TYPE_CHECKING:
    from schedules.compact.case import Case

BREAKS_MOVED = "breaks moved"
_NO_TEAM_RULES = TeamRules()
_COLUMNS = ("agent", "day", "change", "before", "after", "reason", "keeping_costs")


@dataclass(frozen=True)
class Replanned:
    """The new roster and how it differs from the published one.

    Attributes
    ----------
    roster
        The new roster; its cost holds the price of the changes.
    changes
        ``agent, day, change, before, after, reason, keeping_costs``: one row per person and day whose shift is
        another or has its breaks elsewhere. ``change`` is ``moved``, ``added``, ``gone`` or ``breaks moved``;
        ``keeping_costs`` is what the published shift would cost more now, the best week of that person around it,
        everybody else as in the new roster, the price of changes left aside; ``nan`` for breaks and where
        it cannot be kept.
    changed
        Number of changed shifts; breaks that moved inside an unchanged shift are not counted.
    cost_before
        The published roster under the new demand, rules and absences, as the independent check prices it; rules that
        it now breaks are in ``violations_before``.
    cost_after
        The new roster, the price of its changes left out.
    not_kept
        ``agent, day, before, reason`` of frozen days that could not be kept.
    notes
        Sentences that the reader must know.
    """

    roster: Roster
    changes: pd.DataFrame
    changed: int
    cost_before: float
    cost_after: float
    violations_before: int
    not_kept: pd.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def people(self) -> int:
        """Number of people with a changed shift."""
        return int(self.changes.loc[self.changes["change"] != BREAKS_MOVED, "agent"].nunique())

    @property
    def breaks_moved(self) -> int:
        """Number of unchanged shifts whose breaks moved."""
        return int((self.changes["change"] == BREAKS_MOVED).sum())

    @property
    def table(self) -> pd.DataFrame:
        """The differences, as ``changes``."""
        return self.changes

    @property
    def sentences(self) -> tuple[str, ...]:
        """The differences in words, a sentence per person."""
        lines = []
        for agent, rows in self.changes.groupby("agent", sort=True):
            days = "; ".join(_sentence(row) for row in records(rows))
            lines.append(f"{agent}: {days}.")
        return tuple(lines)

    def summary(self) -> str:
        """A few sentences for a person."""
        broken = f", {self.violations_before} rules broken" if self.violations_before else ""
        return (
            f"{self.changed} shifts of {self.people} people change; cost {self.cost_after:.2f} instead of "
            f"{self.cost_before:.2f} for the published roster as things are now{broken}"
        )


def _sentence(row: Any) -> str:
    day = f"{row.day:%a} {row.day.day} {row.day:%b}"
    if row.change == "added":
        what = f"{day} {row.after} is new"
    elif row.change == "gone":
        what = f"{day} {row.before} is gone"
    elif row.change == BREAKS_MOVED:
        what = f"{day} {row.after}, not {row.before.removeprefix('breaks at ')}"
    else:
        what = f"{day} {row.after} instead of {row.before}"
    return f"{what} ({row.reason})"


def held_from(
    published: pd.DataFrame,
    agents: Sequence[Agent],
    kinds: Sequence[ShiftKind],
    demand: Demand,
    *,
    frozen: Collection[date] = (),
    price_per_change: float = 0.0,
) -> Held:
    """What a published roster table says about each person and day of the horizon."""
    shifts = shifts_of(published, agents, kinds, demand.starts.tz)
    inside = {day.date() for day in demand.days}
    known = {agent.id for agent in agents}
    own = [row for row in records(shifts) if row.day in inside and row.agent in known]
    kept = {
        (str(row.agent), row.day): (str(row.kind), int(row.start_min), int(row.length_min)) for row in own
    }
    breaks, meetings = _away_from_queues(published, own, kinds, demand)
    return Held(kept, frozenset(frozen), price_per_change, breaks, meetings)


def _away_from_queues(
    published: pd.DataFrame, shifts: Sequence[Any], kinds: Sequence[ShiftKind], demand: Demand
) -> tuple[dict[tuple[str, date], tuple[int, ...]], dict[tuple[str, str], pd.Timestamp]]:
    """Breaks of each shift in minutes after its start, and the start of each activity attended."""
    pauses = {kind.name: {pause.name for pause in kind.breaks} for kind in kinds}
    away = published[(published["activity"].astype(str) != "work").to_numpy()]
    rows: dict[str, list[Any]] = {}
    for row in records(away.sort_values("start", kind="stable")):
        rows.setdefault(str(row.agent), []).append(row)
    breaks: dict[tuple[str, date], tuple[int, ...]] = {}
    meetings: dict[tuple[str, str], pd.Timestamp] = {}
    minute = pd.Timedelta(minutes=1)
    for shift in shifts:
        agent = str(shift.agent)
        inside = [row for row in rows.get(agent, []) if shift.start <= row.start < shift.end]
        names = pauses.get(str(shift.kind), set())
        breaks[agent, shift.day] = tuple(
            int((row.start - shift.start) // minute) for row in inside if str(row.activity) in names
        )
        for row in inside:
            if str(row.activity) not in names:
                meetings[agent, str(row.activity)] = row.start.tz_convert(demand.starts.tz)
    return breaks, meetings


def replan(
    agents: Sequence[Agent],
    kinds: Sequence[ShiftKind],
    rules: Rules,
    premiums: Sequence[Premium],
    demand: Demand,
    prices: Prices,
    wishes: Sequence[Wish],
    published: pd.DataFrame,
    *,
    frozen: Collection[date] = (),
    until: date | None = None,
    price_per_change: float = 20.0,
    team_rules: TeamRules = _NO_TEAM_RULES,
    seed: int = 0,
    passes: int = 6,
    time_limit_s: float | None = None,
    most_priced: int = 60,
    make: Callable[..., Roster] = roster,
    on_progress: Callable[[str], None] | None = None,
) -> Replanned:
    """Plan again after demand, absences or rules have changed, and leave alone what can stay.

    Parameters
    ----------
    agents, kinds, rules, premiums, demand, prices, wishes, team_rules
        As things are now.
    published
        The roster table that people have; shifts outside the horizon and of people who are no longer in the plan
        are left out and noted.
    frozen
        Days that may not change.
    until
        Last day of a stretch from the horizon's first day that may not change either.
    price_per_change
        Money per person and day whose shift is another, added or gone, >= 0.
    seed, passes, time_limit_s, on_progress
        As in :func:`schedules.roster.roster`.

    most_priced
        Changes for which it is asked what keeping would cost; each takes a few hundredths of a second.

    make
        What makes the roster; :func:`schedules.compact.solve` makes small cases exact.

    Raises
    ------
    NoFeasibleRoster
        If somebody has no legal week any more.
    InvalidSchedule
        If the table or the declarations cannot be used, or a frozen day lies outside the horizon.
    """
    from schedules.check import check
    from schedules.compact.case import Case

    inside = [day.date() for day in demand.days]
    strange = sorted(day for day in frozen if day not in inside)
    if strange:
        raise InvalidSchedule(
            f"frozen days from {inside[0]} to {inside[-1]} expected, got {', '.join(map(str, strange))}"
        )
    still = frozenset(frozen) | {day for day in inside if until is not None and day <= until}
    held = held_from(published, agents, kinds, demand, frozen=still, price_per_change=price_per_change)
    notes = _left_out(published, agents, kinds, demand)
    before = check(
        _of_horizon(published, agents, demand),
        agents,
        kinds,
        rules,
        premiums,
        demand,
        prices,
        wishes,
        team_rules=team_rules,
    )
    budget: dict[str, Any] = {"seed": seed}
    if make is roster:
        budget |= {"passes": passes, "time_limit_s": time_limit_s, "on_progress": on_progress}
    found = make(
        agents,
        kinds,
        rules,
        premiums,
        demand,
        prices,
        wishes,
        team_rules=team_rules,
        held=held,
        **budget,
    )
    # Other days of a person change no more easily than in the roster, but none of them is frozen here.
    loose = replace(held, frozen=frozenset())
    case = Case(agents, kinds, rules, premiums, demand, prices, wishes, team_rules, loose)
    shifts = _changes(case, held, found.table, most_priced)
    moved = _moved_breaks(held, held_from(found.table, agents, kinds, demand))
    changes = pd.concat([shifts, moved], ignore_index=True) if len(moved) else shifts
    changes = changes.sort_values(["agent", "day"], kind="stable", ignore_index=True)
    not_kept = shifts.loc[shifts["day"].isin(still), ["agent", "day", "before", "reason"]]
    found = replace(found, wishes=_with_frozen(found.wishes, still, not_kept))
    return Replanned(
        roster=found,
        changes=changes,
        changed=len(shifts),
        cost_before=float(before.cost),
        cost_after=float(found.cost - found.cost_parts.get("changes", 0.0)),
        violations_before=len(before.violations),
        not_kept=not_kept.reset_index(drop=True),
        notes=(*notes, *found.notes),
    )


def _of_horizon(published: pd.DataFrame, agents: Sequence[Agent], demand: Demand) -> pd.DataFrame:
    """Rows that the check can price: known people, shifts that start inside the horizon."""
    known = published["agent"].astype(str).isin({agent.id for agent in agents})
    return published[known.to_numpy() & (pd.DatetimeIndex(published["end"]) > demand.starts[0])]


def _left_out(
    published: pd.DataFrame, agents: Sequence[Agent], kinds: Sequence[ShiftKind], demand: Demand
) -> list[str]:
    shifts = shifts_of(published, agents, kinds, demand.starts.tz)
    inside = {day.date() for day in demand.days}
    known = {agent.id for agent in agents}
    notes = []
    gone = sorted(set(shifts["agent"]) - known)
    if gone:
        some = ", ".join(gone[:5]) + (" …" if len(gone) > 5 else "")
        notes.append(f"{len(gone)} people of the published roster are not in the plan any more: {some}")
    outside = int((~shifts["day"].isin(inside)).sum())
    if outside:
        notes.append(f"{outside} published shifts start outside the horizon and were left out")
    strange = int((shifts["kind"] == "").sum())
    if strange:
        notes.append(f"{strange} published shifts fit no declared shift kind and cannot be kept")
    return notes


def _moved_breaks(held: Held, now: Held) -> pd.DataFrame:
    """Shifts that are as published, with their breaks elsewhere; one row a shift, columns as of the changes."""
    rows: list[tuple] = []
    for (agent, day), shift in sorted(held.shifts.items()):
        then, here = held.breaks.get((agent, day)), now.breaks.get((agent, day))
        if now.shifts.get((agent, day)) != shift or not then or not here or then == here:
            continue
        texts = [
            "breaks at " + " and ".join(_clock(shift[1] + minute) for minute in minutes)
            for minutes in (then, here)
        ]
        reason = (
            "the published breaks cannot be kept"
            if day in held.frozen or len(then) != len(here)
            else "that costs less by more than half the price of a change"
        )
        rows.append((agent, day, BREAKS_MOVED, *texts, reason, float("nan")))
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"keeping_costs": float})


def _with_frozen(wishes: pd.DataFrame, frozen: Collection[date], not_kept: pd.DataFrame) -> pd.DataFrame:
    """Outcomes of wishes that say so where a frozen day refuses one."""
    thawed = set(zip(not_kept["agent"], not_kept["day"], strict=True))
    reasons = [
        "refused: the day is frozen"
        if not row.granted and row.day in frozen and (row.agent, row.day) not in thawed
        else row.reason
        for row in records(wishes)
    ]
    return wishes.assign(reason=pd.Series(reasons, index=wishes.index, dtype="str"))


def _changes(case: Case, held: Held, table: pd.DataFrame, most_priced: int) -> pd.DataFrame:
    """Differences per person and day, with what each published shift would cost now."""
    from schedules.explain.margin import Margin
    from schedules.explain.shift import current_shifts

    after = current_shifts(case, table)
    rows: list[tuple] = []
    margin = None
    for agent in sorted(case.agents, key=lambda one: one.id):
        mine = after.get(agent.id, {})
        changed = []
        for number, day in enumerate(case.wall.dates):
            was, now = held.shifts.get((agent.id, day)), mine.get(number)
            same = _places(case, number, was)
            if (was is None and now is None) or (now is not None and now in same):
                continue
            changed.append((number, day, was, now, same))
        if changed:
            margin = margin or Margin(case, table)
            rows += _reasons(case, margin, agent, mine, changed, len(rows) < most_priced)
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"keeping_costs": float})


def _places(case: Case, number: int, was: tuple[str, int, int] | None) -> set[int]:
    return set() if was is None else set(np.flatnonzero(case.wall.find(number, *was)).tolist())


def _reasons(
    case: Case, margin: Any, agent: Agent, mine: dict[int, int], changed: list[tuple], priced: bool
) -> list[tuple]:
    """Why each of a person's days differs."""
    from schedules.compact.choices import contract_refuses, refusals
    from schedules.explain.shift import stay
    from schedules.explain.week import Week, shift_text

    week = Week(case, agent, margin.values(agent), margin.activities.get(agent.id))
    now_tour = stay(week, mine) if priced else None
    masks = refusals(case.wall, agent, agent.rules(case.rules))
    masks["the contract"] = contract_refuses(case.wall, agent)
    rows = []
    for number, day, was, now, same in changed:
        before = "free" if was is None else _published_text(was)
        after = shift_text(case.grid, now)
        change = "added" if was is None else "gone" if now is None else "moved"
        price = float("nan")
        if was is not None and not same:
            reason = "the published shift is not among the declared shifts"
        elif refused := [name for name, mask in masks.items() if same and all(mask[shift] for shift in same)]:
            reason = "cannot be kept: " + " and ".join(refused)
        elif not priced:
            reason = "the roster as a whole is cheaper without it"
        else:
            others = ~np.isin(week.shifts, list(same)) & (week.day == number)
            keep = week.best(
                others, free=(number,) if was is None else (), worked=() if was is None else (number,)
            )
            if keep is None:
                reason = "cannot be kept with the rest of the week under the rules"
            elif now_tour is None:
                reason = "the week is arranged anew"
            else:
                price = _without_changes(keep) - _without_changes(now_tour)
                moved = _moved(keep, now_tour, number)
                if price > 0.005:
                    reason = f"keeping it would cost {price:.2f} more now{moved}"
                elif price < -0.005:
                    reason = "the search ended before a cheaper week of this person was found"
                elif moved:
                    reason = "another day of the week could change in its place at the same cost"
                else:
                    reason = "keeping it would cost the same now"
        rows.append((agent.id, day, change, before, after, reason, price))
    return rows


def _without_changes(tour: Any) -> float:
    return float(tour.cost - tour.parts["changes"])


def _moved(keep: Any, now: Any, number: int) -> str:
    days = set(keep.shifts) | set(now.shifts)
    other = sum(keep.shifts.get(day) != now.shifts.get(day) for day in days if day != number)
    days_word = "day" if other == 1 else "days"
    return f" and change {other} other {days_word} of the week" if other else ""


def _published_text(was: tuple[str, int, int]) -> str:
    kind, start, length = was
    return f"{kind or 'shift'} {_clock(start)}–{_clock(start + length)}"


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"
