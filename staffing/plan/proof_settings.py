"""The keys of ``[proof]``: how the roster is played through, and when a target counts as held."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from staffing.plan.section import NonNegative, Section

Points = Annotated[float, Field(ge=0, le=50)]


class ProofSection(Section):
    """``[proof]``: simulation of the roster over possible courses of the forecast, and what it may correct."""

    enabled: bool = True
    paths: Annotated[int, Field(ge=1, le=10_000)] = 100
    rounds: Annotated[int, Field(ge=1, le=20)] = 3
    over: Literal["interval", "day", "week"] = "day"
    tolerance_points: Points = 2.0
    spare_points: Points | Literal["keep"] = "keep"
    confidence: Annotated[float, Field(gt=0, lt=1)] | None = None
    handling_variation: NonNegative = 1.0
    routing: Literal["longest_idle", "most_specialised", "preference"] = "most_specialised"
    at_shift_end: Literal["finish", "drop"] = "finish"
    reserve_agents: Annotated[int, Field(ge=0)] = 0
