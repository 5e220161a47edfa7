"""The rules of a roster, declared once; the engine and the checker each read them here."""

from __future__ import annotations

from dataclasses import dataclass

from schedules.errors import InvalidSchedule


@dataclass(frozen=True)
class NightWindow:
    """What makes a shift a night shift: enough of it inside a window of the local wall clock.

    Parameters
    ----------
    from_min, until_min
        Window in minutes after midnight; ``from_min > until_min`` runs over midnight.
    at_least_min
        Minutes from start to end, breaks included, that must lie inside it.
    """

    from_min: int = 23 * 60
    until_min: int = 6 * 60
    at_least_min: int = 180

    def __post_init__(self) -> None:
        if not (0 <= self.from_min <= 24 * 60 and 0 <= self.until_min <= 24 * 60):
            raise InvalidSchedule("night window inside 00:00–24:00 expected")
        if self.from_min == self.until_min:
            raise InvalidSchedule("a night window that is not empty expected")
        if self.at_least_min <= 0:
            raise InvalidSchedule(f"night window: at_least_min > 0 expected, got {self.at_least_min}")


@dataclass(frozen=True)
class Rules:
    """Hard rules on one person's shifts, for everybody or, in a contract, for those who have it.

    A day is worked when a shift starts on it; weeks are sevens from the horizon's first day.

    Parameters
    ----------
    min_rest_h
        Elapsed hours between the end of a shift and the start of the next, the shift before the
        horizon included.
    max_consecutive_days
        Days worked in a row, those before the horizon included.
    max_start_spread_min
        Largest difference between the wall-clock starts of one person's shifts in a week;
        ``None`` leaves them free.
    min_consecutive_days, min_consecutive_days_off
        Shortest run of days worked, and of free days. A run that reaches the first or the last day of the
        horizon may be shorter, for it goes on outside.
    weekly_rest_h
        Every week holds one stretch without any shift of at least these elapsed hours that lies
        inside the week, from local midnight to local midnight; ``None`` asks for nothing.
    max_nights_in_a_row
        Night shifts on days in a row, those before the horizon included.
    night
        What a night shift is.
    max_weekends
        Weekends with a shift that starts on Saturday or Sunday, those that the agent brings from
        earlier in the period included.
    complete_weekends
        Whether who works on one day of a weekend works on both; weekends that the horizon cuts are
        left alone.
    forbidden_successions
        Pairs of shift kinds: the second may not start on the day after the first.
    max_shift_h
        Longest paid hours of a shift.
    """

    min_rest_h: float = 11.0
    max_consecutive_days: int = 6
    max_start_spread_min: int | None = None
    min_consecutive_days: int = 1
    min_consecutive_days_off: int = 1
    weekly_rest_h: float | None = None
    max_nights_in_a_row: int | None = None
    night: NightWindow = NightWindow()
    max_weekends: int | None = None
    complete_weekends: bool = False
    forbidden_successions: tuple[tuple[str, str], ...] = ()
    max_shift_h: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.min_rest_h < 24:
            raise InvalidSchedule(f"0 <= min_rest_h < 24 expected, got {self.min_rest_h}")
        if self.max_consecutive_days < 1:
            raise InvalidSchedule(f"max_consecutive_days >= 1 expected, got {self.max_consecutive_days}")
        if self.max_start_spread_min is not None and self.max_start_spread_min < 0:
            raise InvalidSchedule(f"max_start_spread_min >= 0 expected, got {self.max_start_spread_min}")
        if not 1 <= self.min_consecutive_days <= self.max_consecutive_days:
            raise InvalidSchedule(
                f"1 <= min_consecutive_days <= max_consecutive_days = {self.max_consecutive_days} expected, "
                f"got {self.min_consecutive_days}"
            )
        if not 1 <= self.min_consecutive_days_off <= 7:
            raise InvalidSchedule(
                f"1 <= min_consecutive_days_off <= 7 expected, got {self.min_consecutive_days_off}"
            )
        if self.weekly_rest_h is not None and not 0 < self.weekly_rest_h <= 168:
            raise InvalidSchedule(f"0 < weekly_rest_h <= 168 expected, got {self.weekly_rest_h}")
        for name in ("max_nights_in_a_row", "max_weekends"):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise InvalidSchedule(f"{name} >= 0 expected, got {value}")
        if self.max_shift_h is not None and not 0 < self.max_shift_h <= 24:
            raise InvalidSchedule(f"0 < max_shift_h <= 24 expected, got {self.max_shift_h}")


@dataclass(frozen=True)
class Premium:
    """A supplement on the wage for paid time inside a window of the local wall clock.

    Parameters
    ----------
    name
        ``night``, ``Sunday``, ``holiday`` …
    share
        Added share of the wage, >= 0 (0.25 = +25 %). Premiums that meet add up.
    from_min, until_min
        Window of the day in minutes after midnight; ``from_min > until_min`` runs over midnight.
    weekdays
        Days on which it is paid, Monday = 0, by the day of the minute itself. Neither weekdays nor
        ``holidays`` means every day.
    holidays
        If true it is paid on public holidays, whatever the weekday.
    """

    name: str
    share: float
    from_min: int = 0
    until_min: int = 24 * 60
    weekdays: tuple[int, ...] = ()
    holidays: bool = False

    def __post_init__(self) -> None:
        if self.share < 0:
            raise InvalidSchedule(f"premium {self.name}: share >= 0 expected, got {self.share}")
        if not (0 <= self.from_min <= 24 * 60 and 0 <= self.until_min <= 24 * 60):
            raise InvalidSchedule(f"premium {self.name}: window inside 00:00–24:00 expected")
        if not self.weekdays and not self.holidays:
            object.__setattr__(self, "weekdays", (0, 1, 2, 3, 4, 5, 6))


@dataclass(frozen=True)
class ShortageTier:
    """Price of missing staff up to a share of what is required in an interval and queue."""

    up_to_share: float
    price_per_hour: float


@dataclass(frozen=True)
class Prices:
    """What the objective adds to wages and premiums.

    Parameters
    ----------
    shortage
        Tiers with rising shares and prices, so that a shortage spreads instead of piling up; the
        last must reach a share of 1. A tier's width is measured on the requirement of the interval.
    surplus_per_hour
        Price of an agent-hour above the requirement, >= 0.
    """

    shortage: tuple[ShortageTier, ...] = (
        ShortageTier(0.05, 60.0),
        ShortageTier(0.15, 90.0),
        ShortageTier(1.0, 150.0),
    )
    surplus_per_hour: float = 5.0

    def __post_init__(self) -> None:
        if not self.shortage:
            raise InvalidSchedule("at least one shortage tier expected, got none")
        shares = [tier.up_to_share for tier in self.shortage]
        prices = [tier.price_per_hour for tier in self.shortage]
        if shares != sorted(set(shares)) or not shares[0] > 0 or shares[-1] != 1.0:
            raise InvalidSchedule(f"shortage tiers with shares rising to 1 expected, got {shares}")
        if prices != sorted(prices) or prices[0] < 0:
            raise InvalidSchedule(f"shortage prices that rise from >= 0 expected, got {prices}")
        if self.surplus_per_hour < 0:
            raise InvalidSchedule(f"surplus_per_hour >= 0 expected, got {self.surplus_per_hour}")
