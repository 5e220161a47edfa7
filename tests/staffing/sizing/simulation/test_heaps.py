"""The structures that say who is next agree with plain sorting."""

from __future__ import annotations

import numpy as np

from staffing.sizing.simulation import heaps
from staffing.sizing.simulation.compiled import kernel
from staffing.sizing.simulation.encoding import NEVER


@kernel
def first_of_all(seats, seat, moment, found):  # type: ignore[no-untyped-def]
    """Set every seat in turn and note who is first then."""
    for step in range(seat.shape[0]):
        heaps.set_seat(seats, seat[step], moment[step])
        found[step] = heaps.first_seat(seats)


def test_the_first_seat_is_the_one_with_the_least_moment() -> None:
    rng = np.random.default_rng(1)
    seat, moment = rng.integers(0, 64, 5_000), rng.uniform(0.0, 1e6, 5_000)
    moment[rng.random(5_000) < 0.2] = NEVER
    found = np.zeros(5_000, dtype=np.int64)
    first_of_all(heaps.empty_seats(64, NEVER), seat, moment, found)
    plain = np.full(64, NEVER)
    for step in range(5_000):
        plain[seat[step]] = moment[step]
        assert plain[found[step]] == plain.min()


def test_agents_enter_change_and_leave_the_heap_in_any_order() -> None:
    rng = np.random.default_rng(2)
    free_s, who = np.empty(40), np.empty(40, dtype=np.int64)
    place = np.full(40, -1)
    plain: dict[int, float] = {}
    size = 0
    for _ in range(4_000):
        agent = int(rng.integers(0, 40))
        if rng.random() < 0.4:
            size = heaps.forget(free_s, who, place, size, agent)
            plain.pop(agent, None)
        else:
            plain[agent] = float(rng.uniform(0.0, 1e4))
            size = heaps.set_free(free_s, who, place, size, agent, plain[agent])
        assert size == len(plain)
        if plain:
            assert free_s[0] == min(plain.values())
            assert plain[int(who[0])] == free_s[0]


def test_the_agenda_gives_things_back_in_order_of_time() -> None:
    rng = np.random.default_rng(3)
    todo = heaps.agenda(200)
    size, waiting, done = 0, [], []
    for number in range(1_000):
        if waiting and (size >= 150 or rng.random() < 0.45):
            least = min(waiting)
            assert todo.moment_s[0] == least[0]
            place = heaps.take(todo, size)
            size -= 1
            assert todo.which[place] == least[1]
            waiting.remove(least)
            done.append(least[1])
        else:
            moment = float(rng.uniform(0.0, 100.0))
            size = heaps.plan(todo, size, moment, 1, number, np.uint64(number))
            waiting.append((moment, number))
    assert len(done) == len(set(done)) > 300
