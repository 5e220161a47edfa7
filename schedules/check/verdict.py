"""The verdict on a roster."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schedules.agents import Agent, Wish
from schedules.check.activities import activity_names, check_activities
from schedules.check.breaks import check_breaks
from schedules.check.contract_costs import price_overtime, price_shift_fees, price_targets
from schedules.check.cost import coverage, shortage_and_surplus, wages_and_premiums
from schedules.check.fairness import price_fairness
from schedules.check.horizon import Horizon
from schedules.check.ledger import Ledger
from schedules.check.nights import night_shifts
from schedules.check.person import check_day, check_rest, check_weeks
from schedules.check.presence import check_presence
from schedules.check.priced import Bill
from schedules.check.report import CheckReport
from schedules.check.rows import agent_numbers, read_rows
from schedules.check.runs import check_runs
from schedules.check.sequence import check_rotation, check_succession
from schedules.check.settled import Started, check_fixed, check_held
from schedules.check.shape import check_placement, check_rows
from schedules.check.shifts import gather, recognise
from schedules.check.team import at_work, check_people, price_pairs, price_presence
from schedules.check.weekends import check_weekends
from schedules.check.weekly_rest import check_weekly_rest
from schedules.check.wishes import judge_all
from schedules.demand import Demand
from schedules.rules import Premium, Prices, Rules
from schedules.shifts import ShiftKind
from schedules.teams import Held, TeamRules


def check(
    table: pd.DataFrame,
    agents: Sequence[Agent],
    kinds: Sequence[ShiftKind],
    rules: Rules,
    premiums: Sequence[Premium],
    demand: Demand,
    prices: Prices,
    wishes: Sequence[Wish] = (),
    *,
    team_rules: TeamRules = TeamRules(),  # noqa: B008 - frozen
    held: Held | None = None,
) -> CheckReport:
    """Verify a roster against every hard rule and recompute what it costs.

    Parameters
    ----------
    table
        ``agent, start, end, activity, paid, queue, shift_id``: a row per stretch of work, break or
        activity, in any order, with zone-aware times of any zone. ``activity`` is ``work`` or the name
        of the break or the activity. ``shift_id`` may be missing or foreign: rows that touch are then
        one shift, read as the kind of the person's contract that it fits best.
    agents, kinds, rules, premiums, demand, prices, wishes
        The declarations. Wishes for days outside the horizon are left out.
    team_rules
        Presence, pairs, activities and fairness.
    held
        A published roster, for its frozen days and the price of changes. People who are no longer among
        ``agents`` are left out.

    Returns
    -------
    Every violation with person, time, what was found and what is allowed; how often each rule was
    checked and broken; cost, coverage per slot, wishes, and each thing allowed at a price.

    Raises
    ------
    InvalidSchedule
        If the table lacks a column, holds naive times or a ``paid`` that is no truth value, if
        two people share an id, if a team rule names somebody unknown, or if an activity is called like
        a break.

    Notes
    -----
    Rows with unusable times, of unknown people or of shifts that start outside the horizon are
    named once and count nowhere else. The cost follows the rows as they are: an unpaid row costs
    nothing, also where the kind says that it is paid. A row that covers a slot in part counts in
    part for coverage, and not at all for presence and pairs.

    Grows with the number of rows: 5,000 people over four weeks (700,000 rows) take about four seconds.
    """
    agents = tuple(agents)
    own_rules = [agent.rules(rules) for agent in agents]
    horizon, ledger, bill = Horizon.of(demand), Ledger(), Bill()
    breaks = tuple(dict.fromkeys(pause.name for kind in kinds for pause in kind.breaks))
    check_people(team_rules, agents)
    activities = activity_names(team_rules.activities, kinds)
    rows = read_rows(table, agent_numbers(agents), breaks, activities, demand, ledger)
    rows, shifts = gather(rows, demand, ledger)
    kind_no = recognise(shifts, rows, agents, kinds, ledger)
    names = np.array([*(kind.name for kind in kinds), ""], dtype=object)[kind_no]
    shifts = shifts.assign(
        kind_no=kind_no,
        kind=np.where(kind_no < 0, shifts["claimed"].to_numpy(dtype=object), names),
        night=night_shifts(shifts, own_rules, demand),
    )

    check_rows(rows, agents, demand, ledger)
    check_placement(shifts, agents, kinds, demand, ledger)
    check_breaks(rows, shifts, kinds, ledger)
    check_day(shifts, own_rules, ledger)
    check_rest(shifts, agents, own_rules, demand, ledger)
    check_weekly_rest(shifts, agents, own_rules, demand, horizon, ledger)
    check_runs(shifts, agents, own_rules, horizon, ledger)
    check_weekends(shifts, agents, own_rules, horizon, ledger)
    check_succession(shifts, agents, own_rules, ledger)
    check_rotation(shifts, agents, ledger)
    check_weeks(shifts, agents, own_rules, horizon, ledger)
    check_presence(shifts, agents, ledger)
    started = Started.of(shifts)
    check_fixed(started, agents, horizon, ledger)
    if held is not None:
        check_held(started, held, agents, kinds, own_rules, demand, horizon, ledger, bill)
    check_activities(rows, team_rules.activities, demand, ledger, bill)

    judged = judge_all(wishes, started, agents, team_rules.fairness, horizon, bill)
    price_overtime(shifts, agents, horizon, bill)
    price_shift_fees(shifts, agents, horizon, bill)
    price_targets(shifts, agents, horizon, bill)
    price_fairness(shifts, agents, team_rules.fairness, horizon, bill)
    if team_rules.presence or team_rules.pairs:
        stretches = at_work(rows, demand)
        price_presence(stretches, agents, team_rules.presence, demand, bill)
        price_pairs(stretches, agents, team_rules.pairs, demand, bill)

    cover = coverage(rows, demand)
    wages, on_top = wages_and_premiums(rows, agents, premiums, demand)
    shortage, surplus = shortage_and_surplus(cover, prices, demand)
    parts = {
        "wages": wages,
        "premiums": on_top,
        "shortage": shortage,
        "surplus": surplus,
        "refused_wishes": bill.total("refused wishes"),
        "overtime": bill.total("overtime"),
        "shift_fees": bill.total("shift fees"),
        "target_hours": bill.total("target hours"),
        "fairness": bill.total("fairness"),
        "team_rules": bill.total("presence", "pairs"),
        "activities": bill.total("activities"),
        "changes": bill.total("changes"),
    }
    return CheckReport(
        ledger.violations(), ledger.table(), sum(parts.values()), parts, cover, judged, bill.table()
    )
