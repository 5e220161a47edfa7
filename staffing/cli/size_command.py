"""``staffing size``: the second stage alone."""

from __future__ import annotations

from pathlib import Path

import click

from staffing.batch.stage import size_stage
from staffing.cli.terminal import Terminal, output_options


@click.command("size")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Print the result, write no files.")
@output_options
def command(plan: Path, dry_run: bool, as_json: bool, quiet: bool, verbose: bool) -> int:
    """Size the forecast of PLAN: agents per interval and queue.

    Reads out/WEEK/forecast.csv, which you may have edited, and writes requirement.csv beside it.

    \b
    Example: staffing size my-team
    """
    terminal = Terminal(quiet, verbose, as_json)
    with terminal.progress() as progress:
        done = size_stage(plan, dry_run=dry_run, on_progress=progress)
    hours = done.interval_min / 60
    rows, document = [], {}
    for queue, table in done.requirement.groupby("queue", sort=False):
        models = ", ".join(dict.fromkeys(table.loc[table["agents"] > 0, "model"]))
        rows.append(
            [
                str(queue),
                f"{table['agents'].max():.1f}",
                f"{table['scheduled'].max():.0f}",
                f"{table['agents'].sum() * hours:,.1f}",
                f"{table['scheduled'].sum() * hours:,.1f}",
                models or "–",
            ]
        )
        document[str(queue)] = {
            "agent_hours": float(table["agents"].sum() * hours),
            "scheduled_hours": float(table["scheduled"].sum() * hours),
            "peak_scheduled": float(table["scheduled"].max()),
            "models": models,
        }
    terminal.table(
        ["queue", "peak agents", "peak on shift", "agent-hours", "hours on shift", "model"],
        rows,
        "Agents that the targets need (on shift: after shrinkage, in whole people)",
    )
    if done.folder is not None:
        terminal.text(f"Requirement  {done.folder / 'requirement.csv'}")
    done.say_stale(terminal.say)
    terminal.data({"folder": None if done.folder is None else str(done.folder), "queues": document})
    return 0
