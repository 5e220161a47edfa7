"""The formulas against the same quantity reached another way, to ten digits and more."""

from __future__ import annotations

import csv
import json
import os
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad

from staffing.queueing import (
    Patience,
    Targets,
    chat,
    chat_message_response,
    erlang_a,
    erlang_b,
    erlang_c,
    erlang_x,
    mmn_g,
    on_shift,
    required_agents,
)


def exact_inverse_blocking(agents: int, load: float) -> Fraction:
    """The recursion from 0 lines in rational numbers."""
    u, a = Fraction(1), Fraction(load)
    for k in range(1, agents + 1):
        u = 1 + k * u / a
    return u


def long_inverse_blocking(agents: int, load: float) -> Decimal:
    """The same in 50 digits, for sizes where rationals grow too long."""
    with localcontext() as context:
        context.prec = 50
        u, a = Decimal(1), Decimal(load)
        for k in range(1, agents + 1):
            u = 1 + k * u / a
        return u


@pytest.mark.parametrize("load", [1e-6, 0.01, 0.5, 3.7, 19.9, 47.3, 100.0])
@pytest.mark.parametrize("agents", [1, 2, 5, 19, 20, 21, 48, 95, 200])
def test_blocking_and_waiting_agree_with_exact_rationals(agents, load):
    u = exact_inverse_blocking(agents, load)
    assert erlang_b(agents, load) == pytest.approx(float(1 / u), rel=1e-12, abs=1e-300)
    if load < agents:
        rho = Fraction(load) / agents
        waits = 1 / (rho + (1 - rho) * u)
        found = erlang_c(agents, load, 300.0, 0.0)
        assert found.missed == pytest.approx(float(waits), rel=1e-12, abs=1e-300)
        assert found.service_level == pytest.approx(float(1 - waits), rel=1e-12)


@pytest.mark.parametrize(
    ("agents", "load"),
    [(1002, 1000.0), (1250, 1000.0), (500, 1000.0), (2000, 1000.0), (5006, 5000.0), (20021, 20000.0),
     (2500, 5000.0), (20000, 19999.9), (50, 20000.0), (30000, 20000.0)],
)  # fmt: skip
def test_blocking_of_large_groups_agrees_with_fifty_digits(agents, load):
    expected = float(1 / long_inverse_blocking(agents, load))
    assert erlang_b(agents, load) == pytest.approx(expected, rel=1e-12, abs=1e-300)


def test_the_largest_groups_obey_the_recursion_to_twelve_digits():
    load = np.array([1e6, 1e6, 1e6, 3e5])
    agents = np.array([1_000_002.0, 950_000.0, 1_001_002.0, 300_001.0])
    u, before = 1 / erlang_b(agents, load), 1 / erlang_b(agents - 1, load)
    np.testing.assert_allclose(u, 1 + agents / load * before, rtol=1e-12)


@pytest.mark.parametrize(
    ("agents", "load"), [(0.5, 0.3), (0.01, 5.0), (0.7, 80.0), (100.5, 95.0), (7.25, 1.5), (33.3, 60.0)]
)
def test_blocking_of_real_agents_is_the_integral(agents, load):
    """Jagerman (1974): 1 / B(n, a) = a times the integral of exp(-a t) (1 + t)**n."""
    integral, _ = quad(
        lambda t: load * np.exp(-load * t + agents * np.log1p(t)), 0, np.inf, epsabs=0, epsrel=1e-12
    )
    assert erlang_b(agents, load) == pytest.approx(1 / integral, rel=1e-10)


# agents, load, handling time, patience, threshold: light, critical, overloaded; patience short to long.
SITUATIONS = [
    (1, 0.02, 300.0, 5.0, 20.0),
    (5, 5.4, 180.0, 3600.0, 60.0),
    (14, 10.0, 180.0, 300.0, 20.0),
    (43, 85.0, 300.0, 30.0, 10.0),
    (50, 50.0, 300.0, 1800.0, 3600.0),
    (100, 100.0, 900.0, 36000.0, 30.0),
    (120, 240.0, 60.0, 600.0, 5.0),
    (275, 229.0, 180.0, 60.0, 60.0),
    (370, 389.0, 300.0, 600.0, 20.0),
    (30, 60.0, 300.0, 300.0, 600.0),
]


@pytest.mark.parametrize(("agents", "load", "aht_s", "patience_s", "within_s"), SITUATIONS)
def test_erlang_a_agrees_with_birth_death_sums_and_quadrature(agents, load, aht_s, patience_s, within_s):
    arrivals, rate, leave = load / aht_s, agents / aht_s, 1.0 / patience_s
    below = [1.0]  # states n, n-1, ... per state n
    for k in range(agents, 0, -1):
        below.append(below[-1] * k / load)
    above, length = [], 1.0
    for j in range(1, 200_000):
        length *= arrivals / (rate + j * leave)
        above.append(length)
        if length < 1e-18 * (1 + sum(below)) and arrivals < rate + j * leave:
            break
    queue = np.array(above)
    total = sum(below) + queue.sum()
    waits = (1.0 + queue.sum()) / total
    abandoned = leave * (queue * np.arange(1, queue.size + 1)).sum() / total / arrivals
    # Wait of an arrival behind j others who is served: by the rates of the stages, x / (x + k).
    k = np.arange(1, queue.size + 1)
    stage = np.cumsum(1.0 / (rate + k * leave))
    joined = np.concatenate([[1.0], queue[:-1]]) / total
    served_wait = (joined * rate / (rate + k * leave) * stage).sum()

    def density(t: float) -> float:
        inner = arrivals / leave * -np.expm1(-leave * t) - rate * t
        return rate / total * np.exp(inner)

    def integral(f, begin: float, end: float) -> float:
        cuts = np.linspace(begin, end, 9)
        return sum(quad(f, a, b, epsabs=0, epsrel=1e-12, limit=200)[0] for a, b in pairwise(cuts))

    no_wait = (sum(below) - 1.0) / total
    in_time = no_wait + integral(lambda t: density(t) * np.exp(-leave * t), 0, within_s)
    virtual = no_wait + integral(density, 0, within_s)
    short = integral(lambda t: density(t) * -np.expm1(-leave * t), 0, within_s) + (
        (1 - virtual) * -np.expm1(-leave * within_s)
    )
    answered = 1 - abandoned
    args = (agents, load, aht_s, patience_s, within_s)
    found = erlang_a(*args)
    assert found.wait_probability == pytest.approx(waits, rel=1e-11)
    assert found.abandonment == pytest.approx(abandoned, rel=1e-10)
    assert found.mean_wait_s == pytest.approx(abandoned * patience_s, rel=1e-10)
    assert found.occupancy == pytest.approx(load * answered / agents, rel=1e-11)
    assert found.asa_s == pytest.approx(served_wait / answered, rel=1e-9)
    assert found.service_level == pytest.approx(in_time, rel=1e-9)
    assert found.missed == pytest.approx(1 - in_time, rel=1e-9, abs=1e-12)
    assert erlang_a(*args, "virtual").service_level == pytest.approx(virtual, rel=1e-9)
    assert erlang_a(*args, "answered").service_level == pytest.approx(in_time / answered, rel=1e-9)
    counted = erlang_a(*args, "excluding_short_abandons").service_level
    assert counted == pytest.approx(in_time / (1 - short), rel=1e-8)


# Exact values (34-digit arithmetic) that the naive forms cannot give.
def test_tails_keep_their_digits():
    assert erlang_c(6250, 5000.0, 180.0, 10.0).missed == pytest.approx(2.6492096512680747e-95, rel=1e-10)
    assert erlang_c(1001002, 1e6, 60.0).wait_probability == pytest.approx(0.22270925151686552, rel=1e-10)
    found = erlang_a(651, 6.7828486 * 60.0, 60.0, 5.0, 20.0)
    assert found.mean_wait_s == pytest.approx(1.1904549872118008e-29, rel=1e-10)


METRICS = {
    "blocking": None,
    "blocking_continuous": None,
    "asa": "asa_s",
    "one_minus_service_level": "missed",
    "prob_wait": "wait_probability",
    "mean_wait_all": "mean_wait_s",
    "abandonment": "abandonment",
    "occupancy": "occupancy",
}
DEFINITIONS = {
    "service_level_offered": "offered",
    "service_level_virtual": "virtual",
    "service_level_answered": "answered",
    "service_level_excl_short": "excluding_short_abandons",
}


def _rows() -> list[dict[str, str]]:
    folder = os.environ.get("STAFFING_REFERENCE_DATA")
    path = Path(folder or ".") / "queueing" / "exact_values.csv"
    if not folder or not path.exists():
        return []
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _found(model: str, metric: str, given: dict[str, float]) -> float | None:
    agents, load, aht = given.get("agents"), given.get("load"), given.get("aht", 180.0)
    if load is None and "arrivals_per_s" in given:
        load = given["arrivals_per_s"] * aht
    within, patience = given.get("threshold", 0.0), given.get("patience")
    if model == "erlang_b":
        return float(erlang_b(agents, load))
    if model == "shrinkage":
        return float(on_shift(given["required"], given["shrinkage"]))
    if metric.startswith("agents_for"):
        level = given.get("service_level", given.get("service_level_offered"))
        targets = Targets(
            service_level=level,
            answer_within_s=within,
            asa_s=given.get("asa"),
            max_occupancy=given.get("occupancy"),
            max_wait_probability=given.get("prob_wait"),
            max_abandonment=given.get("max_abandonment"),
        )
        return float(required_agents(load, aht, targets, patience).agents)
    if model == "erlang_c":
        return float(getattr(erlang_c(agents, load, aht, within), METRICS[metric]))
    if model == "erlang_a" and metric in DEFINITIONS:
        return float(erlang_a(agents, load, aht, patience, within, DEFINITIONS[metric]).service_level)
    if model == "erlang_a" and metric == "prob_wait_gt_T":  # of an actual customer, who may have left
        return float(
            erlang_a(agents, load, aht, patience, within, "virtual").missed * np.exp(-within / patience)
        )
    if model == "erlang_a":
        return float(getattr(erlang_a(agents, load, aht, patience, within), METRICS[metric]))
    if model == "erlang_chat_balanced":
        return float(chat(agents, given["arrivals_per_s"], given["aht_by_concurrency"], patience).mean_wait_s)
    if model == "erlang_x":
        found = erlang_x(agents, given["fresh_arrivals_per_s"] * aht, aht, patience, given["redial"], within)
        effective = metric == "effective_arrivals_per_s"
        return float(found.load_erlangs / aht if effective else found.performance.service_level)
    if model == "mmn_deterministic_patience":
        return float(mmn_g(agents, load, aht, Patience.deterministic(patience), within, "virtual").missed)
    if model == "chat_message_finite_source":
        return float(
            chat_message_response(given["concurrency"], given["customer_think"], given["agent_message"])
        )
    return None


@pytest.mark.skipif(not _rows(), reason="STAFFING_REFERENCE_DATA names no folder of exact values")
def test_every_row_of_the_exact_values_holds_to_ten_digits():
    checked = 0
    for row in _rows():
        found = _found(row["model"], row["metric"], json.loads(row["inputs_json"]))
        if found is not None:
            tolerance = 0 if row["metric"].startswith(("agents_for", "scheduled")) else 1e-10
            assert found == pytest.approx(float(row["true_value"]), rel=tolerance, abs=0), row
            checked += 1
    assert checked == len(_rows())
