"""The numbers under the pointer: what the page's own small script shows on a chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from staffing.report.quantities import finite


@dataclass
class Hover:
    """Hover data of all charts of a page, by chart name."""

    charts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(
        self,
        chart: str,
        span: tuple[float, float],
        labels: Sequence[str],
        series: Iterable[tuple[str, Iterable[Any], int, str]],
    ) -> str:
        """Register a chart of equal steps between two pixels; gives the chart's name back.

        ``series`` holds name, values, digits and unit; values that are not finite show as a dash.
        """
        self.charts[chart] = {
            "from": round(span[0], 1),
            "to": round(span[1], 1),
            "labels": list(labels),
            "series": [
                [name, [round(float(v), digits) if finite(v) else None for v in values], digits, unit]
                for name, values, digits, unit in series
            ],
        }
        return chart
