"""A finding, and values of a law in words."""

from __future__ import annotations

from dataclasses import dataclass

from schedules.laws.law import Article, RequiredBreak
from schedules.rules import NightWindow

UNITS = {
    "min_rest_h": "{:g} h of rest",
    "weekly_rest_h": "{:g} h in a row in each week",
    "max_consecutive_days": "{:g} days in a row",
    "max_shift_h": "{:g} paid h in a shift",
    "max_hours": "{:g} paid h in a week",
    "max_days": "{:g} days in a week",
    "overtime_after_hours": "overtime beyond {:g} h in a week",
    "overtime_share": "{:.0%} on top of overtime",
    "daily_overtime_after_hours": "overtime beyond {:g} h in a shift",
}

ABSENT = {
    "weekly_rest_h": "no weekly rest",
    "overtime_after_hours": "no overtime by the week",
    "daily_overtime_after_hours": "no overtime by the day",
}


@dataclass(frozen=True)
class Finding:
    """One place where what was given is weaker than a law. Not legal advice.

    Attributes
    ----------
    rule
        Key of the article, as in ``Law.articles``.
    where
        ``rules``, ``contract NAME`` or ``shift NAME``.
    here, law
        What was given, and what the law asks for, in words with units.
    article, source
        Where the law says so.
    applied
        Where the reading differs from the law; empty where it does not.
    """

    rule: str
    where: str
    here: str
    law: str
    article: str
    source: str
    applied: str = ""

    @classmethod
    def of(cls, entry: Article, where: str, here: str, law: str = "") -> Finding:
        """A finding about an article."""
        asked = law or in_words(entry.key, entry.value)
        return cls(entry.key, where, here, asked, entry.article, entry.source, entry.applied)

    def __str__(self) -> str:
        applied = f" ({self.applied})" if self.applied else ""
        return f"{self.where}: {self.here}; {self.article} asks for {self.law}{applied}"


def in_words(key: str, value: object) -> str:
    """A value with its unit."""
    if value is None:
        return ABSENT.get(key, "no limit")
    if isinstance(value, NightWindow):
        return (
            f"night {_clock(value.from_min)}–{_clock(value.until_min)}, "
            f"a night shift from {value.at_least_min} min in it on"
        )
    if isinstance(value, RequiredBreak):
        return str(value)
    return UNITS[key].format(value)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
