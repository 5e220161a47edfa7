"""The check's arithmetic against a minute-by-minute count, and the days on which clocks change."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schedules.agents import Agent, Contract, Window
from schedules.check import check
from schedules.demand import Demand
from schedules.rules import Premium, Prices, Rules, ShortageTier
from schedules.shifts import ShiftKind

ZONE = "Europe/Berlin"
QUEUES = ("phone", "chat")
FREE = Contract("free", ("any",), 0, 168, 0, 7, 17.35)
DEAR = Contract("dear", ("any",), 0, 168, 0, 7, 31.1)
ANY = ShiftKind("any", (360,), 0, 1439, 5)
PRICES = Prices((ShortageTier(0.25, 40.0), ShortageTier(1.0, 100.0)), 4.0)


def week(first: str, slot_min: int, required: np.ndarray | None = None, **more: frozenset) -> Demand:
    """A week of demand from a local Monday."""
    begin = pd.Timestamp(first, tz=ZONE)
    end = (pd.Timestamp(first) + pd.Timedelta(days=7)).tz_localize(ZONE)
    starts = pd.date_range(begin, end, freq=f"{slot_min}min", inclusive="left")
    return Demand(QUEUES, starts, np.zeros((2, len(starts))) if required is None else required, **more)


def work(agent: str, start: pd.Timestamp, length_min: int, queue: str = "phone") -> dict[str, object]:
    """One row of work, which is a whole shift."""
    return {
        "agent": agent,
        "start": start,
        "end": start + pd.Timedelta(minutes=length_min),
        "activity": "work",
        "paid": True,
        "queue": queue,
        "shift_id": f"{start:%Y-%m-%d}-any-{start:%H%M}-{length_min}",
    }


@st.composite
def rosters(draw: st.DrawFn) -> tuple[pd.DataFrame, Demand, tuple[Premium, ...]]:
    """Rows on a 5-minute grid over slots of 30 minutes, some of them over the week's end."""
    demand = week(draw(st.sampled_from(["2024-03-04", "2024-03-25", "2024-10-21"])), 30)
    levels = draw(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.7]), min_size=48, max_size=48))
    required = np.tile(np.array(levels), 20)[: 2 * len(demand.starts)].reshape(2, -1)
    demand = Demand(QUEUES, demand.starts, required, frozenset({demand.starts[100].date()}))
    rows = [
        work(
            draw(st.sampled_from(["a", "b"])),
            demand.starts[0] + pd.Timedelta(minutes=5 * draw(st.integers(0, 12 * 24 * 7 - 13))),
            5 * draw(st.integers(1, 200)),
            draw(st.sampled_from(QUEUES)),
        )
        for _ in range(draw(st.integers(1, 6)))
    ]
    premium = st.builds(
        Premium,
        st.just("extra"),
        st.sampled_from([0.25, 0.5, 1.0]),
        st.integers(0, 48).map(lambda half: 30 * half),
        st.integers(0, 48).map(lambda half: 30 * half),
        st.lists(st.integers(0, 6), unique=True).map(tuple),
        st.booleans(),
    )
    return pd.DataFrame(rows), demand, tuple(draw(st.lists(premium, max_size=3)))


def counted(table: pd.DataFrame, demand: Demand, premiums: tuple[Premium, ...]) -> dict[str, float]:
    """The same money, counted five minutes at a time and looked up in plain Python."""
    rate = {"a": FREE.cost_per_hour, "b": DEAR.cost_per_hour}
    step = pd.Timedelta(minutes=5)
    parts = {"wages": 0.0, "premiums": 0.0, "shortage": 0.0, "surplus": 0.0}
    present = np.zeros((2, len(demand.starts) * 6))
    for row in table.itertuples():
        moment = row.start
        while moment < row.end:
            parts["wages"] += rate[row.agent] / 12
            elapsed = int((moment - demand.starts[0]) / step)
            slot = demand.starts[0] + (elapsed // 6) * 6 * step
            minute = slot.hour * 60 + slot.minute
            for premium in premiums:
                if premium.from_min <= premium.until_min:
                    holds = premium.from_min <= minute < premium.until_min
                else:
                    holds = minute >= premium.from_min or minute < premium.until_min
                day = slot.day_of_week in premium.weekdays or (
                    premium.holidays and slot.date() in demand.holidays
                )
                parts["premiums"] += rate[row.agent] / 12 * premium.share * (holds and day)
            if elapsed < present.shape[1]:
                present[QUEUES.index(row.queue), elapsed] += 1
            moment += step
    scheduled = present.reshape(2, -1, 6).mean(axis=2)
    for need, there in zip(demand.required.ravel(), scheduled.ravel(), strict=True):
        short = max(0.0, need - there)
        parts["shortage"] += (40.0 * min(short, 0.25 * need) + 100.0 * max(0.0, short - 0.25 * need)) / 2
        parts["surplus"] += max(0.0, there - need) * 4.0 / 2
    return parts


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rosters())
def test_cost_is_what_counting_five_minutes_at_a_time_gives(
    drawn: tuple[pd.DataFrame, Demand, tuple[Premium, ...]],
) -> None:
    table, demand, premiums = drawn
    people = tuple(Agent(name, contract, frozenset(QUEUES)) for name, contract in (("a", FREE), ("b", DEAR)))
    report = check(table, people, (ANY,), Rules(), premiums, demand, PRICES)
    expected = counted(table, demand, premiums)
    assert {name: report.cost_parts[name] for name in expected} == pytest.approx(expected, abs=1e-6)
    assert report.cost == pytest.approx(sum(expected.values()), abs=1e-6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 6), min_size=1, unique=True), st.integers(1, 7), st.integers(0, 9))
def test_a_run_is_too_long_exactly_where_counting_back_finds_too_many_days(
    days: list[int], limit: int, before: int
) -> None:
    demand = week("2024-03-04", 60)
    table = pd.DataFrame([work("a", demand.starts[24 * day + 8], 360) for day in days])
    agent = Agent("a", FREE, frozenset(QUEUES), days_worked_before=before)
    report = check(table, (agent,), (ANY,), Rules(max_consecutive_days=limit), (), demand, PRICES)
    worked = [offset < 0 or offset in days for offset in range(-before, 7)]
    runs = "".join("x" if day else " " for day in worked).split()
    first_run_touches = bool(worked[before])
    too_long = [
        run
        for number, run in enumerate(runs)
        if len(run) > limit and not (number == 0 and before and not first_run_touches)
    ]
    assert len(report.violations) == len(too_long)
    assert [violation.found.split()[0] for violation in report.violations] == [
        str(len(run)) for run in too_long
    ]


@pytest.mark.parametrize(("monday", "hours"), [("2024-03-25", 167), ("2024-10-21", 169)])
def test_weeks_of_167_and_169_hours_are_checked_in_elapsed_hours(monday: str, hours: int) -> None:
    demand = week(monday, 60)
    assert len(demand.starts) == hours
    start = pd.Timestamp(monday, tz=ZONE) + pd.DateOffset(days=5, hours=23)
    table = pd.DataFrame([work("a", start, 360)])
    agent = Agent("a", FREE, frozenset(QUEUES), availability=(Window(5, 1380, 1380 + 360),))
    report = check(table, (agent,), (ANY,), Rules(), (), demand, PRICES)
    assert report.cost_parts["wages"] == pytest.approx(6 * FREE.cost_per_hour)
    # Six hours across the change end at 06:00 in spring, past the window, and at 04:00 in autumn.
    assert [violation.rule for violation in report.violations] == (["availability"] if hours == 167 else [])


def test_rest_over_the_lost_hour_is_an_hour_shorter_than_the_clock_says() -> None:
    demand = week("2024-03-25", 60)
    saturday = pd.Timestamp("2024-03-30 14:00", tz=ZONE)
    sunday = pd.Timestamp("2024-03-31 07:00", tz=ZONE)  # 11 h by the wall clock
    table = pd.DataFrame([work("a", saturday, 360), work("a", sunday, 360)])
    agent = Agent("a", FREE, frozenset(QUEUES))
    report = check(table, (agent,), (ANY,), Rules(min_rest_h=11), (), demand, PRICES)
    assert [violation.found for violation in report.violations] == [
        "10 h after a shift to 2024-03-30 20:00:00+01:00"
    ]


def test_a_shift_starts_in_the_first_of_two_repeated_hours() -> None:
    demand = week("2024-10-21", 60)
    first = pd.Timestamp("2024-10-27 02:00").tz_localize(ZONE, ambiguous=True)
    agent = Agent("a", FREE, frozenset(QUEUES))

    def rules_broken(start: pd.Timestamp) -> list[str]:
        table = pd.DataFrame([work("a", start, 360)])
        report = check(table, (agent,), (ANY,), Rules(), (), demand, PRICES)
        return [violation.rule for violation in report.violations]

    assert rules_broken(first) == []
    assert rules_broken(first + pd.Timedelta(hours=1)) == ["start grid"]


def test_hours_are_counted_per_week_over_a_horizon_of_two() -> None:
    starts = pd.date_range("2024-03-04", "2024-03-18", freq="60min", inclusive="left", tz=ZONE)
    demand = Demand(QUEUES, starts, np.zeros((2, len(starts))))
    monday = date(2024, 3, 4)
    table = pd.DataFrame(
        [
            work("a", pd.Timestamp(monday + timedelta(days=day), tz=ZONE) + pd.Timedelta(hours=8), 360)
            for day in (0, 1, 7)
        ]
    )
    agent = Agent("a", Contract("two", ("any",), 12, 12, 1, 7, 10.0), frozenset(QUEUES))
    report = check(table, (agent,), (ANY,), Rules(), (), demand, PRICES)
    assert [(v.rule, v.when, v.found) for v in report.violations] == [
        ("week hours", pd.Timestamp("2024-03-11", tz=ZONE), "6 paid h")
    ]


def test_a_thousand_people_are_checked_row_by_row() -> None:
    demand = week("2024-03-04", 60)
    rows = [
        work(f"p{person}", demand.starts[24 * day + 8], 360) for person in range(1000) for day in range(5)
    ]
    people = tuple(Agent(f"p{person}", FREE, frozenset(QUEUES)) for person in range(1000))
    report = check(pd.DataFrame(rows), people, (ANY,), Rules(), (), demand, PRICES)
    assert report.ok
    assert report.coverage["scheduled"].max() == 1000
    assert report.rules.set_index("rule").loc["rest", "checked"] == 4000
