"""What holds for every queue, whatever its size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.queueing import (
    Targets,
    erlang_a,
    erlang_b,
    erlang_c,
    required_agents,
    required_agents_fractional,
)
from staffing.queueing.chat import chat
from staffing.queueing.chat_requirement import required_agents_chat

loads = st.floats(1e-3, 3000.0)
handling = st.floats(30.0, 1800.0)
thresholds = st.floats(0.0, 600.0)
patiences = st.floats(5.0, 7200.0)
levels = st.floats(0.05, 0.995)


@given(load=loads, ratio=st.floats(0.3, 1.3))
def test_blocking_falls_with_lines_and_rises_with_load(load, ratio):
    n = load * ratio
    assert erlang_b(n + 1, load) < erlang_b(n, load) * (1 + 1e-12)
    assert erlang_b(n, load * 1.1) > erlang_b(n, load) * (1 - 1e-12)


@given(load=loads, extra=st.floats(1e-3, 200.0), aht=handling, within=thresholds)
def test_without_patience_an_agent_never_hurts_and_load_never_helps(load, extra, aht, within):
    now = erlang_c(load + extra, load, aht, within)
    more = erlang_c(load + extra + 1, load, aht, within)
    lighter = erlang_c(load + extra, load * 0.9, aht, within)
    for better in (more, lighter):
        assert better.missed <= now.missed * (1 + 1e-10)
        assert better.asa_s <= now.asa_s * (1 + 1e-10)
        assert better.occupancy <= now.occupancy * (1 + 1e-12)


@given(load=loads, ratio=st.floats(0.2, 2.0), aht=handling, patience=patiences, within=thresholds)
def test_with_patience_an_agent_never_hurts_and_load_never_helps(load, ratio, aht, patience, within):
    n = load * ratio
    now = erlang_a(n, load, aht, patience, within)
    for better in (
        erlang_a(n + 1, load, aht, patience, within),
        erlang_a(n, load * 0.9, aht, patience, within),
    ):
        assert better.missed <= now.missed * (1 + 1e-9) + 1e-300
        assert better.abandonment <= now.abandonment * (1 + 1e-9) + 1e-300
        assert better.asa_s <= now.asa_s * (1 + 1e-8) + 1e-300
        assert better.occupancy <= now.occupancy * (1 + 1e-10)


@given(load=loads, ratio=st.floats(0.2, 2.0), aht=handling, patience=patiences, within=thresholds)
def test_shares_are_shares_and_complements_add_up(load, ratio, aht, patience, within):
    for definition in ("offered", "excluding_short_abandons", "answered", "virtual"):
        found = erlang_a(load * ratio, load, aht, patience, within, definition)
        for value in (found.wait_probability, found.service_level, found.missed, found.abandonment):
            assert -1e-15 <= value <= 1 + 1e-12
        assert found.service_level + found.missed == pytest.approx(1.0, abs=1e-10)
        assert found.occupancy <= 1 + 1e-12


@given(load=st.floats(0.1, 300.0), extra=st.floats(1.0, 30.0), aht=handling, within=thresholds)
def test_endless_patience_gives_erlang_c(load, extra, aht, within):
    n = load + extra
    without, nearly = erlang_c(n, load, aht, within), erlang_a(n, load, aht, 1e13, within)
    assert nearly.wait_probability == pytest.approx(without.wait_probability, rel=1e-4)
    assert nearly.missed == pytest.approx(without.missed, rel=1e-3, abs=1e-9)
    assert nearly.asa_s == pytest.approx(without.asa_s, rel=1e-3)


@given(n=st.integers(1, 60), load=st.floats(0.05, 80.0), aht=handling, patience=patiences, within=thresholds)
def test_one_chat_at_a_time_is_a_telephone(n, load, aht, patience, within):
    talk, write = erlang_a(n, load, aht, patience, within), chat(n, load / aht, [aht], patience, within)
    for name in ("wait_probability", "missed", "asa_s", "abandonment", "occupancy"):
        assert getattr(write, name) == pytest.approx(getattr(talk, name), rel=1e-9, abs=1e-300)


@given(load=loads, aht=handling, within=thresholds, level=levels, patience=st.none() | patiences)
def test_the_unit_of_time_does_not_matter(load, aht, within, level, patience):
    seconds = required_agents(load, aht, Targets(service_level=level, answer_within_s=within), patience)
    minutes = required_agents(
        load,
        aht / 60,
        Targets(service_level=level, answer_within_s=within / 60),
        None if patience is None else patience / 60,
    )
    assert seconds.agents == minutes.agents


@given(
    load=st.floats(1e-3, 400.0),
    aht=handling,
    within=thresholds,
    level=levels,
    patience=st.none() | patiences,
    occupancy=st.none() | st.floats(0.3, 1.0),
    asa=st.none() | st.floats(0.5, 600.0),
)
def test_the_requirement_is_met_and_one_agent_fewer_misses_it(
    load, aht, within, level, patience, occupancy, asa
):
    targets = Targets(service_level=level, answer_within_s=within, max_occupancy=occupancy, asa_s=asa)
    whole = required_agents(load, aht, targets, patience)
    real = required_agents_fractional(load, aht, targets, patience)
    assert real.agents <= whole.agents < real.agents + 1 + 1e-9 * load

    def perform(n: float):
        if patience is None:
            return erlang_c(n, load, aht, within)
        return erlang_a(n, load, aht, patience, within)

    def missed_targets(n: float, slack: float) -> set[str]:
        found = perform(n)
        missed = {
            "service_level": found.missed > (1 - level) * (1 + slack),
            "asa_s": asa is not None and not found.asa_s <= asa * (1 + slack),
            "max_occupancy": occupancy is not None and found.occupancy > occupancy * (1 + slack),
        }
        return {name for name, wrong in missed.items() if wrong}

    assert not missed_targets(int(whole.agents), 1e-9)
    assert not missed_targets(float(real.agents), 1e-8)
    assert missed_targets(int(whole.agents) - 1, -1e-9)
    if real.agents - 1e-6 * real.agents > max(1e-6, 0.0 if patience else load):
        assert str(real.binding_target) in missed_targets(float(real.agents) * (1 - 1e-6), 0.0)


@given(arrivals=st.floats(1e-4, 0.3), places=st.integers(1, 4), patience=st.none() | patiences, level=levels)
def test_the_chat_requirement_is_met_and_one_agent_fewer_misses_it(arrivals, places, patience, level):
    aht = 200.0 * (1 + 0.25 * np.arange(places))
    targets = Targets(service_level=level, answer_within_s=30.0)
    whole, real = required_agents_chat(arrivals, aht, targets, patience)
    n = int(whole)
    assert n - 1 < real.agents <= n
    assert chat(n, arrivals, aht, patience, 30.0).service_level >= level - 1e-9
    assert chat(n - 1, arrivals, aht, patience, 30.0).service_level < level + 1e-9
    assert chat(real.agents, arrivals, aht, patience, 30.0).service_level >= level - 1e-9


def test_no_load_needs_nobody_and_names_no_target():
    targets = Targets(service_level=0.8, max_occupancy=0.8)
    for patience in (None, 60.0):
        found = required_agents([0.0, 1.0], 300.0, targets, patience)
        assert found.agents[0] == 0
        assert found.binding_target[0] == ""
        assert found.agents[1] > 0
    whole, real = required_agents_chat([0.0], [300.0, 400.0], targets)
    assert whole[0] == real.agents[0] == 0


def test_arrays_broadcast_and_agree_with_single_values():
    load = np.array([[3.0], [40.0], [700.0]])
    within = np.array([0.0, 20.0, 120.0])
    both = required_agents(load, 240.0, Targets(service_level=0.9, answer_within_s=within), 90.0)
    assert both.agents.shape == (3, 3)
    for i in range(3):
        for j in range(3):
            alone = required_agents(
                load[i, 0], 240.0, Targets(service_level=0.9, answer_within_s=within[j]), 90.0
            )
            assert alone.agents == both.agents[i, j]


def test_a_load_one_last_digit_below_the_agents_waits_without_end_and_without_warning() -> None:
    """Where the two rates round to the same number the wait is infinite; a warning would be an error here."""
    agents, aht_s = 1, 823.2249080043952
    load = np.nextafter(float(agents), 0.0)
    assert agents / aht_s == load / aht_s
    found = erlang_c(agents, load, aht_s, 20.0)
    assert np.isinf(found.asa_s)
    assert found.service_level == pytest.approx(0.0, abs=1e-9)
