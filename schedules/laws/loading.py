"""Read the laws' data, which lies beside this file as TOML."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from schedules.errors import InvalidSchedule
from schedules.laws.law import CAP_KEYS, COMPARED, RULE_KEYS, Article, Law, RequiredBreak
from schedules.rules import NightWindow

OTHER_NAMES = {"UK": "GB", "CA": "US-CA"}
"""Codes that people type for another."""


def law(code: str) -> Law:
    """A law by its code.

    Parameters
    ----------
    code
        ``EU``, ``DE``, ``FR``, ``GB`` (or ``UK``), ``US``, ``US-CA`` or ``CN``, in any case.

    Raises
    ------
    InvalidSchedule
        If there is no preset of that code.
    """
    presets = {preset.code: preset for preset in laws()}
    asked = code.strip().upper().replace("_", "-")
    asked = OTHER_NAMES.get(asked, asked)
    if asked not in presets:
        raise InvalidSchedule(f"law: one of {', '.join(presets)} expected, got {code!r}")
    return presets[asked]


@cache
def laws() -> tuple[Law, ...]:
    """All laws, by code."""
    folder = resources.files("schedules.laws")
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name
    )
    return tuple(read(file.read_text(encoding="utf-8"), file.name) for file in files)


def read(text: str, name: str) -> Law:
    """A law from the text of its file.

    Raises
    ------
    InvalidSchedule
        If a key is missing or unknown or a value is not accepted, with the file and the place.
    """
    document = tomllib.loads(text)
    try:
        entries = tuple(
            _article(entry, f"{name}, article {number}")
            for number, entry in enumerate(document.pop("article"), 1)
        )
        limitations = tuple(document.pop("limitations"))
        found = Law(entries=entries, limitations=limitations, **document)
    except (KeyError, TypeError) as error:
        raise InvalidSchedule(f"law {name}: the keys of a law expected, got {error}") from None
    _day(found.checked_on, f"{name}, checked_on")
    keys = [entry.key for entry in entries if entry.key != "break"]
    if len(set(keys)) < len(keys):
        raise InvalidSchedule(f"law {name}: each key but break once expected")
    return found


def _article(entry: dict[str, Any], place: str) -> Article:
    key, value = entry["key"], entry["value"]
    if key not in (*RULE_KEYS, *CAP_KEYS, "break"):
        known = ", ".join((*RULE_KEYS, *CAP_KEYS, "break"))
        raise InvalidSchedule(f"law {place}: key one of {known} expected, got {key!r}")
    if key == "break":
        value = RequiredBreak(**value)
    elif key == "night":
        value = NightWindow(_minutes(value["from"]), _minutes(value["until"]), value["at_least_min"])
    found = Article(**{**entry, "value": value})
    if found.compared not in COMPARED:
        raise InvalidSchedule(f"law {place}: compared one of {', '.join(COMPARED)} expected")
    if len(found.effective) != 4:
        _day(found.effective, f"{place}, effective")
    return found


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _day(text: str, place: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidSchedule(f"law {place}: a day as 2000-12-31 expected, got {text!r}") from None
