"""Numbers, charts and times of the report, piece by piece."""

from __future__ import annotations

import math
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_reader import Page
from synthetic_plan import comparison_table, planned_week

from schedules.rules import Rules
from staffing.report import render, render_comparison
from staffing.report.hover import Hover
from staffing.report.parts import gantt as gantt_part
from staffing.report.parts.coverage import hour_marks
from staffing.report.parts.rulebook import limits
from staffing.report.parts.service import why_missing
from staffing.report.parts.targets import target_words
from staffing.report.parts.wishes import wish_words
from staffing.report.quantities import duration, money, number, percent, percent_against
from staffing.report.svg import Axis, element, nice_ticks, runs, step_area, step_path
from staffing.report.tours import worked_shifts
from staffing.report.week import Week, clock_of_minutes, midnight
from staffing.sizing.premium import PremiumPromise
from staffing.sizing.targets import QueueTarget


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"), (4.5, "4.5 s"), (45, "45 s"), (119, "119 s"), (120, "2 min"), (330, "5 min 30 s"),
        (3599.7, "1 h"), (7500, "2 h 5 min"), (259200, "3 d"), (262800, "3 d 1 h"),
    ],
)  # fmt: skip
def test_durations_choose_their_unit(seconds: float, words: str) -> None:
    assert duration(seconds).replace("\u00a0", " ") == words


def test_money_puts_the_sign_first_and_a_space_only_before_codes() -> None:
    assert money(1234.5, "€", 2) == "€1,234.50"
    assert money(-1234.5, "CHF") == "−CHF\u00a01,234"
    assert "title" in money(math.nan, "€", reason="not paid")


@pytest.mark.parametrize("value", [None, math.nan, math.inf, pd.NA, "x"])
def test_what_is_no_number_becomes_a_dash_with_its_reason(value: object) -> None:
    assert "(closed)" in number(value, reason="closed")


def test_minus_zero_is_zero() -> None:
    assert number(-0.04, 1) == "0.0"


@given(st.floats(0, 1), st.sampled_from([0.5, 0.7, 0.8, 0.9, 0.955]))
def test_a_missed_target_never_reads_as_if_it_were_met(share: float, target: float) -> None:
    shown = float(percent_against(share, target).rstrip("%").strip())
    if share < target:
        assert shown < round(target * 100, 1)
    else:
        assert shown >= round(target * 100, 1)
    assert abs(shown - share * 100) <= 0.1 + 1e-9


def test_shares_are_per_cent() -> None:
    assert percent(0.8237) == "82.4\u00a0%"


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 8), st.booleans())
def test_ticks_cover_the_values_evenly(low: float, span: float, wanted: int, whole: bool) -> None:
    ticks = nice_ticks(low, low + span, wanted, whole)
    slack = 1e-6 * max(abs(low), span, 1)
    assert ticks[0] <= low + slack
    assert ticks[-1] >= low + span - slack
    assert 2 <= len(ticks) <= wanted + 3
    assert np.allclose(np.diff(ticks), ticks[1] - ticks[0], atol=slack)
    if whole:
        assert all(float(t).is_integer() for t in ticks)


def test_a_chart_of_nothing_still_has_an_axis() -> None:
    assert nice_ticks(0.0, 0.0) == nice_ticks(0.0, math.nan)
    assert Axis(0, 0, 10, 20)(0) == 10


@given(st.lists(st.booleans(), max_size=30))
def test_runs_are_exactly_the_true_stretches(flags: list[bool]) -> None:
    covered = [False] * len(flags)
    for first, after in runs(np.array(flags, dtype=bool)):
        assert first < after
        covered[first:after] = [True] * (after - first)
    assert covered == flags


def test_steps_hold_their_level_to_the_next_edge_and_break_at_a_gap() -> None:
    edges = np.array([0.0, 10.0, 20.0, 30.0, 40.0])
    assert step_path(edges, np.array([5.0, 5.0, 8.0, np.nan])) == "M0 5H20V8H30"
    assert step_path(edges, np.array([5.0, np.nan, 8.0, 8.0])) == "M0 5H10M20 8H40"


def test_an_area_is_drawn_only_where_there_is_one() -> None:
    edges = np.array([0.0, 10.0, 20.0])
    assert step_area(edges, np.array([4.0, 9.0]), np.array([9.0, 9.0])) == "M0 9V4H10V9H0Z"
    assert step_area(edges, np.array([9.0, 9.0]), np.array([9.0, 9.0])) == ""


def test_elements_escape_their_attributes_and_children() -> None:
    written = element("text", "<b>", title='"><i>')
    assert re.fullmatch(r'<text title="[^"<>]*">&lt;b&gt;</text>', written)


def test_hour_marks_skip_the_hour_that_does_not_exist() -> None:
    night = midnight(date(2025, 3, 30), "Europe/Berlin")
    assert [label for _, label in hour_marks(night, 0, 240, 20)] == [
        "00:00",
        "01:00",
        "03:00",
        "04:00",
        "05:00",
    ]


def test_hour_marks_repeat_the_hour_that_comes_twice() -> None:
    night = midnight(date(2025, 10, 26), "Europe/Berlin")
    assert [label for _, label in hour_marks(night, 0, 240, 20)] == [
        "00:00",
        "01:00",
        "02:00",
        "02:00",
        "03:00",
    ]


def test_a_midnight_that_does_not_exist_is_the_first_minute_after() -> None:
    assert midnight(date(2024, 9, 8), "America/Santiago").hour == 1


def test_wishes_read_as_sentences() -> None:
    assert wish_words("start_from", 540.0) == "start at 09:00 or later"
    assert wish_words("start_until", 840) == "start at 14:00 or earlier"
    assert wish_words("day_off", math.nan) == "day off"
    assert clock_of_minutes(1500) == "01:00 (+1)"


def test_the_comparison_states_each_step_and_its_price() -> None:
    page = Page(render_comparison(comparison_table(), name="Centre", currency="€", notes=("One note.",)))
    assert "as forecast: from 70/30 to 90/10 costs €8,600 more a week" in page.text
    assert "€491 per point on average" in page.text
    assert "€622" in page.text
    assert "no higher target of this scenario was compared" in page.text
    assert "One note." in page.text
    assert page.unbalanced == []
    assert len(page.all("svg")) >= 2


def test_the_comparison_stands_without_service_levels() -> None:
    table = comparison_table().assign(service_level=np.nan)
    page = Page(render_comparison(table, name="Centre", currency="€"))
    assert "No row gives both a cost and a service level" in page.text
    assert "€43,950" in page.text


def test_one_target_alone_is_compared_with_nothing() -> None:
    table = comparison_table().query("target == '80/20'")
    page = Page(render_comparison(table, name="Centre", currency="€"))
    assert "In short" not in page.text
    assert "€43,950" in page.text


def test_targets_of_different_answer_times_are_compared_on_the_plans_own() -> None:
    table = comparison_table().assign(
        plan_level=lambda t: t["service_level"] - 0.1 * (t["target"] == "70/30")
    )
    page = Page(render_comparison(table, name="Centre", currency="€"))
    assert "brings 27.5 points of service level, €313 per point" in page.text
    assert "expected service level at the plan’s own answer time" in page.text
    assert "64.2 %" in page.text, "70/30 at the plan's time"
    assert "74.2 %" in page.text, "70/30 at its own time"


def test_a_wait_without_end_is_told_as_such() -> None:
    assert why_missing(math.inf) == "without end: more work than people"
    assert why_missing(math.nan) == why_missing(None) == "this measure has no meaning here"


def test_a_target_names_every_promise_that_decided_the_staff() -> None:
    plain = target_words(QueueTarget("calls"))
    assert plain.replace("\u00a0", " ") == "80 % answered within 20 s"
    over_day = target_words(QueueTarget("calls", target_over="day", max_occupancy=0.85))
    assert over_day.replace("\u00a0", " ") == "80 % answered within 20 s over the day, occupancy at most 85 %"
    pooled = target_words(QueueTarget("calls", confidence=0.9, pool="all")).replace("\u00a0", " ")
    assert pooled == (
        "80 % answered within 20 s, sized to hold in 90 % of cases, people shared in the pool all"
    )
    premium = target_words(QueueTarget("calls", premium=PremiumPromise(0.1, 0.9, 10.0))).replace(
        "\u00a0", " "
    )
    assert premium.endswith("premium (10 % of the contacts) first, 90 % within 10 s")


def test_a_day_with_too_many_people_keeps_its_curve_and_says_where_the_shifts_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = planned_week(30)
    week = Week.of(result)
    shifts = worked_shifts(result, week)
    most = max(sum(shift.day_index == day for shift in shifts) for day in range(7))
    monkeypatch.setattr(gantt_part, "_MOST_DRAWN", most - 1)
    days = gantt_part.gantt(result, week, shifts, Hover())
    busiest = [day for day in days if f"{most}\u00a0people" in day.words]
    assert busiest
    assert all(day.curve and not day.blocks and "roster.xlsx" in day.undrawn for day in busiest)
    assert any(day.blocks and not day.undrawn for day in days)
    assert "too many to draw; roster.xlsx" in render(result)


def test_every_declared_rule_is_said_and_no_other() -> None:
    plain = limits(Rules())
    assert plain == (
        "at least 11.0 h of rest between shifts".replace(" h", "\u00a0h"),
        "at most 6 days in a row",
    )
    full = " / ".join(
        limits(
            Rules(
                weekly_rest_h=36,
                max_nights_in_a_row=3,
                max_weekends=2,
                complete_weekends=True,
                min_consecutive_days=2,
                min_consecutive_days_off=2,
                forbidden_successions=(("late", "early"),),
                max_shift_h=10,
                max_start_spread_min=120,
            )
        )
    )
    said = (
        "36.0",
        "3 nights",
        "2 weekends",
        "whole or not",
        "2 days in a row",
        "2 free days",
        "early after late",
    )
    for words in (*said, "10.0", "120 minutes"):
        assert words in full
