"""Forecast to requirement."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from staffing.queueing import Targets, erlang_c, on_shift, required_agents
from staffing.sizing import QueueTarget, size

COLUMNS = [
    "queue", "start", "contacts", "aht_s", "load_erlangs", "agents", "agents_whole", "scheduled",
    "service_level", "asa_s", "occupancy", "abandonment", "met_probability", "binding_target", "model",
]  # fmt: skip


def week(
    queue: str, contacts: float, aht_s: float, *, interval_min: int = 30, days: int = 7, **span
) -> pd.DataFrame:
    """Open from 8 to 18 hours with the same contacts in every interval."""
    start = span.get("start", "2026-11-23")
    stop = pd.Timestamp(start) + pd.Timedelta(days=days)
    starts = pd.date_range(start, stop, freq=f"{interval_min}min", tz="Europe/Paris", inclusive="left")
    is_open = (starts.hour >= 8) & (starts.hour < 18)
    return pd.DataFrame(
        {
            "queue": queue,
            "start": starts,
            "contacts": np.where(is_open, contacts, 0.0),
            "aht_s": aht_s,
            "open": is_open,
        }
    )


def test_a_published_requirement_with_shrinkage():
    """pyworkforce 0.5.4, tests: 100 calls in 30 min of 180 s, 80 % in 19.8 s: 14 agents.

    It puts 20 on shift, rounding twice; 19 people with 30 % away are 13.3, which is enough.
    """
    target = QueueTarget("calls", answer_within_s=19.8, max_occupancy=0.85, shrinkage=0.3)
    found = size(week("calls", 100.0, 180.0), {"calls": target}, 30)
    assert list(found.columns) == COLUMNS
    noon = found[found["start"].dt.hour == 12].iloc[0]
    assert (noon["agents_whole"], noon["scheduled"]) == (14, 19)
    assert 13 < noon["agents"] <= 19 * 0.7
    assert on_shift(14, 0.3) == 20
    assert noon["load_erlangs"] == pytest.approx(10.0)
    assert noon["service_level"] == pytest.approx(0.888, abs=5e-4)
    assert noon["occupancy"] == pytest.approx(0.714, abs=5e-4)
    assert (noon["model"], noon["binding_target"]) == ("Erlang C", "service_level")
    assert np.isnan(noon["abandonment"])


def test_closed_and_empty_intervals_need_nobody_and_say_which():
    forecast = week("calls", 20.0, 240.0)
    forecast.loc[forecast["start"].dt.hour == 9, "contacts"] = 0.0
    forecast.loc[~forecast["open"], "contacts"] = np.nan
    found = size(forecast, {"calls": QueueTarget("calls")}, 30)
    closed, empty = found[~forecast["open"]], found[forecast["start"].dt.hour == 9]
    assert (closed["scheduled"] == 0).all()
    assert set(closed["binding_target"]) == {"closed"}
    assert (empty["scheduled"] == 0).all()
    assert set(empty["binding_target"]) == {""}
    assert found.loc[forecast["contacts"].fillna(0) == 0, "service_level"].isna().all()


def test_the_fewest_agents_hold_while_open_and_only_then():
    forecast = week("calls", 0.0, 240.0)
    found = size(forecast, {"calls": QueueTarget("calls", min_agents=2, shrinkage=0.25)}, 30)
    assert set(found.loc[forecast["open"], "agents_whole"]) == {2}
    assert set(found.loc[forecast["open"], "scheduled"]) == {3}
    assert set(found.loc[forecast["open"], "binding_target"]) == {"min_agents"}
    assert set(found.loc[~forecast["open"], "scheduled"]) == {0}


def test_rows_keep_their_order_and_queues_do_not_mix():
    many = [week(name, volume, aht) for name, volume, aht in (("b", 30.0, 200.0), ("a", 50.0, 300.0))]
    forecast = pd.concat(many).sample(frac=1.0, random_state=1)
    targets = {"a": QueueTarget("a", service_level=0.9), "b": QueueTarget("b", patience_s=90.0)}
    found = size(forecast, targets, 30)
    np.testing.assert_array_equal(found["queue"], forecast["queue"])
    np.testing.assert_array_equal(found["start"], forecast["start"])
    for name, target in targets.items():
        alone = size(forecast[forecast["queue"] == name], {name: target}, 30)
        together = found[found["queue"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(together, alone.reset_index(drop=True))


def test_queues_of_one_kind_with_different_targets_agree_with_the_formula():
    rng = np.random.default_rng(7)
    forecast = pd.concat([week(f"q{i}", 10.0 + 7 * i, 200.0 + 10 * i) for i in range(12)])
    targets = {
        f"q{i}": QueueTarget(f"q{i}", service_level=float(rng.uniform(0.5, 0.95)), answer_within_s=5.0 * i)
        for i in range(12)
    }
    found = size(forecast, targets, 30)
    busy = found[found["contacts"] > 0].groupby("queue").first()
    for name, target in targets.items():
        row = busy.loc[name]
        expected = required_agents(
            row["load_erlangs"],
            row["aht_s"],
            Targets(service_level=target.service_level, answer_within_s=target.answer_within_s),
        )
        assert row["agents_whole"] == expected.agents
        assert row["service_level"] >= target.service_level
        fewer = erlang_c(row["agents_whole"] - 1, row["load_erlangs"], row["aht_s"], target.answer_within_s)
        assert fewer.service_level < target.service_level


def test_patience_needs_fewer_agents_and_reports_abandonment():
    forecast = week("calls", 200.0, 300.0)
    patient = size(forecast, {"calls": QueueTarget("calls")}, 30)
    leaving = size(forecast, {"calls": QueueTarget("calls", patience_s=120.0)}, 30)
    busy = forecast["contacts"].to_numpy() > 0
    assert (leaving["agents_whole"] < patient["agents_whole"])[busy].all()
    assert leaving.loc[busy, "abandonment"].between(0.0, 0.2).all()
    assert set(leaving["model"]) == {"Erlang A (patience 120 s)"}


def test_an_abandonment_limit_can_bind():
    target = QueueTarget("calls", service_level=0.1, patience_s=60.0, max_abandonment=0.02)
    busy = size(week("calls", 200.0, 300.0), {"calls": target}, 30).query("contacts > 0")
    assert set(busy["binding_target"]) == {"max_abandonment"}
    assert (busy["abandonment"] <= 0.02).all()


def test_chats_at_once_need_fewer_agents_than_calls():
    forecast = week("chat", 60.0, 480.0)
    alone = size(forecast, {"chat": QueueTarget("chat", channel="chat")}, 30)
    several = QueueTarget("chat", channel="chat", concurrency=3, aht_s_by_concurrency=(480.0, 540.0, 660.0))
    three = size(forecast, {"chat": several}, 30)
    phone = size(forecast, {"chat": QueueTarget("chat")}, 30)
    busy = forecast["contacts"].to_numpy() > 0
    np.testing.assert_array_equal(alone["agents_whole"], phone["agents_whole"])
    assert (three["agents_whole"] < alone["agents_whole"])[busy].all()
    assert (three.loc[busy, "service_level"] >= 0.8).all()
    assert set(three["model"]) == {"chat birth-death, 3 at once"}


def test_tickets_are_level_over_the_day_and_in_time():
    forecast = week("tickets", 0.0, 600.0)
    morning = forecast["open"] & (forecast["start"].dt.hour == 8)
    forecast.loc[morning, "contacts"] = 60.0  # 20 agent hours a day, all of it in the first hour
    target = QueueTarget("tickets", channel="ticket", resolve_within_h=24.0, shrinkage=0.2)
    found = size(forecast, {"tickets": target}, 30)
    there = found[forecast["open"].to_numpy()]
    np.testing.assert_allclose(there["agents"], 2.0, rtol=1e-6)
    assert set(there["agents_whole"]) == {2}
    # 2 / 0.8 = 2.5 people: three in the first half of the day, then two.
    assert there.groupby(there["start"].dt.date)["scheduled"].sum().tolist() == [50] * 7
    assert there["service_level"].dropna().min() == 1.0
    assert set(found["model"]) == {"tickets within 24 opening hours, LP"}
    assert set(found.loc[~forecast["open"], "binding_target"]) == {"closed"}
    assert set(there["binding_target"]) == {"resolve_within_h"}


def test_tickets_that_arrive_at_night_wait_for_the_doors():
    forecast = week("tickets", 0.0, 600.0)
    forecast.loc[forecast["start"].dt.hour == 23, "contacts"] = 30.0
    target = QueueTarget("tickets", channel="ticket", resolve_within_h=2.0)
    found = size(forecast, {"tickets": target}, 30)
    assert (found.loc[~forecast["open"], "scheduled"] == 0).all()
    capacity_h = found["agents_whole"].sum() * 0.5
    assert capacity_h >= forecast["contacts"].sum() * 600.0 / 3600.0
    late = found[forecast["start"].dt.hour >= 11]
    assert (late["agents"] < 1e-6).all()  # two opening hours after 8


@pytest.mark.parametrize(("start", "hours"), [("2026-03-23", 167), ("2026-10-19", 169)])
def test_weeks_with_a_clock_change_are_ordinary(start, hours):
    forecast = pd.concat([week("calls", 20.0, 240.0, start=start), week("tickets", 5.0, 600.0, start=start)])
    targets = {
        "calls": QueueTarget("calls"),
        "tickets": QueueTarget("tickets", channel="ticket", resolve_within_h=8.0),
    }
    found = size(forecast, targets, 30)
    assert len(found) == 2 * 2 * hours
    assert (found.groupby("queue")["scheduled"].max() > 0).all()


def test_an_empty_forecast_gives_an_empty_requirement():
    assert list(size(week("calls", 1.0, 60.0).iloc[:0], {}, 30).columns) == COLUMNS


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(columns="aht_s"), "got none named 'aht_s'"),
        (lambda f: f.assign(queue="other"), "targets for queue 'other' expected, got ['calls']"),
        (lambda f: f.assign(contacts=-1.0), "contacts >= 0 expected, got -1.0"),
        (lambda f: f.assign(contacts=np.nan), "contacts >= 0 expected, got nan"),
        (lambda f: f.assign(aht_s=0.0), "aht_s > 0 with contacts expected, got 0.0"),
        (lambda f: f.assign(aht_s=np.nan), "aht_s > 0 with contacts expected, got nan"),
        (lambda f: pd.concat([f, f.iloc[:1]]), "each interval of a queue once expected"),
    ],
)
def test_a_forecast_that_cannot_be_used_is_refused(change, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        size(change(week("calls", 10.0, 240.0)), {"calls": QueueTarget("calls")}, 30)


def test_a_deadline_shorter_than_the_handling_time_is_refused():
    target = QueueTarget("tickets", channel="ticket", resolve_within_h=0.1)
    with pytest.raises(
        ValueError, match=re.escape("resolve_within_h > handling time (0.5 h) expected, got 0.1")
    ):
        size(week("tickets", 5.0, 1800.0), {"tickets": target}, 30)


def test_tickets_without_opening_hours_are_refused():
    forecast = week("tickets", 5.0, 600.0).assign(open=False)
    target = QueueTarget("tickets", channel="ticket", resolve_within_h=8.0)
    with pytest.raises(ValueError, match="opening hours expected"):
        size(forecast, {"tickets": target}, 30)


def test_an_interval_that_is_none_of_the_usual_is_refused():
    with pytest.raises(ValueError, match="interval_min in"):
        size(week("calls", 5.0, 600.0), {"calls": QueueTarget("calls")}, 7)
