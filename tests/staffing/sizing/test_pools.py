"""Several queues, one group of agents."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.queueing import Targets, erlang_c, on_shift, required_agents
from staffing.sizing import QueueTarget, evaluate, size

VOLUMES = st.one_of(st.just(0.0), st.floats(0.01, 90.0))


def forecast(volumes: dict[str, list[float]], aht_s: float = 240.0) -> pd.DataFrame:
    parts = []
    for queue, contacts in volumes.items():
        starts = pd.date_range("2026-11-23 08:00", periods=len(contacts), freq="30min", tz="Europe/Paris")
        parts.append(pd.DataFrame({"queue": queue, "start": starts, "contacts": contacts, "aht_s": aht_s}))
    return pd.concat(parts, ignore_index=True)


def pooled(**changes: object) -> dict[str, QueueTarget]:
    return {name: QueueTarget(name, pool="front", **changes) for name in ("a", "b")}


def test_a_pool_is_sized_as_one_queue_and_its_people_are_shared_by_work():
    found = size(forecast({"a": [40.0], "b": [20.0]}), pooled(), 30)
    together = int(required_agents(8.0, 240.0, Targets(service_level=0.8, answer_within_s=20.0)).agents)
    assert found["agents_whole"].sum() == together == 11
    assert found["agents_whole"].tolist() == [7, 4]
    assert found["agents"].sum() <= together
    level = float(erlang_c(together, 8.0, 240.0, 20.0).service_level)
    assert found["service_level"].tolist() == pytest.approx([level, level])


def test_the_strictest_promise_of_the_pool_decides():
    targets = pooled() | {"b": QueueTarget("b", pool="front", service_level=0.95, answer_within_s=5.0)}
    found = size(forecast({"a": [40.0], "b": [20.0]}), targets, 30)
    strict = required_agents(8.0, 240.0, Targets(service_level=0.95, answer_within_s=5.0)).agents
    assert found["agents_whole"].sum() == strict
    assert found["binding_target"].tolist() == ["pool", "service_level"]


def test_mixed_handling_times_enter_by_their_mean():
    table = forecast({"a": [40.0], "b": [20.0]})
    table["aht_s"] = [200.0, 320.0]
    found = size(table, pooled(), 30)
    again = required_agents(8.0, 240.0, Targets(service_level=0.8, answer_within_s=20.0)).agents
    assert found["agents_whole"].sum() == again
    assert found["agents_whole"].tolist() == [6, 5]  # work 8,000 s and 6,400 s


@settings(max_examples=40, deadline=None)
@given(
    a=st.lists(VOLUMES, min_size=3, max_size=3),
    b=st.lists(VOLUMES, min_size=3, max_size=3),
    shrinkage=st.sampled_from([0.0, 0.1, 0.3]),
)
def test_a_pool_never_needs_more_than_its_queues_apart(a, b, shrinkage):
    table = forecast({"a": a, "b": b})
    together = size(table, pooled(shrinkage=shrinkage), 30)
    apart = size(table, {name: QueueTarget(name, shrinkage=shrinkage) for name in ("a", "b")}, 30)
    for column in ("agents_whole", "scheduled"):
        one = together.groupby("start")[column].sum()
        two = apart.groupby("start")[column].sum()
        assert (one <= two).all()
    exact = together.groupby("start")["agents"].sum()
    np.testing.assert_array_equal(together.groupby("start")["scheduled"].sum(), on_shift(exact, shrinkage))
    assert (together.loc[together["contacts"] == 0, "agents_whole"] == 0).all()


def test_the_fewest_people_of_a_pool_stand_even_without_contacts():
    found = size(forecast({"a": [0.0], "b": [0.0]}), pooled(min_agents=3), 30)
    assert found["agents_whole"].sum() == 3
    assert sorted(found["agents_whole"]) == [1, 2]


def test_a_schedule_of_a_pool_serves_all_its_queues():
    table = forecast({"a": [40.0], "b": [20.0]})
    staff = table[["queue", "start"]].assign(scheduled=[11.0, 0.0])
    slots, service = evaluate(staff, table, pooled(), 30, 30)
    level = float(erlang_c(11.0, 8.0, 240.0, 20.0).service_level)
    assert slots["service_level"].tolist() == pytest.approx([level, level])
    assert service["met"].all()


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"shrinkage": 0.2}, "pool 'front': one shrinkage for all its queues expected, got a 0.0, b 0.2"),
        ({"patience_s": 60.0}, "one patience_s for all its queues expected"),
        ({"channel": "chat"}, "one channel for all its queues expected, got a phone, b chat"),
    ],
)
def test_queues_that_one_group_cannot_serve_alike_are_refused(other, message):
    targets = {"a": QueueTarget("a", pool="front"), "b": QueueTarget("b", pool="front", **other)}
    with pytest.raises(ValueError, match=re.escape(message)):
        size(forecast({"a": [4.0], "b": [2.0]}), targets, 30)
