"""Quantities in words: one way to write a number, a share, money, hours and seconds everywhere."""

from __future__ import annotations

import math
from typing import Any

from markupsafe import Markup, escape

DASH = "–"
_NBSP = "\u00a0"
_MINUS = "\u2212"


def finite(value: Any) -> bool:
    """Whether ``value`` is a number that can be shown (not None, NaN, NA or infinite)."""
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError):
        return False


def missing(reason: str) -> Markup:
    """A dash that carries its reason, for the pointer and for a screen reader."""
    return Markup('<span class="dash" title="{0}">–<span class="sr"> ({0})</span></span>').format(
        escape(reason)
    )


def number(value: Any, digits: int = 0, reason: str = "not known") -> str:
    """``12,345.6``, with a true minus sign; a dash with its reason where it is not finite."""
    if not finite(value):
        return missing(reason)
    rounded = round(float(value), digits) + 0.0  # + 0.0 turns −0.0 into 0.0
    return f"{abs(rounded):,.{digits}f}" if rounded >= 0 else f"{_MINUS}{abs(rounded):,.{digits}f}"


def percent(share: Any, digits: int = 1, reason: str = "not known") -> str:
    """A share in [0, 1] as ``82.4 %``."""
    if not finite(share):
        return missing(reason)
    return f"{number(float(share) * 100, digits)}{_NBSP}%"


def percent_against(share: Any, target: Any, digits: int = 1, reason: str = "not known") -> str:
    """Like `percent`, but rounding never lifts a share over a target that it misses.

    79.97 % against 80 % must not read "80.0 %, missed".
    """
    if finite(share) and finite(target) and float(share) < float(target):
        step = 10.0**digits
        floored = math.floor(float(share) * 100 * step + 1e-9) / step
        if round(float(share) * 100, digits) >= round(float(target) * 100, digits) > floored:
            return f"{number(floored, digits)}{_NBSP}%"
    return percent(share, digits, reason)


def money(amount: Any, currency: str, digits: int = 0, reason: str = "not known") -> str:
    """``€12,345`` for a symbol, ``EUR 12,345`` for a code; the sign comes first."""
    if not finite(amount):
        return missing(reason)
    text = number(amount, digits)
    sign, text = (_MINUS, text[1:]) if text.startswith(_MINUS) else ("", text)
    space = _NBSP if currency[-1:].isalpha() else ""
    return f"{sign}{currency}{space}{text}"


def duration(seconds: Any, reason: str = "not known") -> str:
    """Seconds up to two minutes, then larger units: ``45 s``, ``5 min 30 s``, ``2 h 5 min``, ``3 d``."""
    if not finite(seconds):
        return missing(reason)
    value = float(seconds)
    if abs(value) < 10 and value != round(value):
        return f"{number(value, 1)}{_NBSP}s"
    whole = round(value)
    for unit, next_unit, size, parts, limit in (
        ("s", "", 1, 1, 120),
        ("min", "s", 60, 60, 3600),
        ("h", "min", 3600, 60, 172800),
        ("d", "h", 86400, 24, math.inf),
    ):
        if abs(whole) < limit:
            big, rest = divmod(round(whole * parts / size), parts)
            tail = f"{_NBSP}{rest}{_NBSP}{next_unit}" if rest and next_unit else ""
            return f"{number(big)}{_NBSP}{unit}{tail}"
    raise AssertionError("unreachable")


def hours(value: Any, digits: int = 1, reason: str = "not known") -> str:
    """``1,234.5 h``."""
    return missing(reason) if not finite(value) else f"{number(value, digits)}{_NBSP}h"


def count(value: Any, one: str, many: str | None = None) -> str:
    """``1 person``, ``3 people``."""
    return f"{number(value)}{_NBSP}{one if value == 1 else many or one + 's'}"


def listed(names: list[str] | tuple[str, ...]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
