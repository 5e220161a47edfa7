"""``staffing config``: every setting and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from staffing.cli.terminal import Terminal, output_options
from staffing.plan.loading import load_plan
from staffing.plan.toml_lines import line_of


@click.group("config")
def command() -> None:
    """Settings of a plan.

    \b
    Example: staffing config show my-team
    """


@command.command("show")
@click.argument("plan", type=click.Path(path_type=Path))
@output_options
def show(plan: Path, as_json: bool, quiet: bool, verbose: bool) -> int:
    """Show every setting of PLAN with its value and where the value comes from.

    \b
    Example: staffing config show my-team
    """
    terminal = Terminal(quiet, verbose, as_json)
    loaded = load_plan(plan)
    rows = []
    for path, value, given in _leaves(loaded.settings, ()):
        line = line_of(loaded.text, path) if given else None
        rows.append(
            (".".join(map(str, path)), str(value), f"{loaded.path.name}:{line}" if given else "default")
        )
    terminal.table(["setting", "value", "from"], rows)
    terminal.data({name: {"value": value, "from": origin} for name, value, origin in rows})
    return 0


def _leaves(
    section: BaseModel, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Any, bool]]:
    values = {name: getattr(section, name) for name in type(section).model_fields} | (
        section.model_extra or {}
    )
    for name, value in values.items():
        yield from _leaf((*path, name), value, name in section.model_fields_set)


def _leaf(
    path: tuple[str | int, ...], value: Any, given: bool
) -> Iterator[tuple[tuple[str | int, ...], Any, bool]]:
    if isinstance(value, BaseModel):
        yield from _leaves(value, path)
    elif isinstance(value, dict) and value and all(isinstance(part, BaseModel) for part in value.values()):
        for name, part in value.items():
            yield from _leaves(part, (*path, name))
    elif isinstance(value, tuple) and value and all(isinstance(part, BaseModel) for part in value):
        for position, part in enumerate(value):
            yield from _leaves(part, (*path, position))
    else:
        yield path, value, given
