"""The closed loop on simulated rosters: the counts arrive whole, and shared people count once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from staffing.sizing import QueueTarget, size
from staffing.sizing.path_service import PathService
from staffing.sizing.proving import (
    ProofRules,
    Rostered,
    path_service,
    prove,
    roster_simulation,
    size_by_simulation,
)
from staffing.sizing.simulation import (
    Centre,
    Group,
    HandlingTime,
    PatienceTime,
    SimulatedQueue,
    Staff,
    simulate,
)
from staffing.sizing.time_varying import service_in_time

STARTS = pd.date_range("2026-11-23 08:00", periods=12, freq="30min", tz="Europe/Berlin")
TARGETS = {"calls": QueueTarget("calls", patience_s=120.0), "help": QueueTarget("help", patience_s=180.0)}
SKILLS = {"calls": ["calls"], "help": ["help"], "both": ["calls", "help"]}


def forecast() -> pd.DataFrame:
    hump = np.exp(-((np.arange(12) - 6) ** 2) / 12)
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "queue": queue,
                    "start": STARTS,
                    "contacts": scale * (0.4 + hump),
                    "aht_s": 300.0,
                    "open": True,
                }
            )
            for queue, scale in (("calls", 50.0), ("help", 30.0))
        ],
        ignore_index=True,
    )


def centre(**change) -> Centre:
    table = forecast()
    queues = tuple(
        SimulatedQueue(
            queue,
            table.loc[table["queue"] == queue, "contacts"].to_numpy(),
            HandlingTime.exponential(300.0),
            patience=PatienceTime.exponential(120.0),
        )
        for queue in TARGETS
    )
    groups = (Group("first", ("calls",)), Group("second", ("help",)))
    people = np.stack([np.full(12, 14.0), np.full(12, 9.0)])
    given = {
        "queues": queues,
        "groups": groups,
        "staff": Staff.of_slots(people, 1800.0),
        "interval_min": 30,
        "starts": STARTS,
    }
    return Centre(**{**given, **change})


def test_counts_are_the_simulations_own():
    simulated = simulate(centre(), paths=30, seed=2)
    found = path_service(simulated)
    assert found.paths == 30
    for row, queue in enumerate(TARGETS):
        np.testing.assert_array_equal(found.offered[:, row], simulated.of(queue, simulated.offered))
        np.testing.assert_array_equal(found.in_time[:, row], simulated.of(queue, simulated.in_time))
    everything = np.arange(12)
    week = simulated.table("week").set_index("queue")
    for row, queue in enumerate(TARGETS):
        together = found.together(row, everything)
        for measure in ("service_level", "abandonment", "asa_s", "occupancy"):
            assert together[measure] == pytest.approx(week.loc[queue, measure])
    np.testing.assert_allclose(found.rates[0], [queue.contacts for queue in simulated.centre.queues])


def test_a_simulation_without_a_calendar_or_cut_short_is_refused():
    with pytest.raises(ValueError, match="interval starts expected"):
        path_service(simulate(centre(starts=None), paths=2))
    with pytest.raises(ValueError, match="contact limit"):
        path_service(simulate(centre(), paths=5, contact_limit=100))


def test_the_transient_evaluation_agrees_with_the_simulation():
    table = forecast()
    staff = size(table, TARGETS, 30)[["queue", "start", "scheduled"]]
    in_steps = service_in_time(staff, table, TARGETS, 30, 30)
    people = np.stack(
        [staff.loc[staff["queue"] == queue, "scheduled"].to_numpy(dtype=float) for queue in TARGETS]
    )
    queues = tuple(
        SimulatedQueue(
            queue,
            table.loc[table["queue"] == queue, "contacts"].to_numpy(),
            HandlingTime.exponential(300.0),
            patience=PatienceTime.exponential(TARGETS[queue].patience_s),
        )
        for queue in TARGETS
    )
    found = path_service(
        simulate(centre(queues=queues, staff=Staff.of_slots(people, 1800.0)), paths=2000, seed=4)
    )
    apart = found.in_time.sum(axis=0) / found.offered.sum(axis=0) - in_steps.in_time[0] / in_steps.offered[0]
    assert np.abs(apart).mean() < 0.01
    gone = found.abandoned.mean(axis=0).sum(axis=1) / in_steps.abandoned[0].sum(axis=1)
    np.testing.assert_allclose(gone, 1.0, atol=0.05)


def roster(requirement: pd.DataFrame) -> Rostered[pd.DataFrame]:
    """A person per two hours and head asked for; every third one serves both queues."""
    rows, number = [], 0
    for queue in TARGETS:
        asked = requirement.loc[requirement["queue"] == queue, "scheduled"].to_numpy()
        for begin in range(0, 12, 4):
            for _ in range(int(asked[begin : begin + 4].max())):
                start = STARTS[begin]
                rows.append(
                    (
                        f"{'both' if number % 3 == 0 else queue}-{number}",
                        start,
                        start + pd.Timedelta(hours=2),
                        "work",
                        True,
                        queue,
                    )
                )
                number += 1
    table = pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "paid", "queue"])
    slots = []
    for queue in TARGETS:
        own = table[table["queue"] == queue]
        slots += [
            (queue, start, float(((own["start"] <= start) & (own["end"] > start)).sum())) for start in STARTS
        ]
    coverage = pd.DataFrame(slots, columns=["queue", "start", "scheduled"])
    return Rostered(table, coverage, cost=40.0 * number, agent_hours=2.0 * number)


def simulated(made: Rostered[pd.DataFrame]) -> PathService:
    skills = {agent: SKILLS[agent.split("-")[0]] for agent in made.staff["agent"]}
    run = roster_simulation(forecast(), TARGETS, 30, skills, paths=60, seed=9, routing="most_specialised")
    return run(made)


@pytest.mark.parametrize("factor", [0.7, 1.5])
def test_the_loop_brings_a_simulated_roster_to_its_targets(factor):
    requirement = size(forecast(), TARGETS, 30)
    start = requirement.assign(scheduled=np.floor(requirement["scheduled"] * factor).astype(np.int64))
    skills = {name: frozenset(queues) for name, queues in SKILLS.items()}
    found = prove(
        roster, simulated, start, forecast(), TARGETS, 30, 30,
        rules=ProofRules(over="day", tolerance=0.02, overshoot=0.05, max_iterations=10), skills=skills,
    )  # fmt: skip
    assert found.proof.held, found.proof.trail.to_string()
    assert found.proof.path_count == 60
    assert found.proof.engine == "simulation, 60 paths, seed 9"
    levels = found.proof.service.set_index(["queue", "day"])["service_level"]
    assert levels.min() >= 0.78
    if factor > 1:
        assert found.best.cost < found.proof.trail["cost"].iloc[0]


def test_the_final_proof_can_use_fresh_random_numbers():
    def fresh(made: Rostered[pd.DataFrame]) -> PathService:
        skills = {agent: SKILLS[agent.split("-")[0]] for agent in made.staff["agent"]}
        return roster_simulation(forecast(), TARGETS, 30, skills, paths=40, seed=123)(made)

    requirement = size(forecast(), TARGETS, 30)
    found = prove(
        roster, simulated, requirement, forecast(), TARGETS, 30, 30,
        rules=ProofRules(over="day", max_iterations=1), first=roster(requirement), verify=fresh,
    )  # fmt: skip
    assert found.proof.engine == "simulation, 40 paths, seed 123"
    assert found.proof.stopped


def test_iterative_staffing_by_simulation_holds_every_interval():
    """Two queues with people of their own, from a requirement that is far too small."""

    def play(staff: pd.DataFrame) -> PathService:
        slots = [staff.loc[staff["queue"] == queue, "scheduled"].to_numpy(dtype=float) for queue in TARGETS]
        return path_service(
            simulate(centre(staff=Staff.of_slots(np.stack(slots), 1800.0)), paths=300, seed=6)
        )

    start = size(forecast(), TARGETS, 30)
    start = start.assign(scheduled=(start["scheduled"] * 0.8).astype(np.int64))
    found = size_by_simulation(
        play, start, forecast(), TARGETS, 30, rules=ProofRules(tolerance=0.01, max_iterations=12)
    )
    assert found.proof.held
    assert len(found.proof.goals) == 24
    again = play(found.requirement[["queue", "start", "scheduled"]])
    assert (again.in_time.sum(axis=0) / again.offered.sum(axis=0)).min() >= 0.79 - 1e-9
