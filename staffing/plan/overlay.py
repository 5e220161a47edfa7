"""The planner's changes laid over the forecast; what was forecast without them stays beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.result import TABLE_QUANTILES
from forecasts.uncertainty import Spread


@dataclass(frozen=True)
class Change:
    """One row of the overlay: a share or a number of contacts, the other NaN, in ``[start, end)``."""

    queue: str
    start: pd.Timestamp
    end: pd.Timestamp
    share: float
    contacts: float
    reason: str


def lay_over(forecast: pd.DataFrame, overlay: pd.DataFrame | None) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Apply the changes of a planner to a forecast, in the order of their rows.

    Parameters
    ----------
    forecast
        ``queue, start, contacts``, its quantiles and dispersions, ``open``; the table of a week.
    overlay
        ``queue, start, end, share, contacts, reason`` (see :func:`staffing.files.overlay.read_overlay`).

    Returns
    -------
    table
        With ``contacts_untouched``, the forecast without the changes. A number of contacts is spread over the open
        intervals of its range as the forecast is; quantiles move with their mean; nothing falls below 0.
    notes
        What each change did, one sentence a row and queue that it touched.
    """
    untouched = forecast["contacts"].to_numpy(dtype=float)
    changed = untouched.copy()
    notes: list[str] = []
    if overlay is not None:
        start = pd.DatetimeIndex(forecast["start"])
        queue, is_open = forecast["queue"].to_numpy(dtype=object), forecast["open"].to_numpy(dtype=bool)
        for row in (Change(**record) for record in overlay.to_dict("records")):  # type: ignore[arg-type, misc]
            inside = np.asarray((start >= row.start) & (start < row.end))
            if not inside.any():
                continue
            names = [row.queue] if row.queue else list(dict.fromkeys(queue))
            for name in names:
                cells = inside & (queue == name) & is_open
                note = _change(changed, cells, row, start)
                notes.append(f"overlay on {name} from {row.start:%Y-%m-%d %H:%M}: {note}")
    table = forecast.assign(contacts=changed, contacts_untouched=untouched)
    moved = changed != untouched
    if moved.any():
        factor = np.divide(changed, untouched, out=np.ones(len(changed)), where=untouched > 0)
        for column, p in TABLE_QUANTILES.items():
            values = table[column].to_numpy(dtype=float) * factor
            for place in np.flatnonzero(moved & (untouched <= 0)):
                spread = Spread(
                    float(table["dispersion_interval"].iloc[place]),
                    float(table["dispersion_day"].iloc[place]),
                )
                values[place] = spread.quantile(changed[place : place + 1], p)[0]
            table[column] = values
    return table, tuple(notes)


def _change(contacts: np.ndarray, cells: np.ndarray, row: Change, start: pd.DatetimeIndex) -> str:
    """Change the cells in place; in words."""
    why = f" ({row.reason})" if row.reason else ""
    before = float(contacts[cells].sum())
    if not cells.any():
        return f"closed in that time, nothing changes{why}"
    if not np.isnan(row.share):
        contacts[cells] *= 1 + row.share
        return f"{100 * row.share:+g}%, {before:,.0f} to {contacts[cells].sum():,.0f} contacts{why}"
    wanted = float(row.contacts)
    first, last = start.min(), start.max() + (start[1] - start[0])
    part = (min(row.end, last) - max(row.start, first)) / (row.end - row.start)
    wanted *= part
    shape = contacts[cells] if before > 0 else np.ones(int(cells.sum()))
    contacts[cells] = np.maximum(contacts[cells] + wanted * shape / shape.sum(), 0.0)
    cut = ", the forecast has no more to take" if wanted < -before else ""
    share = f", {part:.0%} of the range lies in the week" if part < 1 else ""
    return f"{wanted:+,.0f} contacts, {before:,.0f} to {contacts[cells].sum():,.0f}{share}{cut}{why}"
