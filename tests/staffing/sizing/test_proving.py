"""The closed loop: it reaches targets, spends no more than it must, stops with a reason, and proves what it says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from staffing.sizing import QueueTarget, size
from staffing.sizing.path_service import PathService
from staffing.sizing.proving import ProofRules, Rostered, proof_of, prove
from staffing.sizing.proving.goals import goals_of, judge
from staffing.sizing.time_varying import service_in_time

STARTS = pd.date_range("2026-11-23 08:00", periods=24, freq="15min", tz="Europe/Berlin")
HUMP = np.exp(-((np.arange(24) - 11) ** 2) / 30)
TARGETS = {
    "calls": QueueTarget("calls", patience_s=120.0, shrinkage=0.1),
    "help": QueueTarget("help", service_level=0.9, answer_within_s=60.0),
}


def forecast() -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {"queue": queue, "start": STARTS, "contacts": scale * (0.3 + HUMP), "aht_s": 300.0, "open": True}
        )
        for queue, scale in (("calls", 40.0), ("help", 15.0))
    ]
    return pd.concat(parts, ignore_index=True)


def rates(paths: int = 6) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(4)
    table = forecast()
    return {
        queue: table.loc[table["queue"] == queue, "contacts"].to_numpy()[None]
        * rng.gamma(100, 0.01, (paths, 1))
        for queue in TARGETS
    }


def perfect(requirement: pd.DataFrame) -> Rostered[pd.DataFrame]:
    """People by the interval: the requirement itself, 20 an hour."""
    coverage = requirement[["queue", "start", "scheduled"]]
    hours = float(coverage["scheduled"].sum()) / 4
    return Rostered(coverage, coverage, cost=20 * hours, agent_hours=hours)


def in_time(made: Rostered[pd.DataFrame]) -> PathService:
    return service_in_time(made.staff, forecast(), TARGETS, 15, 15, rates=rates())


def scaled(factor: float) -> pd.DataFrame:
    table = size(forecast(), TARGETS, 15)
    people = np.maximum(np.floor(table["scheduled"] * factor), 1).astype(np.int64)
    return table.assign(scheduled=people)


def run(requirement: pd.DataFrame, **rules):
    return prove(
        perfect,
        in_time,
        requirement,
        forecast(),
        TARGETS,
        15,
        15,
        rules=ProofRules(**{"max_iterations": 12, **rules}),
    )


@pytest.mark.parametrize("over", ["interval", "day", "week"])
@pytest.mark.parametrize("factor", [0.75, 1.0, 1.4])
def test_the_loop_reaches_the_targets_from_below_and_from_above(over, factor):
    found = run(scaled(factor), over=over, tolerance=0.01)
    assert found.proof.held
    assert found.proof.stopped.startswith(("all targets hold", "the targets hold"))
    assert (found.proof.goals["excess"] <= 0.01 + 1e-9).all()


def test_it_spends_less_than_a_requirement_that_overshoots():
    rich = scaled(1.4)
    found = run(rich, over="interval")
    assert found.proof.held
    assert found.best.cost < 0.9 * perfect(rich).cost


def test_a_confidence_asks_for_more_than_the_mean():
    mean = run(scaled(1.0), over="day", tolerance=0.0, overshoot=0.01)
    sure = run(scaled(1.0), over="day", tolerance=0.0, overshoot=0.01, confidence=0.99)
    assert mean.proof.held
    assert sure.proof.held
    assert sure.best.agent_hours > mean.best.agent_hours
    assert min(sure.proof.met_probability.values()) == 1.0


def test_the_same_input_gives_the_same_answer():
    first, second = (run(scaled(0.8), over="interval") for _ in range(2))
    pd.testing.assert_frame_equal(first.requirement, second.requirement)
    pd.testing.assert_frame_equal(first.proof.trail, second.proof.trail)
    pd.testing.assert_frame_equal(first.proof.sides, second.proof.sides)


def test_the_best_round_is_kept_and_marked():
    found = run(scaled(0.75), over="interval", max_iterations=3)
    trail = found.proof.trail
    assert trail["best"].sum() == 1
    kept = trail[trail["best"]].iloc[0]
    assert kept["cost"] == found.best.cost
    assert kept["worst_excess"] == trail["worst_excess"].min()
    assert trail["raised_h"].iloc[0] > 0
    assert "calls Mon" in trail["changed"].iloc[0]


def test_people_who_are_not_there_end_the_loop_by_name():
    """A roster that never has more than eight people on calls, whatever is asked for."""

    def stubborn(requirement: pd.DataFrame) -> Rostered[pd.DataFrame]:
        limited = np.where(
            requirement["queue"] == "calls", np.minimum(requirement["scheduled"], 8), requirement["scheduled"]
        )
        return perfect(requirement.assign(scheduled=limited))

    found = prove(
        stubborn,
        in_time,
        scaled(1.0),
        forecast(),
        TARGETS,
        15,
        15,
        rules=ProofRules(over="day", max_iterations=12),
    )
    assert not found.proof.held
    assert found.proof.stopped == "no more people can be had for calls: asking for more changed nothing"
    assert len(found.proof.trail) < 12


def test_other_limits_than_the_service_level_are_raised_for():
    """The first limit that binds decides: hang-ups, the speed of answer, occupancy."""
    for limit in ({"max_abandonment": 0.01}, {"asa_s": 3.0}, {"max_occupancy": 0.7}):
        targets = {"calls": QueueTarget("calls", service_level=0.5, patience_s=120.0, **limit)}
        table = forecast()[forecast()["queue"] == "calls"].reset_index(drop=True)
        requirement = size(table, {"calls": QueueTarget("calls", service_level=0.5, patience_s=120.0)}, 15)

        def given(made: Rostered[pd.DataFrame], table=table, targets=targets) -> PathService:
            return service_in_time(made.staff, table, targets, 15, 15)

        found = prove(
            perfect, given, requirement, table, targets, 15, 15,
            rules=ProofRules(over="day", tolerance=0.005, max_iterations=12),
        )  # fmt: skip
        assert found.proof.held, limit
        assert found.best.agent_hours > perfect(requirement).agent_hours
        assert found.proof.trail["worst"].iloc[0].endswith(next(iter(limit)))


def test_closed_intervals_and_least_agents_are_left_alone():
    table = forecast()
    closed = table["start"] < STARTS[4]
    table = table.assign(open=~closed, contacts=table["contacts"].where(~closed, 0.0))
    targets = {name: QueueTarget(name, min_agents=3) for name in TARGETS}
    requirement = size(table, targets, 15)

    def given(made: Rostered[pd.DataFrame]) -> PathService:
        return service_in_time(made.staff, table, targets, 15, 15)

    found = prove(
        perfect, given, requirement.assign(scheduled=requirement["scheduled"] * 2), table, targets, 15, 15,
        rules=ProofRules(over="interval", max_iterations=12),
    )  # fmt: skip
    assert (found.requirement.loc[closed, "scheduled"] == 0).all()
    assert (found.requirement.loc[~closed, "scheduled"] >= 3).all()


def test_goals_are_the_periods_with_contacts():
    service = in_time(perfect(scaled(1.0)))
    assert len(goals_of(service, TARGETS, ProofRules(over="interval"))) == 48
    assert [goal.period for goal in goals_of(service, TARGETS, ProofRules(over="day"))] == ["2026-11-23"] * 2
    assert [goal.period for goal in goals_of(service, TARGETS, ProofRules(over="week"))] == ["week"] * 2


def test_the_met_probability_is_the_share_of_paths_that_hold():
    """Four paths with 100 contacts each, of which 85, 80, 79 and 90 are in time for 80 %."""
    level = np.array([85.0, 80.0, 79.0, 90.0])[:, None, None]
    hundred = np.full((4, 1, 1), 100.0)
    nothing = np.zeros((4, 1, 1))
    service = PathService(("calls",), STARTS[:1], hundred, level, nothing, nothing, nothing, nothing)
    targets = {"calls": QueueTarget("calls")}
    rules = ProofRules(over="day")
    verdict = judge(service, targets, goals_of(service, targets, rules), rules)[0]
    assert verdict.met_probability == 0.75
    assert verdict.level == pytest.approx(0.835)
    assert verdict.excess == pytest.approx(-0.035)
    rules = ProofRules(over="day", confidence=0.9)
    sure = judge(service, targets, goals_of(service, targets, rules), rules)[0]
    assert sure.excess == pytest.approx(0.01)
    assert sure.adverse.tolist() == [2]


def test_a_proof_without_a_loop_has_every_table():
    made = perfect(scaled(1.0))
    proof = proof_of(
        made,
        in_time(made),
        forecast(),
        TARGETS,
        15,
        15,
        assumptions=("People come to work.",),
        stopped="one look",
    )
    assert proof.service["day"].tolist() == ["2026-11-23", "week"] * 2
    assert proof.path_count == 6
    assert len(proof.paths) == 12
    assert set(proof.distribution["measure"]) >= {"service_level", "abandonment", "asa_s", "occupancy"}
    ordered = proof.distribution[["p05", "p25", "p50", "p75", "p95"]].to_numpy()
    assert (np.diff(ordered, axis=1) >= 0).all()
    assert (proof.worst["late"].diff().dropna() <= 0).all()
    assert len(proof.trail) == 0
    assert "Proof by transient evaluation, 6 paths" in proof.summary()


def reason(agents: list[float], contacts: list[float], skills=None, **service) -> pd.DataFrame:
    table = pd.DataFrame(
        {"queue": "calls", "start": STARTS[:4], "contacts": contacts, "aht_s": 300.0, "open": True}
    )
    targets = {"calls": QueueTarget("calls")}
    staff = pd.DataFrame({"queue": "calls", "start": STARTS[:4], "scheduled": agents})
    made = Rostered(staff, staff, 0.0, 0.0)
    found = service_in_time(staff, table, targets, 15, 15, rates=service.get("rates"))
    if "level" in service:
        found = PathService(
            found.queues, found.starts, found.offered, found.offered * service["level"], found.abandoned,
            found.wait_s, found.busy_h, found.staffed_h,
        )  # fmt: skip
    sides = proof_of(made, found, table, targets, 15, 15, skills=skills).sides
    return sides[(sides["measure"] == "service_level") & (sides["day"] == "week")].iloc[0]


def test_a_carried_over_queue_is_the_reason_where_the_interval_before_was_full():
    found = reason([10.0, 24.0, 24.0, 24.0], [90.0, 60.0, 60.0, 60.0])
    assert found["difference"] < -0.02
    assert found["reason"] == "carry-over of the queue from the previous interval"


def test_a_settling_queue_after_a_change_of_staff_is_named_as_that():
    """A queue of 19 for 20 agents never reaches in an hour the wait of its equilibrium."""
    found = reason([21.0] * 4, [60.0] * 4)
    assert found["difference"] > 0.02
    assert found["reason"] == "staff changes within the interval"


def test_an_uncertain_forecast_is_the_reason_where_the_paths_scatter():
    paths = np.array([0.5, 1.5])[:, None] * np.full((2, 4), 30.0)
    found = reason([14.0] * 4, [30.0] * 4, rates={"calls": paths})
    assert found["difference"] < -0.02
    assert found["reason"].startswith("the forecast's uncertainty")


def test_shared_people_are_the_reason_for_what_is_left():
    skills = {"all": frozenset({"calls", "help"})}
    twice = reason([14.0] * 4, [30.0] * 4, skills, level=0.5)
    helped = reason([9.0] * 4, [30.0] * 4, skills, level=0.95)
    assert twice["reason"].startswith("pooled skills counted twice")
    assert helped["reason"] == "pooled skills: people of other queues help"


def test_occupancy_of_shared_people_is_explained_by_their_hours():
    table = pd.DataFrame(
        {"queue": "calls", "start": STARTS[:4], "contacts": 30.0, "aht_s": 300.0, "open": True}
    )
    targets = {"calls": QueueTarget("calls")}
    staff = pd.DataFrame({"queue": "calls", "start": STARTS[:4], "scheduled": 14.0})
    found = service_in_time(staff, table, targets, 15, 15)
    shared = PathService(
        found.queues, found.starts, found.offered, found.in_time, found.abandoned, found.wait_s,
        found.busy_h * 1.5, found.staffed_h,
    )  # fmt: skip
    skills = {"all": frozenset({"calls", "help"})}
    sides = proof_of(Rostered(staff, staff, 0.0, 0.0), shared, table, targets, 15, 15, skills=skills).sides
    occupancy = sides[sides["measure"] == "occupancy"]
    assert (
        occupancy["reason"]
        == "pooled skills: the hours of shared people count for every queue that they serve"
    ).all()


def test_a_day_without_contacts_needs_no_reason():
    table = pd.DataFrame(
        {"queue": "calls", "start": STARTS[:4], "contacts": 0.0, "aht_s": 300.0, "open": True}
    )
    targets = {"calls": QueueTarget("calls")}
    staff = pd.DataFrame({"queue": "calls", "start": STARTS[:4], "scheduled": 3.0})
    found = service_in_time(staff, table, targets, 15, 15)
    sides = proof_of(Rostered(staff, staff, 0.0, 0.0), found, table, targets, 15, 15).sides
    assert (sides["reason"] == "").all()


def test_intervals_with_more_people_than_asked_for_are_not_lowered():
    """A roster that always has thirty people: the targets are overshot, and asking for fewer would change nothing."""

    def generous(requirement: pd.DataFrame) -> Rostered[pd.DataFrame]:
        return perfect(requirement.assign(scheduled=30))

    found = prove(generous, in_time, scaled(0.5), forecast(), TARGETS, 15, 15, rules=ProofRules(over="day"))
    pd.testing.assert_frame_equal(found.requirement, scaled(0.5))
    assert found.proof.stopped == "all targets hold"
    assert len(found.proof.trail) == 1


def test_nothing_is_explained_that_agrees():
    assert reason([40.0] * 4, [30.0] * 4)["reason"] == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tolerance": -0.1}, "tolerance"),
        ({"overshoot": -0.1}, "overshoot"),
        ({"confidence": 1.0}, "confidence"),
        ({"max_iterations": 0}, "max_iterations"),
        ({"over": "month"}, "over in"),
        ({"largest_step": 0.0}, "largest_step"),
    ],
)
def test_bad_rules_are_named(change, said):
    with pytest.raises(ValueError, match=said):
        ProofRules(**change)


def test_bad_tables_are_named():
    made = perfect(scaled(1.0))
    service = in_time(made)
    other = made.coverage.assign(start=made.coverage["start"] + pd.Timedelta(days=7))
    with pytest.raises(ValueError, match="coverage: queues"):
        proof_of(Rostered(other, other, 0.0, 0.0), service, forecast(), TARGETS, 15, 15)
    with pytest.raises(ValueError, match="forecast: a row for queue"):
        proof_of(made, service, forecast().iloc[5:], TARGETS, 15, 15)
    with pytest.raises(ValueError, match="cost >= 0"):
        Rostered(None, made.coverage, float("nan"), 0.0)
    with pytest.raises(ValueError, match="paths >= 1 expected, got 0"):
        PathService(("calls",), STARTS, *[np.zeros((0, 1, 24))] * 6)
    with pytest.raises(ValueError, match="finite in_time"):
        PathService(
            ("calls",), STARTS[:1], *[np.ones((1, 1, 1)), -np.ones((1, 1, 1)), *[np.ones((1, 1, 1))] * 4]
        )


def test_a_week_without_contacts_cannot_be_proved():
    table = forecast().assign(contacts=0.0)

    def given(made: Rostered[pd.DataFrame]) -> PathService:
        return service_in_time(made.staff, table, TARGETS, 15, 15)

    with pytest.raises(ValueError, match="contacts on at least one path expected, got none"):
        prove(perfect, given, scaled(1.0), table, TARGETS, 15, 15)
