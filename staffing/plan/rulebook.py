"""The shifts, contracts, rules and prices of a plan, as the scheduling package wants them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from schedules.agents import Agent, Contract
from schedules.errors import InvalidSchedule
from schedules.laws import Law
from schedules.rules import Premium, Prices, Rules, ShortageTier
from schedules.shifts import Break, ShiftKind
from staffing.errors import BadInput
from staffing.files.clock import parse_clock, parse_weekdays
from staffing.plan.hard_rules import contract_rules, everybodys_rules
from staffing.plan.labour_law import OVERTIME_KEYS, law_notes, law_of, overtime_of_law
from staffing.plan.loading import Plan

T = TypeVar("T")


@dataclass(frozen=True)
class Rulebook:
    """What holds for every roster of a plan; ``notes`` say where it is weaker than the law that it names."""

    kinds: tuple[ShiftKind, ...]
    contracts: dict[str, Contract]
    rules: Rules
    premiums: tuple[Premium, ...]
    prices: Prices
    notes: tuple[str, ...] = ()


def rulebook(plan: Plan) -> Rulebook:
    """Build the rulebook of a plan.

    Raises
    ------
    BadInput
        A shift, contract, rule or premium that contradicts itself, named by its key and line.
    """
    kinds = tuple(
        _checked(plan, partial(_kind, plan, position), "shifts", position)
        for position in range(len(plan.settings.shifts))
    )
    _check_grid(plan, kinds)
    law = law_of(plan)
    rules = everybodys_rules(plan, law)
    contracts = {name: _contract(plan, name, kinds, rules, law) for name in plan.settings.contracts}
    prices = plan.settings.prices
    return Rulebook(
        kinds=kinds,
        contracts=contracts,
        rules=rules,
        premiums=tuple(
            _checked(plan, partial(_premium, plan, position), "premiums", position)
            for position in range(len(plan.settings.premiums))
        ),
        prices=_checked(
            plan,
            lambda: Prices(
                tuple(ShortageTier(tier.up_to_share, tier.price_per_hour) for tier in prices.shortage),
                prices.surplus_per_hour,
            ),
            "prices",
        ),
        notes=law_notes(law, rules, tuple(contracts.values()), kinds),
    )


def unnamed_agents(plan: Plan, contracts: dict[str, Contract]) -> tuple[Agent, ...]:
    """The people of ``[[groups]]``, numbered ``NAME-001`` and so on."""
    agents: list[Agent] = []
    for group in plan.settings.groups:
        width = max(3, len(str(group.count)))
        agents.extend(
            Agent(f"{group.name}-{number:0{width}d}", contracts[group.contract], frozenset(group.skills))
            for number in range(1, group.count + 1)
        )
    return tuple(agents)


def _checked(plan: Plan, build: Callable[[], T], *key: str | int) -> T:
    try:
        return build()
    except InvalidSchedule as error:
        raise plan.defect(str(error), *key, accepted="rules that do not contradict each other") from None


def _weekdays(plan: Plan, text: str, *key: str | int) -> tuple[int, ...]:
    try:
        return parse_weekdays(text) if text else ()
    except BadInput as error:
        raise plan.defect(
            error.problem, *key, value=text, accepted='days such as "mon-fri" or "mon,wed,sat"'
        ) from None


def _kind(plan: Plan, position: int) -> ShiftKind:
    section = plan.settings.shifts[position]
    breaks = tuple(
        Break(
            pause.name, pause.length_min, round(pause.earliest_h * 60), round(pause.latest_h * 60), pause.paid
        )
        for pause in section.breaks
    )
    return ShiftKind(
        name=section.name,
        lengths_min=tuple(sorted(round(hours * 60) for hours in section.lengths_h)),
        start_from_min=parse_clock(section.start_from),
        start_until_min=parse_clock(section.start_until),
        start_every_min=section.start_every_min,
        breaks=breaks,
        weekdays=_weekdays(plan, section.weekdays, "shifts", position, "weekdays"),
        min_between_breaks_min=section.min_between_breaks_min,
    )


def _check_grid(plan: Plan, kinds: tuple[ShiftKind, ...]) -> None:
    """Starts, lengths and breaks must fall on the roster's slots."""
    slot = plan.settings.plan.roster_slot_min
    for position, kind in enumerate(kinds):
        times = {
            "start_from": [kind.start_from_min],
            "start_every_min": [kind.start_every_min],
            "lengths_h": list(kind.lengths_min),
            "breaks": [pause.length_min for pause in kind.breaks],
        }
        for field, minutes in times.items():
            off = [value for value in minutes if value % slot]
            if off:
                raise plan.defect(
                    f"does not fall on the roster's slots of {slot} min",
                    "shifts", position, field, value=f"{off[0]} min",
                    accepted=f"multiples of {slot} min, or a smaller slot_min in [plan]",
                )  # fmt: skip


def _contract(
    plan: Plan, name: str, kinds: tuple[ShiftKind, ...], everybody: Rules, law: Law | None
) -> Contract:
    section = plan.settings.contracts[name]
    own = contract_rules(plan, name, everybody)
    period = section.hours_per_period or (None, None)
    contract = _checked(
        plan,
        lambda: Contract(
            name=name,
            shifts=section.shifts,
            min_hours=section.hours_per_week[0],
            max_hours=section.hours_per_week[1],
            min_days=section.days_per_week[0],
            max_days=section.days_per_week[1],
            cost_per_hour=section.cost_per_hour,
            leave_day_h=section.leave_day_h,
            min_period_hours=period[0],
            max_period_hours=period[1],
            target_hours=section.target_hours,
            target_price_per_hour=section.target_price_per_hour,
            **{key: getattr(section, key) for key in OVERTIME_KEYS} | overtime_of_law(law, section),
            cost_per_shift=section.cost_per_shift,
            rules=own,
        ),
        "contracts",
        name,
    )
    longest = (own or everybody).max_shift_h
    every_h = [
        kind.paid_min(length) / 60
        for kind in kinds
        if kind.name in contract.shifts
        for length in kind.lengths_min
    ]
    paid_h = [hours for hours in every_h if longest is None or hours <= longest + 1e-9]
    if not paid_h:
        raise plan.defect(
            f"every shift of this contract is longer than {longest:g} paid hours, the most that the rules allow",
            "contracts", name, "shifts", value=", ".join(contract.shifts),
            accepted=f"a shift of at most {longest:g} paid hours (the shortest has {min(every_h):g}), "
            "or a higher max_shift_h in [rules]",
        )  # fmt: skip
    if contract.min_days * min(paid_h) > contract.max_hours:
        raise plan.defect(
            f"at least {contract.min_days} days of at least {min(paid_h):g} paid hours exceed "
            f"at most {contract.max_hours:g} hours",
            "contracts", name, "hours_per_week", accepted="hours, days and shifts that fit together",
        )  # fmt: skip
    if contract.max_days * max(paid_h) < contract.min_hours:
        raise plan.defect(
            f"at most {contract.max_days} days of at most {max(paid_h):g} paid hours stay below "
            f"at least {contract.min_hours:g} hours",
            "contracts", name, "hours_per_week", accepted="hours, days and shifts that fit together",
        )  # fmt: skip
    return contract


def _premium(plan: Plan, position: int) -> Premium:
    section = plan.settings.premiums[position]
    return Premium(
        name=section.name,
        share=section.share,
        from_min=parse_clock(section.start),
        until_min=parse_clock(section.end, end=True),
        weekdays=_weekdays(plan, section.weekdays, "premiums", position, "weekdays"),
        holidays=section.holidays,
    )
