"""Waits and abandonment of a real centre, predicted by formula and by simulation, against what happened.

    STAFFING_REFERENCE_DATA=FOLDER python tests/benchmarks/simulation/technion.py

FOLDER holds ``technion_1999/calls_1999-02.csv.gz``: the calls of a small Israeli bank in February 1999 (Guedj and
Mandelbaum; Brown et al., Journal of the American Statistical Association 100, 2005). Patience and handling times are
estimated on the days before the 15th, predictions are made for the days from the 15th on, one for each block of two
hours of Sunday to Thursday, 07:00-23:00. All models are told the calls that came and the people who were there:

* Erlang C, Erlang A and M/M/n+G: the block's rate, its average number of people, the mean handling time of
  the first half of the month; Erlang A the mean patience, M/M/n+G the Kaplan-Meier curve.
* the simulator: the calls of each quarter hour, each server's own hours, the recorded handling times and the same
  curve, priority customers first; 200 days like each one.

The log has the time on the line only. Work after a call is seen where the server's next caller was waiting already
when the call ended; its mean joins every handling time.

Nobody wrote down when a server was at work. A server is taken to be there from the start of a call to the end of
the next, if the gap between the two is at most GAP minutes; the table is given for several GAPs, since
everything depends on it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from staffing.queueing import erlang_a, erlang_c, mmn_g
from staffing.queueing.patience import Patience
from staffing.sizing import estimate_patience
from staffing.sizing.simulation import (
    Centre,
    Group,
    HandlingTime,
    PatienceTime,
    Premium,
    SimulatedQueue,
    Staff,
    simulate,
)

GAPS_MIN = (5.0, 10.0, 20.0)
WITHIN_S = 20.0
QUARTER_S, BLOCK_S, FIRST_H, LAST_H = 900.0, 7_200.0, 7, 23
BLOCKS = int((LAST_H - FIRST_H) * 3600 / BLOCK_S)
QUARTERS = int(BLOCK_S / QUARTER_S)
PATHS = 200
MEASURES = ("mean_wait_s", "abandonment", "service_level")


class Known(NamedTuple):
    """What the first half of the month tells; handling times with the work after the call."""

    talk_s: np.ndarray
    after_s: np.ndarray
    handling_s: np.ndarray
    patience_s: float
    curve: PatienceTime
    patience: Patience


def calls(folder: Path) -> pd.DataFrame:
    """Calls that reached the queue, with seconds since 07:00 and the day."""
    path = folder / "technion_1999" / "calls_1999-02.csv.gz"
    if not path.exists():
        raise SystemExit(
            f"{path} expected; set STAFFING_REFERENCE_DATA to the folder that holds technion_1999"
        )
    table = pd.read_csv(path, parse_dates=["arrival"])
    left_menu = (table["outcome"] == "HANG") & (table["queued"] == 0)
    table = table[~left_menu & (table["outcome"] != "PHANTOM")].copy()
    table["day"] = table["arrival"].dt.normalize()
    table["at_s"] = (table["arrival"] - table["day"]).dt.total_seconds() - FIRST_H * 3600.0
    table["gone"] = table["outcome"] == "HANG"
    return table


def learn(table: pd.DataFrame, gap_min: float) -> Known:
    """Handling times and patience of the days before the 15th."""
    first = table[table["day"] < "1999-02-15"]
    queued = first[(first["queued"] == 1) & (first["wait_s"] > 0)]
    found = estimate_patience(queued["wait_s"].to_numpy(float), queued["gone"].to_numpy())
    keep = found.times_s > 0
    times, left = found.times_s[keep], found.survival[keep]
    talk = first.loc[~first["gone"] & (first["service_s"] > 0), "service_s"].to_numpy(float)
    after = after_calls(first, gap_min)
    handled = talk + np.random.default_rng(0).choice(after, talk.size)
    return Known(
        talk,
        after,
        handled,
        found.mean_s,
        PatienceTime.curve(times, left),
        Patience.steps(times, np.maximum(left, 0.0)),
    )


def after_calls(table: pd.DataFrame, gap_min: float) -> np.ndarray:
    """Seconds from the end of a call to the server's next one whose caller was already waiting.

    A server who leaves somebody waiting is not free: that is work after the call, or a short absence.
    """
    served = table[table["server"].notna() & ~table["gone"]].copy()
    served["begin"] = served["at_s"] + served["wait_s"]
    served = served.sort_values(["day", "server", "begin"])
    end = served["begin"] + served["service_s"]
    same = (served["server"].shift(-1) == served["server"]) & (served["day"].shift(-1) == served["day"])
    gap = served["begin"].shift(-1) - end
    waiting = served["at_s"].shift(-1) <= end
    return gap[same & waiting & (gap >= 0) & (gap <= 60.0 * gap_min)].to_numpy(float)


def at_work(day: pd.DataFrame, gap_min: float) -> Staff:
    """Each server's hours, from calls that follow each other within ``gap_min``."""
    served = day[day["server"].notna() & ~day["gone"]].copy()
    served["begin"] = served["at_s"] + served["wait_s"]
    served["end"] = served["begin"] + np.maximum(served["service_s"], 1.0)
    who, start, end = [], [], []
    for number, (_, mine) in enumerate(served.sort_values("begin").groupby("server")):
        begins, ends = mine["begin"].to_numpy(), np.maximum.accumulate(mine["end"].to_numpy())
        new = np.concatenate([[True], begins[1:] > ends[:-1] + 60.0 * gap_min])
        first = np.flatnonzero(new)
        last = np.append(first[1:], begins.size) - 1
        who += [number] * first.size
        start += begins[first].tolist()
        end += ends[last].tolist()
    keep = np.array(end) > 0
    return Staff.of_stretches(
        np.zeros(keep.sum()), np.array(who)[keep], np.array(start)[keep], np.array(end)[keep]
    )


def happened(day: pd.DataFrame) -> pd.DataFrame:
    """Measures per block."""
    block = np.floor(day["at_s"] / BLOCK_S).astype(int)
    inside = day[(block >= 0) & (block < BLOCKS)].assign(block=block)
    grouped = inside.groupby("block")
    in_time = (~inside["gone"] & (inside["wait_s"] <= WITHIN_S)).groupby(inside["block"])
    return pd.DataFrame(
        {
            "calls": grouped.size(),
            "mean_wait_s": grouped["wait_s"].mean(),
            "abandonment": grouped["gone"].mean(),
            "service_level": in_time.mean(),
        }
    ).reindex(range(BLOCKS))


def simulated(day: pd.DataFrame, known: Known, staff: Staff, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measures per block over the paths, and how far a single path is from them on average."""
    quarter = np.floor(day["at_s"] / QUARTER_S).astype(int)
    inside = (quarter >= 0) & (quarter < BLOCKS * QUARTERS)
    numbers = np.bincount(quarter[inside], minlength=BLOCKS * QUARTERS).astype(float)
    share = float((day.loc[inside, "priority"] == 2).mean())
    queue = SimulatedQueue(
        "calls",
        np.tile(numbers, (PATHS, 1)),
        HandlingTime.of_sample(known.handling_s),
        given="counts",
        patience=known.curve,
        answer_within_s=WITHIN_S,
        premium=Premium(min(max(share, 0.01), 0.99), WITHIN_S),
    )
    found = simulate(Centre((queue,), (Group("bank", ("calls",)),), staff, QUARTER_S / 60.0), seed=seed)

    def blocks(counts: np.ndarray) -> np.ndarray:
        return found.of("calls", counts).reshape(PATHS, BLOCKS, QUARTERS).sum(axis=2)

    offered = blocks(found.offered)
    parts = {
        "mean_wait_s": blocks(found.wait_s),
        "abandonment": blocks(found.abandoned),
        "service_level": blocks(found.in_time),
    }
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = {name: part.sum(axis=0) / offered.sum(axis=0) for name, part in parts.items()}
        chance = {name: np.abs(part / offered - mean[name]).mean(axis=0) for name, part in parts.items()}
    return pd.DataFrame(mean), pd.DataFrame(chance)


def by_formula(calls_in_block: float, agents: float, known: Known) -> dict[str, tuple[float, float, float]]:
    """Mean wait, abandonment and service level by each formula."""
    aht_s = float(known.handling_s.mean())
    load = calls_in_block / BLOCK_S * aht_s
    out = {}
    for name, found in (
        ("Erlang C", erlang_c(agents, load, aht_s, WITHIN_S)),
        ("Erlang A", erlang_a(agents, load, aht_s, known.patience_s, WITHIN_S)),
        ("M/M/n+G", mmn_g(agents, load, aht_s, known.patience, WITHIN_S)),
    ):
        out[name] = (float(found.mean_wait_s), float(found.abandonment), float(found.service_level))
    return out


def predictions(table: pd.DataFrame, known: Known, gap_min: float) -> pd.DataFrame:
    """One row per day, block and model, with what happened."""
    rows = []
    days = [day for day in sorted(table["day"].unique()) if day >= pd.Timestamp("1999-02-15")]
    for number, day in enumerate(days):
        if day.day_of_week in (4, 5):
            continue  # Friday is short, Saturday is served in the evening only
        today = table[table["day"] == day]
        staff = at_work(today, gap_min)
        actual = happened(today)
        mean, chance = simulated(today, known, staff, number)
        edges = np.arange(BLOCKS + 1) * BLOCK_S
        before = np.clip(edges[:, None], staff.start_s, staff.end_s) - staff.start_s
        people = np.diff(before.sum(axis=1)) / BLOCK_S
        for block in range(BLOCKS):
            if not actual["calls"].iloc[block] >= 20 or people[block] < 0.5:
                continue
            found = by_formula(float(actual["calls"].iloc[block]), float(people[block]), known)
            found["simulator"] = tuple(mean.iloc[block])
            found["chance alone"] = tuple(chance.iloc[block])
            for model, values in found.items():
                row = {"day": day, "block": block, "model": model, "calls": actual["calls"].iloc[block]}
                row["people"] = people[block]
                for measure, value in zip(MEASURES, values, strict=True):
                    row[measure], row[f"{measure}_actual"] = value, actual[measure].iloc[block]
                rows.append(row)
    return pd.DataFrame(rows)


def show(found: pd.DataFrame, learnt: Known, gap_min: float) -> None:
    """Mean prediction, mean absolute error and correlation per model, weighted by calls."""
    one = found[found["model"] == "simulator"]
    people = np.average(one["people"], weights=one["calls"])
    print(f"\nservers there while their calls are at most {gap_min:g} min apart: {len(one)} blocks, ", end="")
    print(f"{one['calls'].sum():,.0f} calls, {people:.1f} people on average")
    print(
        f"1-14 February: {learnt.talk_s.size:,} calls, {learnt.talk_s.mean():.0f} s on the line (variation "
        f"{learnt.talk_s.std() / learnt.talk_s.mean():.2f}) and {learnt.after_s.mean():.0f} s until a waiting caller's "
        f"turn (median {np.median(learnt.after_s):.0f} s); mean patience {learnt.patience_s:.0f} s"
    )
    heads = {"mean_wait_s": "mean wait, s", "abandonment": "abandoned, %", "service_level": "in 20 s, %"}
    print(f"{'':14}" + "".join(f"{head:^30}" for head in heads.values()) + f"{'no equilibrium':>16}")
    print(f"{'':14}" + f"{'mean':>9}{'error':>9}{'corr.':>9}   " * 3)
    actual = "".join(
        f"{np.average(one[f'{name}_actual'], weights=one['calls']) * (1 if name == 'mean_wait_s' else 100):>9.1f}"
        f"{'':21}"
        for name in MEASURES
    )
    print(f"{'what happened':14}{actual}")
    for model, rows in found.groupby("model", sort=False):
        text, endless = "", 0
        for name in MEASURES:
            unit = 1.0 if name == "mean_wait_s" else 100.0
            known = rows[np.isfinite(rows[name])]
            endless = max(endless, len(rows) - len(known))
            weight, value, true = known["calls"], known[name], known[f"{name}_actual"]
            if model == "chance alone":
                text += f"{'':9}{unit * np.average(value, weights=weight):>9.1f}{'':12}"
                continue
            error = unit * np.average(np.abs(value - true), weights=weight)
            correlation = np.corrcoef(value, true)[0, 1] if value.std() > 0 else float("nan")
            text += f"{unit * np.average(value, weights=weight):>9.1f}{error:>9.1f}{correlation:>9.2f}   "
        print(f"{model:14}{text}{endless if model != 'chance alone' else '':>13}")


def main() -> None:
    folder = os.environ.get("STAFFING_REFERENCE_DATA")
    if not folder:
        sys.exit("STAFFING_REFERENCE_DATA expected: the folder that holds technion_1999")
    table = calls(Path(folder))
    for gap_min in GAPS_MIN:
        known = learn(table, gap_min)
        show(predictions(table, known, gap_min), known, gap_min)
    print(
        "\nmean: weighted by calls; error: mean absolute, per block; corr.: of the blocks; chance alone: error that\n"
        "even a perfect model would have on average, as one day differs from the mean of days like it.\n"
        "What the log cannot tell: when servers were logged on but had no call; whether a gap was work after\n"
        "the call or a pause, and how long it was where nobody waited; which servers took which kinds of calls\n"
        "(one team is assumed); the time before the call reached the queue. Staff inferred from calls also\n"
        "knows a little of what happened: a server is seen only where there was a call to take. People\n"
        "away from their desks between two calls look like people at work, so that all models are too\n"
        "optimistic. Differences between models smaller than those between the gaps are no evidence."
    )


if __name__ == "__main__":
    main()
