"""``staffing replan``: the published week again, with as few changes as it pays."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from staffing.batch.replanning import Changed, Keeping, replan_stage
from staffing.cli.days import parse_days
from staffing.cli.summary import as_document, show_outcome
from staffing.cli.terminal import Terminal, output_options
from staffing.plan.loading import load_plan

SHOWN_PEOPLE = 40


@click.command("replan")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--roster",
    "roster_file",
    type=click.Path(path_type=Path),
    help="The roster that people have.  [default: out/WEEK/roster.csv]",
)
@click.option(
    "--freeze-until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Last day of a stretch from the week's first that may not change.",
)
@click.option("--freeze", default="", help="Days that may not change: dates or weekdays, as mon,2026-11-26.")
@click.option(
    "--price-per-change",
    type=click.FloatRange(min=0),
    default=20.0,
    show_default=True,
    help="Money that a changed shift of a person costs the plan; higher changes fewer.",
)
@click.option(
    "--absences",
    type=click.Path(path_type=Path),
    help="Further absences, a file as absences.csv: who has fallen ill.",
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Seed instead of the plan's.")
@click.option("--dry-run", is_flag=True, help="Show the differences, write nothing.")
@output_options
def command(
    plan: Path,
    roster_file: Path | None,
    freeze_until: Any,
    freeze: str,
    price_per_change: float,
    absences: Path | None,
    seed: int | None,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Plan the week of PLAN again after demand, absences or rules have changed.

    Keeps what can stay of the published roster. The new one takes its place in out/WEEK/; the one before is
    kept beside it as roster_before.csv, and changes.csv names every difference with its reason. Reads the
    requirement of out/WEEK/requirement.csv, which you may have edited.

    \b
    Example: staffing replan my-team --absences ill-today.csv --freeze-until 2026-11-24
             staffing replan my-team --price-per-change 50 --dry-run
             staffing replan my-team --roster edited.csv --freeze sat,sun
    """
    terminal = Terminal(quiet, verbose, as_json)
    keeping = Keeping(
        parse_days(freeze, "--freeze", lambda: _days_of(plan)),
        None if freeze_until is None else freeze_until.date(),
        price_per_change,
    )
    with terminal.progress() as progress:
        changed = replan_stage(
            plan,
            keeping,
            roster_file=roster_file,
            absences=absences,
            seed=seed,
            dry_run=dry_run,
            on_progress=progress,
        )
    _show_changes(changed, terminal)
    if as_json:
        terminal.data({**as_document(changed.outcome), "replanned": _document(changed)})
        return changed.outcome.exit_code
    terminal.text()
    return show_outcome(changed.outcome, terminal)


def _days_of(plan: Path) -> list[date]:
    """Days of a plan's week."""
    from staffing.plan.contacts import read_contacts

    contacts = read_contacts(load_plan(plan))
    first = contacts.week_start.date()
    return [first + timedelta(days=step) for step in range((contacts.week_end.date() - first).days)]


def _show_changes(changed: Changed, terminal: Terminal) -> None:
    found, currency = changed.replanned, changed.outcome.result.currency
    lines = found.sentences
    moved = found.breaks_moved
    terminal.text(
        f"Changed   {found.changed} shift{'' if found.changed == 1 else 's'} of {found.people} of "
        f"{len(changed.outcome.result.agents)} people"
        + (f", and the breaks of {moved} other{'' if moved == 1 else 's'}" if moved else "")
    )
    for line in lines[:SHOWN_PEOPLE]:
        terminal.text(f"          {line}")
    if len(lines) > SHOWN_PEOPLE:
        terminal.text(f"          and {len(lines) - SHOWN_PEOPLE} more people (all of them in changes.csv)")
    broken = found.violations_before
    terminal.text(
        f"Before    {found.cost_before:,.2f} {currency} for the roster before as things are now"
        + (f", with {broken} broken rule{'' if broken == 1 else 's'}" if broken else "")
    )
    terminal.text(f"Now       {found.cost_after:,.2f} {currency}, the price of changes left out")


def _document(changed: Changed) -> dict[str, Any]:
    found = changed.replanned
    rows = found.changes.astype(object).where(found.changes.notna(), None).to_dict("records")
    return {
        "changed": found.changed,
        "people": found.people,
        "breaks_moved": found.breaks_moved,
        "cost_before": found.cost_before,
        "cost_after": found.cost_after,
        "violations_before": found.violations_before,
        "changes": [{**row, "day": row["day"].isoformat()} for row in rows],
        "not_kept": [{**row, "day": row["day"].isoformat()} for row in found.not_kept.to_dict("records")],
        "sentences": list(found.sentences),
    }
