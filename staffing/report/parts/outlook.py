"""The forecast with its band against the weeks before and the year before, and why its model was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from staffing.report.hover import Hover
from staffing.report.parts.cleaning import cleaning_chart
from staffing.report.parts.outlook_charts import daily_chart, wall_clock, weekly_chart
from staffing.report.quantities import number, percent
from staffing.report.tables import Table, badge, queue_name, records, table
from staffing.report.week import Week, day_words, in_zone

if TYPE_CHECKING:
    from staffing.plan.result import PlanResult


@dataclass(frozen=True)
class QueueOutlook:
    """Charts of one queue; a chart is ``None`` where there is nothing to draw."""

    queue: str
    colour: int
    model: str
    reason: str
    weekly: Markup | None
    daily: Markup | None
    legend: tuple[tuple[str, str], ...]
    cleaned: Markup | None
    cleaned_legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Outlook:
    """The part's content."""

    queues: tuple[QueueOutlook, ...]
    days: Table
    leaderboard: Table
    cleaning: Table | None


def _leaderboard(result: PlanResult, week: Week) -> Table:
    rows = []
    for queue in week.queues:
        for row in records(result.leaderboard[result.leaderboard["queue"] == queue]):
            chosen = bool(row.chosen)
            rows.append(
                (
                    queue_name(queue, week.colour(queue)),
                    row.model,
                    percent(row.wape, reason="not scored: history too short"),
                    percent(row.bias, reason="not scored"),
                    percent(row.coverage_80, 0, reason="not scored"),
                    number(row.origins),
                    badge("good", "chosen") if chosen else "",
                    row.reason if chosen and isinstance(row.reason, str) else "",
                )
            )
    return table(
        "Forecast models compared on the past",
        ("Queue", "Model", "Error (WAPE)", "Bias", "80 % band held", "Forecasts scored", "Choice", "Reason"),
        rows,
        numeric=(2, 3, 4, 5),
        foot="Each model forecast past weeks from what was known before them. WAPE: sum of absolute "
        "errors over all contacts; "
        "smaller is better. Bias above zero: forecasts too high. The 80 % band should hold about 80 % "
        "of intervals.",
    )


def outlook(result: PlanResult, week: Week, hover: Hover) -> Outlook:
    """Charts and tables of the forecast."""
    forecast = week.inside(result.forecast)
    days = result.beside.get("cleaning_days")
    queues, daily = [], []
    for position, queue in enumerate(week.queues):
        rows = forecast[forecast["queue"] == queue]
        history = result.history[result.history["queue"] == queue]
        history = history.assign(start=in_zone(history["start"], week.zone)).sort_values(
            "start", kind="stable"
        )
        board = result.leaderboard[
            (result.leaderboard["queue"] == queue) & result.leaderboard["chosen"].astype(bool)
        ]
        reason = (
            str(board["reason"].iloc[0]) if len(board) and isinstance(board["reason"].iloc[0], str) else ""
        )
        model = ", ".join(dict.fromkeys(str(m) for m in rows["model"].dropna() if str(m)))
        series = pd.Series(
            history["contacts"].to_numpy(float), index=pd.DatetimeIndex(wall_clock(history["start"]))
        )
        series = series[~series.index.duplicated()]  # the repeated hour of a clock change: its first passage
        weekly, bars = None, None
        legend: tuple[tuple[str, str], ...] = ()
        if len(rows):
            weekly, legend = weekly_chart(position, queue, rows, series, week, hover)
            bars = daily_chart(position, queue, rows, history, week, hover)
        drawn = None
        if days is not None:
            drawn = cleaning_chart(position, queue, week.colour(queue), days[days["queue"] == queue], hover)
        cleaned, cleaned_legend = drawn if drawn is not None else (None, ())
        queues.append(
            QueueOutlook(
                queue,
                week.colour(queue),
                model or "none",
                reason,
                weekly,
                bars,
                tuple(legend),
                cleaned,
                cleaned_legend,
            )
        )
        per_day = rows.groupby("day_index")["contacts"].sum()
        cells = [number(per_day.get(i), reason="not forecast") for i in range(len(week.days))]
        daily.append((queue_name(queue, week.colour(queue)), *cells, number(rows["contacts"].sum())))
    cleaning = [
        (queue_name(row.queue, week.colour(row.queue)), row.finding, number(row.count), row.detail)
        for row in records(result.cleaning)
    ]
    return Outlook(
        tuple(queues),
        table(
            "Contacts expected per day",
            ("Queue", *(day_words(d) for d in week.days), "Week"),
            daily,
            numeric=range(1, len(week.days) + 2),
        ),
        _leaderboard(result, week),
        table(
            "What cleaning found in the history",
            ("Queue", "Finding", "Count", "Detail"),
            cleaning,
            numeric=(2,),
        )
        if cleaning
        else None,
    )
