"""Whether shift kinds hold the breaks that a law asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from schedules.laws.law import Article, RequiredBreak
from schedules.laws.wording import Finding
from schedules.shifts import Break, ShiftKind


def break_findings(entry: Article, kinds: Sequence[ShiftKind]) -> Iterator[Finding]:
    """Kinds and lengths whose breaks are too short, come too late or leave too long a stretch."""
    required = entry.value
    if not isinstance(required, RequiredBreak):
        return
    for kind in kinds:
        counted = [pause for pause in kind.breaks if counts(pause, required)]
        minutes = sum(pause.length_min for pause in counted)
        for length_min in sorted(kind.lengths_min):
            if not required.due(kind, length_min):
                continue
            where = f"shift {kind.name} of {length_min} min"
            if minutes < required.at_least_min:
                yield Finding.of(entry, where, f"{minutes} min of such breaks")
                continue
            late_h = begins_after_h(kind, counted, required)
            if required.start_by_h is not None and late_h > required.start_by_h:
                yield Finding.of(
                    entry,
                    where,
                    f"a break that may begin after {late_h:.4g} h of work",
                    f"its begin after at most {required.start_by_h:g} h of work",
                )
            stretch_h = longest_stretch_min(counted, length_min) / 60
            if required.longest_stretch_h is not None and stretch_h > required.longest_stretch_h:
                yield Finding.of(
                    entry,
                    where,
                    f"up to {stretch_h:.4g} h without a break",
                    f"at most {required.longest_stretch_h:g} h without a break",
                )


def counts(pause: Break, required: RequiredBreak) -> bool:
    """Whether a break is one of those asked for."""
    long_enough = pause.length_min >= required.piece_min
    short_enough = required.below_min is None or pause.length_min < required.below_min
    return long_enough and short_enough and required.paid in (None, pause.paid)


def begins_after_h(kind: ShiftKind, counted: Sequence[Break], required: RequiredBreak) -> float:
    """Hours of work before the break that completes what is asked, if it begins as late as it may."""
    minutes = 0
    for pause in counted:
        minutes += pause.length_min
        if minutes >= required.at_least_min:
            before = kind.breaks[: kind.breaks.index(pause)]
            away = sum(
                other.length_min for other in before if not (other.paid and required.paid_breaks_are_work)
            )
            return (pause.latest_min - away) / 60
    return 0.0


def longest_stretch_min(counted: Sequence[Break], length_min: int) -> int:
    """Longest time without one of these breaks that their windows leave possible."""
    if not counted:
        return length_min
    between = [
        later.latest_min - earlier.earliest_min - earlier.length_min for earlier, later in pairwise(counted)
    ]
    last = counted[-1]
    return max(counted[0].latest_min, *between, length_min - last.earliest_min - last.length_min)
