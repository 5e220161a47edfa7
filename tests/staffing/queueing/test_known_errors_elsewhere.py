"""Cases that open tools get wrong today (pyworkforce 0.5.4), each with the right answer."""

from __future__ import annotations

import numpy as np

from staffing.queueing import Targets, erlang_a, erlang_b, erlang_c, required_agents
from staffing.queueing.rounding import whole_people


def test_a_long_threshold_does_not_lower_the_service_level():
    """n = a = 50, AHT 5 min, patience 30 min, within 60 min: 0.279 elsewhere."""
    assert abs(erlang_a(50, 50.0, 300.0, 1800.0, 3600.0).service_level - 0.967310) < 1e-6


def test_with_patience_fewer_agents_than_erlangs_can_do():
    """Elsewhere never fewer than the load."""
    targets = Targets(service_level=0.5, answer_within_s=60.0)
    found = required_agents(100.0, 300.0, targets, 60.0)
    assert found.agents < 100
    assert erlang_a(found.agents, 100.0, 300.0, 60.0, 60.0).service_level >= 0.5
    assert erlang_a(found.agents - 1, 100.0, 300.0, 60.0, 60.0).service_level < 0.5


def test_the_search_starts_at_one_agent():
    """Half an erlang, half of the calls within 20 s: 2 elsewhere."""
    assert required_agents(0.5, 180.0, Targets(service_level=0.5)).agents == 1


def test_no_volume_no_threshold_and_too_few_agents_are_answers_not_errors():
    assert erlang_c(3, 0.0, 180.0).service_level == 1.0
    assert erlang_c(3, 2.0, 180.0, 0.0).service_level == 1.0 - erlang_c(3, 2.0, 180.0).wait_probability
    crowded = erlang_c([2, 1, 0], 2.0, 180.0)
    np.testing.assert_array_equal(crowded.service_level, 0.0)
    np.testing.assert_array_equal(crowded.missed, 1.0)
    assert np.isinf(crowded.asa_s).all()
    np.testing.assert_array_equal(crowded.occupancy, 1.0)
    assert erlang_b(0, 2.0) == 1.0
    alone = erlang_a(0, 2.0, 180.0, 60.0)
    assert (alone.service_level, alone.abandonment) == (0.0, 1.0)


def test_ceilings_are_not_off_by_one():
    assert required_agents(16.1, 180.0, Targets(max_occupancy=0.7)).agents == 23
    assert required_agents(4.9, 180.0, Targets(max_occupancy=0.7)).agents == 7
    assert whole_people(21 / (1 - 0.3)) == 30
