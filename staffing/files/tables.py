"""The product's own tables as CSV: the same rows always give the same bytes, and come back as they were.

UTF-8, commas, ``\\n``, a header. Times are local with their offset (``2024-03-04T08:00:00+01:00``).
Text that a spreadsheet would run as a formula is written behind an apostrophe and read without it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from staffing.errors import BadInput
from staffing.files.cells import ACCEPTED, missing, parse, writer
from staffing.files.schemas import Column, Schema


def settle(frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """The table as its file will give it back: columns in order, numbers rounded, plain types.

    A stage that hands on the settled table computes the same from memory as from the file.

    Raises
    ------
    ValueError
        If a column is missing or a time is naive.
    """
    absent = [name for name in schema.names if name not in frame.columns]
    if absent:
        expected = ", ".join(schema.names)
        raise ValueError(f"table {schema.name} with columns {expected} expected, missing {', '.join(absent)}")
    return pd.DataFrame({column.name: _settled(frame[column.name], column) for column in schema.columns})


def _settled(values: pd.Series, column: Column) -> pd.Series:
    values = values.reset_index(drop=True)
    if column.kind == "time":
        if not isinstance(values.dtype, pd.DatetimeTZDtype):
            if len(values):
                raise ValueError(f"zone-aware times expected in column {column.name}, got {values.dtype}")
            values = pd.to_datetime(values, utc=True)
        return values.dt.as_unit("us")
    if column.kind == "number":
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        rounded = numbers if column.decimals is None else np.round(numbers, column.decimals)
        return pd.Series(rounded + 0.0)  # -0.0 + 0.0 is 0.0: no sign on nothing
    if column.kind == "whole":
        return values.astype("Int64" if column.blank else "int64")
    if column.kind == "flag":
        return values.astype("boolean" if column.blank else "bool")
    if column.kind == "date":
        return pd.Series([_day(value) for value in values], dtype=object)
    return pd.Series(["" if missing(value) else str(value) for value in values], dtype=object)


def _day(value: Any) -> date:
    return value.date() if hasattr(value, "date") else value


def write_table(path: Path, frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Write a table and return it settled, as :func:`read_table` would give it.

    Raises
    ------
    ValueError
        As :func:`settle`.
    """
    settled = settle(frame, schema)
    columns: list[Iterable[str]] = []
    for column in schema.columns:
        cell = writer(column)
        values = settled[column.name]
        if column.kind == "time":
            # An instant is written once, however many rows share it.
            codes, times = pd.factorize(values)
            told = [cell(time) for time in times]
            columns.append([told[code] for code in codes])
        elif column.kind == "text":
            texts = {text: cell(text) for text in dict.fromkeys(values)}
            columns.append([texts[text] for text in values])
        else:
            columns.append([cell(value) for value in values])
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(schema.names) + "\n")
        file.writelines(",".join(row) + "\n" for row in zip(*columns, strict=True))
    return settled


def read_table(path: Path, schema: Schema, zone: str) -> pd.DataFrame:
    """Read a table of the product, also one that a person has edited.

    Parameters
    ----------
    path
        The file. Columns may stand in any order; others are left out.
    zone
        IANA zone in which times are given back, whatever their offset in the file.

    Raises
    ------
    BadInput
        With file, line, field, value and what is accepted: a file that is missing, empty or not
        UTF-8; a missing or repeated column; a row of another width; a cell that is not of its
        column's kind; a repeated key.
    """
    lines: list[int] = []
    cells: list[list[str]] = []
    for line, row in _rows(path, schema):
        lines.append(line)
        cells.append(row)
    if not cells and not schema.may_be_empty:
        raise BadInput("no rows below the header", file=path, accepted=f"a {schema.name} table with rows")
    by_column = list(zip(*cells, strict=True)) if cells else [()] * len(schema.columns)
    frame = pd.DataFrame(
        {
            column.name: _parsed(texts, column, path, lines, zone)
            for column, texts in zip(schema.columns, by_column, strict=True)
        }
    )
    if schema.key:
        twice = frame.duplicated(list(schema.key)).to_numpy(dtype=bool)
        if twice.any():
            at = int(twice.argmax())
            value = ", ".join(str(frame[name].iloc[at]) for name in schema.key)
            raise BadInput(
                "repeated row",
                file=path,
                line=lines[at],
                field=" + ".join(schema.key),
                value=value,
                accepted="each once",
            )
    return frame


def _rows(path: Path, schema: Schema) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells in the order of the schema, for each row below the header."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, None)
            if not header:
                raise BadInput("empty file", file=path, accepted=f"a header with {', '.join(schema.names)}")
            for name in schema.names:
                if header.count(name) != 1:
                    problem = "repeated column" if name in header else "missing column"
                    raise BadInput(problem, file=path, line=1, field=name, accepted=", ".join(schema.names))
            places = [header.index(name) for name in schema.names]
            before = reader.line_num
            for row in reader:
                line, before = before + 1, reader.line_num
                if not row:
                    continue
                if len(row) != len(header):
                    raise BadInput(
                        f"row of {len(row)} cells", file=path, line=line, accepted=f"{len(header)} cells"
                    )
                yield line, [row[place] for place in places]
    except UnicodeDecodeError as error:
        raise BadInput(
            "not UTF-8", file=path, value=error.object[error.start : error.end], accepted="UTF-8"
        ) from error
    except csv.Error as error:
        raise BadInput(
            f"not CSV: {error}", file=path, line=reader.line_num, accepted="CSV with commas"
        ) from error
    except OSError as error:
        raise BadInput(
            f"cannot be read: {error.strerror}", file=path, accepted=f"a readable {schema.name} table"
        ) from error


def _parsed(texts: Iterable[str], column: Column, path: Path, lines: list[int], zone: str) -> pd.Series:
    """A column of cells as values."""
    values: list[Any] = []
    known: dict[str, Any] = {}
    for text, line in zip(texts, lines, strict=True):
        if text not in known:
            try:
                known[text] = parse(text, column)
            except ValueError as error:
                problem, _, accepted = str(error).partition("|")
                raise BadInput(
                    problem,
                    file=path,
                    line=line,
                    field=column.name,
                    value=text,
                    accepted=accepted or ACCEPTED[column.kind],
                ) from None
        values.append(known[text])
    if column.kind == "time":
        return pd.to_datetime(pd.Series(values, dtype=object), utc=True).dt.tz_convert(zone).dt.as_unit("us")
    dtypes: dict[str, Any] = {
        "number": float,
        "whole": "Int64" if column.blank else "int64",
        "flag": "boolean" if column.blank else "bool",
    }
    return pd.Series(values, dtype=dtypes.get(column.kind, object))
