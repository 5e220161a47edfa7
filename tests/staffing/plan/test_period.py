"""A period longer than the planned weeks asks for its least hours only when no other week can give them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from schedules.agents import Contract
from staffing.plan.loading import Plan, load_plan
from staffing.plan.period import contracts_for, period_start, weeks_after

CONTRACTS = {
    "full": Contract("full", ("day",), 20, 40, 0, 5, 20, min_period_hours=130, max_period_hours=150),
    "free": Contract("free", ("day",), 0, 40, 0, 5, 20),
}


def plan_of(shop: Path, *keys: str) -> Plan:
    path = shop / "plan.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[plan]", "\n".join(["[plan]", *keys]), 1), encoding="utf-8")
    return load_plan(shop)


@pytest.mark.parametrize(
    ("first", "begin", "left", "least"),
    [
        (date(2026, 2, 2), date(2026, 2, 2), 3, 10),
        (date(2026, 2, 9), date(2026, 2, 2), 2, 50),
        (date(2026, 2, 16), date(2026, 2, 2), 1, 90),
        (date(2026, 2, 23), date(2026, 2, 2), 0, 130),
        (date(2026, 3, 2), date(2026, 3, 2), 3, 10),
        (date(2026, 1, 26), None, 0, 130),
    ],
)
def test_four_weeks_planned_one_by_one(
    shop: Path, first: date, begin: date | None, left: int, least: float
) -> None:
    plan = plan_of(shop, "period_from = 2026-02-02", "period_weeks = 4")
    assert (period_start(plan, first), weeks_after(plan, first)) == (begin, left)
    contracts = contracts_for(plan, CONTRACTS, first)
    assert contracts["full"].min_period_hours == least
    assert contracts["full"].max_period_hours == 150
    assert contracts["free"] == CONTRACTS["free"]


def test_a_period_without_end_never_asks_for_the_least(shop: Path) -> None:
    plan = plan_of(shop, "period_from = 2026-02-02")
    assert contracts_for(plan, CONTRACTS, date(2026, 2, 9))["full"].min_period_hours == 0


def test_without_a_period_the_planned_weeks_are_it(shop: Path) -> None:
    plan = plan_of(shop, "weeks = 4")
    assert contracts_for(plan, CONTRACTS, date(2026, 2, 9)) == CONTRACTS
