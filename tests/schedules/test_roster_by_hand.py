"""Rosters whose optimum a person can derive."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest
from small_rosters import DAY, MONDAY, demand, one_day_contract, week

from schedules.agents import Agent, Contract, Wish
from schedules.errors import InvalidSchedule
from schedules.roster import roster
from schedules.rostercost import PARTS
from schedules.rules import Premium, Prices, Rules, ShortageTier
from schedules.shifts import Break, ShiftKind
from schedules.teams import Held


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
    assert {name: cost for name, cost in found.cost_parts.items() if cost} == {
        "wages": 240.0,
        "refused_wishes": 7.0,
    }
    assert tuple(found.cost_parts) == PARTS


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


def published() -> dict:
    """Everybody on Monday, where nobody is needed any more: three are needed on Wednesday."""
    return {(name, MONDAY): ("day", 480, 480) for name in "abc"}


def moved() -> tuple:
    agents, kinds, rules, premiums, _, prices, _ = three_people()
    return agents, kinds, rules, premiums, demand(week(), {"phone": {(2, 8, 16): 3}}), prices, []


def test_changes_are_made_where_they_pay() -> None:
    """Moving a person costs two changes, Monday gone and Wednesday new.

    Whoever comes on Wednesday saves at least 8 h x (0.15 x 60.00 + 0.30 x 90.00 + 0.55 x 150.00) = 948.00 of shortage,
    at most 8 x 150.00 = 1,200.00, and 40.00 of surplus on Monday. Changes at 20.00 are all made, at 2,000.00 none.
    """
    for price, changes in ((0.0, 0.0), (20.0, 6 * 20.0), (2000.0, 0.0)):
        found = roster(*moved(), held=Held(published(), price_per_change=price))
        assert found.cost_parts["changes"] == pytest.approx(changes)
        day = MONDAY if price == 2000.0 else MONDAY + timedelta(days=2)
        assert {row.start.date() for row in found.table.itertuples()} == {day}
        assert found.bound <= found.cost


def test_a_frozen_day_stays_and_whoever_cannot_keep_it_is_planned_anew() -> None:
    agents, *rest = moved()
    held = Held(published(), frozenset({MONDAY}), 1.0)
    found = roster(agents, *rest, held=held)
    assert {row.start.date() for row in found.table.itertuples()} == {MONDAY}
    off = replace(agents[0], days_off=frozenset({MONDAY}))
    found = roster([off, *agents[1:]], *rest, held=held)
    days = {row.agent: row.start.date() for row in found.table.itertuples()}
    assert days == {"a": MONDAY + timedelta(days=2), "b": MONDAY, "c": MONDAY}


def test_frozen_days_that_leave_no_legal_week_are_opened_for_their_people_and_named() -> None:
    """The contract asks for two shifts now, and the frozen free days leave room for one."""
    agents, *rest = moved()
    busier = replace(agents[0], contract=Contract("two days", ("day",), 16, 16, 2, 2, 10.0))
    frozen = frozenset(MONDAY + timedelta(days=day) for day in range(7))
    found = roster([busier, *agents[1:]], *rest, held=Held(published(), frozen, 1.0))
    assert found.notes == ("frozen days cannot be kept by a",)
    assert found.table.groupby("agent")["shift_id"].nunique().to_dict() == {"a": 2, "b": 1, "c": 1}


def test_no_demand_at_all_leaves_the_least_that_contracts_allow() -> None:
    agents, kinds, rules, premiums, _, prices, _ = three_people()
    found = roster(agents, kinds, rules, premiums, demand(week(), {"phone": {}}), prices, [])
    assert found.cost == pytest.approx(3 * 8 * (10.0 + prices.surplus_per_hour))
    assert found.status == "optimal"


def test_ctrl_c_before_the_first_roster_leaves_a_complete_one() -> None:
    def interrupt(line: str) -> None:
        if line.startswith("prices 50/"):
            raise KeyboardInterrupt

    found = roster(*three_people(), on_progress=interrupt)
    assert found.status in ("limit", "optimal")
    assert set(found.table["agent"]) == {"a", "b", "c"}
    assert found.bound <= found.cost
    assert any("interrupted" in note for note in found.notes)


def test_a_horizon_of_more_than_eight_weeks_is_refused() -> None:
    agents, kinds, rules, premiums, _, prices, _ = three_people()
    starts = pd.date_range(pd.Timestamp(MONDAY, tz="Europe/Berlin"), periods=63 * 24, freq="h")
    with pytest.raises(InvalidSchedule, match="at most 8 weeks expected, got 63 days"):
        roster(agents, kinds, rules, premiums, demand(starts, {"phone": {}}), prices, [])
