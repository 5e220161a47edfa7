"""``calc risk`` and ``calc value``: how sure, and what it is worth."""

from __future__ import annotations

import click
import numpy as np

from staffing.cli.calc.answer import Answer, around, calculation, load_options
from staffing.cli.quantities import SHARE, TARGET, TIME, share_text
from staffing.queueing import Targets, erlang_c, required_agents
from staffing.queueing.abandonment import erlang_a
from staffing.queueing.inputs import not_negative, positive
from staffing.sizing.formulas import VALUE
from staffing.sizing.loss import LossModel
from staffing.sizing.risk import rate_factor
from staffing.sizing.value import Economics, cost_optimal_agents, next_agent


@click.command("risk")
@load_options
@click.option("--spread", type=SHARE, required=True, help="Standard deviation of the rate, of its mean: 10%.")
@click.option("--target", type=TARGET, required=True, help="Percent within a time: 80/20.")
@click.option("--patience", "patience_s", type=TIME, help="Mean patience; without it nobody hangs up.")
@calculation
def risk_command(
    contacts: float,
    interval_s: float,
    aht_s: float,
    spread: float,
    target: tuple[float, float],
    patience_s: float | None,
) -> Answer:
    """Agents that meet the target with a given probability when the forecast is uncertain.

    \b
    Example: staffing calc risk --contacts 1200 --aht 300 --spread 10% --target 80/20
    """
    positive("aht", aht_s)
    load = float(not_negative("contacts", contacts)) * aht_s / float(positive("interval", interval_s))
    dispersion = float(not_negative("spread", spread)) ** 2
    chances = np.array([0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99])
    factors = rate_factor(dispersion, chances)
    targets = Targets(service_level=target[0], answer_within_s=target[1])
    agents = required_agents(load * factors, aht_s, targets, patience_s).agents
    mean = agents.astype(float)
    found = (
        erlang_c(mean, load, aht_s, target[1])
        if patience_s is None
        else erlang_a(mean, load, aht_s, patience_s, target[1])
    )
    plain = int(required_agents(load, aht_s, targets, patience_s).agents)
    rows = [
        [share_text(p), f"{contacts * f:,.0f}", f"{n}", share_text(float(level))]
        for p, f, n, level in zip(chances, factors, agents, found.service_level, strict=True)
    ]
    records = [
        {"probability": p, "contacts": contacts * f, "agents": int(n), "service_level_at_mean": float(level)}
        for p, f, n, level in zip(chances, factors, agents, found.service_level, strict=True)
    ]
    return Answer(
        [f"Load {load:.2f} erlangs; {plain} agents for the mean of the forecast"],
        ["target met in", "contacts then", "agents", "level at the mean"],
        rows,
        {"load_erlangs": load, "agents_for_the_mean": plain, "table": records},
        "Gamma rate; the service level falls when the rate rises, so the rate's quantile is sized",
    )


@click.command("value")
@load_options
@click.option(
    "--value", "value_per_contact", type=float, required=True, help="Money lost with a lost contact."
)
@click.option("--cost", "cost_per_agent_hour", type=float, required=True, help="Cost of an agent's hour.")
@click.option("--patience", "patience_s", type=TIME, help="Loss by a constant hazard: mean patience.")
@click.option("--loss", type=SHARE, help="Loss by a constant hazard: share that leaves in every 10 s.")
@click.option(
    "--first-loss", type=SHARE, help="Loss by a multiplying hazard: share that leaves in the first 10 s,"
)
@click.option("--growth", type=SHARE, help="and the hazard's growth in every further 10 s: 20%.")
@calculation
def value_command(
    contacts: float,
    interval_s: float,
    aht_s: float,
    value_per_contact: float,
    cost_per_agent_hour: float,
    patience_s: float | None,
    loss: float | None,
    first_loss: float | None,
    growth: float | None,
) -> Answer:
    """The number of agents at which the next one stops paying.

    \b
    Example: staffing calc value --contacts 150 --interval 15min --aht 300 --value 10 --cost 30 --loss 20%
             staffing calc value --contacts 150 --aht 300 --value 10 --cost 30 --first-loss 4% --growth 20%
    """
    model = _loss(patience_s, loss, first_loss, growth)
    economics = Economics(value_per_contact, cost_per_agent_hour, model)
    interval_min = float(positive("interval", interval_s)) / 60.0
    best = int(cost_optimal_agents(contacts, aht_s, interval_min, economics))
    shown = around(float(best))
    step = next_agent(shown, contacts, aht_s, interval_min, economics)
    total = step.lost * value_per_contact + shown * step.cost
    rows = [
        [
            f"{n:g}" + (" <" if n == best else ""),
            f"{step.lost[i]:.2f}",
            f"{total[i]:,.2f}",
            f"{step.saved[i]:.3f}",
            f"{step.worth[i]:,.2f}",
            f"{step.cost[i]:,.2f}",
        ]
        for i, n in enumerate(shown)
    ]
    records = [
        {
            "agents": n,
            "lost": float(step.lost[i]),
            "total_cost": float(total[i]),
            "next_agent_worth": float(step.worth[i]),
            "next_agent_cost": float(step.cost[i]),
        }
        for i, n in enumerate(shown)
    ]
    return Answer(
        [
            f"Loss: {model.name}",
            f"Load {contacts * aht_s / interval_s:.2f} erlangs; {best} agents cost least",
        ],
        ["agents", "contacts lost", "loss and agents", "next one saves", "worth", "costs"],
        rows,
        {"agents": best, "loss": model.name, "table": records},
        VALUE.source,
    )


def _loss(
    patience_s: float | None, loss: float | None, first_loss: float | None, growth: float | None
) -> LossModel:
    multiplying = first_loss is not None or growth is not None
    if (patience_s is not None) + (loss is not None) + multiplying != 1:
        raise click.UsageError("one of --patience, --loss, or --first-loss with --growth is needed")
    if patience_s is not None:
        return LossModel.exponential(patience_s)
    if loss is not None:
        return LossModel.constant(loss)
    if first_loss is None or growth is None:
        raise click.UsageError("--first-loss and --growth are given together")
    return LossModel.multiplying(first_loss, growth)
