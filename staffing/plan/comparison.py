"""Response-time targets against cost: what each further point of service level is worth paying."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from schedules.design import Design
from staffing.errors import BadInput
from staffing.plan.contacts import read_contacts
from staffing.plan.forecasting import forecast_week
from staffing.plan.loading import Plan
from staffing.plan.people import read_people
from staffing.plan.rostering import design_week, week_demand
from staffing.plan.rulebook import Rulebook
from staffing.plan.scenario import AS_FORECAST, Scenario
from staffing.plan.targets import queue_targets
from staffing.sizing.evaluation import evaluate
from staffing.sizing.requirement import size
from staffing.sizing.targets import QueueTarget

COMPARISON_COLUMNS = [
    "scenario", "target", "queue", "agents", "paid_hours", "cost", "service_level", "plan_level", "abandonment",
    "price_of_next_point", "bound_gap",
]  # fmt: skip
ALL_QUEUES = "all"


@dataclass(frozen=True)
class Target:
    """A service level within an answer threshold, as ``80/20``."""

    service_level: float
    answer_within_s: float

    def __str__(self) -> str:
        return f"{self.service_level * 100:g}/{self.answer_within_s:g}"


def parse_targets(text: str) -> list[Target]:
    """Read ``70/30,80/20,90/10``: percent within seconds.

    Raises
    ------
    BadInput
        Something else.
    """
    targets = []
    for part in text.split(","):
        try:
            percent, seconds = (float(number) for number in part.split("/"))
        except ValueError:
            percent, seconds = math.nan, math.nan
        if not (0 < percent < 100 and 0 <= seconds < math.inf):
            raise BadInput(
                "not targets", field="--targets", value=text,
                accepted="percent/seconds, such as 70/30,80/20,90/10 with 0 < percent < 100",
            )  # fmt: skip
        targets.append(Target(percent / 100, seconds))
    return targets


@dataclass(frozen=True)
class Comparison:
    """Rows per scenario, target and queue, and ``all`` for the whole plan.

    ``agents`` of ``all`` are the people whose contracts hold the paid hours; of a queue, its peak
    requirement. Paid hours and cost come from designed shifts with their breaks and premiums,
    pooled over the queues; a queue's share of them follows its required hours. ``service_level`` is
    measured at the row's own answer threshold, ``plan_level`` at the plan's, so that rows with
    different thresholds can be compared; the price of the next point is per point of ``plan_level``.
    """

    table: pd.DataFrame
    notes: tuple[str, ...]


def compare(
    plan: Plan,
    targets: Sequence[Target],
    scenarios: Sequence[Scenario],
    queues: Sequence[str],
    on_progress: Callable[[str], None],
) -> Comparison:
    """Size and design the plan's week for every target under every scenario.

    Parameters
    ----------
    targets
        Laid over the live queues named in ``queues``; the others keep the plan's targets.
    queues
        Names; empty means all live queues (phone and chat).
    """
    known = queue_targets(plan)
    for name in queues:
        if name not in known:
            raise BadInput("unknown queue", field="--queue", value=name, accepted=", ".join(known))
    varied = [name for name in (queues or known) if not known[name].may_wait]
    if not varied:
        raise BadInput(
            "no queue answers within seconds", field="--queue", value=", ".join(queues or known),
            accepted="a phone or chat queue",
        )  # fmt: skip
    contacts = read_contacts(plan)
    people = read_people(plan, contacts.week_start)
    hours_each = float(np.mean([agent.contract.max_hours for agent in people.agents]))
    forecast = forecast_week(plan, contacts, on_progress).forecast
    rows: list[dict[str, object]] = []
    for scenario in (AS_FORECAST, *scenarios):
        expected = scenario.forecast(forecast)
        for target in targets:
            on_progress(f"{scenario.name}: {target}")
            chosen = scenario.targets(
                {
                    name: replace(
                        known[name],
                        service_level=target.service_level,
                        answer_within_s=target.answer_within_s,
                    )
                    if name in varied
                    else known[name]
                    for name in known
                }
            )
            case = _Case(scenario.name, str(target), expected, chosen, scenario.targets(known))
            rows.extend(_rows(plan, people.rulebook, case, varied, hours_each))
    table = _with_next_point(pd.DataFrame(rows))
    notes = (
        f"Targets apply to {', '.join(varied)}; other queues keep the plan's own.",
        f"Agents in total: people at {hours_each:.1f} h a week, the mean of this plan's contracts.",
        "Cost is wages and premiums of the cheapest shifts that cover the week, before names, contract hours, "
        "leave and wishes; a roster of named people costs more.",
    )
    return Comparison(table[COMPARISON_COLUMNS], notes)


@dataclass(frozen=True)
class _Case:
    scenario: str
    target: str
    forecast: pd.DataFrame
    targets: Mapping[str, QueueTarget]
    yardstick: Mapping[str, QueueTarget]


def _rows(
    plan: Plan, book: Rulebook, case: _Case, varied: Sequence[str], hours_each: float
) -> list[dict[str, object]]:
    interval_min = plan.settings.plan.interval_min
    try:
        requirement = size(case.forecast, case.targets, interval_min)
    except ValueError as error:
        raise BadInput(
            str(error), field="--targets", value=case.target, accepted="targets that staff can reach"
        ) from None
    demand = week_demand(plan, requirement)
    shifts = design_week(plan, book, demand, lambda _: None)
    staff = _allotted(demand.queues, demand.starts, demand.required, shifts)
    week = _week_service(staff, case.forecast, case.targets, interval_min, demand.slot_min)
    plan_week = _week_service(staff, case.forecast, case.yardstick, interval_min, demand.slot_min)
    among = week.index.isin(varied)
    paid_hours = float((shifts.table["paid_h"] * shifts.table["agents"]).sum())
    paid = shifts.cost_parts["wages"] + shifts.cost_parts["premiums"]
    required_hours = dict(zip(demand.queues, demand.required.sum(axis=1) * demand.slot_min / 60, strict=True))
    total = sum(required_hours.values()) or 1.0
    volume = week["contacts"][among]
    row = {"scenario": case.scenario, "target": case.target, "bound_gap": shifts.gap}
    rows: list[dict[str, object]] = [
        {
            **row,
            "queue": ALL_QUEUES,
            "agents": math.ceil(paid_hours / hours_each - 1e-9),
            "paid_hours": paid_hours,
            "cost": paid,
            "service_level": _weighted(week["service_level"][among], volume),
            "plan_level": _weighted(plan_week["service_level"][among], volume),
            "abandonment": _weighted(week["abandonment"][among], volume),
        }
    ]
    for position, queue in enumerate(demand.queues):
        share = required_hours[queue] / total
        rows.append(
            {
                **row,
                "queue": queue,
                "agents": math.ceil(demand.required[position].max() - 1e-9),
                "paid_hours": paid_hours * share,
                "cost": paid * share,
                "service_level": float(week["service_level"][queue]),
                "plan_level": float(plan_week["service_level"][queue]),
                "abandonment": float(week["abandonment"][queue]),
            }
        )
    return rows


def _week_service(
    staff: pd.DataFrame,
    forecast: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    interval_min: int,
    slot_min: int,
) -> pd.DataFrame:
    _, service = evaluate(staff, forecast, targets, interval_min, slot_min)
    return service[service["day"] == "week"].set_index("queue")


def _weighted(values: pd.Series, weights: pd.Series) -> float:
    known = values.notna()
    if not known.any() or weights[known].sum() == 0:
        return math.nan
    return float((values[known] * weights[known]).sum() / weights[known].sum())


def _allotted(
    queues: Sequence[str], starts: pd.DatetimeIndex, required: np.ndarray, shifts: Design
) -> pd.DataFrame:
    """Share the pooled staff of a design out to the queues in proportion to their requirement."""
    total = required.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(total > 0, required / total, 0.0)
    staff = share * shifts.coverage[: len(starts)]
    return pd.DataFrame(
        {
            "queue": np.repeat(queues, len(starts)),
            "start": starts.append([starts] * (len(queues) - 1)) if len(queues) > 1 else starts,
            "scheduled": staff.ravel(),
        }
    )


def _with_next_point(table: pd.DataFrame) -> pd.DataFrame:
    """Price of one further percentage point: the step to the next better row of the same scenario and queue."""
    table = table.assign(price_of_next_point=math.nan)
    for _, group in table.groupby(["scenario", "queue"], sort=False):
        order = group.sort_values("plan_level", kind="stable")
        level, cost = order["plan_level"].to_numpy(), order["cost"].to_numpy()
        for position in range(len(order) - 1):
            points = 100 * (level[position + 1] - level[position])
            if points > 1e-9:
                price = (cost[position + 1] - cost[position]) / points
                table.loc[order.index[position], "price_of_next_point"] = price
    return table
