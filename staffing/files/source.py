"""Reading an untrusted CSV file into columns of text, each row with its line number.

Nothing here interprets a value: encoding, delimiter, quoting, header and limits only.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from staffing.errors import BadInput
from staffing.files.defects import Defects, listed
from staffing.files.encoding import decode

DELIMITERS = (",", ";", "|", "\t")


@dataclass(frozen=True)
class Limits:
    """What a file may hold before it is refused, so that a wrong file cannot fill the memory."""

    bytes: int = 256 * 1024 * 1024
    rows: int = 5_000_000
    columns: int = 256
    cell_chars: int = 10_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Source:
    """The columns that were asked for, as text.

    Attributes
    ----------
    path
        The file.
    encoding, delimiter
        What the file turned out to use.
    header
        All column names of the file, in its order.
    columns
        Our name -> the cells of each row, untouched but for the quotes.
    lines
        1-based line on which each row begins, shape ``(rows,)``.
    """

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    columns: Mapping[str, list[str]]
    lines: np.ndarray

    def __len__(self) -> int:
        return len(self.lines)

    def cell(self, name: str, row: int) -> str:
        """One cell without surrounding blanks; empty if the file has no such column."""
        column = self.columns.get(name)
        return "" if column is None else column[row].strip()


def read_source(
    path: Path | str,
    required: Sequence[str],
    optional: Sequence[str] = (),
    *,
    names: Mapping[str, str] | None = None,
    known_only: bool = False,
    rows_needed: bool = True,
    limits: Limits = DEFAULT_LIMITS,
) -> Source:
    """Read the named columns of a CSV file.

    UTF-8 (with or without a byte-order mark), UTF-16 and Windows-1252 are told apart, and so are the
    delimiters ``,`` ``;`` ``|`` and tab (by the header, or by a first line ``sep=;``). Blank rows are
    skipped. Column names are compared without regard to case and surrounding blanks.

    Parameters
    ----------
    path
        A regular file.
    required, optional
        Column names as the product calls them.
    names
        Our name -> the file's name, for columns that the file calls otherwise.
    known_only
        Refuse columns that were not asked for (a misspelt optional column would otherwise be lost).
    rows_needed
        Refuse a file with a header and no rows.
    limits
        Refuse more than this.

    Raises
    ------
    BadInput
        With the file, the line and what is accepted.
    """
    path = Path(path)
    text, encoding = decode(_bytes_of(path, limits), path)
    if not text.strip():
        raise BadInput("the file is empty", file=path, accepted="a header line and rows below it")
    wanted = {name: (names or {}).get(name, name) for name in (*required, *optional)}
    delimiter = _delimiter(text, set(map(_plain, wanted.values())))
    rows, lines = _rows(text, delimiter, path, limits)
    header_line, header = lines[0], tuple(cell.strip() for cell in rows[0])
    positions = _positions(header, header_line, wanted, required, known_only, path, limits)
    if len(rows) == 1 and rows_needed:
        raise BadInput(
            "a header and no rows", file=path, line=header_line, accepted="at least one row of data"
        )
    body = _even(rows[1:], len(header), lines[1:], path)
    columns = {name: [row[position] for row in body] for name, position in positions.items()}
    return Source(path, encoding, delimiter, header, columns, np.array(lines[1:], dtype=np.int64))


def _bytes_of(path: Path, limits: Limits) -> bytes:
    try:
        if path.is_dir():
            raise BadInput("this is a directory", file=path, accepted="a CSV file")
        if not path.exists():
            raise BadInput("no such file", file=path, accepted="an existing CSV file")
        if not path.is_file():  # a pipe or a device could be read for ever
            raise BadInput("not a regular file", file=path, accepted="a CSV file")
        with path.open("rb") as stream:
            data = stream.read(limits.bytes + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"cannot be read ({reason})", file=path, accepted="a readable CSV file") from None
    if len(data) > limits.bytes:
        raise BadInput("the file is too long", file=path, accepted=f"at most {limits.bytes} bytes")
    return data


def _plain(name: str) -> str:
    return name.strip().casefold()


def _delimiter(text: str, wanted: set[str]) -> str:
    """Pick the delimiter under which the header holds most of the wanted names, then most columns."""
    first = text.lstrip("\r\n").split("\n", 1)[0].strip("\r")
    if first.casefold().startswith("sep=") and first[4:] in DELIMITERS:
        return first[4:]

    def found(delimiter: str) -> tuple[int, int]:
        cells = [_plain(cell.strip().strip('"')) for cell in first.split(delimiter)]
        return len(wanted.intersection(cells)), len(cells)

    return max(DELIMITERS, key=found)  # the first of equals, so a comma where nothing speaks


def _rows(text: str, delimiter: str, path: Path, limits: Limits) -> tuple[list[list[str]], list[int]]:
    """Give all rows that hold something and the line on which each begins; the first is the header."""
    rows: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t"
    )
    begins = 1
    try:
        for row in reader:
            if any(row) and not (begins == 1 and row[0].casefold().startswith("sep=")):
                rows.append(row)
                lines.append(begins)
                if len(rows) > limits.rows + 1:
                    raise BadInput(
                        "too many rows", file=path, line=begins, accepted=f"at most {limits.rows} rows"
                    )
            begins = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            raise _cell_too_long(path, begins, limits) from None
        raise BadInput(
            f"broken quoting ({error})",
            file=path,
            line=begins,
            accepted='cells quoted as "…", a quote inside as ""',
        ) from None
    if not rows:
        raise BadInput("the file is empty", file=path, accepted="a header line and rows below it")
    if len(text) > limits.cell_chars:  # no cell can be longer than the text
        for row, line in zip(rows, lines, strict=True):
            if max(map(len, row)) > limits.cell_chars:
                raise _cell_too_long(path, line, limits)
    return rows, lines


def _cell_too_long(path: Path, line: int, limits: Limits) -> BadInput:
    return BadInput(
        "a cell is too long (an open quote?)",
        file=path,
        line=line,
        accepted=f"at most {limits.cell_chars} characters a cell",
    )


def _positions(
    header: tuple[str, ...],
    line: int,
    wanted: Mapping[str, str],
    required: Sequence[str],
    known_only: bool,
    path: Path,
    limits: Limits,
) -> dict[str, int]:
    if len(header) > limits.columns:
        raise BadInput(
            "too many columns",
            file=path,
            line=line,
            value=len(header),
            accepted=f"at most {limits.columns} columns",
        )
    defects = Defects(path)
    plain = [_plain(name) for name in header]
    positions: dict[str, int] = {}
    for name, called in wanted.items():
        places = [place for place, found in enumerate(plain) if found == _plain(called)]
        if len(places) > 1:
            defects.add(
                "a column that occurs more than once",
                line=line,
                field=called,
                accepted=f"one column {called}",
            )
        elif places:
            positions[name] = places[0]
        elif name in required:
            defects.add(
                f"missing column {called!r}",
                line=line,
                field=called,
                accepted=f"one of the columns found: {listed(header)}",
            )
    if known_only:
        known = {_plain(called) for called in wanted.values()}
        for name, found in zip(header, plain, strict=True):
            if found and found not in known:
                defects.add("unknown column", line=line, field=name, accepted=listed(list(wanted.values())))
    defects.check()
    return positions


def _even(rows: list[list[str]], width: int, lines: Sequence[int], path: Path) -> list[list[str]]:
    """Rows of one width; a delimiter too many at the end of a row is forgiven, anything else is not."""
    if set(map(len, rows)) <= {width}:
        return rows
    defects = Defects(path)
    for row, line in zip(rows, lines[: len(rows)], strict=True):
        if len(row) < width or any(cell.strip() for cell in row[width:]):
            defects.add(
                "a row with another number of cells than the header",
                line=line,
                value=len(row),
                accepted=f"{width} cells",
            )
    defects.check()
    return rows
