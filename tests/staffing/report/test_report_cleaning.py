"""The picture of what cleaning found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from staffing.report.hover import Hover
from staffing.report.parts.cleaning import DAYS_SHOWN, cleaning_chart


def days(count: int, **marks: str) -> pd.DataFrame:
    """Days of 100 contacts; ``d3="gap"`` marks the fourth."""
    mark = np.full(count, "", dtype=object)
    for name, word in marks.items():
        mark[int(name[1:])] = word
    return pd.DataFrame(
        {
            "day": pd.date_range("2025-11-10", periods=count, freq="D"),
            "contacts": 100.0,
            "used": np.where(mark == "closed day", np.nan, 100.0),
            "mark": mark,
            "holiday": np.where(np.arange(count) == 5, "Day <of> rest", ""),
        }
    )


def test_each_kind_of_finding_has_its_lane_and_the_words_count_it() -> None:
    drawn = cleaning_chart(
        0, "phone", 2, days(60, d3="gap", d4="gap", d9="outage", d20="closed day"), Hover()
    )
    assert drawn is not None
    picture, legend = drawn
    for word in ("missing", "outage", "closed", "holiday"):
        assert f">{word}</text>" in picture
    assert ">outlier</text>" not in picture
    assert "2 missing, 1 outage, 1 closed, 1 holiday" in picture
    assert [key for key, _ in legend] == ["line", "year"]


def test_days_in_a_row_are_one_mark_and_a_single_day_is_wide_enough_to_be_seen() -> None:
    drawn = cleaning_chart(0, "phone", 0, days(400, d3="gap", d4="gap", d90="gap"), Hover())
    assert drawn is not None
    lane = drawn[0].split(">missing</text>")[1].split("/>")[0]
    assert lane.count("M") == 2


def test_the_pointer_reads_day_finding_and_numbers() -> None:
    hover = Hover()
    assert cleaning_chart(1, "phone", 0, days(30, d3="outage"), hover) is not None
    chart = hover.charts["cleaning-1"]
    assert chart["labels"][3] == "Thu 13 Nov, outage"
    assert chart["labels"][5].endswith("Day <of> rest")
    assert [name for name, *_ in chart["series"]] == ["Recorded", "Used"]


def test_names_are_escaped() -> None:
    drawn = cleaning_chart(0, "<b>phone</b>", 0, days(30), Hover())
    assert drawn is not None
    assert "<b>" not in drawn[0]


def test_a_long_history_shows_its_last_days() -> None:
    hover = Hover()
    assert cleaning_chart(0, "phone", 0, days(DAYS_SHOWN + 100), hover) is not None
    assert len(hover.charts["cleaning-0"]["labels"]) == DAYS_SHOWN


@pytest.mark.parametrize("rows", [days(0), days(10).assign(contacts=np.nan)])
def test_nothing_recorded_draws_nothing(rows: pd.DataFrame) -> None:
    assert cleaning_chart(0, "phone", 0, rows, Hover()) is None
