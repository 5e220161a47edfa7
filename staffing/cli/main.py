"""The group of commands, and the exit code of every way to end."""

from __future__ import annotations

import importlib
import json
import sys
import traceback

import click

from staffing.errors import StaffingError

COMMANDS = {
    "demo": "Write an example centre and plan it from nothing to the report.",
    "init": "Write a commented plan.toml and small input templates.",
    "plan": "Forecast, size, roster and report the week of a plan.",
    "forecast": "Forecast contacts and handling time only.",
    "size": "Size the forecast: agents per interval.",
    "roster": "Build shifts and roster for a requirement.",
    "replan": "Plan the published week again, with as few changes as it pays.",
    "explain": "Why this shift, why not this wish, why no roster, who to hire.",
    "simulate": "Play a roster through possible courses of the forecast, with what-ifs.",
    "check": "Check any roster file against a plan's rules.",
    "compare": "Weigh response-time targets against cost.",
    "calc": "Answer one question about a queue: the pocket calculator.",
    "batch": "Plan every plan.toml below a folder.",
    "config": "Show every setting and where it comes from.",
}

EPILOG = """\b
Exit codes: 0 done · 1 unexpected · 2 usage · 3 bad input · 4 no roster satisfies the hard rules
5 done, but a target is missed or a limit was hit · 6 some plans of a batch failed
7 locked by another run · 130 interrupted
"""


class LazyGroup(click.Group):
    """Imports a command's file when it is called, so that ``--help`` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        return importlib.import_module(f"staffing.cli.{name}_command").command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "STAFFING"},
)
@click.version_option(package_name="staffing")
def cli() -> None:
    """Plan the people of a contact centre: forecast, size, roster, and say how sure.

    \b
    Example: staffing demo            an example centre, planned to the report
             staffing init my-team    a plan to fill in
             staffing plan my-team    next week's roster
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its documented exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit code."""
    try:
        code = cli.main(args=arguments, prog_name="staffing", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.Abort:
        click.echo("interrupted; nothing that was on disk has changed", err=True)
        return 130
    except KeyboardInterrupt:
        click.echo("interrupted; nothing that was on disk has changed", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return 2
    except click.exceptions.Exit as error:
        return error.exit_code
    except StaffingError as error:
        click.echo(f"staffing: {error}", err=True)
        if "--json" in arguments:
            click.echo(json.dumps({"error": error.document(), "exit_code": error.exit_code}, indent=2))
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        click.echo(f"staffing: unexpected {type(error).__name__}: {error}", err=True)
        if {"-v", "--verbose"} & set(arguments):
            traceback.print_exc()
        else:
            click.echo("This is a defect of staffing; run again with -v for the trace.", err=True)
        return 1
