"""Made-up planned weeks for the report's tests: any size, no solver, hostile names on demand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from schedules.agents import Absence, Agent, Contract
from schedules.check import CheckReport, Violation
from schedules.design import Design
from schedules.roster import Roster
from schedules.rules import Prices, Rules
from staffing.plan.result import PlanResult
from staffing.sizing.path_service import PathService
from staffing.sizing.proving import Proof, ProofRules, Rostered, proof_of
from staffing.sizing.proving.trail import TRAIL_COLUMNS
from staffing.sizing.targets import QueueTarget

HOSTILE = ("<script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "O'Brien & Söhne </style>{{ 7*7 }}")
CONTRACTS = (
    Contract("full time", ("early", "late"), 35.0, 40.0, 4, 5, 21.5),
    Contract("part time", ("early", "late"), 18.0, 25.0, 3, 4, 20.0),
)
QUEUES = (
    QueueTarget(
        "Phone", "phone", 0.80, 20.0, patience_s=90.0, shrinkage=0.12, max_occupancy=0.88, min_agents=2
    ),
    QueueTarget(
        "Chat", "chat", 0.80, 30.0, concurrency=3, aht_s_by_concurrency=(400.0, 520.0, 640.0), shrinkage=0.10
    ),
    QueueTarget("Tickets", "ticket", 0.90, resolve_within_h=8.0, shrinkage=0.10),
)
_SHARES = (0.55, 0.25, 0.20)


def _shape(starts: pd.DatetimeIndex) -> np.ndarray:
    """Two humps between 08:00 and 20:00, weaker at the weekend, closed on Sunday."""
    hour = starts.hour + starts.minute / 60
    humps = np.exp(-((hour - 10.5) ** 2) / 5) + 0.75 * np.exp(-((hour - 15.5) ** 2) / 7)
    open_now = (hour >= 8) & (hour < 20) & (starts.day_of_week < 6)
    return np.asarray(humps * np.where(starts.day_of_week == 5, 0.45, 1.0) * open_now, dtype=float)


def planned_week(
    people: int = 24,
    *,
    names: tuple[str, ...] = (),
    first_day: date = date(2025, 3, 3),
    timezone: str = "Europe/Berlin",
    violations: int = 0,
    missed: bool = True,
    proved: bool = False,
    queues: tuple[QueueTarget, ...] = QUEUES,
    weeks_of_history: int = 60,
    seed: int = 0,
) -> PlanResult:
    """A week for ``people`` agents; ``names`` replace the first names, in agents and the plan's name."""
    rng = np.random.default_rng(seed)
    start = pd.Timestamp(first_day).tz_localize(timezone)
    end = pd.Timestamp(first_day + timedelta(days=7)).tz_localize(timezone)
    agents = _agents(people, names, first_day, timezone)
    slots = pd.date_range(start, end, freq="15min", inclusive="left")
    intervals = pd.date_range(start, end, freq="30min", inclusive="left")
    roster_table = _roster_table(agents, first_day, timezone, queues, rng)
    peak = people * 0.34
    coverage = _coverage(roster_table, slots, queues, peak, missed)
    forecast, requirement, history = _numbers(
        intervals, queues, peak, weeks_of_history, first_day, timezone, rng
    )
    service = _service(coverage, forecast, queues)
    cost_parts, wishes = (
        _cost_parts(roster_table, agents, coverage),
        _wishes(agents, roster_table, first_day, rng),
    )
    cost_parts["refused_wishes"] = (
        float(wishes.loc[~wishes["granted"].astype(bool), "weight"].sum()) if len(wishes) else 0.0
    )
    cost = sum(cost_parts.values())
    trail = pd.DataFrame(
        {
            "step": range(30),
            "cost": cost * (1 + 0.15 * np.exp(-np.arange(30) / 4.0)),
            "bound": cost * (0.979 - 0.1 * np.exp(-np.arange(30) / 6.0)),
        }
    )
    short = coverage[["queue", "start", "required", "scheduled", "gap"]]
    roster = Roster(
        roster_table,
        cost,
        cost * 0.979,
        "feasible",
        cost_parts,
        wishes,
        short,
        trail,
        ("Two shift starts were moved to the grid.",),
    )
    rules = pd.DataFrame(
        {
            "rule": [
                "rest",
                "consecutive days",
                "contract hours",
                "contract days",
                "availability",
                "skills",
                "breaks",
            ],
            "checked": [people * 4, people, people, people, people * 5, people * 12, people * 15],
            "broken": [violations, 0, 0, 0, 0, 0, 0],
        }
    )
    broken = tuple(
        Violation(
            "rest", agents[k % people].id, start + pd.Timedelta(days=k % 7), "9 h 30 min", "at least 11 h"
        )
        for k in range(violations)
    )
    return PlanResult(
        name=names[0] if names else "Service centre North",
        currency="€",
        timezone=timezone,
        week_start=start,
        week_end=end,
        interval_min=30,
        slot_min=15,
        targets={target.queue: target for target in queues},
        history=history,
        cleaning=pd.DataFrame(
            [
                (queues[0].queue, "gap", 14, "Tue 11 Feb 2025, 09:00–16:00: nothing was recorded"),
                (queues[0].queue, "clock change", 2, "2024-03-31 and 2024-10-27"),
                (
                    queues[-1].queue,
                    "outlier",
                    3,
                    names[-1] if names else "three times the usual volume on 2 Dec 2024",
                ),
            ],
            columns=["queue", "finding", "count", "detail"],
        ),
        forecast=forecast,
        leaderboard=_leaderboard(queues),
        requirement=requirement,
        coverage=coverage,
        service=service,
        agents=agents,
        rules=Rules(max_start_spread_min=120),
        prices=Prices(),
        design=_design(roster_table, cost),
        roster=roster,
        check=CheckReport(broken, rules, cost, cost_parts, short, wishes),
        proof=_proof(coverage, forecast, queues, cost, rng) if proved else None,
        notes=(
            "Tickets are sized by deadline on the opening-hours clock with a simple backlog model.",
            f"{queues[0].queue}: forecast for a week with a public holiday in one state.",
        ),
        seed=seed,
    )


def _proof(
    coverage: pd.DataFrame,
    forecast: pd.DataFrame,
    queues: tuple[QueueTarget, ...],
    cost: float,
    rng: np.random.Generator,
) -> Proof:
    """Sixty courses whose contacts vary by a tenth and whose service varies with them."""
    paths, starts = 60, pd.DatetimeIndex(forecast["start"].drop_duplicates())
    shape = (paths, len(queues), len(starts))
    mean = np.stack([forecast.loc[forecast["queue"] == q.queue, "contacts"].to_numpy() for q in queues])
    luck = rng.normal(1.0, 0.1, (paths, 1, 1))
    offered = np.round(mean[None] * np.maximum(luck, 0.3))
    level = np.clip(rng.normal(0.83, 0.03, shape) - 0.6 * (luck - 1.0), 0.0, 1.0)
    service = PathService(
        queues=tuple(q.queue for q in queues),
        starts=starts,
        offered=offered,
        in_time=offered * level,
        abandoned=offered * 0.04,
        wait_s=offered * 22.0,
        busy_h=offered * 0.05,
        staffed_h=offered * 0.065,
        resolution_s=offered * 260.0,
        engine=f"simulation, {paths} paths, seed 1",
    )
    trail = pd.DataFrame(
        [(1, 900.0, cost, 4, 0.05, "Phone 2025-03-03: service_level", 0.4, "Phone 77.0%", 12.0, 0.0, HOSTILE[0], False),
         (2, 905.0, cost, 0, -0.01, "Phone 2025-03-03: service_level", 0.7, "Phone 81.0%", 0.0, 0.0, "", True)],
        columns=list(TRAIL_COLUMNS),
    )  # fmt: skip
    return proof_of(
        Rostered(None, coverage[["queue", "start", "scheduled"]], cost, 905.0),
        service,
        forecast,
        {target.queue: target for target in queues},
        30,
        15,
        rules=ProofRules(over="day"),
        assumptions=("Handling times are exponential.", HOSTILE[1]),
        trail=trail,
        stopped="all targets hold",
    )


def _agents(people: int, names: tuple[str, ...], first_day: date, timezone: str) -> tuple[Agent, ...]:
    made = []
    for k in range(people):
        name = names[k] if k < len(names) else f"agent-{k + 1:04d}"
        day = first_day + timedelta(days=k % 6)
        absence = Absence(
            pd.Timestamp(day).tz_localize(timezone),
            pd.Timestamp(day + timedelta(days=1)).tz_localize(timezone),
            "training",
        )
        made.append(
            Agent(
                name,
                CONTRACTS[k % 4 == 3],
                frozenset(["Phone", "Chat", "Tickets"]),
                leave=frozenset([day]) if k % 11 == 5 else frozenset(),
                days_off=frozenset([first_day + timedelta(days=6)]) if k % 5 == 0 else frozenset(),
                absences=(absence,) if k % 13 == 7 else (),
            )
        )
    return tuple(made)


def _roster_table(
    agents: tuple[Agent, ...],
    first_day: date,
    timezone: str,
    queues: tuple[QueueTarget, ...],
    rng: np.random.Generator,
) -> pd.DataFrame:
    rows = []
    for k, agent in enumerate(agents):
        length = 510 if agent.contract is CONTRACTS[0] else 360
        start_min = (0 if k % 2 else 150) + 15 * int(rng.integers(0, 15)) + 450
        for d in range(6):
            day = first_day + timedelta(days=d)
            if day in agent.leave or agent.absences or (d + k) % 6 == 0 or (d == 5 and k % 2):
                continue
            begin = pd.Timestamp(day).tz_localize(timezone) + pd.Timedelta(minutes=start_min)
            kind = "early" if k % 2 else "late"
            shift_id = f"{day}-{kind}-{begin:%H%M}-{length}"
            lunch = 240 + 15 * int(rng.integers(-2, 3))
            cuts = [
                (0, 105, "work"),
                (105, 120, "break"),
                (120, lunch, "work"),
                (lunch, lunch + 30, "lunch"),
                (lunch + 30, length, "work"),
            ]
            for n, (a, b, activity) in enumerate(cuts):
                queue = queues[min(k % 9 // 4 + n // 4, len(queues) - 1)].queue if activity == "work" else ""
                rows.append(
                    (
                        agent.id,
                        begin + pd.Timedelta(minutes=a),
                        begin + pd.Timedelta(minutes=b),
                        activity,
                        activity != "lunch",
                        queue,
                        shift_id,
                    )
                )
    return pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "paid", "queue", "shift_id"])


def _coverage(
    table: pd.DataFrame, slots: pd.DatetimeIndex, queues: tuple[QueueTarget, ...], peak: float, missed: bool
) -> pd.DataFrame:
    frames = []
    for target, share in zip(queues, _SHARES, strict=False):
        mine = table[(table["activity"] == "work") & (table["queue"] == target.queue)]
        scheduled = np.zeros(len(slots))
        for a, b in zip(slots.searchsorted(mine["start"]), slots.searchsorted(mine["end"]), strict=True):
            scheduled[a:b] += 1
        required = np.ceil(_shape(slots) * peak * share * (1.0 if missed else 0.3))
        ratio = np.divide(scheduled, required, out=np.ones(len(slots)), where=required > 0)
        level = np.where(required > 0, np.clip(0.86 * np.minimum(ratio, 1.1) ** 1.5, 0, 0.995), np.nan)
        ticket = target.channel == "ticket"
        frames.append(
            pd.DataFrame(
                {
                    "queue": target.queue,
                    "start": slots,
                    "required": required,
                    "scheduled": scheduled,
                    "gap": scheduled - required,
                    "service_level": np.nan if ticket else level,
                    "asa_s": np.nan if ticket else 40 * (1.2 - level),
                    "occupancy": np.where(required > 0, np.clip(0.8 / np.maximum(ratio, 0.5), 0, 1), np.nan),
                    "abandonment": 0.1 * (1 - level) if target.patience_s else np.nan,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _numbers(
    intervals: pd.DatetimeIndex,
    queues: tuple[QueueTarget, ...],
    peak: float,
    weeks: int,
    first_day: date,
    timezone: str,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    past = pd.date_range(
        pd.Timestamp(first_day - timedelta(weeks=weeks)).tz_localize(timezone),
        pd.Timestamp(first_day).tz_localize(timezone),
        freq="30min",
        inclusive="left",
    )
    forecasts, requirements, histories = [], [], []
    for target, share in zip(queues, _SHARES, strict=False):
        mean = _shape(intervals) * peak * share * 4.2
        spread = np.sqrt(mean * 1.6)
        aht = np.where(mean > 0, 300 + 20 * np.sin(intervals.hour / 24 * 6.28), np.nan)
        model = "two-level" if target.channel != "ticket" else "same-weekday mean"
        forecasts.append(
            pd.DataFrame(
                {
                    "queue": target.queue,
                    "start": intervals,
                    "contacts": mean,
                    "contacts_p025": np.maximum(mean - 1.96 * spread, 0),
                    "contacts_p10": np.maximum(mean - 1.28 * spread, 0),
                    "contacts_p50": mean,
                    "contacts_p90": mean + 1.28 * spread,
                    "contacts_p975": mean + 1.96 * spread,
                    "dispersion_interval": 1.6,
                    "dispersion_day": 1.1,
                    "aht_s": aht,
                    "open": mean > 0,
                    "model": model,
                }
            )
        )
        agents = np.ceil(_shape(intervals) * peak * share * 0.88)
        requirements.append(
            pd.DataFrame(
                {
                    "queue": target.queue,
                    "start": intervals,
                    "contacts": mean,
                    "aht_s": aht,
                    "load_erlangs": mean * np.nan_to_num(aht) / 1800,
                    "agents": agents - 0.4 * (agents > 0),
                    "agents_whole": agents,
                    "scheduled": np.ceil(agents / (1 - target.shrinkage)),
                    "service_level": np.where(agents > 0, 0.83, np.nan),
                    "asa_s": 12.0,
                    "occupancy": 0.82,
                    "abandonment": np.nan,
                    "binding_target": np.where(
                        agents > 4, "service_level", np.where(agents > 0, "max_occupancy", "closed")
                    ),
                    "model": {
                        "phone": "Erlang A",
                        "chat": "chat, concurrency 3",
                        "ticket": "deadline backlog",
                    }[target.channel],
                }
            )
        )
        counts = rng.poisson(_shape(past) * peak * share * 4.2).astype(float)
        gap = (past >= past[-1] - pd.Timedelta(days=20)) & (past < past[-1] - pd.Timedelta(days=19.6))
        counts[gap] = np.nan
        histories.append(
            pd.DataFrame(
                {
                    "queue": target.queue,
                    "start": past,
                    "contacts": counts,
                    "handled": counts,
                    "aht_s": 300.0,
                    "open": _shape(past) > 0,
                }
            )
        )
    return tuple(pd.concat(frames, ignore_index=True) for frames in (forecasts, requirements, histories))  # type: ignore[return-value]


def _service(coverage: pd.DataFrame, forecast: pd.DataFrame, queues: tuple[QueueTarget, ...]) -> pd.DataFrame:
    rows = []
    for target in queues:
        cover = coverage[coverage["queue"] == target.queue]
        volume = forecast[forecast["queue"] == target.queue]
        days = list(dict.fromkeys(t.date() for t in cover["start"]))
        for day in (*days, "week"):
            mine = cover if day == "week" else cover[[t.date() == day for t in cover["start"]]]
            contacts = float(
                (volume if day == "week" else volume[[t.date() == day for t in volume["start"]]])[
                    "contacts"
                ].sum()
            )
            level = (
                0.93
                if target.channel == "ticket" and contacts
                else float(mine["service_level"].mean())
                if contacts
                else np.nan
            )
            met = None if not np.isfinite(level) else bool(level >= target.service_level)
            rows.append(
                (
                    target.queue,
                    str(day),
                    contacts,
                    target.service_level,
                    level,
                    float(mine["asa_s"].mean()) if contacts else np.nan,
                    float(mine["occupancy"].mean()) if contacts else np.nan,
                    float(mine["abandonment"].mean()) if contacts else np.nan,
                    met,
                )
            )
    columns = [
        "queue",
        "day",
        "contacts",
        "target",
        "service_level",
        "asa_s",
        "occupancy",
        "abandonment",
        "met",
    ]
    return pd.DataFrame(rows, columns=columns)


def _cost_parts(table: pd.DataFrame, agents: tuple[Agent, ...], coverage: pd.DataFrame) -> dict[str, float]:
    wage = {agent.id: agent.contract.cost_per_hour for agent in agents}
    length = (table["end"] - table["start"]) / pd.Timedelta(hours=1) * table["paid"]
    wages = float((length * table["agent"].map(wage)).sum())
    gap = coverage["gap"].to_numpy() * 0.25
    return {
        "wages": wages,
        "premiums": wages * 0.031,
        "shortage": float(-gap[gap < 0].sum() * 75),
        "surplus": float(gap[gap > 0].sum() * 5),
    }


def _wishes(
    agents: tuple[Agent, ...], table: pd.DataFrame, first_day: date, rng: np.random.Generator
) -> pd.DataFrame:
    rows = []
    for k, agent in enumerate(agents):
        if k % 3:
            continue
        day = first_day + timedelta(days=int(rng.integers(0, 6)))
        granted = k % 12 != 9
        kind, time_min = (("day_off", np.nan), ("start_from", 540.0), ("start_until", 840.0))[k // 3 % 3]
        reason = (
            ""
            if granted
            else f"granting it would cost 42.10 more: {agent.id} covers the peak of Phone at 10:00"
        )
        rows.append((agent.id, kind, day, time_min, 25.0 + 5 * (k % 4), granted, reason))
    return pd.DataFrame(rows, columns=["agent", "kind", "day", "time_min", "weight", "granted", "reason"])


def _leaderboard(queues: tuple[QueueTarget, ...]) -> pd.DataFrame:
    rows = []
    for k, target in enumerate(queues):
        rows += [
            (
                target.queue,
                "two-level",
                0.112 + 0.02 * k,
                -0.006,
                0.79,
                8,
                k < 2,
                "smallest error over 8 past weeks" if k < 2 else "",
            ),
            (
                target.queue,
                "same-weekday mean",
                0.137 - 0.02 * k,
                0.011,
                0.83,
                8,
                k >= 2,
                "smallest error over 8 past weeks" if k >= 2 else "",
            ),
            (target.queue, "combination", np.nan, np.nan, np.nan, 0, False, ""),
        ]
    return pd.DataFrame(
        rows, columns=["queue", "model", "wape", "bias", "coverage_80", "origins", "chosen", "reason"]
    )


def _design(table: pd.DataFrame, cost: float) -> Design:
    whole = (
        table.groupby(["agent", "shift_id"], sort=False)
        .agg(start=("start", "min"), end=("end", "max"))
        .reset_index()
    )
    whole["kind"] = whole["shift_id"].str.split("-").str[3]
    counted = whole.groupby(["shift_id", "kind", "start", "end"], as_index=False).agg(
        agents=("agent", "size")
    )
    counted["paid_h"] = (counted["end"] - counted["start"]) / pd.Timedelta(hours=1) - 0.5
    return Design(counted, cost * 0.96, cost * 0.955, "feasible", np.zeros(672), {"wages": cost * 0.9}, ())


def comparison_table(hostile: bool = False) -> pd.DataFrame:
    """Two scenarios and three targets with totals and one queue, the last price unknown."""
    rows = []
    for scenario, factor in (("as forecast", 1.0), (HOSTILE[0] if hostile else "volume +10 %", 1.09)):
        for target, level, cost in (
            ("70/30", 0.742, 41200.0),
            ("80/20", 0.823, 43950.0),
            ("90/10", 0.917, 49800.0),
        ):
            price = {"70/30": 339.5, "80/20": 622.3}.get(target, np.nan)
            for queue, share in (("all", 1.0), ("Phone", 0.7)):
                rows.append(
                    (
                        scenario,
                        target,
                        queue,
                        round(58 * factor * share * (0.6 + level / 2)),
                        1960 * factor * share,
                        cost * factor * share,
                        level,
                        0.041 if queue == "Phone" else np.nan,
                        price * factor,
                    )
                )
    columns = [
        "scenario",
        "target",
        "queue",
        "agents",
        "paid_hours",
        "cost",
        "service_level",
        "abandonment",
        "price_of_next_point",
    ]
    return pd.DataFrame(rows, columns=columns)
