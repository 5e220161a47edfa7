"""The keys of ``plan.toml``, their defaults and what each accepts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from zoneinfo import available_timezones

import holidays as public_holidays
from pydantic import Field, field_validator, model_validator

from staffing.plan.design_settings import DesignSection
from staffing.plan.proof_settings import ProofSection
from staffing.plan.queue_settings import OpeningSection, QueueSection
from staffing.plan.roster_settings import (
    ContractSection,
    FairnessSection,
    PairSection,
    PresenceSection,
    RulesSection,
)
from staffing.plan.section import Clock, IntervalMin, Name, NonNegative, Positive, Section


class PlanSection(Section):
    """``[plan]``: which team, which week, which clock."""

    name: Name = "Staffing plan"
    timezone: str = "UTC"
    country: str = ""
    subdivision: str = ""
    week: Literal["next"] | date = "next"
    weeks: Annotated[int, Field(ge=1, le=8)] = 1
    period_from: date | None = None
    period_weeks: Annotated[int, Field(ge=1, le=52)] | None = None
    interval_min: IntervalMin = 30
    sizing: Literal["stationary", "offered-load", "iterative", "skills"] = "stationary"
    slot_min: IntervalMin | None = None
    currency: Annotated[str, Field(min_length=1, max_length=8)] = "EUR"
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 1
    time_limit_s: Positive | None = None

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError("an IANA time zone such as Europe/Berlin expected")
        return zone

    @model_validator(mode="after")
    def _known_country(self) -> PlanSection:
        supported = public_holidays.list_supported_countries(include_aliases=True)
        if self.country and self.country not in supported:
            raise ValueError("country: an ISO 3166 code such as DE, US or CN expected")
        if self.subdivision and self.subdivision not in supported.get(self.country, []):
            known = ", ".join(supported.get(self.country, [])) or "none"
            raise ValueError(f"subdivision: one of {known} expected for country {self.country!r}")
        if self.period_weeks is not None and self.period_from is None:
            raise ValueError("period_weeks: period_from, the first day of a period, beside it expected")
        if self.slot_min is not None and self.interval_min % self.slot_min:
            raise ValueError(f"slot_min: a divisor of interval_min = {self.interval_min} expected")
        return self

    @property
    def roster_slot_min(self) -> int:
        """Slot of the roster: as given, or 15 minutes where that divides the interval."""
        if self.slot_min is not None:
            return self.slot_min
        return 15 if self.interval_min % 15 == 0 else self.interval_min


class HistorySection(Section):
    """``[history]``: the files of past contacts and how to read them."""

    files: Annotated[tuple[str, ...], Field(min_length=1)] = ("history.csv",)
    queue: Name | None = None
    columns: dict[
        Literal[
            "queue",
            "start",
            "contacts",
            "handled",
            "aht_s",
            "abandoned",
            "answered_within",
            "wait_s",
            "short_abandoned",
        ],
        str,
    ] = Field(default_factory=dict)
    timezone: str | None = None
    events: str | None = None
    overlay: str | None = None
    exclusions: str | None = None
    repeated_hour: Literal["order", "first", "second"] = "order"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str | None) -> str | None:
        return zone if zone is None else PlanSection._known_zone(zone)


class PeopleSection(Section):
    """``[people]``: the files about people; a file that is not named is not read."""

    agents: str | None = None
    absences: str | None = None
    wishes: str | None = None
    default_wish_weight: NonNegative = 20.0
    fixed: str | None = None
    activities: str | None = None
    previous: str | None = None
    rotation_from: date | None = None


class GroupSection(Section):
    """``[[groups]]``: so many people of one contract who have no names yet."""

    name: Name
    contract: str
    skills: Annotated[tuple[str, ...], Field(min_length=1)]
    count: Annotated[int, Field(ge=1, le=20_000)]


class BreakSection(Section):
    """One break of a shift kind; its window is counted from the shift's start."""

    name: Name
    length_min: Annotated[int, Field(gt=0)]
    earliest_h: NonNegative
    latest_h: NonNegative
    paid: bool = True


class ShiftSection(Section):
    """``[[shifts]]``: a family of shifts."""

    name: Name
    lengths_h: Annotated[tuple[Positive, ...], Field(min_length=1)]
    start_from: Clock
    start_until: Clock
    start_every_min: Annotated[int, Field(gt=0)] = 30
    weekdays: str = "mon-sun"
    min_between_breaks_min: Annotated[int, Field(ge=0)] = 30
    breaks: tuple[BreakSection, ...] = ()


class PremiumSection(Section):
    """``[[premiums]]``: a supplement on the wage in a window of the clock."""

    name: Name
    share: NonNegative
    start: Clock = "00:00"
    end: Clock = "24:00"
    weekdays: str = ""
    holidays: bool = False

    @model_validator(mode="after")
    def _some_day(self) -> PremiumSection:
        if not self.weekdays and not self.holidays:
            raise ValueError('weekdays: days such as "sun" or "mon-sun", or holidays = true expected')
        return self


class TierSection(Section):
    """One tier of the price of missing staff."""

    up_to_share: Annotated[float, Field(gt=0, le=1)]
    price_per_hour: NonNegative


class PricesSection(Section):
    """``[prices]``: what an hour too few and an hour too many costs the plan."""

    shortage: Annotated[tuple[TierSection, ...], Field(min_length=1)] = (
        TierSection(up_to_share=0.05, price_per_hour=60),
        TierSection(up_to_share=0.15, price_per_hour=90),
        TierSection(up_to_share=1.0, price_per_hour=150),
    )
    surplus_per_hour: NonNegative = 5.0


class Settings(Section):
    """A whole ``plan.toml``."""

    plan: PlanSection = PlanSection()
    history: HistorySection = HistorySection()
    people: PeopleSection = PeopleSection()
    groups: tuple[GroupSection, ...] = ()
    opening_hours: OpeningSection | None = None
    queues: Annotated[dict[Name, QueueSection], Field(min_length=1)]
    shifts: Annotated[tuple[ShiftSection, ...], Field(min_length=1)]
    contracts: Annotated[dict[Name, ContractSection], Field(min_length=1)]
    rules: RulesSection = RulesSection()
    presence: tuple[PresenceSection, ...] = ()
    pairs: tuple[PairSection, ...] = ()
    fairness: FairnessSection = FairnessSection()
    premiums: tuple[PremiumSection, ...] = ()
    prices: PricesSection = PricesSection()
    design: DesignSection = DesignSection()
    proof: ProofSection = ProofSection()

    def opening_of(self, queue: str) -> OpeningSection | None:
        """Opening hours of a queue: its own, the plan's, or ``None`` (learn from history)."""
        return self.queues[queue].opening_hours or self.opening_hours
