"""Where given rules are weaker than a law."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schedules.agents import Contract
from schedules.laws.breaks import break_findings
from schedules.laws.law import Article, Law
from schedules.laws.wording import Finding, in_words
from schedules.rules import NightWindow, Rules
from schedules.shifts import ShiftKind

__all__ = ["Finding", "against"]


@dataclass(frozen=True)
class _Held:
    """One set of rules and who has it."""

    where: str
    rules: Rules
    kinds: tuple[ShiftKind, ...]


def against(
    law: Law, rules: Rules, contracts: Sequence[Contract], kinds: Sequence[ShiftKind]
) -> tuple[Finding, ...]:
    """Where rules, contracts and shift kinds allow what a law does not, as far as the preset knows it.

    Not legal advice: nothing found does not mean that a roster is legal (``law.limitations``).

    Parameters
    ----------
    law
        From :func:`schedules.laws.law`.
    rules
        Everybody's rules.
    contracts
        Contracts; those with rules of their own are compared by these.
    kinds
        Shift kinds. Those that no contract works are left out.

    Returns
    -------
    Findings in the order of the law's articles, then of the contracts. A limit that is not
    declared is a finding only where the shift kinds or the contracts let somebody pass it.
    """
    worked = {contract.name: _worked(contract, kinds) for contract in contracts}
    held = [
        _Held(f"contract {contract.name}", contract.rules, worked[contract.name])
        for contract in contracts
        if contract.rules is not None
    ]
    others = [contract for contract in contracts if contract.rules is None]
    if others or not contracts:
        names = {kind.name for contract in others for kind in worked[contract.name]}
        used = tuple(kind for kind in kinds if kind.name in names or not contracts)
        held.insert(0, _Held("rules", rules, used))
    found: list[Finding] = []
    for entry in law.entries:
        for one in held:
            found += _of_rules(entry, one)
        for contract in contracts:
            found += _of_contract(entry, contract, law, worked[contract.name])
        used = tuple(kind for kind in kinds if not contracts or any(kind in own for own in worked.values()))
        found += break_findings(entry, used)
    return tuple(found)


def _worked(contract: Contract, kinds: Sequence[ShiftKind]) -> tuple[ShiftKind, ...]:
    return tuple(kind for kind in kinds if kind.name in contract.shifts)


def _longest_h(kinds: Sequence[ShiftKind]) -> float:
    return max((kind.paid_min(max(kind.lengths_min)) for kind in kinds), default=0) / 60


def _of_rules(entry: Article, held: _Held) -> Iterator[Finding]:
    """What a set of rules allows beyond an article."""
    rules, law_says = held.rules, entry.value
    here: object
    if entry.key == "min_rest_h":
        here, weaker = rules.min_rest_h, rules.min_rest_h < _number(entry)
    elif entry.key == "weekly_rest_h":
        here, weaker = rules.weekly_rest_h, (rules.weekly_rest_h or 0.0) < _number(entry)
    elif entry.key == "max_consecutive_days":
        here, weaker = rules.max_consecutive_days, rules.max_consecutive_days > _number(entry)
    elif entry.key == "max_shift_h":
        longest_h = _longest_h(held.kinds)
        here, weaker = rules.max_shift_h, _at_most(rules.max_shift_h, longest_h) > _number(entry)
    elif isinstance(law_says, NightWindow):
        # The window decides nothing unless nights are limited.
        limited = rules.max_nights_in_a_row is not None
        here, weaker = rules.night, limited and not _holds(rules.night, law_says)
    else:
        return
    if weaker:
        yield Finding.of(entry, held.where, in_words(entry.key, here))


def _of_contract(
    entry: Article, contract: Contract, law: Law, kinds: Sequence[ShiftKind]
) -> Iterator[Finding]:
    """What a contract allows, or pays too little for, beyond an article."""
    here: object
    if entry.key == "max_hours":
        here, weaker = contract.max_hours, contract.max_hours > _number(entry)
    elif entry.key == "max_days":
        weekdays = {day for kind in kinds for day in kind.weekdays}
        here, weaker = contract.max_days, min(contract.max_days, len(weekdays)) > _number(entry)
    elif entry.key == "overtime_after_hours":
        here = contract.overtime_after_hours
        weaker = _at_most(contract.overtime_after_hours, contract.max_hours) > _number(entry)
    elif entry.key == "daily_overtime_after_hours":
        here = contract.daily_overtime_after_hours
        weaker = _at_most(contract.daily_overtime_after_hours, _longest_h(kinds)) > _number(entry)
    elif entry.key == "overtime_share":
        here = contract.overtime_share
        weaker = contract.overtime_share < _number(entry) and _can_work_overtime(contract, law, kinds)
    else:
        return
    if weaker:
        yield Finding.of(entry, f"contract {contract.name}", in_words(entry.key, here))


def _can_work_overtime(contract: Contract, law: Law, kinds: Sequence[ShiftKind]) -> bool:
    weekly, daily = law.caps.overtime_after_hours, law.caps.daily_overtime_after_hours
    by_week = weekly is not None and contract.max_hours > weekly
    return by_week or (daily is not None and _longest_h(kinds) > daily)


def _at_most(limit: float | None, possible: float) -> float:
    """How far something goes under a limit that may be absent."""
    return possible if limit is None else min(limit, possible)


def _number(entry: Article) -> float:
    if not isinstance(entry.value, int | float):
        raise TypeError(f"{entry.key}: a number expected")
    return float(entry.value)


def _holds(window: NightWindow, law_says: NightWindow) -> bool:
    """Whether every night shift of the law is one of the window's too."""
    inside = _minutes(law_says) <= _minutes(window)
    return inside and window.at_least_min <= law_says.at_least_min


def _minutes(window: NightWindow) -> set[int]:
    if window.from_min < window.until_min:
        return set(range(window.from_min, window.until_min))
    return set(range(window.from_min, 24 * 60)) | set(range(window.until_min))
