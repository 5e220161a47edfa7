"""Columns of text as numbers: decimal point or comma, and the many ways to write "missing"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from staffing.errors import BadInput

MISSING = frozenset({"", "-", "--", "---", "–", "—", "na", "n/a", "#n/a", "nan", "null", "none"})

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_PLAIN_CHARACTERS = frozenset("0123456789.")


def is_missing(text: str) -> bool:
    """Whether a cell says that nothing is known (blank, ``--``, ``N/A`` …), which is not zero."""
    return text.strip().casefold() in MISSING


def has_decimal_comma(columns: Iterable[Sequence[str]], delimiter: str) -> bool:
    """Whether a file writes ``1,5`` for one and a half: only where the comma does not part columns.

    Decided for the file as a whole, so that a point in another cell is then seen as a contradiction.
    """
    return delimiter != "," and any("," in cell for cells in columns for cell in cells)


def parse_numbers(cells: Sequence[str], *, decimal_comma: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of a column.

    Parameters
    ----------
    cells
        Text, shape ``(rows,)``.
    decimal_comma
        The decimal mark is a comma; a point is then wrong.

    Returns
    -------
    values
        Floats, shape ``(rows,)``; NaN where missing or wrong, infinite where the number is too large.
    wrong
        True where the text is neither missing nor a number.
    """
    codes, texts = pd.factorize(np.array(cells, dtype=object))  # counts repeat: judge each text once
    values = np.full(len(texts), np.nan)
    wrong = np.zeros(len(texts), dtype=bool)
    if texts.size and all(texts) and not decimal_comma and _PLAIN_CHARACTERS.issuperset("".join(texts)):
        try:
            return texts.astype(float)[codes], wrong[codes]
        except ValueError:  # such as 1.2.3: the slow way below finds it
            pass
    for place, text in enumerate(texts):
        number = text.strip()
        if decimal_comma:
            number = number.replace(".", "x").replace(",", ".")
        if _NUMBER.fullmatch(number):
            values[place] = float(number)
        elif not is_missing(text):
            wrong[place] = "inf" not in number.casefold()
            values[place] = np.inf
    values[wrong] = np.nan
    return values[codes], wrong[codes]


def parse_number(
    text: str, *, least: float = -np.inf, most: float = np.inf, whole: bool = False, accepted: str
) -> float:
    """One number in ``[least, most]``.

    Raises
    ------
    BadInput
        With ``accepted``, for what is not such a number; without a file and line.
    """
    values, wrong = parse_numbers([text])
    value = float(values[0])
    if wrong[0] or not np.isfinite(value):
        raise BadInput("not a number", value=text, accepted=accepted)
    if not least <= value <= most or (whole and value != int(value)):
        raise BadInput("a number out of range", value=text, accepted=accepted)
    return value
