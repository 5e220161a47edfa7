"""Premium customers first, both promises kept."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.queueing import Targets, erlang_c, required_agents
from staffing.queueing.priority import priority
from staffing.sizing import QueueTarget, evaluate, size
from staffing.sizing.premium import PremiumPromise, required_agents_premium

ONE = np.ones(1)


def required(load: float, share: float, premium: tuple[float, float], others: tuple[float, float]):
    return required_agents_premium(
        load * ONE,
        300.0 * ONE,
        Targets(service_level=others[0], answer_within_s=others[1]),
        share * ONE,
        premium[0] * ONE,
        premium[1] * ONE,
    )


@settings(max_examples=40, deadline=None)
@given(
    load=st.floats(0.5, 120.0),
    share=st.floats(0.05, 0.6),
    premium=st.tuples(st.floats(0.5, 0.98), st.floats(0.0, 60.0)),
    others=st.tuples(st.floats(0.3, 0.95), st.floats(0.0, 120.0)),
)
def test_the_fewest_agents_that_keep_both_promises(load, share, premium, others):
    whole, real, binding = required(load, share, premium, others)

    def kept(n: float) -> bool:
        first = priority(n, load * share, load * (1 - share), 300.0, premium[1]).premium.service_level
        rest = priority(n, load * share, load * (1 - share), 300.0, others[1]).standard.service_level
        return bool(first >= premium[0] - 1e-7 and rest >= others[0] - 1e-7)

    n = int(whole[0])
    assert kept(n)
    assert n - 1 < load or not kept(n - 1 - 1e-6)
    assert n - 1 <= real[0] <= n
    assert kept(real[0] + 1e-5)
    assert binding[0] in ("service_level", "premium_service_level")


def test_a_strict_promise_to_a_few_decides():
    whole, _, binding = required(20.0, 0.2, (0.95, 10.0), (0.80, 30.0))
    assert (int(whole[0]), binding[0]) == (27, "premium_service_level")


def test_serving_some_first_never_saves_agents():
    plain = required_agents(20.0, 300.0, Targets(service_level=0.8, answer_within_s=20.0)).agents
    for share in (0.1, 0.3, 0.5):
        assert required(20.0, share, (0.5, 60.0), (0.8, 20.0))[0][0] >= plain


def test_the_mean_wait_over_both_classes_is_that_of_plain_order():
    from staffing.sizing.premium import class_levels

    found = class_levels(24.0 * ONE, 20.0 * ONE, 300.0 * ONE, 30.0 * ONE, 0.3 * ONE, 10.0 * ONE)
    assert found.asa_s[0] == pytest.approx(float(erlang_c(24.0, 20.0, 300.0).asa_s), rel=1e-9)


def table() -> pd.DataFrame:
    starts = pd.date_range("2026-11-23 08:00", periods=2, freq="30min", tz="Europe/Paris")
    return pd.DataFrame({"queue": "q", "start": starts, "contacts": [120.0, 60.0], "aht_s": 300.0})


def test_the_requirement_shows_the_others_level_and_names_the_model():
    target = QueueTarget("q", answer_within_s=30.0, patience_s=90.0, premium=PremiumPromise(0.2, 0.95, 10.0))
    found = size(table(), {"q": target}, 30)
    assert found["agents_whole"].tolist()[0] == 27
    assert found["model"].tolist()[0] == "Erlang C with priority (20 % premium first); patience not counted"
    assert found["binding_target"].tolist()[0] == "premium_service_level"
    assert found["abandonment"].isna().all()


def test_a_schedule_that_fails_the_premium_customers_is_not_met():
    target = QueueTarget("q", answer_within_s=30.0, premium=PremiumPromise(0.2, 0.95, 10.0))
    staff = table()[["queue", "start"]]
    enough = size(table(), {"q": target}, 30)["agents_whole"].to_numpy(dtype=float)
    kept = evaluate(staff.assign(scheduled=enough), table(), {"q": target}, 30, 30)[1]
    one_less = evaluate(staff.assign(scheduled=enough - 1.0), table(), {"q": target}, 30, 30)[1]
    assert kept["met"].all()
    assert (one_less["service_level"] >= 0.8).all()
    assert not one_less["met"].any()
    assert list(kept.columns) == list(one_less.columns)
    assert "premium_service_level" not in kept.columns


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((0.0, 0.9, 10.0), "0 < premium_share < 1 expected, got 0"),
        ((0.2, 1.0, 10.0), "0 < premium_service_level < 1 expected, got 1"),
        ((0.2, 0.9, -1.0), "premium_answer_within_s >= 0 expected, got -1"),
    ],
)
def test_a_promise_that_cannot_be_is_refused(given, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        PremiumPromise(*given)
