"""The command ``staffing``: one file a command."""

from staffing.cli.main import main

__all__ = ["main"]
