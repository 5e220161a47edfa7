"""Planned shrinkage taken out of a roster in turns."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from staffing.plan.at_work import with_turns

DAY = pd.Timestamp("2026-11-23", tz="Europe/Berlin")


def shifts(people: int, hours: int = 8, queue: str = "phone") -> pd.DataFrame:
    start = DAY + pd.Timedelta(hours=9)
    rows = []
    for number in range(people):
        lunch = start + pd.Timedelta(hours=4)
        for begin, end, activity, on in (
            (start, lunch, "work", queue),
            (lunch, lunch + pd.Timedelta(minutes=30), "lunch", ""),
            (lunch + pd.Timedelta(minutes=30), start + pd.Timedelta(hours=hours), "work", queue),
        ):
            rows.append((f"a{number:02d}", begin, end, activity, on))
    return pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "queue"])


def worked_h(table: pd.DataFrame) -> float:
    return float((table["end"] - table["start"]).dt.total_seconds().sum() / 3600)


def test_nobody_goes_without_shrinkage_and_breaks_are_no_work() -> None:
    left = with_turns(shifts(3), {"phone": 0.0}, 15)
    assert worked_h(left) == 3 * 7.5
    assert len(left) == 6
    assert left["start"].dt.tz is not None


@given(people=st.integers(1, 30), share=st.floats(0.0, 0.6))
def test_as_many_are_away_as_the_plan_counts_on(people: int, share: float) -> None:
    roster = shifts(people)
    left = with_turns(roster, {"phone": share}, 15)
    lost = people * 7.5 - worked_h(left)
    assert abs(lost - share * people * 7.5) <= 0.5 * 0.25 + 1e-9
    for moment in pd.date_range(DAY + pd.Timedelta(hours=9), periods=16, freq="15min"):
        there = int(((left["start"] <= moment) & (left["end"] > moment)).sum())
        assert abs(there - (1 - share) * people) <= 1.0 + 1e-9


def test_everybody_takes_the_same_number_of_turns() -> None:
    left = with_turns(shifts(7), {"phone": 0.3}, 15)
    away = 7.5 - (left["end"] - left["start"]).dt.total_seconds().groupby(left["agent"]).sum() / 3600
    assert away.max() - away.min() <= 0.25


def test_a_night_that_has_an_hour_twice_keeps_its_real_length() -> None:
    start = pd.Timestamp("2026-10-24 22:00", tz="Europe/Berlin")
    night = pd.DataFrame(
        [("a", start, start + pd.Timedelta(hours=9), "work", "phone")],
        columns=["agent", "start", "end", "activity", "queue"],
    )
    left = with_turns(night, {"phone": 0.0}, 15)
    assert worked_h(left) == 9.0
    assert left["end"].iloc[0] == pd.Timestamp("2026-10-25 06:00", tz="Europe/Berlin")


def test_an_empty_roster_stays_empty() -> None:
    assert with_turns(shifts(1).iloc[:0], {"phone": 0.3}, 15).empty
