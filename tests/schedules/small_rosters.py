"""Small rosters that the tests share."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from schedules.agents import Agent, Contract, Window, Wish
from schedules.demand import Demand
from schedules.rules import Premium, Prices, Rules
from schedules.shifts import Break, ShiftKind

MONDAY = date(2026, 11, 23)


def week(slot_min: int = 60, monday: date = MONDAY, zone: str = "Europe/Berlin") -> pd.DatetimeIndex:
    """Slot starts of a local week; 167 or 169 hours where the clock changes."""
    first = pd.Timestamp(monday, tz=zone)
    last = pd.Timestamp(monday + timedelta(days=7), tz=zone)
    return pd.date_range(first, last, freq=f"{slot_min}min", inclusive="left")


def demand(starts: pd.DatetimeIndex, people: dict[str, dict[tuple[int, int, int], float]]) -> Demand:
    """Demand from ``{queue: {(weekday, from hour, until hour): people}}`` on the wall clock."""
    required = np.zeros((len(people), len(starts)))
    weekday, hour = np.asarray(starts.day_of_week), np.asarray(starts.hour)
    for row, blocks in enumerate(people.values()):
        for (day, begin, end), count in blocks.items():
            required[row, (weekday == day) & (hour >= begin) & (hour < end)] = count
    return Demand(tuple(people), starts, required)


def one_day_contract(
    name: str = "one day", cost: float = 10.0, shifts: tuple[str, ...] = ("day",)
) -> Contract:
    """Exactly one shift of eight hours in the week."""
    return Contract(name, shifts, 8, 8, 1, 1, cost)


DAY = ShiftKind("day", (480,), 480, 480)


def centre(
    people: int,
    seed: int,
    *,
    slot_min: int = 30,
    monday: date = MONDAY,
    spread_min: int | None = None,
    nights: bool = False,
) -> tuple:
    """A seeded centre of two queues: mixed contracts, skills, availability, leave, wishes; arguments of ``roster``."""
    chance = np.random.default_rng(seed)
    starts = week(slot_min, monday)
    breaks = (Break("break", 30, 60, 150, True), Break("lunch", 30, 180, 300, False))
    kinds = [
        ShiftKind("full", (480, 510), 360, 780, 60, breaks),
        ShiftKind(
            "short",
            (240, 300),
            420,
            960,
            60,
            (Break("break", 30, 60, 150, True),),
            weekdays=(0, 1, 2, 3, 4, 5),
        ),
    ]
    if nights:
        kinds.append(ShiftKind("night", (480, 600), 1200, 1380, 60, (Break("break", 30, 120, 240, True),)))
    names = tuple(kind.name for kind in kinds)
    contracts = [
        Contract("full", tuple(name for name in names if name != "short"), 35, 42, 4, 5, 20.0),
        Contract("part", ("short", "full"), 12, 20, 2, 4, 18.0),
    ]
    skills = [frozenset({"phone"}), frozenset({"chat"}), frozenset({"phone", "chat"})]
    first = starts[0]
    agents, wishes = [], []
    for number in range(people):
        contract = contracts[int(chance.random() < 0.35)]
        windows = None
        if chance.random() < 0.25:
            begin, end = [(360, 1080), (420, 1260)][int(chance.integers(2))]
            windows = tuple(Window(day, begin, end) for day in range(7))
        off = (
            frozenset({monday + timedelta(days=int(chance.integers(7)))})
            if chance.random() < 0.3
            else frozenset()
        )
        leave = (
            frozenset({monday + timedelta(days=int(chance.integers(5)))})
            if chance.random() < 0.1
            else frozenset()
        )
        last = first - pd.Timedelta(hours=float(chance.integers(1, 10))) if chance.random() < 0.3 else None
        agents.append(
            Agent(
                f"p{number:03d}",
                contract,
                skills[int(chance.choice(3, p=[0.4, 0.2, 0.4]))],
                windows,
                off,
                leave,
                (),
                last,
                int(chance.integers(0, 3)) if last is not None else 0,
            )
        )
        if chance.random() < 0.5:
            kind = ("day_off", "work", "start_from", "start_until")[int(chance.integers(4))]
            minute = int(chance.choice([420, 540, 720])) if kind.startswith("start") else None
            day = monday + timedelta(days=int(chance.integers(7)))
            wishes.append(Wish(f"p{number:03d}", kind, day, float(chance.integers(5, 50)), minute))
    hour = np.asarray(starts.hour + starts.minute / 60)
    shape = np.exp(-(((hour - 12) / 4) ** 2)) * ((hour >= 7) & (hour < 21)) + (0.15 if nights else 0.0)
    shape = shape * np.where(np.asarray(starts.day_of_week) >= 5, 0.5, 1.0)
    hours = sum((agent.contract.min_hours + agent.contract.max_hours) / 2 for agent in agents)
    phone = 0.65 * hours * 0.9 * shape / shape.sum() * 60 / slot_min
    chat = 0.35 * hours * 0.9 * shape / shape.sum() * 60 / slot_min
    needed = Demand(("phone", "chat"), starts, np.stack([np.round(phone), np.round(chat, 1)]))
    premiums = [Premium("night", 0.25, 1200, 360), Premium("Sunday", 0.5, weekdays=(6,))]
    return agents, kinds, Rules(11, 6, spread_min), premiums, needed, Prices(), wishes
