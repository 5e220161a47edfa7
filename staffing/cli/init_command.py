"""``staffing init``: a plan to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from staffing.cli.terminal import Terminal, output_options
from staffing.files.starter import write_starter
from staffing.plan.example_centre import starter_files


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--dry-run", is_flag=True, help="Name the files, write nothing.")
@output_options
def command(folder: Path, dry_run: bool, as_json: bool, quiet: bool, verbose: bool) -> int:
    """Write a commented plan.toml and small input templates into FOLDER.

    The templates are filled with an invented team, so that `staffing plan FOLDER` works at once. A
    file that exists is never overwritten.

    \b
    Example: staffing init my-team
    """
    terminal = Terminal(quiet, verbose, as_json)
    files = starter_files()
    if not dry_run:
        write_starter(folder, files)
    for name in sorted(files):
        terminal.text(str(folder / name))
    terminal.data({"folder": str(folder), "files": sorted(files), "written": not dry_run})
    terminal.say(f"Next: put your history and people into these files, then: staffing plan {folder}")
    return 0
