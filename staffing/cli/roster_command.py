"""``staffing roster``: the last stage alone."""

from __future__ import annotations

from pathlib import Path

import click

from staffing.batch.stage import roster_stage
from staffing.cli.summary import show_outcome
from staffing.cli.terminal import Terminal, output_options


@click.command("roster")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Seed instead of the plan's.")
@click.option(
    "--prove/--no-prove",
    default=None,
    help="Play the roster through possible courses of the forecast and correct it until its targets hold "
    "[default: as the plan says, which proves].",
)
@click.option("--dry-run", is_flag=True, help="Roster and report on the terminal, write nothing.")
@output_options
def command(
    plan: Path, seed: int | None, prove: bool | None, dry_run: bool, as_json: bool, quiet: bool, verbose: bool
) -> int:
    """Build shifts and roster for the requirement of PLAN.

    Reads out/WEEK/forecast.csv and requirement.csv, which you may have edited, and writes shifts,
    roster, coverage and report beside them.

    \b
    Example: staffing roster my-team
    """
    terminal = Terminal(quiet, verbose, as_json)
    with terminal.progress() as progress:
        outcome = roster_stage(plan, seed=seed, prove=prove, dry_run=dry_run, on_progress=progress)
    return show_outcome(outcome, terminal)
