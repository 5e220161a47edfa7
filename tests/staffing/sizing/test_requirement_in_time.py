"""Requirements for a day whose demand moves: modified offered load, and people found interval after interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from staffing.sizing import QueueTarget, size
from staffing.sizing.iterative import size_iteratively
from staffing.sizing.offered_load import offered_load, size_by_offered_load
from staffing.sizing.path_service import PathService
from staffing.sizing.time_varying import service_in_time

HOURS = np.arange(48) / 4
SHAPE = 0.15 + 0.85 * np.maximum(
    np.exp(-((HOURS - 3.5) ** 2) / 2.4), 0.85 * np.exp(-((HOURS - 8.0) ** 2) / 3.0)
)


def day(peak: float, aht_s: float, queue: str = "calls") -> pd.DataFrame:
    """Two peaks of ``peak`` erlangs, twelve hours."""
    starts = pd.date_range("2026-11-23 07:00", periods=48, freq="15min", tz="Europe/Berlin")
    contacts = peak * SHAPE * 900.0 / aht_s
    return pd.DataFrame({"queue": queue, "start": starts, "contacts": contacts, "aht_s": aht_s, "open": True})


def levels(requirement: pd.DataFrame, forecast: pd.DataFrame, targets: dict[str, QueueTarget]) -> np.ndarray:
    found = service_in_time(requirement[["queue", "start", "scheduled"]], forecast, targets, 15, 15)
    return (found.in_time / found.levelled)[0, 0]


def test_the_offered_load_builds_up_like_a_filling_tank():
    """Rate 10 erlangs from nothing: 10 (1 − e^−t/AHT)."""
    at_end, largest = offered_load(np.array([30.0, 30.0, 0.0]), np.full(3, 300.0), 900.0)
    first = 10 * (1 - np.exp(-3))
    second = 10 * (1 - np.exp(-6))
    np.testing.assert_allclose(at_end, [first, second, second * np.exp(-3)])
    np.testing.assert_allclose(largest, [first, second, second])


def test_a_constant_rate_is_sized_as_a_stationary_one():
    table = day(20.0, 300.0).assign(contacts=60.0)
    targets = {"calls": QueueTarget("calls", patience_s=90.0)}
    stationary, load = size(table, targets, 15), size_by_offered_load(table, targets, 15)
    pd.testing.assert_series_equal(stationary["scheduled"][8:], load["scheduled"][8:])
    assert load.columns.tolist() == stationary.columns.tolist()
    in_steps = size_iteratively(table, targets, 15)
    # A whole agent less may do, as the queue of a finite day is a little shorter than its equilibrium.
    assert (stationary["scheduled"] - in_steps["scheduled"])[8:].between(0, 1).all()


@pytest.mark.parametrize("aht_s", [300.0, 900.0])
@pytest.mark.parametrize("patience_s", [None, 120.0])
def test_every_interval_is_met_with_fewer_hours_than_stationary_sizing(aht_s, patience_s):
    table, targets = day(60.0, aht_s), {"calls": QueueTarget("calls", patience_s=patience_s)}
    stationary, in_steps = size(table, targets, 15), size_iteratively(table, targets, 15)
    assert levels(in_steps, table, targets).min() >= 0.8 - 1e-9
    assert in_steps["scheduled"].sum() < stationary["scheduled"].sum()
    assert in_steps.columns.tolist() == stationary.columns.tolist()
    np.testing.assert_allclose(in_steps["service_level"], levels(in_steps, table, targets), atol=1e-9)


def test_no_interval_could_do_with_one_agent_less():
    """Each on its own, everybody else staying; the agent leaves the contact in his hands to nobody."""
    table, targets = day(12.0, 300.0), {"calls": QueueTarget("calls", patience_s=120.0)}
    found = size_iteratively(table, targets, 15)
    for interval in range(4, 40, 7):
        less = found.assign(scheduled=found["scheduled"] - (found.index == interval))
        assert levels(less, table, targets)[interval : interval + 2].min() < 0.8


def test_the_interval_maximum_is_on_the_safe_side():
    table, targets = day(60.0, 600.0), {"calls": QueueTarget("calls")}
    load = size_by_offered_load(table, targets, 15)
    assert levels(load, table, targets).min() > 0.8
    assert load["scheduled"].sum() > size(table, targets, 15)["scheduled"].sum()
    np.testing.assert_allclose(load["contacts"], table["contacts"])


def test_all_limits_and_shrinkage_are_kept():
    target = QueueTarget(
        "calls", service_level=0.5, patience_s=120.0, max_abandonment=0.03, max_occupancy=0.85, asa_s=15.0,
        shrinkage=0.2, min_agents=4,
    )  # fmt: skip
    table = day(10.0, 300.0)
    found = size_iteratively(table, {"calls": target}, 15)
    assert (found["abandonment"] <= 0.03 + 1e-9).all()
    assert (found["occupancy"] <= 0.85 + 1e-9).all()
    assert (found["asa_s"] <= 15.0 + 1e-6).all()
    assert found["agents"].min() >= 4
    np.testing.assert_allclose(found["scheduled"] * 0.8, found["agents"])
    assert set(found["binding_target"]) <= {"max_abandonment", "max_occupancy", "asa_s", "min_agents"}


def test_points_below_the_target_save_people():
    table, targets = day(30.0, 300.0), {"calls": QueueTarget("calls")}
    exact, lower = size_iteratively(table, targets, 15), size_iteratively(table, targets, 15, below=0.05)
    assert lower["scheduled"].sum() < exact["scheduled"].sum()
    assert levels(lower, table, targets).min() >= 0.75 - 1e-9


def test_a_confidence_over_uncertain_rates_takes_more_people():
    table = day(30.0, 300.0).assign(dispersion_interval=0.0, dispersion_day=0.02)
    volume = np.random.default_rng(2).gamma(50, 1 / 50, (8, 1))
    rates = {"calls": table["contacts"].to_numpy()[None] * volume}
    mean = size_iteratively(table, {"calls": QueueTarget("calls")}, 15, rates=rates)
    sure = size_iteratively(table, {"calls": QueueTarget("calls", confidence=0.9)}, 15, rates=rates)
    without = size_iteratively(table, {"calls": QueueTarget("calls", confidence=0.9)}, 15)
    assert sure["scheduled"].sum() > mean["scheduled"].sum()
    assert (
        without["scheduled"].sum()
        > size_iteratively(table, {"calls": QueueTarget("calls")}, 15)["scheduled"].sum()
    )


def test_closed_intervals_and_other_channels_stay_as_they_are():
    table = pd.concat([day(10.0, 300.0), day(5.0, 600.0, "mail")], ignore_index=True)
    closed = (table["queue"] == "calls") & (table["start"].dt.hour < 8)
    table = table.assign(open=~closed, contacts=table["contacts"].where(~closed, 0.0))
    targets = {"calls": QueueTarget("calls"), "mail": QueueTarget("mail", "email", resolve_within_h=4.0)}
    usual, found = size(table, targets, 15), size_iteratively(table, targets, 15)
    mail = table["queue"] == "mail"
    pd.testing.assert_frame_equal(usual[mail], found[mail], check_dtype=False)
    assert (found.loc[closed, "scheduled"] == 0).all()
    assert (found.loc[closed, "binding_target"] == "closed").all()


def test_bad_input_is_named():
    table, targets = day(10.0, 300.0), {"calls": QueueTarget("calls")}
    with pytest.raises(ValueError, match="below"):
        size_iteratively(table, targets, 15, below=0.9)
    with pytest.raises(ValueError, match=r"rates of queue 'calls': shape \(paths >= 1, 48\)"):
        size_iteratively(table, targets, 15, rates={"calls": np.ones((0, 48))})
    with pytest.raises(ValueError, match="rates for queue 'calls' expected"):
        service_in_time(size(table, targets, 15), table, targets, 15, 15, rates={})
    with pytest.raises(ValueError, match="slot_min that divides"):
        service_in_time(size(table, targets, 15), table, targets, 15, 10)
    later = table.assign(start=table["start"] + pd.Timedelta(days=1))
    parts = [service_in_time(size(each, targets, 15), each, targets, 15, 15) for each in (table, later)]
    with pytest.raises(ValueError, match="same starts and paths"):
        PathService.joined(parts)
