"""The first screen: what the week costs, whether it holds its targets, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from staffing.plan.money import paid_hours, paid_words
from staffing.report.parts.cost import payroll
from staffing.report.parts.coverage import Coverage
from staffing.report.parts.proof import gap_words
from staffing.report.parts.rulebook import Rulebook
from staffing.report.parts.service import Service
from staffing.report.parts.wishes import Wishes
from staffing.report.quantities import count, finite, hours, listed, money, number, percent
from staffing.report.tables import badge, records
from staffing.report.tours import WorkedShift

if TYPE_CHECKING:
    from staffing.plan.result import PlanResult
    from staffing.sizing.proving.proof import Proof


@dataclass(frozen=True)
class Figure:
    """A key figure with its unit in words."""

    label: str
    value: str
    detail: str


@dataclass(frozen=True)
class Headline:
    """The part's content; each verdict is a status with a sentence."""

    figures: tuple[Figure, ...]
    verdicts: tuple[tuple[Markup, str], ...]


def _target_verdict(service: Service) -> tuple[Markup, str]:
    missed = [q for q in service.queues if q.met is False]
    unknown = [q for q in service.queues if q.met is None]
    if missed:
        words = listed([f"{q.queue} ({q.level_words} against {percent(q.target, 0)})" for q in missed])
        return badge(
            "bad", "Targets"
        ), f"{len(missed)} of {count(len(service.queues), 'queue')} expected to miss over the week: {words}."
    if unknown:
        return badge(
            "fair", "Targets"
        ), f"Nothing can be said for {listed([q.queue for q in unknown])}; all others are expected to meet."
    which = "The queue is" if len(service.queues) == 1 else f"All {len(service.queues)} queues are"
    return badge("good", "Targets"), f"{which} expected to meet the target over the week."


def _proof_verdict(proof: Proof) -> tuple[Markup, str]:
    week = proof.service[proof.service["day"] == "week"]
    odds = listed([f"{row.queue} {percent(row.met_probability, 0)}" for row in records(week)])
    said = f"met over the week in so many of {count(proof.path_count, 'simulated course')}: {odds}."
    missed = int((~proof.goals["held"].astype(bool)).sum())
    if proof.held:
        return badge("good", "Proof"), f"Simulated, every target holds; {said}"
    return badge("bad", "Proof"), f"Simulated, {missed} of {len(proof.goals)} targets are missed; {said}"


def headline(
    result: PlanResult,
    service: Service,
    coverage: Coverage,
    rules: Rulebook,
    wishes: Wishes,
    shifts: Sequence[WorkedShift],
) -> Headline:
    """Figures and verdicts."""
    roster, currency = result.roster, result.currency
    weeks = -(-(result.week_end.date() - result.week_start.date()).days // 7)
    paid = payroll(roster.cost_parts)
    contacts = float(result.forecast["contacts"].sum())
    if "start" in result.forecast:
        inside = (result.forecast["start"] >= result.week_start) & (
            result.forecast["start"] < result.week_end
        )
        contacts = float(result.forecast.loc[inside, "contacts"].sum())
    working = len({shift.agent for shift in shifts})
    said = gap_words(roster.cost, roster.bound)
    worked_h = paid_hours(roster.table)
    figures = (
        Figure(
            "Cost of the week" if weeks == 1 else f"Cost of the {weeks} weeks",
            money(paid, currency),
            f"{paid_words(roster.cost_parts)}; {money(paid / contacts, currency, 2)} per contact"
            if contacts > 0
            else paid_words(roster.cost_parts),
        ),
        Figure(
            "Paid hours",
            hours(worked_h, 0),
            f"{number(worked_h / working, 1)} h per person at work" if working else "nobody works",
        ),
        Figure(
            "People at work",
            f"{number(working)} of {number(len(result.agents))}",
            f"on {count(len(shifts), 'shift')}",
        ),
        Figure("Contacts expected", number(contacts), f"in {count(len(service.queues), 'queue')}"),
    )
    verdicts = [_target_verdict(service) if result.proof is None else _proof_verdict(result.proof)]
    if rules.broken:
        names = listed(list(dict.fromkeys(str(v.rule) for v in result.check.violations))[:4])
        verdicts.append(
            (
                badge("bad", "Rules"),
                f"Rules are broken {count(rules.broken, 'time')}: {names}. "
                f"{rules.kept} of {rules.kept + rules.failed} rules passed the independent check.",
            )
        )
    else:
        verdicts.append(
            (
                badge("good", "Rules"),
                f"No rule is broken: all {rules.kept} rules passed {number(rules.checked)} checks by "
                f"code that knows nothing of the solver.",
            )
        )
    gap_state = "good" if finite(roster.bound) and roster.gap <= 0.03 else "fair"
    verdicts.append(
        (badge(gap_state, "Cost"), f"{said[0].upper()}{said[1:]}, everything that the plan weighs included.")
    )
    short = coverage.short_h / coverage.required_h if coverage.required_h else 0.0
    verdicts.append(
        (
            badge("good" if short < 0.01 else "fair", "Staffing"),
            f"{hours(coverage.short_h)} of {hours(coverage.required_h, 0)} required are short "
            f"({percent(short)}); {hours(coverage.surplus_h)} are surplus.",
        )
    )
    if wishes.total:
        state = "good" if wishes.granted >= 0.8 * wishes.total else "fair"
        refused = wishes.total - wishes.granted
        verdicts.append(
            (
                badge(state, "Wishes"),
                f"{number(wishes.granted)} of {count(wishes.total, 'wish', 'wishes')} granted, "
                f"{number(refused)} refused.",
            )
        )
    else:
        verdicts.append((badge("none", "Wishes"), "Nobody wished for anything."))
    return Headline(figures, tuple(verdicts))
