"""``staffing check``: any roster file against a plan."""

from __future__ import annotations

from pathlib import Path

import click

from schedules.errors import InvalidSchedule
from staffing.batch.stage import asked_requirement
from staffing.cli.terminal import Terminal, output_options
from staffing.errors import BadInput
from staffing.files.roster_file import read_roster
from staffing.plan.contacts import read_contacts
from staffing.plan.implied import implied
from staffing.plan.loading import load_plan
from staffing.plan.people import read_people
from staffing.plan.rostering import Case, check_roster, week_demand

SHOWN = 20


@click.command("check")
@click.argument("roster", type=click.Path(path_type=Path))
@click.option(
    "--plan",
    "plan_path",
    required=True,
    type=click.Path(path_type=Path),
    help="The plan that the roster is for.",
)
@output_options
def command(roster: Path, plan_path: Path, as_json: bool, quiet: bool, verbose: bool) -> int:
    """Check a ROSTER file, also one made elsewhere, against every rule of a plan.

    Recomputes cost, coverage and wishes from the rows alone; the requirement is the one in
    out/WEEK/requirement.csv, with what the week's proof changed in it (corrections.csv). Ends with 0
    if every rule holds and with 5 if one is broken.

    A roster has columns agent, start, end, activity (work, or a break's name), paid and queue. paid may
    be missing where the plan tells it for every activity, queue where everybody has one skill.

    \b
    Example: staffing check out/2026-11-23/roster.csv --plan my-team
    """
    terminal = Terminal(quiet, verbose, as_json)
    plan = load_plan(plan_path)
    contacts = read_contacts(plan)
    people = read_people(plan, contacts.week_start)
    requirement, stale = asked_requirement(plan, contacts)
    demand = week_demand(plan, requirement, people)
    case = Case.of(people, demand)
    known = implied(case.agents, case.kinds, demand.queues, case.team_rules.activities)
    table = read_roster(roster, plan.settings.plan.timezone, known)
    try:
        verdict = check_roster(case, table)
    except InvalidSchedule as error:
        raise BadInput(str(error), file=roster) from None
    if stale:
        terminal.text(f"Note      {stale}")
    terminal.table(
        ["rule", "checked", "broken"],
        [[str(row.rule), f"{row.checked:,}", f"{row.broken:,}"] for row in verdict.rules.itertuples()],
        f"Rules checked in {roster}",
    )
    terminal.text()
    for violation in verdict.violations[:SHOWN]:
        terminal.text(f"Broken    {violation}")
    if len(verdict.violations) > SHOWN:
        terminal.text(f"          and {len(verdict.violations) - SHOWN} more (all of them with --json)")
    currency = plan.settings.plan.currency
    parts = ", ".join(f"{name.replace('_', ' ')} {value:,.2f}" for name, value in verdict.cost_parts.items())
    terminal.text(f"Cost      {verdict.cost:,.2f} {currency} ({parts})")
    short = verdict.coverage["gap"].clip(upper=0).sum() * demand.slot_min / 60
    terminal.text(f"Coverage  {abs(short):,.1f} agent-hours missing against the requirement")
    broken = len(verdict.violations)
    terminal.text("Every rule holds." if verdict.ok else f"{broken} violation{'s' if broken > 1 else ''}.")
    terminal.data(
        {
            "ok": verdict.ok,
            "cost": verdict.cost,
            "cost_parts": dict(verdict.cost_parts),
            "rules": verdict.rules.to_dict(orient="records"),
            "violations": [
                {
                    "rule": violation.rule,
                    "agent": violation.agent,
                    "when": None if violation.when is None else str(violation.when),
                    "found": violation.found,
                    "allowed": violation.allowed,
                }
                for violation in verdict.violations
            ],
        }
    )
    return 0 if verdict.ok else 5
