"""The rows of a sheet as XML, the same that openpyxl writes for the same cells.

openpyxl builds an object and several elements for each cell, which takes most of a minute for the
activities of some thousand people. Here a cell is one text, and what repeats is told once: a week has
few different times and names. All else of the workbook remains openpyxl's: styles, headers, parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.compat import safe_string
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

MOST_CHARACTERS = 32_767  # of a cell of this format
FIRST_ROW = 2  # below the header
ROWS_AT_ONCE = 2_000


class TextCells(dict[str, str]):
    """Cells that hold text whatever the text looks like (``=1+1``, ``#N/A``, ``12``)."""

    def __missing__(self, text: str) -> str:
        shown = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:MOST_CHARACTERS]
        space = ' xml:space="preserve"' if shown.strip() not in ("", shown) else ""
        escaped = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        told = f' t="inlineStr"><is><t{space}>{escaped}</t></is></c>' if shown else ' t="inlineStr" />'
        self[text] = told
        return told


def number_cell(number: float, style: int = 0) -> str:
    """A cell that holds a number; ``style`` is its place among the workbook's cell styles, 0 for none."""
    told = safe_string(number)
    value = f"<v>{told}</v>" if told else "<v />"
    styled = f' s="{style}"' if style else ""
    return f'{styled} t="n">{value}</c>'


def time_cell(moment: datetime, style: int) -> str:
    """A cell that holds a naive local time."""
    return number_cell(to_excel(moment), style)


def rows_xml(rows: Iterable[Sequence[str | None]]) -> Iterator[bytes]:
    """The rows below the header, some thousand at a time; ``None`` stands for no cell."""
    letters: list[str] = []
    told: list[str] = []
    for number, cells in enumerate(rows, start=FIRST_ROW):
        letters += [get_column_letter(place) for place in range(len(letters) + 1, len(cells) + 1)]
        inside = [
            f'<c r="{letter}{number}"{cell}' for letter, cell in zip(letters, cells, strict=False) if cell
        ]
        told.append(f'<row r="{number}">{"".join(inside)}</row>')
        if len(told) == ROWS_AT_ONCE:
            yield _encoded(told)
            told = []
    yield _encoded(told)


def _encoded(told: Sequence[str]) -> bytes:
    return "".join(told).encode("utf-8", "xmlcharrefreplace")
