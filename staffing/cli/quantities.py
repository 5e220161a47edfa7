"""Quantities as a person types them: times, shares, targets."""

from __future__ import annotations

import math
import re
from typing import Any

import click

_TIME = re.compile(r"(\d+(?:\.\d+)?)\s*(s|sec|min|m|h)?", re.IGNORECASE)
_SECONDS = {"s": 1.0, "sec": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}


class Time(click.ParamType):
    """``300``, ``300s``, ``5min``, ``1.5h``: seconds as a float; a bare number has the unit given."""

    name = "time"

    def __init__(self, bare: str = "s") -> None:
        self.bare = bare

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds."""
        if isinstance(value, (int, float)):
            return float(value)
        match = _TIME.fullmatch(value.strip())
        if not match:
            self.fail(f"{value!r} is not a time such as 300, 300s, 5min or 1.5h", param, ctx)
        return float(match.group(1)) * _SECONDS[(match.group(2) or self.bare).lower()]


class Share(click.ParamType):
    """``85%`` or ``0.85``: a share as a float."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The share."""
        if isinstance(value, (int, float)):
            return float(value)
        text = value.strip()
        try:
            number = float(text[:-1]) / 100.0 if text.endswith("%") else float(text)
        except ValueError:
            self.fail(f"{value!r} is not a share such as 85% or 0.85", param, ctx)
        return number


class Target(click.ParamType):
    """``80/20`` or ``95/5min``: percent of the contacts within a time, as (share, seconds)."""

    name = "percent/time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float]:
        """Share and seconds."""
        if isinstance(value, tuple):
            return value
        percent, slash, time = value.partition("/")
        try:
            level = float(percent.strip().rstrip("%")) / 100.0
        except ValueError:
            level = math.nan
        if not slash or math.isnan(level):
            self.fail(f"{value!r} is not a target such as 80/20 or 95/5min", param, ctx)
        return level, TIME.convert(time, param, ctx)


class Numbers(click.ParamType):
    """``300,380,480``: several of one kind."""

    name = "list"

    def __init__(self, kind: click.ParamType) -> None:
        self.kind = kind

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        """All of them."""
        if isinstance(value, tuple):
            return value
        return tuple(self.kind.convert(part, param, ctx) for part in value.split(","))


TIME, MINUTES, HOURS, SHARE, TARGET = Time(), Time("min"), Time("h"), Share(), Target()


def time_text(seconds: float) -> str:
    """``45 s``, ``5 min``, ``1.5 h``, and a dash where there is none."""
    if math.isnan(seconds):
        return "–"
    if math.isinf(seconds):
        return "endless"
    if seconds < 120:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.1f} min"
    return f"{seconds / 3600:.1f} h"


def share_text(share: float) -> str:
    """``87.3 %``, and a dash where there is none."""
    return "–" if math.isnan(share) else f"{100 * share:.1f} %"
