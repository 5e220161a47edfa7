"""Self-service, stages, dialling: what reaches the agents."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from staffing.sizing import QueueTarget, size
from staffing.sizing.demand_weights import weighted_demand
from staffing.sizing.workload import Dialling, Stage, Workload

NAN = float("nan")


def forecast(contacts: float = 100.0, aht_s: float = 300.0) -> pd.DataFrame:
    starts = pd.date_range("2026-11-23 08:00", periods=4, freq="30min", tz="Europe/Paris")
    return pd.DataFrame({"queue": "q", "start": starts, "contacts": contacts, "aht_s": aht_s})


def test_nothing_said_changes_nothing():
    usual = Workload()
    assert usual.contacts(np.array([5.0]))[0] == 5.0
    np.testing.assert_array_equal(usual.aht_s(np.array([300.0, NAN])), [300.0, NAN])
    assert usual.words() == ()


def test_a_bot_leaves_fewer_and_longer_contacts():
    bot = Workload(self_service_share=0.4, self_service_aht_factor=1.25)
    target = QueueTarget("q", workload=bot)
    found = size(forecast(), {"q": target}, 30)
    assert found["contacts"].tolist() == pytest.approx([60.0] * 4)
    assert found["aht_s"].tolist() == pytest.approx([375.0] * 4)
    plain = size(forecast(60.0, 375.0), {"q": QueueTarget("q")}, 30)
    assert found["agents_whole"].tolist() == plain["agents_whole"].tolist()
    assert "resolves 40 %" in bot.words()[0]


def test_halving_a_stage_shortens_the_handling_time_by_half_its_share():
    stages = (Stage("understanding", 0.4, factor=0.5), Stage("doing", 0.45), Stage("wrap-up", 0.15))
    assert Workload(stages=stages).aht_s(np.array([300.0]))[0] == pytest.approx(240.0)


def test_stages_in_seconds_are_the_handling_time():
    stages = (Stage("talk", seconds=200.0), Stage("wrap-up", seconds=80.0, factor=0.5))
    got = Workload(stages=stages).aht_s(np.array([999.0, NAN]))
    np.testing.assert_array_equal(got, [240.0, NAN])


def test_attempts_agree_with_a_simulated_list():
    dial = Dialling(connect_rate=0.3, attempt_s=25.0, max_attempts=4)
    rng = np.random.default_rng(7)
    answers = rng.random((200_000, 4)) < 0.3
    reached = answers.any(axis=1)
    attempts = np.where(reached, answers.argmax(axis=1) + 1, 4)
    assert dial.reached == pytest.approx(reached.mean(), abs=0.005)
    assert dial.attempts == pytest.approx(attempts.mean(), abs=0.01)
    work = reached * 240.0 + (attempts - reached) * 25.0
    assert float(dial.work_s(np.array(240.0))) == pytest.approx(work.mean(), rel=0.01)


def test_an_outbound_list_takes_the_work_of_its_attempts():
    dial = Dialling(0.5, 60.0, 1)
    target = QueueTarget("q", "outbound", resolve_within_h=1.0, workload=Workload(dialling=dial))
    found = size(forecast(20.0, 240.0), {"q": target}, 30)
    # Half are reached for 240 s, half cost 60 s: 150 s each, 3,000 s of work in 1,800 s.
    assert found["agents"].sum() == pytest.approx(4 * 3000 / 1800)
    assert set(found["model"]) == {"list within 1 opening hours, LP"}


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Workload(self_service_share=1.0), "0 <= self_service_share < 1 expected, got 1"),
        (lambda: Workload(self_service_aht_factor=0.0), "self_service_aht_factor > 0 expected, got 0.0"),
        (lambda: Workload(stages=(Stage("a", 0.5),)), "sum of shares == 1 expected, got 0.5"),
        (lambda: Workload(stages=(Stage("a", 0.5), Stage("b", seconds=3.0))), "got a mixture"),
        (lambda: Workload(stages=(Stage("a", 1.0, factor=0.0),)), "a handling time > 0 expected"),
        (lambda: Stage("a"), "either share or seconds expected"),
        (lambda: Stage("a", 0.0), "0 < share <= 1 expected, got 0"),
        (lambda: Stage("a", 1.0, factor=-1.0), "factor >= 0 expected, got -1"),
        (lambda: Dialling(0.0), "0 < connect_rate <= 1 expected, got 0"),
        (lambda: Dialling(max_attempts=0), "a whole max_attempts >= 1 expected, got 0"),
    ],
)
def test_what_cannot_be_is_refused_with_its_value(build, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        build()


def test_those_who_hung_up_count_by_their_weight():
    got = weighted_demand(
        [100.0, 50.0, NAN],
        [20.0, NAN, NAN],
        [5.0, NAN, NAN],
        abandoned_weight=0.6,
        short_abandoned_weight=0.0,
    )
    # 100 - 0.4 * 15 - 5 = 89; nothing known of abandonment: all count; a gap stays a gap.
    np.testing.assert_allclose(got, [89.0, 50.0, NAN])


def test_weights_of_one_count_everybody():
    np.testing.assert_array_equal(weighted_demand([10.0, 7.0], [3.0, 2.0], [1.0, 2.0]), [10.0, 7.0])


@pytest.mark.parametrize(
    ("args", "weights", "message"),
    [
        (([10.0], [12.0]), {}, "abandoned <= offered expected, got 12 in row 0"),
        (([10.0, 9.0], [2.0, 2.0], [1.0, 3.0]), {}, "short_abandoned <= abandoned expected, got 3 in row 1"),
        (([10.0], [2.0]), {"abandoned_weight": 1.2}, "abandoned_weight <= 1 expected, got 1.2"),
        (([10.0], [2.0]), {"short_abandoned_weight": -1.0}, "short_abandoned_weight >= 0 expected, got -1.0"),
    ],
)
def test_counts_that_contradict_each_other_are_named(args, weights, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        weighted_demand(*args, **weights)
