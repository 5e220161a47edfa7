"""The keys of ``[design]``: how many different shifts the shift design may use, and whom it always keeps at work."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from staffing.plan.section import Section

AtLeastOne = Annotated[int, Field(ge=1, le=20_000)]


class DesignSection(Section):
    """``[design]``: limits of ``shifts.csv``; a key that is not given sets none."""

    max_shifts: AtLeastOne | None = None
    max_starts: AtLeastOne | None = None
    min_staff: Annotated[int, Field(ge=0, le=20_000)] = 0
