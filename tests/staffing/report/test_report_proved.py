"""The report's proof by simulation: present where the plan was proved, and nothing of it where not."""

from __future__ import annotations

import pytest
from page_reader import Page
from synthetic_plan import HOSTILE, planned_week

from staffing.plan.result import PlanResult
from staffing.report import render


@pytest.fixture(scope="module")
def proved_week() -> PlanResult:
    return planned_week(24, proved=True)


@pytest.fixture(scope="module")
def page(proved_week: PlanResult) -> Page:
    return Page(render(proved_week))


def test_every_queue_has_its_simulated_service_and_how_often_it_holds(
    page: Page, proved_week: PlanResult
) -> None:
    assert "Proof by simulation" in page.text
    assert proved_week.proof is not None
    week = proved_week.proof.service[proved_week.proof.service["day"] == "week"]
    for row in week.itertuples():
        assert f"{row.service_level * 100:.1f} %" in page.text
        assert f"{row.met_probability * 100:.0f} %" in page.text
    assert "How often the day's targets are met" in page.text.replace("’", "'")


def test_formula_and_simulation_stand_side_by_side(page: Page) -> None:
    assert "By formula and by simulation" in page.text
    assert "Why they differ" in page.text


def test_a_picture_per_queue_says_what_it_shows(page: Page, proved_week: PlanResult) -> None:
    said = [svg["aria-label"] for svg in page.all("svg") if "possible courses" in svg.get("aria-label", "")]
    assert len(said) == len(proved_week.targets)
    assert all("the target is" in words for words in said)


def test_rounds_and_assumptions_are_told_and_escaped(page: Page) -> None:
    assert "Ended: all targets hold." in page.text
    assert HOSTILE[0] in page.text
    assert HOSTILE[1] in page.text
    assert not [image for image in page.all("img") if image.get("src") == "x"]
    assert page.unbalanced == []


def test_a_plan_that_was_not_proved_says_nothing_of_it(small_page: Page) -> None:
    assert "Proof by simulation" not in small_page.text
