"""The numbers that prove a roster: how often its targets hold, and where it is weakest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from staffing.sizing.path_service import PathService
from staffing.sizing.proving.differences import side_by_side
from staffing.sizing.proving.goals import USUAL, ProofRules, excesses, goals_of, judge, periods
from staffing.sizing.proving.rostered import Rostered
from staffing.sizing.proving.trail import TRAIL_COLUMNS
from staffing.sizing.proving.week_grid import WeekGrid
from staffing.sizing.targets import QueueTarget

MEASURES = ("service_level", "abandonment", "asa_s", "occupancy", "resolution_s")
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_WORST = 20


@dataclass(frozen=True)
class Proof:
    """What a roster gives over the paths of a forecast.

    Attributes
    ----------
    service
        Per queue and local day, with a row ``day = "week"``: ``queue, day, contacts, target, service_level,
        abandonment, asa_s, occupancy, resolution_s`` (totals over all paths divided by totals; NaN where a measure has
        no meaning), ``met_probability`` (share of the paths that hold every target of the queue in that period),
        ``confidence`` (what is asked of it, NaN for the mean), ``held`` (mean or confidence, within the tolerance).
    distribution
        ``queue, day, measure, mean, p05, p25, p50, p75, p95`` over the paths.
    paths
        ``path, queue, contacts, service_level, abandonment, asa_s, occupancy, resolution_s`` of the whole horizon: one
        row per path and queue, for histograms.
    worst
        The weakest intervals, most late contacts beyond the target first: ``queue, start, contacts, scheduled,
        service_level, target, late, abandonment, met_probability``; ``late`` are contacts a path that are too late
        beyond what the target allows.
    sides
        ``queue, day, measure, formula, simulation, difference, reason``: the same by formula, each slot stationary and
        each queue with the people the roster gives it; a reason where they differ by more than two points.
    trail
        Rounds of the loop, see ``Trail.table``; empty without a loop.
    assumptions
        What was taken for granted, in sentences.
    goals
        ``queue, period, measure, excess, service_level, met_probability, held``: every goal.
    rules
        When a target counts as held.
    stopped
        Why the loop ended.
    engine, path_count
        How the service was found, and over how many paths.
    cost, agent_hours
        Of the roster.
    """

    service: pd.DataFrame
    distribution: pd.DataFrame
    paths: pd.DataFrame
    worst: pd.DataFrame
    sides: pd.DataFrame
    goals: pd.DataFrame
    rules: ProofRules
    engine: str
    path_count: int
    cost: float
    agent_hours: float
    trail: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(TRAIL_COLUMNS)))
    assumptions: tuple[str, ...] = ()
    stopped: str = ""

    @property
    def held(self) -> bool:
        """Whether every goal holds within the tolerance."""
        return bool(self.goals["held"].all())

    @property
    def met_probability(self) -> dict[str, float]:
        """P(all targets met over the horizon) of each queue."""
        week = self.service[self.service["day"] == "week"]
        return dict(zip(week["queue"], week["met_probability"].astype(float), strict=True))

    def summary(self) -> str:
        """A few lines for a person."""
        missed = int((~self.goals["held"].astype(bool)).sum())
        head = "every target holds" if self.held else f"{missed} of {len(self.goals)} targets are missed"
        lines = [f"Proof by {self.engine}: {head} (tolerance {100 * self.rules.tolerance:g} points)."]
        week = self.service[self.service["day"] == "week"]
        for row in week.itertuples():
            lines.append(
                f"{row.queue}: service level {row.service_level:.1%} for {row.target:.0%}, "
                f"met on {row.met_probability:.0%} of the paths over the week"
            )
        if len(self.trail):
            rounds = "1 round" if len(self.trail) == 1 else f"{len(self.trail)} rounds"
            lines.append(f"{rounds}; {self.stopped}.")
        return "\n".join(lines)


def proof_of(
    made: Rostered,
    service: PathService,
    forecast: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    interval_min: int,
    slot_min: int,
    *,
    rules: ProofRules = USUAL,
    skills: Mapping[str, frozenset[str]] | None = None,
    assumptions: tuple[str, ...] = (),
    trail: pd.DataFrame | None = None,
    stopped: str = "",
) -> Proof:
    """Everything that a simulated service proves of a roster, without any loop.

    Parameters
    ----------
    made, service
        The roster and what it gave.
    forecast, targets, interval_min, slot_min, rules, skills, assumptions
        As for ``prove``.
    trail, stopped
        Of the loop, if there was one.

    Raises
    ------
    ValueError
        As ``prove``.
    """
    grid = WeekGrid.of(service, forecast, targets, interval_min)
    covered = grid.covered(made.coverage, slot_min)
    verdicts = judge(service, targets, goals_of(service, targets, rules), rules)
    goals = [
        {
            "queue": verdict.goal.queue,
            "period": verdict.goal.period,
            "measure": verdict.measure,
            "excess": verdict.excess,
            "service_level": verdict.level,
            "met_probability": verdict.met_probability,
            "held": verdict.excess <= rules.tolerance + 1e-9,
        }
        for verdict in verdicts
    ]
    names = ["queue", "period", "measure", "excess", "service_level", "met_probability", "held"]
    return Proof(
        service=_service(service, targets, rules),
        distribution=_distribution(service),
        paths=_paths(service),
        worst=_worst(service, targets, covered),
        sides=side_by_side(made.coverage, service, grid, forecast, targets, interval_min, slot_min, skills),
        goals=pd.DataFrame(goals, columns=names),
        rules=rules,
        engine=service.engine,
        path_count=service.paths,
        cost=made.cost,
        agent_hours=made.agent_hours,
        trail=pd.DataFrame(columns=list(TRAIL_COLUMNS)) if trail is None else trail,
        assumptions=tuple(assumptions),
        stopped=stopped,
    )


def _days_and_week(service: PathService) -> list[tuple[str, np.ndarray]]:
    days = service.local_days()
    everything = np.arange(days.size)
    return [
        *periods(service.starts, days, everything, "day"),
        *periods(service.starts, days, everything, "week"),
    ]


def _service(service: PathService, targets: Mapping[str, QueueTarget], rules: ProofRules) -> pd.DataFrame:
    rows = []
    for index, queue in enumerate(service.queues):
        target = targets[queue]
        confidence = rules.confidence_of(target)
        for name, inside in _days_and_week(service):
            together = service.together(index, inside)
            apart = excesses(target, service.measures(index, inside))
            worst = np.max(list(apart.values()), axis=0)
            if confidence is None:
                everyone = service.measures(index, inside, np.arange(service.paths))
                excess = max(float(value[0]) for value in excesses(target, everyone).values())
                held = excess <= rules.tolerance + 1e-9
            else:
                held = bool((worst <= rules.tolerance + 1e-9).mean() >= confidence - 1e-9)
            rows.append(
                {
                    "queue": queue,
                    "day": name,
                    "contacts": together["contacts"],
                    "target": target.service_level,
                    **{measure: together.get(measure, np.nan) for measure in MEASURES},
                    "met_probability": float((worst <= 1e-9).mean()),
                    "confidence": np.nan if confidence is None else confidence,
                    "held": held,
                }
            )
    return pd.DataFrame(rows)


def _distribution(service: PathService) -> pd.DataFrame:
    rows = []
    for index, queue in enumerate(service.queues):
        for name, inside in _days_and_week(service):
            found = service.measures(index, inside)
            for measure in ("contacts", *MEASURES):
                values = found.get(measure, np.zeros(0))
                values = values[np.isfinite(values)]
                if not values.size:
                    continue
                quantiles = np.quantile(values, _QUANTILES)
                rows.append((queue, name, measure, float(values.mean()), *quantiles.tolist()))
    columns = ["queue", "day", "measure", "mean", "p05", "p25", "p50", "p75", "p95"]
    return pd.DataFrame(rows, columns=columns)


def _paths(service: PathService) -> pd.DataFrame:
    parts = []
    everything = np.arange(len(service.starts))
    for index, queue in enumerate(service.queues):
        found = service.measures(index, everything)
        named = {name: found.get(name, np.full(service.paths, np.nan)) for name in ("contacts", *MEASURES)}
        parts.append(pd.DataFrame({"path": np.arange(service.paths), "queue": queue, **named}))
    return pd.concat(parts, ignore_index=True)


def _worst(service: PathService, targets: Mapping[str, QueueTarget], covered: np.ndarray) -> pd.DataFrame:
    parts = []
    for index, queue in enumerate(service.queues):
        level = targets[queue].service_level
        offered, in_time = service.levelled[:, index, :], service.in_time[:, index, :]
        volume = offered.mean(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            met = np.where(offered > 0, in_time / offered >= level - 1e-9, True).mean(axis=0)
            share = in_time.mean(axis=0) / volume
            gone = service.abandoned[:, index, :].mean(axis=0) / volume
        table = pd.DataFrame(
            {
                "queue": queue,
                "start": service.starts,
                "contacts": volume,
                "scheduled": covered[index],
                "service_level": share,
                "target": level,
                "late": level * volume - in_time.mean(axis=0),
                "abandonment": gone,
                "met_probability": met,
            }
        )
        parts.append(table[table["late"] > 1e-9])
    found = pd.concat(parts, ignore_index=True)
    return found.sort_values("late", ascending=False, kind="stable").head(_WORST).reset_index(drop=True)
