"""One interval of a requirement, taken apart."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from staffing.queueing import erlang_a
from staffing.sizing import QueueTarget, size
from staffing.sizing.explanation import explain
from staffing.sizing.formulas import formula_of
from staffing.sizing.loss import LossModel
from staffing.sizing.premium import PremiumPromise
from staffing.sizing.value import Economics
from staffing.sizing.workload import Workload


def forecast() -> pd.DataFrame:
    starts = pd.date_range("2026-11-23 08:00", periods=20, freq="30min", tz="Europe/Paris")
    parts = [
        pd.DataFrame({"queue": queue, "start": starts, "contacts": volume, "aht_s": 300.0, "open": True})
        for queue, volume in (("phone", 120.0), ("tickets", 12.0))
    ]
    table = pd.concat(parts, ignore_index=True)
    table.loc[3, "contacts"] = 0.0
    return table


TARGETS = {
    "phone": QueueTarget(
        "phone", patience_s=120.0, economics=Economics(10.0, 25.0, LossModel.exponential(120.0))
    ),
    "tickets": QueueTarget("tickets", "ticket", 0.95, resolve_within_h=4.0),
}


def at(row: int) -> pd.Timestamp:
    return forecast()["start"].iloc[row]


def test_the_row_is_the_requirements_and_the_table_agrees_with_the_formula():
    found = explain(forecast(), TARGETS, 30, "phone", at(2))
    sized = size(forecast(), TARGETS, 30)
    assert found.row["agents_whole"] == sized["agents_whole"].iloc[2] == 22
    around = found.around.set_index("agents")
    assert around.index.tolist() == [20, 21, 22, 23, 24, 25]
    assert around["meets"].tolist() == [False, False, True, True, True, True]
    direct = erlang_a(23.0, 20.0, 300.0, 120.0, 20.0)
    assert around.loc[23, "service_level"] == pytest.approx(float(direct.service_level))
    assert around.loc[23, "abandonment"] == pytest.approx(float(direct.abandonment))


def test_the_next_agent_is_the_difference_to_the_next_row():
    found = explain(forecast(), TARGETS, 30, "phone", at(2))
    around, step = found.around.set_index("agents"), found.next_agent
    assert step is not None
    assert step.level_gain == pytest.approx(around.loc[23, "service_level"] - around.loc[22, "service_level"])
    assert step.contacts_saved == pytest.approx(
        120 * (around.loc[22, "abandonment"] - around.loc[23, "abandonment"])
    )
    assert step.worth == pytest.approx(10.0 * step.contacts_saved)
    assert step.cost == 12.5


def test_an_interval_without_contacts_has_nothing_to_weigh():
    found = explain(forecast(), TARGETS, 30, "phone", at(3))
    assert found.next_agent is None
    assert found.around.empty


def test_deferred_work_is_weighed_over_its_horizon():
    found = explain(forecast(), TARGETS, 30, "tickets", at(2))
    assert found.formula.name.startswith("deferred work")
    assert found.next_agent is not None
    assert found.next_agent.wait_saved_s >= 0
    assert math.isnan(found.next_agent.worth)


def test_what_self_service_took_is_told_apart():
    targets = TARGETS | {"phone": QueueTarget("phone", workload=Workload(0.5, 1.2))}
    found = explain(forecast(), targets, 30, "phone", at(2))
    assert (found.forecast_contacts, found.forecast_aht_s) == (120.0, 300.0)
    assert (found.row["contacts"], found.row["aht_s"]) == (60.0, 360.0)


def test_a_pool_is_explained_as_a_whole():
    targets = {name: QueueTarget(name, pool="front") for name in ("phone", "tickets")}
    found = explain(forecast(), targets, 30, "phone", at(2))
    assert found.group_contacts == 132.0
    assert found.group_agents > found.row["agents_whole"]


def test_every_way_of_sizing_names_its_formula():
    names = [
        formula_of(target).name
        for target in (
            QueueTarget("q"),
            QueueTarget("q", patience_s=60.0),
            QueueTarget("q", "chat", concurrency=2),
            QueueTarget("q", "callback", answer_within_s=300.0),
            QueueTarget("q", "email", resolve_within_h=8.0),
            QueueTarget("q", premium=PremiumPromise(0.2, 0.9, 10.0)),
            QueueTarget("q", economics=Economics(1.0, 1.0, LossModel.constant(0.1)), size_by="value"),
        )
    ]
    assert [name.split(" (")[0] for name in names] == [
        "Erlang C", "Erlang A", "chat birth-death", "Erlang C", "deferred work", "Erlang C with priority",
        "marginal value",
    ]  # fmt: skip


def test_an_interval_that_is_not_there_is_named():
    with pytest.raises(
        ValueError, match="an interval of the forecast of queue 'phone' expected, got 2027-01-01"
    ):
        explain(forecast(), TARGETS, 30, "phone", pd.Timestamp("2027-01-01", tz="Europe/Paris"))
