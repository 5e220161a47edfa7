"""The plan's ``[design]`` reaches the shifts that are written."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from schedules.demand import Demand
from staffing.cli.main import run
from staffing.errors import BadInput
from staffing.plan.loading import load_plan
from staffing.plan.people import read_people
from staffing.plan.rostering import design_week

WEEK = pd.Timestamp("2026-02-16", tz="Europe/Berlin")
CHOICE = 'lengths_h = [4, 6, 8]\nstart_from = "08:00"\nstart_until = "12:00"\nstart_every_min = 60\n'


def with_choice(shop: Path, further: str = "") -> Path:
    """The corner shop with shifts to choose from, and further tables."""
    path = shop / "plan.toml"
    lines = path.read_text(encoding="utf-8").split("\n")
    first = lines.index("[[shifts]]")
    own = ("lengths_h", "start_from", "start_until", "start_every_min", "breaks")
    kept = [
        line for number, line in enumerate(lines)
        if not (number > first and line.split(" =")[0] in own)
    ]  # fmt: skip
    name = next(number for number in range(first, len(kept)) if kept[number].startswith("name"))
    kept.insert(name + 1, CHOICE)
    path.write_text("\n".join(kept) + f"\n{further}\n", encoding="utf-8")
    return shop


def demand_of_a_day(people: dict[int, float], carried: dict[int, float] | None = None) -> Demand:
    starts = pd.date_range(WEEK, periods=7 * 24, freq="h")

    def row(by_hour: dict[int, float]) -> list[list[float]]:
        return [[by_hour.get(slot, 0.0) for slot in range(len(starts))]]

    required = pd.DataFrame(row(people)).to_numpy()
    return Demand(
        ("phone",),
        starts,
        required,
        carried=None if carried is None else pd.DataFrame(row(carried)).to_numpy(),
    )


def shapes(shifts: pd.DataFrame) -> set[str]:
    return {shift_id[len("YYYY-MM-DD-") :] for shift_id in shifts["shift_id"]}


def test_the_limit_holds_in_the_shifts_that_a_plan_writes(shop: Path) -> None:
    with_choice(shop, "[design]\nmax_shifts = 1\nmin_staff = 1\n\n[proof]\nenabled = false")
    assert run(["plan", str(shop), "-q"]) in (0, 5)
    shifts = pd.read_csv(shop / "out" / "2026-02-16" / "shifts.csv")
    designed = shifts[shifts["designed"] > 0]
    assert len(shapes(designed)) == 1
    assert len(designed) == 5


@pytest.mark.parametrize("limit", ["max_shifts = 1", "max_starts = 1"])
def test_a_limit_narrows_what_the_free_design_uses(shop: Path, limit: str) -> None:
    plan = load_plan(with_choice(shop))
    needed = demand_of_a_day({8: 1, 9: 3, 10: 3, 11: 3, 12: 5, 13: 5, 14: 2, 15: 2, 16: 1, 17: 1})
    book = read_people(plan, WEEK).rulebook
    free = design_week(plan, book, needed, lambda _line: None)
    with (shop / "plan.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[design]\n{limit}\n")
    found = design_week(load_plan(shop), book, needed, lambda _line: None)
    assert min(free.distinct_shifts, free.distinct_starts) > 1
    assert (found.distinct_shifts if "shifts" in limit else found.distinct_starts) == 1
    assert found.cost >= free.bound


def test_people_carried_in_count_towards_the_minimum(shop: Path) -> None:
    """Two at work while one is needed; one is there from before until 10:00."""
    plan = load_plan(with_choice(shop, "[design]\nmin_staff = 2"))
    book = read_people(plan, WEEK).rulebook
    hours = dict.fromkeys(range(8, 16), 1.0)
    alone = design_week(plan, book, demand_of_a_day(hours), lambda _line: None)
    helped = design_week(plan, book, demand_of_a_day(hours, {8: 1.0, 9: 1.0}), lambda _line: None)
    assert helped.coverage[8:10].tolist() == [1.0, 1.0]
    assert alone.coverage[8:10].tolist() == [2.0, 2.0]
    assert not helped.below_minimum.any()


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("max_shifts = 0", "design.max_shifts"),
        ("max_starts = 1.5", "design.max_starts"),
        ("min_staff = -1", "design.min_staff"),
        ("min_people = 2", "design.min_people"),
    ],
)
def test_a_limit_that_makes_no_sense_is_named_with_its_line(shop: Path, line: str, field: str) -> None:
    path = shop / "plan.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n[design]\n{line}\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_plan(shop)
    assert caught.value.field == field
    assert caught.value.line == path.read_text(encoding="utf-8").split("\n").index(line) + 1
