"""The product's own tables: their columns, in the order in which they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "time", "date", "number", "whole", "flag"]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        Header.
    kind
        ``text``; ``time``, an instant with its local offset; ``date``; ``number``; ``whole``, an
        integer; ``flag``, true or false.
    blank
        Whether a cell may be empty: a missing value, which is neither zero nor false.
    decimals
        Decimals to which a number is rounded; ``None`` keeps every digit.
    least
        Smallest number accepted.
    infinite
        Whether ``inf`` is a value, as for the wait in a queue that never empties.
    """

    name: str
    kind: Kind
    blank: bool = False
    decimals: int | None = 6
    least: float | None = None
    infinite: bool = False


@dataclass(frozen=True)
class Schema:
    """A table: its columns, what makes a row unique, and whether it may have no rows."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    may_be_empty: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """Headers in order."""
        return tuple(column.name for column in self.columns)


def _text(name: str) -> Column:
    return Column(name, "text", blank=True)


def _required_text(name: str) -> Column:
    return Column(name, "text")


def _time(name: str) -> Column:
    return Column(name, "time")


def _amount(name: str) -> Column:
    """A number >= 0 that must be there."""
    return Column(name, "number", least=0.0)


def _measure(name: str) -> Column:
    """A number >= 0 that has no value where there is nothing to measure, and may be infinite."""
    return Column(name, "number", blank=True, least=0.0, infinite=True)


_MEASURES = tuple(_measure(name) for name in ("service_level", "asa_s", "occupancy", "abandonment"))

FORECAST = Schema(
    "forecast",
    (
        _required_text("queue"),
        _time("start"),
        _amount("contacts"),
        *(_amount(f"contacts_{quantile}") for quantile in ("p025", "p10", "p50", "p90", "p975")),
        _amount("contacts_untouched"),
        _measure("dispersion_interval"),
        _measure("dispersion_day"),
        _measure("aht_s"),
        Column("open", "flag"),
        _text("model"),
    ),
    key=("queue", "start"),
    may_be_empty=False,
)

REQUIREMENT = Schema(
    "requirement",
    (
        _required_text("queue"),
        _time("start"),
        _amount("contacts"),
        _measure("aht_s"),
        _amount("load_erlangs"),
        _amount("agents"),
        _amount("agents_whole"),
        _amount("scheduled"),
        *_MEASURES,
        _measure("met_probability"),
        _text("binding_target"),
        _text("model"),
    ),
    key=("queue", "start"),
    may_be_empty=False,
)

COVERAGE = Schema(
    "coverage",
    (
        _required_text("queue"),
        _time("start"),
        _amount("required"),
        _amount("scheduled"),
        Column("gap", "number"),
        *_MEASURES,
    ),
    key=("queue", "start"),
)

SHIFTS = Schema(
    "shifts",
    (
        _required_text("shift_id"),
        _required_text("kind"),
        _time("start"),
        _time("end"),
        _amount("paid_h"),
        _amount("designed"),
        _amount("rostered"),
    ),
    key=("shift_id",),
)

ROSTER = Schema(
    "roster",
    (
        _required_text("agent"),
        _time("start"),
        _time("end"),
        _required_text("activity"),
        Column("paid", "flag"),
        _text("queue"),
        _text("shift_id"),
    ),
)

WISHES = Schema(
    "wishes",
    (
        _required_text("agent"),
        _required_text("kind"),
        Column("day", "date"),
        Column("time_min", "whole", blank=True),
        _text("shift"),
        _amount("weight"),
        Column("granted", "flag"),
        _text("reason"),
    ),
)

_COUNTED = ("hours_balance_min", "weekends", "late_shifts", "refused_wishes")

BALANCE = Schema(
    "balance",
    (
        _required_text("agent"),
        _required_text("contract"),
        _amount("paid_h"),
        Column("target_h", "number", blank=True),
        _amount("night_shifts"),
        *(
            Column(name + suffix, "number", blank=True)
            for suffix in ("", "_before", "_total")
            for name in _COUNTED
        ),
    ),
    key=("agent",),
)

CHANGES = Schema(
    "changes",
    (
        _required_text("agent"),
        Column("day", "date"),
        _required_text("change"),
        _text("before"),
        _text("after"),
        _text("reason"),
        Column("keeping_costs", "number", blank=True, decimals=2),
    ),
    key=("agent", "day"),
)

CLEANING = Schema(
    "cleaning",
    (_required_text("queue"), _required_text("finding"), Column("count", "whole"), _text("detail")),
)

CLEANING_DAYS = Schema(
    "cleaning_days",
    (
        _required_text("queue"),
        Column("day", "date"),
        _measure("contacts"),
        _measure("used"),
        Column("marked", "whole"),
        _text("mark"),
        _text("holiday"),
    ),
    key=("queue", "day"),
)

LEADERBOARD = Schema(
    "leaderboard",
    (
        _required_text("queue"),
        _required_text("model"),
        Column("wape", "number", blank=True, infinite=True),
        Column("bias", "number", blank=True, infinite=True),
        Column("coverage_80", "number", blank=True),
        Column("origins", "whole", blank=True),
        Column("chosen", "flag"),
        _text("reason"),
    ),
)

EXCLUSIONS = Schema(
    "exclusions",
    (
        _required_text("queue"),
        _time("start"),
        _time("end"),
        _required_text("action"),
        _text("reason"),
    ),
)

EXPLANATION = Schema(
    "explanation",
    (
        _required_text("queue"),
        Column("day", "date"),
        _amount("contacts"),
        *(
            _measure(name)
            for name in ("level", "weekday", "holiday", "month_day", "year", "events", "overlay")
        ),
    ),
    key=("queue", "day"),
)

TOTALS = Schema(
    "totals",
    (
        _required_text("level"),
        _required_text("name"),
        Column("day", "date"),
        _amount("contacts"),
        _amount("contacts_p10"),
        _amount("contacts_p90"),
    ),
    key=("level", "name", "day"),
)

SCORE = Schema(
    "score",
    (
        Column("week", "date"),
        _required_text("queue"),
        _amount("contacts"),
        _amount("forecast"),
        _amount("untouched"),
        *(
            Column(name, "number", blank=True)
            for name in ("wape", "wape_untouched", "bias", "bias_untouched")
        ),
        Column("daily_wape", "number", blank=True),
        Column("coverage_80", "number", blank=True),
    ),
    key=("week", "queue"),
)

LONG_RANGE = Schema(
    "long_range",
    (
        _required_text("queue"),
        Column("week", "date"),
        _amount("contacts"),
        _amount("contacts_p10"),
        _amount("contacts_p90"),
        *(_measure(name) for name in ("level", "calendar", "year", "events")),
        Column("open_days", "whole"),
    ),
    key=("queue", "week"),
    may_be_empty=False,
)

SERVICE = Schema(
    "service",
    (
        _required_text("queue"),
        _required_text("day"),
        _amount("contacts"),
        Column("target", "number", blank=True),
        *_MEASURES,
        Column("met", "flag", blank=True),
    ),
    key=("queue", "day"),
)

CORRECTIONS = Schema(
    "corrections",
    (_required_text("queue"), _time("start"), _amount("sized"), _amount("asked")),
    key=("queue", "start"),
)

PROOF = Schema(
    "proof",
    (
        _required_text("queue"),
        _required_text("day"),
        _amount("contacts"),
        _amount("target"),
        *_MEASURES,
        _measure("resolution_s"),
        _measure("met_probability"),
        _measure("confidence"),
        Column("held", "flag"),
    ),
    key=("queue", "day"),
)

PRICED = Schema(
    "priced",
    (
        _required_text("rule"),
        _required_text("what"),
        _time("when"),
        Column("amount", "number", decimals=2),
    ),
)

RULES = Schema(
    "rules", (_required_text("rule"), Column("checked", "whole"), Column("broken", "whole")), key=("rule",)
)

COMPARISON = Schema(
    "comparison",
    (
        _required_text("scenario"),
        _required_text("target"),
        _required_text("queue"),
        _amount("agents"),
        _amount("paid_hours"),
        _amount("cost"),
        _measure("service_level"),
        _measure("plan_level"),
        _measure("abandonment"),
        Column("price_of_next_point", "number", blank=True),
        _measure("bound_gap"),
    ),
    key=("scenario", "target", "queue"),
)

BATCH = Schema(
    "batch",
    (
        _required_text("plan"),
        _text("week"),
        _required_text("state"),
        Column("exit_code", "whole"),
        Column("cost", "number", blank=True, decimals=2),
        _text("currency"),
        _measure("gap"),
        _text("message"),
    ),
    key=("plan",),
)
