"""Presence, pairs and people carried in: against every roster there is, and by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from every_roster import instance, optimum
from small_rosters import DAY, demand, one_day_contract, week

from schedules.agents import Agent, Contract
from schedules.check import check
from schedules.errors import InvalidSchedule
from schedules.roster import Roster, roster
from schedules.rules import Prices, Rules
from schedules.shifts import ShiftKind
from schedules.teams import Pair, Presence, TeamRules

DAYS = (0, 1)


def presence_price(rule: Presence, members: tuple[int, ...]) -> Callable[[int, int], float]:
    """Price per slot of an hour since Monday for a set of people at work."""

    def price(slot: int, mask: int) -> float:
        minute, weekday = slot % 24 * 60, slot // 24
        if rule.from_min <= rule.until_min:
            inside = rule.from_min <= minute < rule.until_min
        else:
            inside = minute >= rule.from_min or minute < rule.until_min
        if not inside or weekday not in rule.weekdays:
            return 0.0
        count = sum(mask >> member & 1 for member in members)
        few = max(0, (rule.at_least or 0) - count)
        many = max(0, count - rule.at_most) if rule.at_most is not None else 0
        return rule.price_per_hour * (few + many)

    return price


def pair_price(pair: Pair, first: int, second: int) -> Callable[[int, int], float]:
    def price(_slot: int, mask: int) -> float:
        one, other = mask >> first & 1, mask >> second & 1
        return pair.price_per_hour * (abs(one - other) if pair.together else max(0, one + other - 1))

    return price


def agrees(found: Roster, exact: float, slack: float = 1.0) -> None:
    assert found.bound <= exact + 1e-6
    assert exact - 1e-6 <= found.cost <= slack * exact + 1e-6
    assert sum(found.cost_parts.values()) == pytest.approx(found.cost)


RULES = [
    Presence("someone", at_least=1, from_min=420, until_min=1080, price_per_hour=40.0),
    Presence("two seats", at_most=1, price_per_hour=30.0),
    Presence(
        "speaks p", at_least=1, skill="p", from_min=600, until_min=900, weekdays=(1,), price_per_hour=70.0
    ),
    Presence("over midnight", at_most=0, from_min=1020, until_min=480, price_per_hour=25.0),
    Presence("both ends", at_least=1, at_most=1, from_min=480, until_min=960, price_per_hour=20.0),
]


@pytest.mark.parametrize("number", range(len(RULES)))
@pytest.mark.parametrize("seed", range(3))
def test_presence_reaches_the_best_of_all_rosters(seed: int, number: int) -> None:
    case, rule = instance(seed, DAYS), RULES[number]
    members = tuple(index for index, agent in enumerate(case[0]) if rule.counts(agent))
    found = roster(*case, team_rules=TeamRules(presence=(rule,)))
    agrees(found, optimum(case, DAYS, presence_price(rule, members)))
    verdict = check(found.table, *case, team_rules=TeamRules(presence=(rule,)))
    assert verdict.cost_parts == pytest.approx(found.cost_parts, abs=1e-6)


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("price", [6.0, 200.0])
@pytest.mark.parametrize("seed", range(3))
def test_pairs_reach_the_best_of_all_rosters(seed: int, price: float, together: bool) -> None:
    case, pair = instance(seed, DAYS), Pair("a2", "a0", together, price)
    found = roster(*case, team_rules=TeamRules(pairs=(pair,)))
    agrees(found, optimum(case, DAYS, pair_price(pair, 2, 0)))


def test_presence_and_pairs_add_up() -> None:
    case, pair = instance(7, DAYS), Pair("a0", "a1", True, 30.0)
    both = presence_price(RULES[0], (0, 1, 2)), pair_price(pair, 0, 1)
    found = roster(*case, team_rules=TeamRules((RULES[0],), (pair,)))
    agrees(found, optimum(case, DAYS, lambda slot, mask: both[0](slot, mask) + both[1](slot, mask)))
    assert found.cost_parts["team_rules"] >= 0


@pytest.mark.parametrize("share", [1.0, 0.5])
@pytest.mark.parametrize("seed", range(3))
def test_people_carried_in_reach_the_best_of_all_rosters(seed: int, share: float) -> None:
    case = instance(seed, DAYS)
    carried = np.zeros_like(case[4].required)
    carried[0, 7:11] = share
    carried[1, 8:10] = 2 * share
    case = (*case[:4], replace(case[4], carried=carried), *case[5:])
    found = roster(*case)
    agrees(found, optimum(case, DAYS))
    table = found.coverage.set_index(["queue", "start"])
    assert (table["gap"] == table["scheduled"] - table["required"]).all()
    assert table["scheduled"].sum() == pytest.approx(carried.sum() + at_work_h(found))


def at_work_h(found: Roster) -> float:
    work = found.table[found.table["activity"] == "work"]
    return float(((work["end"] - work["start"]) / pd.Timedelta(hours=1)).sum())


def two_people(**change: object) -> tuple:
    """Two people with one shift of eight hours each, days and starts open; two needed from 8 to 18 on Monday."""
    kind = ShiftKind("day", (480,), 480, 600, 120)
    contract = Contract("one day", ("day",), 8, 8, 1, 1, 10.0)
    agents = [Agent(name, contract, frozenset({"phone"}), **change) for name in "ab"]
    needed = demand(week(), {"phone": {(0, 8, 18): 2}})
    return agents, [kind], Rules(), [], needed, Prices(), []


def test_a_pair_apart_never_meets_where_its_price_is_above_the_shortage() -> None:
    """Together on Monday nothing but two hours is short; any hour of both at once now costs 1,000.

    On Monday at 8 and 10 they would share six hours; the one who leaves Monday lets 8 h more be short.
    """
    found = roster(*two_people(), team_rules=TeamRules(pairs=(Pair("a", "b", False, 1000.0),)))
    days = found.table.groupby("agent")["start"].min().dt.date
    assert days.nunique() == 2
    assert found.cost_parts["team_rules"] == 0.0


def test_a_pair_together_starts_together() -> None:
    """Alone they would start at 8 and 10 to cover ten hours; each hour alone costs 1,000, so they start at once."""
    found = roster(*two_people(), team_rules=TeamRules(pairs=(Pair("a", "b", True, 1000.0),)))
    assert found.table["start"].nunique() == 1
    assert found.cost_parts["team_rules"] == 0.0
    assert roster(*two_people()).table["start"].nunique() == 2


def test_seats_that_are_missing_cost_their_price() -> None:
    """One seat, two people who can only work on Monday from 8 to 16: eight hours of one too many at 3.00."""
    agents = [Agent(name, one_day_contract(), frozenset({"phone"})) for name in "ab"]
    kind = replace(DAY, weekdays=(0,))
    needed = demand(week(), {"phone": {(0, 8, 16): 2}})
    rule = Presence("seats", at_most=1, price_per_hour=3.0)
    found = roster(agents, [kind], Rules(), [], needed, Prices(), [], team_rules=TeamRules((rule,)))
    assert found.cost_parts["team_rules"] == pytest.approx(24.0)
    assert found.cost == pytest.approx(160.0 + 24.0)
    assert found.status == "optimal"


def test_teams_sites_and_levels_choose_who_counts() -> None:
    """Only b belongs to the team; it is b who must come on Tuesday, though a costs the same."""
    agents = [
        Agent("a", one_day_contract(), frozenset({"phone"})),
        Agent("b", one_day_contract(), frozenset({"phone"}), team="north", levels=(("phone", 2),)),
    ]
    needed = demand(week(), {"phone": {(0, 8, 16): 1, (1, 8, 16): 1}})
    for chosen in ({"team": "north"}, {"skill": "phone", "level": 2}, {"agents": frozenset({"b"})}):
        rule = Presence("tuesday", at_least=1, weekdays=(1,), from_min=480, until_min=960, **chosen)
        found = roster(agents, [DAY], Rules(), [], needed, Prices(), [], team_rules=TeamRules((rule,)))
        day = found.table.set_index("agent")["start"].dt.day_of_week
        assert day["b"] == 1
        assert day["a"] == 0


def test_nobody_at_all_leaves_presence_unmet_at_its_price() -> None:
    _, *rest = two_people()
    rule = Presence("someone", at_least=2, from_min=600, until_min=660, weekdays=(0, 1), price_per_hour=7.0)
    found = roster([], *rest, team_rules=TeamRules((rule,)))
    assert found.cost_parts["team_rules"] == pytest.approx(2 * 2 * 7.0)


@pytest.mark.parametrize(
    "rules",
    [
        TeamRules(presence=(Presence("p", at_least=1, agents=frozenset({"a", "zoe"})),)),
        TeamRules(pairs=(Pair("a", "zoe", True),)),
    ],
)
def test_unknown_people_are_refused_by_name(rules: TeamRules) -> None:
    with pytest.raises(
        InvalidSchedule, match=r"(presence p|pair a, zoe): people of the roster expected, got zoe"
    ):
        roster(*two_people(), team_rules=rules)
