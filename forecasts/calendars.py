"""Calendar features of days, computed once for all queues that share a country."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import pairwise

import holidays as holiday_rules
import numpy as np

from forecasts.errors import ForecastError

# Between the holidays that open and close a festival. Closer ones are merely neighbours.
FESTIVAL_DAYS = (6, 7)
SHARED_DAYS = 128


@dataclass(frozen=True, eq=False)
class DayCalendar:
    """Features of consecutive local days, each an array of shape ``(days,)``.

    ``holiday`` is the holiday's name or ``""``. ``before`` and ``after`` are the last working day
    before and the first after a holiday (and the calendar days next to it); ``bridge`` lies between
    a holiday and a weekend; ``holiday_week`` is a week (Monday to Sunday) that holds a holiday on a working day;
    ``festival`` are the days between two holidays that are six or seven days apart, such as Christmas and New Year.
    """

    days: np.ndarray
    weekday: np.ndarray
    day_of_month: np.ndarray
    days_to_month_end: np.ndarray
    year_fraction: np.ndarray
    holiday: np.ndarray
    before: np.ndarray
    after: np.ndarray
    bridge: np.ndarray
    holiday_week: np.ndarray
    weekend: np.ndarray
    festival: np.ndarray

    def __len__(self) -> int:
        return len(self.days)

    @property
    def is_holiday(self) -> np.ndarray:
        """Whether each day is a public holiday."""
        return self.holiday != ""

    @property
    def special(self) -> np.ndarray:
        """Days that do not stand for their weekday: a holiday or a bridge day."""
        return self.is_holiday | self.bridge


@lru_cache(maxsize=256)
def _rules(country: str, subdivision: str | None) -> holiday_rules.HolidayBase:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return holiday_rules.country_holidays(country, subdiv=subdivision)
    except (NotImplementedError, TypeError, AttributeError):
        place = country if subdivision is None else f"{country}-{subdivision}"
        raise ForecastError(
            f"a country (ISO 3166 code, like US) and subdivision with known holidays expected, got {place!r}"
        ) from None


@lru_cache(maxsize=4096)
def _year(country: str, subdivision: str | None, year: int) -> tuple[tuple[np.datetime64, str], ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _rules(country, subdivision)  # an unknown country is told before the years are asked for
        found = holiday_rules.country_holidays(country, subdiv=subdivision, years=[year])
    return tuple(
        (np.datetime64(day, "D"), str(name)) for day, name in sorted(found.items()) if day.year == year
    )


@lru_cache(maxsize=64)
def _part(first_day: int, count: int, country: str | None, subdivision: str | None) -> DayCalendar:
    """The first days of a longer calendar, which origins a few weeks apart share."""
    whole = _calendar(first_day, -(-count // SHARED_DAYS) * SHARED_DAYS, country, subdivision)
    return DayCalendar(*(getattr(whole, each.name)[:count] for each in fields(DayCalendar)))


@lru_cache(maxsize=64)
def _calendar(first_day: int, count: int, country: str | None, subdivision: str | None) -> DayCalendar:
    days = np.datetime64(first_day, "D") + np.arange(count)
    # Eight days on both sides, so that the neighbours of the first and the last day are known.
    wide = np.datetime64(first_day - 8, "D") + np.arange(count + 16)
    weekday = (wide.astype(int) + 3) % 7
    names = np.full(len(wide), "", dtype=object)
    weekend_days = {5, 6}
    if country is not None:
        weekend_days = set(getattr(_rules(country, subdivision), "weekend", weekend_days))
        years = wide.astype("datetime64[Y]").astype(int) + 1970
        for year in range(years[0], years[-1] + 1):
            for day, name in _year(country, subdivision, year):
                place = int((day - wide[0]).astype(int))
                if 0 <= place < len(wide):
                    names[place] = name
    weekend = np.isin(weekday, sorted(weekend_days))
    holiday = names != ""
    before, after = _neighbours(holiday, weekend)
    off = holiday | weekend
    inner = np.zeros(len(wide), dtype=bool)
    inner[1:-1] = off[:-2] & off[2:] & (holiday[:-2] | holiday[2:])
    bridge = inner & ~off
    week = (wide.astype(int) + 3) // 7
    holiday_week = np.isin(week, np.unique(week[holiday & ~weekend])) & ~holiday
    month = wide.astype("datetime64[M]")
    day_of_month = (wide - month.astype("datetime64[D]")).astype(int) + 1
    to_end = ((month + np.timedelta64(1, "M")).astype("datetime64[D]") - wide).astype(int) - 1
    year_start = wide.astype("datetime64[Y]")
    year_length = (
        (year_start + np.timedelta64(1, "Y")).astype("datetime64[D]") - year_start.astype("datetime64[D]")
    ).astype(int)
    fraction = (wide - year_start.astype("datetime64[D]")).astype(int) / year_length
    inside = slice(8, 8 + count)
    return DayCalendar(
        days,
        *(
            feature[inside]
            for feature in (
                weekday,
                day_of_month,
                to_end,
                fraction,
                names.astype(str),
                before,
                after,
                bridge,
                holiday_week,
                weekend,
                _festival(holiday),
            )
        ),
    )


def _neighbours(holiday: np.ndarray, weekend: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    before, after = np.zeros(len(holiday), dtype=bool), np.zeros(len(holiday), dtype=bool)
    for place in np.flatnonzero(holiday):
        for step, marks in ((-1, before), (1, after)):
            neighbour = place + step
            while 0 <= neighbour < len(holiday):
                marks[neighbour] = True
                if not (weekend[neighbour] or holiday[neighbour]):
                    break
                neighbour += step
    return before & ~holiday, after & ~holiday


def _festival(holiday: np.ndarray) -> np.ndarray:
    found = np.flatnonzero(holiday)
    between = np.zeros(len(holiday), dtype=bool)
    for begin, end in pairwise(found):
        if end - begin in FESTIVAL_DAYS:
            between[begin + 1 : end] = True
    return between


def calendar(
    first_day: np.datetime64 | str, count: int, country: str | None = None, subdivision: str | None = None
) -> DayCalendar:
    """Calendar of ``count`` days from ``first_day``; the same object for the same question.

    Parameters
    ----------
    country, subdivision
        ISO 3166-1 and -2 codes as the package ``holidays`` knows them; None means no public holidays.

    Raises
    ------
    ForecastError
        A country or subdivision without known holidays.
    """
    first = np.asarray(first_day, dtype="datetime64[D]")
    return _part(int(first.astype(int)), count, country, subdivision)
