"""Every rule about one person's shifts among each other, as rows of a program."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.compact.charges import Behind
from schedules.compact.choices import Wall
from schedules.compact.rows import Program
from schedules.rules import Rules
from schedules.teams import Fairness


class PersonRows:
    """Rows of one person over the yes-or-no variables of their shifts.

    Parameters
    ----------
    tag
        Prefix of new variables' names.
    shifts, choose
        Indices on the grid, and a variable for each.
    must
        Days on which one of the shifts is worked.
    """

    def __init__(
        self,
        program: Program,
        tag: str,
        wall: Wall,
        agent: Agent,
        rules: Rules,
        shifts: np.ndarray,
        choose: Sequence[Any],
        must: set[int],
    ) -> None:
        self.program, self.tag, self.wall, self.agent, self.rules = program, tag, wall, agent, rules
        self.shifts, self.choose, self.must = shifts, choose, must
        grid = wall.grid
        self.day = grid.day[shifts]
        self.paid_h = grid.paid_min[shifts] / 60.0
        self.start = grid.start[shifts]
        self.end = wall.end[shifts]

    def add(self, fairness: Fairness, back: Behind) -> None:
        """All rows, and the prices that hang on more than one shift."""
        self._days()
        self._rest()
        self._runs()
        self._weekly_rest()
        self._nights()
        self._weekends(fairness, back)
        self._successions()
        self._spread()
        self._hours()
        self._late(fairness, back)

    def _of(self, mask: np.ndarray) -> list[Any]:
        return [self.choose[index] for index in np.flatnonzero(mask).tolist()]

    def _name(self, day: int) -> str:
        date = self.wall.dates[day]
        return f"{date:%a} {date.day} {date:%b}"

    def _days(self) -> None:
        for day in range(self.wall.grid.days):
            today = self._of(self.day == day)
            if day in self.must:
                self.program.equal(today, [1.0] * len(today), 1.0)
            elif today:
                self.program.at_most(today, [1.0] * len(today), 1.0, "one shift a day")

    def _exclude(self, left: np.ndarray, right: np.ndarray, rule: str, where: str) -> None:
        """At most one of all these shifts; nothing where one side is empty."""
        if left.any() and right.any():
            chosen = self._of(left | right)
            self.program.at_most(chosen, [1.0] * len(chosen), 1.0, rule, where)

    def _rest(self) -> None:
        # A row for each start: who is not rested by then, and who starts by then.
        ready_min = self.end * self.wall.grid.slot_min + self.rules.min_rest_h * 60.0
        start_min = self.start * self.wall.grid.slot_min
        for day in range(self.wall.grid.days):
            for later in (day + 1, day + 2):
                today, then = self.day == day, self.day == later
                for moment in np.unique(start_min[then]):
                    tired = today & (ready_min > moment + 1e-6)
                    self._exclude(tired, then & (start_min <= moment), "minimum rest", self._name(later))

    def _worked(self, days: Sequence[int]) -> tuple[list[Any], list[float]]:
        chosen = self._of(np.isin(self.day, list(days)))
        return chosen, [1.0] * len(chosen)

    def _windows(self, limit: int, before: int, mask: np.ndarray, rule: str) -> None:
        """No more than ``limit`` days in a row on which a shift of ``mask`` starts."""
        days = self.wall.grid.days
        first = max(1, limit - before + 1)
        spans = [range(0, first)] if before and first <= days else []
        spans += [range(day, day + limit + 1) for day in range(days - limit)]
        for span in spans:
            chosen = self._of(mask & np.isin(self.day, list(span)))
            self.program.at_most(chosen, [1.0] * len(chosen), len(span) - 1.0, rule, self._name(span[-1]))

    def _runs(self) -> None:
        rules, days = self.rules, self.wall.grid.days
        everything = np.ones(len(self.shifts), dtype=bool)
        self._windows(
            rules.max_consecutive_days, self.agent.days_worked_before, everything, "consecutive days"
        )
        for length, rule, sign in (
            (rules.min_consecutive_days, "shortest run of days worked", 1.0),
            (rules.min_consecutive_days_off, "shortest run of free days", -1.0),
        ):
            for first in range(1, days):
                for ahead in range(first + 1, min(first + length, days)):
                    # worked[ahead] >= worked[first] - worked[first - 1]; for free days the same of 1 - worked.
                    chosen: list[Any] = []
                    weights: list[float] = []
                    for day, weight in ((ahead, 1.0), (first, -1.0), (first - 1, 1.0)):
                        names, _ = self._worked([day])
                        chosen += names
                        weights += [sign * weight] * len(names)
                    self.program.at_least(chosen, weights, 0.0 if sign > 0 else -1.0, rule, self._name(first))

    def _weekly_rest(self) -> None:
        if self.rules.weekly_rest_h is None:
            return
        grid = self.wall.grid
        needed = self.rules.weekly_rest_h * 60.0 / grid.slot_min
        last = self.agent.last_shift_end
        free_from = (
            (last - grid.starts[0]) / pd.Timedelta(minutes=grid.slot_min) if last is not None else -np.inf
        )
        for number, week in enumerate(self.wall.weeks()):
            begin, until = float(grid.day_slot[week[0]]), float(grid.day_slot[week[-1] + 1])
            # A stretch can always be moved ahead until it touches a shift or the week's edge.
            moments = {max(begin, float(free_from)), *(float(end) for end in self.end if end > begin)}
            moments = {
                moment for moment in moments if free_from <= moment and moment + needed <= until + 1e-9
            }
            picks = []
            for index, moment in enumerate(sorted(moments)):
                pick = self.program.binary(f"{self.tag}rest{number}_{index}")
                picks.append(pick)
                met = (self.end > moment + 1e-9) & (self.start < moment + needed - 1e-9)
                for day in np.unique(self.day[met]):
                    chosen = self._of(met & (self.day == day))
                    self.program.at_most([pick, *chosen], [1.0] * (1 + len(chosen)), 1.0, "stretch of rest")
            self.program.at_least(picks, [1.0] * len(picks), 1.0, "weekly rest", f"week {number + 1}")

    def _nights(self) -> None:
        limit = self.rules.max_nights_in_a_row
        if limit is not None:
            night = self.wall.night(self.rules.night)[self.shifts]
            self._windows(limit, self.agent.before.nights_in_a_row, night, "nights in a row")

    def _weekends(self, fairness: Fairness, back: Behind) -> None:
        rules, worked = self.rules, []
        if rules.max_weekends is None and not rules.complete_weekends and not fairness.weekend:
            return
        for number, days in enumerate(self.wall.weekends()):
            if rules.complete_weekends and len(days) == 2:
                saturday, plus = self._worked(days[:1])
                sunday, minus = self._worked(days[1:])
                both = [*plus, *(-weight for weight in minus)]
                for sign in (1.0, -1.0):
                    weights = [sign * weight for weight in both]
                    self.program.at_most(
                        saturday + sunday, weights, 0.0, "complete weekends", self._name(days[0])
                    )
            flag = self.program.binary(f"{self.tag}weekend{number}")
            worked.append(flag)
            for day in days:
                today, ones = self._worked([day])
                if today:
                    self.program.at_most([*today, flag], [*ones, -1.0], 0.0, "weekend flag")
        if rules.max_weekends is not None:
            left = max(0, rules.max_weekends - self.agent.before.weekends)
            self.program.at_most(worked, [1.0] * len(worked), left, "weekends")
        self._rising(worked, len(worked), fairness.weekend, back.weekends, f"{self.tag}fairweekend")

    def _rising(self, chosen: Sequence[Any], most: int, price: float, before: int, name: str) -> None:
        """``price * (before k + k (k - 1) / 2)`` for the ``k`` of ``chosen``, at most ``most``, that are one."""
        if not price or not chosen:
            return
        steps = [self.program.amount(f"{name}_{step}", 1.0) for step in range(most)]
        for step, variable in enumerate(steps):
            self.program.price(variable, price * (before + step))
        self.program.equal([*steps, *chosen], [1.0] * most + [-1.0] * len(chosen), 0.0)

    def _late(self, fairness: Fairness, back: Behind) -> None:
        late = self.wall.end_min[self.shifts] > fairness.late_after_min
        for number, days in enumerate(self.wall.weeks()):
            chosen = self._of(late & np.isin(self.day, list(days)))
            self._rising(
                chosen, len(days), fairness.late_shift, back.late_shifts, f"{self.tag}fairlate{number}"
            )

    def _successions(self) -> None:
        grid = self.wall.grid
        names = np.array([kind.name for kind in grid.kinds], dtype=object)[grid.kind[self.shifts]]
        for first, second in self.rules.forbidden_successions:
            for day in range(grid.days - 1):
                self._exclude(
                    (self.day == day) & (names == first),
                    (self.day == day + 1) & (names == second),
                    "forbidden succession",
                    self._name(day + 1),
                )

    def _spread(self) -> None:
        spread = self.rules.max_start_spread_min
        if spread is None:
            return
        minute = self.wall.grid.start_min[self.shifts]
        for week in self.wall.weeks():
            for one, other in combinations(week, 2):
                for early, late in ((one, other), (other, one)):
                    for low in np.unique(minute[self.day == early]):
                        self._exclude(
                            (self.day == early) & (minute <= low),
                            (self.day == late) & (minute > low + spread),
                            "start spread",
                            self._name(late),
                        )

    def _hours(self) -> None:
        contract, program = self.agent.contract, self.program
        before = self.agent.before
        for number, week in enumerate(self.wall.weeks()):
            leave = self.wall.leave_days(self.agent, week)
            credit = contract.hours_per_leave_day * leave
            inside = np.isin(self.day, list(week))
            chosen, hours = self._of(inside), self.paid_h[inside].tolist()
            where, ones = f"week {number + 1}", [1.0] * int(inside.sum())
            program.at_least(
                chosen, hours, max(0.0, contract.min_hours - credit) - 1e-6, "minimum hours", where
            )
            program.at_most(
                chosen, hours, max(0.0, contract.max_hours - credit) + 1e-6, "maximum hours", where
            )
            program.at_least(chosen, ones, max(0, contract.min_days - leave), "minimum days", where)
            program.at_most(chosen, ones, max(0, contract.max_days - leave), "maximum days", where)
            if contract.overtime_after_hours is not None and contract.overtime_share:
                extra = program.amount(f"{self.tag}overtime{number}")
                program.price(extra, contract.cost_per_hour * contract.overtime_share)
                minus = [-hour for hour in hours]
                program.at_least([extra, *chosen], [1.0, *minus], -contract.overtime_after_hours, "overtime")
            if contract.target_hours is not None and contract.target_price_per_hour:
                target = max(
                    0.0, contract.target_hours - credit - (before.hours_balance if number == 0 else 0.0)
                )
                away = program.amount(f"{self.tag}away{number}")
                program.price(away, contract.target_price_per_hour)
                program.at_least([away, *chosen], [1.0, *(-hour for hour in hours)], -target, "target")
                program.at_least([away, *chosen], [1.0, *hours], target, "target")
        credit = contract.hours_per_leave_day * self.wall.leave_days(self.agent, range(self.wall.grid.days))
        everything, hours = list(self.choose), self.paid_h.tolist()
        if contract.min_period_hours is not None:
            low = max(0.0, contract.min_period_hours - credit - before.hours)
            program.at_least(everything, hours, low - 1e-6, "minimum hours of the period")
        if contract.max_period_hours is not None:
            high = max(0.0, contract.max_period_hours - credit - before.hours)
            program.at_most(everything, hours, high + 1e-6, "maximum hours of the period")
