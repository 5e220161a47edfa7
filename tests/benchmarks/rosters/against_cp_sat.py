"""Rosters and shift designs against CP-SAT and pyworkforce on what these can express: same instances, equal time.

    python tests/benchmarks/rosters/against_cp_sat.py [--people N ...] [--patience X] [--workers N]

CP-SAT gets a model of each roster with every break place as an option of its own, and as much wall time as ours took
(``--patience`` times that); pyworkforce knows no wages, hours or people, so its fewest shifts of fixed hours stand
against the shift design's. Both live in an environment that the first run makes with pip in ``ROSTER_PEERS`` or in the
user's cache folder, for ortools and highspy do not load in one process. Ours runs on one thread, theirs on
``--workers``. ``ratio`` below 1 means that ours is cheaper.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from measure import MONDAY, centre

from schedules.agents import Agent
from schedules.compact.case import Case
from schedules.demand import Demand
from schedules.design import design
from schedules.roster import roster
from schedules.rules import Prices, Rules, ShortageTier
from schedules.shifts import Break, ShiftKind

sys.path.insert(0, str(Path(__file__).parents[1]))
from peer_environment import environment

REQUIREMENTS = ("ortools==9.15.6755", "pyworkforce")
CENTS, PARTS = 100, 20
# Every price per slot and twentieth of a person must be a whole number of hundredths.
SCALE = CENTS * PARTS


def ask_peer(python: Path, what: str, task: dict) -> dict:
    """What the peer found."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "task.json"
        path.write_text(json.dumps(task))
        script = Path(__file__).with_name("peer_rosters.py")
        run = subprocess.run([python, script, what, path], capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(run.stderr)
    return json.loads(run.stdout)


def instance(people: int, breaks: bool) -> tuple:
    """A centre of ``measure.centre`` on slots of 30 minutes, without wishes and premiums, with one break or none."""
    agents, _, _, _, needed, _, _ = centre(people)
    pause = (Break("lunch", 30, 180, 300, False),) if breaks else ()
    kinds = [
        ShiftKind("full", (480, 510) if breaks else (480,), 360, 780, 60, pause),
        ShiftKind("short", (240, 300), 360, 1020, 60),
    ]
    required = needed.required[:, ::2]
    demand = Demand(needed.queues, pd.DatetimeIndex(needed.starts[::2]), np.ascontiguousarray(required))
    agents = [Agent(one.id, one.contract, one.skills, one.availability, one.days_off) for one in agents]
    return agents, kinds, Rules(11, 6), [], demand, Prices(), []


def task_of(problem: tuple, seconds: float, workers: int) -> dict:
    """The instance in whole numbers, every shift with every place of its breaks as an option."""
    case = Case(*problem)
    grid, demand, prices = case.grid, case.demand, case.prices
    groups = sorted(
        {tuple(sorted(demand.queues.index(skill) for skill in one.skills)) for one in case.agents}
    )
    people = []
    for agent in case.agents:
        contract, options = agent.contract, []
        for shift in case.shifts(agent)[0]:
            pattern = grid.patterns[grid.pattern[shift]]
            start, end = int(grid.start[shift]), int(grid.start[shift] + grid.length[shift])
            wage = contract.cost_per_hour * int(grid.paid_min[shift]) / 60.0
            places = [
                range(first, last + 1) for first, last in zip(pattern.earliest, pattern.latest, strict=True)
            ]
            for chosen in product(*places):
                away = {
                    start + first + more
                    for first, length in zip(chosen, pattern.length, strict=True)
                    for more in range(length)
                }
                options.append(
                    {
                        "day": int(grid.day[shift]),
                        "start": start,
                        "end": end,
                        "paid_min": int(grid.paid_min[shift]),
                        "cost": round(wage * SCALE),
                        "work": [slot for slot in range(start, min(end, grid.slots)) if slot not in away],
                    }
                )
        people.append(
            {
                "group": groups.index(tuple(sorted(demand.queues.index(skill) for skill in agent.skills))),
                "options": options,
                "minutes": [round(contract.min_hours * 60), round(contract.max_hours * 60)],
                "days": [contract.min_days, contract.max_days],
            }
        )
    money = CENTS * grid.slot_h
    return {
        "slots": grid.slots,
        "days": grid.days,
        "required": demand.required.astype(int).tolist(),
        "groups": groups,
        "people": people,
        "rest": round(case.rules.min_rest_h * 60 / grid.slot_min),
        "max_consecutive_days": case.rules.max_consecutive_days,
        "tiers": [
            (round(tier.up_to_share * PARTS), round(tier.price_per_hour * money)) for tier in prices.shortage
        ],
        "surplus": round(prices.surplus_per_hour * money),
        "seconds": seconds,
        "workers": workers,
    }


def compare_rosters(python: Path, people: int, breaks: bool, patience: float, workers: int) -> str:
    """One line of figures."""
    problem = instance(people, breaks)
    begun = time.perf_counter()
    ours = roster(*problem)
    ours_s = time.perf_counter() - begun
    theirs = ask_peer(python, "roster", task_of(problem, max(1.0, ours_s * patience), workers))
    cost = None if theirs["objective"] is None else theirs["objective"] / SCALE
    told = "none found" if cost is None else f"{cost:.2f}"
    ratio = "" if cost is None else f"{ours.cost / cost:.4f}"
    name = f"{people} people, {'one break' if breaks else 'no breaks'}"
    return (
        f"| {name} | {ours.cost:.2f} | {told} | {ratio} | {ours.bound:.2f} | {theirs['bound'] / SCALE:.2f} | "
        f"{ours_s:.1f} | {theirs['seconds']:.1f} |"
    )


def compare_designs(python: Path, peak: int, workers: int) -> str:
    """Fewest eight-hour shifts that cover a week, without breaks and wages."""
    starts = pd.date_range(pd.Timestamp(MONDAY, tz="Europe/Berlin"), periods=7 * 48, freq="30min")
    clock = np.asarray(starts.hour + starts.minute / 60)
    shape = np.exp(-(((clock - 11) / 2.6) ** 2)) + 0.8 * np.exp(-(((clock - 16) / 2.8) ** 2))
    shape = shape * np.where(np.asarray(starts.day_of_week) >= 5, 0.5, 1.0)
    required = np.round(peak * shape / shape.max())
    required[(clock < 6) | (clock >= 22)] = 0.0
    kind = ShiftKind("day", (480,), 360, 840, 30)
    # A hard cover is a price that nothing else outweighs; a shift costs 1.
    prices = Prices((ShortageTier(1.0, 1000.0),), 0.0)
    begun = time.perf_counter()
    ours = design(Demand(("q",), starts, required[None, :]), [kind], 1.0 / 8.0, [], prices)
    ours_s = time.perf_counter() - begun
    missing = float(np.maximum(required - ours.coverage, 0.0).sum())
    shifts = {
        f"{minute}": [int(minute <= 30 * period < minute + 480) for period in range(48)]
        for minute in kind.starts_min()
    }
    task = {
        "days": 7,
        "periods": 48,
        "shifts": shifts,
        "required": required.reshape(7, 48).astype(int).tolist(),
        "seconds": 60.0,
        "workers": workers,
    }
    theirs = ask_peer(python, "design", task)
    count = int(ours.table["agents"].sum())
    return (
        f"| peak {peak} | {count} | {theirs['objective']:g} | {count / theirs['objective']:.4f} | {missing:g} | "
        f"{ours_s:.2f} | {theirs['seconds']:.2f} | {theirs['seconds'] / ours_s:.1f} |"
    )


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, nargs="*", default=[5, 10, 25, 50])
    parser.add_argument("--peaks", type=int, nargs="*", default=[20, 100])
    parser.add_argument("--patience", type=float, default=1.0)
    parser.add_argument("--workers", type=int, default=2)
    wanted = parser.parse_args()
    python = environment("roster", REQUIREMENTS)
    roster(*centre(4), passes=1)  # compilation apart
    print("| roster | cost ours | cost CP-SAT | ratio | bound ours | bound CP-SAT | s ours | s CP-SAT |")
    print("|---|---|---|---|---|---|---|---|")
    for people, breaks in product(wanted.people, (False, True)):
        print(compare_rosters(python, people, breaks, wanted.patience, wanted.workers), flush=True)
    print(
        "\n| design | shifts ours | shifts pyworkforce | ratio | missing | s ours | s pyworkforce | times |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for peak in wanted.peaks:
        print(compare_designs(python, peak, wanted.workers), flush=True)


if __name__ == "__main__":
    main()
