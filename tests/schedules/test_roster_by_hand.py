"""Rosters whose optimum a person can derive."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest
from small_rosters import DAY, MONDAY, demand, one_day_contract, week

from schedules.agents import Agent, Contract, Wish
from schedules.errors import InvalidSchedule
from schedules.roster import roster
from schedules.rules import Premium, Prices, Rules, ShortageTier
from schedules.shifts import Break, ShiftKind


def three_people() -> tuple:
    """Three people, one shift each; one person is needed on Monday 08–16 and two on Tuesday 08–16.

    Everybody works 8 h at 10.00, so wages are 240.00 whatever the roster; one on Monday and two on Tuesday leaves
    no shortage and no surplus. ``a`` asks for Monday off (5.00) and Tuesday off (7.00), ``b`` to work on Monday (3.00).
    Only one can be on Monday. If it is ``b``: ``a`` works Tuesday, 7.00 refused. If it is ``a``: Monday off 5.00 and
    b's wish 3.00 are refused, 8.00. Any other roster adds at least 8 h x 60.00 of shortage. The optimum is 247.00.
    """
    contract = one_day_contract()
    agents = [Agent(name, contract, frozenset({"phone"})) for name in ("a", "b", "c")]
    needed = demand(week(), {"phone": {(0, 8, 16): 1, (1, 8, 16): 2}})
    tuesday = MONDAY + timedelta(days=1)
    wishes = [Wish("a", "day_off", MONDAY, 5), Wish("a", "day_off", tuesday, 7), Wish("b", "work", MONDAY, 3)]
    return agents, [DAY], Rules(), [], needed, Prices(), wishes


def test_three_people_reach_the_optimum_derived_by_hand_and_prove_it() -> None:
    found = roster(*three_people())
    assert found.cost == pytest.approx(247.0)
    assert found.bound <= found.cost
    assert found.bound == pytest.approx(247.0, rel=1e-2)
    days = {row.agent: row.start.date() for row in found.table.itertuples()}
    assert days == {"a": MONDAY + timedelta(days=1), "b": MONDAY, "c": MONDAY + timedelta(days=1)}
    assert found.cost_parts == {
        "wages": 240.0,
        "premiums": 0.0,
        "shortage": 0.0,
        "surplus": 0.0,
        "refused_wishes": 7.0,
    }


def test_a_refused_wish_names_its_exact_price() -> None:
    """If ``a`` leaves Tuesday, the best other day is any without demand, say Wednesday.

    One of two is then missing on Tuesday, a share of 0.5: 0.1 person at 60, 0.2 at 90 and 0.7 at 150 make 129 per hour,
    1032 in 8 h; a surplus of one for 8 h costs 40. Together 1072.
    """
    wishes = roster(*three_people()).wishes.set_index(["agent", "kind", "day"])
    refused = wishes.loc[("a", "day_off", MONDAY + timedelta(days=1))]
    assert not refused.granted
    assert refused.reason == "refused: granting it would cost 1072.00, its weight is 7.00"
    assert wishes["granted"].sum() == 2


def test_the_table_has_one_row_per_stretch_and_the_documented_id() -> None:
    table = roster(*three_people()).table
    assert list(table.columns) == ["agent", "start", "end", "activity", "paid", "queue", "shift_id"]
    assert table["shift_id"].tolist() == [
        "2026-11-24-day-0800-480",
        "2026-11-23-day-0800-480",
        "2026-11-24-day-0800-480",
    ]
    assert set(table["activity"]) == {"work"}
    assert set(table["queue"]) == {"phone"}
    assert str(table["start"].dt.tz) == "Europe/Berlin"


def test_an_unpaid_break_moves_to_the_quiet_hour_and_saves_its_pay() -> None:
    """One person 08–16, demand 1 except 12–13; the unpaid lunch of an hour may start 11–14. It goes to 12:00.

    Paid are 7 h at 10.00 and nothing is short: 70.00. A premium of 50 % from 12:00 to 13:00 is not paid on the lunch.
    """
    kind = ShiftKind("day", (480,), 480, 480, breaks=(Break("lunch", 60, 180, 360, False),), weekdays=(0,))
    agent = Agent("a", Contract("c", ("day",), 7, 7, 1, 1, 10.0), frozenset({"phone"}))
    needed = demand(week(), {"phone": {(0, 8, 12): 1, (0, 13, 16): 1}})
    found = roster([agent], [kind], Rules(), [Premium("noon", 0.5, 720, 780)], needed, Prices(), [])
    assert found.cost == pytest.approx(70.0)
    assert found.status == "optimal"
    lunch = found.table[found.table["activity"] == "lunch"].iloc[0]
    assert lunch["start"] == pd.Timestamp("2026-11-23 12:00", tz="Europe/Berlin")
    assert not lunch["paid"]
    assert lunch["queue"] == ""


def test_a_shortage_spreads_because_tiers_rise() -> None:
    """Two people, four needed on two days: one each day leaves 3 + 3 missing, both on one day 2 + 4.

    With tiers at shares 0.8 and 1 the fourth missing person costs more, so one each day is cheaper.
    """
    prices = Prices((ShortageTier(0.8, 10.0), ShortageTier(1.0, 100.0)), 1.0)
    agents = [Agent(name, one_day_contract(), frozenset({"phone"})) for name in "ab"]
    needed = demand(week(), {"phone": {(0, 8, 16): 4, (1, 8, 16): 4}})
    found = roster(agents, [DAY], Rules(), [], needed, prices, [])
    assert sorted(found.table["start"].dt.day_of_week) == [0, 1]
    assert found.cost_parts["shortage"] == pytest.approx(2 * 8 * 3 * 10.0)


def test_nobody_leaves_the_whole_demand_short_and_says_so() -> None:
    _, kinds, rules, premiums, needed, prices, _ = three_people()
    found = roster([], kinds, rules, premiums, needed, prices, [])
    assert found.status == "optimal"
    assert found.table.empty
    assert (found.coverage["gap"] == -found.coverage["required"]).all()
    assert found.cost == pytest.approx(24 * (0.05 * 60 + 0.10 * 90 + 0.85 * 150))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"skills": frozenset({"fax"})}, "agent a: a skill among phone expected, got fax"),
        ({"contract": one_day_contract(shifts=("late",))}, "shift kinds among day expected, got late"),
        ({"id": "b"}, "agents with different ids expected, got b more than once"),
    ],
)
def test_names_that_do_not_match_are_refused(change: dict, message: str) -> None:
    from dataclasses import replace

    agents, *rest = three_people()
    with pytest.raises(InvalidSchedule, match=message):
        roster([replace(agents[0], **change), *agents[1:]], *rest)


def test_a_wish_of_an_unknown_person_is_refused() -> None:
    *rest, _ = three_people()
    with pytest.raises(InvalidSchedule, match="got nobody"):
        roster(*rest, [Wish("nobody", "day_off", MONDAY, 1)])


def test_times_off_the_slots_are_refused_by_name() -> None:
    agents, _, *rest = three_people()
    with pytest.raises(
        InvalidSchedule, match=r"shift day: lengths_min in multiples of the roster slot of 60 min"
    ):
        roster(agents, [ShiftKind("day", (450,), 480, 480)], *rest)
