"""Presence, pairs, activities and fairness of a plan, for the people that it has."""

from __future__ import annotations

from collections.abc import Sequence

from schedules.agents import Agent
from schedules.teams import Activity, Fairness, Pair, Presence, TeamRules
from staffing.errors import BadInput
from staffing.files.clock import parse_clock, parse_weekdays
from staffing.files.defects import listed
from staffing.plan.loading import Plan


def team_rules(plan: Plan, agents: Sequence[Agent], activities: tuple[Activity, ...] = ()) -> TeamRules:
    """What ties the people of a plan together.

    Raises
    ------
    BadInput
        A person, team or site that nobody is or belongs to, with the line of its key.
    """
    return TeamRules(
        presence=tuple(_presence(plan, position, agents) for position in range(len(plan.settings.presence))),
        pairs=tuple(_pair(plan, position, agents) for position in range(len(plan.settings.pairs))),
        activities=activities,
        fairness=fairness(plan),
    )


def fairness(plan: Plan) -> Fairness:
    """What an unfair share costs."""
    section = plan.settings.fairness
    return Fairness(
        weekend=section.weekend,
        late_shift=section.late_shift,
        refused_wish=section.refused_wish,
        late_after_min=parse_clock(section.late_after, end=True),
    )


def _presence(plan: Plan, position: int, agents: Sequence[Agent]) -> Presence:
    section = plan.settings.presence[position]
    _check_ids(plan, section.agents, agents, "presence", position, "agents")
    for key in ("team", "site"):
        name = getattr(section, key)
        known = sorted({getattr(agent, key) for agent in agents} - {""})
        if name and name not in known:
            raise plan.defect(
                f"a {key} that nobody belongs to", "presence", position, key, value=name,
                accepted=f"one of {listed(known)}" if known else f"a {key} named in agents.csv",
            )  # fmt: skip
    try:
        weekdays = parse_weekdays(section.weekdays)
    except BadInput as error:
        raise plan.defect(
            error.problem, "presence", position, "weekdays", value=section.weekdays,
            accepted='days such as "mon-fri" or "mon,wed,sat"',
        ) from None  # fmt: skip
    rule = Presence(
        name=section.name,
        at_least=section.at_least,
        at_most=section.at_most,
        agents=frozenset(section.agents),
        team=section.team,
        site=section.site,
        skill=section.skill,
        level=section.level,
        from_min=parse_clock(section.start, end=True),
        until_min=parse_clock(section.end, end=True),
        weekdays=weekdays,
        price_per_hour=section.price_per_hour,
    )
    meant = sum(rule.counts(agent) for agent in agents)
    if meant < (rule.at_least or 0):
        who = "nobody is" if meant == 0 else f"only {meant} {'is' if meant == 1 else 'are'}"
        raise plan.defect(
            f"{who} of those meant", "presence", position, "at_least", value=rule.at_least,
            accepted=f"at most {meant}, or more people whom the rule counts",
        )  # fmt: skip
    return rule


def _pair(plan: Plan, position: int, agents: Sequence[Agent]) -> Pair:
    section = plan.settings.pairs[position]
    _check_ids(plan, section.agents, agents, "pairs", position, "agents")
    return Pair(*section.agents, together=section.together, price_per_hour=section.price_per_hour)


def _check_ids(plan: Plan, ids: Sequence[str], agents: Sequence[Agent], *key: str | int) -> None:
    known = {agent.id for agent in agents}
    for name in ids:
        if name not in known:
            raise plan.defect("unknown agent", *key, value=name, accepted="ids of agents.csv")
