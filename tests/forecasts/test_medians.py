"""Medians with missing values, against pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecasts.medians import known_median, rolling_median
from forecasts.models.ridge import median

values = arrays(
    float,
    st.tuples(st.integers(1, 12), st.integers(1, 4)),
    elements=st.one_of(st.floats(-1e6, 1e6), st.just(float("nan"))),
)


@settings(max_examples=80, deadline=None)
@given(values, st.sampled_from([1, 3, 9]))
def test_a_rolling_median_is_that_of_pandas(table: np.ndarray, length: int) -> None:
    expected = pd.DataFrame(table).rolling(length, center=True, min_periods=1).median().to_numpy()
    assert rolling_median(table, length) == pytest.approx(expected, nan_ok=True)


@settings(max_examples=80, deadline=None)
@given(values)
def test_a_median_along_rows_is_that_of_pandas(table: np.ndarray) -> None:
    assert known_median(table) == pytest.approx(pd.DataFrame(table).median(axis=1).to_numpy(), nan_ok=True)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), max_size=9))
def test_a_median_of_few_is_that_of_numpy(few: list[float]) -> None:
    expected = np.median(few) if few else np.nan
    assert median(np.array(few)) == pytest.approx(expected, nan_ok=True)
