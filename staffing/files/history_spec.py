"""What a plan says about its history files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from staffing.errors import BadInput
from staffing.files.defects import listed
from staffing.files.local_time import check_zone

REQUIRED = ("queue", "start", "contacts")
OPTIONAL = ("handled", "aht_s", "abandoned", "answered_within", "wait_s", "short_abandoned")


@dataclass(frozen=True)
class HistorySpec:
    """Where a history is and how its files are to be read.

    Parameters
    ----------
    files
        CSV files; together they hold each interval of a queue once.
    columns
        Our name -> the file's name, for ``queue``, ``start``, ``contacts``, ``handled``, ``aht_s``,
        ``abandoned``, ``answered_within``, ``wait_s`` and ``short_abandoned``; a name left out is called as here.
    queue
        The queue of all rows, for files that have no column for it.
    queue_names
        The plan's queues; the files may name no other.
    timezone
        IANA zone of stamps without an offset, and of the result.
    repeated_hour
        What the hour means that the clock shows twice in autumn, where stamps have no offset: ``order``
        (the first row is the first of the two; newest-first files are recognised), ``first`` or ``second``.
    aht_default_s
        Queue -> mean handling time in seconds, for queues whose history records none.
    """

    files: tuple[Path, ...]
    queue_names: tuple[str, ...]
    timezone: str
    columns: Mapping[str, str] = field(default_factory=dict)
    queue: str | None = None
    repeated_hour: Literal["order", "first", "second"] = "order"
    aht_default_s: Mapping[str, float] = field(default_factory=dict)

    def called(self, name: str) -> str:
        """What the files call a column of ours."""
        return self.columns.get(name, name)

    def check(self) -> None:
        """Refuse what contradicts itself before any file is opened.

        Raises
        ------
        BadInput
            For no file, an unknown zone, queue, column name or policy.
        """
        check_zone(self.timezone)
        if not self.files:
            raise BadInput("no history file", field="files", accepted="at least one CSV file")
        for queue in (*(() if self.queue is None else (self.queue,)), *self.aht_default_s):
            if queue not in self.queue_names:
                raise BadInput("unknown queue", field="queue", value=queue, accepted=listed(self.queue_names))
        for name in self.columns:
            if name not in (*REQUIRED, *OPTIONAL):
                accepted = listed((*REQUIRED, *OPTIONAL))
                raise BadInput("unknown column name", field="columns", value=name, accepted=accepted)
        if self.repeated_hour not in ("order", "first", "second"):
            raise BadInput(
                "unknown policy",
                field="repeated_hour",
                value=self.repeated_hour,
                accepted="order, first, second",
            )
