"""Shift ends, breaks, routing, redials, call-backs, deadlines and absences on centres one can survey."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from staffing.sizing.simulation import (
    CallBackOffer,
    Centre,
    Group,
    HandlingTime,
    PatienceTime,
    Redial,
    SimulatedQueue,
    Staff,
    simulate,
)

Make = Callable[..., Centre]


def single_contact(
    handling_s: float, staff: Staff, at_shift_end: str = "finish", minutes: int = 60
) -> Centre:
    """One contact in the first minute."""
    numbers = np.zeros(minutes)
    numbers[0] = 1
    queue = SimulatedQueue("phone", numbers, HandlingTime.constant(handling_s), given="counts")
    return Centre((queue,), (Group("team", ("phone",)),), staff, 1, at_shift_end=at_shift_end)  # type: ignore[arg-type]


def test_an_agent_finishes_the_contact_after_the_shift_s_end() -> None:
    staff = Staff.of_stretches([0], [0], [0.0], [120.0])
    found = simulate(single_contact(600.0, staff), paths=5)
    assert found.answered.sum() == 5
    assert found.dropped.sum() == 0
    assert found.busy_s.sum() == pytest.approx(5 * 600.0)
    # Two minutes on duty each, and what was worked after them.
    assert found.present_s.sum() > 5 * 120.0
    assert (found.busy_s <= found.present_s + 1e-9).all()


def test_or_drops_it() -> None:
    staff = Staff.of_stretches([0], [0], [0.0], [120.0])
    found = simulate(single_contact(600.0, staff, "drop"), paths=5)
    assert found.dropped.sum() == 5
    assert found.busy_s.sum() < 5 * 120.0
    assert found.present_s.sum() == pytest.approx(5 * 120.0)


def test_nobody_is_served_during_the_only_agent_s_break() -> None:
    """The shift starts after the contact came, the break ends ten minutes later."""
    staff = Staff.of_stretches([0], [0], [600.0], [1200.0])
    found = simulate(single_contact(60.0, staff), paths=20)
    waits = found.wait_answered_s[:, 0].sum(axis=1)
    assert ((waits > 540.0) & (waits <= 600.0)).all()


def test_a_break_begun_late_ends_with_the_contact() -> None:
    """Two contacts at the start; the first outlasts the break, and only then the second is taken."""
    numbers = np.zeros(60)
    numbers[0] = 2
    queue = SimulatedQueue("phone", numbers, HandlingTime.constant(900.0), given="counts")
    staff = Staff.of_stretches([0, 0], [0, 0], [0.0, 600.0], [300.0, 3000.0])
    for routing in ("longest_idle", "preference"):
        centre = Centre((queue,), (Group("team", ("phone",)),), staff, 1, routing=routing)  # type: ignore[arg-type]
        found = simulate(centre, paths=10)
        assert found.answered.sum() == 20
        assert found.busy_s.sum() == pytest.approx(20 * 900.0)
        assert (found.wait_answered_s[:, 0].sum(axis=1) > 840.0).all()


def two_teams(routing: str, contacts_per_h: float = 60.0) -> Centre:
    """Specialists of sales and people who know both queues; only sales has contacts."""
    sales = SimulatedQueue("sales", np.full(50, contacts_per_h), HandlingTime.exponential(300.0))
    service = SimulatedQueue("service", np.zeros(50), HandlingTime.exponential(300.0))
    groups = (Group("both", ("service", "sales")), Group("sales", ("sales",)))
    return Centre(
        (sales, service), groups, Staff.of_slots([[10] * 50, [10] * 50], 3600.0), 60, routing=routing
    )  # type: ignore[arg-type]


def test_longest_idle_shares_the_work_alike_and_specialised_routing_spares_the_others() -> None:
    busy = {}
    for routing in ("longest_idle", "most_specialised", "preference"):
        found = simulate(two_teams(routing), paths=5, seed=3)
        busy[routing] = found.busy_s.sum(axis=(0, 2)) / found.present_s.sum(axis=(0, 2))
    assert busy["longest_idle"][0] == pytest.approx(busy["longest_idle"][1], rel=0.02)
    for spared in ("most_specialised", "preference"):
        assert busy[spared][1] > 3.0 * busy[spared][0]
    # The specialists alone get what Erlang B's overflow leaves them, whatever the others are called.
    assert busy["most_specialised"] == pytest.approx(busy["preference"])


def test_queues_of_lower_numbers_are_served_first() -> None:
    queues = tuple(
        SimulatedQueue(name, np.full(50, 55.0), HandlingTime.exponential(300.0), priority=priority)
        for name, priority in (("later", 2), ("first", 1))
    )
    centre = Centre(queues, (Group("team", ("later", "first")),), Staff.of_slots([[10] * 50], 3600.0), 60)
    table = simulate(centre, paths=10).table("week").set_index("queue")
    assert table.loc["first", "asa_s"] < 0.3 * table.loc["later", "asa_s"]


def test_a_centre_of_separate_teams_is_the_sum_of_its_parts(make_queue: Make) -> None:
    """The first queue's contacts are the same whether another team is simulated beside it or not."""
    alone = make_queue(10, 110.0, 30)
    other = SimulatedQueue("chat", np.full(30, 80.0), HandlingTime.exponential(200.0), concurrency=2)
    both = Centre(
        (*alone.queues, other),
        (*alone.groups, Group("chatters", ("chat",))),
        Staff.of_slots([[10] * 30, [4] * 30], 3600.0),
        60,
    )
    single, joint = simulate(alone, paths=6, seed=4), simulate(both, paths=6, seed=4)
    assert (joint.of("phone", joint.offered) == single.of("phone", single.offered)).all()
    assert (joint.of("phone", joint.in_time) == single.of("phone", single.in_time)).all()
    assert np.allclose(joint.of("phone", joint.wait_s), single.of("phone", single.wait_s))


def test_who_hangs_up_and_calls_again_is_offered_again(make_queue: Make) -> None:
    patience = PatienceTime.exponential(60.0)
    never = simulate(make_queue(8, 120.0, 40, patience=patience), paths=10)
    again = simulate(
        make_queue(8, 120.0, 40, patience=patience, redial=Redial(abandoned=0.5, delay_s=300.0)), paths=10
    )
    extra = again.offered.sum() - never.offered.sum()
    assert extra == pytest.approx(0.5 * again.abandoned.sum(), rel=0.05)
    both = Centre(
        (*again.centre.queues, SimulatedQueue("other", np.zeros(40), HandlingTime.constant(1.0))),
        (Group("team", ("phone", "other")),),
        again.centre.staff,
        60,
    )
    event_by_event = simulate(both, paths=10)
    assert (event_by_event.of("phone", event_by_event.offered) == again.of("phone", again.offered)).all()


def test_an_offer_after_a_minute_ends_all_longer_waits() -> None:
    phone = SimulatedQueue(
        "phone",
        np.full(40, 130.0),
        HandlingTime.exponential(300.0),
        call_back=CallBackOffer("back", accept=1.0, after_s=60.0),
    )
    back = SimulatedQueue("back", np.zeros(40), HandlingTime.exponential(240.0), priority=2)
    centre = Centre(
        (phone, back), (Group("team", ("phone", "back")),), Staff.of_slots([[12] * 40], 3600.0), 60
    )
    found = simulate(centre, paths=5)
    called = found.of("phone", found.called_back)
    assert called.sum() > 0
    assert found.of("back", found.offered).sum() == called.sum()
    assert found.table("week").set_index("queue").loc["phone", "asa_s"] < 60.0
    expected = replace(phone, call_back=CallBackOffer("back", accept=1.0, expected_wait_s=60.0))
    by_estimate = simulate(replace(centre, queues=(expected, back)), paths=5)
    assert by_estimate.of("phone", by_estimate.called_back).sum() > 0
    assert by_estimate.table("week").set_index("queue").loc["phone", "asa_s"] < 120.0


def test_the_deadline_of_background_work_runs_on_opening_hours() -> None:
    """Ten mails in the last open hour of the day, nobody until the next morning: within 4 opening hours."""
    is_open = np.array([True] * 4 + [False] * 4 + [True] * 4)
    numbers = np.zeros(12)
    numbers[3] = 10
    mail = SimulatedQueue(
        "mail",
        numbers,
        HandlingTime.constant(60.0),
        given="counts",
        background=0,
        resolve_within_h=4.0,
        is_open=is_open,
    )
    people = np.zeros((1, 12))
    people[0, 8:] = 1
    centre = Centre((mail,), (Group("team", ("mail",)),), Staff.of_slots(people, 3600.0), 60)
    assert simulate(centre, paths=4).in_time.sum() == 40
    early = replace(mail, resolve_within_h=0.25)
    assert simulate(replace(centre, queues=(early,)), paths=4).in_time.sum() < 10


def test_background_work_leaves_the_threshold_free() -> None:
    numbers = np.zeros(10)
    numbers[0] = 5_000
    mail = SimulatedQueue("mail", numbers, HandlingTime.constant(100.0), given="counts", background=2)
    centre = Centre((mail,), (Group("team", ("mail",)),), Staff.of_slots([[10] * 10], 3600.0), 60)
    found = simulate(centre, paths=2)
    later = slice(1, None)
    assert (found.busy_s[:, 0, later] / found.present_s[:, 0, later]) == pytest.approx(0.8)


def test_absence_takes_its_share_of_the_people(make_queue: Make) -> None:
    centre = replace(make_queue(20, 60.0, 40), absence=0.1)
    found = simulate(centre, paths=200)
    assert found.present_s.sum() / (200 * 20 * 40 * 3600.0) == pytest.approx(0.9, abs=0.01)
    assert (simulate(replace(centre, absence=1.0), paths=3).answered == 0).all()


def test_a_fraction_of_a_person_is_there_in_that_share_of_the_paths(make_queue: Make) -> None:
    found = simulate(make_queue(4.4, 10.0, 10), paths=200)
    people = found.present_s[:, 0].mean(axis=1) / 3600.0
    assert set(np.round(people, 6)) == {4.0, 5.0}
    assert people.mean() == pytest.approx(4.4, abs=0.02)


def test_the_least_loaded_agent_gets_the_next_chat() -> None:
    """Two chats and two agents: one each, so that neither slows the other down."""
    numbers = np.zeros(60)
    numbers[0] = 2
    chat = SimulatedQueue(
        "chat",
        numbers,
        HandlingTime.constant(1.0),
        given="counts",
        concurrency=2,
        aht_s_by_concurrency=(600.0, 1200.0),
    )
    centre = Centre((chat,), (Group("team", ("chat",)),), Staff.of_slots([[2] * 60], 60.0), 1)
    found = simulate(centre, paths=10)
    # Half of an agent's two places for 600 s each.
    assert found.busy_s.sum() == pytest.approx(10 * 2 * 600.0 * 0.5)
    one = replace(centre, staff=Staff.of_slots([[1] * 60], 60.0))
    assert simulate(one, paths=10).busy_s.sum() > 10 * 1000.0


def test_an_unstable_queue_ends_by_the_contact_limit_and_says_so(make_queue: Make) -> None:
    found = simulate(make_queue(1, 6_000.0, 1_000), paths=3, contact_limit=20_000)
    assert found.limited
    assert found.paths == 1
    assert found.contacts == 20_000
    assert any("limit of 20,000 contacts" in note for note in found.notes)
    assert any("more work than its people can do" in note for note in found.notes)


def test_the_limit_keeps_whole_paths(make_queue: Make) -> None:
    found = simulate(make_queue(10, 100.0, 10), paths=30, contact_limit=15_000)
    assert found.limited
    assert 5 < found.paths < 30
    assert "after" in found.notes[0]
    everything = simulate(make_queue(10, 100.0, 10), paths=30)
    assert not everything.limited
    assert (everything.offered[: found.paths] == found.offered).all()
