"""``calc chat`` and ``calc messages``: several contacts at once."""

from __future__ import annotations

import click
import numpy as np

from staffing.cli.calc.answer import (
    Answer,
    around,
    calculation,
    needed,
    one_of,
    performance_table,
    target_options,
)
from staffing.cli.quantities import MINUTES, TIME, Numbers, time_text
from staffing.queueing import Targets, chat, on_shift, required_agents_chat
from staffing.queueing.chat_message import chat_message_response, most_chats_at_once
from staffing.queueing.inputs import not_negative, positive
from staffing.sizing.formulas import CHAT


@click.command("chat")
@click.option("--contacts", type=float, required=True, help="Chats in the interval.")
@click.option(
    "--interval",
    "interval_s",
    type=MINUTES,
    default="30min",
    show_default=True,
    help="Length of the interval.",
)
@click.option(
    "--aht",
    "aht_s",
    type=Numbers(TIME),
    required=True,
    help="Handling time; or one per number of chats held: 300,380,480.",
)
@click.option("--concurrency", type=int, help="Chats that an agent holds at once, where --aht is one time.")
@click.option("--patience", "patience_s", type=TIME, help="Mean patience before leaving; endless without.")
@target_options
@calculation
def chat_command(
    contacts: float,
    interval_s: float,
    aht_s: tuple[float, ...],
    concurrency: int | None,
    patience_s: float | None,
    agents: float | None,
    target: tuple[float, float] | None,
    max_occupancy: float | None,
    asa_s: float | None,
    shrinkage: float,
) -> Answer:
    """Chat: agents hold several contacts at once and take longer for each.

    \b
    Example: staffing calc chat --contacts 200 --aht 300,380,480 --target 80/60 --patience 3min
             staffing calc chat --contacts 200 --aht 400 --concurrency 3 --agents 14
    """
    one_of(agents, target=target, asa=asa_s, occupancy=max_occupancy)
    if concurrency is not None:
        if concurrency < 1:
            raise ValueError(f"concurrency >= 1 expected, got {concurrency}")
        if len(aht_s) not in (1, concurrency):
            raise ValueError(f"one handling time or {concurrency} of them expected, got {len(aht_s)}")
    levels = np.array(aht_s if len(aht_s) > 1 else aht_s * (concurrency or 1))
    positive("aht", levels)
    arrivals = float(not_negative("contacts", contacts)) / float(positive("interval", interval_s))
    within_s = target[1] if target is not None else 20.0
    said = [f"{3600 * arrivals:g} chats an hour, up to {levels.size} at once per agent"]
    document: dict[str, object] = {"aht_s_by_concurrency": levels.tolist()}
    if agents is None:
        targets = Targets(target[0] if target else None, within_s, asa_s, max_occupancy)
        whole, real = required_agents_chat(arrivals, levels, targets, patience_s)
        people = int(on_shift(whole, shrinkage))
        said.append(needed(int(whole), float(real.agents), people, str(real.binding_target), shrinkage))
        document |= {"agents": int(whole), "agents_exact": float(real.agents), "scheduled": people}
        agents = float(whole)
    shown = around(agents)
    found = chat(shown, arrivals, levels, patience_s, within_s)
    columns, rows, records = performance_table(
        shown, found, agents, within_s, gives_up=patience_s is not None
    )
    return Answer(
        said,
        columns,
        rows,
        {**document, "table": records},
        f"{CHAT.source}; occupancy is of chat places",
    )


@click.command("messages")
@click.option("--think", "think_s", type=TIME, required=True, help="Mean time a customer takes to write.")
@click.option("--reply", "reply_s", type=TIME, required=True, help="Mean time an agent takes for a reply.")
@click.option("--within", "within_s", type=TIME, help="Mean reply that is wanted.")
@calculation
def messages_command(think_s: float, reply_s: float, within_s: float | None) -> Answer:
    """How many chats at once: the mean wait for a reply at each number.

    \b
    Example: staffing calc messages --think 60 --reply 30 --within 60
    """
    counts = range(1, 9)
    waits = [float(chat_message_response(k, think_s, reply_s)) for k in counts]
    said, document = [], {"reply_s_by_concurrency": waits}
    if within_s is not None:
        most = most_chats_at_once(think_s, reply_s, within_s)
        said.append(f"At most {most} chats at once keep the mean reply within {time_text(within_s)}")
        document["concurrency"] = most  # type: ignore[assignment]
    return Answer(
        said,
        ["chats at once", "mean reply"],
        [[str(k), time_text(wait)] for k, wait in zip(counts, waits, strict=True)],
        document,
        "finite source (M/M/1//K), mean-value analysis: Reiser, Lavenberg, J. ACM 27(2), 1980",
    )
