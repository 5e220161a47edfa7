"""A comparison of targets, published beside its plan."""

from __future__ import annotations

from pathlib import Path

from staffing.files.publish import publish
from staffing.files.schemas import COMPARISON
from staffing.files.tables import write_table
from staffing.files.text import write_text
from staffing.plan.comparison import Comparison
from staffing.plan.loading import Plan
from staffing.report import render_comparison


def write_comparison(plan: Plan, comparison: Comparison) -> Path:
    """Publish ``comparison.csv`` and ``comparison.html`` and return their folder."""
    section = plan.settings.plan
    folder = plan.folder / "out" / "compare"
    html = render_comparison(
        comparison.table, name=section.name, currency=section.currency, notes=comparison.notes
    )

    def write(place: Path) -> None:
        write_table(place / "comparison.csv", comparison.table, COMPARISON)
        write_text(place / "comparison.html", html)

    publish(folder, write)
    return folder
