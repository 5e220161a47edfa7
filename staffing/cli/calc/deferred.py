"""``calc tickets``, ``callback``, ``outbound``: work that can wait."""

from __future__ import annotations

import math

import click
import numpy as np

from staffing.cli.calc.answer import Answer, calculation, load_options
from staffing.cli.quantities import HOURS, MINUTES, SHARE, TIME, Numbers, share_text, time_text
from staffing.queueing import deferred_requirement, on_shift, whole_people
from staffing.queueing.callback import callback, required_agents_callback
from staffing.queueing.inputs import not_negative, positive, share
from staffing.sizing.formulas import DEFERRED
from staffing.sizing.workload import Dialling


@click.command("tickets")
@click.option(
    "--contacts",
    type=Numbers(click.FLOAT),
    required=True,
    help="Tickets in each open hour of a day: 40,60,30.",
)
@click.option("--aht", "aht_s", type=TIME, required=True, help="Mean handling time of a ticket.")
@click.option("--within", "within_s", type=HOURS, required=True, help="Deadline in opening hours: 8h.")
@click.option("--occupancy", type=SHARE, default="100%", show_default=True, help="At most this share busy.")
@click.option("--shrinkage", type=SHARE, default="0%", show_default=True, help="Paid, on shift, but away.")
@calculation
def tickets_command(
    contacts: tuple[float, ...], aht_s: float, within_s: float, occupancy: float, shrinkage: float
) -> Answer:
    """Tickets and e-mail: the steadiest agents that finish every ticket by its deadline.

    The opening hours of one day, repeated day after day; what is left overnight waits.

    \b
    Example: staffing calc tickets --contacts 40,60,80,50,30,30,40,20 --aht 10min --within 6h
    """
    volume = not_negative("contacts", contacts)
    positive("aht", aht_s)
    share("occupancy", occupancy, closed_above=True)
    work_h = volume * aht_s / 3600.0
    within_h = (float(positive("within", within_s)) - aht_s) / 3600.0
    if within_h <= 0:
        raise ValueError(f"within > aht ({time_text(aht_s)}) expected, got {time_text(within_s)}")
    agents = deferred_requirement(work_h, 1.0, within_h) / occupancy
    people = on_shift(whole_people(agents), shrinkage)
    rows = [
        [f"{hour + 1}", f"{volume[hour]:g}", f"{work_h[hour]:.2f}", f"{agents[hour]:.2f}", f"{people[hour]}"]
        for hour in range(volume.size)
    ]
    said = [
        f"{work_h.sum():.1f} hours of work a day; {agents.max():.2f} agents at most, "
        f"where work done as it comes would take {work_h.max():.2f}"
    ]
    return Answer(
        said,
        ["open hour", "tickets", "work, h", "agents", "on shift"],
        rows,
        {"work_h": work_h, "agents": agents, "scheduled": people},
        DEFERRED.source,
    )


@click.command("callback")
@load_options
@click.option(
    "--within",
    "within_s",
    type=Numbers(MINUTES),
    default="1,5,15,60",
    show_default=True,
    help="Promises to compare, in minutes: 5min,15min,1h.",
)
@click.option("--kept", type=SHARE, default="95%", show_default=True, help="Share of promises to keep.")
@calculation
def callback_command(
    contacts: float, interval_s: float, aht_s: float, within_s: tuple[float, ...], kept: float
) -> Answer:
    """Call-backs: what a promise in minutes costs beside one in seconds.

    \b
    Example: staffing calc callback --contacts 120 --aht 300 --within 1min,5min,15min,1h --kept 95%
    """  # fmt: skip
    positive("aht", aht_s)
    load = float(not_negative("contacts", contacts)) * aht_s / float(positive("interval", interval_s))
    minutes = np.array(within_s) / 60.0
    agents = required_agents_callback(load, aht_s, minutes, kept).agents
    found = callback(agents.astype(float), load, aht_s, minutes)
    rows, records = [], []
    for index, promise in enumerate(within_s):
        rows.append(
            [
                time_text(promise),
                f"{agents[index]}",
                share_text(float(found.service_level[index])),
                time_text(float(found.asa_s[index])),
                share_text(float(found.occupancy[index])),
            ]
        )
        records.append(
            {
                "within_s": promise,
                "agents": int(agents[index]),
                "kept": float(found.service_level[index]),
                "asa_s": float(found.asa_s[index]),
                "occupancy": float(found.occupancy[index]),
            }
        )
    return Answer(
        [f"Load {load:.2f} erlangs; {share_text(kept)} of the promises kept"],
        ["promise", "agents", "kept", "mean wait", "occupancy"],
        rows,
        {"load_erlangs": load, "table": records},
        "Erlang C with the promise as its threshold: nobody holds the line",
    )


@click.command("outbound")
@click.option("--customers", type=float, required=True, help="Customers on the list.")
@click.option("--aht", "aht_s", type=TIME, required=True, help="Mean conversation with wrap-up.")
@click.option(
    "--connect-rate", type=SHARE, default="100%", show_default=True, help="Attempts that reach somebody."
)
@click.option(
    "--attempt",
    "attempt_s",
    type=TIME,
    default="0s",
    show_default=True,
    help="Agent's time on an attempt in vain.",
)
@click.option("--max-attempts", type=int, default=3, show_default=True, help="Attempts before giving up.")
@click.option("--hours", "hours_s", type=HOURS, required=True, help="Time for the whole list: 8h.")
@click.option("--occupancy", type=SHARE, default="90%", show_default=True, help="Share of the time busy.")
@calculation
def outbound_command(
    customers: float,
    aht_s: float,
    connect_rate: float,
    attempt_s: float,
    max_attempts: int,
    hours_s: float,
    occupancy: float,
) -> Answer:
    """Outbound: agents that get through a list, attempts in vain included.

    \b
    Example: staffing calc outbound --customers 500 --aht 4min --connect-rate 35% --attempt 30s --hours 8h
    """  # fmt: skip
    dialling = Dialling(connect_rate, attempt_s, max_attempts)
    count = float(not_negative("customers", customers))
    busy = float(share("occupancy", occupancy, closed_above=True))
    each_s = float(dialling.work_s(positive("aht", aht_s)))
    work_h = count * each_s / 3600.0
    exact = work_h / busy / (float(positive("hours", hours_s)) / 3600.0)
    agents = int(whole_people(exact))
    said = [
        f"{count * dialling.attempts:,.0f} attempts reach {count * dialling.reached:,.0f} of {count:,.0f} customers "
        f"({share_text(dialling.reached)})",
        f"{work_h:.1f} hours of work, {time_text(each_s)} a customer",
        f"{agents} agents ({exact:.2f} exactly) for {time_text(hours_s)} at {share_text(busy)} busy",
    ]
    document = {
        "attempts": count * dialling.attempts,
        "reached": count * dialling.reached,
        "work_h": work_h,
        "agents": agents,
        "agents_exact": exact if math.isfinite(exact) else None,
    }
    return Answer(
        said, document=document, source="independent attempts until the first answer or the last attempt"
    )
