"""The line of a key in a TOML text, so that an error can point at it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*="""
)


def _parts(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.\s]+", dotted)]


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """1-based line of the deepest part of ``path`` that the text spells out.

    ``path`` is what a validator reports: keys, and numbers for elements of arrays of tables.
    Returns ``None`` where not even the first key appears.
    """
    wanted = [str(part) for part in path]
    best_length, best_line = 0, None
    table: list[str] = []
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            table = _parts(header.group(2))
            if header.group(1) == "[[":
                name = ".".join(table)
                counts[name] = counts.get(name, -1) + 1
            table = _numbered(table, counts)
            here = table
        else:
            key = _KEY.match(line)
            if not key:
                continue
            here = table + _parts(key.group(1))
        if here == wanted[: len(here)] and len(here) > best_length:
            best_length, best_line = len(here), number
    return best_line


def _numbered(table: list[str], counts: dict[str, int]) -> list[str]:
    """Insert the element's number after each part that names an array of tables."""
    numbered: list[str] = []
    for depth, part in enumerate(table, start=1):
        numbered.append(part)
        count = counts.get(".".join(table[:depth]))
        if count is not None:
            numbered.append(str(count))
    return numbered
