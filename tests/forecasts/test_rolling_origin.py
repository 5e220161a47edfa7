"""The backtest."""

from __future__ import annotations

import pandas as pd
import pytest

import forecasts
from forecasts import ForecastError
from forecasts.models import MODELS
from forecasts.rolling_origin import choose_origins

from .conftest import queue


def test_origins_are_a_week_apart_and_leave_the_horizon_to_score() -> None:
    assert choose_origins(100, 14, 4) == [65, 72, 79, 86]
    assert choose_origins(50, 14, 8) == [29, 36]
    assert choose_origins(40, 14, 8) == []


def test_the_board_names_every_model_and_the_combination_best_first() -> None:
    board = forecasts.backtest(queue(16), origins=3, days=7)
    assert set(board["model"]) == {*MODELS, "combination"}
    assert board["wape"].is_monotonic_increasing
    assert (board["origins"] == 3).all()
    assert (board["wape"] < 0.3).all()


def test_one_model_alone_can_be_scored(half_year: pd.Series) -> None:
    board = forecasts.backtest(half_year, models=["same-weekday-4"], origins=2, days=7)
    assert board["model"].tolist() == ["same-weekday-4"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"models": ["oracle"]}, "oracle"), ({"origins": 0}, "origins >= 1"), ({"days": 0}, "days >= 1")],
)
def test_a_backtest_that_cannot_be_run_is_refused(
    half_year: pd.Series, arguments: dict, message: str
) -> None:
    with pytest.raises(ForecastError, match=message):
        forecasts.backtest(half_year, **arguments)


def test_too_short_a_history_cannot_be_tested() -> None:
    with pytest.raises(ForecastError, match="days of history"):
        forecasts.backtest(queue(5), days=14)
