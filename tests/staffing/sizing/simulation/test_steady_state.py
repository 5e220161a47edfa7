"""In the long run the simulator agrees with every exact formula within three standard errors.

The formulas and the event loops share no code. Seeds and sizes are fixed, so that a setting that passes
once passes always; the start from an empty centre is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from staffing.queueing import Patience, blending, chat, erlang_a, erlang_c, mmn_g, priority
from staffing.queueing.chat_message import chat_message_response
from staffing.sizing.simulation import (
    CallBackOffer,
    Centre,
    Group,
    HandlingTime,
    PatienceTime,
    Premium,
    Redial,
    SimulatedQueue,
    Staff,
    simulate,
)

Make = Callable[..., Centre]
AHT_S = 300.0
PATHS = 40


def measured(centre: Centre, seed: int, skip: int) -> pd.DataFrame:
    return simulate(centre, paths=PATHS, seed=seed).table("week", skip=skip)


def agrees(row: Any, name: str, exact: Any) -> None:
    found, error = float(row[name]), float(row[f"{name}_se"])
    assert error < 0.1 * max(abs(found), 0.1), f"{name}: the simulation is too short to say anything"
    assert abs(found - float(exact)) <= 3.0 * error + 1e-12, (
        f"{name} {found} ± {error}, exactly {float(exact)}"
    )


def hours_for(load: float, contacts: int) -> int:
    return max(30, int(np.ceil(contacts / PATHS / (load * 3600.0 / AHT_S))))


ERLANG_C = [
    (1, 0.5, 20.0),
    (2, 1.2, 60.0),
    (4, 2.5, 0.0),
    (6, 5.0, 30.0),
    (10, 7.0, 20.0),
    (15, 13.0, 60.0),
    (25, 21.0, 10.0),
    (40, 36.0, 20.0),
    (80, 75.0, 20.0),
    (200, 190.0, 20.0),
]


@pytest.mark.parametrize(("agents", "load", "within_s"), ERLANG_C)
def test_without_impatience_it_is_erlang_c(
    make_queue: Make, agents: int, load: float, within_s: float
) -> None:
    hours = hours_for(load, 600_000)
    skip = max(5, hours // 10)
    centre = make_queue(agents, load * 12.0, hours, answer_within_s=within_s)
    row = measured(centre, 11, skip).iloc[0]
    exact = erlang_c(agents, load, AHT_S, within_s)
    agrees(row, "service_level", exact.service_level)
    agrees(row, "asa_s", exact.asa_s)
    agrees(row, "occupancy", exact.occupancy)


ERLANG_A = [
    (1, 0.8, 60.0, 20.0),
    (3, 4.0, 120.0, 20.0),
    (8, 8.0, 300.0, 30.0),
    (12, 10.0, 30.0, 10.0),
    (20, 22.0, 90.0, 20.0),
    (35, 30.0, 600.0, 0.0),
    (50, 50.0, 180.0, 20.0),
    (100, 110.0, 120.0, 60.0),
    (150, 140.0, 240.0, 20.0),
    (400, 400.0, 120.0, 20.0),
]


@pytest.mark.parametrize(("agents", "load", "patience_s", "within_s"), ERLANG_A)
def test_with_exponential_patience_it_is_erlang_a(
    make_queue: Make, agents: int, load: float, patience_s: float, within_s: float
) -> None:
    centre = make_queue(
        agents,
        load * 12.0,
        hours_for(load, 400_000),
        patience=PatienceTime.exponential(patience_s),
        answer_within_s=within_s,
    )
    row = measured(centre, 12, 5).iloc[0]
    exact = erlang_a(agents, load, AHT_S, patience_s, within_s)
    agrees(row, "service_level", exact.service_level)
    agrees(row, "abandonment", exact.abandonment)
    agrees(row, "asa_s", exact.asa_s)
    agrees(row, "mean_wait_s", exact.mean_wait_s)
    agrees(row, "occupancy", exact.occupancy)


@pytest.mark.parametrize("definition", ["offered", "excluding_short_abandons", "answered", "virtual"])
def test_every_definition_of_the_service_level_is_erlang_a_s(make_queue: Make, definition: Any) -> None:
    centre = make_queue(
        20, 264.0, 40, patience=PatienceTime.exponential(120.0), answer_within_s=30.0, definition=definition
    )
    row = measured(centre, 13, 5).iloc[0]
    agrees(row, "service_level", erlang_a(20, 22.0, AHT_S, 120.0, 30.0, definition).service_level)


GENERAL = {
    "exactly a minute": PatienceTime.exactly(60.0),
    "falling hazard": PatienceTime.hazards([0.0, 10.0, 60.0], [0.02, 0.008, 0.002]),
    "rising hazard": PatienceTime.hazards([0.0, 30.0, 120.0], [0.0, 0.01, 0.05]),
    "steps": PatienceTime.curve([15.0, 45.0, 200.0], [0.8, 0.5, 0.2]),
    "a sample": PatienceTime.of_sample([10.0, 30.0, 30.0, 90.0, 240.0, 600.0]),
    "lognormal": PatienceTime.of_patience(Patience.lognormal(150.0, 1.5)),
    "growing impatience": PatienceTime.of_patience(Patience.gompertz(0.002, 0.02)),
    "a tenth at once": PatienceTime.exponential(200.0).with_balking(0.1),
    "balking and minutes": PatienceTime.exactly(120.0).with_balking(0.3),
}


@pytest.mark.parametrize("shape", GENERAL)
def test_with_any_patience_it_is_mmn_g(make_queue: Make, shape: str) -> None:
    patience = GENERAL[shape]
    agents, load = 30, 30.5
    centre = make_queue(agents, load * 12.0, hours_for(load, 400_000), patience=patience)
    row = measured(centre, 14, 5).iloc[0]
    distribution = patience.distribution()
    assert distribution is not None
    exact = mmn_g(agents, load, AHT_S, distribution, 20.0)
    agrees(row, "service_level", exact.service_level)
    agrees(row, "abandonment", exact.abandonment)
    agrees(row, "mean_wait_s", exact.mean_wait_s)


PRIORITY = [
    (1, 0.7, 0.3, 100.0),
    (3, 2.2, 0.5, 60.0),
    (8, 6.5, 0.1, 20.0),
    (20, 18.0, 0.3, 20.0),
    (50, 47.0, 0.6, 30.0),
]


@pytest.mark.parametrize(("agents", "load", "share", "within_s"), PRIORITY)
def test_premium_customers_get_what_the_priority_queue_says(
    make_queue: Make, agents: int, load: float, share: float, within_s: float
) -> None:
    centre = make_queue(
        agents,
        load * 12.0,
        hours_for(load, 600_000),
        premium=Premium(share, within_s),
        answer_within_s=within_s,
    )
    table = measured(centre, 15, max(5, centre.intervals // 10)).set_index("customers")
    exact = priority(agents, share * load, (1.0 - share) * load, AHT_S, within_s)
    for customers, service in (("premium", exact.premium), ("standard", exact.standard)):
        agrees(table.loc[customers], "service_level", service.service_level)
        agrees(table.loc[customers], "asa_s", service.asa_s)


FINITE_SOURCE = [(1, 3, 60.0, 30.0), (1, 6, 200.0, 30.0), (2, 8, 300.0, 100.0), (5, 20, 600.0, 200.0)]


@pytest.mark.parametrize(("agents", "customers", "think_s", "work_s"), FINITE_SOURCE)
def test_customers_who_always_come_again_make_a_finite_source(
    make_queue: Make, agents: int, customers: int, think_s: float, work_s: float
) -> None:
    """A fixed number of customers, each of whom writes again after every reply: M/M/n//K by birth and death."""
    numbers = np.zeros(400)
    numbers[0] = customers
    centre = make_queue(agents, 0.0, 400, HandlingTime.exponential(work_s))
    queue = SimulatedQueue(
        "phone",
        numbers,
        HandlingTime.exponential(work_s),
        given="counts",
        redial=Redial(answered=1.0, delay_s=think_s),
    )
    centre = Centre((queue,), centre.groups, centre.staff, 60)
    row = measured(centre, 16, 10).iloc[0]
    weight = np.ones(customers + 1)
    for state in range(1, customers + 1):
        weight[state] = weight[state - 1] * (customers - state + 1) / think_s / (min(state, agents) / work_s)
    share = weight / weight.sum()
    state = np.arange(customers + 1)
    rate = (share * (customers - state) / think_s).sum()
    waiting = (share * np.maximum(state - agents, 0)).sum()
    agrees(row, "asa_s", waiting / rate)
    agrees(row, "occupancy", (share * np.minimum(state, agents)).sum() / agents)
    if agents == 1:
        agrees(row, "asa_s", chat_message_response(customers, think_s, work_s) - work_s)


CHAT = [(2, (300.0, 400.0), 6.5), (3, (300.0, 380.0, 480.0), 16.0), (4, (200.0, 200.0, 260.0, 300.0), 40.0)]


@pytest.mark.parametrize(("concurrency", "levels", "chats_per_h"), CHAT)
def test_one_agent_s_chats_are_an_exact_birth_and_death_chain(
    concurrency: int, levels: tuple[float, ...], chats_per_h: float
) -> None:
    """With one agent the chats are spread as evenly as can be, and the formula is exact."""
    queue = SimulatedQueue(
        "chat",
        np.full(600, chats_per_h),
        HandlingTime.exponential(1.0),
        concurrency=concurrency,
        aht_s_by_concurrency=levels,
        answer_within_s=60.0,
    )
    centre = Centre((queue,), (Group("team", ("chat",)),), Staff.of_slots([[1] * 600], 3600.0), 60)
    row = measured(centre, 17, 20).iloc[0]
    exact = chat(1, chats_per_h / 3600.0, levels, answer_within_s=60.0)
    agrees(row, "service_level", exact.service_level)
    agrees(row, "asa_s", exact.asa_s)
    agrees(row, "occupancy", exact.occupancy)


def test_impatient_chat_customers_too() -> None:
    levels, per_h = (300.0, 400.0), 20.0
    queue = SimulatedQueue(
        "chat",
        np.full(600, per_h),
        HandlingTime.exponential(1.0),
        patience=PatienceTime.exponential(90.0),
        concurrency=2,
        aht_s_by_concurrency=levels,
    )
    centre = Centre((queue,), (Group("team", ("chat",)),), Staff.of_slots([[1] * 600], 3600.0), 60)
    row = measured(centre, 18, 20).iloc[0]
    exact = chat(1, per_h / 3600.0, levels, 90.0, 20.0)
    agrees(row, "service_level", exact.service_level)
    agrees(row, "abandonment", exact.abandonment)


@pytest.mark.parametrize(("agents", "load", "reserve"), [(6, 3.0, 1), (12, 8.0, 2)])
def test_endless_background_work_behind_a_threshold_is_the_blending_chain(
    agents: int, load: float, reserve: int
) -> None:
    hours, other_s = 120, 200.0
    backlog = np.zeros(hours)
    backlog[0] = 30_000
    phone = SimulatedQueue("phone", np.full(hours, load * 12.0), HandlingTime.exponential(AHT_S))
    mail = SimulatedQueue(
        "mail", backlog, HandlingTime.exponential(other_s), given="counts", background=reserve
    )
    centre = Centre(
        (phone, mail), (Group("team", ("phone", "mail")),), Staff.of_slots([[agents] * hours], 3600.0), 60
    )
    found = simulate(centre, paths=PATHS, seed=19)
    row = found.table("week", skip=5).iloc[0]
    exact = blending(agents, load, AHT_S, other_s, reserve, 20.0)
    agrees(row, "service_level", exact.service_level)
    agrees(row, "asa_s", exact.asa_s)
    agrees(row, "occupancy", exact.occupancy)


def test_two_queues_of_one_team_are_one_queue() -> None:
    """Longest waiting first over both queues: Erlang A of the whole."""
    queues = tuple(
        SimulatedQueue(
            name,
            np.full(60, 120.0),
            HandlingTime.exponential(AHT_S),
            patience=PatienceTime.exponential(150.0),
        )
        for name in ("sales", "service")
    )
    centre = Centre(queues, (Group("team", ("sales", "service")),), Staff.of_slots([[20] * 60], 3600.0), 60)
    exact = erlang_a(20, 20.0, AHT_S, 150.0, 20.0)
    for _, row in measured(centre, 20, 5).iterrows():
        agrees(row, "service_level", exact.service_level)
        agrees(row, "abandonment", exact.abandonment)


def test_who_is_always_called_back_makes_the_line_of_call_backs_erlang_c(make_queue: Make) -> None:
    """Everybody who would wait takes the offer at once, and the requests are served as they come."""
    phone = SimulatedQueue(
        "phone",
        np.full(200, 96.0),
        HandlingTime.exponential(AHT_S),
        call_back=CallBackOffer("back", accept=1.0, after_s=0.0),
    )
    back = SimulatedQueue("back", np.zeros(200), HandlingTime.exponential(AHT_S), answer_within_s=120.0)
    centre = Centre(
        (phone, back), (Group("team", ("phone", "back")),), Staff.of_slots([[10] * 200], 3600.0), 60
    )
    found = simulate(centre, paths=PATHS, seed=21)
    table = found.table("week", skip=10).set_index("queue")
    exact = erlang_c(10, 8.0, AHT_S, 120.0)
    asked = (
        found.of("phone", found.called_back)[:, 10:].sum() / found.of("phone", found.offered)[:, 10:].sum()
    )
    assert asked == pytest.approx(float(exact.wait_probability), rel=0.02)
    agrees(table.loc["back"], "asa_s", float(exact.asa_s) / float(exact.wait_probability))
