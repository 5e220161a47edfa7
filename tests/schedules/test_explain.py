"""Explanations: their prices against re-priced rosters, their claims against cases solved by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from ruled_rosters import ruled
from small_rosters import DAY, MONDAY, demand, one_day_contract, week
from test_compact import rows_of_week

from schedules import compact
from schedules.agents import Agent, Contract, FixedShift, Window, Wish
from schedules.check import check
from schedules.compact.case import Case
from schedules.errors import InvalidSchedule
from schedules.explain import next_agent, rule_costs, why_infeasible, why_shift, wish_prices
from schedules.explain.infeasible import conflicts_of
from schedules.explain.margin import Margin
from schedules.explain.repair import TROUBLE, cheapest_repair, smallest_conflict
from schedules.explain.shift import current_shifts, stay
from schedules.explain.week import Week, place_breaks
from schedules.rules import Prices, Rules
from schedules.shifts import Break, ShiftKind
from schedules.teams import TeamRules
from schedules.timegrid import BreakPattern

TUESDAY = MONDAY + timedelta(days=1)


def one_queue(seed: int) -> tuple[tuple, TeamRules, pd.DataFrame, float]:
    """A random case in which everybody works on the same queue, without activities, and its optimum."""
    (agents, kinds, *rest), team, _ = ruled(seed)
    agents = [replace(agent, skills=frozenset({"p"})) for agent in agents]
    # Breaks at one place only, so that a week is the same roster rows for both sides.
    kinds = [
        replace(kind, breaks=tuple(replace(one, latest_min=one.earliest_min) for one in kind.breaks))
        for kind in kinds
    ]
    case = (agents, kinds, *rest)
    team = replace(team, activities=())
    found = compact.solve(*case, team_rules=team)
    return case, team, found.table, found.cost


@pytest.mark.parametrize("seed", [0, 3, 4, 8, 14])
def test_every_alternative_costs_what_the_exchanged_roster_costs(seed: int) -> None:
    arguments, team, table, cost = one_queue(seed)
    case = Case(*arguments, team)
    margin = Margin(case, table)
    for agent in case.agents:
        week_of = Week(case, agent, margin.values(agent))
        now = stay(week_of, current_shifts(case, table).get(agent.id, {}))
        assert now is not None
        for day in (1, 5):
            other = week_of.best(free=(day,))
            if other is None:
                continue
            rest = table[table["agent"] != agent.id]
            exchanged = pd.concat([rest, rows_of_week(case, agent, dict(sorted(other.shifts.items())))])
            verdict = check(exchanged, *arguments, team_rules=team)
            assert verdict.violations == ()
            assert verdict.cost - cost == pytest.approx(other.cost - now.cost, abs=1e-5)
            assert sum(other.parts.values()) == pytest.approx(other.cost)


@pytest.mark.parametrize("seed", [4, 12])
def test_no_alternative_beats_an_optimal_roster(seed: int) -> None:
    arguments, team, held = ruled(seed)
    found = compact.solve(*arguments, team_rules=team, held=held)
    for agent in arguments[0]:
        answer = why_shift(*arguments, found.table, agent.id, TUESDAY, team_rules=team, held=held)
        extra = answer.table["extra_cost"].dropna()
        assert (extra >= -1e-5).all()
        assert answer.table["alternative"].iloc[0] == "as it is"
        assert len(answer.sentences) >= 1


def test_a_day_by_hand_names_costs_and_rules() -> None:
    """One person, one shift in the week, on Monday where one is asked for; a free Monday means another day.

    Any other day loses 8 h of Monday's demand at 139.5 (tiers 0.05 x 60 + 0.10 x 90 + 0.85 x 150) and stands idle
    for 8 h at a surplus of 5: 1156. Kind ``night`` is not in the contract; the weekday of ``sunday`` is not there.
    """
    night = ShiftKind("night", (480,), 1200, 1200)
    sunday = ShiftKind("sunday", (480,), 480, 480, weekdays=(6,))
    agent = Agent("a", one_day_contract(shifts=("day", "sunday")), frozenset({"p"}))
    needed = demand(week(), {"p": {(0, 8, 16): 1.0}})
    case = ([agent], [DAY, night, sunday], Rules(), [], needed, Prices(), [])
    found = compact.solve(*case)
    answer = why_shift(*case, found.table, "a", MONDAY)
    rows = answer.table.set_index("alternative")
    assert rows.loc["free", "extra_cost"] == pytest.approx(8 * 139.5 + 8 * 5)
    assert rows.loc["free", "coverage"] == pytest.approx(8 * 139.5 + 8 * 5)
    assert rows.loc["free", "other_days_changed"] == 1
    assert rows.loc["night", "reason"] == "not in contract one day"
    assert rows.loc["sunday", "reason"] == "does not start on this weekday"
    assert "would cost 1156.00 more" in "\n".join(answer.sentences)


def test_a_forbidden_day_names_its_rule() -> None:
    agent = Agent("a", one_day_contract(), frozenset({"p"}), days_off=frozenset({TUESDAY}))
    needed = demand(week(), {"p": {(0, 8, 16): 1.0, (1, 8, 16): 1.0}})
    case = ([agent], [DAY], Rules(), [], needed, Prices(), [])
    found = compact.solve(*case)
    answer = why_shift(*case, found.table, "a", TUESDAY)
    assert answer.table["reason"].tolist() == ["", "forbidden by day off on Tue 24 Nov"]


def test_a_day_outside_the_plan_is_refused() -> None:
    case, team, held = ruled(4)
    found = compact.solve(*case, team_rules=team, held=held)
    with pytest.raises(InvalidSchedule, match="a person of the plan expected, got 'nobody'"):
        why_shift(*case, found.table, "nobody", MONDAY)
    with pytest.raises(InvalidSchedule, match="a day from 2026-11-23 to 2026-11-29 expected"):
        why_shift(*case, found.table, "a0", date(2027, 1, 1))


def test_wishes_by_hand() -> None:
    """Monday asks for a person, the other days for nobody. A day off on Monday costs 8 h x (139.5 + 5) = 1156.

    A day off on Tuesday is granted for nothing; working on Wednesday instead of Monday costs the same as no Monday.
    """
    agent = Agent("a", one_day_contract(), frozenset({"p"}))
    needed = demand(week(), {"p": {(0, 8, 16): 1.0}})
    wishes = [
        Wish("a", "day_off", MONDAY, 30.0),
        Wish("a", "day_off", TUESDAY, 40.0),
        Wish("a", "work", MONDAY + timedelta(days=2), 7.0),
    ]
    case = ([agent], [DAY], Rules(), [], needed, Prices(), wishes)
    found = compact.solve(*case)
    answer = wish_prices(*case, found.table)
    assert answer.table["granted"].tolist() == [False, True, False]
    # Moving to another day than Tuesday and Wednesday keeps the other wishes as they are.
    assert answer.table["price"].tolist() == pytest.approx([1156.0 - 7.0, 0.0, 1156.0 - 30.0])
    assert "above all coverage" in answer.table["reason"][0]


def test_a_granted_wish_has_the_price_of_what_it_forgoes() -> None:
    """Two days ask alike, Tuesday for 1.1 of a person: the wish for a free Tuesday, at 100, costs the difference.

    Of 1.1 people the dearest of one are worth 0.055 x 60 x 0 ... : tiers are 0.055, 0.11 and 0.935 wide, so the last
    tenth left missing costs 0.055 x 60 + 0.045 x 90 an hour, and a person saves 1.1 x 139.5 less that.
    """
    agent = Agent("a", one_day_contract(), frozenset({"p"}))
    needed = demand(week(), {"p": {(0, 8, 16): 1.0, (1, 8, 16): 1.1}})
    case = ([agent], [DAY], Rules(), [], needed, Prices(), [Wish("a", "day_off", TUESDAY, 100.0)])
    found = compact.solve(*case)
    worth = 1.1 * 139.5 - (0.055 * 60 + 0.045 * 90)
    answer = wish_prices(*case, found.table)
    assert answer.table["granted"].tolist() == [True]
    assert answer.table["price"].tolist() == pytest.approx([8 * (worth - 139.5)])


@pytest.mark.parametrize("seed", [4, 8])
def test_the_next_persons_saving_is_certain(seed: int) -> None:
    arguments = one_queue(seed)[0]
    plain = compact.solve(*arguments)
    best = next_agent(*arguments, plain.table).table.iloc[0]
    contract = next(agent.contract for agent in arguments[0] if agent.contract.name == best["contract"])
    more = compact.solve([*arguments[0], Agent("z", contract, frozenset({"p"}))], *arguments[1:])
    assert more.cost <= plain.cost - best["saves_per_week"] + 1e-5
    assert best["saves_per_week"] == pytest.approx(best["coverage_saved"] - best["pay"])


def test_no_roster_with_one_more_person_beats_the_limit() -> None:
    arguments = one_queue(8)[0]
    plain = compact.solve(*arguments)
    best = next_agent(*arguments, plain.table, with_limit=True).table.iloc[0]
    contract = next(agent.contract for agent in arguments[0] if agent.contract.name == best["contract"])
    more = compact.solve([*arguments[0], Agent("z", contract, frozenset({"p"}))], *arguments[1:])
    assert more.cost >= plain.cost - best["saves_at_most"] - 1e-5
    assert best["saves_at_most"] >= best["saves_per_week"] - 1e-5


def test_people_needed_by_hand() -> None:
    """Nobody covers Tuesday: one more person of the contract saves 8 x 139.5 less a wage of 80; chat needs nobody."""
    agents = [
        Agent("a", one_day_contract(), frozenset({"p"})),
        Agent("b", one_day_contract(), frozenset({"c"})),
    ]
    needed = demand(week(), {"p": {(0, 8, 16): 1.0, (1, 8, 16): 1.0}, "c": {(2, 8, 16): 1.0}})
    case = (agents, [DAY], Rules(), [], needed, Prices(), [])
    answer = next_agent(*case, compact.solve(*case).table)
    rows = answer.table.set_index("skills")
    assert rows.loc["p", "saves_per_week"] == pytest.approx(8 * 139.5 - 80)
    assert rows.loc["c", "saves_per_week"] == pytest.approx(-80 - 8 * 5)
    assert answer.sentences[0].startswith("One more one day for p saves 1036.00 a week")


def test_a_chain_of_moves_counts_for_the_next_person() -> None:
    """The newcomer knows chat only and phone is short: whoever knows both moves over."""
    both = Agent("a", one_day_contract(), frozenset({"p", "c"}))
    needed = demand(week(), {"p": {(0, 8, 16): 1.0}, "c": {(0, 8, 16): 1.0}})
    case = (
        [both, Agent("b", replace(one_day_contract(), name="other"), frozenset({"c"}))],
        [DAY],
        Rules(),
        [],
        needed,
        Prices(),
        [],
    )
    table = compact.solve(*case).table
    alone = table[table["agent"] == "a"].assign(queue="c")
    margin = Margin(Case(case[0][:1], *case[1:]), alone)
    assert margin.values(Agent("z", one_day_contract(), frozenset({"c"})))[8] == pytest.approx(139.5)


def test_rule_costs_by_hand() -> None:
    """Two people are asked for on two days; a second day a week would save 8 x (139.5 - 10)."""
    contract = Contract("one", ("day",), 8, 16, 1, 1, 10.0)
    needed = demand(week(), {"p": {(0, 8, 16): 1.0, (1, 8, 16): 1.0}})
    case = ([Agent("a", contract, frozenset({"p"}))], [DAY], Rules(11, 6), [], needed, Prices(), [])
    answer = rule_costs(*case, make=compact.solve)
    rows = answer.table.set_index("rule")
    assert answer.table["rule"].iloc[0] == "maximum days"
    assert rows.loc["maximum days", ["saves", "saves_at_least", "saves_at_most"]].tolist() == pytest.approx(
        [8 * 129.5] * 3
    )
    assert rows.loc["minimum rest", "saves"] == 0
    assert (
        answer.sentences[1]
        == "maximum days (1 more a week) would save about 1036.00, between 1036.00 and 1036.00."
    )


def test_demand_that_nobody_can_meet_is_named_with_repairs() -> None:
    """Chat asks for two on Monday 8-12 and one is skilled; on Tuesday at 18 no shift reaches."""
    agents = [
        Agent("ann", one_day_contract(), frozenset({"c"})),
        Agent("ben", one_day_contract(), frozenset({"c"}), (Window(1, 0, 1440),)),
        Agent("cem", one_day_contract(), frozenset({"p"})),
    ]
    needed = demand(week(), {"p": {}, "c": {(0, 8, 12): 2.0, (1, 18, 20): 1.0}})
    answer = why_infeasible(agents, [DAY], Rules(), [], needed, Prices())
    rows = answer.table[answer.table["about"] == "hours of the day"].set_index("when")
    short = rows.loc["Mon 23 Nov 08:00–12:00"]
    assert (short["who"], short["required"], short["at_most"], short["missing_h"]) == ("c", 2.0, 1.0, 4.0)
    assert short["repair"] == (
        "ask for wider availability of 1 of 1 (ben), or train 1 of 1 others for c (cem), or hire 1 one day with c"
    )
    assert "no shift kind of these days reaches it" in rows.loc["Tue 24 Nov 18:00–20:00", "repair"]


def test_a_week_beyond_all_contracts_is_named() -> None:
    agents = [Agent("ann", one_day_contract(), frozenset({"p"}))]
    needed = demand(week(), {"p": {(day, 8, 16): 1.0 for day in range(5)}})
    answer = why_infeasible(agents, [DAY], Rules(), [], needed, Prices())
    row = answer.table.iloc[0]
    assert (row["about"], row["required"], row["at_most"], row["missing_h"]) == (
        "hours of the week",
        40,
        8,
        32,
    )
    assert row["repair"] == "allow 32 h of overtime, or hire 4 one day with p"


def test_a_full_plan_says_that_nothing_stands_in_the_way() -> None:
    agents = [Agent("ann", one_day_contract(), frozenset({"p"}))]
    answer = why_infeasible(agents, [DAY], Rules(), [], demand(week(), {"p": {(0, 8, 16): 1.0}}), Prices())
    assert answer.table.empty
    assert answer.sentences[0].startswith("Everybody has a legal week")


def test_a_conflict_of_new_rules_is_named_and_repaired() -> None:
    """A fixed night on Friday and a fixed early on Saturday that may not follow it."""
    night = ShiftKind("night", (480,), 1320, 1320)
    early = ShiftKind("early", (480,), 1080, 1080)
    friday = MONDAY + timedelta(days=4)
    agent = Agent(
        "ann",
        Contract("c", ("night", "early"), 0, 40, 0, 5, 10.0),
        frozenset({"p"}),
        fixed=(FixedShift(friday, "night"), FixedShift(friday + timedelta(days=1), "early")),
    )
    rules = Rules(8, forbidden_successions=(("night", "early"),))
    case = Case([agent], [night, early], rules, [], demand(week(), {"p": {}}), Prices(), [])
    (conflict,) = conflicts_of(case)
    assert set(conflict.rules) == {"fixed shift", "forbidden successions"}
    assert conflict.repair == "allow the forbidden succession on Sat 28 Nov"


@pytest.mark.parametrize("seed", [11, 27, 49, 54, 63])
def test_each_rule_of_a_conflict_is_needed_and_the_repair_repairs(seed: int) -> None:
    arguments, team, held = ruled(seed)
    case = Case(*arguments, team, held)
    conflicts = conflicts_of(case)
    assert conflicts
    agent = case.by_id[conflicts[0].agent]
    named, _ = smallest_conflict(case, agent)
    assert named == conflicts[0].rules
    way = cheapest_repair(case, agent)
    assert way
    assert sum(TROUBLE.get(one.rule, 7.0) * one.amount for one in way) > 0
    healthy = next(one for one in case.agents if one.id not in {conflict.agent for conflict in conflicts})
    assert cheapest_repair(case, healthy) == []
    assert smallest_conflict(case, healthy) == ((), ())


def test_breaks_are_placed_best_in_order() -> None:
    """Every place of two breaks, enumerated."""
    chance = np.random.default_rng(3)
    pattern = BreakPattern((1, 2), (1, 3), (4, 7), (True, False), 1)
    for _ in range(20):
        costs = np.cumsum(np.insert(chance.uniform(-1, 3, (2, 30)), 0, 0.0, axis=1), axis=1)
        found, places = place_breaks(pattern, np.array([5, 9]), costs)
        for row, start in enumerate((5, 9)):
            options = {
                (one, two): costs[0][start + one + 1]
                - costs[0][start + one]
                + costs[1][start + two + 2]
                - costs[1][start + two]
                for one in range(1, 5)
                for two in range(3, 8)
                if two >= one + 2
            }
            assert found[row] == pytest.approx(min(options.values()))
            assert options[tuple(places[row])] == pytest.approx(found[row])


def test_unpaid_breaks_are_worth_their_wage() -> None:
    """A shift of nine hours with an unpaid hour costs eight; nobody is asked for, so the break lies anywhere."""
    kind = ShiftKind("day", (540,), 480, 480, 60, (Break("lunch", 60, 180, 300, False),))
    agent = Agent("a", one_day_contract(), frozenset({"p"}))
    case = Case([agent], [kind], Rules(), [], demand(week(), {"p": {}}), Prices(), [])
    tour = Week(case, agent, np.zeros(case.grid.slots)).best()
    assert tour is not None
    assert tour.cost == pytest.approx(80.0)
    assert tour.parts["wages"] == pytest.approx(80.0)
