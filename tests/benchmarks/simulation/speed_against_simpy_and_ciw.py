"""Contacts per second and core, beside simpy and ciw on the same model in the same run.

    python tests/benchmarks/simulation/speed_against_simpy_and_ciw.py

The peers live in an environment that the first run makes with pip in ``SIMULATION_PEERS`` or in the user's cache
folder. All run on one thread; seconds are processor seconds, the best of three runs for us. The model of the
comparison is one queue with exponential handling time and patience (Erlang A), as each library's users would write
it: simpy with a ``Resource`` and a request that gives up, ciw with ``reneging_time_distributions``; and three queues
with six groups of agents, longest idle first, in simpy with a ``FilterStore`` (ciw has no agents with several
skills). All count the same: contacts offered, answered, in time and abandoned, waits and busy seconds per queue and
quarter hour (ciw keeps a record of every contact instead, as it does by itself). The service level is printed for all,
so that all are seen to simulate the same; the peers' is of a short run from an empty centre.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from staffing.queueing import erlang_a
from staffing.sizing.simulation import (
    Centre,
    Group,
    HandlingTime,
    PatienceTime,
    SimulatedQueue,
    Staff,
    simulate,
)

sys.path.insert(0, str(Path(__file__).parents[1]))
from peer_environment import environment

REQUIREMENTS = ("simpy==4.1.1", "ciw==3.2.5")
AHT_S, PATIENCE_S, WITHIN_S = 300.0, 120.0, 20.0
SIZES = ((10, 8.5), (50, 48.0), (300, 295.0), (2_000, 1_985.0))
PEER_CONTACTS = 30_000
PER_GROUP = 50

PEERS = """
import collections, json, random, sys, time
AHT, PATIENCE, WITHIN, CONTACTS, SIZES, SKILLED = json.loads(sys.argv[1])
out = []

import simpy

def level(counts):
    return sum(row["in_time"] for row in counts.values()) / sum(row["offered"] for row in counts.values())

def empty():
    return {"offered": 0, "answered": 0, "in_time": 0, "abandoned": 0, "wait_s": 0.0, "busy_s": 0.0}

def note(counts, key, came, waited, served, busy):
    row = counts[key, int(came // 900)]
    row["offered"] += 1
    row["wait_s"] += waited
    if served:
        row["answered"] += 1
        row["in_time"] += waited <= WITHIN
        row["busy_s"] += busy
    else:
        row["abandoned"] += 1

def simpy_one_queue(n, load):
    random.seed(1)
    env = simpy.Environment()
    agents = simpy.Resource(env, capacity=n)
    counts = collections.defaultdict(empty)
    come = [0]
    def contact():
        came = env.now
        with agents.request() as request:
            found = yield request | env.timeout(random.expovariate(1.0 / PATIENCE))
            waited = env.now - came
            if request in found:
                busy = random.expovariate(1.0 / AHT)
                yield env.timeout(busy)
                note(counts, "phone", came, waited, True, busy)
            else:
                note(counts, "phone", came, waited, False, 0.0)
    def source():
        while come[0] < CONTACTS:
            yield env.timeout(random.expovariate(load / AHT))
            come[0] += 1
            env.process(contact())
    env.process(source())
    begin = time.process_time()
    env.run()
    return CONTACTS / (time.process_time() - begin), level(counts)

def simpy_skills(per_group, load):
    random.seed(1)
    env = simpy.Environment()
    idle = simpy.FilterStore(env)
    for skills in ("a", "b", "c", "ab", "bc", "abc"):
        idle.items += [(skills, number) for number in range(per_group)]
    counts = collections.defaultdict(empty)
    come = [0]
    def contact(queue):
        came = env.now
        turn = idle.get(lambda agent: queue in agent[0])
        found = yield turn | env.timeout(random.expovariate(1.0 / PATIENCE))
        waited = env.now - came
        if turn in found:
            busy = random.expovariate(1.0 / AHT)
            yield env.timeout(busy)
            yield idle.put(found[turn])
            note(counts, queue, came, waited, True, busy)
        else:
            turn.cancel()
            note(counts, queue, came, waited, False, 0.0)
    def source():
        while come[0] < CONTACTS:
            yield env.timeout(random.expovariate(load / AHT))
            come[0] += 1
            env.process(contact(random.choice("abc")))
    env.process(source())
    begin = time.process_time()
    env.run()
    return CONTACTS / (time.process_time() - begin), level(counts)

import ciw

def ciw_one_queue(n, load):
    ciw.seed(1)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=load / AHT)],
        service_distributions=[ciw.dists.Exponential(rate=1.0 / AHT)],
        reneging_time_distributions=[ciw.dists.Exponential(rate=1.0 / PATIENCE)],
        number_of_servers=[n],
    )
    simulation = ciw.Simulation(network)
    begin = time.process_time()
    simulation.simulate_until_max_customers(CONTACTS, method="Arrive")
    spent = time.process_time() - begin
    records = simulation.get_all_records()
    served = [r for r in records if r.record_type == "service"]
    return CONTACTS / spent, sum(r.waiting_time <= WITHIN for r in served) / len(records)

for n, load in SIZES:
    out.append(("simpy", n, *simpy_one_queue(n, load)))
    out.append(("ciw", n, *ciw_one_queue(n, load)))
out.append(("simpy", "skills", *simpy_skills(*SKILLED)))
print(json.dumps(out))
"""

COMPILE = """
import json, time
import numpy as np
from staffing.sizing.simulation import *
def centre(names):
    queues = tuple(SimulatedQueue(n, np.ones(2), HandlingTime.constant(60.0)) for n in names)
    return Centre(queues, (Group("team", tuple(names)),), Staff.of_slots([[1, 1]], 900.0), 15)
out = []
for names in ("a", "ab"):
    begin, spent = time.perf_counter(), time.process_time()
    simulate(centre(names), paths=1)
    out.append((time.perf_counter() - begin, time.process_time() - spent))
print(json.dumps(out))
"""


def one_queue(agents: int, load: float, handling: HandlingTime, contacts: int) -> Centre:
    """One queue with constant load, in quarter hours."""
    per_interval = load / AHT_S * 900.0
    intervals = max(8, int(contacts / per_interval / 4))
    queue = SimulatedQueue(
        "phone", np.full(intervals, per_interval), handling, patience=PatienceTime.exponential(PATIENCE_S)
    )
    team = (Group("team", ("phone",)),)
    return Centre((queue,), team, Staff.of_slots([[agents] * intervals], 900.0), 15)


def skills(per_group: int, routing: str, contacts: int, variation: float = 1.2) -> Centre:
    """Three queues, six groups: one queue each, two pairs, all three."""
    rate = 6 * per_group * 0.95 / 3 / AHT_S * 900.0
    intervals = max(8, int(contacts / rate / 3 / 4))
    queues = tuple(
        SimulatedQueue(
            name,
            np.full(intervals, rate),
            HandlingTime.lognormal(AHT_S, variation) if variation else HandlingTime.exponential(AHT_S),
            patience=PatienceTime.exponential(PATIENCE_S),
        )
        for name in "abc"
    )
    groups = tuple(Group(names, tuple(names)) for names in ("a", "b", "c", "ab", "bc", "abc"))
    staff = Staff.of_slots(np.full((6, intervals), per_group), 900.0)
    return Centre(queues, groups, staff, 15, routing=routing)  # type: ignore[arg-type]


def speed(centre: Centre) -> tuple[float, float]:
    """Contacts per processor second, best of three, and the service level."""
    best, level = 0.0, float("nan")
    for _ in range(3):
        begin = time.process_time()
        found = simulate(centre, paths=4, seed=1)
        best = max(best, found.contacts / (time.process_time() - begin))
        level = float(found.table("week", skip=min(4, centre.intervals // 4))["service_level"].iloc[0])
    return best, level


def compile_seconds() -> tuple[list[list[float]], list[list[float]]]:
    """First run of both kernels with an empty cache, and again in a new process."""
    with tempfile.TemporaryDirectory() as folder:
        runs = []
        for _ in range(2):
            done = subprocess.run(
                [sys.executable, "-c", COMPILE],
                capture_output=True,
                text=True,
                check=True,
                env={**os.environ, "NUMBA_CACHE_DIR": folder},
            )
            runs.append(json.loads(done.stdout))
    return runs[0], runs[1]


def main() -> None:
    first, again = compile_seconds()
    for name, ((one, one_cpu), (more, more_cpu)) in (("compiling", first), ("from the cache", again)):
        print(
            f"first run of a process, {name}: one queue {one:.1f} s ({one_cpu:.1f} s of processor), "
            f"several queues {more:.1f} s ({more_cpu:.1f} s) more"
        )
    exponential, lognormal = HandlingTime.exponential(AHT_S), HandlingTime.lognormal(AHT_S, 1.2)
    print(f"\n{'model':55}{'million contacts/s':>20}{'service level':>15}")
    for agents, load in ((10, 8.5), (50, 48.0), (300, 295.0), (1_000, 990.0), (2_000, 1_985.0)):
        for name, handling in (("exponential", exponential), ("lognormal", lognormal)):
            found, level = speed(one_queue(agents, load, handling, 4_000_000))
            print(f"{f'one queue, {agents} agents, {name}':55}{found / 1e6:>20.2f}{level:>15.4f}")
    for per_group in (5, 50, 330):
        for routing in ("longest_idle", "most_specialised", "preference"):
            found, level = speed(skills(per_group, routing, 3_000_000))
            name = f"3 queues × 6 groups of {per_group}, {routing.replace('_', ' ')}"
            print(f"{name:55}{found / 1e6:>20.2f}{level:>15.4f}")
    skilled = 6 * PER_GROUP * 0.95
    given = json.dumps([AHT_S, PATIENCE_S, WITHIN_S, PEER_CONTACTS, SIZES, [PER_GROUP, skilled]])
    done = subprocess.run(
        [environment("simulation", REQUIREMENTS), "-c", PEERS, given], capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    peers = json.loads(done.stdout)
    models: list[tuple[object, str, Centre]] = [
        (agents, f"Erlang A, {agents} agents", one_queue(agents, load, exponential, 4_000_000))
        for agents, load in SIZES
    ]
    models.append(
        ("skills", f"3 queues × 6 groups of {PER_GROUP}", skills(PER_GROUP, "longest_idle", 3_000_000, 0))
    )
    print(f"\n{'the same model':30}{'who':8}{'contacts/s':>14}{'service level':>16}{'ours is':>12}")
    for key, name, centre in models:
        ours, level = speed(centre)
        print(f"{name:30}{'ours':8}{ours:>14,.0f}{level:>16.4f}")
        for peer, size, found, peer_level in peers:
            if size == key:
                print(f"{'':30}{peer:8}{found:>14,.0f}{peer_level:>16.4f}{ours / found:>10,.0f} ×")
    for agents, load in SIZES:
        exact = erlang_a(agents, load, AHT_S, PATIENCE_S, WITHIN_S)
        print(f"exact service level with {agents} agents: {float(exact.service_level):.4f}")


if __name__ == "__main__":
    main()
