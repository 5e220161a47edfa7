"""Tiny centres with rules drawn at random, small enough for the compact model; arguments of ``roster``."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from small_rosters import MONDAY

from schedules.agents import Absence, Agent, Before, Contract, FixedShift, Window, Wish
from schedules.demand import Demand
from schedules.rules import NightWindow, Premium, Prices, Rules
from schedules.shifts import Break, ShiftKind
from schedules.teams import Activity, Fairness, Held, Pair, Presence, TeamRules

PAUSE = Break("pause", 60, 120, 240, False)


def _slots(weeks: int) -> pd.DatetimeIndex:
    first = pd.Timestamp(MONDAY, tz="Europe/Berlin")
    return pd.date_range(first, first + pd.Timedelta(weeks=weeks), freq="60min", inclusive="left")


def ruled(seed: int, people: int = 3, weeks: int = 1) -> tuple[tuple, TeamRules, Held | None]:
    """Positional arguments of ``roster``, team rules and a published roster, drawn from a seed."""
    chance = np.random.default_rng(seed)

    def often(share: float) -> bool:
        return bool(chance.random() < share)

    kinds = [
        ShiftKind("early", (360, 480), 360, 480, 120, (PAUSE,)),
        ShiftKind("late", (480,), 840, 960, 120, (PAUSE,)),
        ShiftKind("night", (480,), 1320, 1320, 120),
    ]
    rules = _rules(chance)
    contracts = [_contract(index, chance, weeks) for index in range(2)]
    starts = _slots(weeks)
    agents, wishes = [], []
    days = 7 * weeks
    for number in range(people):
        contract = contracts[int(chance.integers(2))]
        worked_before = int(chance.integers(0, 3)) if often(0.4) else 0
        eve = worked_before > 0
        before = Before(
            hours=float(chance.integers(0, 10)),
            nights_in_a_row=1 if eve and often(0.4) else 0,
            last_kind=str(chance.choice(["early", "late", "night"])) if eve else "",
            weekends=int(chance.integers(0, 2)),
            late_shifts=int(chance.integers(0, 3)),
            refused_wishes=int(chance.integers(0, 2)),
            hours_balance=float(chance.integers(-3, 4)),
        )
        agents.append(
            Agent(
                f"a{number}",
                contract,
                [frozenset({"p"}), frozenset({"p", "q"}), frozenset({"q"})][int(chance.integers(3))],
                tuple(Window(day, 360, 1440 + 480) for day in range(6)) if often(0.2) else None,
                frozenset({_day(chance, days)}) if often(0.3) else frozenset(),
                frozenset({_day(chance, days)}) if often(0.2) else frozenset(),
                _absence(chance, days) if often(0.2) else (),
                starts[0] - pd.Timedelta(hours=int(chance.integers(1, 20))) if eve else None,
                worked_before,
                team=str(chance.choice(["red", "blue"])),
                rotation=(("early", "night"), ("late", "early")) if often(0.15) else (),
                fixed=(FixedShift(_day(chance, days), "early"),) if often(0.15) else (),
                before=before,
            )
        )
        for _ in range(int(chance.integers(0, 3))):
            wishes.append(_wish(f"a{number}", chance, days))
    required = np.zeros((2, len(starts)))
    hour = np.asarray(starts.hour)
    for row in range(2):
        level = chance.integers(0, 2, size=24).astype(float) * (0.5 if often(0.3) else 1.0)
        required[row] = level[hour] * (chance.random(len(starts)) < 0.8)
    carried = np.zeros_like(required)
    if often(0.3):
        carried[0, :3] = 1.0
    demand = Demand(("p", "q"), starts, required, frozenset(), carried if carried.any() else None)
    premiums = [Premium("night", 0.25, 1320, 360), Premium("Sunday", 0.5, weekdays=(6,))]
    args = (agents, kinds, rules, premiums, demand, Prices(), wishes)
    return args, _team(chance, agents, starts), _held(chance, agents, kinds, days) if often(0.3) else None


def _day(chance: np.random.Generator, days: int) -> date:
    return MONDAY + timedelta(days=int(chance.integers(days)))


def _rules(chance: np.random.Generator) -> Rules:
    def maybe(share: float, value: object, otherwise: object = None) -> object:
        return value if chance.random() < share else otherwise

    return Rules(
        min_rest_h=float(chance.choice([8.0, 11.0, 13.0])),
        max_consecutive_days=int(chance.integers(3, 6)),
        max_start_spread_min=maybe(0.2, 600),  # type: ignore[arg-type]
        min_consecutive_days=maybe(0.3, 2, 1),  # type: ignore[arg-type]
        min_consecutive_days_off=maybe(0.3, 2, 1),  # type: ignore[arg-type]
        weekly_rest_h=maybe(0.4, float(chance.choice([36.0, 48.0]))),  # type: ignore[arg-type]
        max_nights_in_a_row=maybe(0.4, int(chance.integers(1, 3))),  # type: ignore[arg-type]
        night=NightWindow(1380, 360, 180),
        max_weekends=maybe(0.3, 1),  # type: ignore[arg-type]
        complete_weekends=bool(maybe(0.3, True, False)),
        forbidden_successions=maybe(0.4, (("night", "early"), ("late", "early")), ()),  # type: ignore[arg-type]
        max_shift_h=maybe(0.15, 7.0),  # type: ignore[arg-type]
    )


def _contract(index: int, chance: np.random.Generator, weeks: int) -> Contract:
    def maybe(share: float, value: float | None) -> float | None:
        return value if chance.random() < share else None

    return Contract(
        f"c{index}",
        (("early", "late", "night"), ("early", "late"), ("early", "night"))[int(chance.integers(3))],
        float(chance.integers(5, 13)),
        float(chance.integers(20, 36)),
        1,
        int(chance.integers(3, 6)),
        float(chance.integers(10, 20)),
        leave_day_h=maybe(0.5, 6.0),
        min_period_hours=maybe(0.2, 12.0 * weeks),
        max_period_hours=maybe(0.3, 30.0 * weeks),
        target_hours=maybe(0.4, 20.0),
        target_price_per_hour=5.0,
        overtime_after_hours=maybe(0.4, 16.0),
        overtime_share=0.25,
        daily_overtime_after_hours=maybe(0.3, 6.0),
        cost_per_shift=float(chance.choice([0.0, 15.0])),
    )


def _absence(chance: np.random.Generator, days: int) -> tuple[Absence, ...]:
    begin = pd.Timestamp(_day(chance, days), tz="Europe/Berlin") + pd.Timedelta(
        hours=int(chance.integers(6, 12))
    )
    return (Absence(begin, begin + pd.Timedelta(hours=int(chance.integers(2, 10))), "doctor"),)


def _wish(agent: str, chance: np.random.Generator, days: int) -> Wish:
    kind = str(chance.choice(["day_off", "work", "start_from", "start_until", "shift", "not_shift"]))
    return Wish(
        agent,
        kind,  # type: ignore[arg-type]
        _day(chance, days),
        float(chance.integers(5, 60)),
        int(chance.choice([420, 900])) if kind.startswith("start") else None,
        str(chance.choice(["early", "late", "night"])) if kind.endswith("shift") else None,
    )


def _team(chance: np.random.Generator, agents: list[Agent], starts: pd.DatetimeIndex) -> TeamRules:
    def often(share: float) -> bool:
        return bool(chance.random() < share)

    presence: list[Presence] = []
    if often(0.3):
        presence.append(
            Presence("red", 1, None, team="red", from_min=480, until_min=960, weekdays=(0, 1, 2, 3, 4))
        )
    if often(0.3):
        presence.append(Presence("seats", None, 1, from_min=600, until_min=900, price_per_hour=40.0))
    pairs = (
        (Pair("a0", "a1", together=often(0.5), price_per_hour=20.0),)
        if often(0.4) and len(agents) > 1
        else ()
    )
    activities: tuple[Activity, ...] = ()
    if often(0.4) and len(agents) > 1:
        begin = starts[0] + pd.Timedelta(days=int(chance.integers(5)), hours=9)
        who = tuple(agent.id for agent in agents[:2])
        activities = (Activity("meeting", who, 60, begin, begin + pd.Timedelta(hours=5), often(0.5), 90.0),)
    fair = Fairness(
        weekend=float(chance.choice([0.0, 30.0])),
        late_shift=float(chance.choice([0.0, 12.0])),
        refused_wish=float(chance.choice([0.0, 0.5])),
        late_after_min=20 * 60,
    )
    return TeamRules(tuple(presence), pairs, activities, fair)


def _held(chance: np.random.Generator, agents: list[Agent], kinds: list[ShiftKind], days: int) -> Held:
    shifts = {}
    for agent in agents:
        for day in range(0, days, 2):
            if chance.random() < 0.6:
                kind = kinds[int(chance.integers(len(kinds)))]
                shifts[agent.id, MONDAY + timedelta(days=day)] = (
                    kind.name,
                    kind.start_from_min,
                    kind.lengths_min[0],
                )
    return Held(shifts, frozenset(), float(chance.choice([5.0, 25.0])))
