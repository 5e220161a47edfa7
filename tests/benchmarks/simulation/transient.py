"""The transient evaluation of a given schedule beside the simulation of the same schedule.

    python tests/benchmarks/simulation/transient.py

Days of two peaks sized interval by interval, staff changing every quarter of an hour, agents finishing their contact.
Prints per setting the mean and the largest absolute difference in service level over the intervals, of the transient
evaluation and of stationary Erlang C/A, and the seconds that the day took.
"""

from __future__ import annotations

import time

import numpy as np

from staffing.queueing import Targets, erlang_a, erlang_c, required_agents
from staffing.sizing.simulation import (
    Centre,
    Group,
    HandlingTime,
    PatienceTime,
    SimulatedQueue,
    Staff,
    simulate,
)
from staffing.sizing.transient import transient

SLOT_S = 900.0

# The contacts of an interval share their fate: its level is then known to about half a point.
LEAST_DAYS, CONTACTS_SIMULATED = 2_000, 25_000_000


def two_peaks(peak_erlangs: float, aht_s: float) -> np.ndarray:
    """Contacts per quarter hour over sixteen hours: peaks at 4.5 h and 10 h, a tenth of the peak at the edges."""
    hours = (np.arange(64) + 0.5) / 4
    peaks = np.maximum(np.exp(-((hours - 4.5) ** 2) / 3.4), 0.85 * np.exp(-((hours - 10.0) ** 2) / 5.1))
    return peak_erlangs * (0.1 + 0.9 * peaks) * SLOT_S / aht_s


def simulated(
    contacts: np.ndarray, agents: np.ndarray, handling: HandlingTime, patience_s: float | None, seed: int
) -> np.ndarray:
    """Service level per interval over the days."""
    patience = PatienceTime.endless() if patience_s is None else PatienceTime.exponential(patience_s)
    queue = SimulatedQueue("calls", contacts, handling, patience=patience)
    centre = Centre((queue,), (Group("all", ("calls",)),), Staff.of_slots(agents[None], SLOT_S), SLOT_S / 60)
    found = simulate(
        centre, paths=max(LEAST_DAYS, int(CONTACTS_SIMULATED / contacts.sum())), seed=seed, workers=2
    )
    return found.in_time.sum(axis=(0, 1)) / found.offered.sum(axis=(0, 1))


def main() -> None:
    """Measure and print."""
    print("peak  AHT  patience  handling     transient      stationary     seconds")
    print("                                 mean    max     mean    max   for a day")
    for peak in (20.0, 60.0, 300.0):
        for aht_s in (300.0, 900.0):
            for patience_s in (None, 120.0):
                contacts = two_peaks(peak, aht_s)
                load = contacts * aht_s / SLOT_S
                agents = required_agents(load, aht_s, Targets(service_level=0.8), patience_s).agents
                seconds = float("inf")
                for _ in range(3):
                    begin = time.perf_counter()
                    found = transient(contacts, agents, aht_s, SLOT_S, patience_s=patience_s)
                    seconds = min(seconds, time.perf_counter() - begin)
                level = found.service_level[0]
                usual = (
                    erlang_c(agents, load, aht_s)
                    if patience_s is None
                    else erlang_a(agents, load, aht_s, patience_s)
                )
                for name, handling in (
                    ("exponential", HandlingTime.exponential(aht_s)),
                    ("lognormal 1", HandlingTime.lognormal(aht_s, 1.0)),
                    ("constant", HandlingTime.constant(aht_s)),
                ):
                    truth = simulated(contacts, agents, handling, patience_s, seed=5)
                    apart = [np.abs(truth - guess) for guess in (level, usual.service_level)]
                    print(
                        f"{peak:4.0f} {aht_s:4.0f}  {patience_s or float('inf'):8.0f}  {name:<11} "
                        + "".join(f"{100 * gap.mean():7.2f}{100 * gap.max():7.1f} " for gap in apart)
                        + f"{seconds:10.2f}",
                        flush=True,
                    )
    print("Differences in points of service level.")


if __name__ == "__main__":
    main()
