"""Targets check themselves; the message is the inequality and the value found."""

from __future__ import annotations

import re

import pytest

from staffing.sizing import QueueTarget


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"service_level": 1.0}, "0 < service_level < 1 expected, got 1.0"),
        ({"service_level": 80}, "0 < service_level < 1 expected, got 80"),
        ({"service_level": float("nan")}, "0 < service_level < 1 expected, got nan"),
        ({"answer_within_s": -20}, "answer_within_s >= 0 expected, got -20"),
        ({"asa_s": 0}, "asa_s > 0 expected, got 0"),
        ({"patience_s": 0.0}, "patience_s > 0 expected, got 0.0"),
        ({"max_occupancy": 1.2}, "0 < max_occupancy <= 1 expected, got 1.2"),
        ({"max_abandonment": 0.05}, "patience_s > 0 with max_abandonment expected, got None"),
        ({"shrinkage": 1.0}, "0 <= shrinkage < 1 expected, got 1.0"),
        ({"min_agents": 1.5}, "a whole min_agents >= 0 expected, got 1.5"),
        ({"min_agents": -1}, "a whole min_agents >= 0 expected, got -1"),
        ({"concurrency": 0, "channel": "chat"}, "a whole concurrency >= 1 expected, got 0"),
        ({"concurrency": 3}, "concurrency == 1 for phone expected, got 3"),
        ({"channel": "fax"}, "expected, got 'fax'"),
        ({"channel": "ticket"}, "resolve_within_h > 0 for ticket expected, got None"),
        ({"channel": "chat", "concurrency": 2, "aht_s_by_concurrency": (300.0,)}, "== 2 expected, got 1"),
        (
            {"channel": "chat", "concurrency": 2, "aht_s_by_concurrency": (300.0, 0.0)},
            "aht_s_by_concurrency > 0 expected, got 0.0",
        ),
        ({"aht_s_by_concurrency": (300.0,)}, "aht_s_by_concurrency only for chat expected, got 'phone'"),
    ],
)
def test_a_wrong_value_is_named(given, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        QueueTarget("support", **given)


def test_handling_times_are_kept_as_a_tuple_so_that_targets_hash():
    target = QueueTarget("chat", channel="chat", concurrency=2, aht_s_by_concurrency=[300.0, 400.0])
    assert target.aht_s_by_concurrency == (300.0, 400.0)
    assert hash(target) == hash(target)
