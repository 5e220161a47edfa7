"""What a person excludes is not used, what a person keeps is, and what was found comes back as a list to edit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import forecasts
from forecasts import ForecastError, clean, stretches


def with_outage(contacts: pd.Series) -> pd.Series:
    """A Tuesday from ten to one without contacts."""
    broken = contacts.copy()
    broken.loc["2025-06-03 10:00":"2025-06-03 12:59"] = 0.0
    return broken


def exclusion(start: str, end: str, action: str = "exclude") -> pd.DataFrame:
    return pd.DataFrame({"start": [start], "end": [end], "action": [action]})


def test_an_outage_that_was_found_is_listed_from_its_first_to_its_last_interval(half_year: pd.Series) -> None:
    found = stretches(clean(with_outage(half_year)).marks)
    (row,) = found[found["reason"] == "outage"].to_dict("records")
    assert row["start"] == pd.Timestamp("2025-06-03 10:00", tz="Europe/Berlin")
    assert row["end"] == pd.Timestamp("2025-06-03 13:00", tz="Europe/Berlin")
    assert row["action"] == "exclude"


def test_the_list_given_back_leaves_out_what_was_found(half_year: pd.Series) -> None:
    broken = with_outage(half_year)
    first = clean(broken)
    again = clean(broken, exclusions=stretches(first.marks))
    pd.testing.assert_series_equal(first.series, again.series)
    assert "outage intervals" not in set(again.findings["finding"])
    assert (
        dict(zip(again.findings["finding"], again.findings["count"], strict=True))["excluded intervals"] == 6
    )


def test_what_a_person_keeps_is_used_though_it_looks_like_an_outage(half_year: pd.Series) -> None:
    broken = with_outage(half_year)
    kept = clean(broken, exclusions=exclusion("2025-06-03 10:00", "2025-06-03 13:00", "keep"))
    assert (kept.series.loc["2025-06-03 10:00":"2025-06-03 12:59"] == 0).all()
    assert "outage intervals" not in set(kept.findings["finding"])


def test_an_excluded_fortnight_does_not_move_the_forecast(half_year: pd.Series) -> None:
    strange = half_year.copy()
    strange.loc["2025-06-23":] = strange.loc["2025-06-23":] * 3
    usual = forecasts.forecast(half_year, 7)
    without = forecasts.forecast(strange, 7, exclusions=exclusion("2025-06-23", "2025-07-07"))
    assert without.mean.sum() == pytest.approx(usual.mean.sum(), rel=0.05)
    assert forecasts.forecast(strange, 7).mean.sum() > 1.5 * usual.mean.sum()


def test_the_later_row_decides(half_year: pd.Series) -> None:
    rows = pd.concat(
        [exclusion("2025-06-03", "2025-06-04"), exclusion("2025-06-03 10:00", "2025-06-03 11:00", "keep")]
    )
    series = clean(half_year, exclusions=rows).series.loc["2025-06-03"]
    assert series.notna().sum() == 2
    assert list(series.dropna().index.hour) == [10, 10]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (pd.DataFrame({"start": ["2025-06-03"]}), "end missing"),
        (exclusion("2025-06-04", "2025-06-03"), "start < end"),
        (exclusion("yesterday-ish", "2025-06-03"), "local time"),
        (exclusion("2025-06-03", "2025-06-04", "drop"), "exclude or keep"),
    ],
)
def test_exclusions_that_cannot_be_read_say_what_is_expected(
    half_year: pd.Series, rows: pd.DataFrame, message: str
) -> None:
    with pytest.raises(ForecastError, match=message):
        clean(half_year, exclusions=rows)


def test_nothing_left_out_is_an_empty_list(half_year: pd.Series) -> None:
    marks = pd.Series("", index=half_year.index)
    assert len(stretches(marks)) == 0
    assert np.all(stretches(marks).columns == ["start", "end", "action", "reason"])
