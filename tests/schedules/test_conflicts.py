"""A person without any roster is named, with the rules in conflict, the days and a repair that works."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from small_rosters import MONDAY, demand, week

from schedules.agents import Agent, Contract, Window
from schedules.errors import Conflict, NoFeasibleRoster
from schedules.roster import roster
from schedules.rules import Prices, Rules
from schedules.shifts import ShiftKind

KIND = ShiftKind("day", (480,), 480, 480)
CONTRACT = Contract("full", ("day",), 40, 40, 5, 5, 10.0)
NEEDED = demand(week(), {"p": {(day, 8, 16): 1 for day in range(5)}})


def conflicts_of(*agents: Agent, rules: Rules | None = None) -> tuple[Conflict, ...]:
    with pytest.raises(NoFeasibleRoster) as caught:
        roster(agents, [KIND], rules or Rules(), [], NEEDED, Prices(), [])
    return caught.value.conflicts


def test_three_days_off_against_forty_hours() -> None:
    days = [MONDAY + timedelta(days=day) for day in (1, 2, 3)]
    (found,) = conflicts_of(Agent("ann", CONTRACT, frozenset({"p"}), days_off=frozenset(days)))
    assert found.agent == "ann"
    assert found.days == ("Tue 24 Nov", "Wed 25 Nov", "Thu 26 Nov")
    assert (
        set(found.rules)
        == {
            "day off on Tue 24 Nov",
            "day off on Wed 25 Nov",
            "day off on Thu 26 Nov",
            "minimum of 5 days",
        }
        or "minimum of 40 h" in found.rules
    )
    assert found.repair.startswith(("drop the day off on", "allow"))


def test_the_repair_of_hours_is_one_that_works() -> None:
    """Available on four days of eight hours: 32 of 38 hours; days are not the problem."""
    contract = replace(CONTRACT, min_hours=38, min_days=3)
    windows = tuple(Window(day, 480, 960) for day in (0, 1, 2, 3))
    agent = Agent("ben", contract, frozenset({"p"}), availability=windows)
    (found,) = conflicts_of(agent)
    assert set(found.rules) == {"availability", "minimum of 38 h"}
    assert found.repair == "allow 32 h instead of 38 h"
    assert found.days == ("Fri 27 Nov", "Sat 28 Nov", "Sun 29 Nov")
    repaired = replace(agent, contract=replace(contract, min_hours=32))
    assert roster([repaired], [KIND], Rules(), [], NEEDED, Prices(), []).table["agent"].unique().tolist() == [
        "ben"
    ]


def test_every_rule_of_the_set_is_needed_for_the_conflict() -> None:
    """A day off alone, or the availability alone, would leave five days."""
    windows = tuple(Window(day, 480, 960) for day in range(5))
    agent = Agent(
        "cat", CONTRACT, frozenset({"p"}), windows, days_off=frozenset({MONDAY + timedelta(days=2)})
    )
    (found,) = conflicts_of(agent)
    assert "availability" in found.rules
    assert "day off on Wed 25 Nov" in found.rules
    assert len(found.rules) == 3
    for changed in (replace(agent, availability=None), replace(agent, days_off=frozenset())):
        roster([changed], [KIND], Rules(), [], NEEDED, Prices(), [])


def test_hours_that_no_sum_of_shifts_reaches() -> None:
    contract = replace(CONTRACT, min_hours=36, max_hours=39, min_days=0)
    (found,) = conflicts_of(Agent("dan", contract, frozenset({"p"})))
    assert set(found.rules) == {"maximum of 39 h", "minimum of 36 h"}
    assert found.repair == "allow 40 h instead of 39 h"


def test_days_in_a_row_before_the_week_against_the_contract() -> None:
    agent = Agent(
        "eve",
        CONTRACT,
        frozenset({"p"}),
        availability=tuple(Window(d, 0, 1440) for d in range(5)),
        days_worked_before=2,
    )
    (found,) = conflicts_of(agent, rules=Rules(max_consecutive_days=6))
    assert "at most 6 days in a row" in found.rules


def test_only_the_people_concerned_are_named_and_all_of_them() -> None:
    fine = Agent("fay", CONTRACT, frozenset({"p"}))
    blocked = [Agent(name, CONTRACT, frozenset({"p"}), availability=()) for name in ("gil", "hal")]
    found = conflicts_of(fine, *blocked)
    assert [conflict.agent for conflict in found] == ["gil", "hal"]
    assert all("availability" in conflict.rules for conflict in found)
    assert "cannot hold together" in str(found[0])


def test_a_contract_whose_shifts_exist_on_two_days_only_is_named_so() -> None:
    weekend = ShiftKind("late", (480,), 480, 480, weekdays=(5, 6))
    agent = Agent("ann", Contract("full", ("late",), 32, 40, 4, 5, 20.0), frozenset({"p"}))
    with pytest.raises(NoFeasibleRoster) as caught:
        roster([agent], [weekend], Rules(), [], NEEDED, Prices(), [])
    (conflict,) = caught.value.conflicts
    assert conflict.rules[-1] == "shifts of contract full that start on Sat 28 Nov, Sun 29 Nov only"
    assert conflict.repair == "allow 16 h on 2 days instead of 32 h on 4"


def test_a_week_in_which_everybody_is_on_leave_has_an_empty_roster() -> None:
    leave = frozenset(MONDAY + timedelta(days=day) for day in range(7))
    found = roster(
        [Agent("ann", CONTRACT, frozenset({"p"}), leave=leave)], [KIND], Rules(), [], NEEDED, Prices(), []
    )
    assert found.table.empty
    assert found.cost_parts["shortage"] > 0
