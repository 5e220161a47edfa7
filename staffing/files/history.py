"""The history table: how many contacts each queue had in each interval, from files of other systems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from staffing.errors import BadInput
from staffing.files.defects import SHOWN_PER_CHECK, Defects
from staffing.files.history_columns import Finding, Part, read_part
from staffing.files.history_spec import OPTIONAL, HistorySpec
from staffing.files.intervals import INTERVALS_ACCEPTED, infer_grid
from staffing.files.local_time import repeated

__all__ = ["History", "HistorySpec", "read_history"]

_INTERNAL = ["code", "part", "line"]
_FINDINGS = ["queue", "finding", "count", "detail"]


@dataclass(frozen=True)
class History:
    """A history that can be worked with.

    Attributes
    ----------
    table
        ``queue``, ``start`` (zone-aware, local zone), ``contacts``, ``handled``, ``aht_s`` and those of
        ``abandoned``, ``answered_within``, ``wait_s`` and ``short_abandoned`` that the files have; sorted by
        queue, in the plan's order, and start. NaN is missing; an interval without a row is missing or closed.
    interval_min
        Queue -> interval length in minutes; only queues that have rows.
    findings
        ``queue``, ``finding``, ``count``, ``detail``: what was read otherwise than it stands.
    """

    table: pd.DataFrame
    interval_min: Mapping[str, int]
    findings: pd.DataFrame


def read_history(spec: HistorySpec) -> History:
    """Read, check and join the files of a history.

    Raises
    ------
    BadInput
        For the first defect (exit code 3); as `staffing.files.defects.BadTable` where there are several.
    """
    spec.check()
    parts = [read_part(Path(file), spec) for file in spec.files]
    table = _joined(parts)
    table, copies = _without_copies(table, parts, spec)
    _refuse_repeats(table, parts, spec)
    interval_min = _interval_lengths(table, parts, spec)
    findings = [*(finding for part in parts for finding in part.findings), *copies]
    findings += _fill_handling_time(table, parts, spec)
    table = table.sort_values(["code", "start"], kind="stable", ignore_index=True)
    table.insert(0, "queue", np.array(spec.queue_names, dtype=object)[table["code"].to_numpy()])
    columns = [
        "queue",
        "start",
        "contacts",
        "handled",
        "aht_s",
        *(name for name in OPTIONAL[2:] if name in table),
    ]
    return History(table[columns], interval_min, pd.DataFrame(findings, columns=_FINDINGS))


def _joined(parts: list[Part]) -> pd.DataFrame:
    tables = [part.table.assign(part=number) for number, part in enumerate(parts)]
    table = tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)
    return table[[*_INTERNAL, "start", "contacts", *(name for name in OPTIONAL if name in table)]].copy()


def _place(table: pd.DataFrame, row: int, parts: list[Part]) -> tuple[Path, int]:
    """File and line of a row."""
    return parts[int(table["part"].to_numpy()[row])].file, int(table["line"].to_numpy()[row])


def _without_copies(
    table: pd.DataFrame, parts: list[Part], spec: HistorySpec
) -> tuple[pd.DataFrame, list[Finding]]:
    """Each row once where exports overlap: a row that says the same as an earlier one is dropped and counted.

    An hour that the clock shows twice is left alone: two rows that look the same there may be its two halves.
    """
    said = [name for name in table.columns if name not in ("part", "line")]
    again = table.duplicated(said).to_numpy()
    if again.any():
        again = again & ~repeated(pd.DatetimeIndex(table["start"]).tz_localize(None), spec.timezone)
    findings: list[Finding] = []
    for queue, rows in _rows_by_queue(table, spec):
        copies = rows[again[rows]]
        if copies.size:
            file, line = _place(table, int(copies[0]), parts)
            detail = f"the same row as an earlier one, counted once; the first is {file.name}:{line}"
            findings.append((queue, "repeated rows", int(copies.size), detail))
    return (table[~again].reset_index(drop=True) if again.any() else table), findings


def _refuse_repeats(table: pd.DataFrame, parts: list[Part], spec: HistorySpec) -> None:
    """Rows that contradict each other are told with both their lines, so that a person sees which of them to drop."""
    again = np.flatnonzero(table.duplicated(["code", "start"]).to_numpy())
    defects = Defects()
    codes, starts = table["code"].to_numpy(), pd.DatetimeIndex(table["start"])
    for row in again[:SHOWN_PER_CHECK]:
        first = int(np.flatnonzero((codes == codes[row]) & (starts == starts[row]))[0])
        (file, line), (other, before) = _place(table, row, parts), _place(table, first, parts)
        place = f"line {before}" if file == other else f"{other}:{before}"
        defects.add(
            f"repeated interval of queue {spec.queue_names[codes[row]]!r}, already on {place}",
            file=file,
            line=line,
            field=spec.called("start"),
            value=starts[row].isoformat(),
            accepted="one row for each queue and interval",
        )
    defects.count_beyond_kept(len(again))
    defects.check()


def _interval_lengths(table: pd.DataFrame, parts: list[Part], spec: HistorySpec) -> dict[str, int]:
    defects = Defects()
    lengths: dict[str, int] = {}
    starts = pd.DatetimeIndex(table["start"])
    for queue, rows in _rows_by_queue(table, spec):
        grid = infer_grid(starts[rows])
        stray = rows[grid.stray]
        if grid.interval_min and not stray.size:
            lengths[queue] = grid.interval_min
            continue
        problem = grid.problem or f"a start off the {grid.interval_min}-minute grid of the other rows"
        for row in (stray if stray.size else rows)[: SHOWN_PER_CHECK if stray.size else 1]:
            file, line = _place(table, row, parts)
            defects.add(
                f"{problem} (queue {queue!r})",
                file=file,
                line=line,
                field=spec.called("start"),
                value=starts[row].isoformat(),
                accepted=INTERVALS_ACCEPTED,
            )
        defects.count_beyond_kept(stray.size)
    defects.check()
    return lengths


def _rows_by_queue(table: pd.DataFrame, spec: HistorySpec) -> Iterator[tuple[str, np.ndarray]]:
    """Queues that have rows, in the plan's order, and the places of their rows."""
    codes = table["code"].to_numpy()
    for code, queue in enumerate(spec.queue_names):
        rows = np.flatnonzero(codes == code)
        if rows.size:
            yield queue, rows


def _fill_handling_time(table: pd.DataFrame, parts: list[Part], spec: HistorySpec) -> list[Finding]:
    """Give each queue a handling time: recorded in part or whole, else the declared default, else refuse."""
    findings: list[Finding] = []
    columns = {
        name: table[name].to_numpy(dtype=float, copy=True) if name in table else np.full(len(table), np.nan)
        for name in ("handled", "aht_s")
    }
    uncounted = np.array([not part.has_handled for part in parts])[table["part"].to_numpy()]
    for queue, rows in _rows_by_queue(table, spec):
        # Without a count of its own, everything offered is taken as handled: it only weights the mean.
        here = rows[uncounted[rows]]
        if here.size:
            columns["handled"][here] = table["contacts"].to_numpy()[here]
            findings.append((queue, "handled not recorded", here.size, "contacts taken as handled"))
        if not np.isnan(columns["aht_s"][rows]).all():
            continue
        if queue not in spec.aht_default_s:
            raise BadInput(
                f"no handling time for queue {queue!r}",
                file=_place(table, rows[0], parts)[0],
                field=spec.called("aht_s"),
                accepted="a column of mean handling times in seconds, or a default for the queue",
            )
        default_s = float(spec.aht_default_s[queue])
        columns["aht_s"][rows] = default_s
        findings.append((queue, "handling time not recorded", rows.size, f"default of {default_s:g} s taken"))
    for name, values in columns.items():
        table[name] = values
    return findings
