"""Why a day has its volume: the factors are those that the history was made with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import forecasts

from .conftest import WEEKDAY_LEVEL, queue


def test_the_weekday_factors_are_those_of_the_history() -> None:
    table = forecasts.forecast(queue(26), 7).explain().set_index("day")
    weekday = pd.DatetimeIndex(table.index).day_of_week
    # Saturday is shorter, too: compare the five long days, each against Wednesday.
    factor = table["weekday"].to_numpy()
    wednesday = factor[weekday == 2][0]
    for day in range(5):
        assert factor[weekday == day][0] / wednesday == pytest.approx(WEEKDAY_LEVEL[day], rel=0.05)


def test_a_payday_a_holiday_and_an_event_have_their_columns() -> None:
    contacts = queue(40)
    index = pd.DatetimeIndex(contacts.index)
    contacts = contacts.where(index.day != 15, (contacts * 1.6).round())
    events = pd.DataFrame({"name": ["sale"], "start": ["2025-10-16"], "end": ["2025-10-16"], "uplift": [0.4]})
    table = forecasts.forecast(contacts, 14, country="DE", events=events).explain().set_index("day")
    assert table.loc["2025-10-15", "month_day"] > 1.2
    assert table.loc["2025-10-16", "events"] == pytest.approx(1.4)
    assert table["events"].drop("2025-10-16").to_numpy() == pytest.approx(1.0)
    assert "holiday" in table


def test_the_contacts_of_the_days_are_those_of_the_forecast() -> None:
    answer = forecasts.forecast(queue(12), 7)
    days = pd.DatetimeIndex(answer.mean.index).tz_localize(None).normalize()
    by_day = answer.mean.groupby(np.asarray(days)).sum()
    assert answer.explain()["contacts"].to_numpy() == pytest.approx(by_day.to_numpy())
