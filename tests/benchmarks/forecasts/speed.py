"""Queues a second and core of the default forecast, choice of the model and spread included, and its peak memory.

    python tests/benchmarks/forecasts/speed.py [--repeat N]

Simulated queues on one calendar, one thread: half-hourly over 164 days, 15 minutes over 26 weeks, hourly over three
years, 5 minutes over 26 weeks. The best and the median of the repeats are printed: a busy machine slows the median.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time

import numpy as np
import pandas as pd

import forecasts

KINDS = {"half-hourly, 164 days": (30, 164), "15 min, 26 weeks": (15, 182), "hourly, 3 years": (60, 1096),
         "5 min, 26 weeks": (5, 182)}  # fmt: skip
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def queue(interval_min: int, days: int, seed: int) -> pd.Series:
    """Busy around the clock, quieter at night and at weekends, with days and intervals of their own."""
    index = pd.date_range("2023-01-02", periods=days * 1440 // interval_min, freq=f"{interval_min}min")
    rng = np.random.default_rng(seed)
    hour = (index.hour + index.minute / 60).to_numpy()
    rate = (
        interval_min * (1.2 + np.sin((hour - 8) / 24 * 2 * np.pi)) * np.where(index.day_of_week < 5, 1.0, 0.5)
    )
    day = np.repeat(rng.gamma(200, 1 / 200, days), 1440 // interval_min)
    return pd.Series(rng.poisson(rate * day).astype(float), index=index)


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=20)
    repeat = parser.parse_args().repeat
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = []
    for name, (interval_min, days) in KINDS.items():
        queues = [queue(interval_min, days, seed) for seed in range(repeat)]
        forecasts.forecast(queues[0], 14, country="US")
        seconds = []
        for contacts in queues:
            began = time.process_time()
            forecasts.forecast(contacts, 14, country="US")
            seconds.append(time.process_time() - began)
        best, median = min(seconds), float(np.median(seconds))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append(
            {
                "queue": name,
                "ms": 1000 * best,
                "ms median": 1000 * median,
                "queues/s": 1 / best,
                "queues/s median": 1 / median,
                "peak MB": peak,
            }
        )
    sys.stdout.write(pd.DataFrame(rows).round(1).to_string(index=False) + "\n")
    sys.stdout.write(f"memory after the imports: {before:.1f} MB\n")


if __name__ == "__main__":
    # The number of threads is read when numpy is imported: start again with one.
    if any(os.environ.get(name) != "1" for name in THREADS):
        os.environ.update(dict.fromkeys(THREADS, "1"))
        os.execv(sys.executable, [sys.executable, *sys.argv])
    main()
