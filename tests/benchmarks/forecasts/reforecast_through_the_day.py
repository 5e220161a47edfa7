"""The rest of the day before and after a reforecast, on real days that nothing was learned from.

    python tests/benchmarks/forecasts/reforecast_through_the_day.py [--series NAME=CSV ...] [--days N]

Series as in ``accuracy_against_planners.py``; the public bank calls at 30 minutes if none is named. Each of the last
``--days`` open days is forecast from the days before it, and again at 10:00, 12:00, 14:00 and 16:00; the shrinkage is
learned anew each Monday, from the days before.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd
from accuracy_against_planners import Series, bank_calls, from_csv

import forecasts

HOURS = (10, 12, 14, 16)


def measure(series: Series, wanted: int) -> Iterator[dict[str, object]]:
    """Absolute errors and volume per day and hour."""
    contacts = series.contacts
    day_of = pd.DatetimeIndex(contacts.index).normalize()
    totals = contacts.groupby(np.asarray(day_of)).sum()
    days = pd.DatetimeIndex(totals.index[totals > 0])[-wanted:]
    shrinkage = None
    week = None
    for day in days:
        before = contacts[contacts.index < day]
        forecast = forecasts.forecast(before, 2, country=series.country, start=day)
        if shrinkage is None or day.isocalendar()[:2] != week:
            week = day.isocalendar()[:2]
            shrinkage = forecasts.learn_shrinkage(before, forecast.members, country=series.country)
        for hour in HOURS:
            answer = forecasts.reforecast(forecast, contacts, shrinkage, now=day + pd.Timedelta(hours=hour))
            actual = contacts.reindex(answer.mean.index).to_numpy()
            inside = (actual >= answer.quantile(0.1)) & (actual <= answer.quantile(0.9))
            for part, mine in (("rest of the day", answer.today), ("next day", ~answer.today)):
                known = mine & ~np.isnan(actual)
                yield {
                    "part": part,
                    "at": f"{hour}:00",
                    "volume": actual[known].sum(),
                    "before": np.abs(actual - answer.before)[known].sum(),
                    "after": np.abs(actual - answer.mean)[known].sum(),
                    "inside": inside[known].sum(),
                    "cells": known.sum(),
                }


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--series", nargs="*", default=os.environ.get("FORECAST_SERIES", "").split())
    parser.add_argument("--days", type=int, default=60)
    options = parser.parse_args()
    for series in [from_csv(words) for words in options.series] or [bank_calls(30)]:
        rows = pd.DataFrame(measure(series, options.days))
        rows = pd.concat([rows, rows.assign(at="all")])
        sums = rows.groupby(["part", "at"], sort=False)[
            ["volume", "before", "after", "inside", "cells"]
        ].sum()
        table = pd.DataFrame(
            {
                "before %": 100 * sums["before"] / sums["volume"],
                "after %": 100 * sums["after"] / sums["volume"],
                "ratio": sums["after"] / sums["before"],
                "80 % range holds": 100 * sums["inside"] / sums["cells"],
            }
        )
        sys.stdout.write(f"{series.name}, {options.days} days\n{table.round(3).to_string()}\n")


if __name__ == "__main__":
    main()
