"""The report fetches nothing, runs nothing that came in with the data, and is the same every time."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from page_reader import Page
from synthetic_plan import HOSTILE, QUEUES, comparison_table, planned_week

from staffing.plan.result import PlanResult
from staffing.report import render, render_comparison
from staffing.sizing.targets import QueueTarget


def _hostile() -> PlanResult:
    queues = (
        QueueTarget(HOSTILE[0], "phone"),
        QueueTarget(HOSTILE[1], "chat", concurrency=2),
        QueueTarget(HOSTILE[2], "ticket", resolve_within_h=8.0),
    )
    return planned_week(12, names=HOSTILE, queues=queues, violations=3)


@pytest.fixture(scope="module", params=["report", "comparison"])
def hostile_page(request: pytest.FixtureRequest) -> Page:
    if request.param == "report":
        return Page(render(_hostile()))
    table = comparison_table(hostile=True)
    return Page(render_comparison(table, name=HOSTILE[1], currency="<b>", notes=HOSTILE))


def test_hostile_names_stay_text(hostile_page: Page) -> None:
    assert HOSTILE[0] in hostile_page.text
    assert "{{ 7*7 }}" in hostile_page.text
    tags = hostile_page.tags()
    assert tags["script"] == 2
    assert tags["img"] == 0
    assert tags["style"] == 1
    assert hostile_page.unbalanced == []
    for _, attributes in hostile_page.elements:
        assert not [name for name in attributes if name.startswith("on")]


def test_scripts_are_bound_to_the_policy_by_their_hash(small_page: Page) -> None:
    policy = next(
        m["content"] for m in small_page.all("meta") if m.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy
    scripts = [script for script in small_page.raw["script"] if not script.startswith("{")]
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("kind", ["report", "comparison"])
def test_nothing_points_outside_the_file(kind: str, small_html: str) -> None:
    html = small_html if kind == "report" else render_comparison(comparison_table(), name="x", currency="€")
    assert "//" not in re.sub(r"(?m)^\s*//.*$", "", html), "no address of any scheme"
    assert "@import" not in html
    assert {m for m in re.findall(r"url\(([^)]*)\)", html) if not m.startswith("#")} == set()
    page = Page(html)
    assert not [
        a for _, attributes in page.elements for a in attributes if a in ("src", "srcset", "action", "data")
    ]
    hrefs = {attributes["href"] for _, attributes in page.elements if "href" in attributes}
    assert all(href.startswith("#") or href == "data:," for href in hrefs)


def test_the_same_result_gives_the_same_bytes(small: PlanResult, small_html: str) -> None:
    assert render(small) == small_html


def test_bytes_do_not_depend_on_the_process(small_html: str) -> None:
    code = (
        "import hashlib; from synthetic_plan import planned_week; from staffing.report import render; "
        "print(hashlib.sha256(render(planned_week(24)).encode()).hexdigest())"
    )
    here = Path(__file__).parent
    paths = os.pathsep.join([str(here), str(here.parents[2])])
    other = {"PYTHONHASHSEED": "7", "PYTHONPATH": paths, "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **other},
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert done.stdout.strip() == hashlib.sha256(small_html.encode()).hexdigest()


def test_run_times_do_not_change_the_report(small: PlanResult, small_html: str) -> None:
    assert render(dataclasses.replace(small, timings_s={"roster": 12.3})) == small_html


def test_a_thousand_people_stay_a_few_megabytes_and_a_few_seconds() -> None:
    result = planned_week(1000)
    began = time.perf_counter()
    html = render(result)
    assert time.perf_counter() - began < 20.0, "seconds on a busy core; about one on a free one"
    assert len(html.encode()) < 4_000_000
    page = Page(html)
    assert "agent-1000" in page.text
    days = [attributes for attributes in page.all("details") if "open" in attributes]
    assert len(days) == len(QUEUES), "only the coverage charts are unfolded, no day of a thousand lines"
