"""Telling the encodings of spreadsheets and exports apart: UTF-8, UTF-16, Windows-1252."""

from __future__ import annotations

import codecs
from pathlib import Path

from staffing.errors import BadInput

ACCEPTED = "a text file (CSV) in UTF-8, UTF-16 or Windows-1252"

_NOT_TEXT = {
    b"PK\x03\x04": "a workbook or ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF document",
    b"SQLite format 3": "a database",
}


def decode(data: bytes, path: Path) -> tuple[str, str]:
    """Turn bytes into text.

    Windows-1252 is tried only where the bytes are not UTF-8, because almost any bytes would pass as it.

    Returns
    -------
    The text without a byte-order mark, and the name of the encoding.

    Raises
    ------
    BadInput
        For binary data, NUL characters, and bytes that none of the encodings knows.
    """
    for magic, what in _NOT_TEXT.items():
        if data.startswith(magic):
            raise BadInput(f"this is {what}", file=path, accepted=ACCEPTED)
    encoding = _announced(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise BadInput(f"not valid {encoding}", file=path, accepted=ACCEPTED) from None
        text, encoding = _windows(data, path, error.start), "cp1252"
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise BadInput("a NUL character (binary data?)", file=path, line=line, accepted=ACCEPTED)
    return text.removeprefix("\ufeff"), "utf-8" if encoding == "utf-8-sig" else encoding


def _announced(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Without a mark, UTF-16 shows itself by the zero half of every Latin letter in the header.
    head = data[:64]
    if len(head) >= 4 and len(head) % 2 == 0:
        if not any(head[1::2]) and all(head[::2]):
            return "utf-16-le"
        if not any(head[::2]) and all(head[1::2]):
            return "utf-16-be"
    return "utf-8"


def _windows(data: bytes, path: Path, first_wrong: int) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, min(first_wrong, error.start)) + 1
        raise BadInput(
            "bytes that are neither UTF-8 nor Windows-1252", file=path, line=line, accepted=ACCEPTED
        ) from None
