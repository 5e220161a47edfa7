"""A text file, the same bytes on every system."""

from __future__ import annotations

from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with ``\\n`` line ends."""
    path.write_text(text, encoding="utf-8", newline="\n")
