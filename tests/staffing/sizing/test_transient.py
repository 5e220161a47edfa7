"""One queue in time: the exact law of small systems, its limits, and what it must never do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm
from scipy.stats import hypergeom, poisson

from staffing.queueing import erlang_a, erlang_c
from staffing.sizing.transient import transient
from staffing.sizing.transient_kernel import advance, leave
from staffing.sizing.transient_wait import in_time


def rates(states: int, arrivals: float, agents: int, finishes: float, hang_up: float):
    """Rates out of every state and the generator that acts on a law from the left."""
    present = np.arange(states)
    up = np.where(present < states - 1, arrivals, 0.0)
    down = finishes * np.minimum(present, agents) + hang_up * np.maximum(present - agents, 0)
    return up, down, np.diag(-(up + down)) + np.diag(up[:-1], -1) + np.diag(down[1:], 1)


@pytest.mark.parametrize("seconds", [0.5, 20.0, 900.0, 86_400.0])
@pytest.mark.parametrize("hang_up", [0.0, 0.01])
def test_the_law_is_the_matrix_exponential(seconds, hang_up):
    up, down, generator = rates(30, 0.05, 8, 1 / 200, hang_up)
    law = np.zeros(30)
    law[3] = 1.0
    both = np.block([[generator * seconds, np.eye(30)], [np.zeros((30, 60))]])
    after, mean = advance(law[None], up[None], down[None], seconds)
    np.testing.assert_allclose(after[0], expm(generator * seconds) @ law, atol=1e-8)
    np.testing.assert_allclose(mean[0], expm(both)[:30, 30:] @ law, atol=1e-8)


@pytest.mark.parametrize(("arrivals", "start"), [(1.3 / 3, 0), (2.0 / 3, 0), (0.0, 150), (0.01, 100)])
def test_a_line_that_only_grows_and_a_hall_that_empties_are_exact_too(arrivals, start):
    """A hundred agents; there the contour fails and uniformization has to notice."""
    up, down, generator = rates(400, arrivals, 100, 1 / 300, 0.0)
    law = np.zeros(400)
    law[start] = 1.0
    after, _ = advance(law[None], up[None], down[None], 900.0)
    np.testing.assert_allclose(after[0], expm(generator * 900.0) @ law, atol=1e-8)


def test_no_time_changes_nothing_and_paths_do_not_mix():
    up, down, _ = rates(12, 0.02, 3, 0.01, 0.0)
    law = np.eye(12)[[2, 5]]
    same, _ = advance(law, np.array([up, up]), np.array([down, down]), 0.0)
    np.testing.assert_array_equal(same, law)
    both, _ = advance(law, np.array([up, 3 * up]), np.array([down, down]), 60.0)
    alone, _ = advance(law[1:], 3 * up[None], down[None], 60.0)
    np.testing.assert_allclose(both[1], alone[0], atol=1e-12)


def test_leaving_agents_take_a_hypergeometric_number_of_contacts_along():
    """Ten agents of whom six are busy; three leave."""
    law = np.zeros((1, 20))
    law[0, 6] = 1.0
    after, taken = leave(law, 10.0, 7.0)
    expected = hypergeom(10, 6, 3).pmf(np.arange(4))
    np.testing.assert_allclose(after[0, [6, 5, 4, 3]], expected, atol=1e-12)
    assert taken[0] == pytest.approx(1.8)


def test_when_all_are_busy_the_line_stays_as_long_as_it_was():
    law = np.zeros((1, 20))
    law[0, 14] = 1.0
    after, taken = leave(law, 10.0, 7.0)
    assert after[0, 11] == pytest.approx(1.0)
    assert taken[0] == pytest.approx(3.0)


@given(before=st.floats(0.5, 25.0), part=st.floats(0.0, 0.99))
@settings(max_examples=50)
def test_leaving_loses_nothing_and_never_makes_more_wait(before, part):
    law = poisson(8.0).pmf(np.arange(40))[None]
    law /= law.sum()
    after, taken = leave(law, before, before * part)
    assert after.min() >= 0
    assert after.sum() == pytest.approx(1.0)
    assert 0 <= taken[0] <= min(before * (1 - part) + 1, 8.1)


def test_without_patience_a_place_in_line_is_a_poisson_count():
    """Five ahead of me, 4.2 finishes expected: in time if at least five come."""
    found = in_time(np.array([5.0, 0.0, -2.0]), 4.2, 20.0, None)
    np.testing.assert_allclose(found.answered, [poisson(4.2).sf(4), 1.0, 1.0])
    assert found.gone.max() == 0.0


def test_with_patience_a_place_in_line_is_a_sum_of_exponential_times():
    """The wait for place 4 has the stages 4, 3, 2 and 1; an expm of that chain counts who is through."""
    finishes, patience_s, within_s = 0.05, 90.0, 40.0
    stages = finishes + np.arange(3, -1, -1) / patience_s
    chain = np.diag(np.append(-stages, 0.0)) + np.diag(stages, 1)
    through = expm(chain * within_s)[0, -1]
    found = in_time(np.array([4.0]), finishes * within_s, within_s, patience_s)
    assert found.virtual[0] == pytest.approx(through)
    killed = chain - np.diag([1 / patience_s] * 4 + [0.0])
    assert found.answered[0] == pytest.approx(expm(killed * within_s)[0, -1])
    hung_up = 1 - np.exp(-within_s / patience_s) * (1 - through) - found.answered[0]
    assert found.gone[0] == pytest.approx(hung_up)


@pytest.mark.parametrize(
    ("contacts", "agents", "aht_s"), [(300.0, 12, 120.0), (100.0, 9, 300.0), (30.0, 2, 300.0)]
)
@pytest.mark.parametrize("definition", ["offered", "excluding_short_abandons", "answered", "virtual"])
def test_a_long_stretch_ends_at_erlang_a(contacts, agents, aht_s, definition):
    found = transient(
        np.full(30, contacts), np.full(30, agents), aht_s, 3600.0, patience_s=120.0, definition=definition
    )
    load = contacts * aht_s / 3600
    expected = erlang_a(agents, load, aht_s, 120.0, 20.0, definition)
    assert found.service_level[0, -1] == pytest.approx(float(expected.service_level), abs=1e-6)
    assert found.occupancy[0, -1] == pytest.approx(float(expected.occupancy), abs=1e-6)
    assert found.abandoned[0, -1] / contacts == pytest.approx(float(expected.abandonment), abs=1e-6)
    answered = contacts - found.abandoned[0, -1]
    assert found.wait_s[0, -1] / answered == pytest.approx(float(expected.asa_s), rel=1e-4)


def test_a_long_stretch_ends_at_erlang_c():
    found = transient(np.full(40, 300.0), np.full(40, 28.0), 300.0, 3600.0)
    expected = erlang_c(28, 25.0, 300.0, 20.0)
    assert found.service_level[0, -1] == pytest.approx(float(expected.service_level), abs=1e-6)
    assert found.wait_s[0, -1] / 300 == pytest.approx(float(expected.asa_s), rel=1e-5)


def test_two_slots_of_one_agent_by_the_matrix_exponential():
    """One agent, then two; threshold 0: in time is who finds an agent free, the mean over each slot."""
    found = transient([3.0, 6.0], [1.0, 2.0], 200.0, 900.0, answer_within_s=0.0)
    law = np.zeros(80)
    law[0] = 1.0
    for slot, (contacts, agents) in enumerate(((3.0, 1), (6.0, 2))):
        _, _, generator = rates(80, contacts / 900, agents, 1 / 200, 0.0)
        both = expm(np.block([[generator * 900, np.eye(80)], [np.zeros((80, 160))]]))
        assert found.service_level[0, slot] == pytest.approx((both[:80, 80:] @ law)[:agents].sum(), abs=1e-7)
        law = both[:80, :80] @ law


def test_a_queue_is_carried_into_the_next_slot():
    """Twice the load that ten agents can carry, then a tenth of it: the second slot pays for the first."""
    found = transient([60.0, 3.0], [10.0, 10.0], 300.0, 900.0)
    alone = transient([0.0, 3.0], [10.0, 10.0], 300.0, 900.0)
    assert found.service_level[0, 1] < 0.3
    assert alone.service_level[0, 1] > 0.99


def test_people_who_come_within_the_threshold_shorten_the_wait():
    waits = transient([60.0, 3.0], [10.0, 10.0], 300.0, 900.0, answer_within_s=60.0)
    helped = transient([60.0, 3.0], [10.0, 60.0], 300.0, 900.0, answer_within_s=60.0)
    assert helped.service_level[0, 0] > waits.service_level[0, 0] + 0.01


def test_contacts_are_neither_lost_nor_made():
    """Arrivals are answered, hang up or are still there: by the work done and the waits of the last slot."""
    contacts = np.array([40.0, 80.0, 20.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    found = transient(contacts, np.array([10.0, 20, 12, 9, 5, 5, 5, 5]), 300.0, 900.0, patience_s=200.0)
    done = found.busy_s.sum() / 300.0 + found.abandoned.sum()
    assert done == pytest.approx(contacts.sum(), rel=1e-6)


def test_dropping_ends_the_work_but_not_the_line():
    """Who leaves takes the contact off the queue either way; only the time worked after the shift differs."""
    given = ([60.0, 30.0], [20.0, 8.0], 300.0, 900.0)
    finish, drop = transient(*given), transient(*given, at_shift_end="drop")
    np.testing.assert_allclose(finish.service_level, drop.service_level)
    assert finish.busy_s[0, 1] > drop.busy_s[0, 1] + 1000
    assert finish.present_s[0, 1] - drop.present_s[0, 1] == pytest.approx(
        finish.busy_s[0, 1] - drop.busy_s[0, 1]
    )


@given(
    contacts=st.lists(st.floats(0.0, 60.0), min_size=4, max_size=4),
    agents=st.lists(st.integers(0, 25), min_size=4, max_size=4),
    slot=st.integers(0, 3),
    patience_s=st.sampled_from([None, 60.0]),
)
@settings(max_examples=40)
def test_one_agent_more_never_makes_a_slot_worse(contacts, agents, slot, patience_s):
    """From the slot on that gets the agent: he stays, so that nobody leaves with a contact in his hands."""
    more = np.array(agents, dtype=float)
    more[slot:] += 1.0
    few = transient(contacts, np.array(agents, dtype=float), 300.0, 900.0, patience_s=patience_s)
    many = transient(contacts, more, 300.0, 900.0, patience_s=patience_s)
    assert (many.in_time - few.in_time).min() > -1e-6 * max(1.0, max(contacts))


@given(
    contacts=st.floats(0.0, 300.0),
    agents=st.floats(0.0, 40.0),
    patience_s=st.sampled_from([None, 30.0, 600.0]),
)
@settings(max_examples=40)
def test_shares_stay_shares(contacts, agents, patience_s):
    found = transient([contacts] * 3, [agents, agents / 2, 0.0], 240.0, 900.0, patience_s=patience_s)
    assert (found.in_time >= 0).all()
    assert (found.in_time <= found.counted * (1 + 1e-9)).all()
    assert (found.busy_s <= found.present_s * (1 + 1e-9) + 1e-6).all()
    assert not found.limited


def test_a_path_does_not_depend_on_its_neighbours():
    paths = np.array([[20.0, 40.0, 30.0], [60.0, 90.0, 10.0]])
    together = transient(paths, [8.0, 14.0, 9.0], 300.0, 900.0, patience_s=90.0)
    alone = transient(paths[0], [8.0, 14.0, 9.0], 300.0, 900.0, patience_s=90.0)
    np.testing.assert_allclose(together.in_time[0], alone.in_time[0], atol=1e-7)


def test_more_load_than_any_line_can_hold_is_said():
    found = transient([20_000.0, 20_000.0], [1.0, 1.0], 300.0, 900.0)
    assert found.limited
    assert found.service_level[0, 1] < 1e-6


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"contacts": [-1.0]}, "contacts"),
        ({"contacts": np.zeros((0, 1))}, "paths >= 1"),
        ({"agents": [1.0, 2.0]}, "agents"),
        ({"aht_s": 0.0}, "aht_s > 0"),
        ({"aht_s": [1.0, 2.0]}, "aht_s of shape"),
        ({"slot_s": 0.0}, "slot_s > 0"),
        ({"patience_s": -1.0}, "patience_s > 0"),
        ({"definition": "some"}, "definition in"),
        ({"at_shift_end": "stay"}, "at_shift_end in"),
    ],
)
def test_bad_input_is_named(change, said):
    given = {"contacts": [5.0], "agents": [2.0], "aht_s": 300.0, "slot_s": 900.0, **change}
    with pytest.raises(ValueError, match=said):
        transient(**given)
