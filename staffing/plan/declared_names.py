"""Names that one table of ``plan.toml`` uses must be declared by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from staffing.plan.loading import Plan


def check_names(plan: Plan) -> None:
    """Find names that are declared twice or nowhere.

    Raises
    ------
    BadInput
        With the line, the key, the name and the names that are declared.
    """
    _shifts_and_contracts(plan)
    _groups(plan)
    _queues(plan)
    _presence(plan)


def _shifts_and_contracts(plan: Plan) -> None:
    settings = plan.settings
    kinds = [shift.name for shift in settings.shifts]
    for position, name in enumerate(kinds):
        if name in kinds[:position]:
            raise plan.defect(
                "the shift is declared twice", "shifts", position, "name", value=name, accepted="unique names"
            )
    _successions(plan, kinds, "rules")
    for name, contract in settings.contracts.items():
        for kind in contract.shifts:
            if kind not in kinds:
                raise plan.defect(
                    "unknown shift", "contracts", name, "shifts", value=kind,
                    accepted=f"one of {', '.join(kinds)}",
                )  # fmt: skip
        for field in ("hours_per_week", "days_per_week", "hours_per_period"):
            bounds = getattr(contract, field)
            if bounds is not None and bounds[0] > bounds[1]:
                raise plan.defect(
                    "the least is above the most", "contracts", name, field,
                    value=f"{bounds[0]}, {bounds[1]}", accepted="[least, most] with least <= most",
                )  # fmt: skip
        _successions(plan, kinds, "contracts", name, "rules")


def _successions(plan: Plan, kinds: list[str], *table: str) -> None:
    rules = plan.settings.contracts[table[1]].rules if len(table) > 1 else plan.settings.rules
    for pair in rules.forbidden_successions or ():
        for kind in pair:
            if kind not in kinds:
                raise plan.defect(
                    "unknown shift", *table, "forbidden_successions", value=kind,
                    accepted=f"pairs of {', '.join(kinds)}",
                )  # fmt: skip


def _groups(plan: Plan) -> None:
    settings = plan.settings
    seen: set[str] = set()
    for position, group in enumerate(settings.groups):
        if group.name in seen:
            raise plan.defect("the group is declared twice", "groups", position, "name", value=group.name,
                              accepted="unique names")  # fmt: skip
        seen.add(group.name)
        if group.contract not in settings.contracts:
            raise plan.defect(
                "unknown contract", "groups", position, "contract", value=group.contract,
                accepted=f"one of {', '.join(settings.contracts)}",
            )  # fmt: skip
        for skill in group.skills:
            if skill not in settings.queues:
                raise plan.defect(
                    "unknown skill", "groups", position, "skills", value=skill,
                    accepted=f"one of {', '.join(settings.queues)}",
                )  # fmt: skip


def _queues(plan: Plan) -> None:
    settings = plan.settings
    for name, section in settings.queues.items():
        others = [other for other, its in settings.queues.items() if other != name and its.like is None]
        if section.like is not None and section.like not in others:
            raise plan.defect(
                "not a queue with a history of its own", "queues", name, "like", value=section.like,
                accepted=f"one of {', '.join(others)}" if others else "a plan with another queue",
            )  # fmt: skip
    queue = settings.history.queue
    if queue is not None and queue not in settings.queues:
        raise plan.defect(
            "unknown queue", "history", "queue", value=queue, accepted=f"one of {', '.join(settings.queues)}"
        )


def _presence(plan: Plan) -> None:
    settings = plan.settings
    names: set[str] = set()
    for position, rule in enumerate(settings.presence):
        if rule.name in names:
            raise plan.defect("the rule is declared twice", "presence", position, "name", value=rule.name,
                              accepted="unique names")  # fmt: skip
        names.add(rule.name)
        if rule.skill and rule.skill not in settings.queues:
            raise plan.defect(
                "unknown skill", "presence", position, "skill", value=rule.skill,
                accepted=f"one of {', '.join(settings.queues)}",
            )  # fmt: skip
