"""Rules about the breaks inside a shift: which, where, how long, paid or not, how far apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schedules.check.ledger import Ledger
from schedules.check.shifts import pause_names
from schedules.shifts import ShiftKind


def check_breaks(
    rows: pd.DataFrame, shifts: pd.DataFrame, kinds: Sequence[ShiftKind], ledger: Ledger
) -> None:
    """Breaks of each shift against those of its kind: which, where, how long, paid, how far apart."""
    pauses = rows[rows["pause"]]
    names = np.empty(len(shifts), dtype=object)
    names[:] = pause_names(rows, len(shifts))
    shifts = shifts.assign(names=names)
    for number, kind in enumerate(kinds):
        of_kind = shifts[shifts["kind_no"] == number]
        declared = tuple(pause.name for pause in kind.breaks)
        complete = np.array([found == declared for found in of_kind["names"]], dtype=bool)
        ledger.record_rows(
            "breaks",
            of_kind,
            ~complete,
            lambda shift: ", ".join(shift.names) or "no break",
            ", then ".join(declared) or "no break",
        )
        matched = pauses[pauses["shift_no"].isin(of_kind.index[complete])]
        check_pauses(matched, of_kind[complete], kind, ledger)


def check_pauses(pauses: pd.DataFrame, shifts: pd.DataFrame, kind: ShiftKind, ledger: Ledger) -> None:
    """The breaks of shifts that have the right ones: their start, length, pay and distance."""
    shape = (len(shifts), len(kind.breaks))
    if 0 in shape:
        return
    start = pauses["start_min"].to_numpy(dtype=float).reshape(shape)
    end = pauses["end_min"].to_numpy(dtype=float).reshape(shape)
    offset = start - shifts["start_min"].to_numpy(dtype=float)[:, None]
    for column, pause in enumerate(kind.breaks):
        rows = pauses.iloc[column :: shape[1]].assign(
            offset_min=offset[:, column], minutes=end[:, column] - start[:, column]
        )
        ledger.record_rows(
            "break window",
            rows,
            (rows["offset_min"] < pause.earliest_min) | (rows["offset_min"] > pause.latest_min),
            lambda row: f"{row.activity} {row.offset_min:g} min after the shift's start",
            f"{pause.earliest_min} to {pause.latest_min} min after it",
        )
        ledger.record_rows(
            "break length",
            rows,
            rows["minutes"] != pause.length_min,
            lambda row: f"{row.activity} of {row.minutes:g} min",
            f"{pause.length_min} min",
        )
        ledger.record_rows(
            "break paid",
            rows,
            rows["paid"] != pause.paid,
            lambda row: f"{row.activity} {'paid' if row.paid else 'unpaid'}",
            "paid" if pause.paid else "unpaid",
        )
        if column:
            between = start[:, column] - end[:, column - 1]
            ledger.record_rows(
                "work between breaks",
                rows.assign(between_min=between),
                between < kind.min_between_breaks_min,
                lambda row: f"{row.between_min:g} min of work before {row.activity}",
                f"at least {kind.min_between_breaks_min} min",
            )
