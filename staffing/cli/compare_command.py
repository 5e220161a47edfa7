"""``staffing compare``: targets against cost."""

from __future__ import annotations

import json
import math
from pathlib import Path

import click

from staffing.batch.comparison import write_comparison
from staffing.cli.terminal import Terminal, output_options
from staffing.plan.comparison import ALL_QUEUES, Comparison, compare, parse_targets
from staffing.plan.loading import load_plan
from staffing.plan.scenario import ACCEPTED, parse_scenario


@click.command("compare")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--targets", required=True, help="Percent within seconds: 70/30,80/20,90/10.")
@click.option("--scenario", "scenarios", multiple=True, help=f"What if; may be repeated: {ACCEPTED}.")
@click.option(
    "--queue", "queues", multiple=True, help="Lay the targets over this queue only; may be repeated."
)
@click.option("--dry-run", is_flag=True, help="Print the table, write no files.")
@output_options
def command(
    plan: Path,
    targets: str,
    scenarios: tuple[str, ...],
    queues: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Weigh response-time targets against agents, paid hours and cost.

    Writes comparison.csv and comparison.html to out/compare/ beside the plan.

    \b
    Example: staffing compare my-team --targets 70/30,80/20,90/10
             staffing compare my-team --targets 80/20,90/10 --scenario volume=+10% --scenario aht=+30s
    """
    terminal = Terminal(quiet, verbose, as_json)
    wanted = parse_targets(targets)
    what_ifs = [parse_scenario(text) for text in scenarios]
    loaded = load_plan(plan)
    with terminal.progress() as progress:
        comparison = compare(loaded, wanted, what_ifs, queues, progress)
        folder = None if dry_run else write_comparison(loaded, comparison)
    _show(comparison, loaded.settings.plan.currency, terminal)
    if folder is not None:
        terminal.text(f"Picture   {folder / 'comparison.html'}")
    terminal.data(
        {
            "rows": json.loads(comparison.table.to_json(orient="records", double_precision=10)),
            "notes": list(comparison.notes),
            "folder": None if folder is None else str(folder),
        }
    )
    return 0


def _show(comparison: Comparison, currency: str, terminal: Terminal) -> None:
    total = comparison.table[comparison.table["queue"] == ALL_QUEUES]
    terminal.table(
        [
            "scenario", "target", "people", "paid hours", f"cost, {currency}", "in time", "in plan's time", "give up",
            f"next point, {currency}",
        ],
        [
            [
                row["scenario"],
                row["target"],
                f"{row['agents']:,.0f}",
                f"{row['paid_hours']:,.0f}",
                f"{row['cost']:,.0f}",
                _percent(row["service_level"]),
                _percent(row["plan_level"]),
                _percent(row["abandonment"]),
                "–" if math.isnan(row["price_of_next_point"]) else f"{row['price_of_next_point']:,.0f}",
            ]
            for row in total.to_dict("records")
        ],
        "Targets against cost, for the week",
    )  # fmt: skip
    terminal.text()
    terminal.text(
        "In time: within the row's own seconds; in plan's time: within the plan's, to compare rows by."
    )
    terminal.text(
        "Next point: what one more percent of contacts in the plan's time costs on the way to the next row."
    )
    for note in comparison.notes:
        terminal.text(note)


def _percent(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.1%}"
