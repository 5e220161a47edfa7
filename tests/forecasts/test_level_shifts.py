"""A lasting change of level is found on its day, reported, and followed by the forecast."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import forecasts
from forecasts.cleaning import clean
from forecasts.level_shifts import level_shifts

from .conftest import queue


def shifted(day: str, factor: float, seed: int = 1) -> pd.Series:
    contacts = queue(26, seed=seed)
    after = contacts.index >= pd.Timestamp(day, tz="Europe/Berlin")
    return contacts.where(~after, (contacts * factor).round())


@pytest.mark.parametrize(("day", "factor"), [("2025-04-16", 1.3), ("2025-05-21", 0.7)])
def test_a_shift_is_found_within_days_and_with_its_size(day: str, factor: float) -> None:
    (shift,) = level_shifts(clean(shifted(day, factor)).matrix)
    assert abs(shift.day - np.datetime64(day)) <= np.timedelta64(3, "D")
    assert shift.share == pytest.approx(factor - 1, abs=0.06)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_steady_queue_has_no_shift(seed: int) -> None:
    assert level_shifts(clean(queue(26, seed=seed)).matrix) == ()


def test_a_slow_season_is_no_shift() -> None:
    contacts = queue(52)
    day = (contacts.index - contacts.index[0]).days.to_numpy()
    turning = (contacts * (1 + 0.15 * np.sin(2 * np.pi * day / 365))).round()
    assert level_shifts(clean(turning).matrix) == ()


def test_the_cleaning_report_names_the_shift() -> None:
    findings = clean(shifted("2025-04-16", 1.3)).findings.set_index("finding")
    assert findings.loc["level shifts", "count"] == 1
    assert "+3" in findings.loc["level shifts", "detail"]


@pytest.mark.parametrize(("day", "factor"), [("2025-04-16", 1.3), ("2025-05-21", 0.7)])
def test_the_forecast_follows_the_shift(day: str, factor: float) -> None:
    before, after = forecasts.forecast(queue(26), 7), forecasts.forecast(shifted(day, factor), 7)
    assert after.mean.sum() / before.mean.sum() == pytest.approx(factor, rel=0.06)


def test_a_short_history_has_no_shift_to_tell() -> None:
    assert level_shifts(clean(queue(4)).matrix) == ()
