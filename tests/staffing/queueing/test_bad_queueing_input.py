"""Bad numbers are refused with the inequality that they break and the value found."""

from __future__ import annotations

import re

import pytest

from staffing.queueing import Targets, erlang_a, erlang_b, erlang_c, on_shift, required_agents
from staffing.queueing.chat import chat
from staffing.queueing.deferred import deferred_requirement
from staffing.queueing.fluid import serve_in_order

NAN, INF = float("nan"), float("inf")
LEVEL = Targets(service_level=0.8)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: erlang_b(-1, 2.0), "agents >= 0 expected, got -1"),
        (lambda: erlang_b(3, NAN), "load_erlangs >= 0 expected, got nan"),
        (lambda: erlang_b("three", 2.0), "agents: numbers expected, got 'three'"),
        (lambda: erlang_c([3, 4], [2.0, INF], 180.0), "load_erlangs >= 0 expected, got inf"),
        (lambda: erlang_c(3, 2.0, 0.0), "aht_s > 0 expected, got 0.0"),
        (lambda: erlang_c(3, 2.0, 180.0, -20), "answer_within_s >= 0 expected, got -20"),
        (lambda: erlang_a(3, 2.0, 180.0, 0), "patience_s > 0 expected, got 0"),
        (lambda: erlang_a(3, 2.0, 180.0, INF), "patience_s > 0 expected, got inf"),
        (lambda: erlang_a(3, 2.0, 180.0, 60.0, 20.0, "best"), "expected, got 'best'"),
        (lambda: Targets(), "at least one target expected, got none"),
        (lambda: Targets(service_level=1.0), "service_level in (0, 1) expected, got 1.0"),
        (lambda: Targets(service_level=80), "service_level in (0, 1) expected, got 80"),
        (lambda: Targets(max_occupancy=1.1), "max_occupancy in (0, 1] expected, got 1.1"),
        (lambda: Targets(asa_s=0), "asa_s > 0 expected, got 0"),
        (lambda: Targets(max_abandonment=NAN), "max_abandonment in (0, 1) expected, got nan"),
        (lambda: required_agents(5.0, 180.0, Targets(max_abandonment=0.1)), "patience_s > 0"),
        (lambda: required_agents(-5.0, 180.0, LEVEL), "load_erlangs >= 0 expected, got -5.0"),
        (lambda: on_shift(5, 1.0), "0 <= shrinkage < 1 expected, got 1.0"),
        (lambda: chat(2, 0.1, []), "a handling time for each of >= 1 chats expected"),
        (lambda: chat(2, 0.1, [300.0, 0.0]), "aht_s_by_concurrency > 0 expected, got 0.0"),
        (lambda: deferred_requirement([], 0.5, 24.0), "at least one open slot expected"),
        (lambda: deferred_requirement([1.0], 0.5, 0.0), "within_h > 0 expected, got 0.0"),
        (lambda: deferred_requirement([1.0, -1.0], 0.5, 2.0), "work_h >= 0 expected, got -1.0"),
        (lambda: serve_in_order([1.0], [NAN], 0.5, 2.0), "capacity_h >= 0 expected, got nan"),
    ],
)
def test_the_message_states_the_inequality_and_the_value(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
