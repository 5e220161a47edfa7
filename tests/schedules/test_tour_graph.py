"""The graph of tours stays small, and what the rules ask of a shift is read off the wall clock."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from small_rosters import MONDAY

from schedules.agents import Agent, Before, Contract, Wish
from schedules.demand import Demand
from schedules.personalcosts import FairShares, target_minutes
from schedules.rules import NightWindow
from schedules.shiftnature import night_shifts, wall_end_min
from schedules.shifts import ShiftKind
from schedules.teams import Fairness
from schedules.timegrid import TimeGrid, time_grid
from schedules.tourgraph import tour_graph
from schedules.tourstates import Label, TourStates
from schedules.workweeks import WeekLimits, period_limits, week_limits

LABELS = (Label(15), Label(16), Label(17))
FULL_TIME = WeekLimits(35 * 60, 40 * 60, 4, 5)


def states(weeks: int, **rules: object) -> TourStates:
    """A full-time week of units of half an hour, so many times."""
    return TourStates(7 * weeks, 0, (FULL_TIME,) * weeks, 30, LABELS, **rules)  # type: ignore[arg-type]


def sizes(made: TourStates) -> list[int]:
    """Nodes of each layer."""
    return np.diff(tour_graph(made, [made.root()]).layer).tolist()


def test_weeks_that_nothing_ties_together_meet_in_one_node() -> None:
    layers = sizes(states(4))
    assert [layers[day] for day in (0, 7, 14, 21, 28)] == [1, 1, 1, 1, 1]
    assert layers[:7] == layers[7:14] == layers[14:21]


def test_a_limit_that_cannot_bind_adds_no_node() -> None:
    assert sizes(states(1, max_run=5)) == sizes(states(1))
    assert sizes(states(2, period=(0, 160))) == sizes(states(2))


def test_weekly_rest_at_most_doubles_the_nodes_and_one_more_a_week() -> None:
    assert sum(sizes(states(4, weekly_rest=True))) <= 2 * sum(sizes(states(4))) + 4


def test_two_roots_share_one_graph_and_see_only_what_they_reach() -> None:
    made = states(2, max_run=6)
    fresh, tired = made.root(0), made.root(6)
    graph = tour_graph(made, [fresh, tired])
    seen = {root: set(graph.view(root).nodes[:, 0].tolist()) for root in (fresh, tired)}
    assert graph.roots[fresh] != graph.roots[tired]
    assert seen[fresh] != seen[tired]
    assert seen[fresh] & seen[tired]
    first = graph.moves[graph.roots[tired]]
    assert first[0, 0] >= 0
    assert (first[1:, 0] == -1).all()


def test_a_contract_that_no_sum_of_shifts_reaches_has_no_root() -> None:
    made = TourStates(7, 0, (WeekLimits(36 * 60, 39 * 60, 0, 7),), 30, (Label(16),))
    assert tour_graph(made, [made.root()]).roots[made.root()] == -1


def grid(monday: date, kind: ShiftKind, days: int = 7) -> TimeGrid:
    starts = pd.date_range(
        pd.Timestamp(monday, tz="Europe/Berlin"),
        pd.Timestamp(monday + timedelta(days=days), tz="Europe/Berlin"),
        freq="30min",
        inclusive="left",
    )
    return time_grid(Demand(("p",), starts, np.zeros((1, len(starts)))), [kind])


@pytest.mark.parametrize(
    ("start_min", "length", "least", "night"),
    [
        (22 * 60, 480, 420, True),
        (22 * 60, 480, 421, False),
        (60, 300, 300, True),
        (4 * 60, 480, 121, False),
        (4 * 60, 480, 120, True),
    ],
)
def test_a_night_shift_has_enough_minutes_inside_the_window(
    start_min: int, length: int, least: int, night: bool
) -> None:
    """Window 23:00 to 06:00."""
    found = night_shifts(
        grid(MONDAY, ShiftKind("k", (length,), start_min, start_min)), NightWindow(at_least_min=least)
    )
    assert found.tolist() == [night] * 7


def test_the_night_in_which_the_clock_goes_forward_is_an_hour_shorter() -> None:
    made = grid(date(2027, 3, 22), ShiftKind("k", (480,), 22 * 60, 22 * 60))
    assert night_shifts(made, NightWindow(at_least_min=420)).tolist() == [True] * 5 + [False, True]
    assert wall_end_min(made).tolist() == [1800] * 5 + [1860, 1800]


def test_weekends_are_numbered_and_a_lone_sunday_is_one() -> None:
    kind = ShiftKind("k", (480,), 480, 480)
    assert grid(MONDAY, kind, 14).weekends().tolist() == [-1] * 5 + [0, 0] + [-1] * 5 + [1, 1]
    assert grid(MONDAY + timedelta(days=6), kind, 7).weekends().tolist() == [0] + [-1] * 5 + [1]


CONTRACT = Contract("c", ("k",), 20, 40, 2, 5, 10.0, target_hours=30.0, target_price_per_hour=2.0)


def test_target_is_lower_by_leave_and_in_the_first_week_by_the_balance() -> None:
    agent = Agent("a", CONTRACT, frozenset({"p"}), before=Before(hours_balance=4.0))
    assert target_minutes(agent, (1, 0, 4)) == (18 * 60, 30 * 60, 0)


def test_the_period_is_left_to_the_weeks_where_they_keep_it() -> None:
    weeks = week_limits(CONTRACT, (0, 0))
    contract = Contract("c", ("k",), 20, 40, 2, 5, 10.0, min_period_hours=40.0, max_period_hours=90.0)
    assert period_limits(contract, (0, 0), 0.0, weeks, 30) is None
    bound = period_limits(contract, (0, 1), 15.25, week_limits(contract, (0, 1)), 30)
    assert bound is not None
    # 90 h less 8 h of leave less 15.25 h leave room for 66.75 h, that is 133 halves of an hour.
    assert bound.high - bound.begun == 133


def test_wishes_of_those_refused_before_weigh_more() -> None:
    people = [
        Agent(name, CONTRACT, frozenset({"p"}), before=Before(refused_wishes=count))
        for name, count in (("a", 1), ("b", 3))
    ]
    wishes = [Wish(name, "day_off", MONDAY, 10.0) for name in ("a", "b")]
    shares = FairShares(people, Fairness(refused_wish=0.5))
    assert [wish.weight for wish in shares.weigh(wishes)] == [10.0, 20.0]
