"""A law of working time as far as rules, contracts and shift kinds can say it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import pandas as pd

from schedules.rules import NightWindow, Rules
from schedules.shifts import ShiftKind

NOTICE = (
    "A reading aid for rosters, not legal advice. It leaves out much of the law; "
    "have your case looked at by a lawyer."
)
"""What every law and every finding is to be shown with."""

NO_LIMIT_DAYS = 366
"""Days in a row where a law says nothing of them."""

COMPARED = ("wording", "summary", "nothing")
"""With what an article was compared on the day named: its wording, a summary, or nothing but general knowledge."""

RULE_KEYS = ("min_rest_h", "weekly_rest_h", "max_consecutive_days", "max_shift_h", "night")
"""Articles that set a rule of :class:`schedules.rules.Rules`."""


@dataclass(frozen=True)
class RequiredBreak:
    """A break that a law asks for in shifts that are long enough.

    Attributes
    ----------
    over_h
        Hours of work from which on it is due: more than these, or exactly these too if ``reached``.
    at_least_min
        Minutes of all pieces together.
    piece_min, below_min
        Breaks count from the first length on and, if the second is given, only below it.
    paid
        Whether the breaks have to be paid; ``None`` leaves it open.
    start_by_h
        Hours of work after which the last of the pieces has begun at the latest.
    longest_stretch_h
        Longest stretch without such a break.
    paid_breaks_are_work
        Whether paid breaks count as hours of work here.
    """

    over_h: float
    at_least_min: int
    piece_min: int
    reached: bool = False
    below_min: int | None = None
    paid: bool | None = None
    start_by_h: float | None = None
    longest_stretch_h: float | None = None
    paid_breaks_are_work: bool = False

    def due(self, kind: ShiftKind, length_min: int) -> bool:
        """Whether a shift of this kind and length is long enough."""
        away = sum(
            pause.length_min for pause in kind.breaks if not (pause.paid and self.paid_breaks_are_work)
        )
        work_min = length_min - away
        return work_min >= self.over_h * 60 if self.reached else work_min > self.over_h * 60

    def __str__(self) -> str:
        paid = "paid " if self.paid else ""
        when = f"from {self.over_h:g} h of work on" if self.reached else f"beyond {self.over_h:g} h of work"
        if self.at_least_min == 1:
            return f"a {paid}break {when}"
        pieces = f" in pieces of at least {self.piece_min} min" if self.piece_min < self.at_least_min else ""
        return f"{self.at_least_min} min of {paid}breaks{pieces} {when}"


@dataclass(frozen=True)
class Caps:
    """What a law says of contracts; ``None`` where it says nothing. Names and units are those of ``Contract``."""

    max_hours: float | None = None
    max_days: int | None = None
    overtime_after_hours: float | None = None
    overtime_share: float | None = None
    daily_overtime_after_hours: float | None = None


CAP_KEYS = tuple(field.name for field in fields(Caps))


@dataclass(frozen=True)
class Article:
    """One rule of a law.

    Attributes
    ----------
    key
        What it sets: a name of ``Rules`` or ``Caps``, or ``break``.
    value
        A number, a :class:`schedules.rules.NightWindow` or a :class:`RequiredBreak`.
    article, says
        Where it stands, and its sense in our own words.
    source
        Official page.
    effective
        Date or year from which on it has been in force in this form.
    compared
        With what it was compared on the law's ``checked_on``, see :data:`COMPARED`.
    applied
        Where the reading here differs from the law: an average taken week by week, a step left out.
    """

    key: str
    value: float | NightWindow | RequiredBreak
    article: str
    says: str
    source: str
    effective: str
    compared: str
    applied: str = ""


@dataclass(frozen=True)
class Law:
    """A preset. Not legal advice: see ``notice`` and ``limitations``.

    Attributes
    ----------
    code
        ``EU``, or a country or one of its parts by ISO 3166.
    name
        Country and law.
    entries
        The articles, in the order of the law's file.
    checked_on
        Day on which the entries were compared with what ``Article.compared`` names; the copies that were
        read may have been older, so look at ``Article.source`` before you rely on a number.
    notice
        That this is no legal advice.
    limitations
        What is not covered, or read otherwise than the law has it.
    """

    code: str
    name: str
    entries: tuple[Article, ...]
    checked_on: str
    notice: str
    limitations: tuple[str, ...]

    @cached_property
    def rules(self) -> Rules:
        """Rules that hold what the law asks, and nothing where it is silent."""
        values: dict[str, Any] = {"min_rest_h": 0.0, "max_consecutive_days": NO_LIMIT_DAYS}
        values |= {entry.key: entry.value for entry in self.entries if entry.key in RULE_KEYS}
        return Rules(**values)

    @cached_property
    def caps(self) -> Caps:
        """What the law says of contracts."""
        values: dict[str, Any] = {entry.key: entry.value for entry in self.entries if entry.key in CAP_KEYS}
        return Caps(**values)

    @cached_property
    def breaks(self) -> tuple[RequiredBreak, ...]:
        """Breaks that the law asks for."""
        return tuple(entry.value for entry in self.entries if isinstance(entry.value, RequiredBreak))

    @property
    def articles(self) -> pd.DataFrame:
        """``key, value, article, says, source, effective, checked_on, compared, applied``, a row an entry."""
        names = [field.name for field in fields(Article)]
        table = pd.DataFrame(
            [[getattr(entry, name) for name in names] for entry in self.entries], columns=names
        ).astype({"value": object})
        table.insert(names.index("compared"), "checked_on", self.checked_on)
        return table

    def summary(self) -> str:
        """The law in lines for a person, the notice first and the limitations last."""
        lines = [self.name, self.notice, f"compared on {self.checked_on}"]
        for entry in self.entries:
            applied = f" Here: {entry.applied}" if entry.applied else ""
            lines.append(f"  {entry.article}: {entry.says}{applied}")
        lines.append("not covered, or read otherwise:")
        return "\n".join([*lines, *(f"  {limitation}" for limitation in self.limitations)])
