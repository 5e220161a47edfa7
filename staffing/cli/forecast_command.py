"""``staffing forecast``: the first stage alone, a look at the next year, or a test of the models."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click
import pandas as pd

from staffing.batch.outlook import BacktestDone, LongRangeDone, backtest_stage, long_range_stage
from staffing.batch.stage import ForecastDone, forecast_stage
from staffing.cli.terminal import Terminal, output_options

SHOWN_WEEKS = 3


@click.command("forecast")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--weeks", type=click.IntRange(1, 78), help="Weekly volumes of so many weeks instead, for hiring (1-78)."
)
@click.option("--backtest", "test", is_flag=True, help="Test every model on past weeks instead.")
@click.option(
    "--origins", type=click.IntRange(1, 52), default=8, show_default=True, help="With --backtest: tests."
)
@click.option(
    "--days", type=click.IntRange(1, 28), default=14, show_default=True, help="With --backtest: days ahead."
)
@click.option("--dry-run", is_flag=True, help="Print the result, write no files.")
@output_options
def command(
    plan: Path,
    weeks: int | None,
    test: bool,
    origins: int,
    days: int,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Forecast contacts and handling time of the week of PLAN.

    Writes forecast.csv, leaderboard.csv, cleaning.csv, explanation.csv and, where there is something to
    say, exclusions.csv (what was left out of the history), totals.csv (groups and sites) and score.csv
    (past forecasts against what came) to out/WEEK/ beside the plan.

    With --weeks, writes weekly volumes to out/long_range.csv; with --backtest, a leader board of all
    models to out/backtest.html. Neither changes the planned week.

    \b
    Example: staffing forecast my-team
             staffing forecast my-team --weeks 52
             staffing forecast my-team --backtest
    """
    if weeks is not None and test:
        raise click.UsageError("either --weeks or --backtest expected, got both")
    terminal = Terminal(quiet, verbose, as_json)
    with terminal.progress() as progress:
        if weeks is not None:
            done: Any = long_range_stage(plan, weeks, dry_run=dry_run, on_progress=progress)
        elif test:
            done = backtest_stage(plan, origins, days, dry_run=dry_run, on_progress=progress)
        else:
            done = forecast_stage(plan, dry_run=dry_run, on_progress=progress)
    if weeks is not None:
        _show_long_range(done, terminal)
    elif test:
        _show_backtest(done, days, terminal)
    else:
        _show_forecast(done, terminal)
    return 0


def _show_forecast(done: ForecastDone, terminal: Terminal) -> None:
    board = done.tables.leaderboard
    terminal.table(
        ["queue", "model", "error (WAPE)", "bias", "80 % band covers", "chosen"],
        [
            [
                str(row.queue),
                str(row.model),
                _percent(row.wape),
                _percent(row.bias, signed=True),
                _percent(row.coverage_80, digits=0),
                "yes" if row.chosen else "",
            ]
            for row in board.itertuples()
        ],
        "Models, each tested on past weeks that it had not seen",
    )
    terminal.text()
    weekly = done.tables.forecast.groupby("queue", sort=False)[["contacts", "contacts_untouched"]].sum()
    for queue, row in weekly.iterrows():
        without = f" ({row['contacts_untouched']:,.0f} without the overlay)"
        changed = abs(row["contacts"] - row["contacts_untouched"]) >= 0.5
        terminal.text(
            f"{queue}: {row['contacts']:,.0f} contacts expected in the week{without if changed else ''}"
        )
    _show_totals(done.tables.beside["totals"], terminal)
    _show_score(done.tables.beside["score"], terminal)
    for note in done.tables.notes:
        terminal.text(f"Note      {note}")
    if done.folder is not None:
        terminal.text(f"Forecast  {done.folder / 'forecast.csv'}")
    done.say_stale(terminal.say)
    terminal.data(
        {
            "folder": None if done.folder is None else str(done.folder),
            "contacts": {str(queue): float(row["contacts"]) for queue, row in weekly.iterrows()},
            "contacts_untouched": {
                str(queue): float(row["contacts_untouched"]) for queue, row in weekly.iterrows()
            },
            "chosen": {str(row.queue): str(row.model) for row in board.itertuples() if row.chosen},
            "score": _records(done.tables.beside["score"]),
            "notes": list(done.tables.notes),
        }
    )


def _show_totals(totals: pd.DataFrame, terminal: Terminal) -> None:
    for (level, name), rows in totals.groupby(["level", "name"], sort=False):
        terminal.text(f"{level} {name}: {rows['contacts'].sum():,.0f} contacts in all")


def _show_score(score: pd.DataFrame, terminal: Terminal) -> None:
    if score.empty:
        return
    recent = sorted(set(score["week"]))[-SHOWN_WEEKS:]
    terminal.text()
    terminal.table(
        ["week", "queue", "came", "forecast", "error (WAPE)", "without overlay", "bias", "80 % band held"],
        [
            [
                str(row.week),
                str(row.queue),
                f"{row.contacts:,.0f}",
                f"{row.forecast:,.0f}",
                _percent(row.wape),
                _percent(row.wape_untouched),
                _percent(row.bias, signed=True),
                _percent(row.coverage_80, digits=0),
            ]
            for row in score[score["week"].isin(recent)].itertuples()
        ],
        "Past forecasts against what came",
    )
    terminal.text()


def _show_long_range(done: LongRangeDone, terminal: Terminal) -> None:
    table = done.tables.table
    queues = list(dict.fromkeys(table["queue"]))
    by_queue = {queue: table[table["queue"] == queue] for queue in queues}
    rows = []
    for place, week in enumerate(by_queue[queues[0]]["week"]):
        cells = [by_queue[queue].iloc[place] for queue in queues]
        told = [f"{c['contacts']:,.0f} ({c['contacts_p10']:,.0f}-{c['contacts_p90']:,.0f})" for c in cells]
        rows.append([str(week), *told])
    terminal.table(
        ["week from", *queues], rows, "Contacts a week, with the range that holds four weeks of five"
    )
    terminal.text()
    for queue, answer in done.tables.queues.items():
        for line in answer.summary().splitlines():
            terminal.text(f"{queue}: {line}")
    for note in done.tables.notes:
        if not any(note.endswith(own) for answer in done.tables.queues.values() for own in answer.notes):
            terminal.text(f"Note      {note}")
    if done.path is not None:
        terminal.text(f"Weeks     {done.path}")
    terminal.data(
        {
            "file": None if done.path is None else str(done.path),
            "weeks": _records(table),
            "models": {queue: answer.model for queue, answer in done.tables.queues.items()},
            "notes": list(done.tables.notes),
        }
    )


def _show_backtest(done: BacktestDone, days: int, terminal: Terminal) -> None:
    terminal.table(
        ["queue", "model", "error (WAPE)", "bias", "error of days", "80 % band covers", "origins", "seconds"],
        [
            [
                str(row.queue),
                str(row.model),
                _percent(row.wape),
                _percent(row.bias, signed=True),
                _percent(row.daily_wape),
                _percent(row.coverage_80, digits=0),
                str(row.origins),
                f"{row.seconds:.2f}",
            ]
            for row in done.table.itertuples()
        ],
        f"Models, {days} days ahead, each tested on past weeks that it had not seen",
    )
    for note in done.notes:
        terminal.text(f"Note      {note}")
    if done.path is not None:
        terminal.text(f"Picture   {done.path}")
    terminal.data(
        {
            "file": None if done.path is None else str(done.path),
            "models": _records(done.table),
            "notes": list(done.notes),
        }
    )


def _percent(value: Any, digits: int = 1, signed: bool = False) -> str:
    if not math.isfinite(value):
        return "-"
    return f"{value:+.{digits}%}" if signed else f"{value:.{digits}%}"


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for JSON: dates as text, what has no value as nothing."""

    def plain(value: Any) -> Any:
        if isinstance(value, float):
            return value if math.isfinite(value) else None
        return value if isinstance(value, int | str | bool) else str(value)

    return [{str(name): plain(value) for name, value in row.items()} for row in table.to_dict("records")]
