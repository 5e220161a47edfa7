"""Fixtures of the report's tests: one small week, rendered once."""

from __future__ import annotations

import pytest
from page_reader import Page
from synthetic_plan import planned_week

from staffing.plan.result import PlanResult
from staffing.report import render


@pytest.fixture(scope="session")
def small() -> PlanResult:
    """24 people on three queues; the phone queue misses its target."""
    return planned_week(24)


@pytest.fixture(scope="session")
def small_html(small: PlanResult) -> str:
    """The small week's report."""
    return render(small)


@pytest.fixture(scope="session")
def small_page(small_html: str) -> Page:
    """The small week's report, read."""
    return Page(small_html)
