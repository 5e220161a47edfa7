"""Write the first files of a plan's folder without touching what is there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from staffing.errors import BadInput


def write_starter(folder: Path, files: Mapping[str, str], *, keep_existing: bool = False) -> None:
    """Write text files into a folder that is made if need be.

    Parameters
    ----------
    folder
        Where to.
    files
        File name → text.
    keep_existing
        Whether a file that exists is left alone; otherwise it is an error and nothing is written.

    Raises
    ------
    BadInput
        A file is in the way, or the folder cannot be written.
    """
    if not keep_existing:
        for name in files:
            if (folder / name).exists():
                raise BadInput("the file exists", file=folder / name, accepted="a folder without these files")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            if not (folder / name).exists():
                (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise BadInput(
            f"cannot be written ({error.strerror})", file=folder, accepted="a folder that may be written"
        ) from None
