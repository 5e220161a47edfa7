"""The column that names people: ``agent_id`` in files for people, ``agent`` in tables of the product."""

from __future__ import annotations

from staffing.errors import BadInput
from staffing.files.source import Source

NAMES = ("agent", "agent_id")


def agent_column(source: Source) -> str:
    """Which of the two names a file uses.

    Raises
    ------
    BadInput
        It has neither.
    """
    for name in NAMES:
        if name in source.columns:
            return name
    raise BadInput(
        "missing column 'agent'",
        file=source.path,
        line=1,
        field="agent",
        accepted=f"one of the columns found: {', '.join(source.header)}",
    )
