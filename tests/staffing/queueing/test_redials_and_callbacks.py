"""Customers who call again, call-backs, and replies in several chats."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.queueing import erlang_a, erlang_c
from staffing.queueing.callback import callback, required_agents_callback
from staffing.queueing.chat_message import chat_message_response, most_chats_at_once
from staffing.queueing.finite_lines import finite_lines
from staffing.queueing.redial import erlang_x


@settings(max_examples=50, deadline=None)
@given(
    n=st.integers(2, 300),
    ratio=st.floats(0.2, 1.6),
    redial=st.floats(0.0, 0.95),
    patience=st.floats(10.0, 2000.0),
)
def test_the_load_with_redials_solves_its_equation(n, ratio, redial, patience):
    fresh = n * ratio
    found = erlang_x(n, fresh, 300.0, patience, redial)
    abandoned = erlang_a(n, found.load_erlangs, 300.0, patience).abandonment
    assert found.load_erlangs * (1 - redial * abandoned) == pytest.approx(fresh, rel=1e-10)
    assert found.load_erlangs == pytest.approx(fresh * found.calls_per_customer, rel=1e-9)
    answered = found.load_erlangs * (1 - abandoned)
    assert answered == pytest.approx(fresh * (1 - found.lost_customers), rel=1e-9)


def test_when_all_call_again_all_are_served_in_the_end():
    """Exact value: 0.012 fresh calls a second, 5 agents, 300 s, patience 60 s."""
    found = erlang_x(5, 3.6, 300.0, 60.0, 1.0)
    assert found.load_erlangs / 300.0 == pytest.approx(0.01488254142619018, rel=1e-10)
    assert found.lost_customers == 0.0


@settings(max_examples=30, deadline=None)
@given(
    n=st.integers(1, 40),
    places=st.integers(0, 30),
    ratio=st.floats(0.2, 1.6),
    redial=st.floats(0.0, 0.95),
    patience=st.floats(10.0, 2000.0),
)
def test_with_finite_lines_the_blocked_call_again_too(n, places, ratio, redial, patience):
    fresh = n * ratio
    found = erlang_x(n, fresh, 300.0, patience, redial, lines=n + places)
    limited = finite_lines(n, found.load_erlangs, 300.0, n + places, patience)
    lost = limited.blocked + limited.performance.abandonment
    assert found.blocked == pytest.approx(limited.blocked, rel=1e-12)
    assert found.load_erlangs * (1 - redial * lost) == pytest.approx(fresh, rel=1e-9)
    served = found.load_erlangs * (1 - lost)
    assert served == pytest.approx(fresh * (1 - found.lost_customers), rel=1e-9)


def test_lines_without_end_change_nothing_and_without_redial_it_is_finite_lines():
    ample, none = erlang_x(10, 9.0, 300.0, 60.0, 0.5, lines=400), erlang_x(10, 9.0, 300.0, 60.0, 0.5)
    assert ample.load_erlangs == pytest.approx(none.load_erlangs, rel=1e-10)
    assert ample.performance.service_level == pytest.approx(none.performance.service_level, rel=1e-10)
    few = erlang_x(10, 9.0, 300.0, 60.0, 0.0, lines=12)
    assert few.load_erlangs == 9.0
    assert few.performance.service_level == finite_lines(10, 9.0, 300.0, 12, 60.0).performance.service_level


def test_lines_go_with_the_plain_definition_only():
    with pytest.raises(ValueError, match="definition 'offered' with lines expected"):
        erlang_x(10, 9.0, 300.0, 60.0, 0.5, definition="virtual", lines=12)
    with pytest.raises(ValueError, match="lines >= agents expected"):
        erlang_x(10, 9.0, 300.0, 60.0, 0.5, lines=8)


def test_no_redial_is_erlang_a():
    assert erlang_x(20, 22.0, 300.0, 60.0, 0.0).load_erlangs == 22.0
    assert erlang_x([3, 0], 0.0, 300.0, 60.0, 0.5).load_erlangs.tolist() == [0.0, 0.0]


def test_endless_redials_without_enough_agents_are_refused():
    with pytest.raises(
        ValueError, match=re.escape("fresh_load_erlangs < agents with redial == 1 expected, got 6.0")
    ):
        erlang_x(5, 6.0, 300.0, 60.0, 1.0)
    with pytest.raises(ValueError, match=re.escape("redial <= 1 expected, got 1.5")):
        erlang_x(5, 3.0, 300.0, 60.0, 1.5)


def test_a_longer_promise_to_call_back_needs_fewer_agents_down_to_the_load():
    need = required_agents_callback(20.0, 300.0, np.array([1.0, 5.0, 15.0, 60.0])).agents
    assert (np.diff(need) <= 0).all()
    assert need[-1] == 21
    assert (callback(need, 20.0, 300.0, [1.0, 5.0, 15.0, 60.0]).service_level >= 0.95).all()
    assert callback(25, 20.0, 300.0, 2.0).missed == erlang_c(25, 20.0, 300.0, 120.0).missed
    with pytest.raises(ValueError, match="within_min > 0 expected, got 0"):
        callback(25, 20.0, 300.0, 0)


@pytest.mark.parametrize(
    ("chats", "think", "message", "mean"),
    [(1, 60, 30, 30.0), (2, 60, 30, 40.0), (3, 60, 30, 54.0), (6, 90, 25, 74.679463939822708)],
)
def test_reply_times_with_several_chats_at_once(chats, think, message, mean):
    assert chat_message_response(chats, think, message) == pytest.approx(mean, rel=1e-12)


@given(chats=st.integers(1, 8), think=st.floats(5.0, 300.0), message=st.floats(5.0, 120.0))
def test_replies_agree_with_the_birth_death_chain(chats, think, message):
    weights = [1.0]
    for waiting in range(chats):
        weights.append(weights[-1] * (chats - waiting) * message / think)
    states = np.array(weights) / sum(weights)
    replies_per_s = (1 - states[0]) / message
    mean = (states * np.arange(chats + 1)).sum() / replies_per_s  # Little's law
    assert chat_message_response(chats, think, message) == pytest.approx(mean, rel=1e-10)


def test_the_message_target_sets_the_concurrency():
    assert most_chats_at_once(60.0, 30.0, 60.0) == 3
    assert most_chats_at_once(60.0, 30.0, 20.0) == 0
    with pytest.raises(ValueError, match="a whole concurrency >= 1 expected, got 0"):
        chat_message_response(0, 60.0, 30.0)
