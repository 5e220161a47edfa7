"""One history file: its columns of text as queues, times and numbers, each cell checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from staffing.files.defects import Defects, listed
from staffing.files.history_spec import OPTIONAL, HistorySpec
from staffing.files.local_time import (
    SKIPPED_ACCEPTED,
    STAMP_ACCEPTED,
    localize,
    parse_stamps,
    repeated,
    skipped_problem,
)
from staffing.files.numbers import has_decimal_comma, parse_numbers
from staffing.files.source import Source, read_source

Finding = tuple[str, str, int, str]

_COUNTS = ("contacts", "handled", "abandoned", "answered_within", "short_abandoned")
_MOST_CONTACTS = 1e9
_MOST_SECONDS = 86_400.0


@dataclass(frozen=True)
class Part:
    """What one file holds: a table with ``code`` (place of the queue), ``line``, ``start`` and numbers."""

    file: Path
    table: pd.DataFrame
    has_handled: bool
    findings: tuple[Finding, ...]


def read_part(path: Path, spec: HistorySpec) -> Part:
    """Read one file of a history.

    Raises
    ------
    BadInput
        With the file, line, column, value and what is accepted.
    """
    required = ["start", "contacts", *(name for name in spec.columns if name in OPTIONAL)]
    if spec.queue is None or "queue" in spec.columns:
        required.append("queue")
    source = read_source(path, required, ("queue", *OPTIONAL), names=spec.columns)
    defects = Defects(path)
    codes = _queues(source, spec, defects)
    numbers, findings = _numbers(source, spec, codes, defects)
    starts, clock_findings = _starts(source, spec, codes, defects)
    defects.check()
    table = pd.DataFrame({"code": codes, "line": source.lines, "start": starts, **numbers})
    return Part(path, table, "handled" in numbers, (*clock_findings, *findings))


def _queues(source: Source, spec: HistorySpec, defects: Defects) -> np.ndarray:
    if "queue" not in source.columns:
        return np.full(len(source), spec.queue_names.index(str(spec.queue)))
    cells = source.columns["queue"]
    seen, texts = pd.factorize(np.array(cells, dtype=object))
    place = {name: number for number, name in enumerate(spec.queue_names)}
    codes = np.array([place.get(text.strip(), -1) for text in texts])[seen]
    defects.add_rows(
        codes < 0,
        "unknown queue",
        lines=source.lines,
        field=spec.called("queue"),
        values=cells,
        accepted=listed(spec.queue_names),
    )
    return codes


def _numbers(
    source: Source, spec: HistorySpec, codes: np.ndarray, defects: Defects
) -> tuple[dict[str, np.ndarray], list[Finding]]:
    names = [name for name in ("contacts", *OPTIONAL) if name in source.columns]
    comma = has_decimal_comma((source.columns[name] for name in names), source.delimiter)
    mark = "a comma" if comma else "a point"
    numbers: dict[str, np.ndarray] = {}
    findings: list[Finding] = []
    for name in names:
        cells = source.columns[name]
        values, wrong = parse_numbers(cells, decimal_comma=comma)
        what, most = ("count", _MOST_CONTACTS) if name in _COUNTS else ("number of seconds", _MOST_SECONDS)
        accepted = f"a {what} from 0 to {most:g}, with {mark} for decimals, or blank where not recorded"

        def refuse(
            rows: np.ndarray,
            problem: str,
            accepted: str = accepted,
            name: str = name,
            cells: list[str] = cells,
        ) -> None:
            defects.add_rows(
                rows, problem, lines=source.lines, field=spec.called(name), values=cells, accepted=accepted
            )

        refuse(wrong, "not a number")
        refuse(np.isinf(values), "an infinite number")
        refuse(values < 0, "a negative number" if name != "contacts" else "negative contacts")
        refuse((values > most) & np.isfinite(values), "a number too large")
        numbers[name] = values
        if name == "contacts":
            findings += _by_queue(
                spec, codes, np.isnan(values), "contacts missing", "blank is not zero: left missing"
            )
            fractions = np.isfinite(values) & (values != np.floor(values))
            findings += _by_queue(
                spec,
                codes,
                fractions,
                "fractional contacts",
                f"decimals are marked by {mark}; kept as they are",
            )
    if "aht_s" in numbers:
        findings += _idle_handling_time(source, spec, codes, numbers, defects)
    return numbers, findings


def _idle_handling_time(
    source: Source, spec: HistorySpec, codes: np.ndarray, numbers: dict[str, np.ndarray], defects: Defects
) -> list[Finding]:
    """Take a handling time of zero as missing where nothing was handled, and refuse it elsewhere."""
    zero = numbers["aht_s"] == 0
    busy = (numbers["contacts"] > 0) & ~(numbers.get("handled", numbers["contacts"]) == 0)
    defects.add_rows(
        zero & busy,
        "a handling time of 0 with contacts",
        lines=source.lines,
        field=spec.called("aht_s"),
        values=source.columns["aht_s"],
        accepted="seconds above 0, or blank where nothing was handled",
    )
    numbers["aht_s"] = np.where(zero, np.nan, numbers["aht_s"])
    return _by_queue(
        spec, codes, zero & ~busy, "handling time 0 where nothing was handled", "taken as missing"
    )


def _starts(
    source: Source, spec: HistorySpec, codes: np.ndarray, defects: Defects
) -> tuple[pd.DatetimeIndex, list[Finding]]:
    cells, lines, column = source.columns["start"], source.lines, spec.called("start")
    stamps = parse_stamps(cells)
    defects.add_rows(
        stamps.wrong, "not a date and time", lines=lines, field=column, values=cells, accepted=STAMP_ACCEPTED
    )
    offset = stamps.offset[~stamps.wrong]
    if offset.all():
        return stamps.times.tz_convert(spec.timezone), []
    if offset.any():
        fewer = stamps.offset if offset.mean() <= 0.5 else ~stamps.offset
        defects.add_rows(
            fewer & ~stamps.wrong,
            "times with and without an offset in one column",
            lines=lines,
            field=column,
            values=cells,
            accepted="an offset in every row, or in none",
        )
        return stamps.times.tz_convert(spec.timezone), []
    wall = stamps.times.tz_localize(None)
    twice = repeated(wall, spec.timezone)
    second, findings = _second_occurrences(wall, codes, twice, spec)
    starts = localize(wall, spec.timezone, second)
    defects.add_rows(
        np.asarray(starts.isna()) & ~stamps.wrong,
        skipped_problem(spec.timezone),
        lines=lines,
        field=column,
        values=cells,
        accepted=SKIPPED_ACCEPTED,
    )
    return starts, findings


def _second_occurrences(
    wall: pd.DatetimeIndex, codes: np.ndarray, twice: np.ndarray, spec: HistorySpec
) -> tuple[np.ndarray, list[Finding]]:
    """Which rows belong to the second showing of a repeated local hour, by the declared policy."""
    second = np.zeros(len(wall), dtype=bool)
    findings: list[Finding] = []
    if not twice.any():
        return second, findings
    if spec.repeated_hour != "order":
        second[twice] = spec.repeated_hour == "second"
        detail = f"taken as the {spec.repeated_hour} of the two, as declared"
        return second, _by_queue(spec, codes, twice, "repeated local hour", detail)
    rows = np.flatnonzero(twice)
    pairs = pd.DataFrame({"code": codes[rows], "wall": wall[rows]}).groupby(["code", "wall"])["wall"]
    turn, size = pairs.cumcount().to_numpy(), pairs.transform("size").to_numpy()
    for code in np.unique(codes[rows]):
        mine = codes[rows] == code
        steps = np.diff(wall[codes == code].asi8)
        newest_first = (steps < 0).sum() > (steps > 0).sum()
        both = size[mine] > 1
        second[rows[mine]] = both & ((turn[mine] == 0) if newest_first else (turn[mine] > 0))
        queue = spec.queue_names[code]
        if both.any():
            order = "from newest to oldest" if newest_first else "from oldest to newest"
            findings.append(
                (queue, "repeated local hour", int(both.sum()), f"told apart by the order of rows, {order}")
            )
        if not both.all():
            findings.append(
                (
                    queue,
                    "repeated local hour recorded once",
                    int((~both).sum()),
                    "taken as the first of the two; the second is missing, or its contacts are in the first",
                )
            )
    return second, findings


def _by_queue(
    spec: HistorySpec, codes: np.ndarray, rows: np.ndarray, finding: str, detail: str
) -> list[Finding]:
    known, counts = np.unique(codes[rows & (codes >= 0)], return_counts=True)
    return [
        (spec.queue_names[code], finding, int(count), detail)
        for code, count in zip(known, counts, strict=True)
    ]
