"""Presets: targets by name that a queue may start from, each with where its figures come from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

# Two ways to say one thing: the way that a plan uses drops the preset's other way.
ALTERNATIVES = (
    ("answer_within_s", "answer_within_min"),
    ("resolve_within_h", "resolve_within_days"),
    ("shrinkage", "shrinkage_planned", "shrinkage_unplanned", "shrinkage_rule"),
)


@dataclass(frozen=True)
class Preset:
    """Defaults of a queue under a name.

    Attributes
    ----------
    name
        As in ``preset = "…"``.
    about
        One line for a person.
    source
        Where the figures come from.
    values
        Keys of ``[queues.NAME]`` and their values.
    """

    name: str
    about: str
    source: str
    values: dict[str, Any]


@lru_cache(maxsize=1)
def presets() -> dict[str, Preset]:
    """All presets by name, in the order of their file."""
    text = files("staffing.plan").joinpath("templates/presets.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    sources = document.pop("sources")
    found = {}
    for name, table in document.items():
        about, source = table.pop("about"), sources[table.pop("source")]
        found[name] = Preset(name, about, source, table)
    return found


def preset_values(name: str, given: set[str]) -> dict[str, Any]:
    """Values of a preset for the keys that a queue does not give itself.

    Raises
    ------
    ValueError
        No preset of this name.
    """
    known = presets()
    if name not in known:
        raise ValueError(f"preset: one of {', '.join(known)} expected, got {name!r}")
    dropped = set(given)
    for group in ALTERNATIVES:
        if given & set(group):
            dropped |= set(group)
    return {key: value for key, value in known[name].values.items() if key not in dropped}
