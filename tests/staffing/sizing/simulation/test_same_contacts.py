"""Reproducible by seed, common random numbers between scenarios, and nobody is lost."""

from __future__ import annotations

import doctest
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.sizing.simulation import (
    CallBackOffer,
    Centre,
    Group,
    HandlingTime,
    PatienceTime,
    Premium,
    Redial,
    Simulated,
    SimulatedQueue,
    Staff,
    run,
    simulate,
)

Make = Callable[..., Centre]
COUNTS = (
    "offered",
    "answered",
    "abandoned",
    "waiting",
    "called_back",
    "in_time",
    "short_abandoned",
    "undecided",
    "dropped",
)
SECONDS = ("wait_answered_s", "wait_s", "busy_s", "present_s")


def same(one: Simulated, other: Simulated) -> bool:
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in (*COUNTS, *SECONDS))


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads(make_queue: Make) -> None:
    centre = make_queue(10, 115.0, 20, patience=PatienceTime.exponential(100.0))
    first = simulate(centre, paths=8, seed=7)
    assert same(first, simulate(centre, paths=8, seed=7))
    assert same(first, simulate(centre, paths=8, seed=7, workers=3))
    assert not same(first, simulate(centre, paths=8, seed=8))


def test_more_paths_keep_the_first_ones(make_queue: Make) -> None:
    centre = make_queue(10.5, 115.0, 20)
    few, many = simulate(centre, paths=3, seed=7), simulate(centre, paths=9, seed=7)
    assert (many.wait_s[:3] == few.wait_s).all()


def test_the_same_contacts_come_and_take_as_long_with_more_agents(make_queue: Make) -> None:
    """In a centre with agents for everybody, busy time is handling time; its sum does not change."""
    some, more = (simulate(make_queue(n, 60.0, 20), paths=4, seed=1) for n in (40, 60))
    assert (some.offered == more.offered).all()
    assert some.wait_s.sum() == more.wait_s.sum() == 0.0
    assert some.busy_s.sum(axis=(1, 2)) == pytest.approx(more.busy_s.sum(axis=(1, 2)))


def test_a_comparison_on_common_numbers_is_far_surer_than_one_on_others(make_queue: Make) -> None:
    def levels(agents: int, seed: int) -> np.ndarray:
        return simulate(make_queue(agents, 108.0, 24), paths=40, seed=seed).service_levels("phone")[:, 0]

    common = levels(11, 1) - levels(10, 1)
    other = levels(11, 2) - levels(10, 1)
    assert common.std() < 0.6 * other.std()
    assert (common >= -1e-12).all()  # another agent never makes a path worse


def test_one_person_more_changes_nobody_else_s_absence(make_queue: Make) -> None:
    few, more = (
        simulate(replace(make_queue(n, 1.0, 24), absence=0.2), paths=50, seed=3).present_s for n in (10, 11)
    )
    added = (more - few).sum(axis=(1, 2)) / (24 * 3600.0)
    assert set(np.round(added, 9)) == {0.0, 1.0}
    rarer = simulate(replace(make_queue(10, 1.0, 24), absence=0.1), paths=50, seed=3).present_s
    assert (rarer >= few).all()


@pytest.mark.parametrize("factor", [1.05, 1.5])
def test_a_greater_volume_sees_the_same_contacts_and_some_more(make_queue: Make, factor: float) -> None:
    base, grown = (simulate(make_queue(500, 60.0 * f, 20), paths=5, seed=2) for f in (1.0, factor))
    assert (grown.offered >= base.offered).all()
    assert (grown.busy_s.sum(axis=2) >= base.busy_s.sum(axis=2)).all()


def test_both_event_loops_serve_every_contact_alike(
    make_queue: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One queue, served in order of arrival by next free moments, and the same event by event.

    Agents come and go at moments of their own, so that no tie decides who stays.
    """
    rng = np.random.default_rng(3)
    start = rng.uniform(0.0, 40_000.0, 60)
    staff = Staff.of_stretches(np.zeros(60), np.arange(60), start, start + rng.uniform(3_000.0, 30_000.0, 60))
    for options in (
        {},
        {"patience": PatienceTime.hazards([0.0, 60.0], [0.01, 0.002]).with_balking(0.1)},
        {"patience": PatienceTime.exponential(90.0), "redial": Redial(0.6, 0.1, 400.0)},
    ):
        for at_shift_end in ("finish", "drop"):
            centre = replace(
                make_queue(0, 190.0, 20, HandlingTime.lognormal(400.0, 1.3), **options),
                staff=staff,
                at_shift_end=at_shift_end,
            )
            in_order = simulate(centre, paths=5, seed=9)
            with monkeypatch.context() as patch:
                patch.setattr(run, "_in_order", lambda centre: False)
                by_events = simulate(centre, paths=5, seed=9)
            for name in COUNTS:
                assert (getattr(in_order, name) == getattr(by_events, name)).all(), name
            for name in SECONDS:
                assert np.allclose(getattr(in_order, name), getattr(by_events, name)), name


@st.composite
def centres(draw: st.DrawFn) -> Centre:
    """Two or three queues of any kind, two groups, odd shifts."""
    intervals = draw(st.integers(1, 6))
    numbers = st.lists(st.integers(0, 60), min_size=intervals, max_size=intervals)
    patience = st.sampled_from(
        [
            PatienceTime.endless(),
            PatienceTime.exponential(60.0),
            PatienceTime.exactly(100.0).with_balking(0.2),
            PatienceTime.curve([20.0, 90.0], [0.7, 0.1]),
        ]
    )
    handling = st.sampled_from(
        [
            HandlingTime.constant(200.0),
            HandlingTime.exponential(240.0),
            HandlingTime.lognormal(300.0, 1.5),
            HandlingTime.of_sample([60.0, 120.0, 900.0]),
        ]
    )
    concurrency = draw(st.integers(1, 3))
    phone = SimulatedQueue(
        "phone",
        np.array(draw(numbers)),
        draw(handling),
        given=draw(st.sampled_from(["rates", "counts"])),
        patience=draw(patience),
        premium=draw(st.sampled_from([None, Premium(0.3, 10.0)])),
        redial=draw(st.sampled_from([None, Redial(0.7, 0.2, 120.0)])),
        call_back=draw(
            st.sampled_from(
                [
                    None,
                    CallBackOffer("back", 0.6, after_s=30.0),
                    CallBackOffer("back", 0.8, expected_wait_s=40.0),
                ]
            )
        ),
    )
    chat = SimulatedQueue(
        "chat",
        np.array(draw(numbers)),
        draw(handling),
        patience=draw(patience),
        concurrency=concurrency,
        aht_s_by_concurrency=draw(st.sampled_from([None, (200.0, 300.0, 500.0)[:concurrency]])),
        priority=draw(st.integers(1, 2)),
        premium=draw(st.sampled_from([None, Premium(0.4, 30.0)])),
        redial=draw(st.sampled_from([None, Redial(0.3, 0.3, 200.0)])),
    )
    back = SimulatedQueue(
        "back",
        np.array(draw(numbers)),
        draw(handling),
        given="counts",
        background=draw(st.sampled_from([None, 0, 2])),
        resolve_within_h=0.5,
    )
    people = draw(
        st.lists(
            st.lists(st.sampled_from([0, 0.5, 1, 2, 3, 6]), min_size=2 * intervals, max_size=2 * intervals),
            min_size=2,
            max_size=2,
        )
    )
    return Centre(
        (phone, chat, back),
        (Group("some", ("phone", "back")), Group("all", ("chat", "phone", "back"))),
        Staff.of_slots(people, 450.0),
        15,
        routing=draw(st.sampled_from(["longest_idle", "most_specialised", "preference"])),
        at_shift_end=draw(st.sampled_from(["finish", "drop"])),
        absence=draw(st.sampled_from([0.0, 0.2])),
    )


@settings(max_examples=60)
@given(centre=centres(), seed=st.integers(0, 2**31))
def test_nobody_is_lost(centre: Centre, seed: int) -> None:
    found = simulate(centre, paths=3, seed=seed)
    assert (found.offered == found.answered + found.abandoned + found.waiting + found.called_back).all()
    assert (found.in_time + found.undecided <= found.offered).all()
    assert (found.short_abandoned <= found.abandoned).all()
    assert (found.wait_answered_s <= found.wait_s + 1e-6).all()
    assert (found.wait_s >= -1e-9).all()
    assert (found.busy_s >= -1e-9).all()
    assert (found.busy_s <= found.present_s + 1e-6).all()
    if centre.at_shift_end == "finish":
        assert (found.dropped == 0).all()
    for per in ("interval", "day", "week"):
        levels = found.service_levels("phone", per)  # type: ignore[arg-type]
        assert ((levels >= 0) | np.isnan(levels)).all()
        assert ((levels <= 1) | np.isnan(levels)).all()
    assert found.contacts == found.offered.sum()


def test_the_documented_example_is_right() -> None:
    assert doctest.testmod(run).failed == 0
    assert doctest.testmod(run).attempted > 0


def test_importing_the_package_does_not_import_the_compiler() -> None:
    code = "import sys, staffing.sizing.simulation; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
