"""``staffing demo``: an example centre, planned to the end."""

from __future__ import annotations

from pathlib import Path

import click

from staffing.batch.unit import run_unit
from staffing.cli.summary import show_outcome
from staffing.cli.terminal import Terminal, output_options
from staffing.files.starter import write_starter
from staffing.plan.example_centre import demo_files


@click.command("demo")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"))
@click.option("--dry-run", is_flag=True, help="Name the files, write and plan nothing.")
@output_options
def command(folder: Path, dry_run: bool, as_json: bool, quiet: bool, verbose: bool) -> int:
    """Write an example centre into FOLDER (default: demo) and plan it from nothing to the report.

    Three queues, a year of half hours, sixty people. Running it again plans the same folder again;
    files that you changed stay as they are.

    \b
    Example: staffing demo
             staffing demo /tmp/centre
    """
    terminal = Terminal(quiet, verbose, as_json)
    files = demo_files()
    if dry_run:
        for name in sorted(files):
            terminal.text(str(folder / name))
        terminal.data({"folder": str(folder), "files": sorted(files), "written": False})
        return 0
    write_starter(folder, files, keep_existing=True)
    terminal.say(f"An example centre stands in {folder}: a year of history, three queues, sixty people.")
    with terminal.progress() as progress:
        outcome = run_unit(folder, on_progress=progress)
    return show_outcome(outcome, terminal)
