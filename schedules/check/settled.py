"""Shifts that are settled: fixed ones, frozen days, and what each change of a published roster costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from schedules.agents import Agent, FixedShift
from schedules.check.horizon import Horizon
from schedules.check.ledger import Ledger
from schedules.check.presence import judgements
from schedules.check.priced import Bill
from schedules.check.report import Violation
from schedules.check.sequence import rotation_kinds
from schedules.check.shape import clock
from schedules.demand import Demand
from schedules.rules import Rules
from schedules.shifts import ShiftKind
from schedules.teams import Held

Form = tuple[str, float, float]
"""Kind, local start minute and length of a shift."""


@dataclass(frozen=True)
class Started:
    """The shifts that start on each person's days."""

    forms: dict[tuple[int, date], list[Form]]

    @classmethod
    def of(cls, shifts: pd.DataFrame) -> Started:
        """Gather them from shifts with ``kind``."""
        forms: dict[tuple[int, date], list[Form]] = {}
        columns = [shifts[name].tolist() for name in ("agent_no", "date", "kind", "wall_min", "length_min")]
        for number, day, kind, start, length in zip(*columns, strict=True):
            forms.setdefault((number, day), []).append((kind, start, length))
        return cls(forms)

    def told(self, number: int, day: date) -> str:
        """A person's day in words."""
        return " and ".join(in_words(form) for form in self.forms.get((number, day), [])) or "no shift"


def in_words(form: Form) -> str:
    """A shift in words."""
    kind, start, length = form
    return f"{kind} from {clock(start)} for {length:g} min"


def keeps(fixed: FixedShift, form: Form) -> bool:
    """Whether a shift is the settled one."""
    kind, start, length = form
    return kind == fixed.kind and fixed.start_min in (None, start) and fixed.length_min in (None, length)


def check_fixed(started: Started, agents: Sequence[Agent], horizon: Horizon, ledger: Ledger) -> None:
    """A shift of the settled kind, start and length on each settled day of the horizon."""
    for number, agent in enumerate(agents):
        for fixed in agent.fixed:
            offset = horizon.offset(fixed.day)
            if offset is None:
                continue
            start = "" if fixed.start_min is None else f" from {clock(fixed.start_min)}"
            length = "" if fixed.length_min is None else f" for {fixed.length_min} min"
            missing = Violation(
                "fixed shift",
                agent.id,
                horizon.begins[offset],
                started.told(number, fixed.day),
                f"{fixed.kind}{start}{length}",
            )
            forms = started.forms.get((number, fixed.day), [])
            ledger.record("fixed shift", 1, () if any(keeps(fixed, form) for form in forms) else [missing])


def check_held(
    started: Started,
    held: Held,
    agents: Sequence[Agent],
    kinds: Sequence[ShiftKind],
    rules: Sequence[Rules],
    demand: Demand,
    horizon: Horizon,
    ledger: Ledger,
    bill: Bill,
) -> None:
    """Frozen days as they were published, and the price of every other day that is not.

    A person whose published shift is no longer possible on a frozen day (an absence, a leave, another
    contract …) may have any day there; it is paid for as a change.
    """
    numbers = {agent.id: number for number, agent in enumerate(agents)}
    was: dict[tuple[int, date], Form] = {
        (numbers[agent], day): form for (agent, day), form in held.shifts.items() if agent in numbers
    }
    either = {key for key in (*was, *started.forms) if horizon.offset(key[1]) is not None}
    changed = []
    for number, day in sorted(either, key=lambda key: (agents[key[0]].id, key[1])):
        before = was.get((number, day))
        if started.forms.get((number, day), []) != ([] if before is None else [before]):
            changed.append((number, day, "no shift" if before is None else in_words(before)))
    bill.add(
        "changes",
        [
            (
                f"{agents[number].id}: {started.told(number, day)} instead of {before}",
                horizon.begins[horizon.offset(day) or 0],
                held.price_per_change,
            )
            for number, day, before in changed
        ],
    )
    frozen = [day for day in held.frozen if horizon.offset(day) is not None]
    ledger.record(
        "frozen day",
        len(frozen) * len(agents),
        [
            Violation(
                "frozen day",
                agents[number].id,
                horizon.begins[horizon.offset(day) or 0],
                started.told(number, day),
                before,
            )
            for number, day, before in changed
            if day in held.frozen
            and (
                (number, day) not in was
                or possible(was[number, day], day, agents[number], kinds, rules[number], demand)
            )
        ],
    )


def possible(
    form: Form, day: date, agent: Agent, kinds: Sequence[ShiftKind], rules: Rules, demand: Demand
) -> bool:
    """Whether a person may still work a published shift, as far as that shift alone decides."""
    name, start_min, length_min = form
    kind = next((kind for kind in kinds if kind.name == name), None)
    if kind is None or name not in agent.contract.shifts or day.weekday() not in kind.weekdays:
        return False
    if start_min not in kind.starts_min() or length_min not in kind.lengths_min:
        return False
    if rules.max_shift_h is not None and kind.paid_min(int(length_min)) > rules.max_shift_h * 60:
        return False
    if any(fixed.day == day and not keeps(fixed, form) for fixed in agent.fixed):
        return False
    turn = rotation_kinds(agent, (day - demand.starts[0].date()).days)
    if turn is not None and name not in turn:
        return False
    midnight = pd.Timestamp(day)
    wall = pd.DatetimeIndex([midnight + pd.Timedelta(minutes=start_min)])
    start = wall.tz_localize(demand.starts.tz, ambiguous=np.array([True]), nonexistent="NaT")[0]
    if pd.isna(start):
        return False
    end = start + pd.Timedelta(minutes=length_min)
    last = agent.last_shift_end
    if last is not None and start - last < pd.Timedelta(hours=rules.min_rest_h):
        return False
    shift: Any = SimpleNamespace(
        start=start,
        end=end,
        date=day,
        weekday=day.weekday(),
        wall_min=start_min,
        wall_end_min=(end.tz_localize(None) - midnight) / pd.Timedelta(minutes=1),
    )
    judged: Iterable[tuple[str, bool, str]] = judgements(shift, agent)
    return not any(broken for _, broken, _ in judged)
