"""What waiting loses, and what the next agent is worth."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.queueing import erlang_a
from staffing.queueing.general_patience import mmn_g
from staffing.sizing import QueueTarget, size
from staffing.sizing.benefit import benefit
from staffing.sizing.loss import LossModel
from staffing.sizing.patience import estimate_patience
from staffing.sizing.value import Economics, cost_optimal_agents, next_agent

FIFTH = Economics(10.0, 30.0, LossModel.constant(0.2))


def test_the_two_readings_of_a_fifth_more_every_10_s_lie_far_apart():
    constant, growing = LossModel.constant(0.2), LossModel.multiplying(0.04, 0.2)
    after = np.array([0.0, 10.0, 20.0, 60.0])
    np.testing.assert_allclose(constant.lost_after(after), 1 - 0.8 ** (after / 10.0))
    # Hazards of the steps of 10 s: each a fifth above the one before.
    survival = 1.0 - growing.lost_after(np.arange(0.0, 70.0, 10.0))
    hazard = -np.diff(np.log(survival))
    np.testing.assert_allclose(hazard[1:] / hazard[:-1], 1.2)
    assert 1.0 - survival[1] == pytest.approx(0.04)
    assert growing.lost_after(60.0) < constant.lost_after(60.0) / 2
    assert "constant" in constant.name
    assert "multiplying" in growing.name


def test_fifteen_to_thirty_percent_are_patiences_of_62_to_28_s():
    means = [LossModel.constant(share).mean_s for share in (0.15, 0.30)]
    assert [round(mean) for mean in means] == [62, 28]


def test_a_measured_loss_is_the_logs_best_hazard():
    rng = np.random.default_rng(1)
    patience, offered = 100.0 * rng.weibull(0.7, 5_000), rng.exponential(90.0, 5_000)
    found = estimate_patience(np.minimum(patience, offered), patience < offered)
    loss = LossModel.measured(found)
    assert loss.mean_s is None
    assert float(loss.lost_after(60.0)) == pytest.approx(1 - np.exp(-((60 / 100) ** 0.7)), abs=0.03)
    assert "5,000 waits" in loss.name


def test_fifty_erlangs_at_10_a_contact_and_7_50_a_quarter_hour():
    """Between 55 and 58 agents pay for losses of 15 to 30 % in every 10 s, where 80/20 asks for 45 to 54."""
    for share in (0.15, 0.20, 0.30):
        best = int(cost_optimal_agents(150.0, 300.0, 15, Economics(10.0, 30.0, LossModel.constant(share))))
        assert 55 <= best <= 58


def brute_force(contacts: float, aht_s: float, economics: Economics) -> int:
    load = contacts * aht_s / 1800.0
    agents = np.arange(0, int(load + 10 * np.sqrt(load) + 20), dtype=float)
    lost = economics.lost_share(agents, load, aht_s) * contacts
    return int(np.argmin(lost * economics.value_per_contact + agents * economics.cost_per_agent_hour / 2.0))


@settings(max_examples=40, deadline=None)
@given(
    contacts=st.floats(0.5, 300.0),
    value=st.floats(0.5, 80.0),
    cost=st.floats(5.0, 60.0),
    share=st.floats(0.02, 0.6),
)
def test_no_other_number_costs_less(contacts, value, cost, share):
    economics = Economics(value, cost, LossModel.constant(share))
    best = int(cost_optimal_agents(contacts, 240.0, 30, economics))
    load = contacts * 240.0 / 1800.0
    agents = np.array([best, brute_force(contacts, 240.0, economics)], dtype=float)
    total = economics.lost_share(agents, load, 240.0) * contacts * value + agents * cost / 2.0
    assert total[0] <= total[1] + 1e-7


@pytest.mark.parametrize("contacts", [2.0, 25.0, 90.0])
@pytest.mark.parametrize("loss", [LossModel.multiplying(0.04, 0.2), LossModel.multiplying(0.2, 0.05)])
def test_a_multiplying_loss_is_optimised_too(contacts, loss):
    economics = Economics(12.0, 25.0, loss)
    assert int(cost_optimal_agents(contacts, 240.0, 30, economics)) == brute_force(contacts, 240.0, economics)


def test_where_no_agent_pays_there_is_none():
    assert cost_optimal_agents(
        [0.0, 10.0], 60.0, 30, Economics(0.01, 40.0, LossModel.constant(0.2))
    ).tolist() == [
        0,
        0,
    ]


def test_the_next_agent_is_worth_what_he_saves():
    step = next_agent([50.0, 57.0], 150.0, 300.0, 15, FIFTH)
    mean_s = LossModel.constant(0.2).mean_s
    gone = [float(erlang_a(n, 50.0, 300.0, mean_s).abandonment) for n in (50.0, 51.0, 57.0)]
    assert step.saved[0] == pytest.approx(150.0 * (gone[0] - gone[1]))
    assert step.lost[1] == pytest.approx(150.0 * gone[2])
    np.testing.assert_allclose(step.worth, 10.0 * step.saved)
    assert step.cost.tolist() == [7.5, 7.5]
    assert step.pays.tolist() == [True, False]


def test_losses_of_another_shape_come_from_the_general_queue():
    economics = Economics(10.0, 30.0, LossModel.multiplying(0.04, 0.2))
    got = economics.lost_share(np.array([52.0]), np.array([50.0]), np.array([300.0]))
    assert got[0] == float(mmn_g(52.0, 50.0, 300.0, economics.loss.patience).abandonment)


def forecast() -> pd.DataFrame:
    starts = pd.date_range("2026-11-23 08:00", periods=4, freq="15min", tz="Europe/Paris")
    return pd.DataFrame({"queue": "q", "start": starts, "contacts": [150.0, 90.0, 20.0, 0.0], "aht_s": 300.0})


def test_a_queue_sized_by_value_takes_as_many_as_pay():
    found = size(forecast(), {"q": QueueTarget("q", economics=FIFTH, size_by="value", patience_s=100.0)}, 15)
    assert found["agents_whole"].iloc[0] == 57
    assert found["binding_target"].tolist() == ["value", "value", "value", ""]
    assert found["model"].iloc[0].endswith("as many as pay")
    assert found["agents_whole"].iloc[3] == 0


def test_the_cheapest_staff_never_costs_more_than_what_was_sized():
    targets = {"q": QueueTarget("q", economics=FIFTH)}
    sized = size(forecast(), targets, 15)
    table = benefit(sized["agents_whole"].to_numpy(), forecast(), targets, 15).set_index("plan")
    assert table.loc["cheapest", "total"] <= table.loc["as sized", "total"]
    assert table.loc["as sized", "agent_hours"] == pytest.approx(sized["agents_whole"].sum() / 4)
    np.testing.assert_allclose(table["total"], table["loss"] + table["agent_cost"])
    assert benefit(sized["agents_whole"], forecast(), {"q": QueueTarget("q")}, 15).empty


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: LossModel.constant(0.0), "loss per_10s in (0, 1) expected, got 0.0"),
        (lambda: LossModel.multiplying(0.1, 0.0), "loss growth_per_10s > 0 expected, got 0.0"),
        (lambda: LossModel.by_stretches([0.0], [1.0]), "loss lost_per_10s < 1 expected, got 1"),
        (lambda: LossModel.exponential(-1.0), "patience_s > 0 expected, got -1.0"),
        (lambda: Economics(0.0, 1.0, LossModel.constant(0.2)), "value_per_contact > 0 expected, got 0.0"),
        (
            lambda: Economics(1.0, float("nan"), LossModel.constant(0.2)),
            "cost_per_agent_hour > 0 expected, got nan",
        ),
        (lambda: QueueTarget("q", size_by="value"), "economics with size_by 'value' expected, got None"),
        (lambda: QueueTarget("q", "chat", economics=FIFTH), "economics only for phone expected, got 'chat'"),
    ],
)
def test_money_that_makes_no_sense_is_refused(build, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        build()
