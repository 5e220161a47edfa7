"""What a roster pays for beyond wages: each part by hand, and its lines add up to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from checked_case import Case, at, good, shift
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schedules.agents import Agent, Before, Contract, Wish
from schedules.check import CheckReport, check
from schedules.demand import Demand
from schedules.rules import Prices, Rules
from schedules.shifts import ShiftKind
from schedules.teams import Activity, Fairness, Held, Pair, Presence, TeamRules

ZONE = "Europe/Berlin"
PARTS = {
    "refused_wishes": ("refused wishes",),
    "overtime": ("overtime",),
    "shift_fees": ("shift fees",),
    "target_hours": ("target hours",),
    "fairness": ("fairness",),
    "team_rules": ("presence", "pairs"),
    "activities": ("activities",),
    "changes": ("changes",),
}


def lines_add_up(report: CheckReport) -> bool:
    sums = report.priced.groupby("rule")["amount"].sum()
    return all(
        sum(sums.get(rule, 0.0) for rule in rules) == pytest.approx(report.cost_parts[part])
        for part, rules in PARTS.items()
    ) and report.cost == pytest.approx(sum(report.cost_parts.values()))


def priced(report: CheckReport, rule: str) -> list[tuple[str, pd.Timestamp, float]]:
    lines = report.priced[report.priced["rule"] == rule]
    return list(zip(lines["what"], lines["when"], lines["amount"], strict=True))


def test_weekly_and_daily_overtime_are_both_paid_on_the_wage() -> None:
    """Anna works 2 × 7.5 h at 20: 3 h beyond 12 a week, 2 × 0.5 h beyond 7 a shift, each at +25 %."""
    case = good().with_contract(
        0, overtime_after_hours=12.0, overtime_share=0.25, daily_overtime_after_hours=7.0
    )
    report = case.check()
    assert report.cost_parts["overtime"] == pytest.approx(3 * 5.0 + 2 * 0.5 * 5.0)
    assert priced(report, "overtime") == [
        ("Anna: 3 h of the week beyond 12 h", at(0, 0), pytest.approx(15.0)),
        ("Anna: 0.5 h of a shift beyond 7 h", at(0, 480), pytest.approx(2.5)),
        ("Anna: 0.5 h of a shift beyond 7 h", at(1, 480), pytest.approx(2.5)),
    ]
    assert lines_add_up(report)
    edge = good().with_contract(
        0, overtime_after_hours=15.0, overtime_share=1.0, daily_overtime_after_hours=7.5
    )
    assert edge.check().cost_parts["overtime"] == 0.0


def test_overtime_is_counted_week_by_week() -> None:
    starts = pd.date_range("2024-03-04", "2024-03-18", freq="60min", inclusive="left", tz=ZONE)
    contract = Contract("c", ("any",), 0, 60, 0, 7, 10.0, overtime_after_hours=12.0, overtime_share=0.5)
    report = free_roster([("a", day, 480, 480) for day in (0, 1, 7)], [contract], starts)
    assert report.cost_parts["overtime"] == pytest.approx(4 * 10.0 * 0.5)  # 16 h and 8 h, not 24 h


def free_roster(
    shifts: list[tuple[str, int, int, int]],
    contracts: list[Contract],
    starts: pd.DatetimeIndex,
    team_rules: TeamRules | None = None,
    before: dict[str, Before] | None = None,
    carried: np.ndarray | None = None,
    required: np.ndarray | None = None,
) -> CheckReport:
    """People a, b, c …, shifts of pure work: person, day, start minute, length."""
    demand = Demand(
        ("phone",), starts, np.zeros((1, len(starts))) if required is None else required, carried=carried
    )
    rows = []
    for name, day, minute, length in shifts:
        start = (pd.Timestamp(starts[0].date()) + pd.Timedelta(days=day, minutes=minute)).tz_localize(ZONE)
        end = start + pd.Timedelta(minutes=length)
        rows.append((name, start, end, "work", True, "phone"))
    table = pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "paid", "queue"])
    lengths = tuple(sorted({480, *(length for *_, length in shifts)}))
    people = [
        Agent(name, contract, frozenset({"phone"}), before=(before or {}).get(name, Before()))
        for name, contract in zip("abcdefg", contracts, strict=False)
    ]
    kind = ShiftKind("any", lengths, 0, 1439, 5)
    report = check(
        table,
        people,
        [kind],
        Rules(min_rest_h=0, max_consecutive_days=99),
        (),
        demand,
        Prices(),
        team_rules=team_rules or TeamRules(),
    )
    assert report.ok
    assert lines_add_up(report)
    return report


OPEN = Contract("open", ("any",), 0, 168, 0, 7, 10.0)
WEEK = pd.date_range("2024-03-04", "2024-03-11", freq="30min", inclusive="left", tz=ZONE)


def test_each_shift_costs_the_fee_of_its_contract() -> None:
    report = good().with_contract(0, cost_per_shift=30.0).with_contract(1, cost_per_shift=7.0).check()
    assert report.cost_parts["shift_fees"] == 67.0
    assert [line[0] for line in priced(report, "shift fees")] == [
        "Anna: 2 shifts at 30",
        "Ben: 1 shifts at 7",
    ]


def test_hours_away_from_the_target_cost_either_way_with_leave_and_balance_taken_off() -> None:
    """Anna works 15 h. Targets: 18; 18 less 8 h of leave; 18 less a balance of 5; 18 and 2 owed."""
    aimed = good().with_contract(
        0, target_hours=18.0, target_price_per_hour=4.0, leave_day_h=8.0, min_hours=0
    )
    on_leave = aimed.with_agent(0, leave=frozenset({date(2024, 3, 9)}))
    ahead = aimed.with_agent(0, before=Before(hours_balance=5.0))
    behind = aimed.with_agent(0, before=Before(hours_balance=-2.0))
    far_ahead = aimed.with_agent(0, before=Before(hours_balance=50.0))
    amounts = [c.check().cost_parts["target_hours"] for c in (aimed, on_leave, ahead, behind, far_ahead)]
    assert amounts == pytest.approx([12.0, 20.0, 8.0, 20.0, 60.0])
    assert priced(ahead.check(), "target hours") == [
        ("Anna: 15 h in the week, 2 h above the target", at(0, 0), 8.0)
    ]


def test_the_balance_counts_in_the_first_week_alone() -> None:
    starts = pd.date_range("2024-03-04", "2024-03-18", freq="60min", inclusive="left", tz=ZONE)
    contract = replace(OPEN, target_hours=8.0, target_price_per_hour=1.0)
    report = free_roster([("a", 7, 480, 480)], [contract], starts, before={"a": Before(hours_balance=8.0)})
    assert report.cost_parts["target_hours"] == 0.0


def test_weekends_cost_more_the_more_of_them_and_the_more_from_before() -> None:
    """Two weekends: 0 + 1 steps; with one more than others from before 2 + 1; three times: 3 + 3."""
    starts = pd.date_range("2024-03-04", "2024-03-25", freq="60min", inclusive="left", tz=ZONE)
    shifts = [("a", 5, 480, 480), ("a", 6, 480, 480), ("a", 13, 480, 480)]
    shifts += [("b", 5, 480, 480), ("b", 12, 480, 480), ("c", 5, 480, 480), ("c", 13, 480, 480)]
    shifts += [("c", 20, 480, 480)]
    before = {"a": Before(weekends=3), "b": Before(weekends=4), "c": Before(weekends=4)}
    team = TeamRules(fairness=Fairness(weekend=10.0))
    report = free_roster(shifts, [OPEN] * 3, starts, team, before)
    assert [line[2] for line in priced(report, "fairness")] == [10.0, 30.0, 60.0]
    assert report.cost_parts["fairness"] == 100.0


def test_late_shifts_are_counted_per_week_and_by_the_wall_clock() -> None:
    """Ends at 20:00 and 20:05; two late in one week cost one step more than two in two weeks."""
    starts = pd.date_range("2024-03-04", "2024-03-18", freq="60min", inclusive="left", tz=ZONE)
    team = TeamRules(fairness=Fairness(late_shift=10.0))
    on_time = [("a", day, 720, 480) for day in range(5)]
    assert free_roster(on_time, [OPEN], starts, team).cost_parts["fairness"] == 0.0
    together = [("a", day, 725, 480) for day in (0, 1)]
    assert free_roster(together, [OPEN], starts, team).cost_parts["fairness"] == 10.0
    apart = [("a", day, 725, 480) for day in (0, 7)]
    assert free_roster(apart, [OPEN], starts, team).cost_parts["fairness"] == 0.0
    before = {"a": Before(late_shifts=3), "b": Before(late_shifts=1)}
    report = free_roster(apart, [OPEN, OPEN], starts, team, before)
    assert [(line[0], line[2]) for line in priced(report, "fairness")] == [
        ("a: 1 late shifts in the week", 20.0),
        ("a: 1 late shifts in the week", 20.0),
    ]


def test_a_night_shift_is_late_past_midnight_of_its_start_day() -> None:
    team = TeamRules(fairness=Fairness(late_shift=10.0, late_after_min=30 * 60))
    before = {"a": Before(late_shifts=1)}
    until_six = free_roster([("a", 0, 22 * 60, 480)], [OPEN, OPEN], WEEK, team, before)
    assert until_six.cost_parts["fairness"] == 0.0
    until_seven = free_roster([("a", 0, 23 * 60, 480)], [OPEN, OPEN], WEEK, team, before)
    assert until_seven.cost_parts["fairness"] == 10.0


def test_a_refused_wish_weighs_more_for_whom_more_were_refused_before() -> None:
    """12 × (1 + 0.5 × 2)."""
    case = replace(good(), team_rules=TeamRules(fairness=Fairness(refused_wish=0.5)))
    case = case.with_agent(0, before=Before(refused_wishes=3)).with_agent(1, before=Before(refused_wishes=1))
    report = case.check()
    assert report.cost_parts["refused_wishes"] == 24.0
    assert list(report.wishes["weight"]) == [12.0, 8.0]
    assert priced(report, "refused wishes") == [("Anna: day_off (shift starts 08:00)", at(1, 0), 24.0)]


@pytest.mark.parametrize(
    ("kind", "day", "name", "granted", "reason"),
    [
        ("shift", 5, "day", True, "shift of kind day"),
        ("shift", 5, "night-late", False, "shift of kind day"),
        ("shift", 7, "day", False, "no shift that day"),
        ("not_shift", 5, "day", False, "shift of kind day"),
        ("not_shift", 5, "night-late", True, "shift of kind day"),
        ("not_shift", 7, "day", True, "no shift that day"),
    ],
)
def test_wishes_for_and_against_a_kind_of_shift(
    kind: str, day: int, name: str, granted: bool, reason: str
) -> None:
    wish = Wish("Anna", kind, date(2024, 3, day), 9.0, shift=name)  # type: ignore[arg-type]
    report = replace(good(), wishes=(wish,)).check()
    assert report.wishes[["granted", "reason"]].values.tolist() == [[granted, reason]]
    assert report.cost_parts["refused_wishes"] == (0.0 if granted else 9.0)


def test_people_carried_in_are_scheduled_and_not_paid() -> None:
    """Two asked for at 02:00, one is there from Sunday night: one missing; at 03:00 one too many."""
    required, carried = np.zeros((1, len(WEEK))), np.zeros((1, len(WEEK)))
    required[0, 4:6], carried[0, 4:8] = 2.0, 1.0
    report = free_roster([], [OPEN], WEEK, required=required, carried=carried)
    tiers = 0.05 * 2 * 60 + 0.10 * 2 * 90 + 0.85 * 2 * 150 - 150.0
    assert report.cost_parts["shortage"] == pytest.approx(tiers)
    assert report.cost_parts["surplus"] == pytest.approx(5.0)
    assert report.cost_parts["wages"] == 0.0
    assert report.coverage["scheduled"].iloc[3:9].tolist() == [0.0, 1.0, 1.0, 1.0, 1.0, 0.0]


LEAD = Presence(
    "lead", at_least=1, agents=frozenset({"Anna", "Ben"}), from_min=480, until_min=660, weekdays=(0, 2)
)


def test_presence_is_priced_where_nobody_of_those_meant_works_the_whole_slot() -> None:
    """08:00–11:00. Anna's tea on Monday runs 10:00–10:15; Ben comes on Wednesday at 09:00."""
    report = replace(good(), team_rules=TeamRules(presence=(LEAD,))).check()
    assert priced(report, "presence") == [
        ("lead: 1 too few for 0.25 h", at(0, 600), 125.0),
        ("lead: 1 too few for 1 h", at(2, 480), 500.0),
    ]
    assert report.cost_parts["team_rules"] == 625.0
    assert report.ok
    assert lines_add_up(report)


def test_presence_is_kept_by_somebody_else_of_those_meant() -> None:
    case = replace(good(), team_rules=TeamRules(presence=(replace(LEAD, weekdays=(0,)),)))
    case = case.with_rows(*shift("Ben", 0, 540, "chat"))
    assert case.check().cost_parts["team_rules"] == 0.0


def test_seats_are_priced_where_too_many_sit() -> None:
    """On Wednesday Ben works 09:00–17:00 and Anna 08:00–16:00, teas at 11:00 and 10:00, lunch at 13:00 and 12:00."""
    seats = Presence("seats", at_most=1, from_min=480, until_min=720, price_per_hour=10.0)
    case = good().with_rows(*shift("Anna", 2, 480, "phone"))
    report = replace(case, team_rules=TeamRules(presence=(seats,))).check()
    assert priced(report, "presence") == [
        ("seats: 1 too many for 1 h", at(2, 540), 10.0),
        ("seats: 1 too many for 0.75 h", at(2, 615), 7.5),
        ("seats: 1 too many for 0.75 h", at(2, 675), 7.5),
    ]


@pytest.mark.parametrize(
    ("who", "missing_h"),
    [
        ({"team": "red"}, 0.25),
        ({"team": "blue"}, 3.0),
        ({"site": "north"}, 3.0),
        ({"skill": "phone", "level": 2}, 0.25),
        ({"skill": "phone", "level": 3}, 3.0),
        ({"skill": "chat"}, 3.0),
        ({}, 0.25),
    ],
)
def test_who_counts_is_the_intersection_of_what_is_given(who: dict, missing_h: float) -> None:
    """On Monday Anna alone works, of team red, with phone at level 2; tea takes a quarter of an hour."""
    presence = Presence(
        "p", at_least=1, from_min=480, until_min=660, weekdays=(0,), price_per_hour=1.0, **who
    )
    case = good().with_agent(0, team="red", site="south", levels=(("phone", 2),))
    report = replace(case, team_rules=TeamRules(presence=(presence,))).check()
    assert report.cost_parts["team_rules"] == pytest.approx(missing_h)


def test_a_presence_over_midnight_looks_at_each_slots_own_weekday() -> None:
    """22:00–06:00 on Mondays: its first six and its last two hours; a shift from 22:00 fills the last two."""
    presence = Presence("night", at_least=1, from_min=1320, until_min=360, weekdays=(0,), price_per_hour=1.0)
    report = free_roster([("a", 0, 1320, 480)], [OPEN], WEEK, TeamRules(presence=(presence,)))
    assert priced(report, "presence") == [("night: 1 too few for 6 h", WEEK[0], 6.0)]


def test_work_that_fills_a_slot_in_part_is_no_presence_and_two_queues_make_one_stretch() -> None:
    presence = Presence("p", at_least=1, from_min=480, until_min=600, weekdays=(0,), price_per_hour=1.0)
    team = TeamRules(presence=(presence,))
    assert free_roster([("a", 0, 485, 115)], [OPEN], WEEK, team).cost_parts["team_rules"] == 0.5
    case = replace(good(), team_rules=team).with_agent(0, skills=frozenset({"phone", "chat"}))
    first = case.table.iloc[0].to_dict()
    case = case.edited(0, end=at(0, 487)).with_rows({**first, "start": at(0, 487), "queue": "chat"})
    assert case.check().cost_parts["team_rules"] == 0.0


def paired(together: bool, *shifts: tuple[str, int, int, int]) -> CheckReport:
    team = TeamRules(pairs=(Pair("a", "b", together, 10.0),))
    return free_roster(list(shifts), [OPEN, OPEN, OPEN], WEEK, team)


def test_a_pair_together_pays_for_every_hour_of_one_alone() -> None:
    """08:00–16:00 and 09:00–17:00 differ by an hour at either end."""
    report = paired(True, ("a", 0, 480, 480), ("b", 0, 540, 480), ("c", 1, 480, 480))
    assert priced(report, "pairs") == [
        ("a and b one without the other for 1 h", WEEK[16], 10.0),
        ("a and b one without the other for 1 h", WEEK[32], 10.0),
    ]
    assert paired(True, ("a", 0, 480, 480), ("b", 0, 480, 480)).cost_parts["team_rules"] == 0.0


def test_a_pair_apart_pays_for_every_hour_of_both() -> None:
    report = paired(False, ("a", 0, 480, 480), ("b", 0, 540, 480))
    assert priced(report, "pairs") == [("a and b at work at the same time for 7 h", WEEK[18], 70.0)]
    assert paired(False, ("a", 0, 480, 480), ("b", 0, 960, 480)).cost_parts["team_rules"] == 0.0


def test_a_change_is_another_an_added_or_a_missing_shift_each_once() -> None:
    """Anna's Monday was an hour later, Ben's Wednesday as it is, his Friday is gone, Anna's Tuesday is new."""
    was = {
        ("Anna", date(2024, 3, 4)): ("day", 540, 480),
        ("Ben", date(2024, 3, 6)): ("day", 540, 480),
        ("Ben", date(2024, 3, 8)): ("day", 540, 480),
        ("Ben", date(2024, 3, 18)): ("day", 540, 480),
        ("Zoe", date(2024, 3, 4)): ("day", 540, 480),
    }
    report = replace(good(), held=Held(was, price_per_change=25.0)).check()
    assert report.ok
    assert priced(report, "changes") == [
        ("Anna: day from 08:00 for 480 min instead of day from 09:00 for 480 min", at(0, 0), 25.0),
        ("Anna: day from 08:00 for 480 min instead of no shift", at(1, 0), 25.0),
        ("Ben: no shift instead of day from 09:00 for 480 min", at(4, 0), 25.0),
    ]
    assert report.cost_parts["changes"] == 75.0


def test_breaks_may_move_for_nothing() -> None:
    was = {("Anna", date(2024, 3, 4 + day)): ("day", 480, 480) for day in (0, 1)}
    was["Ben", date(2024, 3, 6)] = ("day", 540, 480)
    held = Held(was, frozenset(date(2024, 3, 4 + day) for day in range(7)), 25.0)
    report = replace(good(), held=held).check()
    assert report.ok
    assert report.cost_parts["changes"] == 0.0


def everything(case: Case) -> Case:
    team = TeamRules(
        presence=(LEAD,),
        pairs=(Pair("Anna", "Ben", True, 3.0),),
        activities=(Activity("talk", ("Anna", "Ben"), 30, at(1, 800), at(1, 900), price=11.0),),
        fairness=Fairness(5.0, 7.0, 0.5, 15 * 60),
    )
    case = case.with_contract(0, overtime_after_hours=10.0, overtime_share=0.5, cost_per_shift=2.0)
    case = case.with_contract(1, target_hours=9.0, target_price_per_hour=2.0)
    case = case.with_agent(0, before=Before(weekends=1, late_shifts=2, refused_wishes=1))
    return replace(case, team_rules=team, held=Held({}, frozenset(), 1.5))


def test_all_parts_are_in_the_cost_and_every_line_is_in_its_part() -> None:
    report = everything(good()).check()
    assert report.ok
    assert lines_add_up(report)
    assert all(report.cost_parts[part] > 0 for part in PARTS)
    assert list(report.priced.columns) == ["rule", "what", "when", "amount"]


def test_nothing_declared_leaves_an_empty_bill_but_for_refused_wishes() -> None:
    assert list(good().check().priced["rule"]) == ["refused wishes"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 6), st.integers(0, 287), st.integers(1, 150)),
        max_size=6,
        unique_by=lambda item: item[:2],
    ),
    st.integers(0, 2),
    st.booleans(),
    st.sampled_from([0, 480, 1320]),
    st.sampled_from([360, 960, 1440]),
    st.sampled_from(["2024-03-25", "2024-10-21"]),
)
def test_presence_and_pairs_are_what_counting_slot_by_slot_gives(
    drawn: list[tuple[str, int, int, int]], least: int, together: bool, begin: int, until: int, first: str
) -> None:
    end = (pd.Timestamp(first) + pd.Timedelta(weeks=1)).tz_localize(ZONE)
    starts = pd.date_range(pd.Timestamp(first, tz=ZONE), end, freq="30min", inclusive="left")
    rows = []
    for name, day, five, length in drawn:
        start = starts[0] + pd.Timedelta(minutes=24 * 60 * day + 5 * five)
        rows.append((name, start, start + pd.Timedelta(minutes=5 * length), "work", True, "phone"))
    table = pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "paid", "queue"])
    if not rows:
        table = good().table.iloc[:0]
    people = [Agent(name, OPEN, frozenset({"phone"})) for name in "ab"]
    presence = Presence(
        "p", least, 2, from_min=begin, until_min=until, weekdays=(0, 5, 6), price_per_hour=3.0
    )
    team = TeamRules((presence,), (Pair("a", "b", together, 7.0),))
    demand = Demand(("phone",), starts, np.zeros((1, len(starts))))
    kind = ShiftKind("any", (60,), 0, 1439, 5)
    report = check(table, people, [kind], Rules(), (), demand, Prices(), team_rules=team)

    expected = 0.0
    for slot in starts:
        covered = {name: set() for name in "ab"}
        for name, start, stop, *_ in rows:
            for step in range(6):
                moment = slot + pd.Timedelta(minutes=5 * step)
                if start <= moment < stop:
                    covered[name].add(step)
        there = {name: len(steps) == 6 for name, steps in covered.items()}
        count = sum(there.values())
        minute = slot.hour * 60 + slot.minute
        inside = begin <= minute < until if begin <= until else minute >= begin or minute < until
        if inside and slot.weekday() in (0, 5, 6):
            expected += 0.5 * 3.0 * max(0, least - count)
        wrong = there["a"] != there["b"] if together else count == 2
        expected += 0.5 * 7.0 * wrong
    assert report.cost_parts["team_rules"] == pytest.approx(expected)


def test_nobody_at_all_and_people_nobody_knows_are_checked_without_a_crash() -> None:
    rules = Rules(weekly_rest_h=35.0, max_weekends=1, complete_weekends=True, max_nights_in_a_row=1)
    team = TeamRules(
        presence=(Presence("desk", 1, weekdays=(0,), price_per_hour=1.0),), fairness=Fairness(1.0, 1.0, 1.0)
    )
    demand = Demand(("phone",), WEEK, np.zeros((1, len(WEEK))))
    kind = ShiftKind("any", (480,), 0, 1439, 5)
    empty = check(good().table.iloc[:0], (), [kind], rules, (), demand, Prices(), team_rules=team)
    assert empty.ok
    assert empty.cost == 24.0
    strangers = check(good().table, (), [kind], rules, (), demand, Prices(), team_rules=team)
    assert {violation.rule for violation in strangers.violations} == {"known agent"}
    assert strangers.cost == 24.0


def test_a_bill_of_ten_days_has_a_short_second_week() -> None:
    starts = pd.date_range("2024-03-04", "2024-03-14", freq="60min", inclusive="left", tz=ZONE)
    contract = replace(OPEN, target_hours=8.0, target_price_per_hour=1.0)
    report = free_roster([("a", 0, 480, 480), ("a", 9, 480, 240)], [contract], starts)
    assert priced(report, "target hours") == [
        ("a: 4 h in the week, 4 h below the target", pd.Timestamp("2024-03-11", tz=ZONE), 4.0)
    ]
