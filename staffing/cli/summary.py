"""The end of a planning command: what was found, in words a person can read."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from staffing.batch.unit import Outcome
from staffing.cli.terminal import Terminal
from staffing.plan.money import paid_hours, paid_words, weighed_words
from staffing.plan.result import PlanResult
from staffing.report.parts.proof import gap_words
from staffing.report.quantities import duration

_EXPECTED = ["queue", "contacts", "target", "expected", "wait of the answered"]
_PROVED = [
    "queue",
    "contacts",
    "target",
    "simulated",
    "wait of the answered",
    "holds",
    "met in",
    "by formula",
]


def show_outcome(outcome: Outcome, terminal: Terminal) -> int:
    """Print the outcome of a plan and return its exit code."""
    result = outcome.result
    roster = result.roster
    shifts = roster.table[["agent", "shift_id"]].drop_duplicates()
    # A day before in calendar days: the week's last day may have 23 or 25 hours.
    last_day = result.week_end - pd.DateOffset(days=1)
    terminal.text(
        f"{result.name} · {result.week_start:%a %d %b} to {last_day:%a %d %b %Y} ({result.timezone})"
    )
    terminal.text()
    terminal.table(
        [*_EXPECTED, "target met"] if result.proof is None else _PROVED,
        _service_rows(result),
        f"Service {'expected' if result.proof is None else 'simulated'} over the week",
    )
    terminal.text()
    terminal.text(
        f"Roster    {shifts['agent'].nunique()} of {len(result.agents)} people, {len(shifts)} shifts, "
        f"{paid_hours(result.roster.table):,.1f} paid hours, {result.paid_cost:,.2f} {result.currency} of "
        f"{paid_words(roster.cost_parts)}"
    )
    terminal.text(
        f"Priced    {weighed_words(roster.cost_parts)}: {roster.cost:,.2f} {result.currency} in all"
    )
    required = float(result.coverage["required"].sum()) * result.slot_min / 60
    gap_h = result.coverage["gap"] * (result.slot_min / 60)
    terminal.text(
        f"Coverage  {required:,.1f} agent-hours required at work, {abs(gap_h.clip(upper=0).sum()):,.1f} missing, "
        f"{gap_h.clip(lower=0).sum():,.1f} too many"
    )
    terminal.text(f"Proof     {gap_words(roster.cost, roster.bound)} under these rules")
    if result.proof is not None:
        rounds = len(result.proof.trail)
        held = "every target holds" if result.proof.held else "not every target holds"
        terminal.text(
            f"Played    through {result.proof.path_count} courses of the forecast: {held}"
            + (f"; {rounds} round{'s' if rounds != 1 else ''}, {result.proof.stopped}" if rounds else "")
        )
    if result.check.ok:
        terminal.text(
            f"Check     {int(result.check.rules['checked'].sum()):,} checks of the rules, none broken"
        )
    else:
        terminal.text(
            f"Check     {_broken(len(result.check.violations))}, the first: {result.check.violations[0]}"
        )
    if len(roster.wishes):
        terminal.text(f"Wishes    {int(roster.wishes['granted'].sum())} of {len(roster.wishes)} granted")
    for note in result.notes:
        terminal.text(f"Note      {note}")
    for miss in outcome.misses:
        terminal.text(f"Missed    {miss}")
    if outcome.folder is not None:
        terminal.text(f"Report    {outcome.folder / 'report.html'}")
    terminal.data(as_document(outcome))
    return outcome.exit_code


def as_document(outcome: Outcome) -> dict[str, Any]:
    """The outcome as JSON."""
    result = outcome.result
    week = result.service[result.service["day"] == "week"]
    return {
        "name": result.name,
        "week": result.week_start.date().isoformat(),
        "folder": None if outcome.folder is None else str(outcome.folder),
        "currency": result.currency,
        "cost": result.paid_cost,
        "objective": result.roster.cost,
        "bound": _number(result.roster.bound),
        "gap": _number(result.roster.gap),
        "status": result.roster.status,
        "cost_parts": dict(result.roster.cost_parts),
        "paid_hours": paid_hours(result.roster.table),
        "rules_broken": len(result.check.violations),
        "wishes": len(result.roster.wishes),
        "wishes_granted": int(result.roster.wishes["granted"].sum()) if len(result.roster.wishes) else 0,
        "service": [
            {
                "queue": row["queue"],
                **{
                    name: _number(row[name])
                    for name in ("contacts", "target", "service_level", "asa_s", "abandonment")
                },
                "met": bool(row["met"]),
            }
            for row in week.to_dict("records")
        ],
        "proof": _proof_document(result),
        "notes": list(result.notes),
        "missed": list(outcome.misses),
        "exit_code": outcome.exit_code,
    }


def _proof_document(result: PlanResult) -> dict[str, Any] | None:
    proof = result.proof
    if proof is None:
        return None
    week = proof.service[proof.service["day"] == "week"]
    names = ("contacts", "target", "service_level", "abandonment", "asa_s", "occupancy", "met_probability")
    return {
        "held": proof.held,
        "paths": proof.path_count,
        "rounds": len(proof.trail),
        "stopped": proof.stopped,
        "queues": [
            {
                "queue": row["queue"],
                **{name: _number(row[name]) for name in names},
                "held": bool(row["held"]),
            }
            for row in week.to_dict("records")
        ],
    }


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _service_rows(result: PlanResult) -> list[list[str]]:
    """Per queue: as simulated, how often held and by formula; or as expected by formula, and whether that is enough."""
    service = result.judged_service
    formula = result.service[result.service["day"] == "week"].set_index("queue")["service_level"]
    rows = []
    for row in service[service["day"] == "week"].to_dict("records"):
        target = result.targets[row["queue"]]
        within = (
            f"{target.resolve_within_h:g} opening hours"
            if target.may_wait
            else f"{target.answer_within_s:g} s"
        )
        verdict = ["yes" if row["met"] else "no"]
        if result.proof is not None:
            verdict += [f"{row['met_probability']:.0%}", _share(formula[row["queue"]])]
        rows.append(
            [
                str(row["queue"]),
                f"{row['contacts']:,.0f}",
                f"{target.service_level:.0%} in {within}",
                _share(row["service_level"]),
                duration(row["asa_s"]) if math.isfinite(row["asa_s"]) else "–",
                *verdict,
            ]
        )
    return rows


def _broken(count: int) -> str:
    return "a rule is broken" if count == 1 else f"rules are broken in {count} places"


def _share(value: float) -> str:
    return f"{value:.1%}" if math.isfinite(value) else "–"
