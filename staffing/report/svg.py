"""Small charts as inline SVG: scales, ticks, paths and the frame around them.

The charts are drawn here and not by a plotting library: a page of dozens of them stays a few hundred
kilobytes, opens at once, and prints as vectors without a script.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup, escape

from staffing.report.quantities import number


def coordinate(value: float) -> str:
    """A coordinate to a tenth of a pixel, as short as it can be written."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def element(tag: str, *children: object, **attributes: object) -> Markup:
    """One SVG element; every attribute and child is escaped.

    A trailing underscore is dropped (``class_``), other underscores become hyphens; ``None``
    leaves an attribute out.
    """
    written = []
    for name, value in attributes.items():
        if value is None:
            continue
        text = coordinate(float(value)) if isinstance(value, int | float) else str(value)
        written.append(f' {name.rstrip("_").replace("_", "-")}="{escape(text)}"')
    inside = "".join(str(escape(child)) for child in children)
    return Markup(f"<{tag}{''.join(written)}>{inside}</{tag}>" if inside else f"<{tag}{''.join(written)}/>")


def group(*children: object, **attributes: object) -> Markup:
    """A ``g`` element."""
    return element("g", *children, **attributes)


def nice_ticks(low: float, high: float, wanted: int = 4, whole: bool = False) -> list[float]:
    """About ``wanted`` round steps over ``[low, high]``, the ends outside it; ``whole``: integers only."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        high = (low if math.isfinite(low) else 0.0) + 1.0
        low = high - 1.0
    rough = (high - low) / max(wanted, 1)
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(m * magnitude for m in (1, 2, 2.5, 5, 10) if m * magnitude >= rough * 0.999)
    if whole:
        step = max(1.0, math.ceil(step))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(k * step, 10) for k in range(first, last + 1)]


@dataclass(frozen=True)
class Axis:
    """A linear scale from ``[low, high]`` to ``[start, end]`` pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: Any) -> Any:
        """Pixels of a value or of an array of values."""
        return self.start + (value - self.low) / ((self.high - self.low) or 1.0) * (self.end - self.start)


def runs(present: np.ndarray) -> list[tuple[int, int]]:
    """Stretches ``[first, after)`` of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], np.asarray(present, dtype=np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def line_path(xs: np.ndarray, ys: np.ndarray) -> str:
    """Straight lines through the points; a gap where a value is missing, a dot where one stands alone."""
    parts = []
    for first, after in runs(np.isfinite(ys)):
        points = [
            f"{coordinate(x)} {coordinate(y)}" for x, y in zip(xs[first:after], ys[first:after], strict=True)
        ]
        parts.append("M" + "L".join(points) + ("h.1" if len(points) == 1 else ""))
    return "".join(parts)


def step_path(edges: np.ndarray, ys: np.ndarray) -> str:
    """Steps: ``ys[k]`` holds from ``edges[k]`` to ``edges[k + 1]``; a gap where a value is missing."""
    parts = []
    for first, after in runs(np.isfinite(ys)):
        text = f"M{coordinate(edges[first])} {coordinate(ys[first])}"
        last = ys[first]
        for k in range(first + 1, after):
            if coordinate(ys[k]) != coordinate(last):
                text += f"H{coordinate(edges[k])}V{coordinate(ys[k])}"
                last = ys[k]
        parts.append(f"{text}H{coordinate(edges[after])}")
    return "".join(parts)


def step_area(edges: np.ndarray, upper: np.ndarray, lower: np.ndarray) -> str:
    """Filled steps between two levels, drawn only where ``upper`` lies above ``lower`` on the page."""
    parts = []
    for first, after in runs(np.isfinite(upper) & np.isfinite(lower) & (lower - upper > 0.05)):
        text = f"M{coordinate(edges[first])} {coordinate(lower[first])}"
        for k in range(first, after):
            text += f"V{coordinate(upper[k])}H{coordinate(edges[k + 1])}"
        for k in range(after - 1, first - 1, -1):
            text += f"V{coordinate(lower[k])}H{coordinate(edges[k])}"
        parts.append(f"{text}Z")
    return "".join(parts)


def line_band(xs: np.ndarray, upper: np.ndarray, lower: np.ndarray) -> str:
    """Filled band between two lines."""
    parts = []
    for first, after in runs(np.isfinite(upper) & np.isfinite(lower)):
        there = [
            f"{coordinate(x)} {coordinate(y)}"
            for x, y in zip(xs[first:after], upper[first:after], strict=True)
        ]
        back = [
            f"{coordinate(x)} {coordinate(y)}"
            for x, y in zip(xs[first:after], lower[first:after], strict=True)
        ]
        parts.append(f"M{'L'.join(there)}L{'L'.join(reversed(back))}Z")
    return "".join(parts)


@dataclass(frozen=True)
class Frame:
    """A plot's rectangle with its two scales."""

    x: Axis
    y: Axis

    @property
    def base(self) -> float:
        """Pixel of the lowest value."""
        return self.y.start

    def horizontal_grid(self, ticks: Sequence[float], digits: int | None = None, suffix: str = "") -> Markup:
        """Hairlines with their values on the left."""
        if digits is None:
            digits = 0 if all(float(t).is_integer() for t in ticks) else 1 if max(ticks) > 1 else 2
        lines = [
            f"M{coordinate(self.x.start)} {coordinate(self.y(t))}H{coordinate(self.x.end)}" for t in ticks
        ]
        labels = [
            element(
                "text",
                f"{number(t, digits)}{suffix}",
                x=self.x.start - 6,
                y=self.y(t) + 3.5,
                text_anchor="end",
            )
            for t in ticks
        ]
        return element("path", d="".join(lines), class_="grid") + Markup("").join(labels)

    def vertical_marks(self, marks: Sequence[tuple[float, str]], class_: str = "grid") -> Markup:
        """Hairlines at values of x, each with a label under the plot (may be empty)."""
        top, bottom = coordinate(self.y.end), coordinate(self.base)
        lines = "".join(f"M{coordinate(self.x(value))} {top}V{bottom}" for value, _ in marks)
        labels = [
            element("text", label, x=self.x(value), y=self.base + 16, text_anchor="middle")
            for value, label in marks
            if label
        ]
        return element("path", d=lines, class_=class_) + Markup("").join(labels)


def picture(
    width: float,
    height: float,
    label: str,
    *children: object,
    chart: str | None = None,
    stretch: bool = False,
) -> Markup:
    """The ``svg`` element: scales with the page, and says what it shows to those who cannot see it.

    ``chart`` names the entry of the page's hover data; ``stretch`` lets the two directions scale apart.
    """
    return element(
        "svg",
        *children,
        class_="chart",
        viewBox=f"0 0 {coordinate(width)} {coordinate(height)}",
        role="img",
        aria_label=label,
        data_chart=chart,
        preserveAspectRatio="none" if stretch else None,
    )
