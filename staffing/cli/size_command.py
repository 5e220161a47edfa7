"""``staffing size``: the second stage alone, explained where asked."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from staffing.batch.stage import SizeDone, published, size_stage
from staffing.cli.explained import explanation_document, show_explanation
from staffing.cli.quantities import share_text
from staffing.cli.terminal import Terminal, output_options
from staffing.errors import BadInput
from staffing.files.schemas import FORECAST
from staffing.plan.contacts import read_contacts
from staffing.plan.loading import Plan, load_plan
from staffing.plan.targets import queue_targets
from staffing.sizing.benefit import benefit
from staffing.sizing.explanation import explain


@click.command("size")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--explain", "interval", metavar="TIME", help="Explain one interval: 2026-11-23T10:00. Writes nothing."
)
@click.option("--queue", help="The queue to explain, where the plan has several.")
@click.option(
    "--value",
    "by_value",
    is_flag=True,
    help="Weigh the requirement in money beside the cheapest one; needs value_per_contact. Writes nothing.",
)
@click.option("--dry-run", is_flag=True, help="Print the result, write no files.")
@output_options
def command(
    plan: Path,
    interval: str | None,
    queue: str | None,
    by_value: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Size the forecast of PLAN: agents per interval and queue.

    Reads out/WEEK/forecast.csv, which you may have edited, and writes requirement.csv beside it.

    \b
    Example: staffing size my-team
             staffing size my-team --explain 2026-11-23T10:00 --queue phone
             staffing size my-team --value
    """  # fmt: skip
    terminal = Terminal(quiet, verbose, as_json)
    if queue is not None and interval is None:
        raise click.UsageError("--queue belongs to --explain")
    if interval is not None:
        if by_value:
            raise click.UsageError("either --explain or --value")
        return _explain(load_plan(plan), interval, queue, terminal)
    with terminal.progress() as progress:
        done = size_stage(plan, dry_run=dry_run or by_value, on_progress=progress)
    if by_value:
        return _value(load_plan(plan), done, terminal)
    _show(done, terminal)
    return 0


def _show(done: SizeDone, terminal: Terminal) -> None:
    hours = done.interval_min / 60
    rows, document = [], {}
    for queue, table in done.requirement.groupby("queue", sort=False):
        models = ", ".join(dict.fromkeys(table.loc[table["agents"] > 0, "model"]))
        sure = _sure(table)
        rows.append(
            [
                str(queue),
                f"{table['agents'].max():.1f}",
                f"{table['scheduled'].max():.0f}",
                f"{table['agents'].sum() * hours:,.1f}",
                f"{table['scheduled'].sum() * hours:,.1f}",
                "–" if sure is None else share_text(sure),
                models or "–",
            ]
        )
        document[str(queue)] = {
            "agent_hours": float(table["agents"].sum() * hours),
            "scheduled_hours": float(table["scheduled"].sum() * hours),
            "peak_scheduled": float(table["scheduled"].max()),
            "met_probability": sure,
            "models": models,
        }
    terminal.table(
        ["queue", "peak agents", "peak on shift", "agent-hours", "hours on shift", "target met in", "model"],
        rows,
        "Agents that the targets need (on shift: after shrinkage, in whole people)",
    )
    terminal.text()
    terminal.text(
        "Target met in: share of contacts whose interval keeps its targets though the forecast errs."
    )
    if done.folder is not None:
        terminal.text(f"Requirement  {done.folder / 'requirement.csv'}")
    done.say_stale(terminal.say)
    terminal.data({"folder": None if done.folder is None else str(done.folder), "queues": document})


def _sure(table: pd.DataFrame) -> float | None:
    """P(met), weighted by contacts."""
    known = table[table["met_probability"].notna() & (table["contacts"] > 0)]
    if known.empty:
        return None
    return float((known["met_probability"] * known["contacts"]).sum() / known["contacts"].sum())


def _explain(plan: Plan, interval: str, queue: str | None, terminal: Terminal) -> int:
    targets = queue_targets(plan)
    if queue is None:
        if len(targets) > 1:
            raise click.UsageError(f"--queue with one of {', '.join(targets)} is needed")
        queue = next(iter(targets))
    if queue not in targets:
        raise BadInput("unknown queue", field="--queue", value=queue, accepted=", ".join(targets))
    contacts = read_contacts(plan)
    forecast = published(plan, contacts, FORECAST)
    mine = pd.DatetimeIndex(forecast.loc[forecast["queue"] == queue, "start"])
    start = _start(interval, plan.settings.plan.timezone)
    minutes = plan.settings.plan.interval_min
    if start not in mine:
        raise BadInput(
            "no such interval", field="--explain", value=interval,
            accepted=f"a start every {minutes} min from {mine[0]:%Y-%m-%dT%H:%M} to {mine[-1]:%Y-%m-%dT%H:%M}",
        )  # fmt: skip
    try:
        found = explain(forecast, targets, minutes, queue, start)
    except ValueError as error:
        raise plan.defect(str(error), "queues", queue, accepted="targets that staff can reach") from None
    show_explanation(plan, found, terminal)
    terminal.data(explanation_document(plan, found))
    return 0


def _start(text: str, zone: str) -> pd.Timestamp:
    accepted = "a local time such as 2026-11-23T10:00; with an offset where the clock shows it twice"
    try:
        start = pd.Timestamp(text)
        start = start.tz_localize(zone) if start.tz is None else start.tz_convert(zone)
    except (ValueError, TypeError):
        raise BadInput("not a time", field="--explain", value=text, accepted=accepted) from None
    if pd.isna(start):
        raise BadInput("not a time", field="--explain", value=text, accepted=accepted)
    return start


def _value(plan: Plan, done: SizeDone, terminal: Terminal) -> int:
    targets = queue_targets(plan)
    if not any(target.economics for target in targets.values()):
        raise plan.defect(
            "no queue says what a contact is worth",
            "queues",
            accepted="value_per_contact in a phone queue's table",
        )
    forecast = published(plan, read_contacts(plan), FORECAST)
    table = benefit(done.requirement["agents_whole"].to_numpy(), forecast, targets, done.interval_min)
    currency = plan.settings.plan.currency
    terminal.table(
        [
            "queue",
            "agents",
            "agent-hours",
            "contacts lost",
            f"loss, {currency}",
            f"agents, {currency}",
            "together",
        ],
        [
            [
                str(row["queue"]),
                str(row["plan"]),
                f"{row['agent_hours']:,.1f}",
                f"{row['contacts_lost']:,.1f}",
                f"{row['loss']:,.0f}",
                f"{row['agent_cost']:,.0f}",
                f"{row['total']:,.0f}",
            ]
            for row in table.to_dict("records")
        ],
        "The week in money: as sized, and with agents added only while the next one pays",
    )
    for name, target in targets.items():
        if target.economics is not None:
            terminal.text(f"{name}: {target.economics.loss.name}")
    terminal.data({"currency": currency, "queues": table.to_dict("records")})
    return 0
