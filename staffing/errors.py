"""What can go wrong, each with the exit code of the command that meets it.

    StaffingError               1  unexpected
    ├── BadInput                3  a file, line, field and value, and what is accepted
    ├── NoRoster                4  the hard rules leave somebody no roster
    ├── Locked                  7  another run holds the plan's folder

Exit code 2 is a wrong command line, 5 a finished plan that misses a target or met a limit,
6 a batch in which some plans failed, 130 an interruption.
"""

from __future__ import annotations

from pathlib import Path


class StaffingError(Exception):
    """Base of every error that a person is told in one message."""

    exit_code = 1

    def document(self) -> dict[str, object]:
        """The error for a machine."""
        return {"message": str(self)}


class BadInput(StaffingError):
    """An input that cannot be used; says where it is and what would be accepted.

    Parameters
    ----------
    problem
        What is wrong, in plain words.
    file, line, field, value
        Where: the file, its 1-based line, the column or key, the text found there.
    accepted
        What would have been accepted.
    """

    exit_code = 3

    def __init__(
        self,
        problem: str,
        *,
        file: str | Path | None = None,
        line: int | None = None,
        field: str | None = None,
        value: object = None,
        accepted: str | None = None,
    ) -> None:
        self.problem = problem
        self.file = None if file is None else str(file)
        self.line = line
        self.field = field
        self.value = value
        self.accepted = accepted
        super().__init__(self.message())

    def document(self) -> dict[str, object]:
        """The error for a machine: the message and its parts."""
        value = (
            self.value if self.value is None or isinstance(self.value, str | int | float) else str(self.value)
        )
        return {
            "message": str(self),
            "problem": self.problem,
            "file": self.file,
            "line": self.line,
            "field": self.field,
            "value": value,
            "accepted": self.accepted,
        }

    def message(self) -> str:
        """One line: ``file:line: field: problem, got value; accepted: …``."""
        place = self.file or ""
        if self.line is not None:
            place += f":{self.line}" if place else f"line {self.line}"
        parts = [part for part in (place, self.field) if part]
        text = ": ".join([*parts, self.problem])
        if self.value is not None:
            text += f", got {self.value!r}"
        if self.accepted:
            text += f"; accepted: {self.accepted}"
        return text


class NoRoster(StaffingError):
    """The hard rules leave at least one person without any roster."""

    exit_code = 4


class Locked(StaffingError):
    """Another run is writing the same plan."""

    exit_code = 7
