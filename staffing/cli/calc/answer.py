"""How the calculator asks and answers: common options, a table around the answer, JSON."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import click
import numpy as np

from staffing.cli.quantities import MINUTES, SHARE, TARGET, TIME, share_text, time_text
from staffing.cli.terminal import Terminal, output_options
from staffing.errors import BadInput
from staffing.queueing import Performance


@dataclass(frozen=True)
class Answer:
    """What a calculation found.

    Attributes
    ----------
    said
        Sentences above the table.
    columns, rows
        The table.
    document
        The same for a machine.
    source
        Where the formula comes from.
    """

    said: Sequence[str]
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    document: dict[str, Any] = field(default_factory=dict)
    source: str = ""


def calculation(function: Callable[..., Answer]) -> Callable[..., int]:
    """A command that prints the answer of ``function`` and takes ``--json``, ``-q`` and ``-v``.

    A value outside a formula's range ends in exit code 3, with the inequality and the value.
    """

    @functools.wraps(function)
    def run(as_json: bool, quiet: bool, verbose: bool, **inputs: Any) -> int:
        terminal = Terminal(quiet, verbose, as_json)
        try:
            answer = function(**inputs)
        except ValueError as error:
            name = click.get_current_context().command_path.split(" ", 1)[-1]
            raise BadInput(str(error), field=name, accepted="values for which that holds") from None
        for line in answer.said:
            terminal.text(line)
        if answer.rows:
            terminal.text()
            terminal.table(answer.columns, answer.rows)
        if answer.source:
            terminal.text()
            terminal.text(f"Formula: {answer.source}")
        inputs_given = {name: value for name, value in inputs.items() if value is not None}
        terminal.data(plain({"inputs": inputs_given, **answer.document, "formula": answer.source}))
        return 0

    return output_options(run)


def plain(value: Any) -> Any:
    """The same in the words of JSON: no arrays, and null for what is not finite."""
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (np.integer, int, bool)):
        return value if isinstance(value, bool) else int(value)
    if isinstance(value, (np.floating, float)):
        return float(value) if math.isfinite(value) else None
    return value if value is None else str(value)


def load_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--contacts``, ``--interval``, ``--aht``: the offered load."""
    for option in (
        click.option("--aht", "aht_s", type=TIME, required=True, help="Mean handling time: 300, 300s, 5min."),
        click.option("--interval", "interval_s", type=MINUTES, default="30min", show_default=True,
                     help="Length of the interval: 30min, 1h."),
        click.option("--contacts", type=float, required=True, help="Contacts in the interval."),
    ):  # fmt: skip
        function = option(function)
    return function


def target_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """What to meet, and shrinkage."""
    for option in (
        click.option("--shrinkage", type=SHARE, default="0%", show_default=True,
                     help="Paid, on shift, but away."),
        click.option("--asa", "asa_s", type=TIME, help="Mean wait at most."),
        click.option("--max-occupancy", type=SHARE, help="At most this share of the time busy."),
        click.option("--target", type=TARGET, help="Percent within a time: 80/20, 95/5min."),
        click.option("--agents", type=float, help="Show what so many agents give, instead of a target."),
    ):  # fmt: skip
        function = option(function)
    return function


def around(agents: float) -> np.ndarray:
    """Numbers of agents worth showing beside ``agents``: the answer and a few on both sides."""
    if agents != round(agents):
        return np.array([math.floor(agents), agents, math.ceil(agents)], dtype=float)
    first = max(0, int(agents) - 3)
    return np.arange(first, int(agents) + 4, dtype=float)


def performance_table(
    agents: np.ndarray, found: Performance, chosen: float, within_s: float, *, gives_up: bool
) -> tuple[list[str], list[list[str]], list[dict[str, float]]]:
    """Columns, rows and records of a performance per number of agents."""
    columns = ["agents", f"in {time_text(within_s)}", "mean wait", "wait at all", "occupancy"]
    if gives_up:
        columns.append("give up")
    rows, records = [], []
    for index, n in enumerate(agents.tolist()):
        mark = " <" if n == chosen else ""
        row = [
            f"{n:g}{mark}",
            share_text(float(found.service_level[index])),
            time_text(float(found.asa_s[index])),
            share_text(float(found.wait_probability[index])),
            share_text(float(found.occupancy[index])),
        ]
        if gives_up:
            row.append(share_text(float(found.abandonment[index])))
        rows.append(row)
        records.append(
            {"agents": n}
            | {
                name: float(getattr(found, name)[index])
                for name in ("service_level", "asa_s", "wait_probability", "occupancy", "abandonment")
            }
        )
    return columns, rows, records


def needed(agents: int, fraction: float, on_shift: int, binding: str, shrinkage: float) -> str:
    """``24 agents (23.4 exactly; the service level decides), 35 on shift at 30 % shrinkage``."""
    text = f"{agents} agents"
    if binding:
        text += f" ({fraction:.2f} exactly; {binding.replace('_', ' ')} decides)"
    return text if not shrinkage else f"{text}, {on_shift} on shift at {100 * shrinkage:g} % shrinkage"


def one_of(agents: float | None, **targets: object) -> None:
    """Either a number of agents or at least one target."""
    given = [name for name, value in targets.items() if value is not None]
    if (agents is None) == (not given):
        raise click.UsageError("either --agents or a target such as --target 80/20 is needed")
