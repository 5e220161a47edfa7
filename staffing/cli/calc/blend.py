"""``calc blend``: how many agents to keep free for live contacts while the others do work that can wait."""

from __future__ import annotations

import click

from staffing.cli.calc.answer import Answer, calculation, load_options
from staffing.cli.quantities import TARGET, TIME, share_text, time_text
from staffing.queueing.blending import blending
from staffing.queueing.inputs import not_negative, positive

_MOST_SHOWN = 8


@click.command("blend")
@load_options
@click.option("--agents", type=int, required=True, help="Agents who do both kinds of work.")
@click.option(
    "--background-aht",
    "background_aht_s",
    type=TIME,
    required=True,
    help="Mean time of a piece of the other work.",
)
@click.option("--target", type=TARGET, default="80/20", show_default=True, help="Promise to live contacts.")
@calculation
def blend_command(
    contacts: float,
    interval_s: float,
    aht_s: float,
    agents: int,
    background_aht_s: float,
    target: tuple[float, float],
) -> Answer:
    """Blending: the fewest agents to keep free so that live contacts keep their promise.

    \b
    Example: staffing calc blend --contacts 60 --aht 300 --agents 16 --background-aht 10min --target 80/20
    """
    positive("aht", aht_s)
    load = float(not_negative("contacts", contacts)) * aht_s / float(positive("interval", interval_s))
    level, within_s = target
    if not 0 < level < 1:
        raise ValueError(f"0 < target < 1 expected, got {level:g}")
    ways, enough = [], None
    for reserve in range(agents + 1):
        found = blending(agents, load, aht_s, background_aht_s, reserve, within_s)
        ways.append((reserve, found))
        if enough is None and found.service_level >= level:
            enough = reserve
        if len(ways) >= _MOST_SHOWN and enough is not None and reserve >= enough + 2:
            break
    if enough is None:
        said = f"{agents} agents do not keep the promise even without other work"
    else:
        done = ways[enough][1].background_per_h
        said = f"Keep {enough} of {agents} free: {done:.1f} pieces of other work an hour beside it"
    rows = [
        [
            f"{reserve}" + (" <" if reserve == enough else ""),
            share_text(found.service_level),
            time_text(found.asa_s),
            f"{found.background_per_h:.1f}",
            share_text(found.occupancy),
        ]
        for reserve, found in ways
    ]
    records = [
        {
            "reserve": reserve,
            "service_level": found.service_level,
            "asa_s": found.asa_s,
            "background_per_h": found.background_per_h,
            "occupancy": found.occupancy,
        }
        for reserve, found in ways
    ]
    return Answer(
        [f"Load {load:.2f} erlangs of live contacts", said],
        ["kept free", f"in {time_text(within_s)}", "mean wait", "other work an hour", "occupancy"],
        rows,
        {"load_erlangs": load, "reserve": enough, "table": records},
        "threshold policy by birth and death: S. Bhulai, G. Koole, IEEE Transactions on Automatic Control 48(8), 2003",
    )
