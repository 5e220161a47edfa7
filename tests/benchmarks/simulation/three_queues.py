"""Three queues, six groups of people: covered alone, by sets, and by cuts from simulation.

    python tests/benchmarks/simulation/three_queues.py

Erlang A, 80 % in 20 s each. Prints people, cost and the service level per queue by a simulation with a seed of its own:
each queue covered by everybody who could serve it (multi-skilled people counted twice), every set of queues covered,
cuts added until each target holds; and beside them everybody skilled for everything.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from staffing.sizing import QueueTarget
from staffing.sizing.simulation import (
    Centre,
    Group,
    HandlingTime,
    PatienceTime,
    SimulatedQueue,
    Staff,
    simulate,
)
from staffing.sizing.skills import cover_rows, staff_groups
from staffing.sizing.skills.cut_loop import rows_of_interval
from staffing.sizing.skills.group_program import cheapest_groups

QUEUES = {"sales": (24.0, 300.0), "support": (18.0, 420.0), "billing": (12.0, 240.0)}
GROUPS = {
    "sales only": ("sales",),
    "support only": ("support",),
    "billing only": ("billing",),
    "sales, support": ("sales", "support"),
    "support, billing": ("support", "billing"),
    "all three": ("sales", "support", "billing"),
}
COST = np.array([1.0, 1.0, 1.0, 1.05, 1.05, 1.10])
PATIENCE_S = 180.0
INTERVALS, SKIPPED = 44, 4


def levels(people: np.ndarray, paths: int, seed: int) -> np.ndarray:
    """Service level per queue of people per group in equilibrium."""
    queues = tuple(
        SimulatedQueue(
            name,
            np.full(INTERVALS, erlangs * 900.0 / aht_s),
            HandlingTime.exponential(aht_s),
            patience=PatienceTime.exponential(PATIENCE_S),
        )
        for name, (erlangs, aht_s) in QUEUES.items()
    )
    groups = tuple(Group(name, served) for name, served in GROUPS.items())
    slots = np.repeat(people[:, None], INTERVALS, axis=1)
    centre = Centre(queues, groups, Staff.of_slots(slots, 900.0), 15, routing="most_specialised")
    found = simulate(centre, paths=paths, seed=seed)
    offered, in_time = (values[:, :, SKIPPED:].sum(axis=(0, 2)) for values in (found.offered, found.in_time))
    return np.asarray(in_time / offered)


def main() -> None:
    """Staff, verify and print."""
    starts = pd.DatetimeIndex(["2026-11-23 09:00"])
    forecast = pd.DataFrame(
        {
            "queue": list(QUEUES),
            "start": starts.repeat(3),
            "contacts": [erlangs * 900.0 / aht_s for erlangs, aht_s in QUEUES.values()],
            "aht_s": [aht_s for _, aht_s in QUEUES.values()],
        }
    )
    targets = {name: QueueTarget(name, patience_s=PATIENCE_S) for name in QUEUES}
    cover = cover_rows(forecast, targets, 15, GROUPS)
    rows = rows_of_interval(cover.sets, cover.agents[:, 0], cover.queues, GROUPS)
    alone = [row for row, members in zip(rows, cover.sets, strict=True) if len(members) == 1]
    pool = int(np.ceil(cover.agents[-1, 0]))
    full = np.array([0, 0, 0, 0, 0, pool])
    begin = time.perf_counter()
    found = staff_groups(
        lambda people: levels(people, 100, seed=3), rows, COST, list(QUEUES), np.full(3, 0.8), tolerance=0.0
    )
    seconds = time.perf_counter() - begin
    print("people per group: " + "; ".join(GROUPS))
    for name, people in (
        ("each queue alone", cheapest_groups(COST, alone)),
        ("sets of queues", cheapest_groups(COST, rows)),
        ("with cuts", found.people),
        ("full pool", full),
    ):
        level = levels(people, 600, seed=77)
        said = " ".join(f"{queue} {share:.3f}" for queue, share in zip(QUEUES, level, strict=True))
        print(
            f"{name:<17} {people.sum():3d} people ({people.sum() / pool:.3f} of the pool), cost {COST @ people:6.2f}, "
            f"{said}   {people.tolist()}",
            flush=True,
        )
    print(found.rounds.to_string(index=False))
    print(f"{len(found.rounds)} rounds, {found.simulations} simulations, {seconds:.1f} s")


if __name__ == "__main__":
    main()
