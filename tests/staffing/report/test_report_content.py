"""The report says what a planner and a manager need, in words that hold."""

from __future__ import annotations

import dataclasses
import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from page_reader import Page
from synthetic_plan import QUEUES, planned_week

from staffing.plan.money import paid_hours
from staffing.plan.result import PlanResult
from staffing.report import render
from staffing.report.parts.cost import payroll
from staffing.report.parts.proof import gap_words
from staffing.sizing.targets import QueueTarget

SECTIONS = (
    "headline", "notes", "service", "coverage", "roster", "gantt", "wishes", "rules", "cost", "forecast",
    "shifts", "assumptions", "words",
)  # fmt: skip


def _with_roster(result: PlanResult, **changes: object) -> PlanResult:
    return dataclasses.replace(result, roster=dataclasses.replace(result.roster, **changes))


def test_every_section_is_there_once_and_linked_from_the_contents(small_page: Page) -> None:
    ids = [attributes["id"] for _, attributes in small_page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert [name for name in ids if name in SECTIONS] == list(SECTIONS)
    links = {a["href"] for a in small_page.all("a")}
    assert {f"#{name}" for name in SECTIONS} <= links
    assert all(link.removeprefix("#") in ids for link in links)


def test_elements_are_closed_in_order(small_page: Page) -> None:
    assert small_page.unbalanced == []


def test_headline_states_week_cost_hours_gap_rules_and_wishes(small: PlanResult, small_page: Page) -> None:
    text = small_page.text
    assert "Monday 3 – Sunday 9 March 2025" in text
    assert f"€{payroll(small.roster.cost_parts):,.0f} wages and premiums" in text
    assert f"{paid_hours(small.roster.table):,.0f} h" in text
    assert "At most 2.2 % above the cheapest possible roster" in text
    assert "No rule is broken: all 7 rules passed" in text
    granted = int(small.roster.wishes["granted"].sum())
    assert f"{granted} of {len(small.roster.wishes)} wishes granted" in text


def test_notes_of_plan_and_roster_are_shown(small: PlanResult, small_page: Page) -> None:
    for note in (*small.notes, *small.roster.notes):
        assert note in small_page.text


def test_a_missed_target_is_told_in_words_and_sign_not_by_colour_alone(
    small: PlanResult, small_page: Page
) -> None:
    phone = small.service[(small.service["queue"] == "Phone") & (small.service["day"] == "week")].iloc[0]
    assert not phone["met"]
    points = (0.8 - phone["service_level"]) * 100
    assert f"✗ {points:.1f} points below" in small_page.text
    assert "1 of 3 queues expected to miss over the week: Phone" in small_page.text


def test_met_targets_are_told_as_met() -> None:
    result = planned_week(24)
    service = result.service.assign(met=[None if m is None else True for m in result.service["met"]])
    text = Page(render(dataclasses.replace(result, service=service))).text
    assert "All 3 queues are expected to meet the target over the week" in text


def test_every_person_and_every_shift_time_is_in_the_grid(small: PlanResult, small_page: Page) -> None:
    for agent in small.agents:
        assert agent.id in small_page.text
    shifts = small.roster.table.groupby(["agent", "shift_id"]).agg(start=("start", "min"), end=("end", "max"))
    for row in shifts.itertuples():
        assert f"{row.start:%H:%M}–{row.end:%H:%M}" in small_page.text


def test_broken_rules_are_named_with_person_time_and_limit() -> None:
    text = Page(render(planned_week(12, violations=3))).text
    assert "Rules are broken 3 times: rest." in text
    assert "rest agent-0002 Tue 4 Mar, 00:00 9 h 30 min at least 11 h" in text


def test_refused_wishes_carry_reason_and_price(small: PlanResult, small_page: Page) -> None:
    refused = small.roster.wishes[~small.roster.wishes["granted"].astype(bool)]
    assert len(refused)
    for row in refused.itertuples():
        assert row.reason in small_page.text
        assert f"€{row.weight:.2f}" in small_page.text


def test_models_and_assumptions_are_named(small_page: Page) -> None:
    for words in ("Erlang A", "chat, concurrency 3", "deadline backlog", "two-level", "same-weekday mean"):
        assert words in small_page.text
    assert "1 min 30 s on average" not in small_page.text, "90 s of patience are shown as seconds"
    assert "90 s on average" in small_page.text
    assert "80 % answered within 20 s, occupancy at most 88 %" in small_page.text
    assert "90 % resolved within 8 opening hours" in small_page.text


def test_values_without_meaning_are_dashes_with_their_reason(small_html: str, small_page: Page) -> None:
    assert "(not scored: history too short)" in small_page.text
    assert "nan" not in small_page.text.lower().split()
    assert "inf" not in small_page.text.lower().split()
    assert "NaN" not in small_html.replace("isNaN", "")


@pytest.mark.parametrize("bound", [math.nan, -math.inf, 0.0])
def test_without_a_bound_the_report_claims_no_gap(small: PlanResult, bound: float) -> None:
    text = Page(render(_with_roster(small, bound=bound))).text
    assert "No bound was proven: how close it is to the cheapest is not known" in text
    assert "above the cheapest possible roster" not in text


@pytest.mark.parametrize(
    ("cost", "bound", "words"),
    [
        (100.0, 100.0, "proven the cheapest possible roster"),
        (102.0, 100.0, "at most 2.0\u00a0% above the cheapest possible roster"),
        (102.01, 100.0, "at most 2.1\u00a0% above the cheapest possible roster"),
        (100.601, 100.0, "at most 0.61\u00a0% above the cheapest possible roster"),
        (100.0001, 100.0, "at most 0.01\u00a0% above the cheapest possible roster"),
    ],
)
def test_the_gap_in_words_is_rounded_up_so_that_at_most_stays_true(
    cost: float, bound: float, words: str
) -> None:
    assert gap_words(cost, bound) == words


def test_cost_recomputed_by_the_check_is_compared_to_the_cent(small: PlanResult, small_page: Page) -> None:
    assert "cost recomputed independently: the same to the cent" in small_page.text
    other = dataclasses.replace(small, check=dataclasses.replace(small.check, cost=small.roster.cost + 0.01))
    assert "the same to the cent" not in Page(render(other)).text


def test_an_empty_week_still_makes_a_report() -> None:
    result = planned_week(6)
    empty = dataclasses.replace(
        result,
        history=result.history.iloc[:0],
        cleaning=result.cleaning.iloc[:0],
        leaderboard=result.leaderboard.iloc[:0],
        forecast=result.forecast.assign(contacts=0.0, aht_s=np.nan),
        coverage=result.coverage.assign(scheduled=0.0, required=0.0, gap=0.0),
        roster=dataclasses.replace(
            result.roster, table=result.roster.table.iloc[:0], wishes=result.roster.wishes.iloc[:0],
            trail=result.roster.trail.iloc[:0], cost=0.0, bound=0.0,
            cost_parts=dict.fromkeys(result.roster.cost_parts, 0.0),
        ),
        design=dataclasses.replace(result.design, table=result.design.table.iloc[:0]),
        notes=(),
    )  # fmt: skip
    text = Page(render(empty)).text
    assert "nobody works" in text
    assert "Nobody wished for anything" in text
    assert "No shift was designed" in text


def test_a_night_shift_is_marked_as_ending_the_next_day(small: PlanResult) -> None:
    table = small.roster.table
    first = table[
        (table["agent"] == table["agent"].iloc[0]) & (table["shift_id"] == table["shift_id"].iloc[0])
    ]
    later = pd.Timedelta(hours=22) - (first["start"].min() - first["start"].min().normalize())
    moved = first.assign(start=first["start"] + later, end=first["end"] + later)
    end = f"{moved['end'].max():%H:%M}"
    night = _with_roster(small, table=pd.concat([moved, table[table["agent"] != first["agent"].iloc[0]]]))
    assert f"22:00–{end} (+1)" in Page(render(night)).text


@pytest.mark.parametrize(
    ("first_day", "zone", "hours"),
    [(date(2025, 3, 24), "Europe/Berlin", 167), (date(2025, 10, 20), "Europe/Berlin", 169)],
)
def test_weeks_with_a_clock_change_keep_their_hours(first_day: date, zone: str, hours: int) -> None:
    result = planned_week(6, first_day=first_day, timezone=zone)
    assert len(result.coverage) == len(QUEUES) * hours * 4
    page = Page(render(result))
    assert page.unbalanced == []
    assert f"{first_day.day} – Sunday" in page.text


def test_half_hour_zones_show_local_times() -> None:
    text = Page(render(planned_week(6, timezone="Asia/Kolkata"))).text
    assert "times in Asia/Kolkata" in text
    assert "08:00" in text


def test_many_queues_reuse_colours_and_keep_their_names() -> None:
    queues = tuple(QueueTarget(f"Line {k:02d}", "phone") for k in range(11))
    text = Page(render(planned_week(12, queues=queues[:3]))).text
    assert "Line 02" in text
    result = planned_week(12, queues=queues[:3])
    more = dataclasses.replace(result, targets={target.queue: target for target in queues})
    assert "Line 10" in Page(render(more)).text


def test_a_rule_that_had_nothing_to_check_is_not_called_kept(small: PlanResult) -> None:
    rules = small.check.rules.assign(checked=[0, *small.check.rules["checked"].iloc[1:]])
    text = Page(render(dataclasses.replace(small, check=dataclasses.replace(small.check, rules=rules)))).text
    assert "rest 0 0 – nothing to check" in text
    assert "all 6 rules passed" in text
