"""Every legal tour of one person by plain enumeration, rule by rule as declared; nothing of the engine is used."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from schedules.agents import Agent, Wish
from schedules.rules import Rules
from schedules.shifts import ShiftKind
from schedules.teams import Fairness, Held

MINUTE = pd.Timedelta(minutes=1)


@dataclass(frozen=True)
class Shift:
    """A shift on a day; times in elapsed minutes since the horizon's start, and on the wall clock."""

    day: int
    kind: str
    start_min: int
    length_min: int
    begins: int
    ends: int
    wall_ends: int
    paid_min: int
    night_min: int

    @property
    def name(self) -> tuple:
        return (self.day, self.kind, self.start_min, self.length_min)


Tour = tuple[Shift | None, ...]


class Case:
    """One person's problem."""

    def __init__(
        self,
        agent: Agent,
        rules: Rules,
        kinds: Sequence[ShiftKind],
        monday: date,
        days: int,
        wishes: Sequence[Wish] = (),
        fairness: Fairness | None = None,
        held: Held | None = None,
        zone: str = "Europe/Berlin",
    ) -> None:
        self.agent, self.everybody, self.kinds = agent, rules, tuple(kinds)
        self.rules = agent.contract.rules or rules
        self.days = days
        self.dates = [monday + timedelta(days=day) for day in range(days)]
        self.wishes, self.fairness, self.held = tuple(wishes), fairness or Fairness(), held
        self.zone = zone
        self.midnights = [pd.Timestamp(monday + timedelta(days=day), tz=zone) for day in range(days + 1)]
        self.origin = self.midnights[0]
        self.shifts = [self._shifts_of(day) for day in range(days)]

    def minutes(self, moment: pd.Timestamp) -> int:
        return round((moment - self.origin) / MINUTE)

    def _shifts_of(self, day: int) -> list[Shift]:
        found = []
        for kind in self.kinds:
            if self.dates[day].weekday() not in kind.weekdays:
                continue
            for start_min in kind.starts_min():
                naive = pd.Timestamp(self.dates[day]) + start_min * MINUTE
                try:
                    start = naive.tz_localize(self.zone, ambiguous=True)
                except ValueError:
                    continue
                for length in kind.lengths_min:
                    end = start + length * MINUTE
                    wall = round((end.tz_localize(None) - pd.Timestamp(self.dates[day])) / MINUTE)
                    night = sum(
                        self._at_night(start + step * 15 * MINUTE) * 15 for step in range(length // 15)
                    )
                    found.append(
                        Shift(
                            day,
                            kind.name,
                            start_min,
                            length,
                            self.minutes(start),
                            self.minutes(end),
                            wall,
                            kind.paid_min(length),
                            night,
                        )
                    )
        return found

    def _at_night(self, moment: pd.Timestamp) -> bool:
        window, minute = self.rules.night, moment.hour * 60 + moment.minute
        if window.from_min < window.until_min:
            return window.from_min <= minute < window.until_min
        return minute >= window.from_min or minute < window.until_min

    def tours(self) -> Iterator[Tour]:
        """Every legal tour."""
        choices = [[None, *(shift for shift in shifts if self._may_work(shift))] for shifts in self.shifts]
        for tour in itertools.product(*choices):
            if self.legal(tour):
                yield tour

    def _may_work(self, shift: Shift) -> bool:
        agent, rules = self.agent, self.rules
        if shift.kind not in agent.contract.shifts or self.dates[shift.day] in agent.days_off:
            return False
        touched = range(shift.day, shift.day + (shift.wall_ends - 1) // 1440 + 1)
        if any(self.dates[0] + timedelta(days=day) in agent.leave for day in touched):
            return False
        if rules.max_shift_h is not None and shift.paid_min > rules.max_shift_h * 60:
            return False
        if agent.rotation and shift.kind not in agent.rotation[shift.day // 7 % len(agent.rotation)]:
            return False
        if agent.last_shift_end is not None:
            return shift.begins - self.minutes(agent.last_shift_end) >= rules.min_rest_h * 60
        return True

    def legal(self, tour: Tour) -> bool:
        worked = [shift for shift in tour if shift is not None]
        return (
            self._fixed(tour)
            and self._weeks(tour)
            and self._runs([shift is not None for shift in tour])
            and self._rest(worked)
            and self._weekly_rest(worked)
            and self._nights(tour)
            and self._successions(tour)
            and self._weekends(tour)
            and self._period(worked)
        )

    def _fixed(self, tour: Tour) -> bool:
        for fixed in self.agent.fixed:
            if fixed.day not in self.dates:
                continue
            shift = tour[self.dates.index(fixed.day)]
            if shift is None or shift.kind != fixed.kind:
                return False
            if fixed.start_min is not None and shift.start_min != fixed.start_min:
                return False
            if fixed.length_min is not None and shift.length_min != fixed.length_min:
                return False
        if self.held is not None:
            for day, date_ in enumerate(self.dates):
                if date_ not in self.held.frozen:
                    continue
                kept, shift = self.held.shifts.get((self.agent.id, date_)), tour[day]
                possible = [None if kept is None else kept]
                able = [
                    (other.kind, other.start_min, other.length_min)
                    for other in self.shifts[day]
                    if self._may_work(other)
                ]
                if kept is not None and kept not in able:
                    continue
                now = None if shift is None else (shift.kind, shift.start_min, shift.length_min)
                if now not in possible:
                    return False
        return True

    def weeks(self) -> list[range]:
        return [range(first, min(first + 7, self.days)) for first in range(0, self.days, 7)]

    def leave_in(self, days: range) -> int:
        return sum(self.dates[day] in self.agent.leave for day in days)

    def _weeks(self, tour: Tour) -> bool:
        contract = self.agent.contract
        for days in self.weeks():
            here = [tour[day] for day in days if tour[day] is not None]
            leave = self.leave_in(days)
            credit = contract.hours_per_leave_day * leave
            hours = sum(shift.paid_min for shift in here) / 60
            low, high = max(0, contract.min_hours - credit), max(0, contract.max_hours - credit)
            if not low - 1e-9 <= hours <= high + 1e-9:
                return False
            if not max(0, contract.min_days - leave) <= len(here) <= max(0, contract.max_days - leave):
                return False
            starts = [shift.start_min for shift in here]
            spread = self.rules.max_start_spread_min
            if spread is not None and starts and max(starts) - min(starts) > spread:
                return False
        return True

    def _runs(self, working: list[bool]) -> bool:
        at, rules = 0, self.rules
        for works, group in itertools.groupby(working):
            length = len(list(group))
            first, last = at == 0, at + length == len(working)
            at += length
            if (
                works
                and length + (self.agent.days_worked_before if first else 0) > rules.max_consecutive_days
            ):
                return False
            least = rules.min_consecutive_days if works else rules.min_consecutive_days_off
            if not first and not last and length < least:
                return False
        return True

    def _rest(self, worked: list[Shift]) -> bool:
        rest = self.rules.min_rest_h * 60
        return all(later.begins - earlier.ends >= rest for earlier, later in itertools.pairwise(worked))

    def _weekly_rest(self, worked: list[Shift]) -> bool:
        if self.rules.weekly_rest_h is None:
            return True
        busy = [(shift.begins, shift.ends) for shift in worked]
        if self.agent.last_shift_end is not None:
            end = self.minutes(self.agent.last_shift_end)
            busy.append((end - 60, end))
        for days in self.weeks():
            begin = self.minutes(self.midnights[days[0]])
            until = self.minutes(self.midnights[days[-1] + 1])
            inside = sorted((max(a, begin), min(b, until)) for a, b in busy if b > begin and a < until)
            edges = [begin, *(edge for stretch in inside for edge in stretch), until]
            longest = max(later - earlier for earlier, later in zip(edges[::2], edges[1::2], strict=True))
            if longest < self.rules.weekly_rest_h * 60:
                return False
        return True

    def is_night(self, shift: Shift | None) -> bool:
        return shift is not None and shift.night_min >= self.rules.night.at_least_min

    def _nights(self, tour: Tour) -> bool:
        if self.rules.max_nights_in_a_row is None:
            return True
        run = self.agent.before.nights_in_a_row
        for shift in tour:
            run = run + 1 if self.is_night(shift) else 0
            if run > self.rules.max_nights_in_a_row:
                return False
        return True

    def _successions(self, tour: Tour) -> bool:
        kinds = [self.agent.before.last_kind, *("" if shift is None else shift.kind for shift in tour)]
        return not set(itertools.pairwise(kinds)) & set(self.rules.forbidden_successions)

    def weekends(self) -> list[list[int]]:
        found: list[list[int]] = []
        for day, date_ in enumerate(self.dates):
            if date_.weekday() == 5:
                found.append([day])
            elif date_.weekday() == 6:
                if day > 0:
                    found[-1].append(day)
                else:
                    found.append([day])
        return found

    def _weekends(self, tour: Tour) -> bool:
        rules, worked = self.rules, 0
        for days in self.weekends():
            works = [tour[day] is not None for day in days]
            worked += any(works)
            if rules.complete_weekends and len(days) == 2 and any(works) != all(works):
                return False
        return (
            rules.max_weekends is None
            or not worked
            or worked + self.agent.before.weekends <= rules.max_weekends
        )

    def _period(self, worked: list[Shift]) -> bool:
        contract = self.agent.contract
        credit = contract.hours_per_leave_day * self.leave_in(range(self.days))
        hours = self.agent.before.hours + sum(shift.paid_min for shift in worked) / 60
        low = max(0.0, (contract.min_period_hours or 0.0) - credit)
        high = None if contract.max_period_hours is None else max(0.0, contract.max_period_hours - credit)
        return hours >= low - 1e-9 and (high is None or hours <= high + 1e-9)

    def parts(self, tour: Tour) -> dict[str, float]:
        """Pay and personal costs of a tour; this person alone is the roster, so nobody brings more than another."""
        contract, fairness = self.agent.contract, self.fairness
        parts = dict.fromkeys(
            ("pay", "refused_wishes", "overtime", "shift_fees", "target_hours", "fairness", "changes"), 0.0
        )
        worked = [shift for shift in tour if shift is not None]
        parts["pay"] = sum(shift.paid_min for shift in worked) / 60 * contract.cost_per_hour
        parts["shift_fees"] = len(worked) * contract.cost_per_shift
        supplement = contract.cost_per_hour * contract.overtime_share
        if contract.daily_overtime_after_hours is not None:
            for shift in worked:
                over = max(0.0, shift.paid_min / 60 - contract.daily_overtime_after_hours)
                parts["overtime"] += over * supplement
        for number, days in enumerate(self.weeks()):
            here = [tour[day] for day in days if tour[day] is not None]
            hours = sum(shift.paid_min for shift in here) / 60
            if contract.overtime_after_hours is not None:
                parts["overtime"] += max(0.0, hours - contract.overtime_after_hours) * supplement
            if contract.target_hours is not None:
                aim = contract.target_hours - contract.hours_per_leave_day * self.leave_in(days)
                aim -= self.agent.before.hours_balance if number == 0 else 0.0
                parts["target_hours"] += abs(hours - max(0.0, aim)) * contract.target_price_per_hour
            late = sum(shift.wall_ends > fairness.late_after_min for shift in here)
            parts["fairness"] += fairness.late_shift * late * (late - 1) / 2
        weekends = sum(any(tour[day] is not None for day in days) for days in self.weekends())
        parts["fairness"] += fairness.weekend * weekends * (weekends - 1) / 2
        for wish in self.wishes:
            shift = tour[self.dates.index(wish.day)]
            parts["refused_wishes"] += wish.weight * (not self.granted(wish, shift))
        if self.held is not None:
            for day, date_ in enumerate(self.dates):
                shift = tour[day]
                now = None if shift is None else (shift.kind, shift.start_min, shift.length_min)
                changed = now != self.held.shifts.get((self.agent.id, date_))
                parts["changes"] += changed * self.held.price_per_change
        return parts

    @staticmethod
    def granted(wish: Wish, shift: Shift | None) -> bool:
        if wish.kind == "day_off":
            return shift is None
        if wish.kind == "work":
            return shift is not None
        if wish.kind == "shift":
            return shift is not None and shift.kind == wish.shift
        if wish.kind == "not_shift":
            return shift is None or shift.kind != wish.shift
        if shift is None:
            return True
        return (
            shift.start_min >= wish.time_min
            if wish.kind == "start_from"
            else shift.start_min <= wish.time_min
        )
