"""How evenly a roster treats people, and what each of them brings into the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.demand import Demand
from schedules.rostershifts import records, shifts_of
from schedules.rules import NightWindow, Rules
from schedules.shifts import ShiftKind
from schedules.teams import Fairness

_DAY_MIN = 24 * 60
_COUNTED = ("hours_balance_min", "weekends", "late_shifts", "night_shifts", "refused_wishes")


@dataclass(frozen=True)
class Balance:
    """Who carries how much.

    Attributes
    ----------
    table
        One row per person: ``agent, contract, paid_h, target_h, hours_balance_min, weekends, late_shifts,
        night_shifts, refused_wishes``, and with ``_before`` what was brought and ``_total`` the sum for all but night
        shifts. Without target hours in the contract ``target_h`` and the balance are missing.
    spread
        One row per count: ``count, minimum, maximum, mean, standard_deviation`` of the totals.
    """

    table: pd.DataFrame
    spread: pd.DataFrame

    @property
    def sentences(self) -> tuple[str, ...]:
        """The spread in words."""
        words = {
            "hours_balance_min": "minutes above target hours",
            "weekends": "weekends worked",
            "late_shifts": "late shifts",
            "night_shifts": "night shifts",
            "refused_wishes": "refused wishes",
        }
        return tuple(
            f"{words[row.count_]}: from {row.minimum:g} to {row.maximum:g} per person, {row.mean:.1f} on average, "
            f"standard deviation {row.standard_deviation:.1f}"
            for row in records(self.spread.rename(columns={"count": "count_"}))
            if not np.isnan(row.mean)
        )


@dataclass(frozen=True)
class CarriedForward:
    """What the next horizon starts from.

    Attributes
    ----------
    agents
        The same people, with ``before``, ``last_shift_end`` and ``days_worked_before`` at the end of this horizon;
        fixed shifts of this horizon are dropped.
    rows
        Rows of the roster table that reach past the horizon, cut at its end.
    """

    agents: tuple[Agent, ...]
    rows: pd.DataFrame

    def demand(self, following: Demand) -> Demand:
        """The next horizon's demand with the people of this one's last shifts at work in it."""
        carried = np.zeros_like(following.required)
        step = pd.Timedelta(minutes=following.slot_min)
        numbers = {name: index for index, name in enumerate(following.queues)}
        working = self.rows[self.rows["activity"] == "work"]
        for row in records(working):
            queue: Any = numbers.get(str(row.queue))
            start: Any = row.start
            end: Any = row.end
            if queue is None:
                continue
            first, until = (start - following.starts[0]) / step, (end - following.starts[0]) / step
            slots = np.arange(len(following.starts))
            carried[queue] += np.clip(np.minimum(until, slots + 1) - np.maximum(first, slots), 0.0, 1.0)
        return replace(following, carried=carried if carried.any() else following.carried)


class _Counts:
    """Counts per person of one roster table."""

    def __init__(
        self,
        table: pd.DataFrame,
        agents: Sequence[Agent],
        kinds: Sequence[ShiftKind],
        rules: Rules,
        fairness: Fairness,
        demand: Demand,
    ) -> None:
        self.dates = [day.date() for day in demand.days]
        first = self.dates[0]
        shifts = shifts_of(table, agents, kinds, demand.starts.tz)
        day = np.array([(one - first).days for one in shifts["day"]], dtype=np.int64)
        inside = (day >= 0) & (day < len(self.dates))
        shifts, self.day = shifts[inside].reset_index(drop=True), day[inside]
        self.shifts = shifts
        self.late = shifts["end_min"].to_numpy(dtype=float) > fairness.late_after_min
        self.night = _nights(shifts, {agent.id: agent.rules(rules).night for agent in agents})
        found = shifts.groupby("agent", sort=False).indices
        self.of = {agent.id: np.sort(found.get(agent.id, np.zeros(0, np.int64))) for agent in agents}

    def paid_h(self, agent: Agent, week: int | None = None) -> float:
        """Paid hours, of one week or all."""
        mine = self.of[agent.id]
        if week is not None:
            mine = mine[self.day[mine] // 7 == week]
        return float(self.shifts["paid_min"].to_numpy(dtype=float)[mine].sum() / 60.0)

    def weekends(self, agent: Agent) -> int:
        """Weekends on which a shift starts."""
        saturdays = {
            day - (self.dates[day].weekday() - 5)
            for day in self.day[self.of[agent.id]].tolist()
            if self.dates[day].weekday() >= 5
        }
        return len(saturdays)

    def target_h(self, agent: Agent) -> float | None:
        """Target of the horizon, leave credited, what was brought left aside."""
        contract = agent.contract
        if contract.target_hours is None:
            return None
        total = 0.0
        for week in range(-(-len(self.dates) // 7)):
            days = self.dates[7 * week : 7 * week + 7]
            leave = sum(day in agent.leave for day in days)
            total += max(0.0, contract.target_hours - contract.hours_per_leave_day * leave)
        return total

    def last_run(self, agent: Agent, which: np.ndarray, before: int) -> int:
        """Days in a row up to the last one on which a shift of ``which`` starts."""
        mine = self.of[agent.id]
        worked = set(self.day[mine[which[mine]]].tolist())
        run = 0
        for day in reversed(range(len(self.dates))):
            if day not in worked:
                return run
            run += 1
        return run + before


def _nights(shifts: pd.DataFrame, windows: dict[str, NightWindow]) -> np.ndarray:
    """Whether enough of each shift reads inside its person's night window on the wall clock."""
    start = shifts["start_min"].to_numpy(dtype=float)
    length = shifts["length_min"].to_numpy(dtype=float)
    plain = shifts["end_min"].to_numpy(dtype=float) - start == length
    found = np.zeros(len(shifts), dtype=bool)
    for window in set(windows.values()):
        since, until = window.from_min, window.until_min
        spans = [(since, until)] if since < until else [(since - _DAY_MIN, until), (since, until + _DAY_MIN)]
        spans += [(begin + _DAY_MIN, end + _DAY_MIN) for begin, end in spans[-1:]]
        inside = sum(
            np.clip(np.minimum(start + length, end) - np.maximum(start, begin), 0, None)
            for begin, end in spans
        )
        mine = np.array([windows.get(agent) == window for agent in shifts["agent"]], dtype=bool)
        found |= mine & (inside >= window.at_least_min)
    for index in np.flatnonzero(~plain):  # the clock changes inside
        one = shifts.iloc[index]
        if one["agent"] in windows:
            found[index] = _is_night(one["start"], one["end"], windows[one["agent"]])
    return found


def _is_night(start: pd.Timestamp, end: pd.Timestamp, window: NightWindow) -> bool:
    moments = pd.date_range(start, end, freq="min", inclusive="left")
    minute = np.asarray(moments.hour * 60 + moments.minute)
    if window.from_min <= window.until_min:
        inside = (minute >= window.from_min) & (minute < window.until_min)
    else:
        inside = (minute >= window.from_min) | (minute < window.until_min)
    return bool(int(inside.sum()) >= window.at_least_min)


def _refused(wishes: pd.DataFrame | None) -> dict[str, int]:
    if wishes is None or not len(wishes):
        return {}
    refused = wishes[~wishes["granted"].astype(bool)]
    return {str(agent): int(count) for agent, count in refused["agent"].value_counts().items()}


def balance(
    table: pd.DataFrame,
    agents: Sequence[Agent],
    kinds: Sequence[ShiftKind],
    rules: Rules,
    fairness: Fairness,
    demand: Demand,
    *,
    wishes: pd.DataFrame | None = None,
) -> Balance:
    """Hours, weekends, late and night shifts and refused wishes of everybody, the past carried in.

    Parameters
    ----------
    table
        A roster table of the demand's horizon.
    wishes
        ``Roster.wishes`` or ``CheckReport.wishes``: ``agent, granted``; without it nobody was refused.

    Notes
    -----
    A late shift ends after ``fairness.late_after_min``; a weekend counts if a shift starts on either day.
    """
    counts = _Counts(table, agents, kinds, rules, fairness, demand)
    refused = _refused(wishes)
    rows = []
    for agent in agents:
        mine = counts.of[agent.id]
        paid, target, past = counts.paid_h(agent), counts.target_h(agent), agent.before
        now = {
            "hours_balance_min": np.nan if target is None else round((paid - target) * 60.0, 6),
            "weekends": counts.weekends(agent),
            "late_shifts": int(counts.late[mine].sum()),
            "refused_wishes": refused.get(agent.id, 0),
        }
        brought = {
            "hours_balance_min": past.hours_balance * 60.0,
            "weekends": past.weekends,
            "late_shifts": past.late_shifts,
            "refused_wishes": past.refused_wishes,
        }
        rows.append(
            {
                "agent": agent.id,
                "contract": agent.contract.name,
                "paid_h": paid,
                "target_h": np.nan if target is None else target,
                "night_shifts": int(counts.night[mine].sum()),
                **now,
                **{f"{name}_before": value for name, value in brought.items()},
                **{f"{name}_total": now[name] + brought[name] for name in now},
            }
        )
    columns = ["agent", "contract", "paid_h", "target_h", "night_shifts"]
    counted = [name for name in _COUNTED if name != "night_shifts"]
    columns += counted + [f"{name}_before" for name in counted] + [f"{name}_total" for name in counted]
    result = pd.DataFrame(rows, columns=columns)
    spread = []
    for name in _COUNTED:
        values = result[name if name == "night_shifts" else f"{name}_total"].to_numpy(dtype=float)
        values = values[~np.isnan(values)]
        figures = (values.min(), values.max(), values.mean(), values.std()) if len(values) else (np.nan,) * 4
        spread.append((name, *map(float, figures)))
    return Balance(
        result,
        pd.DataFrame(spread, columns=["count", "minimum", "maximum", "mean", "standard_deviation"]),
    )


def carry_forward(
    table: pd.DataFrame,
    agents: Sequence[Agent],
    kinds: Sequence[ShiftKind],
    rules: Rules,
    fairness: Fairness,
    demand: Demand,
    *,
    wishes: pd.DataFrame | None = None,
    new_period: bool = False,
) -> CarriedForward:
    """The people as the next horizon must see them.

    Parameters
    ----------
    new_period
        Whether the period that hours and weekends are limited in begins anew after this horizon.

    Notes
    -----
    Hours of the period count leave as the contract does. Counts of weekends for fairness go on over periods, so a new
    period resets only ``hours``; weekends are kept where no limit on them is declared.
    """
    counts = _Counts(table, agents, kinds, rules, fairness, demand)
    refused = _refused(wishes)
    everything = np.ones(len(counts.shifts), dtype=bool)
    result = []
    for agent in agents:
        mine, past = counts.of[agent.id], agent.before
        target = counts.target_h(agent)
        leave = sum(day in agent.leave for day in counts.dates)
        hours = past.hours + counts.paid_h(agent) + agent.contract.hours_per_leave_day * leave
        limited = agent.rules(rules).max_weekends is not None
        last = counts.shifts.iloc[mine[-1]] if len(mine) else None
        on_the_eve = last is not None and counts.day[mine[-1]] == len(counts.dates) - 1
        before = replace(
            past,
            hours=0.0 if new_period else round(hours, 9),
            nights_in_a_row=counts.last_run(agent, counts.night, past.nights_in_a_row),
            last_kind=str(last["kind"]) if on_the_eve and last is not None else "",
            weekends=0 if new_period and limited else past.weekends + counts.weekends(agent),
            late_shifts=past.late_shifts + int(counts.late[mine].sum()),
            refused_wishes=past.refused_wishes + refused.get(agent.id, 0),
            hours_balance=(
                past.hours_balance
                if target is None
                else round(past.hours_balance + counts.paid_h(agent) - target, 9)
            ),
        )
        result.append(
            replace(
                agent,
                before=before,
                last_shift_end=agent.last_shift_end if last is None else pd.Timestamp(last["end"]),
                days_worked_before=counts.last_run(agent, everything, agent.days_worked_before),
                fixed=tuple(fixed for fixed in agent.fixed if fixed.day > counts.dates[-1]),
            )
        )
    end = demand.starts[-1] + pd.Timedelta(minutes=demand.slot_min)
    known = table["agent"].astype(str).isin(counts.of).to_numpy()
    rows = table[known & (pd.DatetimeIndex(table["end"]) > end)].copy()
    rows["start"] = pd.DatetimeIndex(rows["start"]).where(pd.DatetimeIndex(rows["start"]) > end, end)
    return CarriedForward(tuple(result), rows.reset_index(drop=True))
