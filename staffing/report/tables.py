"""Plain tables and status words for the page: built here, written out by one template macro."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

_SIGNS = {"good": "✓", "fair": "!", "bad": "✗", "none": "–"}


@dataclass(frozen=True)
class Table:
    """A captioned table; the first cell of a row is its header.

    Attributes
    ----------
    caption
        What the table shows.
    head
        Column headers.
    rows
        Cells, text or markup; text is escaped where it is written.
    numeric
        Columns set flush right.
    foot
        A sentence under the table, for dashes and definitions.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    numeric: frozenset[int] = frozenset()
    foot: str = ""


def table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[object]],
    numeric: Iterable[int] = (),
    foot: str = "",
) -> Table:
    """A `Table` from any sequences."""
    return Table(caption, tuple(head), tuple(tuple(row) for row in rows), frozenset(numeric), foot)


def records(frame: pd.DataFrame) -> Iterable[Any]:
    """Rows with their columns as attributes."""
    return frame.itertuples(index=False)


def badge(state: str, text: str) -> Markup:
    """A status that reads the same without colour: a sign, a word, and a tint.

    ``state`` is ``good``, ``fair``, ``bad`` or ``none``.
    """
    return Markup('<span class="badge {}"><span aria-hidden="true">{}</span> {}</span>').format(
        state, _SIGNS[state], text
    )


def queue_name(name: str, colour: int) -> Markup:
    """A queue's name with its colour as a small square."""
    return Markup('<span class="swatch q{}" aria-hidden="true"></span>{}').format(colour, name)
