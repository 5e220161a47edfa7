"""What cleaning finds, and that nothing disappears silently."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecasts.history import clean

from .conftest import queue


def counts(cleaned: object) -> dict[str, int]:
    return dict(zip(cleaned.findings["finding"], cleaned.findings["count"], strict=True))  # type: ignore[attr-defined]


def test_an_ordinary_history_has_no_outage_and_next_to_no_outlier(half_year: pd.Series) -> None:
    found = counts(clean(half_year))
    assert "outage intervals" not in found
    assert "closed days" not in found
    assert found.get("outlier intervals", 0) <= 1


def test_an_outage_is_marked_from_its_first_to_its_last_interval(half_year: pd.Series) -> None:
    broken = half_year.copy()
    broken.loc["2025-04-08 10:00":"2025-04-08 13:30"] = 0.0  # type: ignore[misc]
    cleaned = clean(broken)
    marked = cleaned.marks[cleaned.marks == "outage"].index
    assert marked[0] == pd.Timestamp("2025-04-08 10:00", tz="Europe/Berlin")
    assert len(marked) == 8
    assert cleaned.series.loc[marked].isna().all()


def test_a_spike_is_an_outlier_but_its_day_is_not(half_year: pd.Series) -> None:
    spiked = half_year.copy()
    at = pd.Timestamp("2025-04-09 11:00", tz="Europe/Berlin")
    spiked.loc[at] = 600.0
    cleaned = clean(spiked)
    assert cleaned.marks.loc[at] == "outlier"
    assert (cleaned.marks.loc["2025-04-09"] == "outlier").sum() == 1


def test_a_busy_day_is_listed_and_stays_in(half_year: pd.Series) -> None:
    busy = half_year.copy()
    busy.loc["2025-04-09"] = busy.loc["2025-04-09"] * 2
    cleaned = clean(busy)
    assert "2025-04-09" in cleaned.findings.set_index("finding").loc["unusual days", "detail"]
    assert cleaned.series.loc["2025-04-09"].notna().sum() == half_year.loc["2025-04-09"].notna().sum()


def test_a_zero_filled_closed_day_is_closed_not_quiet(half_year: pd.Series) -> None:
    closed = half_year.fillna(0.0)
    closed.loc["2025-05-14"] = 0.0
    cleaned = clean(closed)
    assert counts(cleaned)["closed days"] == 1
    assert cleaned.series.loc["2025-05-14"].isna().all()


def test_gaps_closed_hours_holidays_and_clock_changes_are_counted() -> None:
    history = queue(30)
    history.loc["2025-03-05 09:00":"2025-03-05 10:30"] = np.nan  # type: ignore[misc]
    found = counts(clean(history, country="DE"))
    assert found["gap intervals"] == 4
    assert found["clock changes"] == 1
    assert found["holidays"] >= 5
    is_closed = history.isna()
    assert found["closed intervals"] == is_closed.sum() - 4


def test_contacts_outside_opening_hours_are_told(half_year: pd.Series) -> None:
    stray = half_year.copy()
    stray.loc[pd.Timestamp("2025-03-09 12:00", tz="Europe/Berlin")] = 3.0
    assert counts(clean(stray))["contacts outside opening hours"] == 1


def test_every_interval_is_either_used_or_carries_a_mark(half_year: pd.Series) -> None:
    cleaned = clean(half_year)
    assert (cleaned.series.notna() == (cleaned.marks == "")).all()
