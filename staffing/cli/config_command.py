"""``staffing config``: every setting and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from schedules.errors import InvalidSchedule
from schedules.laws import NOTICE, law, laws
from staffing.cli.terminal import Terminal, output_options
from staffing.errors import BadInput
from staffing.plan.labour_law import rules_of_law
from staffing.plan.loading import load_plan
from staffing.plan.presets import presets
from staffing.plan.queue_settings import QueueSection
from staffing.plan.roster_settings import RulesSection
from staffing.plan.toml_lines import line_of

GIVEN = "the plan"


@click.group("config")
def command() -> None:
    """Settings of a plan.

    \b
    Example: staffing config show my-team
    """


@command.command("presets")
@output_options
def show_presets(as_json: bool, quiet: bool, verbose: bool) -> int:
    """Show the presets for queues, their values and where the figures come from.

    \b
    Example: staffing config presets
    """
    terminal = Terminal(quiet, verbose, as_json)
    known = presets().values()
    for preset in known:
        values = ", ".join(f"{key} = {value!r}" for key, value in preset.values.items())
        terminal.text(f"{preset.name}: {preset.about}")
        terminal.text(f"    {values}")
        terminal.text(f"    from {preset.source}")
    terminal.data(
        {
            preset.name: {"about": preset.about, "source": preset.source, "values": preset.values}
            for preset in known
        }
    )
    return 0


@command.command("laws")
@click.argument("code", required=False)
@output_options
def show_laws(code: str | None, as_json: bool, quiet: bool, verbose: bool) -> int:
    """Show the labour laws that ``[rules] law`` may name, or every article of the law CODE. No legal advice.

    \b
    Example: staffing config laws
             staffing config laws DE
    """
    terminal = Terminal(quiet, verbose, as_json)
    known = laws()
    chosen = known if code is None else [preset for preset in known if preset.code == _law_code(code)]
    for preset in chosen:
        terminal.text(f"{preset.code:6} {preset.name}" if code is None else preset.summary())
    if code is None:
        terminal.text(NOTICE)
    terminal.data(
        {
            preset.code: {
                "name": preset.name,
                "checked_on": preset.checked_on,
                "notice": preset.notice,
                "limitations": list(preset.limitations),
                "articles": [
                    {name: value if name != "value" else str(value) for name, value in row.items()}
                    for row in preset.articles.to_dict("records")
                ],
            }
            for preset in chosen
        }
    )
    return 0


def _law_code(code: str) -> str:
    try:
        return law(code).code
    except InvalidSchedule:
        known = ", ".join(preset.code for preset in laws())
        raise BadInput("unknown law", field="CODE", value=code, accepted=known) from None


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
    for path, value, origin in _leaves(loaded.settings, ()):
        if origin == GIVEN:
            origin = f"{loaded.path.name}:{line_of(loaded.text, path)}"
        rows.append((".".join(map(str, path)), str(value), origin))
    terminal.table(["setting", "value", "from"], rows)
    terminal.data({name: {"value": value, "from": origin} for name, value, origin in rows})
    return 0


def _leaves(
    section: BaseModel, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Any, str]]:
    values = {name: getattr(section, name) for name in type(section).model_fields} | (
        section.model_extra or {}
    )
    of_law = _of_law(section) if isinstance(section, RulesSection) else {}
    of_preset = section.from_preset if isinstance(section, QueueSection) else frozenset()
    for name, value in values.items():
        origin = GIVEN if name in section.model_fields_set else "default"
        if name in of_preset:
            assert isinstance(section, QueueSection)
            assert section.preset is not None
            origin = f"preset {section.preset}: {presets()[section.preset].source}"
        if name in of_law:
            value, origin = of_law[name]
        yield from _leaf((*path, name), value, origin)


def _of_law(section: RulesSection) -> dict[str, tuple[Any, str]]:
    """Values that the named law sets, with its article."""
    if not section.law:
        return {}
    try:
        preset = law(section.law)
    except InvalidSchedule:  # `staffing plan` refuses it with its line
        return {}
    given = rules_of_law(preset, section.model_fields_set)
    article = {entry.key: entry.article for entry in preset.entries}
    return {key: (value, f"law {preset.code}: {article[key]}") for key, value in given.items()}


def _leaf(
    path: tuple[str | int, ...], value: Any, origin: str
) -> Iterator[tuple[tuple[str | int, ...], Any, str]]:
    if isinstance(value, BaseModel):
        yield from _leaves(value, path)
    elif isinstance(value, dict) and value and all(isinstance(part, BaseModel) for part in value.values()):
        for name, part in value.items():
            yield from _leaves(part, (*path, name))
    elif isinstance(value, tuple) and value and all(isinstance(part, BaseModel) for part in value):
        for position, part in enumerate(value):
            yield from _leaves(part, (*path, position))
    else:
        yield path, value, origin
