"""The history of a queue, day by day, as cleaning left it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecasts import by_day, clean

from .conftest import queue


@pytest.fixture(scope="module")
def strange() -> pd.DataFrame:
    """Half a year with a gap, an outage, a closed day, an excluded morning and an unusual day."""
    counts = queue(26, first="2025-01-06")
    counts.loc["2025-02-04 10:00":"2025-02-04 11:30"] = np.nan
    counts.loc["2025-03-04 09:00":"2025-03-04 14:30"] = 0
    counts.loc["2025-03-19"] = 0
    counts.loc["2025-05-06"] *= 2
    exclusions = pd.DataFrame(
        {"start": ["2025-06-04 08:00"], "end": ["2025-06-04 12:00"], "action": ["exclude"]}
    )
    return by_day(clean(counts, country="DE", exclusions=exclusions)).set_index("day")


@pytest.mark.parametrize(
    ("day", "mark"),
    [
        ("2025-02-04", "gap"),
        ("2025-03-04", "outage"),
        ("2025-03-19", "closed day"),
        ("2025-05-06", "unusual day"),
        ("2025-06-04", "excluded"),
        ("2025-02-05", ""),
    ],
)
def test_each_day_has_the_mark_of_what_happened(strange: pd.DataFrame, day: str, mark: str) -> None:
    assert strange.loc[day, "mark"] == mark


def test_what_is_left_out_is_recorded_but_not_used(strange: pd.DataFrame) -> None:
    assert strange.loc["2025-06-04", "used"] < 0.9 * strange.loc["2025-06-04", "contacts"]
    assert strange.loc["2025-06-04", "marked"] == 8
    assert np.isnan(strange.loc["2025-03-19", "used"])
    assert strange.loc["2025-03-19", "contacts"] == 0


def test_an_unusual_day_and_an_ordinary_one_are_used_whole(strange: pd.DataFrame) -> None:
    for day in ("2025-05-06", "2025-02-05"):
        assert strange.loc[day, "used"] == strange.loc[day, "contacts"]


def test_holidays_have_their_names_and_closed_sundays_no_contacts(strange: pd.DataFrame) -> None:
    assert strange.loc["2025-05-01", "holiday"] != ""
    assert np.isnan(strange.loc["2025-02-09", "contacts"])


def test_a_level_shift_marks_its_first_day() -> None:
    counts = queue(26, first="2025-01-06")
    counts.loc["2025-04-14":] *= 1.6
    days = by_day(clean(counts))
    shifted = days.loc[days["mark"] == "level shift", "day"]
    assert len(shifted) == 1
    assert abs(shifted.iloc[0] - pd.Timestamp("2025-04-14")) <= pd.Timedelta(days=3)


def test_used_contacts_of_all_days_are_those_of_the_clean_series() -> None:
    cleaned = clean(queue(20))
    days = by_day(cleaned)
    assert days["used"].sum() == pytest.approx(cleaned.series.sum())
    assert len(days) == 140
