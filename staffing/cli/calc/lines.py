"""``calc erlang-b``, ``erlang-c``, ``erlang-a``, ``premium``: one contact at a time."""

from __future__ import annotations

import click
import numpy as np

from staffing.cli.calc.answer import (
    Answer,
    around,
    calculation,
    load_options,
    needed,
    one_of,
    performance_table,
    target_options,
)
from staffing.cli.quantities import SHARE, TARGET, TIME, share_text, time_text
from staffing.queueing import Targets, erlang_a, erlang_b, erlang_c, on_shift, required_agents_both
from staffing.queueing.inputs import not_negative, positive
from staffing.queueing.redial import erlang_x
from staffing.sizing.formulas import ERLANG_A, ERLANG_B, ERLANG_C, PRIORITY
from staffing.sizing.premium import PremiumPromise, class_levels, required_agents_premium


def _load(contacts: float, interval_s: float, aht_s: float) -> float:
    positive("interval", interval_s)
    positive("aht", aht_s)
    return float(not_negative("contacts", contacts)) * aht_s / interval_s


def _targets(
    target: tuple[float, float] | None,
    asa_s: float | None,
    max_occupancy: float | None,
    max_abandonment: float | None = None,
    definition: str = "offered",
) -> Targets:
    level, within_s = target if target is not None else (None, 20.0)
    return Targets(level, within_s, asa_s, max_occupancy, None, max_abandonment, definition)  # type: ignore[arg-type]


@click.command("erlang-b")
@load_options
@click.option("--lines", type=float, help="Lines or agents; none wait.")
@click.option("--max-blocking", type=SHARE, help="Greatest share that may find all lines busy.")
@calculation
def erlang_b_command(
    contacts: float, interval_s: float, aht_s: float, lines: float | None, max_blocking: float | None
) -> Answer:
    """Erlang B: calls that find all lines busy are turned away.

    \b
    Example: staffing calc erlang-b --contacts 120 --aht 300 --max-blocking 1%
             staffing calc erlang-b --contacts 120 --aht 300 --lines 28
    """
    one_of(lines, max_blocking=max_blocking)
    load = _load(contacts, interval_s, aht_s)
    answer: float
    if max_blocking is not None:
        if not 0 < max_blocking < 1:
            raise ValueError(f"0 < max_blocking < 1 expected, got {max_blocking:g}")
        high = 1
        while float(erlang_b(high, load)) > max_blocking:
            high *= 2
        counts = np.arange(high + 1, dtype=float)
        answer = float(counts[erlang_b(counts, load) <= max_blocking][0])
    else:
        assert lines is not None
        answer = lines
    shown = around(answer)
    blocked = erlang_b(shown, load)
    said = [
        f"Load {load:.2f} erlangs",
        f"{answer:g} lines turn {share_text(float(erlang_b(answer, load)))} away",
    ]
    rows = [
        [f"{n:g}" + (" <" if n == answer else ""), share_text(float(b)), f"{load * (1 - b):.2f}"]
        for n, b in zip(shown, blocked, strict=True)
    ]
    records = [{"lines": n, "blocking": float(b)} for n, b in zip(shown, blocked, strict=True)]
    return Answer(
        said,
        ["lines", "turned away", "lines busy"],
        rows,
        {"load_erlangs": load, "lines": answer, "table": records},
        ERLANG_B.source,
    )


@click.command("erlang-c")
@load_options
@target_options
@calculation
def erlang_c_command(
    contacts: float,
    interval_s: float,
    aht_s: float,
    agents: float | None,
    target: tuple[float, float] | None,
    max_occupancy: float | None,
    asa_s: float | None,
    shrinkage: float,
) -> Answer:
    """Erlang C: contacts wait in line and never hang up.

    \b
    Example: staffing calc erlang-c --contacts 120 --interval 30min --aht 300 --target 80/20
             staffing calc erlang-c --contacts 120 --aht 5min --agents 24
             staffing calc erlang-c --contacts 120 --aht 300 --target 80/20 --max-occupancy 85% --shrinkage 30%
    """
    one_of(agents, target=target, asa=asa_s, occupancy=max_occupancy)
    load = _load(contacts, interval_s, aht_s)
    within_s = target[1] if target is not None else 20.0
    said, document = [f"Load {load:.2f} erlangs"], {"load_erlangs": load}
    if agents is None:
        whole, real = required_agents_both(load, aht_s, _targets(target, asa_s, max_occupancy))
        people = int(on_shift(whole, shrinkage))
        binding = str(real.binding_target)
        said.append(needed(int(whole), float(real.agents), people, binding, shrinkage))
        document |= {"agents": int(whole), "agents_exact": float(real.agents), "scheduled": people}
        document |= {"binding_target": binding}  # type: ignore[dict-item]
        agents = float(whole)
    shown = around(agents)
    found = erlang_c(shown, load, aht_s, within_s)
    columns, rows, records = performance_table(shown, found, agents, within_s, gives_up=False)
    return Answer(said, columns, rows, {**document, "table": records}, ERLANG_C.source)


@click.command("erlang-a")
@load_options
@click.option("--patience", "patience_s", type=TIME, required=True, help="Mean patience before hanging up.")
@target_options
@click.option("--max-abandonment", type=SHARE, help="At most this share may hang up.")
@click.option("--redial", type=SHARE, help="Share of those who hang up that call again (with --agents).")
@click.option(
    "--definition",
    type=click.Choice(["offered", "excluding_short_abandons", "answered", "virtual"]),
    default="offered",
    show_default=True,
    help="Of what the service level is a share.",
)
@calculation
def erlang_a_command(
    contacts: float,
    interval_s: float,
    aht_s: float,
    patience_s: float,
    agents: float | None,
    target: tuple[float, float] | None,
    max_occupancy: float | None,
    asa_s: float | None,
    shrinkage: float,
    max_abandonment: float | None,
    redial: float | None,
    definition: str,
) -> Answer:
    """Erlang A: contacts wait in line and hang up when their patience ends.

    \b
    Example: staffing calc erlang-a --contacts 120 --interval 30min --aht 300 --patience 120 --target 80/20
             staffing calc erlang-a --contacts 120 --aht 300 --patience 2min --agents 20 --redial 40%
    """
    one_of(agents, target=target, asa=asa_s, occupancy=max_occupancy, abandonment=max_abandonment)
    if redial is not None and agents is None:
        raise click.UsageError("--redial shows what --agents give")
    load = _load(contacts, interval_s, aht_s)
    within_s = target[1] if target is not None else 20.0
    said, document = [f"Load {load:.2f} erlangs"], {"load_erlangs": load}
    if agents is None:
        targets = _targets(target, asa_s, max_occupancy, max_abandonment, definition)
        whole, real = required_agents_both(load, aht_s, targets, patience_s)
        people = int(on_shift(whole, shrinkage))
        binding = str(real.binding_target)
        said.append(needed(int(whole), float(real.agents), people, binding, shrinkage))
        document |= {"agents": int(whole), "agents_exact": float(real.agents), "scheduled": people}
        document |= {"binding_target": binding}  # type: ignore[dict-item]
        agents = float(whole)
    shown = around(agents)
    if redial is not None:
        calls = erlang_x(shown, load, aht_s, patience_s, redial, within_s, definition)  # type: ignore[arg-type]
        found = calls.performance
        middle = int(np.flatnonzero(shown == agents)[0])
        said.append(
            f"With redials {calls.load_erlangs[middle]:.2f} erlangs, {calls.calls_per_customer[middle]:.3f} calls "
            f"per customer; {share_text(float(calls.lost_customers[middle]))} of the customers give up in the end"
        )
        document |= {
            "load_with_redials_erlangs": float(calls.load_erlangs[middle]),
            "calls_per_customer": float(calls.calls_per_customer[middle]),
            "lost_customers": float(calls.lost_customers[middle]),
        }
    else:
        found = erlang_a(shown, load, aht_s, patience_s, within_s, definition)  # type: ignore[arg-type]
    columns, rows, records = performance_table(shown, found, agents, within_s, gives_up=True)
    source = ERLANG_A.source if redial is None else f"{ERLANG_A.source}; redials as a fixed point (Erlang X)"
    return Answer(said, columns, rows, {**document, "table": records}, source)


@click.command("premium")
@load_options
@click.option("--target", type=TARGET, required=True, help="Promise to the others: 80/20.")
@click.option("--premium-share", type=SHARE, required=True, help="Share of the contacts that go first.")
@click.option("--premium-target", type=TARGET, required=True, help="Promise to them: 95/10.")
@calculation
def premium_command(
    contacts: float,
    interval_s: float,
    aht_s: float,
    target: tuple[float, float],
    premium_share: float,
    premium_target: tuple[float, float],
) -> Answer:
    """Premium customers ahead of the others, both promises kept by one group of agents.

    \b
    Example: staffing calc premium --contacts 120 --aht 300 --target 80/30 --premium-share 20% --premium-target 95/10
    """
    promise = PremiumPromise(premium_share, *premium_target)
    load = _load(contacts, interval_s, aht_s)
    positive("load", load)
    whole, real, binding = required_agents_premium(
        np.array([load]),
        np.array([aht_s]),
        Targets(service_level=target[0], answer_within_s=target[1]),
        np.array([promise.share]),
        np.array([promise.service_level]),
        np.array([promise.answer_within_s]),
    )
    answer = float(whole[0])
    shown = around(answer)
    ones = np.ones_like(shown)
    found = class_levels(
        shown,
        load * ones,
        aht_s * ones,
        target[1] * ones,
        promise.share * ones,
        promise.answer_within_s * ones,
    )
    rows, records = [], []
    for index, n in enumerate(shown.tolist()):
        premium, standard = found.premium, found.standard
        rows.append(
            [
                f"{n:g}" + (" <" if n == answer else ""),
                share_text(float(premium.service_level[index])),
                time_text(float(premium.asa_s[index])),
                share_text(float(standard.service_level[index])),
                time_text(float(standard.asa_s[index])),
                share_text(float(found.occupancy[index])),
            ]
        )
        records.append(
            {
                "agents": n,
                "premium_service_level": float(premium.service_level[index]),
                "premium_asa_s": float(premium.asa_s[index]),
                "standard_service_level": float(standard.service_level[index]),
                "standard_asa_s": float(standard.asa_s[index]),
            }
        )
    return Answer(
        [f"Load {load:.2f} erlangs", needed(int(answer), float(real[0]), int(answer), str(binding[0]), 0.0)],
        ["agents", f"premium in {time_text(promise.answer_within_s)}", "their wait",
         f"others in {time_text(target[1])}", "their wait", "occupancy"],
        rows,
        {"load_erlangs": load, "agents": int(answer), "agents_exact": float(real[0]), "table": records},
        PRIORITY.source,
    )  # fmt: skip
