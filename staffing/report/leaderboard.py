"""Forecasting models on past weeks: the page that shows which one predicts which queue how well."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from staffing.report.document import document
from staffing.report.quantities import finite, number, percent
from staffing.report.svg import Axis, element, picture
from staffing.report.tables import records, table
from staffing.report.week import QUEUE_COLOURS

_WIDTH, _ROW, _LEFT = 1120, 24, 220


def render_leader_board(board: pd.DataFrame, *, name: str, days: int, notes: Sequence[str] = ()) -> str:
    """The leader board as one HTML document.

    Parameters
    ----------
    board
        ``queue, model, wape, bias, daily_wape, coverage_80, origins, seconds``, the best model of a queue first.
    name, days, notes
        Heading, days ahead that were tested, sentences that the reader must know.

    Returns
    -------
    Text of a self-contained page; the same table gives the same bytes.
    """
    queues = list(dict.fromkeys(str(queue) for queue in board["queue"]))
    parts = [board[board["queue"].astype(str) == queue] for queue in queues]
    return document(
        "leaderboard.html",
        name=name,
        days=days,
        notes=tuple(dict.fromkeys(str(note) for note in notes)),
        queues=[
            (queue, _bars(rows, colour % QUEUE_COLOURS), _table(rows, queue))
            for colour, (queue, rows) in enumerate(zip(queues, parts, strict=True))
        ],
        reading=[_reading(queue, rows) for queue, rows in zip(queues, parts, strict=True)],
        hover={},
    )


def _bars(rows: pd.DataFrame, colour: int) -> Markup:
    """A bar per model, as long as its error."""
    usable = rows[rows["wape"].map(finite)]
    x = Axis(0, max(float(usable["wape"].max()) if len(usable) else 0.0, 0.01), _LEFT, _WIDTH - 90)
    drawn: list[object] = []
    for k, row in enumerate(records(usable)):
        y = k * _ROW
        length = float(x(float(row.wape))) - _LEFT
        drawn += [
            element("text", str(row.model), x=_LEFT - 10, y=y + 16, text_anchor="end"),
            element("rect", x=_LEFT, y=y + 4, width=length, height=_ROW - 8, class_=f"fill q{colour}"),
            element("text", percent(row.wape, 1), x=_LEFT + length + 7, y=y + 16, class_="strong"),
        ]
    words = "Error per model: " + "; ".join(f"{row.model} {percent(row.wape, 1)}" for row in records(usable))
    return picture(_WIDTH, max(len(usable), 1) * _ROW + 4, words, *drawn)


def _table(rows: pd.DataFrame, queue: str) -> object:
    head = ("Model", "Error (WAPE)", "Bias", "Error of days", "80 % band covers", "Origins", "Seconds")
    cells = [
        (
            str(row.model),
            percent(row.wape, 1),
            percent(row.bias, 1),
            percent(row.daily_wape, 1),
            percent(row.coverage_80),
            number(row.origins),
            number(row.seconds, 2),
        )
        for row in records(rows)
    ]
    foot = "WAPE: sum of absolute errors over the volume. Bias: above 0, too much was forecast."
    return table(queue, head, cells, numeric=range(1, len(head)), foot=foot)


def _reading(queue: str, rows: pd.DataFrame) -> str:
    usable = rows[rows["wape"].map(finite)]
    if not len(usable):
        return f"{queue}: no model could be scored."
    best = next(iter(records(usable)))
    planners = usable[usable["model"].astype(str).str.startswith("same-weekday")]
    sentence = f"{queue}: {best.model} has the lowest error, {percent(best.wape, 1)} of the volume"
    if len(planners) and not str(best.model).startswith("same-weekday"):
        sentence += f"; the best mean of past same weekdays has {percent(planners['wape'].min(), 1)}"
    return sentence + "."
