"""Speed of sizing, alone and beside pyworkforce in an environment that this script makes.

    python tests/benchmarks/sizing/speed_against_pyworkforce.py [FOLDER]

FOLDER keeps the peer's environment between runs (a temporary one by default). Prints one line per
measure: ours, the peer's, their ratio. One core each.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from staffing.queueing import Targets, erlang_a, required_agents
from staffing.sizing import QueueTarget, size

PEER_RELEASE = "pyworkforce==0.5.4"

# Loads 5 … 2,000 erlangs, 300 s, 80 % in 20 s; its unit of time is the minute.
PEER = """
import json, random, time
from pyworkforce.queuing import ErlangA, ErlangC
random.seed(1)
out = {}
loads = [random.uniform(5, 2000) for _ in range(40)]
begin = time.perf_counter()
answers = [ErlangC(transactions=a * 6, aht=5.0, asa=20 / 60, interval=30)
           .required_positions(service_level=0.8)["raw_positions"] for a in loads]
out["erlang_c"] = (time.perf_counter() - begin) / len(loads)
out["loads"], out["answers"] = loads, answers
peer = ErlangA(transactions=600.0, aht=5.0, asa=20 / 60, interval=30, patience=2.0)
begin = time.perf_counter()
for _ in range(3):
    peer.service_level(positions=105)
out["erlang_a"] = (time.perf_counter() - begin) / 3
print(json.dumps(out))
"""


def seconds(work: Callable[[], object]) -> float:
    """Best of three runs."""
    best = float("inf")
    for _ in range(3):
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
    return best


def runs(interpreter: str) -> bool:
    """Whether an interpreter is there and starts; this release of the peer needs Python 3.12."""
    if shutil.which(interpreter) is None:
        return False
    return not subprocess.run([interpreter, "-c", ""], capture_output=True, check=False).returncode


def peer(folder: Path) -> dict | None:
    """Times of the peer, or None where its package cannot be had."""
    python = folder / "bin" / "python"
    if not python.exists():
        newest = next((name for name in ("python3.13", "python3.12") if runs(name)), sys.executable)
        subprocess.run([newest, "-m", "venv", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "-q", PEER_RELEASE]
        if subprocess.run(install, capture_output=True, check=False).returncode:
            return None
    run = subprocess.run([str(python), "-c", PEER], capture_output=True, text=True, check=False)
    if run.returncode:
        print("peer failed:", run.stderr.strip().splitlines()[-1:], file=sys.stderr)
        return None
    return json.loads(run.stdout)


def main() -> None:
    """Measure and print."""
    rng = np.random.default_rng(1)
    loads = np.exp(rng.uniform(0.0, np.log(2000.0), 200_000))
    target = Targets(service_level=0.8)
    rate = loads.size / seconds(lambda: required_agents(loads, 300.0, target))
    print(f"Erlang C requirement, loads 1-2,000       {rate:12,.0f} /s")
    rate = 50_000 / seconds(lambda: required_agents(loads[:50_000], 300.0, target, 120.0))
    print(f"Erlang A requirement, loads 1-2,000       {rate:12,.0f} /s")
    tracemalloc.start()
    required_agents(loads, 300.0, target)
    peak = tracemalloc.get_traced_memory()[1] / loads.size
    tracemalloc.stop()
    print(f"Erlang C requirement, peak memory         {peak:12.0f} bytes per load, the answer included")

    starts = pd.date_range("2026-11-23", periods=672, freq="15min", tz="Europe/Berlin")
    forecast = pd.DataFrame(
        {
            "queue": np.repeat([f"q{i}" for i in range(1000)], 672),
            "start": np.tile(starts, 1000),
            "contacts": rng.uniform(1.0, 200.0, 672_000),
            "aht_s": 300.0,
            "open": True,
        }
    )
    for name, given in (
        ("Erlang C", {}),
        ("Erlang A", {"patience_s": 120.0}),
        ("chat, 3 at once", {"channel": "chat", "concurrency": 3, "patience_s": 120.0}),
    ):
        targets = {f"q{i}": QueueTarget(f"q{i}", **given) for i in range(1000)}
        taken = seconds(lambda targets=targets: size(forecast, targets, 15))
        print(f"week of 15 min for 1,000 queues, {name:<16} {taken:5.2f} s")

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(temporary) / "peer"
        theirs = peer(folder)
    if theirs is None:
        print("pyworkforce could not be installed: no comparison")
        return
    many = rng.uniform(5.0, 2000.0, 100_000)
    ours = seconds(lambda: required_agents(many, 300.0, target)) / many.size
    ratio = theirs["erlang_c"] / ours
    print(
        f"Erlang C requirement: ours {ours:.2e} s, pyworkforce {theirs['erlang_c']:.2e} s, ratio {ratio:,.0f}"
    )
    same = required_agents(theirs["loads"], 300.0, target).agents == np.array(theirs["answers"])
    print(f"  same answer in {same.mean():.0%} of its cases")
    agents = np.full(100_000, 105.0)
    ours = seconds(lambda: erlang_a(agents, 100.0, 300.0, 120.0)) / agents.size
    ratio = theirs["erlang_a"] / ours
    print(
        f"Erlang A evaluation:  ours {ours:.2e} s, pyworkforce {theirs['erlang_a']:.2e} s, ratio {ratio:,.0f}"
    )


if __name__ == "__main__":
    main()
