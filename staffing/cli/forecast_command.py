"""``staffing forecast``: the first stage alone."""

from __future__ import annotations

from pathlib import Path

import click

from staffing.batch.stage import forecast_stage
from staffing.cli.terminal import Terminal, output_options


@click.command("forecast")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Print the result, write no files.")
@output_options
def command(plan: Path, dry_run: bool, as_json: bool, quiet: bool, verbose: bool) -> int:
    """Forecast contacts and handling time of the week of PLAN.

    Writes forecast.csv, leaderboard.csv and cleaning.csv to out/WEEK/ beside the plan.

    \b
    Example: staffing forecast my-team
    """
    terminal = Terminal(quiet, verbose, as_json)
    with terminal.progress() as progress:
        done = forecast_stage(plan, dry_run=dry_run, on_progress=progress)
    board = done.tables.leaderboard
    terminal.table(
        ["queue", "model", "error (WAPE)", "bias", "80 % band covers", "chosen"],
        [
            [
                str(row.queue),
                str(row.model),
                f"{row.wape:.1%}",
                f"{row.bias:+.1%}",
                f"{row.coverage_80:.0%}",
                "yes" if row.chosen else "",
            ]
            for row in board.itertuples()
        ],
        "Models, each tested on past weeks that it had not seen",
    )
    terminal.text()
    weekly = done.tables.forecast.groupby("queue", sort=False)["contacts"].sum()
    for queue, contacts in weekly.items():
        terminal.text(f"{queue}: {contacts:,.0f} contacts expected in the week")
    for note in done.tables.notes:
        terminal.text(f"Note      {note}")
    if done.folder is not None:
        terminal.text(f"Forecast  {done.folder / 'forecast.csv'}")
    done.say_stale(terminal.say)
    terminal.data(
        {
            "folder": None if done.folder is None else str(done.folder),
            "contacts": {str(queue): float(contacts) for queue, contacts in weekly.items()},
            "chosen": {str(row.queue): str(row.model) for row in board.itertuples() if row.chosen},
            "notes": list(done.tables.notes),
        }
    )
    return 0
