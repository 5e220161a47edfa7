"""The defects of one input, collected so that a person sees more than the first of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from staffing.errors import BadInput

SHOWN_PER_CHECK = 20
LONGEST_VALUE = 80


class BadTable(BadInput):
    """Several defects of one input: speaks as the first of them and carries the others.

    Attributes
    ----------
    defects
        The defects kept, in order of file and line, the first included; at most 20 of each check.
    count
        How many there are in all.
    """

    def __init__(self, defects: Sequence[BadInput], count: int) -> None:
        self.defects = tuple(defects)
        self.count = count
        first = self.defects[0]
        super().__init__(
            first.problem,
            file=first.file,
            line=first.line,
            field=first.field,
            value=first.value,
            accepted=first.accepted,
        )

    def message(self) -> str:
        """Give the first defect's line, and how many more there are."""
        return f"{super().message()} (and {self.count - 1} more)"


def listed(names: Sequence[str], most: int = 20) -> str:
    """``a, b, c`` for a message, cut after ``most`` names."""
    shown = ", ".join(shortened(name) for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def shortened(text: str) -> str:
    """Cut a text found in a file to what fits into a message."""
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


class Defects:
    """Collects what is wrong with a file; ``check`` raises if anything is.

    Parameters
    ----------
    file
        The file concerned, unless a defect names its own.
    """

    def __init__(self, file: str | Path | None = None) -> None:
        self.file = file
        self._kept: list[BadInput] = []
        self._count = 0

    def add(
        self,
        problem: str,
        *,
        line: int | None = None,
        field: str | None = None,
        value: object = None,
        accepted: str | None = None,
        file: str | Path | None = None,
    ) -> None:
        """Keep one defect; the parameters are those of `staffing.errors.BadInput`."""
        if isinstance(value, str):
            value = shortened(value)
        where = self.file if file is None else file
        self._kept.append(
            BadInput(problem, file=where, line=line, field=field, value=value, accepted=accepted)
        )
        self._count += 1

    def add_error(self, error: BadInput, *, line: int | None = None, field: str | None = None) -> None:
        """Keep an error met while reading one cell, at the place of that cell."""
        self.add(error.problem, line=line, field=field, value=error.value, accepted=error.accepted)

    def add_rows(
        self,
        wrong: np.ndarray,
        problem: str,
        *,
        lines: np.ndarray,
        field: str,
        values: Sequence[str],
        accepted: str,
    ) -> None:
        """Keep the first defects of a check on a whole column.

        Parameters
        ----------
        wrong
            Rows that fail, bool, shape ``(rows,)``.
        lines
            Line of each row, shape ``(rows,)``.
        values
            The text of each cell, shape ``(rows,)``.
        """
        rows = np.flatnonzero(wrong)
        for row in rows[:SHOWN_PER_CHECK]:
            self.add(problem, line=int(lines[row]), field=field, value=values[row].strip(), accepted=accepted)
        self.count_beyond_kept(len(rows))

    def count_beyond_kept(self, found: int) -> None:
        """Count the defects of a check that kept only its first ``SHOWN_PER_CHECK`` of ``found``."""
        self._count += max(0, found - SHOWN_PER_CHECK)

    def check(self) -> None:
        """Raise `BadInput` for one defect, `BadTable` for several, nothing for none."""
        if not self._kept:
            return
        if self._count == 1:
            raise self._kept[0]
        files = list(dict.fromkeys(defect.file for defect in self._kept))
        self._kept.sort(key=lambda defect: (files.index(defect.file), defect.line or 0))
        raise BadTable(self._kept, self._count) from None
