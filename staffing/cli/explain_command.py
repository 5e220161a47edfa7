"""``staffing explain``: why the roster is as it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from staffing.cli.terminal import Terminal, output_options
from staffing.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

    from schedules.explain.result import Explanation
    from staffing.batch.published_week import PublishedWeek

QUESTIONS = "--agent with --day, --wish, --infeasible, --next-agent or --rules"


@click.command("explain")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--agent", help="Why this person works as the roster says on --day.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day of --agent.")
@click.option("--wish", help="What the wishes of this person, or of all, cost.", metavar="AGENT|all")
@click.option("--infeasible", is_flag=True, help="Who can have no legal week and why; the cheapest repair.")
@click.option("--next-agent", is_flag=True, help="What one more person of each kind would save.")
@click.option("--rules", is_flag=True, help="What each rule costs; a roster is made for each.")
@click.option(
    "--roster",
    "roster_file",
    type=click.Path(path_type=Path),
    help="The roster to explain.  [default: out/WEEK/roster.csv]",
)
@output_options
def command(
    plan: Path,
    agent: str | None,
    day: Any,
    wish: str | None,
    infeasible: bool,
    next_agent: bool,
    rules: bool,
    roster_file: Path | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Explain the roster of PLAN: why this shift, why not this wish, why no roster exists, who to hire.

    Several questions may be asked at once. --rules makes a roster for every rule and takes as much longer.
    --infeasible and --rules need no published roster. Ends with 4 if --infeasible finds a person without a legal week.

    \b
    Example: staffing explain my-team --agent Ada --day 2026-11-25
             staffing explain my-team --wish all
             staffing explain my-team --infeasible
             staffing explain my-team --next-agent --rules
    """
    if (agent is None) != (day is None):
        raise click.UsageError("--agent and --day belong together.")
    if not (agent or wish or infeasible or next_agent or rules):
        raise click.UsageError(f"A question is missing: {QUESTIONS}.")
    terminal = Terminal(quiet, verbose, as_json)
    with terminal.progress() as progress:
        answers = _answers(
            plan, agent, None if day is None else day.date(), wish, infeasible, next_agent, rules, roster_file, progress
        )  # fmt: skip
    for name, answer in answers.items():
        if name != next(iter(answers)):
            terminal.text()
        terminal.text(answer.question)
        for sentence in answer.sentences:
            terminal.text(f"  {sentence}")
    terminal.data({name: _document(answer) for name, answer in answers.items()})
    unable = answers.get("infeasible")
    return 4 if unable is not None and (unable.table["about"] == "person").any() else 0


def _answers(
    plan: Path,
    agent: str | None,
    day: date | None,
    wish: str | None,
    infeasible: bool,
    next_agent: bool,
    rules: bool,
    roster_file: Path | None,
    progress: Callable[[str], None],
) -> dict[str, Explanation]:
    # The scheduling package is slow to import, and --help must not wait for it.
    from schedules.errors import InvalidSchedule
    from staffing.batch.published_week import read_week
    from staffing.plan import questions

    progress("read the plan's files")
    needs_roster = bool(agent or wish or next_agent)
    week = read_week(plan, make_missing=not needs_roster, on_progress=progress)
    answers: dict[str, Explanation] = {}
    try:
        if infeasible:
            progress("look for people without a legal week")
            answers["infeasible"] = questions.about_feasibility(week.case)
        table = week.roster(roster_file) if needs_roster else None
        if agent is not None and day is not None:
            answers["shift"] = questions.about_shift(week.case, _there(table), agent, day)
        if wish is not None:
            progress("price the wishes")
            answers["wishes"] = questions.about_wishes(week.case, _there(table), wish)
        if next_agent:
            progress("price one more person of each kind")
            answers["next_agent"] = questions.about_hiring(week.case, _there(table))
        if rules:
            section = week.plan.settings.plan
            answers["rules"] = questions.about_rules(week.case, section.seed, section.time_limit_s, progress)
    except InvalidSchedule as error:
        raise BadInput(str(error), file=_file(week, roster_file), accepted="a roster of this plan") from None
    return answers


def _there(table: pd.DataFrame | None) -> pd.DataFrame:
    assert table is not None
    return table


def _file(week: PublishedWeek, roster_file: Path | None) -> Path:
    return roster_file or week.folder / "roster.csv"


def _document(answer: Explanation) -> dict[str, Any]:
    table = answer.table
    plain = table.astype(object).where(table.notna(), None)
    return {
        "question": answer.question,
        "sentences": list(answer.sentences),
        "rows": [{name: _plain(value) for name, value in row.items()} for row in plain.to_dict("records")],
    }


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "item"):
        return value.item()
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
