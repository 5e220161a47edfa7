"""``staffing batch``: many plans."""

from __future__ import annotations

from pathlib import Path

import click

from staffing.batch.runs import run_batch
from staffing.cli.terminal import Terminal, output_options


@click.command("batch")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--jobs", type=click.IntRange(1, 256), help="Plans at the same time (default: one per processor)."
)
@click.option("--force", is_flag=True, help="Plan again what is up to date.")
@click.option("--dry-run", is_flag=True, help="Say what would be planned, write nothing.")
@output_options
def command(
    folder: Path, jobs: int | None, force: bool, dry_run: bool, as_json: bool, quiet: bool, verbose: bool
) -> int:
    """Plan every plan.toml below FOLDER, side by side.

    A plan whose inputs, settings and version are those of its last result is skipped. A plan that
    fails does not stop the others; if any failed, the command ends with 6. The summary goes to
    FOLDER/batch.csv and FOLDER/batch.json.

    \b
    Example: staffing batch teams
             staffing batch teams --jobs 8 --json
    """
    terminal = Terminal(quiet, verbose, as_json)
    with terminal.progress() as progress:
        summary = run_batch(folder, jobs=jobs, force=force, dry_run=dry_run, on_progress=progress)
    terminal.table(
        ["plan", "week", "state", "exit", "cost", "gap", "what to know"],
        [
            [
                unit.plan,
                unit.week or "–",
                unit.state,
                str(unit.exit_code),
                "–" if unit.cost is None else f"{unit.cost:,.2f} {unit.currency}",
                "–" if unit.gap is None else f"{unit.gap:.2%}",
                unit.message,
            ]
            for unit in summary.units
        ],
        f"Plans below {folder}",
    )
    terminal.text()
    terminal.text(summary.sentence())
    terminal.data(summary.document())
    return summary.exit_code
