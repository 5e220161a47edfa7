"""The default forecast against other people's forecasters: same series, same origins, same run.

    python tests/benchmarks/forecasts/accuracy_against_peers.py [--series NAME=CSV[:COUNTRY] ...] [--origins N]
        [--peers PEER ...]

The peers (statsforecast, Prophet, LightGBM, statsmodels) live in an environment that the first run makes with pip in
``FORECAST_PEERS`` or in the user's cache folder; they need other versions of pandas than the product. Everything runs
on one thread. Series as in ``accuracy_against_planners.py``. Slow peers are asked at fewer origins, as the column
``origins`` says, and compared with our forecasts at those. ``ratio`` below 1 means that ours has the smaller error;
``times`` is a peer's processor time over ours, whose own includes cleaning, the choice of the model by backtest and
the spread.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from accuracy_against_planners import DAYS, PLANNER_WEEKS, Series, bank_calls, from_csv, origins, planner

import forecasts

sys.path.insert(0, str(Path(__file__).parents[1]))
from peer_environment import environment

REQUIREMENTS = ("pandas<3", "statsforecast", "prophet", "lightgbm", "scikit-learn", "statsmodels", "holidays")
# Most origins that a peer is asked at: some need seconds for each.
MOST_ORIGINS = {"lightgbm": 16, "holt-winters": 16, "prophet": 16, "mstl-autoets": 16, "arima-fourier": 16}
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "STAN_NUM_THREADS")
ONE_THREAD = dict.fromkeys(THREADS, "1")


def ask_peer(
    python: Path, peer: str, series: Series, days: list[pd.Timestamp]
) -> tuple[pd.DataFrame, list[float]]:
    """Forecasts (origin, start, contacts) and processor seconds of each origin."""
    index = pd.DatetimeIndex(series.contacts.index)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = pd.DataFrame({"start": index.tz_localize(None), "contacts": series.contacts.to_numpy()})
        table.to_csv(folder / "history.csv", index=False)
        task = {
            "origins": [str(day) for day in days],
            "days": DAYS,
            "interval_min": int((index[1] - index[0]) / pd.Timedelta(minutes=1)),
            "country": series.country,
        }
        (folder / "task.json").write_text(json.dumps(task))
        script = Path(__file__).with_name("peer_models.py")
        run = subprocess.run(
            [python, script, peer, folder], env={**os.environ, **ONE_THREAD}, capture_output=True, text=True
        )
        if run.returncode:
            raise RuntimeError(f"{peer} failed on {series.name}: {run.stderr.strip().splitlines()[-1:]}")
        answers = pd.read_csv(folder / f"{peer}.csv", parse_dates=["start"])
        return answers, json.loads((folder / f"{peer}.json").read_text())


def ask_us(
    series: Series, days: list[pd.Timestamp]
) -> tuple[dict[pd.Timestamp, pd.Series], dict[pd.Timestamp, float]]:
    """Our forecast and its processor seconds at each origin."""
    answers, seconds = {}, {}
    forecasts.forecast(series.contacts, DAYS, country=series.country, start=days[0])
    for day in days:
        began = time.process_time()
        answers[day] = forecasts.forecast(series.contacts, DAYS, country=series.country, start=day).mean
        seconds[day] = time.process_time() - began
    return answers, seconds


def compare(
    series: Series,
    days: list[pd.Timestamp],
    ours: dict[pd.Timestamp, pd.Series],
    theirs: dict[pd.Timestamp, np.ndarray],
) -> list[dict[str, float]]:
    """WAPE of both in the first and the second week, over the same origins and recorded intervals."""
    rows = []
    for week in (0, 1):
        actual, mine, other = [], [], []
        for day in days:
            index = pd.DatetimeIndex(ours[day].index)
            inside = np.asarray((index - day).days // 7 == week)
            actual.append(series.contacts.reindex(index).to_numpy()[inside])
            mine.append(ours[day].to_numpy()[inside])
            other.append(theirs[day][inside])
        truth = np.concatenate(actual)
        own = forecasts.accuracy.wape(truth, np.concatenate(mine))
        peer = forecasts.accuracy.wape(truth, np.nan_to_num(np.concatenate(other)))
        rows.append({"week": week + 1, "ours %": 100 * own, "peer %": 100 * peer, "ratio": own / peer})
    return rows


def measure(series: Series, wanted: int, peers: list[str], python: Path | None) -> list[dict[str, object]]:
    """Rows of the table for one series."""
    days = origins(series.contacts, wanted)
    ours, seconds = ask_us(series, days)
    rows: list[dict[str, object]] = []

    def add(
        peer: str, asked: list[pd.Timestamp], theirs: dict[pd.Timestamp, np.ndarray], spent: float
    ) -> None:
        own = float(np.mean([seconds[day] for day in asked]))
        for row in compare(series, asked, ours, theirs):
            cost = {"ours s": own, "peer s": spent, "times": spent / own}
            rows.append({"series": series.name, "peer": peer, "origins": len(asked), **row, **cost})

    for weeks in PLANNER_WEEKS:
        began = time.process_time()
        means = {day: planner(series.contacts, day, weeks) for day in days}
        add(f"same weekday, {weeks}", days, means, (time.process_time() - began) / len(days))
    for peer in peers:
        few = min(MOST_ORIGINS[peer], len(days))
        asked = [days[place] for place in np.unique(np.linspace(0, len(days) - 1, few).round().astype(int))]
        assert python is not None
        try:
            answers, spent = ask_peer(python, peer, series, asked)
        except RuntimeError as error:
            sys.stderr.write(f"{error}\n")
            continue
        by_origin = {pd.Timestamp(origin): part for origin, part in answers.groupby("origin")}
        theirs = {}
        for day in asked:
            part = by_origin[day.tz_localize(None)]
            wall = pd.DatetimeIndex(ours[day].index).tz_localize(None)
            found = pd.Series(part["contacts"].to_numpy(), index=pd.DatetimeIndex(part["start"]))
            theirs[day] = found.reindex(wall).to_numpy()
        add(peer, asked, theirs, float(np.mean(spent)))
    return rows


def main() -> None:
    """Measure and print one table a series."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--series", nargs="*", default=os.environ.get("FORECAST_SERIES", "").split())
    parser.add_argument("--origins", type=int, default=16)
    parser.add_argument("--peers", nargs="*", default=list(MOST_ORIGINS), choices=list(MOST_ORIGINS))
    wanted = parser.parse_args()
    python = environment("forecast", REQUIREMENTS) if wanted.peers else None
    for series in [from_csv(words) for words in wanted.series] or [bank_calls(15), bank_calls(30)]:
        table = pd.DataFrame(measure(series, wanted.origins, wanted.peers, python))
        sys.stdout.write(table.round(3).to_string(index=False) + "\n\n")
        sys.stdout.flush()


if __name__ == "__main__":
    # The number of threads is read when numpy is imported: start again with one.
    if any(os.environ.get(name) != count for name, count in ONE_THREAD.items()):
        os.environ.update(ONE_THREAD)
        os.execv(sys.executable, [sys.executable, *sys.argv])
    main()
