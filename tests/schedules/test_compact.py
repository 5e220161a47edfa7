"""The compact program against enumeration, the independent check and the engine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from every_roster import instance, optimum
from ruled_rosters import ruled
from small_rosters import DAY, MONDAY, centre, demand, one_day_contract, week

from schedules import compact
from schedules.agents import Agent
from schedules.check import check
from schedules.compact.case import Case
from schedules.errors import NoFeasibleRoster
from schedules.explain.week import Week
from schedules.roster import roster
from schedules.rules import Prices, Rules


@pytest.mark.parametrize("seed", [1, 3])
def test_compact_program_reaches_the_enumerated_optimum(seed: int) -> None:
    case = instance(seed, (0, 1))
    found = compact.solve(*case)
    assert found.status == "optimal"
    assert found.cost == pytest.approx(optimum(case, (0, 1)))


@pytest.mark.parametrize("seed", [0, 3, 4, 6, 8, 12, 14, 15])
def test_check_accepts_the_solution_and_prices_it_the_same(seed: int) -> None:
    case, team, held = ruled(seed)
    found = compact.solve(*case, team_rules=team, held=held)
    verdict = check(found.table, *case, team_rules=team, held=held)
    assert verdict.violations == ()
    assert verdict.cost == pytest.approx(found.cost, abs=1e-5)


@pytest.mark.parametrize("seed", [0, 4, 8, 9])
def test_engine_encloses_the_optimum_under_random_rules(seed: int) -> None:
    case, team, held = ruled(seed)
    exact = compact.solve(*case, team_rules=team, held=held)
    found = roster(*case, team_rules=team, held=held, passes=4)
    verdict = check(found.table, *case, team_rules=team, held=held)
    assert verdict.violations == ()
    assert verdict.cost == pytest.approx(found.cost, abs=1e-5)
    assert found.bound <= exact.cost + 1e-4
    assert exact.bound <= found.cost + 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 60))
def test_engine_encloses_the_optimum_under_many_random_rules(seed: int) -> None:
    case, team, held = ruled(seed, weeks=1 + (seed % 5 == 0))
    try:
        exact = compact.solve(*case, team_rules=team, held=held, nodes=300)
    except NoFeasibleRoster:
        with pytest.raises(NoFeasibleRoster):
            roster(*case, team_rules=team, held=held, passes=2)
        return
    found = roster(*case, team_rules=team, held=held, passes=4)
    assert check(found.table, *case, team_rules=team, held=held).cost == pytest.approx(found.cost, abs=1e-5)
    assert found.bound <= exact.cost + 1e-4
    assert exact.bound <= found.cost + 1e-4


def rows_of_week(case: Case, agent: Agent, shifts: dict[int, int]) -> pd.DataFrame:
    """Roster rows of one person's shifts, each with its breaks as early as they may be."""
    grid = case.grid
    rows = []
    queue = sorted(agent.skills)[0]
    for shift in shifts.values():
        kind, pattern = grid.kinds[grid.kind[shift]], grid.patterns[grid.pattern[shift]]
        at, end = int(grid.start[shift]), int(grid.start[shift] + grid.length[shift])
        name = grid.shift_id(shift)
        for pause, first, length in zip(kind.breaks, pattern.earliest, pattern.length, strict=True):
            begin = int(grid.start[shift]) + first
            rows.append((agent.id, at, begin, "work", True, queue, name))
            rows.append((agent.id, begin, begin + length, pause.name, pause.paid, "", name))
            at = begin + length
        rows.append((agent.id, at, end, "work", True, queue, name))
    columns = ["agent", "start", "end", "activity", "paid", "queue", "shift_id"]
    table = pd.DataFrame(rows, columns=columns)
    for edge in ("start", "end"):
        table[edge] = pd.DatetimeIndex([grid.time(slot) for slot in table[edge]])
    return table


@pytest.mark.parametrize("seed", range(11))
def test_a_week_is_legal_for_the_rows_exactly_where_the_check_finds_nothing(seed: int) -> None:
    """Legal weeks and their neighbours, one day exchanged, judged twice."""
    arguments, _, _ = ruled(seed, people=1)
    case = Case(*arguments)
    agent = arguments[0][0]
    # Every shift of the contract may be tried, also those that a single rule refuses.
    week = Week(case, agent, np.random.default_rng(seed).uniform(0.0, 40.0, case.grid.slots))
    best = week.best()
    assert best is not None
    chance = np.random.default_rng(seed)
    able = [index for index, kind in enumerate(case.grid.kinds) if kind.name in agent.contract.shifts]
    for _ in range(12):
        day = int(chance.integers(case.grid.days))
        options = np.flatnonzero((case.grid.day == day) & np.isin(case.grid.kind, able))
        shifts = dict(best.shifts)
        shifts.pop(day, None)
        if chance.random() < 0.7 and len(options):
            shifts[day] = int(chance.choice(options))
        shifts = dict(sorted(shifts.items()))
        refused = np.zeros(len(week.shifts), dtype=bool)
        for other in range(case.grid.days):
            refused |= week.matching(other, shifts.get(other))
        by_rows = set(shifts.values()) <= set(week.shifts.tolist())
        by_rows = by_rows and week.best(refused, worked=tuple(shifts)) is not None
        verdict = check(rows_of_week(case, agent, shifts), *arguments)
        assert by_rows == verdict.ok, (shifts, verdict.violations[:3])


def test_a_large_case_is_refused_with_its_size() -> None:
    with pytest.raises(
        compact.TooLarge, match=r"at most 20000 whole-number variables expected .* got at least"
    ):
        compact.solve(*centre(60, 1, slot_min=15))


def test_contradictory_rules_are_named() -> None:
    case, team, held = ruled(49)
    with pytest.raises(NoFeasibleRoster, match="a1 on Tue 24 Nov: fixed shift \\+ day off"):
        compact.solve(*case, team_rules=team, held=held)


def test_one_shift_covers_the_dearest_hours_by_hand() -> None:
    """One person, eight hours at 10, two people asked for on Monday 8-16 and one on Tuesday.

    Monday saves the dearest tiers: of two missing 16 h, the first person saves 0.05 x 60 + 0.1 x 90 + 0.85 x 150 per
    requirement of 2, shared out dearest first: 1 h of the upper half is 150 throughout; Tuesday's single person saves
    0.05 x 60 + 0.10 x 90 + 0.85 x 150 = 139.5 an hour. So Monday is worked: 80 + (2 x 139.5 - 150) x 8 + 139.5 x 8.
    """
    agent = Agent("a", one_day_contract(), frozenset({"p"}))
    needed = demand(week(), {"p": {(0, 8, 16): 2.0, (1, 8, 16): 1.0}})
    found = compact.solve([agent], [DAY], Rules(), [], needed, Prices(), [])
    assert found.table["start"].dt.day.tolist() == [MONDAY.day]
    assert found.cost == pytest.approx(80 + (2 * 139.5 - 150) * 8 + 139.5 * 8)


def test_people_carried_in_are_at_work_already() -> None:
    agent = Agent("a", replace(one_day_contract(), min_hours=0, min_days=0), frozenset({"p"}))
    needed = demand(week(), {"p": {(0, 8, 16): 1.0}})
    nobody = replace(needed, carried=needed.required.copy())
    found = compact.solve([agent], [DAY], Rules(), [], nobody, Prices(), [])
    assert found.table.empty
    assert found.cost == pytest.approx(0.0)
