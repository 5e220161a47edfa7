"""Everything that one run of a plan found, for the files, the report and the comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from schedules.agents import Agent
from schedules.check import CheckReport
from schedules.design import Design
from schedules.fairness import Balance
from schedules.roster import Roster
from schedules.rules import Prices, Rules
from staffing.plan.money import paid
from staffing.sizing.proving.proof import Proof
from staffing.sizing.targets import QueueTarget


def no_corrections() -> pd.DataFrame:
    """The corrections of a requirement that was rostered as it is."""
    return pd.DataFrame({"queue": [], "start": [], "sized": [], "asked": []})


def judged_service(service: pd.DataFrame, proof: Proof | None) -> pd.DataFrame:
    """A roster's service by formula, or as it was simulated, with the columns of ``service``."""
    return service if proof is None else proof.service.rename(columns={"held": "met"})


@dataclass(frozen=True)
class PlanResult:
    """A planned week.

    Attributes
    ----------
    name, currency, timezone
        Heading of the report, the money's symbol or code, the IANA zone of every time.
    week_start, week_end
        First local midnight of the week and the one after its last day.
    interval_min, slot_min
        Length of a forecast interval and of a roster slot.
    targets
        Targets per queue, in the plan's order.
    history
        ``queue, start, contacts, handled, aht_s, open`` on the regular grid; missing is NaN.
    cleaning
        ``queue, finding, count, detail``: gaps, outliers, closed hours, clock changes, holidays …
    forecast
        ``queue, start, contacts, contacts_p025, contacts_p10, contacts_p50, contacts_p90,
        contacts_p975, dispersion_interval, dispersion_day, aht_s, open, model``.
    leaderboard
        ``queue, model, wape, bias, coverage_80, origins, chosen, reason``: the backtest.
    beside
        Tables beside the forecast by name, each documented in ``staffing.files.schemas``: ``explanation``,
        ``exclusions``, ``totals``, ``score``; empty where only later stages were run.
    requirement
        ``queue, start, contacts, aht_s, load_erlangs, agents, agents_whole, scheduled,
        service_level, asa_s, occupancy, abandonment, binding_target, model``.
    corrections
        Where the proof asked for other people than ``requirement`` says: ``queue, start, sized, asked``, people on
        shift; empty without a proof.
    coverage
        Per roster slot: ``queue, start, required, scheduled, gap, service_level, asa_s, occupancy, abandonment``.
    service
        Per queue and local day, with a row ``day = "week"``: ``queue, day, contacts, target,
        service_level, asa_s, occupancy, abandonment, met``; NaN where a measure has no meaning.
    design, roster, check
        The anonymous shifts, the named roster, the independent check.
    proof
        What the simulation of the roster says; ``None`` where it was not asked for.
    balance
        Hours, weekends, late and night shifts and refused wishes per person, the past carried in.
    activities
        Names of the meetings and trainings that the plan asks for.
    notes
        Sentences that the reader must know: fallbacks, limits that struck, models that are simple.
    """

    name: str
    currency: str
    timezone: str
    week_start: pd.Timestamp
    week_end: pd.Timestamp
    interval_min: int
    slot_min: int
    targets: Mapping[str, QueueTarget]
    history: pd.DataFrame
    cleaning: pd.DataFrame
    forecast: pd.DataFrame
    leaderboard: pd.DataFrame
    requirement: pd.DataFrame
    coverage: pd.DataFrame
    service: pd.DataFrame
    agents: tuple[Agent, ...]
    rules: Rules
    prices: Prices
    design: Design
    roster: Roster
    check: CheckReport
    proof: Proof | None = None
    corrections: pd.DataFrame = field(default_factory=no_corrections)
    notes: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    balance: Balance | None = None
    beside: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    seed: int = 0
    timings_s: Mapping[str, float] = field(default_factory=dict)

    @property
    def judged_service(self) -> pd.DataFrame:
        """The service by which the plan is judged, with the columns of ``service``: simulated where it was proved."""
        return judged_service(self.service, self.proof)

    @property
    def paid_cost(self) -> float:
        """Money that is really paid: wages, premiums, overtime and fees per shift."""
        return paid(self.roster.cost_parts)
