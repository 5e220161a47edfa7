"""What given people give."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from staffing.queueing import erlang_a, erlang_c
from staffing.queueing.chat import chat
from staffing.sizing import QueueTarget, evaluate, size


def two_intervals(queue: str = "calls", contacts: tuple[float, float] = (60.0, 20.0)) -> pd.DataFrame:
    starts = pd.date_range("2026-11-23 09:00", periods=2, freq="30min", tz="Europe/Paris")
    return pd.DataFrame({"queue": queue, "start": starts, "contacts": contacts, "aht_s": 300.0, "open": True})


def people(forecast: pd.DataFrame, scheduled: list[float], slot_min: int = 30) -> pd.DataFrame:
    starts = pd.date_range(forecast["start"].iloc[0], periods=len(scheduled), freq=f"{slot_min}min")
    return pd.DataFrame({"queue": forecast["queue"].iloc[0], "start": starts, "scheduled": scheduled})


def test_two_slots_by_the_formula_and_their_weighted_day():
    """60 and 20 calls of 300 s: 10 and 3.33 erlangs; 15 and 6 people of whom a fifth is away."""
    forecast = two_intervals()
    target = QueueTarget("calls", shrinkage=0.2)
    slots, service = evaluate(people(forecast, [15, 6]), forecast, {"calls": target}, 30, 30)
    expected = erlang_c([12.0, 4.8], [10.0, 10 / 3], 300.0, 20.0)
    np.testing.assert_allclose(slots["service_level"], expected.service_level)
    np.testing.assert_allclose(slots["asa_s"], expected.asa_s)
    assert service["day"].tolist() == ["2026-11-23", "week"]
    day = service.iloc[0]
    assert day["contacts"] == 80.0
    assert day["service_level"] == pytest.approx(np.average(expected.service_level, weights=[60, 20]))
    assert day["asa_s"] == pytest.approx(np.average(expected.asa_s, weights=[60, 20]))
    assert day["occupancy"] == pytest.approx((10 + 10 / 3) / 16.8)
    assert np.isnan(day["abandonment"])
    assert day["met"] == (day["service_level"] >= 0.8)


def test_the_speed_of_answer_is_weighted_by_the_answered():
    forecast = two_intervals()
    target = QueueTarget("calls", patience_s=60.0)
    _, service = evaluate(people(forecast, [8, 4]), forecast, {"calls": target}, 30, 30)
    expected = erlang_a([8, 4], [10.0, 10 / 3], 300.0, 60.0, 20.0)
    answered = np.array([60, 20]) * (1 - expected.abandonment)
    assert service["asa_s"].iloc[0] == pytest.approx(np.average(expected.asa_s, weights=answered))
    assert service["abandonment"].iloc[0] == pytest.approx(np.average(expected.abandonment, weights=[60, 20]))


def test_too_few_agents_give_nothing_and_an_endless_wait():
    forecast = two_intervals()
    slots, service = evaluate(people(forecast, [10, 6]), forecast, {"calls": QueueTarget("calls")}, 30, 30)
    assert slots["service_level"].iloc[0] == 0.0
    assert np.isinf(slots["asa_s"].iloc[0])
    assert slots["occupancy"].iloc[0] == 1.0
    assert np.isfinite(service["service_level"]).all()
    assert np.isinf(service["asa_s"]).all()
    assert not service["met"].any()


def test_slots_without_people_count_as_nobody():
    forecast = two_intervals()
    slots, _ = evaluate(
        people(forecast, [15]), forecast, {"calls": QueueTarget("calls", patience_s=60.0)}, 30, 30
    )
    assert slots["service_level"].tolist()[1] == 0.0
    assert slots["abandonment"].tolist()[1] == 1.0


def test_finer_slots_of_constant_staff_change_nothing():
    forecast = two_intervals()
    targets = {"calls": QueueTarget("calls", patience_s=120.0)}
    coarse = evaluate(people(forecast, [12, 5]), forecast, targets, 30, 30)[1]
    fine = evaluate(people(forecast, [12] * 6 + [5] * 6, 5), forecast, targets, 30, 5)[1]
    pd.testing.assert_frame_equal(coarse, fine)


def test_a_break_shows_in_its_slot():
    forecast = two_intervals()
    slots, _ = evaluate(
        people(forecast, [14, 11, 14, 6, 6, 6], 10), forecast, {"calls": QueueTarget("calls")}, 30, 10
    )
    level = slots["service_level"].to_numpy()
    assert level[1] < level[0] == level[2]


def test_the_sized_schedule_meets_its_targets():
    starts = pd.date_range("2026-11-23", periods=336, freq="30min", tz="Asia/Kolkata")
    is_open = (starts.hour >= 8) & (starts.hour < 18)
    shape = np.where(is_open, 40 + 30 * np.sin(np.arange(336) / 5.0), 0.0)
    forecast = pd.concat(
        [
            pd.DataFrame(
                {"queue": q, "start": starts, "contacts": shape * size_, "aht_s": aht, "open": is_open}
            )
            for q, size_, aht in (("calls", 1.0, 300.0), ("chat", 0.5, 500.0), ("mail", 0.2, 700.0))
        ]
    )
    targets = {
        "calls": QueueTarget("calls", patience_s=100.0, max_occupancy=0.85, shrinkage=0.3),
        "chat": QueueTarget("chat", channel="chat", concurrency=2, shrinkage=0.1, asa_s=30.0),
        "mail": QueueTarget("mail", channel="ticket", resolve_within_h=16.0, service_level=0.95),
    }
    need = size(forecast, targets, 30)
    slots, service = evaluate(need[["queue", "start", "scheduled"]], forecast, targets, 30, 30)
    assert service["met"].all()
    assert len(service) == 3 * 8
    live = slots["queue"].isin(["calls", "chat"]) & slots["service_level"].notna()
    assert (slots.loc[live, "service_level"] >= 0.8).all()


def test_fractional_chat_agents_are_interpolated():
    forecast = two_intervals("chat")
    target = QueueTarget("chat", channel="chat", concurrency=2, patience_s=90.0, shrinkage=0.25)
    slots, _ = evaluate(people(forecast, [9, 3]), forecast, {"chat": target}, 30, 30)
    expected = chat([6.75, 2.25], [60 / 1800, 20 / 1800], [300.0, 300.0], 90.0)
    np.testing.assert_allclose(slots["service_level"], expected.service_level)


def test_tickets_are_served_in_order():
    """48 tickets of 300 s arrive in the first half hour: 4 agent hours, done 2 an hour by 2 agents.

    A deadline of 1.0833 h leaves an hour until a ticket is taken up: what arrives at x of the half
    hour is done at 2 x hours, so x <= 2/3 is in time.
    """
    starts = pd.date_range("2026-11-23 09:00", periods=6, freq="30min", tz="Europe/Paris")
    forecast = pd.DataFrame(
        {"queue": "mail", "start": starts, "contacts": [48.0, 0, 0, 0, 0, 0], "aht_s": 300.0, "open": True}
    )
    target = QueueTarget("mail", channel="ticket", resolve_within_h=1.0 + 300 / 3600)
    slots, service = evaluate(people(forecast, [2] * 6), forecast, {"mail": target}, 30, 30)
    assert slots["service_level"].iloc[0] == pytest.approx(2 / 3, rel=1e-6)
    assert slots["service_level"].iloc[1:].isna().all()
    assert slots["asa_s"].iloc[0] == pytest.approx(2700.0)
    np.testing.assert_allclose(slots["occupancy"], [1, 1, 1, 1, 0, 0], atol=1e-9)
    assert not service["met"].any()


@pytest.mark.parametrize(
    ("staff", "slot_min", "message"),
    [
        (lambda f: people(f, [-1, 3]), 30, "scheduled >= 0 expected, got -1"),
        (lambda f: people(f, [np.nan, 3]), 30, "scheduled >= 0 expected, got nan"),
        (lambda f: pd.concat([people(f, [3])] * 2), 30, "each slot of a queue once expected"),
        (lambda f: people(f, [3]).drop(columns="start"), 30, "got none named 'start'"),
        (lambda f: people(f, [3]), 7, "slot_min that divides interval_min 30 expected, got 7"),
    ],
)
def test_staff_that_cannot_be_used_is_refused(staff, slot_min, message):
    forecast = two_intervals()
    with pytest.raises(ValueError, match=re.escape(message)):
        evaluate(staff(forecast), forecast, {"calls": QueueTarget("calls")}, 30, slot_min)
