"""A plan's tables become the centre that they describe."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from staffing.sizing import QueueTarget, evaluate
from staffing.sizing.premium import PremiumPromise
from staffing.sizing.simulation import centre_of, simulate
from staffing.sizing.workload import Workload

ZONE = "Europe/Berlin"


def forecast(queues: dict[str, float], days: int = 2, first: str = "2026-02-16") -> pd.DataFrame:
    """Constant contacts per half hour from 08:00 to 18:00."""
    start = pd.date_range(first, periods=days * 48, freq="30min", tz=ZONE)
    is_open = (start.hour >= 8) & (start.hour < 18)
    return pd.concat(
        [
            pd.DataFrame(
                {"queue": name, "start": start, "contacts": np.where(is_open, volume, 0.0), "aht_s": 240.0}
            ).assign(open=is_open)
            for name, volume in queues.items()
        ],
        ignore_index=True,
    )


def staff(table: pd.DataFrame, people: dict[str, float]) -> pd.DataFrame:
    """The same number of people in every open slot."""
    scheduled = table["queue"].map(people).where(table["open"], 0.0)
    return pd.DataFrame({"queue": table["queue"], "start": table["start"], "scheduled": scheduled})


def test_constant_load_and_staff_get_the_service_that_the_formulas_predict() -> None:
    """Separate teams, shrinkage and patience; days are long, so that their start hardly counts."""
    table = forecast({"phone": 60.0, "sales": 30.0})
    targets = {
        "phone": QueueTarget("phone", patience_s=120.0, shrinkage=0.2),
        "sales": QueueTarget("sales", patience_s=200.0, max_abandonment=0.05),
    }
    given = staff(table, {"phone": 10.0, "sales": 5.0})
    found = simulate(centre_of(table, targets, 30, staff=given, slot_min=30), paths=200, seed=1)
    exact = evaluate(given, table, targets, 30, 30)[1].set_index(["queue", "day"])
    measured = found.service(targets).set_index(["queue", "day"])
    assert list(measured.index) == list(exact.index)
    for name in ("service_level", "occupancy", "abandonment"):
        assert measured[name].to_numpy() == pytest.approx(exact[name].to_numpy(), abs=0.015)
    assert measured["contacts"].to_numpy() == pytest.approx(exact["contacts"].to_numpy(), rel=0.01)
    assert measured["met_probability"].between(0, 1).all()
    assert (measured["service_level_p10"] <= measured["service_level_p90"]).all()


def test_a_pool_serves_its_queues_together() -> None:
    table = forecast({"phone": 30.0, "sales": 30.0})
    apart = {name: QueueTarget(name) for name in ("phone", "sales")}
    pooled = {name: QueueTarget(name, pool="all") for name in ("phone", "sales")}
    given = staff(table, {"phone": 5.0, "sales": 5.0})
    levels = {
        kind: simulate(centre_of(table, targets, 30, staff=given, slot_min=30), paths=50).table("week")
        for kind, targets in (("apart", apart), ("pooled", pooled))
    }
    assert (levels["pooled"]["service_level"] > levels["apart"]["service_level"] + 0.1).all()


def test_premium_customers_have_rows_of_their_own_and_count_for_the_target() -> None:
    table = forecast({"phone": 60.0})
    targets = {"phone": QueueTarget("phone", premium=PremiumPromise(0.2, 0.9, 10.0))}
    found = simulate(centre_of(table, targets, 30, staff=staff(table, {"phone": 9.0}), slot_min=30), paths=50)
    week = found.table("week").set_index("customers")
    assert list(week.index) == ["all", "premium", "standard"]
    assert week.loc["premium", "service_level"] > week.loc["standard", "service_level"]
    shown = found.service(targets).set_index("day").loc["week", "service_level"]
    assert shown == pytest.approx(week.loc["standard", "service_level"])


def test_sample_paths_are_the_numbers_that_come() -> None:
    table = forecast({"phone": 10.0})
    paths = np.random.default_rng(0).poisson(np.where(table["open"], 10.0, 0.0), (7, len(table)))
    given = staff(table, {"phone": 3.0})
    targets = {"phone": QueueTarget("phone")}
    found = simulate(centre_of(table, targets, 30, staff=given, slot_min=30, samples={"phone": paths}))
    assert (found.of("phone", found.offered) == paths).all()
    with_bot = {"phone": QueueTarget("phone", workload=Workload(self_service_share=0.4))}
    fewer = simulate(centre_of(table, with_bot, 30, staff=given, slot_min=30, samples={"phone": paths}))
    assert fewer.contacts == pytest.approx(0.6 * paths.sum(), rel=0.05)


def test_a_roster_brings_its_breaks_and_skills() -> None:
    table = forecast({"phone": 6.0, "mail": 3.0}, days=1)
    targets = {
        "phone": QueueTarget("phone"),
        "mail": QueueTarget("mail", channel="ticket", resolve_within_h=4.0),
    }

    def at(clock: str) -> pd.Timestamp:
        return pd.Timestamp(f"2026-02-16 {clock}", tz=ZONE)

    rows = [
        ("Ann", "08:00", "12:00", "work", "phone"),
        ("Ann", "12:00", "13:00", "lunch", ""),
        ("Ann", "13:00", "18:00", "work", "mail"),
        ("Bob", "09:00", "13:00", "work", "phone"),
        ("Bob", "13:00", "17:00", "work", "phone"),
    ]
    roster = pd.DataFrame(
        [(agent, at(start), at(end), what, queue) for agent, start, end, what, queue in rows],
        columns=["agent", "start", "end", "activity", "queue"],
    )
    skills = {"Ann": ("phone", "mail"), "Bob": ("phone",)}
    centre = centre_of(table, targets, 30, roster=roster, skills=skills)
    assert {group.queues for group in centre.groups} == {("phone", "mail"), ("phone",)}
    people = centre.people().sum(axis=0)
    clock = table["start"].dt.hour[:48].to_numpy()
    assert people[clock == 12].tolist() == [1.0, 1.0]  # Ann at lunch
    assert people[clock == 10].tolist() == [2.0, 2.0]
    assert people[clock == 17].tolist() == [1.0, 1.0]
    assert people.sum() == pytest.approx(2 * 17.0)
    found = simulate(centre, paths=20)
    assert found.of("mail", found.answered).sum() > 0
    planned = centre_of(table, targets, 30, roster=roster)
    assert {group.queues for group in planned.groups} == {("phone",), ("mail",)}


@pytest.mark.parametrize(("first", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_a_day_of_23_or_25_hours_is_one_day(first: str, hours: int) -> None:
    start = pd.date_range(first, periods=2 * hours, freq="30min", tz=ZONE)
    table = pd.DataFrame({"queue": "phone", "start": start, "contacts": 5.0, "aht_s": 120.0})
    given = pd.DataFrame({"queue": "phone", "start": start, "scheduled": 2})
    targets = {"phone": QueueTarget("phone")}
    found = simulate(centre_of(table, targets, 30, staff=given, slot_min=30), paths=3)
    assert found.service(targets)["day"].tolist() == [first, "week"]
    assert found.present_s.sum() == pytest.approx(3 * 2 * hours * 3600.0)
