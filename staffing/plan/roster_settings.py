"""The keys of ``plan.toml`` that say who may work when: contracts, rules, teams and fairness."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from staffing.plan.section import Clock, Name, NonNegative, Positive, Section

# What lifts a rule that [rules] or the law would set; TOML has no word for nothing.
NoRule = Literal["none"]

RestH = Annotated[float, Field(ge=0, lt=24)]
Days = Annotated[int, Field(ge=1)]
DaysOff = Annotated[int, Field(ge=1, le=7)]
Count = Annotated[int, Field(ge=0)]
WeeklyRestH = Annotated[float, Field(gt=0, le=168)]
ShiftH = Annotated[float, Field(gt=0, le=24)]
Succession = tuple[str, str]


class NightSection(Section):
    """``night`` of ``[rules]``: what makes a shift a night shift."""

    start: Clock = "23:00"
    end: Clock = "06:00"
    at_least_h: Positive = 3.0


class RulesSection(Section):
    """``[rules]``: hard rules for everybody."""

    law: Annotated[str, Field(max_length=64)] = ""
    min_rest_h: RestH = 11.0
    max_consecutive_days: Days = 6
    max_start_spread_h: NonNegative | NoRule | None = None
    min_consecutive_days: Days = 1
    min_consecutive_days_off: DaysOff = 1
    weekly_rest_h: WeeklyRestH | NoRule | None = None
    max_nights_in_a_row: Count | NoRule | None = None
    night: NightSection = NightSection()
    max_weekends: Count | NoRule | None = None
    complete_weekends: bool = False
    forbidden_successions: tuple[Succession, ...] = ()
    max_shift_h: ShiftH | NoRule | None = None


class ContractRulesSection(Section):
    """``[contracts.NAME.rules]``: keys that differ from ``[rules]`` for those who have this contract."""

    min_rest_h: RestH | None = None
    max_consecutive_days: Days | None = None
    max_start_spread_h: NonNegative | NoRule | None = None
    min_consecutive_days: Days | None = None
    min_consecutive_days_off: DaysOff | None = None
    weekly_rest_h: WeeklyRestH | NoRule | None = None
    max_nights_in_a_row: Count | NoRule | None = None
    night: NightSection | None = None
    max_weekends: Count | NoRule | None = None
    complete_weekends: bool | None = None
    forbidden_successions: tuple[Succession, ...] | None = None
    max_shift_h: ShiftH | NoRule | None = None


class ContractSection(Section):
    """``[contracts.NAME]``: hours and days a week, shifts and wage."""

    shifts: Annotated[tuple[str, ...], Field(min_length=1)]
    hours_per_week: tuple[NonNegative, NonNegative]
    days_per_week: tuple[Annotated[int, Field(ge=0, le=7)], Annotated[int, Field(ge=0, le=7)]]
    cost_per_hour: NonNegative
    leave_day_h: NonNegative | None = None
    hours_per_period: tuple[NonNegative, NonNegative] | None = None
    target_hours: Annotated[float, Field(ge=0, le=168)] | None = None
    target_price_per_hour: Annotated[float, Field(ge=0, le=1e5)] = 0.0
    overtime_after_hours: NonNegative | None = None
    overtime_share: NonNegative = 0.0
    daily_overtime_after_hours: NonNegative | None = None
    cost_per_shift: NonNegative = 0.0
    rules: ContractRulesSection = ContractRulesSection()

    @model_validator(mode="after")
    def _priced(self) -> ContractSection:
        if self.target_hours is not None and not self.target_price_per_hour:
            raise ValueError("target_price_per_hour: a price above 0 beside target_hours expected")
        if self.target_hours is None and self.target_price_per_hour:
            raise ValueError("target_price_per_hour: target_hours beside it expected")
        after = (self.overtime_after_hours, self.daily_overtime_after_hours)
        if self.overtime_share and after == (None, None):
            raise ValueError(
                "overtime_share: overtime_after_hours or daily_overtime_after_hours beside it expected"
            )
        if not self.overtime_share and after != (None, None):
            raise ValueError("overtime_share: a share above 0 beside the hours that begin overtime expected")
        return self


class PresenceSection(Section):
    """``[[presence]]``: how many of some people are at work at the same time."""

    name: Name
    at_least: Count | None = None
    at_most: Count | None = None
    agents: tuple[str, ...] = ()
    team: str = ""
    site: str = ""
    skill: str = ""
    level: Annotated[int, Field(ge=1)] = 1
    start: Clock = "00:00"
    end: Clock = "24:00"
    weekdays: str = "mon-sun"
    price_per_hour: Positive = 500.0

    @model_validator(mode="after")
    def _some_number(self) -> PresenceSection:
        if self.at_least is None and self.at_most is None:
            raise ValueError("at_least: a number of people, here or as at_most, expected")
        if self.at_most is not None and self.at_most < (self.at_least or 0):
            raise ValueError("at_most: a number that is not below at_least expected")
        if self.level > 1 and not self.skill:
            raise ValueError("level: the skill that it is a level of beside it expected")
        return self


class PairSection(Section):
    """``[[pairs]]``: two people who work at the same times, or never at the same time."""

    agents: tuple[str, str]
    together: bool
    price_per_hour: Positive = 500.0

    @model_validator(mode="after")
    def _two(self) -> PairSection:
        if self.agents[0] == self.agents[1]:
            raise ValueError("agents: two different people expected")
        return self


class FairnessSection(Section):
    """``[fairness]``: what an unfair share of weekends, late shifts and refused wishes costs."""

    weekend: NonNegative = 0.0
    late_shift: NonNegative = 0.0
    refused_wish: NonNegative = 0.0
    late_after: Clock = "20:00"
