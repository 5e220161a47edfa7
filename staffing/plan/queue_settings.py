"""``[queues.NAME]``: what a queue promises, what is known of its contacts, and when it is open."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, ModelWrapValidatorHandler, model_validator

from staffing.plan.presets import preset_values
from staffing.plan.section import Name, NonNegative, Positive, Section, Share
from staffing.queueing.abandonment import Definition
from staffing.sizing.channels import DEFERRED


class OpeningSection(Section):
    """``[opening_hours]``: weekly windows by day, and what happens on holidays."""

    model_config = ConfigDict(extra="allow", frozen=True)

    holidays: Literal["open", "closed"] = "open"
    closed_on: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _texts(self) -> OpeningSection:
        for days, hours in (self.model_extra or {}).items():
            if not isinstance(hours, str):
                raise ValueError(f'{days}: hours such as "08:00-20:00" expected, got {hours!r}')
        return self

    @property
    def windows(self) -> dict[str, str]:
        """Day or range of days → windows of the clock."""
        return dict(self.model_extra or {})


class StageSection(Section):
    """``[queues.NAME.stages]``: one stage of handling, as a share or in seconds, and what becomes of it."""

    share: Annotated[float, Field(gt=0, le=1)] | None = None
    seconds: Positive | None = None
    factor: NonNegative = 1.0


class LossSection(Section):
    """``loss``: how waiting loses contacts, by a constant or multiplying hazard, or as a log shows it."""

    per_10s: Annotated[float, Field(gt=0, lt=1)] | None = None
    first_10s: Annotated[float, Field(gt=0, lt=1)] | None = None
    growth_per_10s: Positive | None = None
    after_s: tuple[NonNegative, ...] | None = None
    lost_per_10s: tuple[Share, ...] | None = None

    @model_validator(mode="after")
    def _one_of_three(self) -> LossSection:
        given = {name for name in type(self).model_fields if getattr(self, name) is not None}
        if given not in ({"per_10s"}, {"first_10s", "growth_per_10s"}, {"after_s", "lost_per_10s"}):
            raise ValueError(
                "per_10s: either per_10s, or first_10s and growth_per_10s, or after_s and lost_per_10s expected"
            )
        return self


class QueueSection(Section):
    """``[queues.NAME]``: what the queue promises and what is known of its contacts."""

    preset: str | None = None
    channel: Literal["phone", "voice", "chat", "callback", "outbound", "ticket", "email"] = "phone"
    service_level: Annotated[float, Field(gt=0, lt=1)] = 0.80
    answer_within_s: NonNegative = 20.0
    answer_within_min: NonNegative | None = None
    resolve_within_h: Positive | None = None
    resolve_within_days: Positive | None = None
    asa_s: Positive | None = None
    max_occupancy: Annotated[float, Field(gt=0, le=1)] | None = None
    max_abandonment: Annotated[float, Field(gt=0, lt=1)] | None = None
    patience_s: Positive | None = None
    definition: Definition = "offered"
    target_over: Literal["interval", "day", "week"] = "interval"
    least_interval_level: Share = 0.5
    confidence: Annotated[float, Field(gt=0, lt=1)] | None = None
    concurrency: Annotated[int, Field(ge=1, le=20)] = 1
    aht_s_by_concurrency: tuple[Positive, ...] | None = None
    aht_s: Positive | None = None
    abandoned_weight: Annotated[float, Field(ge=0, le=1)] = 1.0
    short_abandoned_weight: Annotated[float, Field(ge=0, le=1)] = 1.0
    self_service_share: Share = 0.0
    self_service_aht_factor: Positive = 1.0
    stages: dict[Name, StageSection] = Field(default_factory=dict)
    connect_rate: Annotated[float, Field(gt=0, le=1)] = 1.0
    attempt_s: NonNegative = 0.0
    max_attempts: Annotated[int, Field(ge=1, le=100)] = 3
    premium_share: Share = 0.0
    premium_service_level: Annotated[float, Field(gt=0, lt=1)] | None = None
    premium_answer_within_s: NonNegative | None = None
    pool: Name | None = None
    shrinkage: Share = 0.0
    shrinkage_planned: Share | None = None
    shrinkage_unplanned: Share | None = None
    shrinkage_rule: Literal["multiplicative", "additive"] = "multiplicative"
    min_agents: Annotated[int, Field(ge=0)] = 0
    size_by: Literal["targets", "value"] = "targets"
    value_per_contact: Positive | None = None
    cost_per_agent_hour: Positive | None = None
    loss: LossSection | None = None
    opening_hours: OpeningSection | None = None
    like: Name | None = None
    like_share: Positive | None = None
    group: Name | None = None
    site: Name | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _start_from_preset(cls, data: Any, handler: ModelWrapValidatorHandler[QueueSection]) -> QueueSection:
        name = data.get("preset") if isinstance(data, dict) else None
        if not isinstance(name, str):
            return handler(data)
        section = handler({**preset_values(name, set(data)), **data})
        # What the preset gives was not set by the plan: `staffing config show` tells the two apart.
        object.__setattr__(section, "__pydantic_fields_set__", set(data))
        return section

    @property
    def from_preset(self) -> frozenset[str]:
        """Keys whose value the preset gives."""
        if self.preset is None:
            return frozenset()
        return frozenset(preset_values(self.preset, set(self.model_fields_set)))

    @property
    def may_wait(self) -> bool:
        """Whether the queue's work waits for a deadline instead of for the next free agent."""
        return self.channel in DEFERRED

    @model_validator(mode="after")
    def _by_channel(self) -> QueueSection:
        deadline = (self.resolve_within_h, self.resolve_within_days)
        if self.may_wait and deadline == (None, None):
            raise ValueError(
                f"resolve_within_h: hours > 0 or resolve_within_days expected for channel {self.channel!r}, got none"
            )
        if not self.may_wait and deadline != (None, None):
            raise ValueError(
                "resolve_within_h: belongs to ticket, email and outbound queues, "
                f"not to channel {self.channel!r}"
            )
        if self.channel != "chat" and self.concurrency != 1:
            raise ValueError(f"concurrency: 1 expected for channel {self.channel!r}, got {self.concurrency}")
        by = self.aht_s_by_concurrency
        if by is not None and len(by) != self.concurrency:
            raise ValueError(f"aht_s_by_concurrency: {self.concurrency} values expected, got {len(by)}")
        return self

    @model_validator(mode="after")
    def _that_go_together(self) -> QueueSection:
        given = {name for name in type(self).model_fields if getattr(self, name) is not None}
        for one, other in (("resolve_within_h", "resolve_within_days"),):
            if {one, other} <= given:
                raise ValueError(f"{one}: either {one} or {other} expected, got both")
        if self.answer_within_min is not None and self.answer_within_s != 20.0:
            raise ValueError(
                "answer_within_min: either answer_within_s or answer_within_min expected, got both"
            )
        if self.shrinkage and {"shrinkage_planned", "shrinkage_unplanned"} & given:
            raise ValueError(
                "shrinkage: either shrinkage or its planned and unplanned parts expected, got both"
            )
        premium = {"premium_service_level", "premium_answer_within_s"} & given
        if self.premium_share and len(premium) < 2:
            raise ValueError(
                "premium_share: premium_service_level and premium_answer_within_s beside it expected"
            )
        if premium and not self.premium_share:
            raise ValueError(f"{min(premium)}: premium_share > 0 beside it expected, got 0")
        if self.size_by == "value" and self.value_per_contact is None:
            raise ValueError('size_by: value_per_contact > 0 beside "value" expected, got none')
        if self.like is not None and self.like_share is None:
            raise ValueError(
                "like: like_share > 0, its volume over that queue's, beside it expected, got none"
            )
        if self.like_share is not None and self.like is None:
            raise ValueError("like_share: like, the similar queue, beside it expected, got none")
        if (
            self.channel != "outbound"
            and {"connect_rate", "attempt_s", "max_attempts"} & self.model_fields_set
        ):
            raise ValueError(f"connect_rate: channel 'outbound' beside it expected, got {self.channel!r}")
        return self
