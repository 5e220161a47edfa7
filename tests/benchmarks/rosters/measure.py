"""Measure rosters of seeded centres: people, proven gap, wall time, memory.

    python tests/benchmarks/rosters/measure.py 50 200 200:tight 1000 1000:4w 200:replan

Each argument is a number of people, ``:tight`` for utilisation 1.0 with 60 % restricted availability instead of
0.88 with 25 %, ``:4w`` for four weeks (any number up to eight) with carry-in, weekly rest and limited weekends,
``:replan`` for a week that is planned again after five absences and a busier day, at three prices of a change. Each
case runs in a process of its own, after one small roster that leaves compilation aside.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from schedules.agents import Agent, Before, Contract, Window, Wish
from schedules.check import check
from schedules.demand import Demand
from schedules.replan import held_from
from schedules.roster import roster
from schedules.rules import Premium, Prices, Rules
from schedules.shifts import Break, ShiftKind
from schedules.teams import Held

MONDAY = date(2026, 11, 23)
QUEUES = ("phone", "chat", "tickets")
SKILLS = (("phone",), ("chat",), ("tickets",), ("phone", "chat"), ("phone", "tickets"), QUEUES)
SKILL_SHARES = (0.30, 0.10, 0.05, 0.25, 0.15, 0.15)
QUEUE_SHARES = (0.60, 0.25, 0.15)


def centre(
    people: int, *, utilisation: float = 0.88, restricted: float = 0.25, seed: int = 1, weeks: int = 1
) -> tuple:
    """Three queues, six skill groups, full-time and part-time contracts, breaks, slots of 15 minutes.

    ``utilisation`` is the demand in hours of work as a share of what the contracts' mean hours leave after breaks.
    More than one week brings the past in, and rules over weeks.
    """
    chance = np.random.default_rng(seed)
    starts = pd.date_range(pd.Timestamp(MONDAY, tz="Europe/Berlin"), periods=weeks * 7 * 96, freq="15min")
    rest = Break("break", 15, 60, 150)
    kinds = [
        ShiftKind(
            "full",
            (480, 510, 540),
            360,
            780,
            30,
            (rest, Break("lunch", 30, 180, 300, False), Break("late break", 15, 330, 420)),
        ),
        ShiftKind("short", (240, 300, 360), 360, 1020, 30, (Break("break", 15, 90, 150),)),
    ]
    contracts = (
        Contract("full-time", ("full",), 35, 40, 4, 5, 20.0),
        Contract("part-time", ("short", "full"), 16, 25, 3, 5, 18.0),
        Contract("mini", ("short",), 8, 14, 2, 3, 17.0),
    )
    windows = [
        tuple(Window(day, begin, until) for day in range(7))
        for begin, until in ((360, 960), (720, 1440), (420, 1080))
    ]
    agents: list[Agent] = []
    wishes: list[Wish] = []
    for number in range(people):
        name = f"p{number:05d}"
        contract = contracts[int(chance.choice(3, p=(0.6, 0.3, 0.1)))]
        available = windows[int(chance.integers(3))] if chance.random() < restricted else None
        off = (
            frozenset({MONDAY + timedelta(days=int(chance.integers(7 * weeks)))})
            if chance.random() < 0.2
            else frozenset()
        )
        skills = frozenset(SKILLS[int(chance.choice(6, p=SKILL_SHARES))])
        agent = Agent(name, contract, skills, available, off)
        agents.append(carried_in(agent, starts[0], chance) if weeks > 1 else agent)
        if chance.random() < 0.3:
            kind = ("day_off", "work")[int(chance.integers(2))]
            wishes.append(
                Wish(
                    name,
                    kind,
                    MONDAY + timedelta(days=int(chance.integers(7 * weeks))),
                    float(chance.integers(5, 40)),
                )
            )
    hours = sum((agent.contract.min_hours + agent.contract.max_hours) / 2 for agent in agents) * 0.94 * weeks
    clock = np.asarray(starts.hour + starts.minute / 60)
    shape = np.exp(-(((clock - 11) / 2.6) ** 2)) + 0.8 * np.exp(-(((clock - 16) / 2.8) ** 2)) + 0.04
    shape = np.where((clock >= 6.5) & (clock < 21.5), shape, 0.0)
    shape = shape * np.where(np.asarray(starts.day_of_week) >= 5, 0.5, 1.0)
    required = np.stack(
        [np.round(4 * hours * utilisation * share * shape / shape.sum()) for share in QUEUE_SHARES]
    )
    premiums = [Premium("night", 0.25, 1200, 360), Premium("Sunday", 0.5, weekdays=(6,))]
    rules = Rules(11, 6, weekly_rest_h=36.0, max_weekends=max(1, weeks // 2)) if weeks > 1 else Rules(11, 6)
    return agents, kinds, rules, premiums, Demand(QUEUES, starts, required), Prices(), wishes


def carried_in(agent: Agent, first: pd.Timestamp, chance: np.random.Generator) -> Agent:
    """The same person with a past: half worked on Sunday, others have one weekend of the month behind them."""
    worked = int(chance.integers(1, 6)) if chance.random() < 0.5 else 0
    return replace(
        agent,
        last_shift_end=first - pd.Timedelta(hours=int(chance.integers(3, 9))) if worked else None,
        days_worked_before=worked,
        # With a run and a weekend behind them some would have no legal month at all.
        before=Before(weekends=int(not worked and chance.random() < 0.6)),
    )


def problem_of(case: str) -> tuple:
    """Arguments of ``roster`` for a case such as ``200:tight``."""
    people, _, kind = case.partition(":")
    if kind == "tight":
        return centre(int(people), utilisation=1.0, restricted=0.6)
    if kind.endswith("w"):
        return centre(int(people), weeks=int(kind[:-1]))
    return centre(int(people))


def changed(problem: tuple) -> tuple:
    """The week as things have become: five people away from Wednesday on, and a Friday that needs 15 % more."""
    agents, kinds, rules, premiums, demand, prices, wishes = problem
    away = frozenset(MONDAY + timedelta(days=day) for day in range(2, 7))
    agents = [replace(agent, leave=away) if number < 5 else agent for number, agent in enumerate(agents)]
    required = demand.required.copy()
    required[:, np.asarray(demand.starts.day_of_week == 4)] *= 1.15
    return agents, kinds, rules, premiums, replace(demand, required=np.round(required)), prices, wishes


def replan_lines(case: str) -> list[str]:
    """A line of figures for each price of a change: Monday and Tuesday are frozen."""
    problem = problem_of(case)
    published = roster(*problem).table
    problem = changed(problem)
    roster(*centre(4), held=Held({}, price_per_change=1.0), passes=1)
    lines = []
    for price in (0.0, 5.0, 20.0):
        frozen = frozenset({MONDAY, MONDAY + timedelta(days=1)})
        held = held_from(published, problem[0], problem[1], problem[4], frozen=frozen, price_per_change=price)
        begun, cpu = time.perf_counter(), time.process_time()
        found = roster(*problem, held=held)
        wall_s, cpu_s = time.perf_counter() - begun, time.process_time() - cpu
        before, after = (set(shifts(table)) for table in (published, found.table))
        days = len({(agent, identity[:10]) for agent, identity in before ^ after})
        lines.append(
            f"| {case} at {price:g} | {days} changed | {found.cost - found.cost_parts['changes']:.2f} | "
            f"{found.gap:.3%} | {wall_s:.1f} | {cpu_s:.1f} |"
        )
    return lines


def shifts(table: pd.DataFrame) -> zip:
    """Person and shift of every row."""
    return zip(table["agent"], table["shift_id"], strict=True)


def measure(case: str) -> str:
    """One line of figures for a case, or one for each price of a change."""
    if case.endswith(":replan"):
        return "\n".join(replan_lines(case))
    begun = time.perf_counter()
    roster(*centre(4), passes=1)
    compiled_s = time.perf_counter() - begun
    problem = problem_of(case)
    begun, cpu = time.perf_counter(), time.process_time()
    found = roster(*problem)
    wall_s, cpu_s = time.perf_counter() - begun, time.process_time() - cpu
    verdict = check(found.table, *problem)
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"| {case} | {found.gap:.3%} | {found.cost:.2f} | {found.bound:.2f} | {wall_s:.1f} | {cpu_s:.1f} | "
        f"{memory_mb:.0f} | {compiled_s:.1f} | {len(verdict.violations)} | {abs(verdict.cost - found.cost):.4f} |"
    )


def main(cases: list[str]) -> None:
    """Print a table of all cases."""
    print(
        "| people | gap | cost | bound | wall s | CPU s | MB | first use s | violations | cost difference |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for case in cases or ["50", "200", "200:tight", "1000"]:
        line = subprocess.run(
            [sys.executable, __file__, "--one", case], check=True, capture_output=True, text=True
        ).stdout
        print(line.strip(), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(measure(sys.argv[2]))
    else:
        main(sys.argv[1:])
