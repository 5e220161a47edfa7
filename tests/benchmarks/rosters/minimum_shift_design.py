"""Measure shift design: free, and with at most so many distinct shifts.

    python tests/benchmarks/rosters/minimum_shift_design.py [peak PEAK | limits PEAK | instances] ...

``peak 300`` designs a seeded week with 300 people at its peak without limits, ``limits 300`` the same week with at
most 24, 12 and 6 distinct shifts, and ``instances`` reads the minimum-shift-design instances below the folder that
``STAFFING_REFERENCE_DATA`` names (``shift_design/DataSet1/*.dzn``; Musliu, Schaerf, Slany 2004). There an hour too
many and an hour too few cost 60 each and wages nothing, so that cost is minutes off the demand. The instances are
cyclic and a plan is not: Sunday's night shift does not work on Monday, so the first hours of the week stay short.
"""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from schedules.demand import Demand
from schedules.design import Design, design
from schedules.rules import Premium, Prices, ShortageTier
from schedules.shifts import Break, ShiftKind

MONDAY = pd.Timestamp("2026-11-23", tz="Europe/Berlin")


def weekly(peak: int, seed: int = 1) -> tuple[Demand, list[ShiftKind]]:
    """A week in quarter hours, 07:00-22:00 with two humps, quieter at the weekend; shifts of 4 to 10 h."""
    chance = np.random.default_rng(seed)
    starts = pd.date_range(MONDAY, periods=7 * 96, freq="15min")
    hour = (starts.hour + starts.minute / 60).to_numpy()
    day = np.exp(-(((hour - 10.5) / 2.6) ** 2)) + 0.8 * np.exp(-(((hour - 15.5) / 3.2) ** 2)) + 0.12
    level = np.where(starts.day_of_week >= 5, 0.45, 1.0) * day * ((hour >= 7) & (hour < 22))
    level = level * chance.normal(1.0, 0.04, len(starts))
    required = np.rint(peak * level / level.max())
    kind = ShiftKind(
        "day",
        tuple(range(240, 601, 30)),
        300,
        1080,
        30,
        (Break("break", 15, 45, 105), Break("lunch", 30, 105, 180, False), Break("late break", 15, 165, 210)),
        min_between_breaks_min=15,
    )
    return Demand(("phone",), starts, required[None, :]), [kind]


def instance(path: Path) -> tuple[Demand, list[ShiftKind]]:
    """A minimum-shift-design instance: lengths and starts are counted in its intervals."""
    text = path.read_text(encoding="utf-8")

    def numbers(name: str) -> list[int]:
        found = re.search(rf"^{name} = \[?([^\];]*)\]?;", text, re.MULTILINE)
        if found is None:
            raise ValueError(f"{path}: {name} expected")
        return [int(number) for number in found.group(1).split(",")]

    (slot_min,), (days,) = numbers("interval"), numbers("days")
    starts = pd.date_range(MONDAY, MONDAY + pd.DateOffset(days=days), freq=f"{slot_min}min", inclusive="left")
    bounds = zip(
        numbers("minStart"), numbers("maxStart"), numbers("minLength"), numbers("maxLength"), strict=True
    )
    kinds = [
        ShiftKind(
            f"type{index + 1}",
            tuple(length * slot_min for length in range(shortest, longest + 1)),
            first * slot_min,
            last * slot_min,
            slot_min,
        )
        for index, (first, last, shortest, longest) in enumerate(bounds)
    ]
    return Demand(("all",), starts, np.array(numbers("demand"), dtype=float)[None, :]), kinds


def row(name: str, demand: Demand, limit: int | None, found: Design, seconds: float) -> str:
    """A line of the table."""
    return (
        f"{name:<16} {demand.required.sum(axis=0).max():>5.0f} {limit or 'free':>6} {found.cost:>12.2f} "
        f"{found.bound:>12.2f} {found.gap:>8.2%} {found.distinct_shifts:>7} {found.distinct_starts:>7} "
        f"{seconds:>7.1f}  {found.status}"
    )


def measure(name: str, demand: Demand, kinds: list[ShiftKind], limit: int | None, matching: bool) -> None:
    """Design once and print the line."""
    prices = Prices((ShortageTier(1.0, 60.0),), 60.0) if matching else Prices()
    premiums = [] if matching else [Premium("Sunday", 0.5, weekdays=(6,)), Premium("late", 0.25, 1200, 360)]
    begun = time.perf_counter()
    found = design(demand, kinds, 0.0 if matching else 20.0, premiums, prices, max_shifts=limit, seed=1)
    print(row(name, demand, limit, found, time.perf_counter() - begun), flush=True)


def main(arguments: list[str]) -> None:
    """Print one line per design."""
    print(f"{'instance':<16} {'peak':>5} {'limit':>6} {'cost':>12} {'bound':>12} {'gap':>8} {'shifts':>7} "
          f"{'starts':>7} {'seconds':>7}  status")  # fmt: skip
    words = iter(arguments or ["peak", "30", "peak", "300", "limits", "300", "instances"])
    for word in words:
        if word == "instances":
            folder = Path(os.environ.get("STAFFING_REFERENCE_DATA", "."), "shift_design", "DataSet1")
            files = sorted(folder.glob("*.dzn"))
            if not files:
                sys.exit(
                    f"{folder}/*.dzn expected; set STAFFING_REFERENCE_DATA to the folder of shift_design"
                )
            for path in files:
                for limit in (None, 12, 8):
                    measure(path.stem, *instance(path), limit, matching=True)
            continue
        peak = int(next(words))
        for limit in {"peak": (None,), "limits": (24, 12, 6)}[word]:
            measure(f"week {peak}", *weekly(peak), limit, matching=False)


if __name__ == "__main__":
    main(sys.argv[1:])
