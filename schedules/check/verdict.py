"""The verdict on a roster."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from schedules.agents import Agent, Wish
from schedules.check.breaks import check_breaks
from schedules.check.cost import coverage, shortage_and_surplus, wages_and_premiums
from schedules.check.ledger import Ledger
from schedules.check.person import check_days, check_rest, check_weeks
from schedules.check.presence import check_presence
from schedules.check.report import CheckReport
from schedules.check.rows import agent_numbers, read_rows
from schedules.check.shape import check_placement, check_rows
from schedules.check.shifts import gather, recognise
from schedules.check.wishes import judge_all, refused_weight
from schedules.demand import Demand
from schedules.rules import Premium, Prices, Rules
from schedules.shifts import ShiftKind


def check(
    table: pd.DataFrame,
    agents: Sequence[Agent],
    kinds: Sequence[ShiftKind],
    rules: Rules,
    premiums: Sequence[Premium],
    demand: Demand,
    prices: Prices,
    wishes: Sequence[Wish] = (),
) -> CheckReport:
    """Verify a roster against every hard rule and recompute what it costs.

    Parameters
    ----------
    table
        ``agent, start, end, activity, paid, queue, shift_id``: a row per stretch of work or break,
        in any order, with zone-aware times of any zone. ``activity`` is ``work`` or the break's
        name. ``shift_id`` may be missing or foreign: rows that touch are then one shift, read as the
        kind of the person's contract that it fits best.
    agents, kinds, rules, premiums, demand, prices, wishes
        The declarations. Wishes for days outside the horizon are left out.

    Returns
    -------
    Every violation with person, time, what was found and what is allowed; how often each rule was
    checked and broken; cost, coverage per slot and wishes.

    Raises
    ------
    InvalidSchedule
        If the table lacks a column, holds naive times or a ``paid`` that is no truth value, or if
        two people share an id.

    Notes
    -----
    Rows with unusable times, of unknown people or of shifts that start outside the horizon are
    named once and count nowhere else. The cost follows the rows as they are: an unpaid row costs
    nothing, also where the kind says that it is paid. A row that covers a slot in part counts in
    part.

    Grows with the number of rows: 5,000 people (110,000 rows) take about two seconds.
    """
    agents = tuple(agents)
    ledger = Ledger()
    rows = read_rows(table, agent_numbers(agents), demand, ledger)
    rows, shifts = gather(rows, demand, ledger)
    shifts = shifts.assign(kind_no=recognise(shifts, rows, agents, kinds, ledger))

    check_rows(rows, agents, demand, ledger)
    check_placement(shifts, agents, kinds, demand, ledger)
    check_breaks(rows, shifts, kinds, ledger)
    check_days(shifts, agents, rules, demand, ledger)
    check_rest(shifts, agents, rules, ledger)
    check_weeks(shifts, agents, rules, demand, ledger)
    check_presence(shifts, agents, ledger)

    cover = coverage(rows, demand)
    judged = judge_all(wishes, shifts, demand)
    wages, on_top = wages_and_premiums(rows, agents, premiums, demand)
    shortage, surplus = shortage_and_surplus(cover, prices, demand)
    parts = {
        "wages": wages,
        "premiums": on_top,
        "shortage": shortage,
        "surplus": surplus,
        "refused_wishes": refused_weight(judged),
    }
    return CheckReport(ledger.violations(), ledger.table(), sum(parts.values()), parts, cover, judged)
