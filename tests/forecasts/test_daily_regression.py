"""What origins share must not change what each of them says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecasts.day_matrix import DayMatrix, day_matrix
from forecasts.grid import regular
from forecasts.models import daily_regression
from forecasts.models.daily_regression import COUNT_OFFSET, expected_totals
from forecasts.models.level import level_path
from forecasts.models.profile import full_day_totals
from forecasts.models.ridge import huber_weights, ridge
from forecasts.models.terms import terms
from forecasts.opening_hours import OpeningHours

from .conftest import queue


def history(weeks: int) -> DayMatrix:
    """Working days and Saturdays in the US, a closed Friday and Monday, an unusual day."""
    counts = queue(weeks, zone=None, first="2024-01-01")
    for day in ("2024-03-01", "2024-04-29"):
        counts.loc[day] = np.nan
    counts.loc["2024-04-10"] *= 2.5
    return day_matrix(regular(counts), 30, OpeningHours.learn(counts), 21, "US")


def plainly(matrix: DayMatrix, origin: int, days: int) -> np.ndarray:
    """The same regression with its own design for one origin and no learned penalties."""
    totals = full_day_totals(matrix, origin)
    seen = ~np.isnan(totals)
    design = terms(
        matrix, origin, days, True, seen,
        daily_regression.LEVEL_STIFFNESS_DAYS, daily_regression.MONTH_DAY_DAYS,
    )  # fmt: skip
    target = np.log(np.where(seen, totals, np.nan) + COUNT_OFFSET) - design.expected[:origin]
    past, weights = design.columns[:origin], np.ones(origin)
    for _ in range(daily_regression.ROUNDS):
        effects = ridge(past, design.penalty, target[:, None], weights)[:, 0]
        residual = target - past @ effects
        # Away from the median of the 13 days around each: mirrored at both ends.
        wide = np.pad(residual[seen], 6, mode="symmetric")
        around = np.median(np.lib.stride_tricks.sliding_window_view(wide, 13), axis=1)
        weights[seen] = huber_weights(residual[seen] - around, daily_regression.HUBER_LIMIT)
    calendar = design.columns[:, ~design.level] @ effects[~design.level]
    fitted = past[:, design.level] @ effects[design.level]
    path = fitted + weights * (target - calendar[:origin] - fitted)
    is_open = matrix.open[origin : origin + days].any(axis=1)
    level = level_path(path[seen], days)[np.maximum(np.cumsum(is_open) - 1, 0)]
    spread = np.average(residual[seen] ** 2, weights=weights[seen])
    return np.exp(level + calendar[origin:] + design.expected[origin:] + spread / 2) - COUNT_OFFSET


@pytest.mark.parametrize("weeks", [10, 30, 70])
def test_origins_that_share_a_design_say_what_each_says_alone(
    weeks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily_regression, "LEARNED_GROUPS", ())
    matrix = history(weeks)
    for origin in (7 * weeks - 42, 7 * weeks - 28, 7 * weeks - 21, 7 * weeks):
        assert expected_totals(matrix, origin, 14) == pytest.approx(plainly(matrix, origin, 14), rel=1e-6)


def test_the_order_in_which_origins_are_asked_does_not_matter() -> None:
    matrix = history(30)
    forwards = [expected_totals(matrix, origin, 14) for origin in (150, 164, 178)]
    again = replace(matrix)
    backwards = [expected_totals(again, origin, 14) for origin in (178, 164, 150)][::-1]
    assert np.array(forwards) == pytest.approx(np.array(backwards), rel=1e-9)


def test_a_copy_with_other_contacts_forgets_what_was_remembered() -> None:
    matrix = history(20)
    once = expected_totals(matrix, 140, 7)
    assert expected_totals(matrix.with_contacts(2 * matrix.contacts), 140, 7).sum() > 1.8 * once.sum()
    assert (expected_totals(matrix, 140, 7) == once).all()


def paydays(strength: float, seed: int = 3) -> tuple[DayMatrix, np.ndarray]:
    """Daily counts of eight months that jump on the 1st and 2nd of a month, and the truth of the next 14 days."""
    days = pd.date_range("2024-01-01", periods=272, freq="D")
    rate = 400.0 * np.where(days.day <= 2, 1 + strength, 1.0)
    index = pd.date_range("2024-01-01", periods=258 * 24, freq="1h")
    counts = np.random.default_rng(seed).poisson(np.repeat(rate[:258] / 24, 24)).astype(float)
    matrix = day_matrix(pd.Series(counts, index=index), 60, OpeningHours.always(), 14)
    return matrix, rate[258:]


def test_penalties_learned_from_the_queue_find_strong_paydays_and_ignore_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    errors: dict[tuple[float, bool], float] = {}
    for strength in (0.0, 0.4):
        for learned in (True, False):
            groups = ("month_day", "year") if learned else ()
            monkeypatch.setattr(daily_regression, "LEARNED_GROUPS", groups)
            total = 0.0
            for seed in range(8):
                matrix, _ = paydays(strength, seed)
                for first in (240, 252):
                    truth = 400.0 * np.where(
                        pd.DatetimeIndex(matrix.calendar.days[first : first + 14]).day <= 2, 1 + strength, 1.0
                    )
                    total += np.abs(expected_totals(replace(matrix), first, 14) - truth).sum()
            errors[strength, learned] = total
    assert errors[0.0, True] < errors[0.0, False]
    assert errors[0.4, True] < errors[0.4, False]
