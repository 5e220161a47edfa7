"""What a person sees: results on stdout, messages on stderr, progress on a terminal only."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table


class Terminal:
    """Output of one command.

    Parameters
    ----------
    quiet
        Only errors are said, and with ``as_json`` the result.
    verbose
        Progress is said line by line, also where no terminal watches.
    as_json
        The result is printed as JSON and nothing else goes to stdout.
    """

    def __init__(self, quiet: bool = False, verbose: bool = False, as_json: bool = False) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.as_json = as_json
        # Without a terminal there is no width to keep to: a table in a log must not be folded.
        width = None if sys.stdout.isatty() else 200
        self._out = Console(file=sys.stdout, soft_wrap=True, highlight=False, width=width)
        self._err = Console(file=sys.stderr, soft_wrap=True, highlight=False)

    def say(self, text: str) -> None:
        """A message for the person at the terminal."""
        if not self.quiet:
            self._err.print(escape(text))

    def text(self, text: str = "") -> None:
        """A line of the result."""
        if not (self.as_json or self.quiet):
            self._out.print(escape(text))

    def data(self, document: dict[str, Any]) -> None:
        """The result for a machine; printed with ``--json`` only."""
        if self.as_json:
            self._out.file.write(json.dumps(document, indent=2, sort_keys=True, allow_nan=False) + "\n")

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]], title: str | None = None) -> None:
        """A table of the result; the first column is text, the others are right-aligned."""
        if self.as_json or self.quiet:
            return
        table = Table(title=escape(title) if title else None, title_justify="left", box=None, pad_edge=False)
        for position, column in enumerate(columns):
            table.add_column(escape(column), justify="left" if position == 0 else "right", overflow="fold")
        for row in rows:
            table.add_row(*(escape(cell) for cell in row))
        self._out.print(table)

    @contextmanager
    def progress(self) -> Iterator[Callable[[str], None]]:
        """A callable that shows what is being done now."""
        if self.verbose:
            yield lambda text: self._err.print(escape(text))
        elif self.quiet or not self._err.is_terminal:
            yield lambda text: None
        else:
            with self._err.status("starting") as status:
                yield lambda text: status.update(escape(text))


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every command has: ``--json``, ``-q``, ``-v``."""
    command = click.option(
        "-v", "--verbose", is_flag=True, help="Say every step; show the trace of an unexpected error."
    )(command)
    command = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")(command)
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout.")(
        command
    )
