"""A table of ``plan.toml``, and the kinds of value that its keys take."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$", description="HH:MM")]
Share = Annotated[float, Field(ge=0, lt=1)]
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
IntervalMin = Literal[5, 10, 15, 20, 30, 60]
Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f/\\]+$")]


class Section(BaseModel):
    """A table of the plan; a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)
