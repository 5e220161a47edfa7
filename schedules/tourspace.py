"""All tours of all people: what binds each of them, and who shares a form."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from schedules.agents import Agent, Wish
from schedules.eligibility import Eligibility
from schedules.personalcosts import FairShares, Terms, target_minutes
from schedules.rules import Rules
from schedules.settled import fixed_days, freeze
from schedules.teams import Fairness, Held
from schedules.timegrid import TimeGrid
from schedules.tourarrays import TourSpace
from schedules.tourforms import Options, ShiftTraits, tour_options
from schedules.tourpack import Built, FormKey, pack
from schedules.tourstates import TourStates
from schedules.workweeks import period_limits, week_limits


def tour_space(
    grid: TimeGrid,
    eligibility: Eligibility,
    rules: Rules,
    agents: Sequence[Agent],
    queues: Sequence[str],
    share: np.ndarray,
    wishes: Sequence[Wish],
    masks: Sequence[np.ndarray] | None = None,
    *,
    fairness: Fairness | None = None,
    held: Held | None = None,
    thawed: frozenset[str] = frozenset(),
) -> TourSpace:
    """Pack the tours of ``agents``.

    Parameters
    ----------
    rules
        Everybody's rules; a contract's own go before.
    share
        Premium share per extended slot.
    wishes
        With the weights that count, see :meth:`schedules.personalcosts.FairShares.weigh`.
    masks
        Shifts allowed per agent; by default what ``eligibility`` says.
    fairness
        What unfair shares cost.
    held, thawed
        A published roster, and the people whose frozen days may change all the same.
    """
    shares = FairShares(agents, fairness or Fairness())
    # Kinds of the eve may be unknown to this horizon; their successions count.
    names = [name for agent in agents for pair in agent.rules(rules).forbidden_successions for name in pair]
    traits = ShiftTraits(grid, shares.fairness.late_after_min if shares.fairness.late_shift else None, names)
    if masks is None:
        masks = [eligibility.mask(agent) for agent in agents]
    must = [frozenset(fixed_days(grid, agent)) for agent in agents]
    if held is not None and held.frozen:
        bound, kept = freeze(grid, agents, masks, held)
        masks = [
            mask if agent.id in thawed else narrow
            for agent, mask, narrow in zip(agents, masks, bound, strict=True)
        ]
        must = [
            days if agent.id in thawed else days | more
            for agent, days, more in zip(agents, must, kept, strict=True)
        ]
    built = Built()
    longest_before = max((agent.days_worked_before for agent in agents), default=0)
    agent_form = np.zeros(len(agents), dtype=np.int64)
    for number, agent in enumerate(agents):
        key, options = _key(
            eligibility, traits, shares, agent, rules, masks[number], must[number], longest_before, built
        )
        if key not in built.forms:
            built.forms[key] = len(built.options)
            built.options.append(options)
            built.roots.setdefault(key.states, set()).add(key.root)
        agent_form[number] = built.forms[key]
    return pack(grid, built, agent_form, agents, queues, share, wishes, held)


def _key(
    eligibility: Eligibility,
    traits: ShiftTraits,
    shares: FairShares,
    agent: Agent,
    everybody: Rules,
    mask: np.ndarray,
    must: frozenset[int],
    longest_before: int,
    built: Built,
) -> tuple[FormKey, Options]:
    """A person's form, with its options."""
    grid, contract, rules = traits.grid, agent.contract, agent.rules(everybody)
    # The last shift's end matters to the first week's rest only, and only where it reaches into the horizon.
    last_end = max(0.0, eligibility.last_end_min(agent)) if rules.weekly_rest_h is not None else 0.0
    packed = np.packbits(mask).tobytes()
    shape = (packed, rules, last_end)
    if shape not in built.shapes:
        built.shapes[shape] = tour_options(traits, rules, mask, last_end)
    options = built.shapes[shape]
    leave = eligibility.leave_days(agent)
    limits = week_limits(contract, leave)
    terms = shares.terms(agent)
    period = period_limits(contract, leave, agent.before.hours, limits, traits.unit_min)
    weekends = int(grid.weekends().max(initial=-1)) + 1
    limited = rules.max_weekends is not None and agent.before.weekends + weekends > rules.max_weekends
    successions = traits.successions(rules)
    binding = longest_before + grid.days > rules.max_consecutive_days
    states = TourStates(
        days=grid.days,
        first_weekday=grid.dates()[0].weekday(),
        limits=limits,
        unit_min=traits.unit_min,
        labels=options.labels,
        max_run=rules.max_consecutive_days if binding else None,
        min_run=rules.min_consecutive_days,
        min_off=rules.min_consecutive_days_off,
        max_nights=(rules.max_nights_in_a_row if any(label.night for label in options.labels) else None),
        successions=successions,
        max_weekends=rules.max_weekends if limited else None,
        complete_weekends=rules.complete_weekends,
        count_weekends=terms.weekend_price > 0,
        count_late=terms.late_price > 0 and any(label.late for label in options.labels),
        weekly_rest=rules.weekly_rest_h is not None,
        period=(period.low, period.high) if period else None,
        week_units_from=_units_from(terms, traits.unit_min),
    )
    root = states.root(
        agent.days_worked_before,
        agent.before.nights_in_a_row,
        traits.kind_number.get(agent.before.last_kind, 0),
        agent.before.weekends,
        period.begun if period else 0,
    )
    at_root = min(agent.before.weekends, rules.max_weekends or 0) if limited else 0
    key = FormKey(
        packed,
        rules,
        contract.cost_per_hour,
        must,
        last_end,
        limits,
        states,
        root,
        at_root,
        terms,
        target_minutes(agent, leave),
    )
    return key, options


def _units_from(terms: Terms, unit_min: int) -> int | None:
    """Paid units of a week from which its minutes cost something."""
    if terms.target_price > 0:
        return 0
    if terms.overtime_price > 0 and terms.overtime_from < 168 * 60:
        return int(terms.overtime_from // unit_min) + 1
    return None
