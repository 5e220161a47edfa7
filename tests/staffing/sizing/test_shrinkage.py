"""Planned and unplanned shrinkage."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.queueing import on_shift
from staffing.sizing.shrinkage import Shrinkage

SHARES = st.floats(0.0, 0.45)


def test_ten_and_eight_percent_make_17_2_or_18_percent():
    assert Shrinkage(0.10, 0.08).total == 0.172
    assert Shrinkage(0.10, 0.08, "additive").total == 0.18


def test_the_rule_is_said():
    assert (
        Shrinkage(0.10, 0.08).words()
        == "10 % planned, then 8 % unplanned of the rest (multiplicative): 17.2 %"
    )
    assert Shrinkage(0.1, 0.08, "additive").words() == "10 % planned, and 8 % unplanned (additive): 18 %"
    assert Shrinkage(0.1).words() == "10 %"


@given(planned=SHARES, unplanned=SHARES)
def test_additive_never_asks_for_fewer_people(planned, unplanned):
    apart, added = Shrinkage(planned, unplanned).total, Shrinkage(planned, unplanned, "additive").total
    assert apart <= added + 1e-12
    assert on_shift(21.0, apart) <= on_shift(21.0, added)


def test_a_sum_of_decimals_does_not_cost_a_person():
    """0.1 + 0.2 is 0.30000000000000004 in floating point, and 21 / 0.7 is 30."""
    assert on_shift(21, Shrinkage(0.1, 0.2, "additive").total) == 30


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"planned": -0.1}, "shrinkage_planned >= 0 expected, got -0.1"),
        ({"planned": 1.0}, "shrinkage_planned < 1 expected, got 1"),
        ({"unplanned": float("nan")}, "shrinkage_unplanned >= 0 expected, got nan"),
        (
            {"planned": 0.6, "unplanned": 0.4, "rule": "additive"},
            "shrinkage_planned + shrinkage_unplanned < 1",
        ),
        ({"rule": "both"}, "shrinkage_rule in ('multiplicative', 'additive') expected, got 'both'"),
    ],
)
def test_shares_that_leave_nobody_are_refused(given, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Shrinkage(**given)
