"""``staffing plan``: all stages of a plan."""

from __future__ import annotations

from pathlib import Path

import click

from staffing.batch.unit import run_unit
from staffing.cli.summary import show_outcome
from staffing.cli.terminal import Terminal, output_options


@click.command("plan")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Seed instead of the plan's.")
@click.option(
    "--prove/--no-prove",
    default=None,
    help="Play the roster through possible courses of the forecast and correct it until its targets hold "
    "[default: as the plan says, which proves].",
)
@click.option("--dry-run", is_flag=True, help="Plan and report on the terminal, write nothing.")
@output_options
def command(
    plan: Path, seed: int | None, prove: bool | None, dry_run: bool, as_json: bool, quiet: bool, verbose: bool
) -> int:
    """Forecast, size, roster, prove and report the week of PLAN.

    PLAN is a plan.toml or the folder that holds it. The result goes to out/WEEK/ beside it, whole
    or not at all.

    \b
    Example: staffing plan my-team
             staffing plan my-team/plan.toml --json
             staffing plan my-team --no-prove       without the simulation
    """
    terminal = Terminal(quiet, verbose, as_json)
    with terminal.progress() as progress:
        outcome = run_unit(plan, seed=seed, prove=prove, dry_run=dry_run, on_progress=progress)
    return show_outcome(outcome, terminal)
