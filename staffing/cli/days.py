"""Days on a command line: dates, or weekdays of the planned week."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import click

from staffing.errors import BadInput
from staffing.files.clock import parse_weekdays
from staffing.files.local_time import is_day, parse_day


def parse_days(text: str, option: str, planned: Callable[[], Sequence[date]]) -> frozenset[date]:
    """Days of ``mon,2026-11-26`` or ``sat-sun``.

    Parameters
    ----------
    option
        Name of the option, for the message.
    planned
        Gives the days of the plan's horizon; asked only where a weekday stands in the text.

    Raises
    ------
    click.BadParameter
        For what is neither.
    """
    days: set[date] = set()
    for part in filter(None, map(str.strip, text.split(","))):
        try:
            if is_day(part):
                days.add(parse_day(part))
            else:
                weekdays = parse_weekdays(part)
                days.update(day for day in planned() if day.weekday() in weekdays)
        except BadInput as error:
            if error.file is not None:
                raise
            raise click.BadParameter(
                f"{part!r} is neither a date such as 2026-11-26 nor a weekday such as mon or sat-sun",
                param_hint=option,
            ) from None
    return frozenset(days)
