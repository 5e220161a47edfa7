"""Chat against the same chain solved as linear equations, and its limits."""

from __future__ import annotations

import numpy as np
import pytest

from staffing.queueing import Targets, erlang_c
from staffing.queueing.chat import chat
from staffing.queueing.chat_requirement import required_agents_chat


def solve_chain(n: int, arrivals: float, aht: list[float], patience: float, queue: int) -> np.ndarray:
    """Equilibrium of the chain, agents filled one chat at a time, by linear equations."""
    places = n * len(aht)
    deaths = []
    for j in range(places + queue + 1):
        held = [0] * n
        for _ in range(min(j, places)):
            held[held.index(min(held))] += 1
        service = sum(k / aht[k - 1] for k in held if k)
        deaths.append(service + max(j - places, 0) / patience)
    size = len(deaths)
    flow = np.zeros((size, size))
    for j in range(size - 1):
        flow[j, j + 1] += arrivals
        flow[j + 1, j] += deaths[j + 1]
    flow -= np.diag(flow.sum(axis=1))
    equations = np.vstack([flow.T, np.ones(size)])
    return np.linalg.lstsq(equations, np.append(np.zeros(size), 1.0), rcond=None)[0]


@pytest.mark.parametrize(
    ("n", "arrivals", "aht", "patience"),
    [
        (2, 0.01, [300.0, 380.0], 60.0),
        (5, 0.04, [300.0, 400.0, 520.0], 120.0),
        (3, 0.05, [240.0, 300.0], 30.0),
    ],
)
def test_measures_agree_with_the_chain_solved_as_equations(n, arrivals, aht, patience):
    states = solve_chain(n, arrivals, aht, patience, queue=60)
    places = n * len(aht)
    j = np.arange(states.size)
    found = chat(n, arrivals, aht, patience)
    waiting = np.maximum(j - places, 0)
    assert found.wait_probability == pytest.approx(states[places:].sum(), rel=1e-8)
    assert found.mean_wait_s == pytest.approx((states * waiting).sum() / arrivals, rel=1e-8)
    assert found.abandonment == pytest.approx((states * waiting).sum() / patience / arrivals, rel=1e-8)
    assert found.occupancy == pytest.approx((states * np.minimum(j, places)).sum() / places, rel=1e-8)


def test_equal_handling_times_make_every_place_a_server():
    assert chat(4, 0.03, [300.0] * 3).missed == pytest.approx(erlang_c(12, 9.0, 300.0).missed, rel=1e-12)


def test_a_fraction_of_an_agent_interpolates():
    two, three, between = (chat(n, 0.01, [300.0, 400.0], 90.0) for n in (2, 3, 2.25))
    expected = 0.75 * two.service_level + 0.25 * three.service_level
    assert between.service_level == pytest.approx(expected, rel=1e-12)


def test_without_patience_an_overfull_chat_waits_for_ever():
    found = chat([0, 1], 0.1, [300.0, 400.0])
    np.testing.assert_array_equal(found.service_level, 0.0)
    assert np.isinf(found.asa_s).all()
    left = chat(0, 0.1, [300.0], 60.0)
    assert (left.abandonment, left.service_level) == (1.0, 0.0)


def test_more_chats_at_once_need_fewer_agents_only_while_they_pay():
    targets = Targets(service_level=0.8, answer_within_s=60.0)
    need = [
        int(required_agents_chat(0.1, [300.0 * (1 + 0.3 * k) for k in range(m)], targets)[0])
        for m in (1, 2, 3)
    ]
    assert need[0] > need[1] > need[2]
    useless = int(required_agents_chat(0.1, [300.0, 600.0], targets)[0])
    assert useless >= need[0] - 3  # two at once at half the speed frees nobody
