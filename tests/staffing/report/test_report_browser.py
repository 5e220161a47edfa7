"""The report in a real browser: nothing requested, nothing on the console, numbers visible, prints."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from synthetic_plan import HOSTILE, comparison_table, planned_week

from staffing.report import render, render_comparison

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (test extra)")

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def _executable() -> str | None:
    named = os.environ.get("STAFFING_CHROMIUM")
    return named or next((path for path in map(shutil.which, _NAMES) if path), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = _executable()
    if path is None:
        pytest.skip("no system Chromium found on PATH (set STAFFING_CHROMIUM to its path)")
    with playwright_api.sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield opened
        opened.close()


class Visit:
    """A page opened from a file, with everything that it asked for and complained about."""

    def __init__(self, browser: Any, file: Path, width: int = 1280) -> None:
        self.page = browser.new_page(viewport={"width": width, "height": 900})
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))
        self.page.goto(file.as_uri())

    def text(self) -> str:
        """Text that is really shown."""
        shown: str = self.page.inner_text("body")
        return shown.replace("\u00a0", " ")


def _visit(browser: Any, folder: Path, html: str, width: int = 1280) -> Visit:
    file = folder / "report.html"
    file.write_text(html, encoding="utf-8")
    return Visit(browser, file, width)


def test_the_report_opens_quietly_and_shows_its_numbers(
    browser: Any, tmp_path: Path, small_html: str
) -> None:
    visit = _visit(browser, tmp_path, small_html)
    assert visit.requests == [(tmp_path / "report.html").as_uri()]
    assert visit.complaints == []
    shown = visit.text()
    for words in (
        "Monday 3 – Sunday 9 March 2025",
        "At most 2.2 % above the cheapest possible roster",
        "agent-0001",
    ):
        assert words in shown
    assert visit.page.locator("svg.chart:visible").count() > 20


def test_hostile_names_run_nothing_in_a_real_browser(browser: Any, tmp_path: Path) -> None:
    visit = _visit(browser, tmp_path, render(planned_week(12, names=HOSTILE, violations=2)))
    assert visit.complaints == []
    assert len(visit.requests) == 1
    assert visit.page.locator("img").count() == 0
    assert visit.page.locator("h1").inner_text() == HOSTILE[0]


def test_the_pointer_reads_a_chart(browser: Any, tmp_path: Path, small_html: str) -> None:
    visit = _visit(browser, tmp_path, small_html)
    chart = visit.page.locator("svg[data-chart=cover-0-1]")
    chart.scroll_into_view_if_needed()
    chart.hover(position={"x": 300, "y": 60})
    tip = visit.page.locator("#tip")
    assert tip.is_visible()
    for words in ("Required", "Scheduled", "Difference", "Service level"):
        assert words in tip.inner_text()


def test_people_can_be_searched_in_the_grid(browser: Any, tmp_path: Path, small_html: str) -> None:
    visit = _visit(browser, tmp_path, small_html)
    visit.page.fill("#who", "agent-0007")
    assert visit.page.locator("#grid tbody tr:visible").count() == 1
    assert "1 of 24 people" in visit.page.inner_text("#who-count")


def test_a_phone_screen_needs_no_sideways_scrolling(browser: Any, tmp_path: Path, small_html: str) -> None:
    visit = _visit(browser, tmp_path, small_html, width=420)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 420


def test_the_report_prints_on_landscape_pages_with_every_day_unfolded(
    browser: Any, tmp_path: Path, small_html: str
) -> None:
    visit = _visit(browser, tmp_path, small_html)
    pdf = visit.page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert len(pdf) < 2_000_000, "fills stay vectors"
    assert 8 <= pdf.count(b"/Type /Page\n") <= 40
    visit.page.emulate_media(media="print")
    days = visit.page.locator("#gantt details")
    assert visit.page.locator("#gantt details svg:visible").count() >= days.count() >= 6


def test_no_chart_is_taller_than_a_printed_page(browser: Any, tmp_path: Path) -> None:
    visit = _visit(browser, tmp_path, render(planned_week(140)), width=1030)
    visit.page.emulate_media(media="print")
    tallest = visit.page.evaluate(
        "Math.max(...[...document.querySelectorAll('svg.chart')].map(s => s.getBoundingClientRect().height))"
    )
    page_px = (210 - 22) / 25.4 * 96
    assert 100 < tallest < page_px


def test_a_thousand_people_open_within_seconds(browser: Any, tmp_path: Path) -> None:
    visit = _visit(browser, tmp_path, render(planned_week(1000)))
    assert visit.complaints == []
    assert visit.page.locator("#grid tbody tr").count() == 1000
    loaded = visit.page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert loaded < 15_000, "milliseconds on a busy core"


def test_the_comparison_opens_quietly(browser: Any, tmp_path: Path) -> None:
    visit = _visit(browser, tmp_path, render_comparison(comparison_table(), name="Centre", currency="€"))
    assert visit.complaints == []
    assert len(visit.requests) == 1
    assert "€43,950" in visit.text()
