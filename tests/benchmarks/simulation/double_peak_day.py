"""Requirement modes on a day of two peaks, each verified by simulation with seeds of its own.

    python tests/benchmarks/simulation/double_peak_day.py

Peaks of 60 and 300 erlangs, handling times of 5, 10 and 15 minutes, with and without patience; 80 % in 20 s wanted in
every quarter of an hour. Prints hours on shift, hours worked (with contacts finished after leaving), the worst
interval and how many are more than two points short.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from transient import SLOT_S, simulated, two_peaks

from staffing.sizing import QueueTarget, size
from staffing.sizing.iterative import size_iteratively
from staffing.sizing.offered_load import size_by_offered_load
from staffing.sizing.simulation import HandlingTime
from staffing.sizing.time_varying import service_in_time

MODES: tuple[tuple[str, Callable[..., pd.DataFrame]], ...] = (
    ("stationary", size),
    ("offered-load", size_by_offered_load),
    ("iterative", size_iteratively),
)


def main() -> None:
    """Size, simulate and print."""
    starts = pd.date_range("2026-11-23 06:00", periods=64, freq="15min", tz="Europe/Berlin")
    print("peak  AHT  patience  mode           hours  worked   day  worst interval  2 points short  seconds")
    for peak in (60.0, 300.0):
        for aht_s in (300.0, 600.0, 900.0):
            for patience_s in (None, 120.0):
                contacts = two_peaks(peak, aht_s)
                forecast = pd.DataFrame(
                    {"queue": "calls", "start": starts, "contacts": contacts, "aht_s": aht_s}
                )
                targets = {"calls": QueueTarget("calls", patience_s=patience_s)}
                for name, mode in MODES:
                    begin = time.perf_counter()
                    found = mode(forecast, targets, 15)
                    seconds = time.perf_counter() - begin
                    agents = found["scheduled"].to_numpy()
                    moving = service_in_time(
                        found[["queue", "start", "scheduled"]], forecast, targets, 15, 15
                    )
                    level = simulated(contacts, agents, HandlingTime.exponential(aht_s), patience_s, seed=11)
                    day = np.average(level, weights=contacts)
                    print(
                        f"{peak:4.0f} {aht_s:4.0f}  {patience_s or float('inf'):8.0f}  {name:<13}"
                        f"{agents.sum() * SLOT_S / 3600:7.0f} {moving.staffed_h.sum():7.0f} {day:5.3f} "
                        f"{level.min():15.3f} {int((level < 0.78).sum()):15d} {seconds:8.2f}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
