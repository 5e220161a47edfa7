"""People with several skills: sets of queues, a requirement that a roster can cover, and cuts from simulation."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.queueing import Targets, required_agents_fractional
from staffing.sizing import QueueTarget, size
from staffing.sizing.skills import connected_sets, cover_rows, service_bounds, size_pooled, staff_groups
from staffing.sizing.skills.cut_loop import rows_of_interval
from staffing.sizing.skills.group_program import Cut, cheapest_groups

QUEUES = ("a", "b", "c")
GROUPS = {"A": ("a",), "B": ("b",), "C": ("c",), "AB": ("a", "b"), "BC": ("b", "c"), "ABC": QUEUES}
TARGETS = {queue: QueueTarget(queue, patience_s=180.0, shrinkage=0.1) for queue in QUEUES}


def forecast(intervals: int = 6) -> pd.DataFrame:
    starts = pd.date_range("2026-11-23 08:00", periods=intervals, freq="30min", tz="Europe/Berlin")
    step = np.arange(intervals)
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "queue": queue,
                    "start": starts,
                    "contacts": scale * (1 + shift * step),
                    "aht_s": aht_s,
                    "open": True,
                }
            )
            for queue, scale, shift, aht_s in (
                ("a", 60.0, 0.2, 300.0),
                ("b", 40.0, 0.0, 420.0),
                ("c", 30.0, -0.1, 600.0),
            )
        ],
        ignore_index=True,
    )


def test_sets_are_those_that_shared_people_tie_together():
    """A chain a–b–c: a and c alone share nobody."""
    chain = {"AB": ("a", "b"), "BC": ("b", "c")}
    assert connected_sets(QUEUES, chain) == ((0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2))
    assert connected_sets(QUEUES, {name: (name.lower(),) for name in "ABC"}) == ((0,), (1,), (2,))
    assert len(connected_sets(QUEUES, GROUPS)) == 7


@given(st.lists(st.sets(st.integers(0, 4), min_size=1), min_size=1, max_size=6))
@settings(max_examples=60)
def test_connected_sets_by_brute_force(served):
    queues = [str(number) for number in range(5)]
    groups = {f"g{index}": [str(queue) for queue in members] for index, members in enumerate(served)}
    groups |= {f"own{queue}": [queue] for queue in queues}

    def connected(members: tuple[int, ...]) -> bool:
        reached = {members[0]}
        while True:
            grown = reached | {
                queue for group in served if group & reached for queue in group if queue in members
            }
            if grown == reached:
                return reached == set(members)
            reached = grown

    expected = {
        members for count in range(1, 6) for members in combinations(range(5), count) if connected(members)
    }
    assert set(connected_sets(queues, groups)) == expected


def test_many_queues_keep_single_queues_and_the_whole():
    queues = [f"q{number}" for number in range(20)]
    sets = connected_sets(queues, {"everything": queues})
    assert len(sets) <= 4097
    assert {(number,) for number in range(20)} <= set(sets)
    assert tuple(range(20)) in sets


def test_a_set_is_sized_as_one_queue():
    cover = cover_rows(forecast(), TARGETS, 30, GROUPS)
    table = forecast().pivot(index="start", columns="queue", values="contacts")
    both = table["a"].to_numpy() + table["b"].to_numpy()
    handling = (table["a"].to_numpy() * 300 + table["b"].to_numpy() * 420) / both
    wanted = Targets(service_level=0.8, answer_within_s=20.0)
    expected = required_agents_fractional(both * handling / 1800, handling, wanted, 180.0).agents
    row = cover.sets.index((0, 1))
    np.testing.assert_allclose(cover.agents[row], expected, rtol=1e-9)
    np.testing.assert_allclose(cover.scheduled[row], expected / 0.9, rtol=1e-9)
    assert len(cover.table()) == 7 * 6
    assert cover.table()["queues"].iloc[row * 6] == "a + b"


def test_pooling_saves_and_never_more_than_the_full_pool():
    cover = cover_rows(forecast(), TARGETS, 30, GROUPS)
    pooled, alone = size_pooled(forecast(), TARGETS, 30, GROUPS), size(forecast(), TARGETS, 30)
    full = cover.agents[cover.sets.index((0, 1, 2))]
    total = pooled.groupby("start")["agents"].sum().to_numpy()
    np.testing.assert_allclose(total, full, rtol=1e-6)
    assert pooled["scheduled"].sum() < alone["scheduled"].sum()
    assert pooled.columns.tolist() == alone.columns.tolist()
    assert (pooled["agents"] > pooled["load_erlangs"] * 0.99).all()
    assert (pooled["binding_target"] == "skills").all()
    # The interval's sum is rounded up once, not queue by queue.
    people = pooled.groupby("start")["scheduled"].sum().to_numpy()
    assert (people == np.ceil(full / 0.9 - 1e-9)).all()


def test_people_with_one_skill_each_are_sized_queue_by_queue():
    single = {name: (name.lower(),) for name in "ABC"}
    pooled, alone = size_pooled(forecast(), TARGETS, 30, single), size(forecast(), TARGETS, 30)
    np.testing.assert_allclose(pooled["agents"], alone["agents"], rtol=1e-6)


def test_groups_without_people_are_not_relied_on():
    nobody_shared = {"A": 60, "B": 60, "C": 60, "AB": 0, "BC": 0, "ABC": 0}
    pooled, alone = size_pooled(forecast(), TARGETS, 30, GROUPS, nobody_shared), size(forecast(), TARGETS, 30)
    np.testing.assert_allclose(pooled["agents"], alone["agents"], rtol=1e-6)


def test_too_few_people_still_leave_a_requirement():
    few = dict.fromkeys(GROUPS, 1)
    pooled = size_pooled(forecast(), TARGETS, 30, GROUPS, few)
    assert (pooled["agents"] > 0).all()


def test_deferred_work_is_sized_as_ever():
    mail = forecast()[lambda table: table["queue"] == "a"].assign(queue="mail", contacts=10.0)
    table = pd.concat([forecast(), mail], ignore_index=True)
    targets = {**TARGETS, "mail": QueueTarget("mail", "email", resolve_within_h=2.0)}
    pooled, usual = size_pooled(table, targets, 30, GROUPS), size(table, targets, 30)
    last = table["queue"] == "mail"
    pd.testing.assert_frame_equal(pooled[last], usual[last], check_dtype=False)


def bounds(people: dict[str, float], groups: dict[str, tuple[str, ...]] = GROUPS, queues=QUEUES):
    starts = pd.date_range("2026-11-23 08:00", periods=4, freq="30min", tz="Europe/Berlin")
    rates = {queue: np.full((2, 4), 60.0) for queue in queues}
    return service_bounds(
        {name: np.full(8, count) for name, count in people.items()},
        groups, starts, rates, {queue: np.full(4, 300.0) for queue in queues},
        {queue: QueueTarget(queue, patience_s=120.0) for queue in queues}, 30,
    )  # fmt: skip


def test_pooling_never_serves_worse_than_a_split():
    found = bounds({"A": 6.0, "B": 8.0, "C": 7.0, "AB": 3.0, "BC": 2.0, "ABC": 6.0})
    assert found.pooled.queues == found.split.queues == QUEUES
    for queue in range(3):
        everything = np.arange(4)
        pooled, split = found.pooled.together(queue, everything), found.split.together(queue, everything)
        assert pooled["service_level"] > split["service_level"]
        assert pooled["contacts"] == pytest.approx(240.0)
    assert found.split.staffed_h[0].sum() == pytest.approx(32 * 2.0, rel=1e-6)


def test_without_shared_people_both_bounds_are_the_queues_alone():
    single = {name: (name.lower(),) for name in "ABC"}
    found = bounds({"A": 9.0, "B": 12.0, "C": 15.0}, single)
    np.testing.assert_allclose(found.pooled.in_time, found.split.in_time, rtol=1e-9)
    alone = bounds({"A": 9.0}, {"A": ("a",)}, ("a",))
    np.testing.assert_allclose(found.split.in_time[:, :1], alone.split.in_time, rtol=1e-7)


def test_people_are_split_by_load_as_far_as_skills_allow():
    """Ten who serve only a, twenty who serve both, loads of ten each: fifteen each."""
    found = bounds({"A": 10.0, "AB": 20.0}, {"A": ("a",), "AB": ("a", "b")}, ("a", "b"))
    np.testing.assert_allclose(found.split.staffed_h[0, :, 0], [7.5, 7.5], rtol=1e-3)


def test_a_confidence_asks_every_set_for_more():
    table = forecast().assign(dispersion_interval=0.01, dispersion_day=0.01)
    sure = {queue: QueueTarget(queue, confidence=0.9) for queue in QUEUES}
    mean = {queue: QueueTarget(queue) for queue in QUEUES}
    more = cover_rows(table, sure, 30, GROUPS).agents / cover_rows(table, mean, 30, GROUPS).agents
    assert more.min() > 1.05


def test_chats_stay_with_people_of_their_own_and_nothing_to_pool_is_no_defect():
    mixed = {**TARGETS, "c": QueueTarget("c", "chat", concurrency=2)}
    pooled, alone = size_pooled(forecast(), mixed, 30, GROUPS), size(forecast(), mixed, 30)
    chat = forecast()["queue"] == "c"
    pd.testing.assert_frame_equal(pooled[chat], alone[chat], check_dtype=False)
    assert pooled.loc[~chat, "agents"].sum() < alone.loc[~chat, "agents"].sum()
    days = {queue: QueueTarget(queue, target_over="day") for queue in QUEUES}
    pd.testing.assert_frame_equal(size_pooled(forecast(), days, 30, GROUPS), size(forecast(), days, 30))


def test_the_group_program_finds_the_cheapest_people_by_brute_force():
    rng = np.random.default_rng(8)
    for _ in range(5):
        rows = [Cut(rng.integers(0, 3, 3).astype(float) + 0.5, float(rng.uniform(2, 9))) for _ in range(4)]
        cost = rng.uniform(1.0, 2.0, 3)
        found = cheapest_groups(cost, rows)
        best = min(
            cost @ np.array(people)
            for people in product(range(20), repeat=3)
            if all(row.coefficients @ np.array(people) >= row.least for row in rows)
        )
        assert cost @ found == pytest.approx(best)


def smooth(people: np.ndarray) -> np.ndarray:
    """Levels of two queues that share group 2, which helps whom it is needed by most."""
    own = np.array([people[0], people[1]], dtype=float)
    need = np.array([10.0, 6.0])
    missing = np.maximum(need - own, 0.0)
    help_ = people[2] * missing / max(missing.sum(), 1e-9)
    return 1.0 - 0.2 * np.exp(-(own + help_ - need) / 2.0)


def test_cuts_reach_the_targets_at_nearly_the_lowest_cost():
    cost = np.array([1.0, 1.0, 1.1])
    rows = [Cut(np.array([1.0, 0.0, 1.0]), 8.0, "a"), Cut(np.array([0.0, 1.0, 1.0]), 5.0, "b")]
    found = staff_groups(smooth, rows, cost, ["a", "b"], np.array([0.8, 0.8]), tolerance=0.0)
    best = min(
        cost @ np.array(people)
        for people in product(range(13), range(9), range(17))
        if (smooth(np.array(people)) >= 0.8).all()
    )
    assert found.held
    assert (found.levels >= 0.8).all()
    assert found.cost <= 1.05 * best
    assert found.rounds["shortfall"].iloc[-1] == 0.0
    again = staff_groups(smooth, rows, cost, ["a", "b"], np.array([0.8, 0.8]), tolerance=0.0)
    assert again.people.tolist() == found.people.tolist()


def test_a_level_that_nothing_moves_still_ends():
    rows = [Cut(np.array([1.0]), 1.0, "a")]
    found = staff_groups(
        lambda people: np.array([0.1]), rows, np.ones(1), ["a"], np.array([0.8]), max_rounds=4
    )
    assert not found.held
    assert len(found.rounds) == 4


def test_rows_of_an_interval_name_their_queues():
    cover = cover_rows(forecast(1), TARGETS, 30, GROUPS)
    rows = rows_of_interval(cover.sets, cover.agents[:, 0], cover.queues, GROUPS)
    named = {row.name: row.coefficients.tolist() for row in rows}
    assert named["a"] == [1, 0, 0, 1, 0, 1]
    assert named["b + c"] == [0, 1, 1, 1, 1, 1]


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="queue 'c': a group that is skilled for it expected, got none"):
        cover_rows(forecast(), TARGETS, 30, {"A": ("a", "b")})
    chat = {queue: QueueTarget(queue, "chat", concurrency=2) for queue in QUEUES}
    with pytest.raises(
        ValueError, match="a phone queue with its targets in every interval expected, got none"
    ):
        cover_rows(forecast(), chat, 30, GROUPS)
    sure = {queue: QueueTarget(queue, confidence=0.9) for queue in QUEUES}
    with pytest.raises(ValueError, match="dispersion_interval and dispersion_day"):
        cover_rows(forecast(), sure, 30, GROUPS)
    with pytest.raises(ValueError, match="same interval starts"):
        cover_rows(forecast().iloc[1:], TARGETS, 30, GROUPS)
    rows = [Cut(np.array([1.0, 0.0]), 5.0, "a"), Cut(np.array([1.0, 1.0]), 6.0, "a + b")]
    with pytest.raises(ValueError, match="a lacks 3"):
        cheapest_groups(np.ones(2), rows, np.array([2, 9]))
    with pytest.raises(ValueError, match="b: people who can serve it"):
        cheapest_groups(np.ones(2), [Cut(np.zeros(2), 1.0, "b")])
    with pytest.raises(ValueError, match="tolerance"):
        staff_groups(smooth, rows, np.ones(2), ["a"], np.array([0.8]), tolerance=0.9)
    with pytest.raises(ValueError, match="max_rounds"):
        staff_groups(smooth, rows, np.ones(2), ["a"], np.array([0.8]), max_rounds=0)
