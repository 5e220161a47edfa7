"""A target over a day or week at least cost."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.queueing import Targets, erlang_a, erlang_c, required_agents
from staffing.sizing import QueueTarget, size
from staffing.sizing.period import allocate


def cheapest_by_trying_all(load: np.ndarray, least: np.ndarray, most: np.ndarray, target: float) -> int:
    ways = itertools.product(*(range(a, b + 1) for a, b in zip(least, most, strict=True)))
    levels = [
        {n: float(erlang_c(n, a, 300.0, 20.0).service_level) for n in range(lo, hi + 1)}
        for a, lo, hi in zip(load, least, most, strict=True)
    ]
    best = None
    for way in ways:
        served = sum(a * level[n] for a, level, n in zip(load, levels, way, strict=True))
        if served >= target * load.sum() - 1e-9 and (best is None or sum(way) < best):
            best = sum(way)
    assert best is not None
    return best


@settings(max_examples=25, deadline=None)
@given(
    load=st.lists(st.floats(0.3, 15.0), min_size=2, max_size=4).map(np.array),
    target=st.floats(0.55, 0.95),
)
def test_no_other_way_of_spending_agents_is_cheaper(load, target):
    least = required_agents(load, 300.0, Targets(service_level=0.3)).agents
    most = required_agents(load, 300.0, Targets(service_level=1 - 0.02 * (1 - target))).agents
    found = allocate(
        load,
        np.zeros(load.size, dtype=np.int64),
        least,
        most,
        np.array([target]),
        lambda n, rows: erlang_c(n, load[rows], 300.0, 20.0).service_level,
    )
    levels = erlang_c(found.astype(float), load, 300.0, 20.0).service_level
    assert (load * levels).sum() >= target * load.sum() - 1e-6
    best = cheapest_by_trying_all(load, least, most, target)
    # Less than one agent above the linear program, whose value no whole answer undercuts.
    assert best <= found.sum() <= best + 1


def test_a_convex_stretch_is_bought_whole_or_not_at_all():
    """Row 0 gains 0, 0, 6 with three agents, row 1 gains 1 with each: for 6 of 9 take row 0's three."""
    table = np.array([[0.0, 0.0, 0.0, 1.0, 1.0], [0.0, 1 / 3, 2 / 3, 1.0, 1.0]])
    found = allocate(
        np.array([6.0, 3.0]),
        np.zeros(2, dtype=np.int64),
        np.zeros(2, dtype=np.int64),
        np.full(2, 4),
        np.array([6 / 9]),
        lambda n, rows: table[rows, n.astype(int)],
    )
    assert found.tolist() == [3, 0]


def test_periods_do_not_lend_each_other():
    load = np.array([5.0, 5.0, 5.0, 5.0])
    found = allocate(
        load,
        np.array([0, 0, 1, 1]),
        np.full(4, 6),
        np.full(4, 14),
        np.array([0.7, 0.95]),
        lambda n, rows: erlang_c(n, load[rows], 300.0, 20.0).service_level,
    )
    levels = erlang_c(found.astype(float), load, 300.0, 20.0).service_level
    assert levels[:2].mean() >= 0.7
    assert levels[2:].mean() >= 0.95
    assert found[:2].sum() < found[2:].sum()


def day(contacts: list[float], aht_s: float = 240.0, days: int = 1) -> pd.DataFrame:
    starts = [
        pd.date_range(f"2026-11-{23 + d} 08:00", periods=len(contacts), freq="30min", tz="Europe/Paris")
        for d in range(days)
    ]
    index = starts[0].append(starts[1:]) if days > 1 else starts[0]
    return pd.DataFrame({"queue": "q", "start": index, "contacts": contacts * days, "aht_s": aht_s})


PROFILE = [5.0, 12.0, 40.0, 70.0, 45.0, 20.0, 8.0]


@pytest.mark.parametrize("given", [{}, {"patience_s": 90.0}, {"channel": "chat", "concurrency": 2}])
def test_a_day_meets_its_target_with_fewer_agents_than_its_intervals(given):
    forecast = day(PROFILE)
    over_day = size(forecast, {"q": QueueTarget("q", target_over="day", **given)}, 30)
    every = size(forecast, {"q": QueueTarget("q", **given)}, 30)
    level = np.average(over_day["service_level"], weights=over_day["contacts"])
    assert level >= 0.8 - 1e-9
    assert over_day["agents_whole"].sum() < every["agents_whole"].sum()
    assert (over_day["service_level"] >= 0.5 - 1e-9).all()
    assert over_day["model"].str.endswith("target over the day").all()


def test_a_week_needs_no_more_than_its_days():
    forecast = day(PROFILE, days=3)
    forecast.loc[forecast["start"].dt.day == 24, "contacts"] *= 2.5
    week, days = (
        size(forecast, {"q": QueueTarget("q", target_over=over)}, 30)["agents_whole"].sum()
        for over in ("week", "day")
    )
    assert week <= days


def test_each_interval_keeps_its_least_level_its_limits_and_its_fewest_agents():
    target = QueueTarget(
        "q", target_over="day", least_interval_level=0.7, patience_s=120.0, max_occupancy=0.6, min_agents=5
    )
    found = size(day(PROFILE), {"q": target}, 30)
    assert (found["service_level"] >= 0.7 - 1e-9).all()
    assert (found["occupancy"] <= 0.6 + 1e-9).all()
    assert (found["agents_whole"] >= 5).all()
    assert found["binding_target"].iloc[0] == "min_agents"


def test_without_a_least_level_erlang_c_still_keeps_every_queue_finite():
    found = size(day([1.0, 200.0]), {"q": QueueTarget("q", target_over="day", least_interval_level=0.0)}, 30)
    assert (found["agents_whole"] > found["load_erlangs"]).all()


def test_the_chance_of_a_day_is_the_same_on_all_its_rows():
    forecast = day(PROFILE, days=2).assign(dispersion_interval=0.01, dispersion_day=0.01)
    target = QueueTarget("q", target_over="day", patience_s=90.0, confidence=0.9)
    found = size(forecast, {"q": target}, 30)
    chances = found.groupby(found["start"].dt.day)["met_probability"].agg(["min", "max"])
    assert (chances["min"] == chances["max"]).all()
    assert (chances["min"] >= 0.9 - 1e-3).all()
    low = erlang_a(
        found["agents_whole"].to_numpy(dtype=float),
        found["load_erlangs"].to_numpy() * 1.12,
        240.0,
        90.0,
        20.0,
    )
    assert np.average(low.service_level, weights=found["contacts"]) >= 0.8 - 5e-3


def test_a_period_and_what_cannot_go_with_it_are_refused():
    with pytest.raises(ValueError, match="target_over 'interval' for ticket expected, got 'day'"):
        QueueTarget("q", "ticket", resolve_within_h=8.0, target_over="day")
    with pytest.raises(ValueError, match="definition 'offered' over a day or week expected, got 'virtual'"):
        QueueTarget("q", definition="virtual", target_over="day")
