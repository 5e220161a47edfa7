"""Meetings, trainings, talks: against every roster and every time there is, and by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from every_roster import Tour, attending, cheapest, instance, outside, slot_tables, tours
from small_rosters import DAY, MONDAY, centre, demand, one_day_contract, week

from schedules.agents import Agent
from schedules.check import check
from schedules.demand import Demand
from schedules.errors import InvalidSchedule
from schedules.roster import Roster, roster
from schedules.rules import Prices, Rules
from schedules.shifts import Break, ShiftKind
from schedules.teams import Activity, Fairness, Pair, Presence, TeamRules

DAYS = (0, 1)
ZONE = "Europe/Berlin"


def moment(day: int, hour: int) -> pd.Timestamp:
    return pd.Timestamp(MONDAY + timedelta(days=day), tz=ZONE) + pd.Timedelta(hours=hour)


def talk(
    first: tuple[int, int],
    until: tuple[int, int],
    *,
    people: Sequence[str] = ("a0", "a1"),
    hours: int = 1,
    together: bool = False,
    price: float = 60.0,
) -> Activity:
    return Activity("talk", tuple(people), 60 * hours, moment(*first), moment(*until), together, price)


def best_of_all(case: tuple, activity: Activity) -> float:
    """Cheapest roster with one activity, over all tours and all its times."""
    agents, kinds, rules, _, needed, prices, wishes = case
    slots = 24 * (max(DAYS) + 1)
    table = slot_tables(agents, needed, prices, slots)
    first = int((activity.start - needed.starts[0]) / pd.Timedelta(hours=1))
    last = int((activity.end - needed.starts[0]) / pd.Timedelta(hours=1)) - activity.length_min // 60
    own = [tours(agent, kinds, rules, wishes, DAYS) for agent in agents]

    def with_times(starts: Sequence[int]) -> float:
        options: list[list[Tour]] = [
            [new for tour in legal for new in attending(tour, activity, starts)]
            if agent.id in activity.agents
            else legal
            for agent, legal in zip(agents, own, strict=True)
        ]
        return cheapest(table, options, range(len(agents)))

    starts = range(first, last + 1)
    best = min(with_times([start]) for start in starts) if activity.together else with_times(starts)
    return best + outside(case, slots)


TALKS = [
    talk((0, 9), (0, 10)),
    talk((0, 8), (0, 14), hours=2),
    talk((0, 0), (2, 0)),
    talk((1, 7), (1, 12), together=True),
    talk((0, 7), (1, 18), hours=2, together=True, people=("a1", "a0")),
    talk((1, 8), (1, 11), price=3.0),
    talk((0, 7), (0, 9), people=("a1",), price=400.0, hours=2),
]


@pytest.mark.parametrize("number", range(len(TALKS)))
@pytest.mark.parametrize("seed", range(3))
def test_activities_come_close_to_the_best_of_all_rosters(seed: int, number: int) -> None:
    case, activity = instance(seed, DAYS, people=2), TALKS[number]
    exact = best_of_all(case, activity)
    found = roster(*case, team_rules=TeamRules(activities=(activity,)))
    assert found.bound <= exact + 1e-6
    assert found.cost == pytest.approx(exact)
    assert sum(found.cost_parts.values()) == pytest.approx(found.cost)


def sits(found: Roster, name: str = "talk") -> pd.DataFrame:
    return found.table[found.table["activity"] == name]


def one_person(hours: dict[tuple[int, int, int], float]) -> tuple:
    agents = [Agent("a", one_day_contract(), frozenset({"phone"}))]
    kind = replace(DAY, weekdays=(0,))
    return agents, [kind], Rules(), [], demand(week(), {"phone": hours}), Prices(), []


def test_a_talk_takes_the_hour_that_nobody_needs() -> None:
    """One person from 8 to 16, needed in all hours but from 11 to 12: the talk goes there and costs nothing."""
    case = one_person({(0, 8, 11): 1, (0, 12, 16): 1})
    found = roster(*case, team_rules=TeamRules(activities=(talk((0, 8), (0, 16), people="a"),)))
    row = sits(found).iloc[0]
    assert (row["start"], row["end"]) == (moment(0, 11), moment(0, 12))
    assert row["paid"]
    assert row["queue"] == ""
    assert found.cost == pytest.approx(80.0)
    assert found.status == "optimal"
    assert found.coverage.set_index("start")["scheduled"][moment(0, 11)] == 0


def test_a_talk_that_no_shift_reaches_is_missed_at_its_price() -> None:
    case = one_person({(0, 8, 16): 1})
    found = roster(*case, team_rules=TeamRules(activities=(talk((0, 18), (0, 20), people="a", price=11.0),)))
    assert sits(found).empty
    assert found.cost_parts["activities"] == pytest.approx(11.0)
    assert found.cost == pytest.approx(91.0)


def test_breaks_make_room_for_a_meeting() -> None:
    """The break may begin at 10, 11 or 12, and the meeting takes 10 to 12."""
    kind = ShiftKind("day", (480,), 480, 480, breaks=(Break("lunch", 60, 120, 240, True),), weekdays=(0,))
    agents = [Agent("a", one_day_contract(), frozenset({"phone"}))]
    needed = demand(week(), {"phone": {(0, 8, 10): 1, (0, 12, 16): 1}})
    activity = talk((0, 10), (0, 12), people="a", hours=2, price=200.0)
    found = roster(
        agents, [kind], Rules(), [], needed, Prices(), [], team_rules=TeamRules(activities=(activity,))
    )
    assert len(sits(found)) == 1
    assert sits(found, "lunch").iloc[0]["start"] == moment(0, 12)


def test_a_common_meeting_has_one_start_and_people_come_in_for_it() -> None:
    """Everybody is free to choose the day; the team meets on Wednesday, when nobody is needed."""
    agents = [Agent(name, one_day_contract(), frozenset({"phone"})) for name in "abcd"]
    needed = demand(week(), {"phone": {(day, 8, 16): 1 for day in (0, 1, 3, 4)}})
    activity = talk((2, 8), (2, 16), people="abcd", together=True, price=5000.0)
    found = roster(
        agents, [DAY], Rules(), [], needed, Prices(), [], team_rules=TeamRules(activities=(activity,))
    )
    assert len(sits(found)) == 4
    assert sits(found)["start"].nunique() == 1
    assert found.cost_parts["activities"] == 0.0
    assert found.bound <= found.cost


def test_two_activities_of_one_person_do_not_overlap() -> None:
    case = one_person({(0, 8, 16): 1})
    second = replace(talk((0, 9), (0, 11), people="a"), name="training")
    found = roster(
        *case, team_rules=TeamRules(activities=(talk((0, 9), (0, 11), people="a", price=400.0), second))
    )
    for name, hours in (("talk", 1), ("training", 1)):
        rows = sits(found, name)
        assert ((rows["end"] - rows["start"]) / pd.Timedelta(hours=1)).sum() in (0, hours)
    table = found.table.sort_values("start")
    assert (table["start"].iloc[1:].to_numpy() == table["end"].iloc[:-1].to_numpy()).all()
    assert len(sits(found)) == 1


def test_those_who_sit_in_a_meeting_are_not_present() -> None:
    """Presence asks for one of two from 8 to 16, and both have a talk inside these hours: never at once."""
    agents = [Agent(name, one_day_contract(), frozenset({"phone"})) for name in "ab"]
    kind = replace(DAY, weekdays=(0,))
    needed = demand(week(), {"phone": {(0, 8, 16): 2}})
    rules = TeamRules(
        (Presence("someone", at_least=1, from_min=480, until_min=960, weekdays=(0,)),),
        (),
        (talk((0, 8), (0, 16), people="ab", hours=4, price=10_000.0),),
    )
    found = roster(agents, [kind], Rules(), [], needed, Prices(), [], team_rules=rules)
    assert sorted(sits(found)["start"]) == [moment(0, 8), moment(0, 12)]
    assert found.cost_parts["team_rules"] == 0.0


def test_a_meeting_that_relieves_a_surplus_keeps_the_bound_below_the_cost() -> None:
    """Nobody is needed, an hour too many costs 5.00, and the talk takes people away from it."""
    case = one_person({})
    found = roster(
        *case, team_rules=TeamRules(activities=(talk((0, 8), (0, 16), people="a", hours=8, price=1.0),))
    )
    assert found.cost == pytest.approx(80.0)
    assert found.bound <= found.cost
    assert found.bound == pytest.approx(80.0, rel=1e-3)
    assert np.isfinite(found.bound)


@pytest.mark.parametrize(
    ("activity", "message"),
    [
        (talk((0, 8), (0, 16), people=("zoe",)), "activity talk: people of the roster expected, got zoe"),
        (replace(talk((0, 8), (0, 16), people="a"), length_min=45), "multiples of the roster slot of 60 min"),
        (
            replace(talk((0, 8), (0, 16), people="a"), name="work"),
            "activity work: a name that is neither work",
        ),
    ],
)
def test_activities_that_do_not_fit_are_refused(activity: Activity, message: str) -> None:
    with pytest.raises(InvalidSchedule, match=message):
        roster(*one_person({(0, 8, 16): 1}), team_rules=TeamRules(activities=(activity,)))


def test_a_mixed_centre_with_meetings_passes_the_checker_with_the_same_cost() -> None:
    """Two weeks, everything between people at once, priced by two programs that share no code."""
    agents, kinds, rules, premiums, needed, prices, wishes = centre(10, 3)
    starts = pd.date_range(needed.starts[0], periods=2 * len(needed.starts), freq="30min")
    carried = np.zeros((2, len(starts)))
    carried[0, :6] = 1.0
    needed = Demand(needed.queues, starts, np.hstack([needed.required, needed.required]), carried=carried)
    names = tuple(agent.id for agent in agents)
    minutes = {"length_min": 30, "price": 90.0}
    rules_between = TeamRules(
        (
            Presence(
                "three",
                at_least=3,
                from_min=600,
                until_min=900,
                weekdays=(0, 1, 2, 3, 4),
                price_per_hour=20.0,
            ),
        ),
        (Pair(names[0], names[1], False, 9.0), Pair(names[2], names[3], True, 15.0)),
        (
            Activity("meeting", names[:6], start=moment(1, 9), end=moment(1, 16), together=True, **minutes),
            Activity("talk", names, start=moment(0, 6), end=moment(5, 0), **minutes),
            Activity("talk", names, start=moment(7, 6), end=moment(12, 0), **minutes),
        ),
        Fairness(weekend=4.0, late_shift=2.0),
    )
    case = agents, kinds, rules, premiums, needed, prices, wishes
    found = roster(*case, passes=4, team_rules=rules_between)
    verdict = check(found.table, *case, team_rules=rules_between)
    assert verdict.violations == ()
    assert verdict.cost_parts == pytest.approx(found.cost_parts, abs=1e-6)
    assert found.bound <= found.cost
    assert len(sits(found)) >= 18
    assert sits(found, "meeting")["start"].nunique() == 1
    again = roster(*case, passes=4, team_rules=rules_between)
    pd.testing.assert_frame_equal(found.table, again.table)
