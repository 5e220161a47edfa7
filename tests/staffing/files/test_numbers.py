"""Numbers are read exactly, missing is not zero, and what is neither is marked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.files.numbers import has_decimal_comma, parse_number, parse_numbers


@pytest.mark.parametrize("text", ["", "  ", "--", "N/A", "n/a", "NA", "NaN", "null", "#N/A", "-", "–"])
def test_ways_of_saying_missing_give_nan_and_no_defect(text):
    values, wrong = parse_numbers([text, "0"])
    assert np.isnan(values[0])
    assert values[1] == 0
    assert not wrong.any()


@pytest.mark.parametrize(
    "text", ["abc", "1.2.3", "1_000", "1 000", "1,5", "0x10", "٣", "True", "12%", "..", "1e", "+-1"]
)
def test_what_is_no_number_is_marked(text):
    values, wrong = parse_numbers([text, "1.5"])
    assert wrong.tolist() == [True, False]
    assert np.isnan(values[0])
    assert values[1] == 1.5


@pytest.mark.parametrize("text", ["inf", "-Infinity", "1e999"])
def test_infinity_is_told_from_text(text):
    values, wrong = parse_numbers([text])
    assert np.isinf(values[0])
    assert not wrong[0]


def test_a_decimal_comma_is_one_only_where_the_comma_parts_no_columns():
    assert has_decimal_comma([["1,5"]], ";")
    assert not has_decimal_comma([["1,5"]], ",")
    assert not has_decimal_comma([["1.5"]], ";")


def test_a_point_contradicts_a_decimal_comma():
    values, wrong = parse_numbers(["1,5", "1.234", "2"], decimal_comma=True)
    assert wrong.tolist() == [False, True, False]
    assert values[[0, 2]].tolist() == [1.5, 2.0]


@given(numbers=st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**9), 10**9)))
def test_numbers_come_back_to_the_last_digit(numbers):
    values, wrong = parse_numbers([repr(number) for number in numbers])
    assert values.tolist() == [float(number) for number in numbers]
    assert not wrong.any()


@given(number=st.floats(-1e15, 1e15).map(lambda value: round(value, 4)))
def test_a_comma_for_the_point_changes_nothing(number):
    text = f"{number:.4f}"
    assert parse_numbers([text.replace(".", ",")], decimal_comma=True)[0][0] == float(text)


@pytest.mark.parametrize("text", ["-1", "11", "2.5", "x", "inf", ""])
def test_a_number_out_of_range_is_refused_with_what_is_accepted(refused, text):
    act = lambda: parse_number(text, least=0, most=10, whole=True, accepted="0 to 10")  # noqa: E731
    refused(act, "number", value=text, accepted="0 to 10")
