"""One cell of the product's own tables: a value as text, and a text as the value it stands for."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

from staffing.files.schemas import Column

FORMULA = re.compile(r"'*[=+\-@\t\r]")
ESCAPED = re.compile(r"'+[=+\-@\t\r]")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
# The years are those that every resolution of pandas can hold.
NAIVE_TIME = re.compile(r"(19|20|21)\d{2}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?")
TIME = re.compile(NAIVE_TIME.pattern + r"(Z|[+-]\d{2}:?\d{2})")
ACCEPTED = {
    "time": "a local time with its offset, such as 2024-03-04T08:00:00+01:00",
    "date": "a date, such as 2024-03-04",
    "number": "a number",
    "whole": "a whole number",
    "flag": "true or false",
    "text": "a text",
}


def escape(text: str) -> str:
    """The text as a cell that no spreadsheet runs; :func:`unescape` gives it back."""
    return "'" + text if FORMULA.match(text) else text


def unescape(cell: str) -> str:
    """The text behind a cell."""
    return cell[1:] if ESCAPED.match(cell) else cell


def quote(text: str) -> str:
    """The text as a CSV cell.

    Python's own writer, asked for ``\\n`` at the line's end, leaves a lone carriage return unquoted in
    some versions, and then no reader finds the row again.
    """
    if any(char in text for char in ',"\r\n') or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text


def missing(value: object) -> bool:
    return (
        value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))
    )


def writer(column: Column) -> Callable[[Any], str]:
    """How a settled value of a column is written."""
    if column.kind == "number":
        return lambda value: _number_text(value, column.decimals)
    if column.kind == "whole":
        return lambda value: "" if missing(value) else str(int(value))
    if column.kind == "flag":
        return lambda value: "" if missing(value) else ("true" if value else "false")
    if column.kind == "text":
        return lambda value: quote(escape(value))
    return lambda value: "" if missing(value) else value.isoformat()


def _number_text(value: float, decimals: int | None) -> str:
    """The shortest text of a number; nothing for a missing one."""
    if math.isnan(value):
        return ""
    if decimals is None or math.isinf(value) or abs(value) >= 1e15:
        return repr(float(value)).removesuffix(".0")
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text


def parse(text: str, column: Column) -> Any:
    """The value of a cell.

    Raises
    ------
    ValueError
        ``problem``, or ``problem|accepted`` where the column's kind alone does not say what is.
    """
    if column.kind == "text":
        if not text and not column.blank:
            raise ValueError("empty cell")
        return unescape(text)
    text = text.strip()
    if not text:
        if not column.blank:
            raise ValueError("empty cell")
        return math.nan if column.kind == "number" else None
    if column.kind == "flag":
        if text.lower() not in ("true", "false"):
            raise ValueError("neither true nor false")
        return text.lower() == "true"
    if column.kind == "whole":
        if not re.fullmatch(r"[+-]?\d{1,18}", text):
            raise ValueError("not a whole number")
        return int(text)
    if column.kind == "number":
        return _number(text, column)
    if column.kind == "date":
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError("not a date")
        return _calendar(lambda: date.fromisoformat(text), "not a date")
    if not TIME.fullmatch(text):
        raise ValueError("time without its offset" if NAIVE_TIME.fullmatch(text) else "not a time")
    return _calendar(lambda: pd.Timestamp(text), "not a time")


def _calendar(read: Callable[[], Any], problem: str) -> Any:
    """A date or time that has the right form but may not exist, such as 30 February."""
    try:
        return read()
    except ValueError:
        raise ValueError(problem) from None


def _number(text: str, column: Column) -> float:
    """A number inside the column's range."""
    infinite = column.infinite and text in ("inf", "-inf")
    if not infinite and not (NUMBER.fullmatch(text) and math.isfinite(float(text))):
        raise ValueError("not a number")
    value = float(text)
    if column.least is not None and value < column.least:
        raise ValueError(f"too small|a number >= {column.least:g}")
    return value
