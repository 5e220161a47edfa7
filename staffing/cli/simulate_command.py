"""``staffing simulate``: play a roster or a requirement through the forecast, with what-ifs."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from staffing.batch.stage import asked_requirement, published
from staffing.cli.quantities import SHARE, share_text, time_text
from staffing.cli.terminal import Terminal, output_options
from staffing.errors import BadInput
from staffing.files.roster_file import read_roster
from staffing.files.schemas import FORECAST, REQUIREMENT
from staffing.files.tables import read_table
from staffing.plan.contacts import read_contacts
from staffing.plan.loading import Plan, load_plan
from staffing.plan.outputs import week_folder
from staffing.plan.people import read_people
from staffing.plan.playing import play_numbers, play_roster
from staffing.plan.scenario import AS_FORECAST, Scenario, parse_scenario
from staffing.plan.targets import queue_targets
from staffing.sizing.proving.proof import Proof

WORST = 5


@click.command("simulate")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--roster", type=click.Path(path_type=Path), help="Another roster than the week's published one."
)
@click.option(
    "--requirement",
    is_flag=False,
    flag_value="published",
    help="Play the numbers of a requirement file (by default the published one) instead of a roster: each queue with "
    "its own people, no names, no breaks.",
)
@click.option("--volume", metavar="±N%", help="More or fewer contacts, such as +10%.")
@click.option("--aht", metavar="±Ns or ±N%", help="Longer or shorter handling time, such as +30s.")
@click.option("--absent", type=SHARE, default=0.0, help="Share of the people absent besides, such as 8%.")
@click.option(
    "--bot-share", type=SHARE, help="Share of the contacts that bots resolve, in place of the plan's."
)
@click.option(
    "--paths", type=click.IntRange(1, 10_000), help="Courses of the forecast instead of the plan's."
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Seed instead of the plan's.")
@output_options
def command(
    plan: Path,
    roster: Path | None,
    requirement: str | None,
    volume: str | None,
    aht: str | None,
    absent: float,
    bot_share: float | None,
    paths: int | None,
    seed: int | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Play the week of PLAN contact by contact through possible courses of its forecast.

    Reads out/WEEK/forecast.csv and roster.csv. A what-if is shown beside the week as planned, both with
    the same luck. Ends with 5 if a target does not hold (of the what-if, if there is one).

    \b
    Example: staffing simulate my-team
             staffing simulate my-team --volume +10% --aht +30s --absent 8%
             staffing simulate my-team --roster other.csv --bot-share 0.3
             staffing simulate my-team --requirement
    """
    terminal = Terminal(quiet, verbose, as_json)
    if roster is not None and requirement is not None:
        raise click.UsageError("either --roster or --requirement, not both")
    if not 0 <= absent < 1:
        raise click.UsageError(f"--absent: a share in [0, 1) expected, got {absent:g}")
    if bot_share is not None and not 0 <= bot_share < 1:
        raise click.UsageError(f"--bot-share: a share in [0, 1) expected, got {bot_share:g}")
    scenario = _scenario(volume, aht, bot_share)
    loaded = load_plan(plan, seed)
    cases = [("as planned", AS_FORECAST, 0.0)]
    if scenario is not AS_FORECAST or absent:
        words = [scenario.name] * (scenario is not AS_FORECAST) + [f"absent={absent:.0%}"] * (absent > 0)
        cases.append((", ".join(words), scenario, absent))
    with terminal.progress() as progress:
        proofs = []
        for name, what_if, away in cases:
            progress(f"play the week {name}")
            proofs.append((name, _play(loaded, roster, requirement, what_if, away, paths)))
    _show(terminal, loaded, proofs)
    return 0 if proofs[-1][1].held else 5


def _scenario(volume: str | None, aht: str | None, bot_share: float | None) -> Scenario:
    given = [(name, text) for name, text in (("volume", volume), ("aht", aht)) if text is not None]
    for name, text in given:
        try:
            parse_scenario(f"{name}={text}")
        except BadInput as error:
            accepted = "+10% or -5%" if name == "volume" else "+30s, -10s, +10% or -5%"
            raise BadInput(error.problem, field=f"--{name}", value=text, accepted=accepted) from None
    parts = [f"{name}={text}" for name, text in given]
    found = parse_scenario(",".join(parts)) if parts else AS_FORECAST
    if bot_share is None:
        return found
    words = [*parts, f"bot-share={bot_share:.0%}"]
    return Scenario(
        ",".join(words), found.volume_factor, found.aht_factor, found.aht_added_s, bot_share=bot_share
    )


def _play(
    plan: Plan,
    roster: Path | None,
    requirement: str | None,
    scenario: Scenario,
    absent: float,
    paths: int | None,
) -> Proof:
    contacts = read_contacts(plan)
    forecast = published(plan, contacts, FORECAST)
    targets = queue_targets(plan)
    asked, _ = asked_requirement(plan, contacts)
    zone = plan.settings.plan.timezone
    given: dict[str, Any] = {"absence_added": absent, "paths": paths}
    if requirement is not None:
        file = None if requirement == "published" else Path(requirement)
        people = (
            published(plan, contacts, REQUIREMENT) if file is None else read_table(file, REQUIREMENT, zone)
        )
        source = file or week_folder(plan, contacts.week_start) / "requirement.csv"
    else:
        source = roster or week_folder(plan, contacts.week_start) / "roster.csv"
        if not source.is_file():
            raise BadInput(
                "no such file yet" if roster is None else "no such file",
                file=source,
                accepted=f"a roster, such as `staffing plan {plan.folder}` makes",
            )
    try:
        if requirement is not None:
            return play_numbers(plan, people, forecast, targets, scenario, **given)
        table = read_roster(source, zone)
        everybody = read_people(plan, contacts.week_start)
        return play_roster(plan, everybody, table, forecast, asked, targets, scenario, **given)
    except ValueError as error:
        raise BadInput(
            str(error),
            file=source,
            accepted="people of the plan's week who can serve every queue with contacts",
        ) from None


def _show(terminal: Terminal, plan: Plan, proofs: list[tuple[str, Proof]]) -> None:
    rows = []
    for queue in plan.settings.queues:
        for name, proof in proofs:
            week = proof.service[(proof.service["queue"] == queue) & (proof.service["day"] == "week")]
            if not len(week):
                continue
            row = week.iloc[0]
            rows.append(
                [
                    queue,
                    name,
                    f"{row['contacts']:,.0f}",
                    share_text(row["target"]),
                    share_text(row["service_level"]),
                    share_text(row["met_probability"]),
                    time_text(row["asa_s"]),
                    share_text(row["abandonment"]),
                    share_text(row["occupancy"]),
                ]
            )
    head = [
        "queue",
        "case",
        "contacts",
        "target",
        "in time",
        "met in",
        "wait of the answered",
        "abandoned",
        "busy",
    ]
    terminal.table(head, rows, f"The week over {proofs[0][1].path_count} courses of the forecast")
    terminal.text()
    last_name, last = proofs[-1]
    for weak in last.worst.head(WORST).to_dict("records"):
        level = share_text(weak["service_level"])
        terminal.text(
            f"Weakest   {weak['queue']}, {weak['start']:%a %d %b %H:%M}: {level} in time, "
            f"{weak['late']:.1f} contacts too many too late"
        )
    for sentence in last.assumptions:
        terminal.text(f"Assumed   {sentence}")
    terminal.text(f"{'Every target holds' if last.held else 'Not every target holds'} ({last_name}).")
    terminal.data({"cases": [_document(name, proof) for name, proof in proofs]})


def _document(name: str, proof: Proof) -> dict[str, Any]:
    return {
        "case": name,
        "held": proof.held,
        "paths": proof.path_count,
        "assumptions": list(proof.assumptions),
        "service": [_plain(row) for row in proof.service.to_dict("records")],
        "distribution": [_plain(row) for row in proof.distribution.to_dict("records")],
        "formula": [_plain(row) for row in proof.sides.to_dict("records")],
        "weakest": [_plain(row) for row in proof.worst.to_dict("records")],
    }


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """A row as JSON knows it: missing and endless are null."""
    out: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, float) and not math.isfinite(value):
            out[str(name)] = None
        elif hasattr(value, "isoformat"):
            out[str(name)] = value.isoformat()
        elif hasattr(value, "item"):
            out[str(name)] = value.item()
        else:
            out[str(name)] = value
    return out
